//go:build cgo

package show

/*
#cgo pkg-config: gtk+-3.0 x11
#include "screen_linux.h"
*/
import "C"

import (
	"cmp"
	"os"

	"github.com/unhunch/unhunch/tray/icon"
)

// tempVariables name where the library puts its files.
var tempVariables = []string{"TMPDIR"}

// lost is called when the X server is gone.
var lost func()

// openScreen opens the display before the library does: where that cannot be done GTK would end the process at once,
// with exit code 1 and an error only GTK's users understand.
func openScreen(ifLost func()) error {
	display := cmp.Or(os.Getenv("WAYLAND_DISPLAY"), os.Getenv("DISPLAY"))
	if display == "" {
		return &NoScreen{}
	}
	// GDK would try out OpenGL, which a menu has no use for. Alone on a display that costs 31 MB, for Mesa and LLVM.
	if err := os.Setenv("GDK_GL", "disable"); err != nil {
		return err
	}
	lost = ifLost
	if C.screen_open() == 0 {
		return &NoScreen{display}
	}
	return nil
}

//export unhunchScreenLost
func unhunchScreenLost() { lost() }

// setTitle names the icon. The library's own function does so on the caller's thread, while GTK reads it on another.
func setTitle(title string) { C.title_soon(C.CString(title)) }

// picture is an icon's file. The library reads the bytes later and keeps nothing that would keep them: they must be the
// program's own, which are never moved or freed.
func picture(id icon.ID) []byte { return icon.PNG(id) }
