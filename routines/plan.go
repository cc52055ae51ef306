package routines

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// The shortest and the longest session that can be asked for, and how long one on the floor is that names no length:
// getting down there and up again takes a good part of two minutes.
const (
	MinLength   = 30 * time.Second // one exercise
	MaxLength   = 15 * time.Minute
	FloorLength = 5 * time.Minute
)

// Paces of a session.
const (
	PaceNormal = "normal"
	PaceSlow   = "slow" // twice the time to get ready
	PaceWait   = "wait" // each step begins when the person says so
)

// What [Catalogue.Plan] refuses. All but ErrNothingFits, which is a [NothingFits], are faults of the request.
var (
	ErrLength          = errors.New("a session takes from 30s to 15m")
	ErrUnknownPlace    = errors.New("unknown place")
	ErrUnknownRoutine  = errors.New("unknown routine")
	ErrUnknownExercise = errors.New("unknown exercise")
	ErrNothingFits     = errors.New("no session can be made of what there is for you")
)

// NothingFits is an [ErrNothingFits] that says what keeps most of the exercises out.
type NothingFits struct {
	Why string // a code, such as WhyUnanswered
}

func (e *NothingFits) Error() string { return fmt.Sprintf("%v (%s)", ErrNothingFits, e.Why) }

// Is tells errors.Is that it is an ErrNothingFits.
func (e *NothingFits) Is(target error) bool { return target == ErrNothingFits }

// A Request says what session is wanted, by whom and when. It is composed unless it names a routine.
type Request struct {
	Routine   string        // the id of a named routine, or empty
	Length    time.Duration // 0 only with a routine: as long as the routine says
	Place     string        // empty: see [Profile.usualPlace]. A named routine has its own place
	Equipment []string      // asked for now: a bar or a table is planned when it is named here or its place is ticked
	Pace      string        // empty: normal

	Profile Profile   // the zero Profile has answered nothing: it is given what is gentle
	History History   // nil: nothing was ever done
	At      time.Time // now, on the person's own clock
}

// A Plan is one session on paper. It is a plain value, kept in event logs and state files.
type Plan struct {
	Routine string `json:"routine"` // the id of the named routine, empty if composed
	Place   string `json:"place"`
	Pace    string `json:"pace"`
	Steps   []Step `json:"steps"`
	Note    string `json:"note,omitempty"` // what is not as it was asked for: a code such as NoteShorter
}

// Notes of a [Plan].
const (
	NoteShorter = "shorter"  // what there is for the person does not last any longer
	NoteLeftOut = "left_out" // some exercises of the named routine are not for the person, or not now
	NoteNoFloor = "no_floor" // asked for the floor, and nothing there is for the person, or not in so short a time
)

// A Step is one exercise on one side: time to get ready, then time at work.
type Step struct {
	Exercise  string        `json:"exercise"` // its id
	Name      string        `json:"name"`
	Spoken    string        `json:"spoken"` // the short form, lower case
	Side      string        `json:"side"`   // left right or empty
	Direction []string      `json:"direction"`
	Level     string        `json:"level"`
	Ready     time.Duration `json:"ready"`
	Work      time.Duration `json:"work"`
	Setup     []string      `json:"setup"` // shown one at a time while getting ready
	Cues      []string      `json:"cues"`  // shown one at a time during work
	Why       string        `json:"why"`   // a code such as StepDirection
}

// Length is the time the plan takes without pauses.
func (p Plan) Length() time.Duration {
	var total time.Duration
	for _, s := range p.Steps {
		total += s.Ready + s.Work
	}
	return total
}

// Moves names the exercises of the plan in order, each once, in their spoken form.
func (p Plan) Moves() []string {
	var moves []string
	for _, s := range p.Steps {
		if !slices.Contains(moves, s.Spoken) {
			moves = append(moves, s.Spoken)
		}
	}
	return moves
}

// Plan composes a session, or fits a named routine to the length. The same request gives the same plan. It is within
// 5 % of the length, or has a note that says why it is shorter.
//
// What is planned keeps these rules, the first before the second and so on: nothing that is not for the person (see
// [Profile.Forbids]); what can be done in the place; not oftener in a day and a week than it should, with days between
// where it is strenuous; a warm-up before anything that is not gentle; both sides alike; no bending to the end of the
// range in the first hour of the day; at most once down to the floor; no two neighbours that move the same way; then
// the ways to move that were missed longest; then the exercises done longest ago.
func (c *Catalogue) Plan(r Request) (Plan, error) {
	d, err := c.draft(r)
	if err != nil {
		return Plan{}, err
	}
	return d.settle()
}
