// Package reminder decides when to speak: when a break comes due, which moment is good for asking, and when not to.
//
// It is a pure machine on the daemon's own timeline. What it needs of the rest of the world comes in as Facts.
package reminder

import "time"

// Settings are the [reminder] and [hours] tables of the configuration, and of [sitting] what is needed here.
type Settings struct {
	Limit      time.Duration `json:"limit"`
	StandLimit time.Duration `json:"stand_limit"`

	Snooze       []time.Duration `json:"snooze"`         // offered, the first by default
	MaxSnoozes   int             `json:"max_snoozes"`    // per break
	Patience     time.Duration   `json:"patience"`       // longest wait for a pause in input
	PauseInInput time.Duration   `json:"pause_in_input"` // a good moment
	MinGap       time.Duration   `json:"min_gap"`        // between two prompts
	WakeGrace    time.Duration   `json:"wake_grace"`     // after waking and unlocking
	IgnoredAfter time.Duration   `json:"ignored_after"`  // an unanswered prompt is withdrawn
	TrayOnly     bool            `json:"tray_only"`      // style = "tray"
	DayStarts    time.Duration   `json:"day_starts"`     // since local midnight
	Hours        Hours           `json:"hours"`
	Holds        Holds           `json:"holds,omitzero"`
}

// A Phase of the reminder, in the order in which they take precedence.
type Phase string

// The phases.
const (
	InSession Phase = "in_session"
	Paused    Phase = "paused"
	OffHours  Phase = "off_hours"
	Snoozed   Phase = "snoozed"
	Held      Phase = "held"
	Prompted  Phase = "prompted"
	Due       Phase = "due"
	Quiet     Phase = "quiet"
)

// Reasons, by phase.
const (
	ReasonPatience = "patience" // due: waiting for a pause in input, or for the gap between prompts
	ReasonAway     = "away"     // due: nobody is known to be in the chair
	ReasonLocked   = "locked"   // due
	ReasonGrace    = "grace"    // due: just woken or unlocked, or the working day is about to end
	ReasonMeeting  = "meeting"  // held: declared by the person
	ReasonUser     = "user"     // snoozed
	ReasonIgnored  = "ignored"  // snoozed: the prompt was not answered

	ReasonDoNotDisturb = "do_not_disturb" // held
	ReasonCall         = "call"           // held: the microphone or a camera is in use
	ReasonFullscreen   = "fullscreen"     // held
)

const (
	// stillOwed is the part of the point at which it came due, in tenths, below which a break is no longer owed.
	stillOwed = 9
	// lastMinutes of the working hours in which nobody is asked any more.
	lastMinutes = 5 * time.Minute
	// longestDay is one on which clocks go back by an hour, or a little more.
	longestDay = 26 * time.Hour
	// recallAfter is when a pause “until resumed” is brought to mind, since a forgotten pause is a dead program.
	recallAfter = 72 * time.Hour
	// unansweredDays working days in a row without one accepted prompt: from then on in the tray only.
	unansweredDays = 5
	// MaxSnooze is the longest snooze that may be asked for.
	MaxSnooze = time.Hour
	// getUpAfter is the streak from which the prompt leads with getting up.
	getUpAfter = time.Hour
)

// ignoredTimes is the wait after the n-th unanswered prompt in a row, in half limits: somebody who does not answer
// is asked less, never more.
var ignoredTimes = [...]time.Duration{1, 1, 2, 4}

// Facts are what the reminder needs to know of the moment.
type Facts struct {
	Now  time.Duration // on the daemon's timeline
	Wall time.Time     // in the person's time zone

	Load     time.Duration // of sitting, or of standing where Standing
	Growing  bool          // a second a second
	Standing bool
	Cleared  bool // no load of sitting is left

	AtDesk    bool // the person is known to be sitting or standing
	Locked    bool
	QuietFrom time.Duration // the last input; 0 while there is input, or where the sensor cannot tell

	Looking   bool // the look was asked for a moment ago, however long ago it would have been due
	InSession bool
	Meeting   time.Duration // until; 0 for none

	Streak   time.Duration
	LoadIfUp time.Duration // the load, had the last undecided silence been a break
	FallsTo  func(load time.Duration) time.Duration
}

