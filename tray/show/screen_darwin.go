//go:build cgo

package show

import (
	"github.com/getlantern/systray"

	"github.com/unhunch/unhunch/tray/icon"
)

// tempVariables name where the library puts its files: here it has none.
var tempVariables []string

// openScreen has nothing to open: whoever is logged in has a screen.
func openScreen(func()) error { return nil }

// setTitle is what is shown beside the pointer. The library's SetTitle would write it into the menu bar.
func setTitle(title string) { systray.SetTooltip(title) }

// picture is an icon's file.
func picture(id icon.ID) []byte { return icon.PNG(id) }
