package sitting

import "time"

// A View is what others may know of the machine at one moment.
type View struct {
	Posture   Posture
	Load      time.Duration
	StandLoad time.Duration
	Rate      Rate
	Streak    time.Duration

	Sat, Stood, Gone time.Duration // today
	NaturalBreaks    int

	Silence *Silence // offered for correction
}

// A Rate is load per time, as a fraction: 1, 0 or −limit/rest.
type Rate struct{ Load, Per time.Duration }

// Float is seconds of load per second.
func (r Rate) Float() float64 {
	if r.Per == 0 {
		return 0
	}
	return float64(r.Load) / float64(r.Per)
}

// View is the machine at time t, which is not before its last event.
func (s *State) View(t time.Duration) View {
	e, a := s.Log.last(), s.Log.at(t)
	v := View{
		Posture: e.Kind, Load: a.Load, StandLoad: a.StandLoad, Streak: max(0, a.streak(t)),
		Sat: a.Sat, Stood: a.Stood, Gone: a.Gone, NaturalBreaks: a.NaturalBreaks,
	}
	switch e.Kind {
	case Sitting:
		v.Rate = Rate{1, 1}
	case Standing, Away:
		if a.Load > 0 {
			v.Rate = Rate{-s.Settings.Limit, s.Settings.Rest}
		}
	case session:
		v.Posture = s.sessionPosture(e)
	}
	if s.Last != nil && t < s.Last.To+offerSilence {
		v.Silence = s.Last
	}
	return v
}

func (s *State) sessionPosture(e Entry) Posture {
	if e.OnFeet {
		return Standing
	}
	return Sitting
}

// Present says whether the person is there, on the chair or on their feet, or may be, so that a stop of the daemon is to
// be seen to be short.
func (s *State) Present() bool {
	kind := s.Log.last().Kind
	return kind == Sitting || kind == Standing || kind == session || kind == Undecided
}

// LoadIfUp is what the load at t would be had the last silence, if it is undecided, been a break.
func (s *State) LoadIfUp(t, load time.Duration) time.Duration {
	if s.Last == nil || s.Last.As != Undecided || t >= s.Last.To+offerSilence {
		return load
	}
	l := s.Log
	l.recount(s.Last.From, s.Last.To, Away)
	return l.at(t).Load
}

// A Fall is a load that gets less, from a moment on. The zero Fall does not.
type Fall struct{ from, load, limit, rest time.Duration }

// Fall is how the load of sitting, or of standing, will fall if the posture stays.
func (s *State) Fall(ofStanding bool) Fall {
	e, a, set := s.Log.last(), s.Log.Open, s.Settings
	switch {
	case ofStanding && e.Kind == Away:
		return Fall{e.From, a.StandLoad, set.StandLimit, set.Rest}
	case !ofStanding && (e.Kind == Away || e.Kind == Standing):
		return Fall{e.From, a.Load, set.Limit, set.Rest}
	}
	return Fall{}
}

// To is when the load will have fallen to at most want, 0 for never.
func (f Fall) To(want time.Duration) time.Duration {
	if f.from == 0 || f.load <= want {
		return 0
	}
	return f.from + timeToClear(f.load-want, f.limit, f.rest)
}

// Quiet is since when there has been no input, and whether the sensor can tell.
func (s *State) Quiet() (from time.Duration, quiet, known bool) {
	return s.QuietFrom, s.Input == InputIdle, s.Input == InputIdle || s.Input == InputActive
}

// Presence is what the sensors say: active idle locked asleep unknown.
func (s *State) Presence() string {
	switch {
	case s.Sleeping:
		return "asleep"
	case s.Locked, s.Inactive, s.Dark:
		return "locked"
	case s.Phantom, s.Input == InputTimer:
		return InputUnknown
	}
	return s.Input
}
