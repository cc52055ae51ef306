package notify

import "github.com/gen2brain/beeep"

// beep shows a note without buttons, by whatever the platform has. beeep.Alert would ring the terminal's bell.
func beep(title, body string) error {
	beeep.AppName = "Unhunch"
	return beeep.Notify(title, body, "")
}
