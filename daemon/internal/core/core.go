// Package core is the whole program as one pure machine: sitting, reminder and session player behind a single
// Step, which the loop, the replay and the simulations all drive.
package core

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
	"github.com/unhunch/unhunch/routines"
)

const (
	// checkpoint is how much of the load a crash may cost.
	checkpoint = time.Minute
	// tellAfter is how long a posture lasts before the history is told of it though it goes on. A crash costs it nothing:
	// the checkpoint knows what it has not been told. It is for the day that the checkpoint is lost too.
	tellAfter = 10 * time.Minute
	// shortGap is the longest stop of the daemon that continues what the person was doing.
	shortGap = time.Minute
	// noDeadline is when to look again before the day is known, which the first step sees to.
	noDeadline = 24 * time.Hour
	// quietWatch is the pause in input that is always worth knowing: it shows that the sensor works.
	quietWatch = time.Minute
)

// State is everything the daemon knows. It is a value: JSON encodes it whole, and a copy is a snapshot.
type State struct {
	T      time.Duration `json:"t"`       // the daemon's timeline: time since its first start ever, suspend counted
	At     clock.Reading `json:"at"`      // the clocks at T
	BootID string        `json:"boot_id"` // the boot that At.Boot counts from
	Zone   clock.Zone    `json:"zone"`

	Source string         `json:"source"` // the input sensor in use
	Sit    sitting.State  `json:"sitting"`
	Rem    reminder.State `json:"reminder"`

	Player   routines.Player      `json:"player"`
	Sessions int                  `json:"sessions"`            // finished today
	Begun    uint64               `json:"begun"`               // sessions ever, for their ids
	Done     bool                 `json:"done"`                // the session has been counted as finished
	Guided   Guide                `json:"guided"`              // what the guide was told last
	Sound    bool                 `json:"sound,omitempty"`     // sessions are heard
	Rung     time.Duration        `json:"rung,omitempty"`      // when the end of a step was heard last
	Recent   []string             `json:"recent,omitempty"`    // exercises done, the latest last
	RecentAt map[string]time.Time `json:"recent_at,omitempty"` // when, by exercise: for planning where no history is kept

	// Retired are exercises that hurt before there was a profile. Whoever runs the core takes them over from here.
	Retired []string `json:"retired,omitempty"`

	Told    time.Duration `json:"told"`              // up to here the history is up to date
	Prompt  time.Time     `json:"prompt,omitzero"`   // when the break was asked for whose outcome is not known yet
	BeganAt time.Time     `json:"began_at,omitzero"` // the session
	Hurts   []int         `json:"hurts,omitempty"`   // steps of it that hurt

	CheckedIn bool `json:"checked_in,omitempty"` // today it was asked how a session has left the person
	CheckIn   bool `json:"check_in,omitempty"`   // so it was of the last session, and may still be answered
	Worse     int  `json:"worse,omitempty"`      // so many times running the answer was “worse”

	Problems []api.Problem `json:"problems,omitempty"`

	Rev     uint64        `json:"rev"`
	Watch   time.Duration `json:"watch"`
	Vouch   bool          `json:"vouch,omitempty"` // what vouches for the person is being watched
	SavedAt time.Duration `json:"saved_at"`

	Awaited []reminder.Sighting `json:"awaited,omitempty"` // whose end is listened for

	loc   *time.Location // of Zone, made when needed
	shown *shape         // what was last revealed, made when needed
	dead  bool           // passing through a time when the daemon did not run: nobody was asked anything then
}

// New is a state to which nothing has happened.
func New(set Settings) State {
	return State{T: 1, Sit: sitting.New(set.Sitting, 1), Rem: reminder.New(set.Reminder), Sound: set.Sound, Source: "none"}
}

// Check says whether s is a state that the machines can be in.
func (s *State) Check() error {
	if s.T <= 0 {
		return errors.New("the timeline has not begun")
	}
	return errors.Join(s.Sit.Check(), s.Rem.Check())
}

// Step is what e makes of s, and what is to be done about it. It changes nothing that s refers to.
//
// Deadlines that lie before e are met first, one after the other, each at its own time: a step that comes late
// gives what steps in time would have given.
func Step(s State, e Event) (State, []Effect) {
	m := machine{State: s, was: s.Sit.Log, then: s.T}
	if m.shown == nil {
		now := m.shape()
		m.shown = &now
	}
	if e.Start != nil {
		m.start(e.At, *e.Start)
	} else {
		m.pass(e.At)
	}
	m.take(e)
	m.settle()
	if m.looking {
		m.Rem.LookBegins(m.T)
	}
	return m.State, m.out
}

