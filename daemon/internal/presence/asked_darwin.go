package presence

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"time"
)

// On macOS what there is to know comes from CoreGraphics, which takes cgo or a loader for it; a daemon that nobody has
// seen running there must not stand or fall with that. ioreg prints the same, and costs two short processes a look.
const (
	darwinSoon = 5 * time.Second
	darwinLate = 30 * time.Second

	ioreg = "/usr/sbin/ioreg"
)

// NewSystem returns the sensor of this system, which also tells of the session.
func NewSystem(input func(Input), session func(Session), log *slog.Logger) *Asked {
	return newAsked("darwin", "ioreg, untested so far", system{ask: askDarwin, soon: darwinSoon, late: darwinLate}, input, session, log)
}

func askDarwin(ctx context.Context) (answer, error) {
	hid, err := exec.CommandContext(ctx, ioreg, "-r", "-c", "IOHIDSystem", "-d", "1", "-w", "0").Output()
	if err != nil {
		return answer{}, fmt.Errorf("ioreg does not tell of input: %w", err)
	}
	idle, err := parseIdle(string(hid))
	if err != nil {
		return answer{}, err
	}
	session := Session{}
	root, err := exec.CommandContext(ctx, ioreg, "-n", "Root", "-d", "1", "-w", "0").Output()
	if err == nil {
		session, err = parseConsole(string(root), os.Getuid(), os.Getenv("USER"))
	}
	if err != nil {
		session = Session{Why: err.Error()} // input alone is worth having
	}
	return answer{idle: idle, session: session}, nil
}