// A Shown is the prompt that asks for the break that is due.
type Shown struct {
	At       time.Duration `json:"at"`
	LeftAt   time.Duration `json:"left_at"` // when it left the screen for the notification list, 0 while on screen
	Standing bool          `json:"standing"`
	Over     bool          `json:"over,omitempty"` // something that it has waited for long enough still goes on
}

// Figures are today's.
type Figures struct {
	Prompts  int  `json:"prompts"`
	Snoozes  int  `json:"snoozes"`
	Skips    int  `json:"skips"`
	Accepted bool `json:"accepted"` // at least one prompt
}

// State is all the machine knows. It is a value.
type State struct {
	Settings Settings `json:"settings"`

	Point    time.Duration `json:"point"` // the load at which a break comes due, never below the limit
	Owed     bool          `json:"owed"`
	Standing bool          `json:"standing"` // what is owed is a break from standing
	AskedAt  time.Duration `json:"asked_at"` // since when due or prompted, 0 for not
	ReadyAt  time.Duration `json:"ready_at"` // since when nothing but input stands in the way, 0 for not

	Shown  *Shown        `json:"shown"`
	LeftAt time.Duration `json:"left_at"` // when the last prompt left the screen, 0 for never

	SnoozedUntil time.Duration `json:"snoozed_until"` // 0: not snoozed
	SnoozedBy    string        `json:"snoozed_by"`    // user or ignored
	SnoozesUsed  int           `json:"snoozes_used"`
	AskedFor     bool          `json:"asked_for"` // the next prompt is the end of a snooze: no gap needed
	Ignored      int           `json:"ignored"`   // unanswered prompts in a row

	PausedAt    time.Duration `json:"paused_at"`    // 0: not paused
	PausedUntil time.Duration `json:"paused_until"` // 0: until resumed
	PausedWall  time.Time     `json:"paused_wall"`  // until tomorrow: by the wall clock
	Recalled    bool          `json:"recalled"`

	GraceUntil time.Duration `json:"grace_until"`

	LookAt  time.Duration `json:"look_at,omitempty"` // when the look was asked for that is not answered yet, 0 for none
	Looked  time.Duration `json:"looked,omitempty"`  // when the last one was answered, 0 for none that counts
	Holds   []Hold        `json:"holds,omitempty"`   // what it found, in the order of looked
	Sights  []Sight       `json:"sights,omitempty"`  // microphones and cameras in use, of the last look ever
	Locked  bool          `json:"locked,omitempty"`
	Locks   int           `json:"locks,omitempty"`   // how often the screen was locked
	Hushing bool          `json:"hushing,omitempty"` // the session was begun while something kept prompts back

	Today     Figures   `json:"today"`
	DayEnds   time.Time `json:"day_ends"`
	SilentFor int       `json:"silent_for"` // working days in a row with prompts, none of them accepted
	Hushed    bool      `json:"hushed"`     // tray-only by itself

	Phase  Phase         `json:"phase"`
	Reason string        `json:"reason"`
	Until  time.Duration `json:"until"` // when the phase ends, 0 where unknown
}

// New is a machine to which nothing has happened.
func New(set Settings) State {
	return State{Settings: set, Point: set.Limit, Phase: Quiet}
}

// An Effect is something the reminder wants done or known.
type Effect struct {
	Prompt   *Prompt `json:"prompt,omitempty"`
	Withdraw bool    `json:"withdraw,omitempty"` // take the prompt off the screen
	Notice   string  `json:"notice,omitempty"`   // NoticePauseRecalled, NoticeHushed
	NewDay   bool    `json:"new_day,omitempty"`
	Look     bool    `json:"look,omitempty"` // look for reasons to stay quiet; Seen takes the answer
}

