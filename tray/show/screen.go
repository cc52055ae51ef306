//go:build windows || cgo

package show

// A NoScreen says that there is no display to show anything on.
type NoScreen struct {
	Display string // that could not be opened; empty where none is named
}

func (e *NoScreen) Error() string {
	if e.Display == "" {
		return "there is no display to show an icon on: neither DISPLAY nor WAYLAND_DISPLAY is set"
	}
	return "the display " + e.Display + " cannot be opened"
}
