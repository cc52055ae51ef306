#include "screen_linux.h"

#include <gtk/gtk.h>
#include <X11/Xlib.h>

// Of package systray. Weak, for cgo links each package once by itself.
extern void setTitle(char *title) __attribute__((weak));

extern void unhunchScreenLost(void); // Go's

static int screen_lost(Display *display) {
	(void)display;
	unhunchScreenLost();
	return 0;
}

int screen_open(void) {
	if (!gtk_init_check(NULL, NULL)) {
		return 0;
	}
	XSetIOErrorHandler(screen_lost);
	return 1;
}

static gboolean title_now(gpointer title) {
	setTitle(title); // frees it
	return G_SOURCE_REMOVE;
}

void title_soon(char *title) {
	g_idle_add(title_now, title);
}
