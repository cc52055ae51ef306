package client

import (
	"time"

	"github.com/unhunch/unhunch/daemon/api"
)

// Ahead is s as it will be after d if nothing happens meanwhile: what a display shows between two states, so that
// the daemon need not send one a second.
func Ahead(s api.State, d time.Duration) api.State {
	sec := d.Seconds()
	if sec <= 0 {
		return s
	}
	s.At = s.At.Add(d)
	s.Sitting.LoadS, s.Sitting.DueInS = count(s.Sitting.LoadS, s.Sitting.DueInS, s.Sitting.Rate, sec)
	s.Standing.LoadS, s.Standing.DueInS = count(s.Standing.LoadS, s.Standing.DueInS, s.Standing.Rate, sec)
	switch {
	case s.Sitting.Rate > 0:
		s.Sitting.StreakS += sec
		s.Today.SittingS += int64(sec)
	case s.Standing.Rate > 0:
		s.Today.StandingS += int64(sec)
	case s.Posture == "away":
		s.Today.AwayS += int64(sec)
	}
	if p := s.Session; p != nil && (p.Phase == "ready" || p.Phase == "work") && !p.Waiting {
		next := *s.Session
		next.StepLeftS = max(0, next.StepLeftS-sec)
		next.LeftS = max(0, next.LeftS-sec)
		s.Session = &next
	}
	return s
}

// count takes a load and what is left of its limit on by sec seconds. A load stops at 0; what is left stops at 0,
// and a break that has come due stays owed while the load falls: when it is forgiven is for the daemon to say.
func count(load, dueIn, rate, sec float64) (float64, float64) {
	grown := max(-load, rate*sec)
	if dueIn > 0 || grown > 0 {
		dueIn = max(0, dueIn-grown)
	}
	return load + grown, dueIn
}
