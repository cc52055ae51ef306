//go:build !windows && !darwin

package daemon

import (
	"log/slog"
	"os"

	"github.com/unhunch/unhunch/daemon/internal/bus"
	"github.com/unhunch/unhunch/daemon/internal/presence"
)

// newSensor returns what sees input on the display, and an error where there is none. The session is logind's to tell.
func newSensor(
	session *bus.Bus, input func(presence.Input), screen func(presence.Screen), _ func(presence.Session), log *slog.Logger,
) (presence.Sensor, error) {
	return presence.NewSensor(os.Getenv, session, input, screen, log)
}
