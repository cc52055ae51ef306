// Package sitting counts how long the person has been sitting, from what the sensors say and what the person says.
//
// It is a pure machine on the daemon's own timeline: a time.Duration that only grows and counts suspend. It reads
// no clock and does no I/O. What it counts is a fold over a log of postures, so a silence that turns out to have
// been an absence, or a correction by the person, is counted again from where it began.
package sitting

import "time"

// A Posture is what the person is doing.
type Posture string

// The postures.
const (
	Sitting   Posture = "sitting"
	Standing  Posture = "standing"  // declared
	Away      Posture = "away"      // out of the chair
	Undecided Posture = "undecided" // a silence not yet explained
	Unknown   Posture = "unknown"   // no sensor
)

// Settings are the [sitting] table of the configuration.
type Settings struct {
	Limit      time.Duration `json:"limit"`       // load at which a break is due
	Rest       time.Duration `json:"rest"`        // absence that clears a full limit
	AwayAfter  time.Duration `json:"away_after"`  // shorter silence is sitting
	SureAfter  time.Duration `json:"sure_after"`  // longer silence is away
	StandLimit time.Duration `json:"stand_limit"` // the limit of declared standing

	// InhibitAtMost is how long something can vouch for a silence, from the last input on. 0: nothing does.
	InhibitAtMost time.Duration `json:"inhibit_at_most,omitempty"`
}

// What the input sensor says.
const (
	InputUnknown = "unknown"
	InputActive  = "active"
	InputIdle    = "idle"
	InputTimer   = "timer" // no sensor: unlocked session time counts as sitting
)

const (
	// offerSilence is how long after a silence its correction is offered.
	offerSilence = 15 * time.Minute
	// timerAfter is how long without a working sensor until timer mode.
	timerAfter = time.Minute
	// quietPause is the pause that shows that a sensor can still tell quiet from activity…
	quietPause = time.Minute
	// phantomAfter …and how long without one until it is distrusted: nobody types for eight hours.
	phantomAfter = 8 * time.Hour
	// sleepAborted is how long awake after “going to sleep” means that the suspend did not happen.
	sleepAborted = 30 * time.Second
	// declaredFor is how long `sit` and `meeting` last unless told otherwise.
	declaredFor = time.Hour
	// longCorrection is how far apart equal corrections may be to suggest a setting, and correctionsAlike how many.
	longCorrection   = 14 * 24 * time.Hour
	correctionsAlike = 3
)

// A Silence is a stretch without input, an absence or both.
type Silence struct {
	From time.Duration `json:"from"` // the last input before it
	To   time.Duration `json:"to"`   // when input returned
	As   Posture       `json:"as"`   // how it was counted
}

// A Correction is the person's word on a silence.
type Correction struct {
	At time.Duration `json:"at"`
	As Posture       `json:"as"`
}

// State is all the machine knows. It is a value: JSON encodes it whole, and a copy is a snapshot.
type State struct {
	Settings Settings `json:"settings"`
	Log      Log      `json:"log"`

	Input     string        `json:"input"`      // what the sensor says
	QuietFrom time.Duration `json:"quiet_from"` // Input idle: since when, as far as it is still unexplained
	BackAt    time.Duration `json:"back_at"`    // when the person was last known to be there; no silence reaches back further
	LostAt    time.Duration `json:"lost_at"`    // Input unknown: since when
	LastPause time.Duration `json:"last_pause"` // last end of a pause over a minute
	Phantom   bool          `json:"phantom"`    // the sensor never goes quiet: distrusted until it does

	Locked   bool `json:"locked"`
	Inactive bool `json:"inactive"` // another user's session is in front
	Dark     bool `json:"dark"`     // screen off
	Sleeping bool `json:"sleeping"` // about to suspend, or suspended
	Here     bool `json:"here"`     // there is a session or a terminal to sit at: timer mode is allowed

	SleepAt   time.Duration `json:"sleep_at"`
	SleepGone bool          `json:"sleep_gone,omitempty"` // nobody was known to be there as the machine went to sleep
	Gone      bool          `json:"gone"`                 // the running silence is explained as away
	GoneAt    time.Duration `json:"gone_from"`            // when the running absence began, 0 for none

	AskedAt time.Duration `json:"asked_at"` // since when a break is due or prompted, 0 for not

	OnFeet       bool          `json:"on_feet"`       // declared standing
	SitUntil     time.Duration `json:"sit_until"`     // `sit`: silence is sitting until then
	MeetingUntil time.Duration `json:"meeting_until"` // in a declared meeting until then

	InSession bool `json:"in_session"`

	Vouchers  []Voucher     `json:"vouchers,omitempty"`   // what vouched for the person when last looked at
	VouchFrom time.Duration `json:"vouch_from,omitempty"` // the running silence is vouched for, or was: its last input; 0 for not

	Last        *Silence     `json:"last"`
	Corrections []Correction `json:"corrections,omitempty"`
	Suggested   []Posture    `json:"suggested,omitempty"` // corrections that have led to a suggestion
	Suggestion  Posture      `json:"suggestion,omitempty"`
}

// New is a machine that knows nothing yet, at time t.
func New(set Settings, t time.Duration) State {
	return State{Settings: set, Log: begin(set, t), Input: InputUnknown, LostAt: t, LastPause: t}
}

// absent says whether something explains an absence at this very moment.
func (s *State) absent() bool { return s.Locked || s.Inactive || s.Dark || s.Sleeping }

func (s *State) vouched(t time.Duration) bool { return t < s.SitUntil || t < s.MeetingUntil }

// atDesk is the posture of somebody who is at the desk.
func (s *State) atDesk() Posture {
	if s.OnFeet {
		return Standing
	}
	return Sitting
}

