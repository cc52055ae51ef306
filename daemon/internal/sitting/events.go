package sitting

import (
	"slices"
	"time"
)

// Active says that input was seen at t, or that the sensor says the person is there.
func (s *State) Active(t time.Duration) {
	if s.Input != InputActive && s.Input != InputIdle {
		s.LastPause = t
	}
	s.Sleeping = false
	s.Input = InputActive
	if !s.absent() {
		s.returned(t)
	}
}

// Idle says that there has been no input since from.
func (s *State) Idle(t, from time.Duration) {
	if s.Input != InputIdle {
		s.QuietFrom = min(t, max(from, s.BackAt))
	}
	s.Input = InputIdle
}

// Lost says that no sensor works.
func (s *State) Lost(t time.Duration) {
	if s.Input != InputUnknown && s.Input != InputTimer {
		s.Input, s.LostAt, s.Phantom = InputUnknown, t, false
		if !s.absent() {
			s.returned(t)
		}
	}
}

// Desk says what the session manager knows: whether the screen is locked, whether another session is in front,
// whether the machine is going to sleep, and whether there is a session to sit at.
func (s *State) Desk(t time.Duration, locked, inactive, sleeping, here bool) {
	was := s.absent()
	if sleeping && !s.Sleeping {
		unlocked := (s.Locked || s.Inactive) && !locked && !inactive // by somebody
		s.SleepAt, s.SleepGone = t, !unlocked && (s.Gone || s.Log.last().Kind == Undecided)
		s.OnFeet = false
	}
	s.Locked, s.Inactive, s.Sleeping, s.Here = locked, inactive, sleeping, here
	s.cameOrWent(t, was)
}

// Screen says whether the screen is dark.
func (s *State) Screen(t time.Duration, dark bool) {
	was := s.absent()
	s.Dark = dark
	s.cameOrWent(t, was)
}

// cameOrWent ends or begins an absence where the evidence for one has changed.
func (s *State) cameOrWent(t time.Duration, was bool) {
	if was && !s.absent() {
		s.returned(t)
	}
}

// returned ends the running silence or absence at t.
func (s *State) returned(t time.Duration) {
	from := s.GoneAt
	if from == 0 {
		from = s.QuietFrom
	}
	if from != 0 && t-from >= quietPause {
		s.LastPause, s.Phantom = t, false
	}
	as := s.Log.last().Kind
	if as == asleep {
		as = Away
	}
	told := s.Gone || as == Undecided || s.vouched(t) || s.VouchFrom != 0
	if from != 0 && told && !s.InSession && t-from >= s.Settings.AwayAfter {
		s.Last = &Silence{From: from, To: t, As: as}
	}
	s.Gone, s.GoneAt, s.QuietFrom, s.BackAt, s.VouchFrom = false, 0, 0, t, 0
	if s.Input == InputIdle {
		s.QuietFrom = t // the person is back, but the sensor has not seen them yet
	}
}

// Slept says that the machine was suspended from one time to the other, the later of which is now.
func (s *State) Slept(from, to time.Duration) {
	s.OnFeet = false
	if !s.InSession {
		s.Sleeping = true // explains what was silent before
		s.Settle(from)
	}
	s.Log.enter(Entry{From: from, Kind: asleep})
	s.Sleeping = false
	s.LastPause, s.Phantom = to, false
	switch {
	case s.absent(), s.Input == InputIdle: // nobody has been seen since: the absence goes on
		s.Gone = true
	default:
		s.returned(to)
	}
	s.Log.enter(Entry{From: to, Kind: Away})
}

// Absent counts the time from one moment to the other as away: the daemon did not run.
func (s *State) Absent(from, to time.Duration) {
	s.Log.enter(Entry{From: from, Kind: Away})
	s.Log.enter(Entry{From: to, Kind: Unknown})
	s.OnFeet = s.OnFeet && to-from < s.Settings.Rest
}

// Restarted forgets what the sensors said: they will say it again.
func (s *State) Restarted(t time.Duration) {
	s.Input, s.LostAt, s.LastPause, s.Phantom = InputUnknown, t, t, false
	s.Locked, s.Inactive, s.Dark, s.Sleeping, s.Here = false, false, false, false, false
	s.Gone, s.GoneAt, s.QuietFrom, s.BackAt = false, 0, 0, t
	s.Vouchers, s.VouchFrom = nil, 0
}

