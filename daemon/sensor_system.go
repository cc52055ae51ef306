//go:build windows || darwin

package daemon

import (
	"log/slog"

	"github.com/unhunch/unhunch/daemon/internal/bus"
	"github.com/unhunch/unhunch/daemon/internal/presence"
)

// newSensor returns what sees input on this system, and whether the session is locked.
func newSensor(
	_ *bus.Bus, input func(presence.Input), _ func(presence.Screen), desk func(presence.Session), log *slog.Logger,
) (presence.Sensor, error) {
	return presence.NewSystem(input, desk, log), nil
}
