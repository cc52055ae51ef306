package routines

import "time"

// A Profile is what is known of the person. The zero Profile is somebody who has said nothing.
type Profile struct {
	// Screening are the answers by tag. A question without one counts as answered with yes.
	Screening map[string]Answer `json:"screening,omitempty"`
	Level     string            `json:"level,omitempty"`     // the highest to be planned; empty is gentle
	Places    []string          `json:"places,omitempty"`    // allowed in one-click sessions besides standing and chair
	Equipment []string          `json:"equipment,omitempty"` // what there is: see the equipment of the exercises
	Abilities []string          `json:"abilities,omitempty"` // what the person does not do: see [Abilities]
	Enabled   []string          `json:"enabled,omitempty"`   // ids of exercises that are off until enabled
	Retired   []string          `json:"retired,omitempty"`   // ids of exercises that hurt, until they are allowed again
	Hurts     []time.Time       `json:"hurts,omitempty"`     // when something hurt, oldest first

	// OnlyWalking is that three hurts in seven days have left only walking, until the person says how to go on.
	OnlyWalking bool `json:"only_walking,omitempty"`
}

// An Answer is one to a screening question.
type Answer string

// The answers. What is not answered is unsaid.
const (
	Yes    Answer = "yes"
	No     Answer = "no"
	Unsaid Answer = "unsaid"
)

// Abilities are what a person may not be able to do, or prefers not to.
var Abilities = []string{CannotStand, CannotKneel, CannotReach, OneArm, Wheelchair}

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
