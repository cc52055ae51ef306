package routines

import (
	"cmp"
	"slices"
	"time"
)

// What it takes for the next level to be offered, so many days of it at least apart.
const (
	progressDays = 10 // with a pain-free session that held exercises of the level
	progressSpan = 14 // days from the first of these to the last, both counted
)

// Past is a session of the past as progress sees it.
type Past struct {
	At        time.Time // when it began
	Day       int       // the day of the person's that it belongs to, days counted on from any of them
	Finished  bool
	Hurt      bool     // something in it hurt
	Worse     bool     // it has left the person worse
	Exercises []string // ids of what was done, if only for a moment
}

// Progress is how far the person has come at their level.
type Progress struct {
	Level string // the person's
	Days  int    // with a session that counts
	Of    int    // days that it takes
	Next  string // the level after this one, empty at the last
	Ready bool   // Next is to be offered
	// Unanswered is that nothing of the next level would be planned before more questions are answered.
	Unanswered bool
}

// Progress tells how far the person has come, from the sessions of the past in any order. What hurts begins the count
// anew, and so does going on at another level: it is never more than an offer.
func (p Profile) Progress(c *Catalogue, past []Past, now time.Time) Progress {
	from := p.LevelAt
	for _, s := range past {
		if s.Hurt && !s.At.Before(from) {
			from = s.At.Add(1) // after that session
		}
	}
	if n := len(p.Hurts); n > 0 && p.Hurts[n-1].After(from) {
		from = p.Hurts[n-1]
	}
	level := cmp.Or(p.Level, gentle)
	var days []int
	for _, s := range past {
		if s.Finished && !s.Worse && !s.At.Before(from) && !slices.Contains(days, s.Day) && c.held(s, level) {
			days = append(days, s.Day)
		}
	}
	g := Progress{Level: level, Days: min(len(days), progressDays), Of: progressDays, Next: beside(level, 1)}
	enough := len(days) >= progressDays && slices.Max(days)-slices.Min(days)+1 >= progressSpan
	if g.Next == "" || !enough || p.WalkingOnly(now) {
		return g
	}
	g.Ready, g.Unanswered = p.promises(c, g.Next, now)
	return g
}

// held tells whether an exercise of the level was done in the session.
func (c *Catalogue) held(s Past, level string) bool {
	return slices.ContainsFunc(s.Exercises, func(id string) bool {
		e, ok := c.Exercise(id)
		return ok && e.Level == level
	})
}

// promises tells whether the level would bring the person anything new, and whether more answers are needed for that.
func (p Profile) promises(c *Catalogue, level string, now time.Time) (anything, unanswered bool) {
	p.Level = level
	for _, e := range c.Exercises {
		if e.Level != level {
			continue
		}
		switch why, forbidden := p.Forbids(e, now); {
		case !forbidden:
			return true, false
		case why == WhyUnanswered:
			anything, unanswered = true, true
		}
	}
	return anything, unanswered
}

// Gentler is the level below the person's, empty at the gentlest.
func (p Profile) Gentler() string { return beside(cmp.Or(p.Level, gentle), -1) }

// beside is the level so many further up, empty where there is none.
func beside(level string, up int) string {
	if i := slices.Index(levels, level) + up; i >= 0 && i < len(levels) {
		return levels[i]
	}
	return ""
}