// Notices.
const (
	NoticePauseRecalled = "pause_recalled"
	NoticeHushed        = "tray_only"
)

// A Prompt is what the notification needs to know.
type Prompt struct {
	InChair    time.Duration `json:"in_chair"` // the streak; of standing, the load
	Standing   bool          `json:"standing,omitempty"`
	GetUp      bool          `json:"get_up,omitempty"`      // lead with getting up
	OfferUp    bool          `json:"offer_up,omitempty"`    // “I was up” in place of Skip
	NextSnooze time.Duration `json:"next_snooze,omitempty"` // 0: none left
	TrayOnly   bool          `json:"tray_only,omitempty"`
	Over       *Hold         `json:"over,omitempty"` // it has kept the break back for as long as it may; to be shown without a sound
}

// Settle brings the machine to the moment of f: what has expired expires, the phase is chosen anew, and a prompt
// is shown or withdrawn. Calling it more often changes nothing.
func (s *State) Settle(f Facts) []Effect {
	var out []Effect
	out = append(out, s.newDay(f)...)
	out = append(out, s.expire(f)...)
	s.countLocks(f.Locked)
	s.unanswered(f)
	s.owe(f)
	for {
		s.choosePhase(f)
		effects, changed := s.act(f)
		out = append(out, effects...)
		if !changed {
			return out
		}
	}
}

// newDay resets what is counted by the day.
func (s *State) newDay(f Facts) []Effect {
	if s.DayEnds.IsZero() || s.DayEnds.Sub(f.Wall) > longestDay { // the clock was set back
		s.DayEnds = nextClock(f.Wall, s.Settings.DayStarts)
		return nil
	}
	if f.Wall.Before(s.DayEnds) {
		return nil
	}
	var out []Effect
	switch {
	case s.Today.Accepted:
		s.SilentFor = 0
	case s.Today.Prompts > 0:
		s.SilentFor++
	}
	if s.SilentFor >= unansweredDays && !s.Hushed {
		s.Hushed = true
		out = append(out, Effect{Notice: NoticeHushed})
	}
	s.Today, s.Ignored = Figures{}, 0
	s.DayEnds = nextClock(f.Wall, s.Settings.DayStarts)
	return append(out, Effect{NewDay: true})
}

func (s *State) expire(f Facts) (out []Effect) {
	if s.PausedAt != 0 && s.pauseOver(f) {
		s.PausedAt = 0
	}
	if s.PausedAt != 0 && s.untilResumed() && !s.Recalled && f.Now >= s.PausedAt+recallAfter {
		s.Recalled = true
		out = append(out, Effect{Notice: NoticePauseRecalled})
	}
	if s.SnoozedUntil != 0 && f.Now >= s.SnoozedUntil {
		s.AskedFor = s.SnoozedBy == ReasonUser
		s.SnoozedUntil, s.SnoozedBy = 0, ""
	}
	return out
}

func (s *State) pauseOver(f Facts) bool {
	return s.PausedUntil != 0 && f.Now >= s.PausedUntil ||
		!s.PausedWall.IsZero() && !f.Wall.Before(s.PausedWall)
}

func (s *State) untilResumed() bool { return s.PausedUntil == 0 && s.PausedWall.IsZero() }

// owe keeps account of whether a break is owed.
func (s *State) owe(f Facts) {
	if f.InSession {
		return
	}
	if f.Standing != s.Standing { // getting up, or sitting down again, is a new beginning
		s.Standing = f.Standing
		s.forget()
		s.Point = s.limit()
	}
	if f.Cleared && !s.Standing {
		s.Point, s.SnoozesUsed = s.limit(), 0
	}
	switch {
	case !s.Owed && f.Load >= s.Point:
		s.Owed = true
	case s.Owed && 10*f.Load < stillOwed*s.Point:
		s.forget()
	}
	if 2*f.Load <= s.limit() {
		s.Ignored = 0 // there was a break
	}
}

// forget is that no break is owed any more.
func (s *State) forget() {
	s.Owed, s.AskedFor = false, false
	s.SnoozedUntil, s.SnoozedBy = 0, ""
}

