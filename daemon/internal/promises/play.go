package promises

import (
	"fmt"
	"io"

	"github.com/unhunch/unhunch/daemon/internal/core"
)

// A Verdict is what playing a log has shown.
type Verdict struct {
	Events  int
	Broken  []string // promises, with the line of the log at which each was broken
	Differs string   // the first line whose effects are not what they were; empty for none
}

// Play plays an event log and judges every step. An error is a log that cannot be played.
func Play(r io.Reader) (Verdict, error) {
	var v Verdict
	var j *Judge
	events, err := core.Play(r, func(line int, before core.State, e core.Event, effects []core.Effect, after core.State, differs error) {
		if j == nil {
			j = New(before)
		}
		for _, b := range j.See(before, e, effects, after) {
			v.Broken = append(v.Broken, fmt.Sprintf("line %d: %v", line, b))
		}
		if differs != nil && v.Differs == "" {
			v.Differs = differs.Error()
		}
	})
	v.Events = events
	return v, err
}
