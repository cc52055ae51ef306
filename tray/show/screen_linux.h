// screen_open opens the display as GTK does, and returns 0 where that fails.
int screen_open(void);

// title_soon sets the icon's title on GTK's own thread, and frees it.
void title_soon(char *title);
