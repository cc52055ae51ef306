package sitting

import (
	"slices"
	"time"
)

const (
	// keepLog is how far back the person may correct the count.
	keepLog = 4 * time.Hour
	// maxLog bounds the log on a desk that flickers between postures.
	maxLog = 400
)

// A Log is the recent past as entries, on top of the account at their start. The last entry is open.
type Log struct {
	Base    Account  `json:"base"`    // at Entries[0].From
	Limits  Settings `json:"limits"`  // in force there
	Entries []Entry  `json:"entries"` // never empty once begun
	Open    Account  `json:"open"`    // at the start of the last entry: the fold so far
	Now     Settings `json:"now"`     // in force in the last entry
}

func begin(set Settings, at time.Duration) Log {
	a := Account{StreakFrom: at, Out: outOfChair} // nobody has been seen in the chair yet
	return Log{Base: a, Limits: set, Open: a, Now: set, Entries: []Entry{{From: at, Kind: Unknown}}}
}

func (l *Log) last() Entry { return l.Entries[len(l.Entries)-1] }

// at is the account at time t, which is not before the last entry's start.
func (l *Log) at(t time.Duration) Account {
	set := l.Now
	return l.Open.after(l.last(), t-l.last().From, &set)
}

// enter closes the open entry at time t and opens e there. An entry like the open one changes nothing, so that
// looking at the clock more often never changes the count.
func (l *Log) enter(e Entry) {
	last := l.last()
	if !e.mark() && last.Kind == e.Kind && last.OnFeet == e.OnFeet {
		return
	}
	if n := len(l.Entries) - 1; n > 0 && last.From == e.From && last.counted() {
		l.Entries = l.Entries[:n] // it had no length
	} else {
		l.Open = l.Open.after(last, e.From-last.From, &l.Now)
	}
	l.Entries = append(slices.Clip(l.Entries), e)
	if e.mark() { // a mark has no length: the posture goes on after it
		after := last
		after.From = e.From
		l.Open = l.Open.after(e, 0, &l.Now)
		l.Entries = append(l.Entries, after)
	}
}

// recount makes everything between from and to count as kind, except what nobody's word changes, and folds the
// rest again. A start before the log is the log's start.
func (l *Log) recount(from, to time.Duration, kind Posture) {
	from = max(from, l.Entries[0].From)
	if to <= from {
		return
	}
	var out []Entry
	add := func(e Entry) {
		if n := len(out); n > 0 && !e.mark() && out[n-1].Kind == e.Kind && out[n-1].OnFeet == e.OnFeet {
			return
		}
		out = append(out, e)
	}
	for i, e := range l.Entries {
		if !e.counted() {
			add(e)
			continue
		}
		end := to
		open := i == len(l.Entries)-1
		if !open {
			end = l.Entries[i+1].From
		}
		first := Entry{From: e.From, Kind: e.Kind}
		if e.From < from && (open || end > from) {
			add(first)
			first.From = from
		}
		if first.From >= from && first.From < to && (open || end > from) {
			first.Kind = kind
		}
		add(first)
		if first.From < to && (open || end > to) {
			add(Entry{From: to, Kind: e.Kind})
		}
	}
	l.Entries = out
	l.fold()
}

// fold computes Open and Now from the base.
func (l *Log) fold() {
	l.Open, l.Now = l.Base, l.Limits
	for i, e := range l.Entries[:len(l.Entries)-1] {
		l.Open = l.Open.after(e, l.Entries[i+1].From-e.From, &l.Now)
	}
}

// trim forgets entries that ended before keep, always leaving the open one.
func (l *Log) trim(keep time.Duration) {
	n := 0
	for n < len(l.Entries)-1 && (l.Entries[n+1].From <= keep || len(l.Entries)-n > maxLog) {
		l.Base = l.Base.after(l.Entries[n], l.Entries[n+1].From-l.Entries[n].From, &l.Limits)
		n++
	}
	if n > 0 {
		l.Entries = slices.Clone(l.Entries[n:])
	}
}
