//go:build !linux

package presence

import (
	"log/slog"

	"github.com/unhunch/unhunch/daemon/internal/bus"
)

// A Logind knows nothing outside Linux.
type Logind struct{}

// NewLogind returns one that never reports.
func NewLogind(*bus.Bus, func(Session), *slog.Logger) *Logind { return &Logind{} }