// Asked says since when a break is due or on screen, 0 for not: a silence that begins after that is an answer.
func (s *State) Asked(from time.Duration) { s.AskedAt = from }

// Prompted says that the break was asked for at t. Somebody who gives no more input from then on has got up,
// also where their silence began a little before the break was due.
func (s *State) Prompted(t time.Duration) {
	if s.Input == InputIdle && !s.Gone && (s.AskedAt == 0 || s.AskedAt > s.QuietFrom) {
		s.QuietFrom = t
	}
}

// Sit declares sitting without input, for d (0: an hour).
func (s *State) Sit(t, d time.Duration) {
	s.OnFeet = false
	s.SitUntil = t + orElse(d, declaredFor)
}

// Stand declares standing, or takes it back.
func (s *State) Stand(on bool) {
	if s.OnFeet = on; on {
		s.SitUntil = 0
	}
}

// Meet declares a meeting for d (0: an hour).
func (s *State) Meet(t, d time.Duration) { s.MeetingUntil = t + orElse(d, declaredFor) }

// EndMeeting ends a declared meeting.
func (s *State) EndMeeting(t time.Duration) {
	if s.MeetingUntil != 0 {
		s.MeetingUntil = 0
		s.unvouch(t)
	}
}

func orElse(d, other time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return other
}

// Why a correction is not possible.
const (
	NothingToCorrect = "nothing_to_correct"
	TooFarBack       = "too_far_back"
)

// Was counts the last d again as the posture as, or the last silence where d is 0. It returns why not, or nothing.
func (s *State) Was(t time.Duration, as Posture, d time.Duration) (refusal string) {
	if d > 0 {
		if d > keepLog || t-d < s.Log.Entries[0].From {
			return TooFarBack
		}
		s.Log.recount(t-d, t, as)
		return ""
	}
	if s.Input == InputIdle && s.QuietFrom > 0 && t-s.QuietFrom >= s.Settings.AwayAfter && !s.absent() {
		s.returned(t) // the person is there to say so
	}
	if s.Last == nil {
		return NothingToCorrect
	}
	if s.Last.As != as {
		s.learn(t, as)
	}
	s.Log.recount(s.Last.From, s.Last.To, as)
	last := *s.Last
	last.As = as
	s.Last = &last
	return ""
}

// learn remembers a correction and suggests a better setting, once, after three alike.
func (s *State) learn(t time.Duration, as Posture) {
	recent := slices.DeleteFunc(slices.Clone(s.Corrections), func(c Correction) bool { return t-c.At > longCorrection })
	s.Corrections = append(recent, Correction{At: t, As: as})
	alike := 0
	for _, c := range s.Corrections {
		if c.As == as {
			alike++
		}
	}
	if alike >= correctionsAlike && !slices.Contains(s.Suggested, as) {
		s.Suggested = append(slices.Clip(s.Suggested), as)
		s.Suggestion = as
	}
}

// BeginSession freezes the load; onFeet says that the session is out of the chair.
func (s *State) BeginSession(t time.Duration, onFeet bool) {
	s.Log.enter(Entry{From: t, Kind: session, OnFeet: onFeet})
	s.InSession = true
	s.Gone, s.GoneAt = false, 0
}

// EndSession clears part/of of the load.
func (s *State) EndSession(t, part, of time.Duration) {
	s.Log.enter(Entry{From: t, Kind: markClear, Part: part, Of: of})
	s.InSession, s.BackAt, s.VouchFrom = false, t, 0
	if s.Input == InputIdle {
		s.QuietFrom = t
	}
}

// Finish clears the load at once while the session still shows that it is done.
func (s *State) Finish(t time.Duration) {
	s.Log.enter(Entry{From: t, Kind: markClear, Part: 1, Of: 1})
}

// NewDay begins the day's figures anew and ends a declared standing.
func (s *State) NewDay(t time.Duration) {
	s.OnFeet, s.Suggestion = false, ""
	s.Log.enter(Entry{From: t, Kind: markDay})
}

// Configure takes new settings into use.
func (s *State) Configure(t time.Duration, set Settings) {
	if set == s.Settings {
		return
	}
	s.Settings = set
	s.Log.enter(Entry{From: t, Kind: markLimits, Settings: &set})
}
