package sitting

import "time"

// A Span is a time of one posture, for the record. Besides the postures there are [Asleep] and [InSession].
type Span struct {
	From   time.Duration `json:"from"`
	To     time.Duration `json:"to"`
	Kind   Posture       `json:"kind"`
	OnFeet bool          `json:"on_feet,omitempty"` // InSession: out of the chair
	Open   bool          `json:"open,omitempty"`    // it goes on
}

// What a Span can be besides a posture.
const (
	Asleep    = asleep  // the computer was suspended: away, and nobody's word changes it
	InSession = session // a guided session
)

// Spans are what the log says of the time from one moment to another, which is not before its last event. They follow
// each other without gaps; of the time before the log it knows nothing.
func (l *Log) Spans(from, to time.Duration) []Span {
	var out []Span
	first := len(l.Entries)
	for first > 0 && (first == len(l.Entries) || l.Entries[first].From > from) {
		first--
	}
	for i := first; i < len(l.Entries); i++ {
		e := l.Entries[i]
		s := Span{From: max(e.From, from), To: to, Kind: e.Kind, OnFeet: e.OnFeet, Open: i == len(l.Entries)-1}
		if !s.Open {
			s.To = min(to, l.Entries[i+1].From)
		}
		if e.mark() || s.To <= s.From {
			continue
		}
		if n := len(out); n > 0 && out[n-1].like(s) {
			out[n-1].To, out[n-1].Open = s.To, s.Open
			continue
		}
		out = append(out, s)
	}
	return out
}

func (s Span) like(other Span) bool { return s.Kind == other.Kind && s.OnFeet == other.OnFeet }

// Recall adds what was counted of today before this log began.
func (s *State) Recall(sat, stood, gone time.Duration, naturalBreaks int) {
	for _, a := range []*Account{&s.Log.Base, &s.Log.Open} {
		a.Sat += sat
		a.Stood += stood
		a.Gone += gone
		a.NaturalBreaks += naturalBreaks
	}
}

// Erase begins the day's figures anew at t, and forgets what there was before but for what it has led to.
func (s *State) Erase(t time.Duration) {
	s.Log.enter(Entry{From: t, Kind: markDay})
	s.Log.trim(t)
	s.Last = nil
}

// At is the account at t, which is not before the log's last entry.
func (l *Log) At(t time.Duration) Account { return l.at(t) }

// Breaks are the absences up to t that count as natural breaks: when each began, which may be before the log. t is not
// before the last entry.
func (l *Log) Breaks(t time.Duration) []time.Duration {
	var out []time.Duration
	a, set := l.Base, l.Limits
	for i, e := range l.Entries {
		end := t
		if i < len(l.Entries)-1 {
			end = l.Entries[i+1].From
		}
		had := a.NaturalBreaks
		if a = a.after(e, end-e.From, &set); a.NaturalBreaks > had {
			out = append(out, a.GoneFrom)
		}
	}
	return out
}

// Differs is the earliest moment at which l says something else than old, an earlier state of the same log, if there is
// one before to. Of the time that either has forgotten nothing is said.
func (l *Log) Differs(old *Log, to time.Duration) (time.Duration, bool) {
	if len(l.Entries) == len(old.Entries) && &l.Entries[0] == &old.Entries[0] {
		return 0, false // entries are never changed in place
	}
	from := max(l.Entries[0].From, old.Entries[0].From)
	now, was := l.Spans(from, to), old.Spans(from, to)
	for i := range min(len(now), len(was)) {
		switch {
		case !now[i].like(was[i]):
			return now[i].From, true
		case now[i].To != was[i].To:
			return min(now[i].To, was[i].To), true
		}
	}
	return 0, false // both end at to
}
