package routines

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// An Absence is why an exercise is not in a session.
type Absence struct {
	Exercise string    // its id
	Name     string    // its name
	Why      string    // a code, such as WhyRetired; WhyPlanned where it is in the session
	Tags     []string  // the screening questions that count against it
	Needs    []string  // the equipment that is missing, or what it asks of the body that the person does not do
	Place    string    // where it is done
	Level    string    // the exercise's
	Most     int       // the most in a day or a week, where that is the reason
	Until    time.Time // until when the reason lasts, zero if that is not known
}

// WhyNot says why the exercise is not in the session that the request would get. Where there would be no session at
// all, the reason is the exercise's own.
func (c *Catalogue) WhyNot(r Request, exercise string) (Absence, error) {
	e := c.find(exercise)
	if e == nil {
		return Absence{}, fmt.Errorf("%w %q", ErrUnknownExercise, exercise)
	}
	d, err := c.draft(r)
	if err != nil && !errors.Is(err, ErrNothingFits) {
		return Absence{}, err
	}
	a := Absence{Exercise: e.ID, Name: e.Name, Place: e.Place, Level: e.Level, Why: WhyTurn}
	if err == nil {
		r = d.Request
		if p, err := d.settle(); err == nil && slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Exercise == e.ID }) {
			a.Why = WhyPlanned
			return a, nil
		}
	}
	r.Place = c.placeOf(r)
	want := d.want
	if want == 0 {
		want = wholeSeconds(r.Length)
	}
	rules := newRules(r, want)
	if why := rules.refuse(e); why != "" {
		a.Why = why
		a.give(rules, e)
		return a, nil
	}
	offered := slices.ContainsFunc(d.blocks, func(b *block) bool { return b.exercise == e })
	switch {
	case r.Routine != "" && !offered:
		a.Why = WhyNotInRoutine
	case !offered:
		a.Why = WhyNoWarmup
	case d.total([]*block{d.block(e)}, (*block).leastWork) > d.most():
		a.Why = WhyTooLong
	}
	return a, nil
}

// placeOf is where the session takes place.
func (c *Catalogue) placeOf(r Request) string {
	if routine, ok := c.Routine(r.Routine); ok {
		return routine.Place
	}
	if r.Place == "" {
		return r.Profile.usualPlace(r.Length)
	}
	return r.Place
}

// give adds what there is to say about the reason.
func (a *Absence) give(r rules, e *Exercise) {
	switch a.Why {
	case WhyScreening:
		for _, tag := range r.Profile.Against(*e) {
			if r.Profile.Screening[tag] == Yes {
				a.Tags = append(a.Tags, tag)
			}
		}
	case WhyUnanswered:
		a.Tags = r.Profile.Against(*e)
	case WhyAbility:
		a.Needs = r.Profile.Unable(*e)
	case WhyEquipment:
		a.Needs = r.Profile.Missing(*e)
	case WhyPerDay:
		a.Most = e.dayCap()
	case WhyPerWeek:
		a.Most = e.PerWeek.Max
	case WhyFirstHour:
		a.Until = r.History.FirstActivity().Add(stiffFor)
	}
}
