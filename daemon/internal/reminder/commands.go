package reminder

import "time"

// Why a command is refused.
const (
	NothingDue    = "nothing_due"
	NoSnoozesLeft = "no_snoozes_left"
	TooLong       = "too_long"
)

// Snooze asks again after d (0: the first of the list). It returns why not, or nothing.
func (s *State) Snooze(now, d time.Duration) (refusal string) {
	switch {
	case !s.Owed:
		return NothingDue
	case s.SnoozesLeft() == 0:
		return NoSnoozesLeft
	case d > MaxSnooze:
		return TooLong
	case d <= 0:
		d = s.Settings.Snooze[0]
	}
	s.SnoozesUsed++
	s.Today.Snoozes++
	s.SnoozedUntil, s.SnoozedBy = now+d, ReasonUser
	s.Ignored = 0
	return ""
}

// Skip moves the point at which a break comes due by one limit. load is what there is now.
func (s *State) Skip(load time.Duration) (refusal string) {
	if !s.Owed {
		return NothingDue
	}
	s.forget()
	s.Point = load + s.limit()
	s.SnoozesUsed, s.Ignored = 0, 0
	s.Today.Skips++
	return ""
}

// Pause silences prompts for d, or until resumed where d is 0.
func (s *State) Pause(now, d time.Duration) {
	s.PausedAt, s.PausedUntil, s.PausedWall, s.Recalled = now, 0, time.Time{}, false
	if d > 0 {
		s.PausedUntil = now + d
	}
}

// PauseToTomorrow silences prompts until the next local day begins.
func (s *State) PauseToTomorrow(now time.Duration, wall time.Time) {
	s.Pause(now, 0)
	s.PausedWall = nextClock(wall, s.Settings.DayStarts)
	s.Ignored = 0
}

// Resume ends a pause.
func (s *State) Resume() { s.PausedAt, s.Hushed, s.SilentFor = 0, false, 0 }

// Expired says that the prompt has left the screen for the notification list. That is no answer.
func (s *State) Expired(now time.Duration) {
	if s.Shown != nil && s.Shown.LeftAt == 0 {
		shown := *s.Shown
		shown.LeftAt = now
		s.Shown, s.LeftAt = &shown, now
	}
}

// WasUp is the answer “I was up”: the count has been corrected, and nobody needs to be asked again for a while.
func (s *State) WasUp() { s.Ignored = 0 }

// SessionBegan says that the person takes the break.
func (s *State) SessionBegan() {
	if s.Shown != nil {
		s.Today.Accepted = true
	}
	s.Hushing = s.heldByLook() || s.Shown != nil && s.Shown.Over
	s.forget()
	s.Point = s.limit()
	s.SnoozesUsed, s.Ignored, s.SilentFor, s.Hushed = 0, 0, 0, false
}

// Woke says that the machine woke or the screen was unlocked: nobody wants a prompt as a welcome.
func (s *State) Woke(now time.Duration) { s.GraceUntil = now + s.Settings.WakeGrace }

// Configure takes new settings into use. What is owed is judged by them from then on.
func (s *State) Configure(set Settings) {
	skipped := s.Point > s.limit()
	if set.DayStarts != s.Settings.DayStarts {
		s.DayEnds = time.Time{}
	}
	if set.Holds != s.Settings.Holds {
		s.lookAway() // what was looked at is not what is to be looked at
	}
	s.Settings = set
	if !skipped || s.Point < s.limit() {
		s.Point = s.limit()
	}
}

// Restarted says that the daemon stopped at now and was started anew: what was on the screen is no longer ours.
func (s *State) Restarted(now time.Duration) {
	s.Expired(now) // where it has not left the screen before
	s.Shown = nil
	s.lookAway()
}

// Rebooted says that nothing of what was in use before goes on.
func (s *State) Rebooted() { s.Sights = nil }
