package routines

import (
	"slices"
	"time"
)

// A Catalogue is every exercise and named routine there is to choose from. It is never changed once parsed.
type Catalogue struct {
	Exercises []Exercise `json:"exercises"`
	Routines  []Routine  `json:"routines"`
}

// Exercise returns the exercise with the given id.
func (c *Catalogue) Exercise(id string) (Exercise, bool) {
	if e := c.find(id); e != nil {
		return *e, true
	}
	return Exercise{}, false
}

// find is the exercise in the catalogue itself, nil for none.
func (c *Catalogue) find(id string) *Exercise {
	for i := range c.Exercises {
		if c.Exercises[i].ID == id {
			return &c.Exercises[i]
		}
	}
	return nil
}

// Routine returns the routine with the given id.
func (c *Catalogue) Routine(id string) (Routine, bool) {
	i := slices.IndexFunc(c.Routines, func(r Routine) bool { return r.ID == id })
	if i < 0 {
		return Routine{}, false
	}
	return c.Routines[i], true
}

// An Exercise is one movement. Its JSON is the contract of `unhunch routines list --json`; what only planner and
// guides need stays out of it.
type Exercise struct {
	ID        string   `json:"id" toml:"id"`
	Name      string   `json:"name" toml:"name"`
	Kind      string   `json:"kind" toml:"kind"`   // warmup stretch strength traction
	Level     string   `json:"level" toml:"level"` // gentle moderate advanced
	Place     string   `json:"place" toml:"place"` // chair standing floor bar table
	Equipment []string `json:"equipment" toml:"equipment"`
	HoldS     Range    `json:"hold_s" toml:"hold_s"` // seconds to stay in it each time, or to keep at it; 0 to move through
	Reps      int      `json:"reps" toml:"reps"`     // 0 where only time is counted
	Sides     int      `json:"sides" toml:"sides"`   // 1, or 2 for left and right
	PerWeek   *Range   `json:"per_week" toml:"per_week"`
	PerDay    int      `json:"per_day" toml:"per_day"` // most a day, 0 for no cap
	Direction []string `json:"direction" toml:"direction"`
	Steps     []string `json:"steps" toml:"steps"`
	Benefits  []string `json:"benefits" toml:"benefits"`
	Cautions  []string `json:"cautions" toml:"cautions"`
	AvoidWith []string `json:"avoid_with" toml:"avoid_with"` // screening tags that forbid it
	Source    []string `json:"source" toml:"source"`
	Author    string   `json:"author,omitempty" toml:"author"` // who wrote it; empty for those that come with the program
	Own       bool     `json:"own,omitempty" toml:"-"`         // it is the person's own: see [Catalogue.With]

	Spoken string   `json:"-" toml:"spoken"`            // the short form a prompt names it by, lower case
	Also   []string `json:"also,omitempty" toml:"also"` // further places where it is done the same way
	WorkS  Range    `json:"-" toml:"work_s"`            // seconds a session may give to each side
	Setup  string   `json:"-" toml:"setup"`             // what to do while getting ready
	Cues   Cues     `json:"-" toml:"cues"`              // shown one at a time during work

	Discreet bool     `json:"discreet,omitempty" toml:"discreet"`   // nobody in an open office looks up
	OptIn    bool     `json:"opt_in,omitempty" toml:"opt_in"`       // never planned unless screened, enabled and equipped
	EndRange bool     `json:"end_range,omitempty" toml:"end_range"` // bends the back as far as it goes: not in the first hour
	Needs    []string `json:"needs,omitempty" toml:"needs"`         // what it asks of the body: see [needs]
}

// Cues are the instructions of an exercise: Both where it has one side, Left and Right where it has two. Left and
// right are the person's own.
type Cues struct {
	Both  []string `toml:"both"`
	Left  []string `toml:"left"`
	Right []string `toml:"right"`
}

func (c Cues) of(side string) []string {
	switch side {
	case Left:
		return c.Left
	case Right:
		return c.Right
	}
	return c.Both
}

// Sides of a step. A step of a one-sided exercise has none.
const (
	Left  = "left"
	Right = "right"
)

// Places of a session.
const (
	Chair    = "chair"    // without leaving the chair
	Standing = "standing" // on the feet
	Floor    = "floor"    // a mat
)

const (
	gentle = "gentle"
	warmup = "warmup"
)

// sides lists the sides the exercise is done on, in order.
func (e Exercise) sides() []string {
	if e.Sides == 2 {
		return []string{Left, Right}
	}
	return []string{""}
}

// in tells whether the exercise can be done in the place.
func (e Exercise) in(place string) bool {
	return e.Place == place || slices.Contains(e.Also, place)
}

// A Range is an inclusive range of whole numbers.
type Range struct {
	Min int `json:"min" toml:"min"`
	Max int `json:"max" toml:"max"`
}

func (r Range) clamp(n int) int { return min(max(n, r.Min), r.Max) }

// A Routine is a named, fixed list of exercises. Both sides of a two-sided exercise follow each other.
type Routine struct {
	ID    string `json:"id" toml:"id"`
	Name  string `json:"name" toml:"name"`
	About string `json:"about,omitempty" toml:"about"` // what it is for, in a sentence
	Place string `json:"place" toml:"place"`
	Moves []Move `json:"moves" toml:"moves"`

	Author string `json:"author,omitempty" toml:"author"` // who wrote it, if they say so
	Own    bool   `json:"own,omitempty" toml:"-"`         // it is the person's own: see [Catalogue.With]
}

// A Move is one exercise of a routine and the seconds each side of it takes.
type Move struct {
	Exercise string `json:"exercise" toml:"exercise"`
	WorkS    int    `json:"work_s" toml:"work_s"`
}

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }
