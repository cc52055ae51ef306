package routines

import (
	"fmt"
	"slices"
)

// AsWritten is a named routine in full, whoever it is for: for showing, not for doing.
func (c *Catalogue) AsWritten(id string) (Plan, error) {
	r, ok := c.Routine(id)
	if !ok {
		return Plan{}, fmt.Errorf("%w %q", ErrUnknownRoutine, id)
	}
	p := Plan{Routine: r.ID, Place: r.Place, Pace: PaceNormal}
	at := Chair // where a session begins
	for _, m := range r.Moves {
		e, ok := c.Exercise(m.Exercise)
		if !ok {
			continue // a catalogue is checked for this when it is put together
		}
		for _, side := range e.sides() {
			to := e.position(r.Place)
			p.Steps = append(p.Steps, Step{
				Exercise: e.ID, Name: e.Name, Spoken: e.Spoken, Side: side, Direction: e.Direction, Level: e.Level,
				Ready: toGetReady(at, to), Work: seconds(m.WorkS),
				Setup: []string{e.Setup}, Cues: e.Cues.of(side), Why: StepRoutine,
			})
			at = to
		}
	}
	return p, nil
}

// LevelOf is the highest level among the routine's exercises: the one that the whole of it takes.
func (c *Catalogue) LevelOf(r Routine) string {
	highest := 0
	for _, m := range r.Moves {
		if e, ok := c.Exercise(m.Exercise); ok {
			highest = max(highest, slices.Index(levels, e.Level))
		}
	}
	return levels[highest]
}

// fits tells whether the exercise can be part of the routine: it is done in its place, or, where that is the floor, on
// the way there, standing, or at the bar or the table beside it.
func (e Exercise) fits(r Routine) bool {
	return e.in(r.Place) || r.Place == Floor && (e.in(Standing) || !e.in(Chair))
}
