package daemon

import "os"

// systemLooks are what there is to look at on this system alone.
func systemLooks() []look {
	return []look{{"display", displayLook}, {"session bus", sessionBusLook}}
}

// hasScreen tells whether this command was typed on a desktop.
func hasScreen() bool { return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "" }

// sessionSource is what tells of locks and suspends.
const sessionSource = "logind"