// NextWake is when the machine needs a step without an event, as boot time. There always is one: the next day.
func NextWake(s *State) time.Duration { return s.At.Boot + s.nextWake() - s.T }

// machine is a State at work.
type machine struct {
	State
	news    bool // something is to be revealed that is not in the shape
	looking bool // a look is asked for in this very step: nobody can have answered it
	out     []Effect

	was  sitting.Log   // as the history knows it
	then time.Duration // when it was so
}

func (m *machine) emit(e Effect) { m.out = append(m.out, e) }

// pass lets time go by until the clocks show at.
func (m *machine) pass(at clock.Reading) {
	awake, asleep := at.Since(m.At)
	m.run(m.T + awake)
	if asleep > 0 {
		m.sleep(asleep)
	}
	m.At = at
}

// run meets every deadline up to the time end, and stays there.
func (m *machine) run(end time.Duration) {
	for next := m.nextWake(); next <= end; next = m.nextWake() {
		m.move(next)
		m.settle()
	}
	m.move(end)
}

// move is that t has come. All clocks go on alike.
func (m *machine) move(t time.Duration) {
	d := t - m.T
	m.T += d
	m.At.Boot += d
	m.At.Mono += d
	m.At.Wall = m.At.Wall.Add(d)
}

// sleep is that the machine was suspended for d.
func (m *machine) sleep(d time.Duration) {
	m.Player = m.Player.Interrupt(m.T)
	m.settle()
	from := m.T
	m.move(m.T + d)
	m.Sit.Slept(from, m.T)
	m.Rem.Woke(m.T)
}

func (m *machine) start(at clock.Reading, s Start) {
	gap := m.gap(at, s.BootID)
	if m.Rem.Shown != nil {
		m.withdrawn() // it is gone from the screen, and any word of it with it
	}
	m.Rem.Restarted(m.T)
	m.dead = true
	if gap <= shortGap {
		m.Player = m.Player.Pause(m.T)
		m.run(m.T + gap)
	} else {
		m.Player = m.Player.Interrupt(m.T)
		m.settle()
		from := m.T
		m.move(m.T + gap)
		m.Sit.Absent(from, m.T)
		m.Rem.Woke(m.T)
	}
	m.dead = false
	if s.BootID == "" || s.BootID != m.BootID {
		m.Rem.Rebooted()
	}
	m.At, m.BootID = at, s.BootID
	m.zone(s.Zone)
	m.configure(s.Settings)
	m.Sit.Restarted(m.T)
	m.Source, m.Problems, m.Watch, m.Vouch, m.Awaited = "none", nil, 0, false, nil
}

// gap is how long the daemon did not run: by the boot clock if it is the same boot, else by the wall clock.
func (m *machine) gap(at clock.Reading, bootID string) time.Duration {
	switch {
	case m.At.Wall.IsZero():
		return 0
	case bootID != "" && bootID == m.BootID:
		return max(0, at.Boot-m.At.Boot)
	}
	return max(0, at.Wall.Sub(m.At.Wall))
}

// take is what the event itself does.
func (m *machine) take(e Event) {
	switch {
	case e.Settings != nil:
		m.configure(*e.Settings)
		m.news = true // the tray offers some of them
	case e.Zone != nil:
		m.zone(*e.Zone)
	case e.Input != nil:
		m.input(*e.Input)
	case e.Screen != nil:
		m.Sit.Screen(m.T, e.Screen.Dark)
	case e.Desk != nil:
		m.desk(*e.Desk)
	case e.Vouch != nil:
		m.Sit.Vouch(m.T, e.Vouch.By)
	case e.Prompt != "":
		m.Rem.Expired(m.T)
	case e.Holds != nil:
		m.Rem.Seen(m.T, e.Holds.Found)
	case e.Seen != "":
		m.seen(e.Seen)
	case e.Page != "":
		m.looksAt(e.Page)
	case e.Problems != nil:
		m.problems(*e.Problems)
	case e.Tell:
		m.tell()
	case e.Recalled != nil:
		m.recall(*e.Recalled)
	case e.Command != nil:
		refusal := m.command(*e.Command)
		if refusal != "" {
			m.emit(Effect{Refused: refusal})
		}
		m.news = refusal == "" // what the person has said is kept and shown, whatever it changes
	}
}

func (m *machine) configure(set Settings) {
	m.Sit.Configure(m.T, set.Sitting)
	m.Rem.Configure(set.Reminder)
	m.Sound = set.Sound
	m.Watch = 0 // the sensor is to hear of all that it may be asked for
}

