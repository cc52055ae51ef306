package menu

import (
	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/tray/icon"
)

// figure is the icon for s. A break that is waiting shows through declared standing: with reminders in the tray only,
// the icon is all that asks for it.
func figure(s api.State) icon.ID {
	switch {
	case s.Session != nil:
		return icon.Session
	case s.Reminder.Phase == "paused", s.Reminder.Phase == "off_hours":
		return icon.Paused
	case s.Posture == "unknown":
		return icon.Unknown
	case s.Posture == "away":
		return icon.Away
	case waiting(s):
		return icon.Slumped
	case s.Posture == "standing":
		return icon.Standing
	}
	return slump(s.Sitting.LoadS, s.Sitting.LimitS)
}

// slump is how far the figure has sunk with that part of the whole.
func slump(part, whole float64) icon.ID {
	switch {
	case whole <= 0 || 4*part < whole:
		return icon.Upright
	case 4*part < 2*whole:
		return icon.Easing
	case 4*part < 3*whole:
		return icon.Leaning
	case part < whole:
		return icon.Slumping
	}
	return icon.Slumped
}