func (s *State) limit() time.Duration {
	if s.Standing {
		return s.Settings.StandLimit
	}
	return s.Settings.Limit
}

// choosePhase sets the phase: the first that applies.
func (s *State) choosePhase(f Facts) {
	open, change := s.Settings.Hours.at(f.Wall)
	hold, held := s.holding(f.Now)
	s.Reason, s.Until = "", 0
	switch {
	case f.InSession:
		s.Phase = InSession
	case s.PausedAt != 0:
		s.Phase, s.Until = Paused, s.pauseEnds(f)
	case !open:
		s.Phase, s.Until = OffHours, onTimeline(f, change)
	case s.SnoozedUntil != 0:
		s.Phase, s.Reason, s.Until = Snoozed, s.SnoozedBy, s.SnoozedUntil
	case s.Owed && f.Meeting != 0:
		s.Phase, s.Reason, s.Until = Held, ReasonMeeting, f.Meeting
	case s.Owed && s.Shown != nil:
		s.Phase = Prompted
	case s.Owed && held:
		s.Phase, s.Reason = Held, hold.Reason
	case s.Owed:
		s.Phase = Due
		s.Reason, s.Until = s.wait(f, change)
	default:
		s.Phase = Quiet
	}
	if s.Phase != Held && s.Phase != Due || s.Reason == ReasonMeeting {
		s.lookAway()
	}
	s.note(f)
}

// note keeps since when a break is due or asked for, and since when nothing but input is waited for.
func (s *State) note(f Facts) {
	switch {
	case s.Phase != Due && s.Phase != Prompted:
		s.AskedAt = 0
	case s.AskedAt == 0:
		s.AskedAt = f.Now
	}
	switch {
	case s.Phase != Due || s.Reason != ReasonPatience:
		s.ReadyAt = 0
	case s.ReadyAt == 0:
		s.ReadyAt = f.Now
	}
}

// wait is why a due break is not asked for at this moment. Patience is the last of the reasons.
func (s *State) wait(f Facts, closes time.Time) (reason string, until time.Duration) {
	switch {
	case f.Locked:
		return ReasonLocked, 0
	case !f.AtDesk:
		return ReasonAway, 0
	case f.Now < s.GraceUntil:
		return ReasonGrace, s.GraceUntil
	case !closes.IsZero() && closes.Sub(f.Wall) <= lastMinutes:
		return ReasonGrace, 0
	}
	return ReasonPatience, 0
}

// act does what the phase asks for, and says whether that has changed the phase.
func (s *State) act(f Facts) (out []Effect, changed bool) {
	switch {
	case s.Shown != nil && s.Phase != Prompted:
		return s.withdraw(f), false
	case s.Phase == Prompted && f.Now >= s.Shown.At+s.Settings.IgnoredAfter:
		out = s.withdraw(f)
		wait := ignoredTimes[min(s.Ignored, len(ignoredTimes)-1)] * s.limit() / 2
		s.Ignored++
		s.SnoozedUntil, s.SnoozedBy = f.Now+wait, ReasonIgnored
		return out, true
	case s.Phase == Due && s.goodMoment(f) && s.fresh(f.Now):
		s.Shown = &Shown{At: f.Now, Standing: s.Standing}
		s.AskedFor = false
		s.Today.Prompts++
		return []Effect{{Prompt: s.prompt(f)}}, true
	}
	return s.look(f), false
}

// goodMoment says whether to ask now: a pause in input has just become long enough, or patience has run out while
// there is input. A longer silence, begun before, may be an empty chair: the break stays due, unsaid.
func (s *State) goodMoment(f Facts) bool {
	if s.Reason != ReasonPatience {
		return false
	}
	ready := s.ReadyAt
	if s.LeftAt != 0 && !s.AskedFor {
		ready = max(ready, s.LeftAt+s.Settings.MinGap)
	}
	if f.Now < ready {
		return false
	}
	if s.Settings.Patience == 0 || s.Settings.PauseInInput == 0 {
		return true
	}
	if quiet := f.QuietFrom + s.Settings.PauseInInput; f.QuietFrom != 0 && f.Now >= quiet {
		_, over := s.over(f.Now) // who watches a film, or listens, is quiet and there
		return quiet >= ready || over
	}
	return f.Now >= s.ReadyAt+s.Settings.Patience
}

