package daemon

import (
	"io"

	"github.com/unhunch/unhunch/daemon/internal/promises"
)

// A Verdict is what playing an event log has shown.
type Verdict struct {
	Events  int
	Broken  []string // promises that were broken, with the line of the log at which
	Differs string   // the first line whose effects are not what they were; empty for none
}

// Replay plays an event log, as `unhunch doctor --events` writes it, and judges every step by what the program
// promises. An error is a log that cannot be played.
func Replay(log io.Reader) (Verdict, error) {
	v, err := promises.Play(log)
	return Verdict(v), err
}
