package sitting

import (
	"slices"
	"time"
)

// fixtureAfter is how long something may vouch for the person until it is a fixture: a program that keeps the screen on
// all day says nothing of who sits in front of it.
const fixtureAfter = 3 * time.Hour

// A Voucher is something that makes a person who gives no input likely to sit there: a video that keeps the screen on, a
// call. It has a number for as long as it lasts; its name is nobody's business here.
type Voucher struct {
	ID      int           `json:"id"`
	Since   time.Duration `json:"since"`             // when it was first seen
	Locked  bool          `json:"locked,omitempty"`  // it was seen while the screen was locked
	Fixture bool          `json:"fixture,omitempty"` // it lasts whoever is there: ignored until it ends
}

// counts says that something vouches at this moment that is no fixture.
func (s *State) counts() bool {
	return slices.ContainsFunc(s.Vouchers, func(v Voucher) bool { return !v.Fixture })
}

// quiet says that there is a running silence for which something could vouch. One that began while a break was due or
// asked for is none: whoever is silent then has got up, and may have left a video running.
func (s *State) quiet() bool {
	return s.Input == InputIdle && !s.Phantom && !s.Gone && !s.InSession && (s.AskedAt == 0 || s.AskedAt > s.QuietFrom)
}

// still is quiet without evidence of an absence, which beats whatever vouches.
func (s *State) still() bool { return s.quiet() && !s.absent() }

// vouchEnds is when nothing vouches for the running silence any longer, whatever goes on then. It is counted from the
// last input.
func (s *State) vouchEnds() time.Duration { return s.VouchFrom + s.Settings.InhibitAtMost }

// WantsVouch says whether at time t it matters what vouches for the person: from when a silence becomes undecided until
// it is over or explained, or has been vouched for as long as it can be.
func (s *State) WantsVouch(t time.Duration) bool {
	switch {
	case !s.still(), s.vouched(t), s.Settings.InhibitAtMost <= 0:
		return false
	case s.VouchFrom != 0:
		return t < s.vouchEnds()
	}
	return t-s.QuietFrom >= s.Settings.AwayAfter
}

// spokenFor says that something vouches for the running silence up to t. Evidence of an absence beats it from then on,
// and leaves what was before.
func (s *State) spokenFor(t time.Duration) bool {
	return s.VouchFrom != 0 && s.quiet() && s.counts() && t <= s.vouchEnds()
}

// Vouch says what vouches for the person at time t, all of it, by numbers that stay with each for as long as it lasts.
func (s *State) Vouch(t time.Duration, by []int) {
	wanted, was := s.WantsVouch(t), s.still() && s.spokenFor(t)
	var now []Voucher
	for _, id := range by {
		v := Voucher{ID: id, Since: t}
		if i := slices.IndexFunc(s.Vouchers, func(old Voucher) bool { return old.ID == id }); i >= 0 {
			v = s.Vouchers[i]
		}
		v.Fixture = v.Fixture || v.Locked && !s.Locked
		v.Locked = v.Locked || s.Locked
		if !slices.ContainsFunc(now, func(other Voucher) bool { return other.ID == id }) {
			now = append(now, v)
		}
	}
	s.Vouchers = now
	if wanted && s.VouchFrom == 0 && s.counts() {
		s.VouchFrom = s.QuietFrom
	}
	if was && !s.spokenFor(t) {
		s.unvouch(t)
	}
}

// tire ends what has vouched for too long.
func (s *State) tire(t time.Duration) {
	was := s.VouchFrom != 0 && s.still() && s.counts()
	var last time.Duration
	for i, v := range s.Vouchers {
		if old := v.Since + fixtureAfter; !v.Fixture && t >= old {
			s.Vouchers = slices.Clone(s.Vouchers)
			s.Vouchers[i].Fixture = true
			last = max(last, old)
		}
	}
	if end := s.vouchEnds(); was && t >= end {
		last, was = end, false
		s.silentFrom(end, t)
	}
	if was && !s.counts() {
		s.silentFrom(last, t)
	}
}

// silentFrom begins the running silence anew at from: until then it was vouched for.
func (s *State) silentFrom(from, t time.Duration) {
	if !s.vouched(t) {
		s.QuietFrom = max(s.QuietFrom, min(from, t))
	}
}

// Fixtures are what vouches whoever is there, and is ignored.
func (s *State) Fixtures() (ids []int) {
	for _, v := range s.Vouchers {
		if v.Fixture {
			ids = append(ids, v.ID)
		}
	}
	return ids
}

// SpokenFor is what makes the running silence count as sitting at time t; nothing where nothing does.
func (s *State) SpokenFor(t time.Duration) (ids []int) {
	if !s.still() || !s.spokenFor(t) {
		return nil
	}
	for _, v := range s.Vouchers {
		if !v.Fixture {
			ids = append(ids, v.ID)
		}
	}
	return ids
}