func (m *machine) zone(z clock.Zone) { m.Zone, m.loc = z, nil }

// wall is the person's local time.
func (s *State) wall() time.Time { return s.At.Wall.In(s.Location()) }

// Location is the person's time zone.
func (s *State) Location() *time.Location {
	if s.loc == nil {
		loc, err := time.LoadLocationFromTZData(s.Zone.Name, s.Zone.TZif)
		if err != nil {
			loc = time.UTC
		}
		s.loc = loc
	}
	return s.loc
}

func (m *machine) input(in Input) {
	m.Source = in.Source
	switch in.State {
	case sitting.InputActive:
		m.Sit.Active(m.T)
	case sitting.InputIdle:
		m.Sit.Idle(m.T, m.T-in.Idle)
	default:
		m.Sit.Lost(m.T)
	}
}

func (m *machine) desk(d Desk) {
	was := m.Sit.Locked || m.Sit.Inactive || m.Sit.Sleeping
	if m.Sit.Locked != d.Locked { // what vouches before and after is a fixture
		m.emit(Effect{Vouch: VouchLook})
	}
	m.Sit.Desk(m.T, d.Locked, d.Inactive, d.Sleeping, d.Here)
	if was && !d.Locked && !d.Inactive && !d.Sleeping {
		m.Rem.Woke(m.T)
	}
}

func (m *machine) problems(p Problems) {
	rest := slices.DeleteFunc(slices.Clone(m.Problems), func(q api.Problem) bool { return q.Part == p.Part })
	m.Problems = append(rest, p.List...)
	m.news = true // also where only the words differ, which the event log does not keep
}

// command does what the person asks for, or says why not.
func (m *machine) command(c Command) (refusal string) {
	switch c.Name {
	case "stretch":
		return m.stretch(c)
	case "snooze":
		if refusal = m.Rem.Snooze(m.T, c.For); refusal == "" {
			m.answered(OutcomeSnoozed)
		}
		return refusal
	case "skip":
		if refusal = m.Rem.Skip(m.facts().Load); refusal == "" {
			m.answered(OutcomeSkipped)
		}
		return refusal
	case "pause":
		if c.Tomorrow {
			m.Rem.PauseToTomorrow(m.T, m.wall())
		} else {
			m.Rem.Pause(m.T, c.For)
		}
	case "resume":
		m.Rem.Resume()
	case "sit":
		m.Sit.Sit(m.T, c.For)
	case "stand":
		m.Sit.Stand(!c.Off)
	case "meeting":
		if c.Off {
			m.Sit.EndMeeting(m.T)
		} else {
			m.Sit.Meet(m.T, c.For)
		}
	case "was":
		return m.Sit.Was(m.T, c.Posture, c.For)
	case "was_up":
		m.Rem.WasUp()
		m.answered(OutcomeWasUp)
		return m.Sit.Was(m.T, sitting.Away, 0)
	case "erase":
		m.erase()
	case "session/feeling":
		return m.feels(c.Feeling)
	default:
		return m.control(c.Name)
	}
	return ""
}

// settle lets every machine catch up with the moment, and reveals what has changed.
func (m *machine) settle() {
	for again := true; again; {
		again = m.play()
		m.Sit.Asked(m.Rem.AskedAt)
		m.sit()
		f := m.facts()
		f.Looking = m.looking
		for _, e := range m.Rem.Settle(f) {
			m.carry(e)
			again = true
		}
	}
	m.Sit.Asked(m.Rem.AskedAt)
	m.remark()
	m.watch()
	m.vouch()
	m.await()
	m.reveal()
	if m.T >= m.SavedAt+checkpoint && m.Sit.Present() {
		if m.T >= m.Told+tellAfter {
			m.tell()
		}
		m.save()
	}
}

// sit lets the count catch up, and says once what it has come to distrust or do without.
func (m *machine) sit() {
	phantom, timer := m.Sit.Phantom, m.Sit.Input == sitting.InputTimer
	m.Sit.Settle(m.T)
	if m.Sit.Phantom && !phantom {
		m.emit(Effect{Notice: NoticePhantom})
	}
	if m.Sit.Input == sitting.InputTimer && !timer {
		m.emit(Effect{Notice: NoticeTimerMode})
	}
}

