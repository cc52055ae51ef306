package routines

import "time"

// A History answers what the planner asks about the past.
type History interface {
	// Done is what was done of an exercise.
	Done(exercise string) Done
	// FirstActivity is when the person was first active after at least four hours away; zero if not known.
	FirstActivity() time.Time
}

// Done is what was done of one exercise.
type Done struct {
	Last  time.Time   // zero: never, as far as anybody knows
	Today int         // sessions of today that held it
	Days  []time.Time // when it was done in the seven days before now, once for each session, oldest first
}
