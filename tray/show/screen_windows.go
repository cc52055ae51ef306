package show

import (
	"unicode/utf16"

	"github.com/getlantern/systray"

	"github.com/unhunch/unhunch/tray/icon"
)

// tempVariables name where the library puts its files.
var tempVariables = []string{"TMP", "TEMP"}

// longestTip is what Windows has room for, in UTF-16 units, less its closing zero.
const longestTip = 127

// openScreen has nothing to open: whoever is logged in has a screen.
func openScreen(func()) error { return nil }

// setTitle is what is shown beside the pointer.
func setTitle(title string) {
	text := utf16.Encode([]rune(title))
	systray.SetTooltip(string(utf16.Decode(text[:min(len(text), longestTip)])))
}

// picture is an icon's file.
func picture(id icon.ID) []byte { return icon.ICO(id) }