// carry does what the reminder wants.
func (m *machine) carry(e reminder.Effect) {
	switch {
	case e.Prompt != nil:
		m.Sit.Prompted(m.T)
		m.asked()
		m.emit(Effect{Prompt: e.Prompt})
	case e.Withdraw:
		m.withdrawn()
		m.emit(Effect{Withdraw: true})
	case e.Notice != "":
		m.emit(Effect{Notice: e.Notice})
	case e.Look:
		m.looking = true
		m.emit(Effect{Look: true})
	case e.NewDay:
		m.Sit.NewDay(m.T)
		m.Sessions, m.CheckedIn = 0, false
	}
}

// facts are the moment as the reminder needs it.
func (s *State) facts() reminder.Facts {
	v := s.Sit.View(s.T)
	from, quiet, known := s.Sit.Quiet()
	if !quiet || !known {
		from = 0
	}
	f := reminder.Facts{
		Now: s.T, Wall: s.wall(),
		Load: v.Load, Growing: v.Posture == sitting.Sitting, Cleared: v.Load == 0,
		AtDesk: (v.Posture == sitting.Sitting || v.Posture == sitting.Standing) && !s.dead,
		Locked: s.Sit.Locked || s.Sit.Inactive || s.Sit.Sleeping, QuietFrom: from,
		InSession: s.Sit.InSession, Meeting: s.Sit.MeetingUntil,
		Streak: v.Streak, LoadIfUp: s.Sit.LoadIfUp(s.T, v.Load), FallsTo: s.Sit.Fall(s.Sit.OnFeet).To,
	}
	if s.Sit.OnFeet {
		f.Standing, f.Load, f.Growing = true, v.StandLoad, v.Posture == sitting.Standing
	}
	return f
}

// nextWake is the next deadline of any machine on the timeline.
func (s *State) nextWake() time.Duration {
	next, ok := s.Rem.NextWake(s.facts())
	if !ok {
		next = s.T + noDeadline
	}
	if t, ok := s.Sit.NextWake(s.T); ok {
		next = min(next, t)
	}
	if t, ok := s.Player.NextWake(); ok && t > s.T {
		next = min(next, t)
	}
	if t, ok := s.ending(); ok && t > s.T {
		next = min(next, t)
	}
	if s.Sit.Present() { // a crash would lose something
		next = min(next, max(s.SavedAt+checkpoint, s.T+1))
	}
	return next
}

// watch asks the sensor for short pauses only while one is waited for.
func (m *machine) watch() {
	long, short := m.pauses()
	want := long
	if m.Rem.WantsPause() {
		want = short
	}
	if want != m.Watch {
		m.Watch = want
		m.emit(Effect{Watch: want})
	}
}

// pauses are the lengths of silence that the sensor is asked for: always, and while a pause is waited for.
func (s *State) pauses() (long, short time.Duration) {
	long = min(quietWatch, s.Sit.Settings.AwayAfter)
	short = long
	if p := s.Rem.Settings.PauseInInput; p > 0 {
		short = min(long, p)
	}
	return long, short
}

// Pauses are all lengths of silence that the sensor may be asked for under these settings.
func (s *State) Pauses() []time.Duration {
	long, short := s.pauses()
	return []time.Duration{long, short}
}

// vouch has it found out what vouches for the person, only while it matters.
func (m *machine) vouch() {
	want := m.Sit.WantsVouch(m.T)
	if want == m.Vouch || m.dead { // nothing is found out while the daemon does not run
		return
	}
	m.Vouch = want
	if want {
		m.emit(Effect{Vouch: VouchWatch})
	} else {
		m.emit(Effect{Vouch: VouchRest})
	}
}

// await has it listened for the end of what a break waits for, and for nothing else.
func (m *machine) await() {
	var want []reminder.Sighting
	if m.Rem.Phase == reminder.Held {
		want = m.Rem.Awaited(m.facts())
	}
	if m.dead || slices.Equal(want, m.Awaited) {
		return
	}
	m.Awaited = want
	m.emit(Effect{Await: &Await{For: want}})
}

// reveal makes a new revision where something visible has changed other than by time passing.
func (m *machine) reveal() {
	s, was := m.shape(), *m.shown
	if s == was && !m.news {
		return
	}
	m.shown = &s
	m.Rev++
	m.emit(Effect{Rev: m.Rev})
	if was.presence = s.presence; s != was || m.news { // presence alone is asked for anew after a restart
		m.tell()
		m.save()
	}
	m.news = false
}

func (m *machine) save() {
	m.SavedAt = m.T
	m.emit(Effect{Save: true})
}

// sessionID is a short name that no other session of this person has had.
func sessionID(n uint64) string { return "s" + strconv.FormatUint(n, 10) }
