package promises

import (
	"slices"

	"github.com/unhunch/unhunch/daemon/internal/core"
)

// First steps from s through events until a promise is broken. It returns how many events that took, and what was
// broken; nothing where all was kept.
func First(s core.State, events []core.Event) (n int, broken []Broken) {
	j := New(s)
	for i, e := range events {
		next, effects := core.Step(s, e)
		if broken = j.See(s, e, effects, next); broken != nil {
			return i + 1, broken
		}
		s = next
	}
	return len(events), nil
}

// Shrink finds a short list of the events, in their order and at their times, that still breaks the same promise first.
// No event of the list can be left out. It returns nothing where they break none.
func Shrink(s core.State, events []core.Event) []core.Event {
	n, broken := First(s, events)
	if broken == nil {
		return nil
	}
	promise := broken[0].Promise
	left := slices.Clone(events[:n])
	for size := max(1, len(left)/2); ; size = max(1, size/2) {
		removed := false
		for at := 0; at < len(left); {
			without := slices.Concat(left[:at], left[min(at+size, len(left)):])
			if n, b := First(s, without); b != nil && b[0].Promise == promise {
				left, removed = without[:n], true
			} else {
				at += size
			}
		}
		if size == 1 && !removed {
			return left
		}
	}
}