// Settle makes the log agree with the evidence at time t. It is called after every event and at every NextWake,
// and calling it more often changes nothing.
func (s *State) Settle(t time.Duration) {
	s.expire(t)
	if s.InSession {
		return // presence changes nothing
	}
	kind := s.decide(t)
	if kind == Away && s.GoneAt == 0 {
		s.GoneAt = t
	}
	s.Log.enter(Entry{From: t, Kind: kind})
	if s.OnFeet && kind == Away && t-s.GoneAt >= s.Settings.Rest {
		s.OnFeet = false
	}
	s.trim(t)
}

// decide is the posture at time t. It explains the running silence where that has become possible, and then
// counts the whole of it again.
func (s *State) decide(t time.Duration) Posture {
	silent := t - s.QuietFrom
	idle := s.Input == InputIdle
	switch {
	case s.absent():
		if idle && silent >= s.Settings.AwayAfter && !s.Gone && !s.vouched(t) && !s.spokenFor(t) {
			s.explain(t, Away)
		}
		s.Gone = true
		return Away
	case s.Input == InputUnknown:
		return Unknown
	case !idle || s.Phantom:
		return s.atDesk()
	case s.Gone:
		return Away
	case s.vouched(t), s.spokenFor(t):
		if s.Log.last().Kind == Undecided {
			s.Log.recount(s.QuietFrom, t, s.atDesk())
		}
		return s.atDesk()
	case silent < s.Settings.AwayAfter:
		return s.atDesk()
	case s.AskedAt != 0 && s.AskedAt <= s.QuietFrom, silent >= s.Settings.SureAfter:
		s.explain(t, Away)
		return Away
	}
	if s.Log.last().Kind != Undecided {
		s.Log.recount(s.QuietFrom, t, Undecided)
	}
	return Undecided
}

func (s *State) explain(t time.Duration, as Posture) {
	s.Log.recount(s.QuietFrom, t, as)
	s.Gone, s.GoneAt = true, s.QuietFrom
}

// expire ends what ends by itself.
func (s *State) expire(t time.Duration) {
	if s.SitUntil != 0 && t >= s.SitUntil {
		s.unvouch(s.SitUntil)
		s.SitUntil = 0
	}
	if s.MeetingUntil != 0 && t >= s.MeetingUntil {
		s.unvouch(s.MeetingUntil)
		s.MeetingUntil = 0
	}
	s.tire(t)
	if s.Sleeping && t >= s.SleepAt+sleepAborted {
		s.Sleeping = false
		if !s.SleepGone || s.Input != InputIdle { // else the absence goes on
			s.returned(t)
		}
	}
	if s.Input == InputUnknown && s.Here && t >= s.LostAt+timerAfter {
		s.Input = InputTimer
	}
	if s.Input == InputTimer && !s.Here {
		s.Input, s.LostAt = InputUnknown, t
	}
	if s.Input == InputActive && !s.Phantom && !s.absent() && t >= s.LastPause+phantomAfter {
		s.Phantom = true
	}
	if s.Phantom && s.Input == InputIdle && t >= s.QuietFrom+quietPause {
		s.Phantom = false
	}
	if s.Last != nil && t >= s.Last.To+keepLog {
		s.Last = nil
	}
}

// unvouch starts the running silence anew: until t it was vouched for.
func (s *State) unvouch(t time.Duration) {
	if s.Input == InputIdle && !s.Gone && s.QuietFrom < t && !s.vouched(t) {
		s.QuietFrom = t
	}
}

// trim forgets what neither a running silence nor a correction can need any more.
func (s *State) trim(t time.Duration) {
	keep := t - keepLog
	if s.Input == InputIdle {
		keep = min(keep, s.QuietFrom)
	}
	if s.Last != nil {
		keep = min(keep, s.Last.From)
	}
	s.Log.trim(keep)
}

// NextWake is when the machine has something to do by itself, if nothing happens before. Never at or before t.
func (s *State) NextWake(t time.Duration) (time.Duration, bool) {
	var next time.Duration
	at := func(d time.Duration) {
		if d > t && (next == 0 || d < next) {
			next = d
		}
	}
	at(s.SitUntil)
	at(s.MeetingUntil)
	if s.VouchFrom != 0 && s.still() {
		at(s.vouchEnds())
	}
	for _, v := range s.Vouchers {
		if !v.Fixture {
			at(v.Since + fixtureAfter)
		}
	}
	if s.Sleeping {
		at(s.SleepAt + sleepAborted)
	}
	if s.Input == InputUnknown && s.Here {
		at(s.LostAt + timerAfter)
	}
	if s.Input == InputActive && !s.Phantom && !s.absent() {
		at(s.LastPause + phantomAfter)
	}
	if s.Phantom && s.Input == InputIdle {
		at(s.QuietFrom + quietPause)
	}
	if s.Input == InputIdle && !s.absent() && !s.Gone && !s.InSession {
		at(s.QuietFrom + s.Settings.AwayAfter)
		at(s.QuietFrom + s.Settings.SureAfter)
	}
	if s.OnFeet && s.GoneAt != 0 {
		at(s.GoneAt + s.Settings.Rest)
	}
	if s.Last != nil {
		at(s.Last.To + offerSilence)
	}
	at(s.naturalBreakAt())
	return next, next != 0
}

// naturalBreakAt is when the running absence will have cleared half a limit, 0 for never.
func (s *State) naturalBreakAt() time.Duration {
	e, a := s.Log.last(), s.Log.Open
	need := (s.Settings.Limit+1)/2 - a.Cleared
	if e.Kind != Away || a.Counted || need > a.Load {
		return 0
	}
	return e.From + timeToClear(need, s.Settings.Limit, s.Settings.Rest)
}
