package history

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// A Posture is what the person was doing.
type Posture string

// The postures on record.
const (
	Sitting   Posture = "sitting"
	Standing  Posture = "standing"
	Away      Posture = "away"
	Undecided Posture = "undecided" // a silence that nothing explains
	Asleep    Posture = "asleep"    // suspended: counts as away, and no correction changes it
	InSession Posture = "session"   // a guided session out of the chair
	InChair   Posture = "session in the chair"
)

// An Outcome is what came of a prompt or a session.
type Outcome string

// Outcomes of a prompt.
const (
	Taken     Outcome = "taken" // a session was started
	Snoozed   Outcome = "snoozed"
	Skipped   Outcome = "skipped"
	Ignored   Outcome = "ignored"   // unanswered for long
	Withdrawn Outcome = "withdrawn" // taken back: the person left, or something held it
	WasUp     Outcome = "was up"    // “I was up”
)

// Outcomes of a session.
const (
	Finished    Outcome = "finished"
	Stopped     Outcome = "stopped"
	Interrupted Outcome = "interrupted" // by suspend, or a long pause
)

// A Feeling is how the person is after a session.
type Feeling string

// The feelings that are asked for.
const (
	Better Feeling = "better"
	Same   Feeling = "same"
	Worse  Feeling = "worse"
)

// The place in these lists is the number in the database: entries are added at the end and never move. The empty one is
// “not known” or “not said”.
var (
	postures = []Posture{"", Sitting, Standing, Away, Undecided, Asleep, InSession, InChair}
	outcomes = []Outcome{"", Taken, Snoozed, Skipped, Ignored, Withdrawn, WasUp, Finished, Stopped, Interrupted}
	feelings = []Feeling{"", Better, Same, Worse}
)

// number is what stands for c in the database.
func number[C comparable](codes []C, c C) int { return slices.Index(codes, c) }

// code is what n stands for; the empty one for what a newer program wrote.
func code[C any](codes []C, n int) C {
	if n < 0 || n >= len(codes) {
		return codes[0]
	}
	return codes[n]
}

// The span of time that a row may lie in: before 1970 and after 9999 nothing can be written down as a date.
var lastTime = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

func checkTime(what string, t time.Time) error {
	if t.UnixMilli() < 0 || t.After(lastTime) {
		return fmt.Errorf("%s at %v is not a time that can be recorded", what, t)
	}
	return nil
}

func checkCode[C ~string](what string, c C, allowed ...C) error {
	if !slices.Contains(allowed, c) {
		return fmt.Errorf("%s %q is none of %q", what, c, allowed)
	}
	return nil
}

// check lets any posture through: those that are not known are left out, and that is no mistake of the caller.
func (s Span) check() error { return checkTime("a span", s.From) }

func (p Prompt) check() error {
	if err := checkCode("outcome", p.Outcome, "", Taken, Snoozed, Skipped, Ignored, Withdrawn, WasUp); err != nil {
		return err
	}
	return checkTime("a prompt", p.At)
}

func (b NaturalBreak) check() error { return checkTime("a break", b.At) }

func (u Unbroken) check() error {
	return errors.Join(checkTime("a time without breaks", u.From), checkTime("its end", u.To))
}

func (s Session) check() error {
	if err := checkCode("outcome", s.Outcome, Finished, Stopped, Interrupted); err != nil {
		return err
	}
	if err := checkCode("feeling", s.Feeling, feelings...); err != nil {
		return err
	}
	for _, step := range s.Steps {
		if step.Done < 0 {
			return fmt.Errorf("step %s was done for %v", step.Exercise, step.Done)
		}
	}
	return checkTime("a session", s.At)
}

func (f Felt) check() error { return checkCode("feeling", f.Feeling, Better, Same, Worse) }