func (s *State) prompt(f Facts) *Prompt {
	p := &Prompt{InChair: f.Streak, Standing: s.Standing, TrayOnly: s.Settings.TrayOnly || s.Hushed}
	if s.Standing {
		p.InChair = f.Load
	}
	p.GetUp = !s.Standing && f.Streak >= getUpAfter
	p.OfferUp = !s.Standing && f.LoadIfUp < s.Point
	if s.SnoozesLeft() > 0 {
		p.NextSnooze = s.Settings.Snooze[0]
	}
	if h, over := s.over(f.Now); over {
		p.Over = &h
		s.Shown.Over = true
	}
	return p
}

func (s *State) withdraw(f Facts) []Effect {
	if s.Shown.LeftAt == 0 {
		s.LeftAt = f.Now
	}
	s.Shown = nil
	return []Effect{{Withdraw: true}}
}

// SnoozesLeft is how often this break may still be snoozed.
func (s *State) SnoozesLeft() int { return max(0, s.Settings.MaxSnoozes-s.SnoozesUsed) }

// WantsPause says whether the sensor must tell of short pauses in input.
func (s *State) WantsPause() bool { return s.Phase == Due && s.Reason == ReasonPatience }

func (s *State) pauseEnds(f Facts) time.Duration {
	if !s.PausedWall.IsZero() {
		return onTimeline(f, s.PausedWall)
	}
	return s.PausedUntil
}

// onTimeline is the wall time w on the daemon's timeline, 0 for none.
func onTimeline(f Facts, w time.Time) time.Duration {
	if w.IsZero() {
		return 0
	}
	return f.Now + w.Sub(f.Wall)
}

// NextWake is when the machine has something to do by itself, if nothing happens before. Never at or before now.
func (s *State) NextWake(f Facts) (time.Duration, bool) {
	var next time.Duration
	at := func(d time.Duration) {
		if d > f.Now && (next == 0 || d < next) {
			next = d
		}
	}
	at(onTimeline(f, s.DayEnds))
	_, change := s.Settings.Hours.at(f.Wall)
	at(onTimeline(f, change))
	if s.PausedAt != 0 {
		at(s.pauseEnds(f))
		if s.untilResumed() && !s.Recalled {
			at(s.PausedAt + recallAfter)
		}
	}
	at(s.SnoozedUntil)
	if s.Shown != nil {
		at(s.Shown.At + s.Settings.IgnoredAfter)
	}
	if s.Phase == Due {
		s.wakeWhenDue(f, change, at)
	}
	s.wakeForLooks(f, at)
	if f.InSession {
		return next, next != 0
	}
	if !s.Owed && f.Growing && f.Load < s.Point {
		at(f.Now + s.Point - f.Load)
	}
	if s.Owed {
		at(f.FallsTo((stillOwed*s.Point - 1) / 10))
	}
	if !f.Cleared && (s.SnoozesUsed > 0 || s.Point > s.limit()) {
		at(f.FallsTo(0))
	}
	return next, next != 0
}

func (s *State) wakeWhenDue(f Facts, closes time.Time, at func(time.Duration)) {
	at(s.GraceUntil)
	if !closes.IsZero() {
		at(onTimeline(f, closes.Add(-lastMinutes)))
	}
	if s.Reason != ReasonPatience {
		return
	}
	if s.LeftAt != 0 && !s.AskedFor {
		at(s.LeftAt + s.Settings.MinGap)
	}
	at(s.ReadyAt + s.Settings.Patience)
	if f.QuietFrom != 0 {
		at(f.QuietFrom + s.Settings.PauseInInput)
	}
}
