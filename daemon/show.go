package daemon

import (
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/notify"
	"github.com/unhunch/unhunch/routines/figure"
)

// pictureSide is the size of the pictures in notes, in pixels: twice what Xfce and GNOME give them, so that they are sharp
// where a screen has small pixels. dunst shows them as they are.
const pictureSide = 96

// picture is the figure of an exercise for a note. It is drawn where the note is sent, which takes some milliseconds, and not
// at all if no server shows it. An exercise of the person's own has none. The card is the light one: what surrounds it
// is not known.
func picture(exercise, side string) func() *notify.Picture {
	return func() *notify.Picture {
		f, ok := figure.Of(exercise)
		if !ok {
			return nil
		}
		img := f.Image(side, pictureSide, false)
		return &notify.Picture{Width: pictureSide, Height: pictureSide, RGBA: img.Pix}
	}
}

// soundPrompt is heard with the prompt, if the person wants that; a name of the freedesktop sound naming specification.
const soundPrompt = "message-new-instant"

// sounds are the names of what a guide makes heard: two that cannot be taken for one another.
var sounds = map[string]string{core.SoundSide: "message", core.SoundEnding: "bell"}
