package routines

import (
	"slices"
	"time"
)

// Reasons why an exercise is not planned now, beside those for which it is not for the person at all; in the order they
// are looked for. The first one counts.
const (
	WhyElsewhere    = "elsewhere"      // it is not done in the place of the session
	WhyNotAsked     = "not_asked"      // the bar or the table was neither asked for nor ticked
	WhyPerDay       = "per_day"        // it was done as often today as it should be
	WhyPerWeek      = "per_week"       // so it was in the last seven days
	WhyRestDay      = "day_between"    // it was done yesterday, and wants a day between
	WhyFirstHour    = "first_hour"     // it bends to the end of the range, and the day has only begun
	WhyTooLong      = "too_long"       // a short session has no room for it
	WhyNoWarmup     = "no_warmup"      // it needs a warm-up, and there is none, or no time for one
	WhyNotInRoutine = "not_in_routine" // the routine that was named does not hold it
	WhyTurn         = "turn"           // it may be planned; others were chosen this time
	WhyPlanned      = "planned"        // it is in the session
)

// Places of exercises that need a thing of their own. No session takes place there: from the feet they are a step away.
const (
	bar   = "bar"
	table = "table"
)

const (
	moderate = "moderate"
	advanced = "advanced"
	strength = "strength"
)

const (
	// longSession is how long a session is that has time for a real warm-up, and for exercises that take long.
	longSession = 5 * time.Minute
	// longExercise is what takes too long for a shorter session: pigeon, by the article a minute on each side.
	longExercise = 120 // seconds
	// stiffFor is how long after getting up the discs are fuller and bending strains them more.
	stiffFor = time.Hour
	week     = 7 * 24 * time.Hour
)

// perDay is the most of an exercise in a day, by its level, whatever it says itself. Gentle ones have no such cap.
var perDay = map[string]int{moderate: 3, advanced: 1}

// capped tells whether the exercise has caps. Caps count sessions, so it comes once in one.
func (e *Exercise) capped() bool { return e.dayCap() > 0 || e.PerWeek != nil }

// dayCap is the most of the exercise in a day, 0 for any number.
func (e *Exercise) dayCap() int {
	most := perDay[e.Level]
	if e.PerDay > 0 && (most == 0 || e.PerDay < most) {
		return e.PerDay
	}
	return most
}

// wantsDayBetween tells of what is strenuous enough to need a day to recover from.
func (e *Exercise) wantsDayBetween() bool {
	return e.Level == advanced || e.Kind == strength && e.Level != gentle
}

// takesLong tells of an exercise that would be most of a short session. A warm-up can be cut short.
func (e *Exercise) takesLong() bool {
	return e.Kind != warmup && e.Sides*max(e.HoldS.Min, e.WorkS.Min) >= longExercise
}

// rules say what may be in one session.
type rules struct {
	Request
	short bool
	stiff bool // the day has only begun
}

func newRules(r Request, want int) rules {
	rules := rules{Request: r, short: seconds(want) < longSession}
	if r.History != nil {
		first := r.History.FirstActivity()
		rules.stiff = !first.IsZero() && r.At.Sub(first) < stiffFor
	}
	return rules
}

// refuse is the first reason why the exercise is not to be in the session, empty for none.
func (r *rules) refuse(e *Exercise) string {
	if why, forbidden := r.Profile.Forbids(*e, r.At); forbidden {
		return why
	}
	switch {
	case !r.Profile.CanUse(r.Place):
		return WhyAbility
	case !r.here(e):
		return WhyElsewhere
	case !r.asked(e):
		return WhyNotAsked
	}
	if why := r.overdone(e); why != "" {
		return why
	}
	switch {
	case e.EndRange && r.stiff:
		return WhyFirstHour
	case r.short && e.takesLong():
		return WhyTooLong
	}
	return ""
}

// here tells whether the exercise can be part of a session in the place. A session on the floor is warmed up for on the
// feet, and a bar or a table is a step away from where one stands.
func (r *rules) here(e *Exercise) bool {
	switch {
	case e.in(r.Place), r.Routine != "":
		return true
	case r.Place == Floor:
		return e.in(Standing) && e.Kind == warmup
	case r.Place == Standing:
		return e.in(bar) || e.in(table)
	}
	return false
}

// asked tells whether the bar or table of the exercise was asked for or ticked. Naming a routine asks for what is in it.
func (r *rules) asked(e *Exercise) bool {
	if e.in(r.Place) || !e.in(bar) && !e.in(table) || r.Routine != "" {
		return true
	}
	wanted := func(thing string) bool { return slices.Contains(r.Equipment, thing) }
	return slices.Contains(r.Profile.Places, e.Place) || wanted(e.Place) || slices.ContainsFunc(e.Equipment, wanted)
}

// overdone is which cap of the exercise is reached, empty for none.
func (r *rules) overdone(e *Exercise) string {
	past := done(r.History, e)
	if most := e.dayCap(); most > 0 && past.Today >= most {
		return WhyPerDay
	}
	if e.PerWeek != nil && past.within(week, r.At) >= e.PerWeek.Max {
		return WhyPerWeek
	}
	if e.wantsDayBetween() && !past.Last.IsZero() && daysBetween(past.Last, r.At) < 2 {
		return WhyRestDay
	}
	return ""
}

// done is what was done of the exercise. Without a history that is nothing.
func done(h History, e *Exercise) Done {
	if h == nil {
		return Done{}
	}
	return h.Done(e.ID)
}

// within counts the sessions of the time before now. One that seems to lie ahead counts: the clock was set back.
func (d Done) within(time time.Duration, now time.Time) (n int) {
	for _, at := range d.Days {
		if now.Sub(at) < time {
			n++
		}
	}
	return n
}

// daysBetween is how many midnights lie between two times, by the zone of the later.
func daysBetween(from, to time.Time) int {
	date := func(t time.Time) time.Time {
		y, m, d := t.In(to.Location()).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(date(to).Sub(date(from)) / (24 * time.Hour))
}

// nothingFits says what keeps out most of the blocks.
func (r *rules) nothingFits(blocks []*block) error {
	count := map[string]int{}
	most := ""
	for _, b := range blocks {
		why := r.refuse(b.exercise)
		if why == "" {
			why = WhyNoWarmup
		}
		if count[why]++; count[why] > count[most] {
			most = why
		}
	}
	return &NothingFits{most}
}

// nothingFits says what keeps out most of what could be done in the place.
func (c *Catalogue) nothingFits(r rules) error {
	var here []*block
	for i := range c.Exercises {
		if e := &c.Exercises[i]; r.here(e) {
			here = append(here, &block{exercise: e})
		}
	}
	if len(here) == 0 {
		return &NothingFits{WhyElsewhere}
	}
	return r.nothingFits(here)
}

// StillFor tells whether everything in a plan that was made before is still for the person.
func (c *Catalogue) StillFor(p Profile, now time.Time, plan Plan) bool {
	return !slices.ContainsFunc(plan.Steps, func(s Step) bool {
		e := c.find(s.Exercise)
		if e == nil {
			return true
		}
		_, forbidden := p.Forbids(*e, now)
		return forbidden
	})
}
