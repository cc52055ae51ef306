// Package promises judges what the core has done by what the program has promised: it looks at every step, knows only
// what the events have said, and never asks the machines what they believe where it can tell by itself.
//
// It is pure: the soak drives it beside the running loop, and replay over a log.
package promises

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
)

// The promises that can be judged by events alone, by their numbers in the design.
const (
	Owed       = -1 // no promise: a break that is owed comes, and nothing holds it back that is not there
	Sense      = 0  // no promise: the state makes sense
	GoodMoment = 1  // never prompts while locked, away, undecided, paused, held, in a session or outside hours
	Gap        = 2  // never two prompts closer than the minimum gap
	Awake      = 3  // sitting time never exceeds awake time
	PauseKept  = 4  // an explicit pause is never shortened
	Visible    = 12 // a degraded sensor can be seen
	ExtraTicks = 13 // inserting ticks changes nothing
	Same       = 14 // the same events give the same effects
)

const (
	// recountable is how far back the person may correct the count.
	recountable = 4 * time.Hour
	// shortGap is the longest stop of the daemon that continues what the person was doing.
	shortGap = time.Minute
	// sleepAborted is how long awake after “going to sleep” means that there was no sleep.
	sleepAborted = 30 * time.Second
	// never is long before the beginning.
	never = time.Duration(-1 << 62)
	// declaredFor is how long `sit` and `meeting` last unless told otherwise.
	declaredFor = time.Hour
)

// A Broken is a promise that was not kept.
type Broken struct {
	Promise int // one of those above
	What    string
}

func (b Broken) String() string {
	if b.Promise <= Sense {
		return b.What
	}
	return fmt.Sprintf("promise %d: %s", b.Promise, b.What)
}

// A Judge sees one run of steps after the other. Make one with New.
type Judge struct {
	last clock.Reading
	t    time.Duration // its own timeline, suspend counted; it begins at 0
	boot string

	desk  core.Desk
	dark  bool
	lost  bool // the sensor says nothing
	idle  bool
	gone  bool          // slept through a silence: nobody has been seen since
	sign  time.Duration // of life, the last, or of something that vouched for the person; so are the times below on t
	slept time.Duration // when the machine was said to go to sleep
	empty bool          // nobody was there then
	woke  time.Duration // or was unlocked, last

	vouched time.Duration // until then `sit` does
	meeting time.Duration
	guided  bool // a session is being shown

	paused     bool
	pausedTo   time.Duration // 0 where it is not by time
	pausedWall time.Time     // zero where it is not until tomorrow

	shown bool          // a prompt is on the screen, or in the list
	out   bool          // it has left the screen
	left  time.Duration // when the last one did
	asked bool          // the next prompt is the end of a snooze

	late  bool          // the step came when others should have come before it
	free  bool          // nothing but input stands in the way of the prompt…
	ready time.Duration // …since then
	seen  time.Duration // when input came back last

	holds
	silence

	awake  time.Duration // since the day began, and what may have been counted before that was seen
	unseen time.Duration // while no daemon ran: awake if the person says so
	found  []Broken
}

// New is a judge of what follows on s. What came before it takes from there.
func New(s core.State) *Judge {
	at := func(then time.Duration) time.Duration { return then - s.T } // negative: before the beginning
	j := &Judge{last: s.At, boot: s.BootID, lost: true, woke: never, left: never, holds: holdsOf(&s.Rem, at), silence: silenceOf(&s, at)}
	if s.T > 1 {
		back := time.Duration(recountable)
		if last := s.Sit.Last; last != nil { // however long ago that began
			back = max(back, s.T-last.From)
		}
		j.awake = s.Sit.View(s.T).Sat + back
		j.lost = s.Sit.Input == sitting.InputUnknown || s.Sit.Input == sitting.InputTimer
		j.idle = s.Sit.Input == sitting.InputIdle
		j.gone = j.idle && s.Sit.Gone
		j.sign = at(s.Sit.QuietFrom)
		j.woke = at(s.Rem.GraceUntil - s.Rem.Settings.WakeGrace)
	}
	j.desk = core.Desk{Locked: s.Sit.Locked, Inactive: s.Sit.Inactive, Sleeping: s.Sit.Sleeping, Here: s.Sit.Here}
	j.dark, j.slept, j.empty, j.guided = s.Sit.Dark, at(s.Sit.SleepAt), s.Sit.SleepGone, s.Guided.Phase != ""
	j.vouched, j.meeting = at(s.Sit.SitUntil), at(s.Sit.MeetingUntil)
	if s.Rem.PausedAt != 0 {
		j.paused, j.pausedWall = true, s.Rem.PausedWall
		if s.Rem.PausedUntil != 0 {
			j.pausedTo = at(s.Rem.PausedUntil)
		}
	}
	j.asked = s.Rem.AskedFor || s.Rem.SnoozedBy == reminder.ReasonUser
	if s.Rem.LeftAt != 0 {
		j.left = at(s.Rem.LeftAt)
	}
	if j.shown = s.Rem.Shown != nil; j.shown {
		j.out = s.Rem.Shown.LeftAt != 0
	}
	return j
}

// See judges one step: e led from before to after and had these effects.
func (j *Judge) See(before core.State, e core.Event, effects []core.Effect, after core.State) []Broken {
	j.found = nil
	j.late = e.Start != nil || e.At.Boot > core.NextWake(&before)+time.Second // a machine that has stood still
	j.ticks(before, e, effects, after)
	if e.Start != nil {
		j.start(e)
	} else {
		j.pass(e.At)
	}
	if set := e.Settings; set != nil && set.Reminder.Holds != before.Rem.Settings.Holds {
		j.holds.forget()
	}
	refused := false
	for _, f := range effects {
		refused = refused || f.Refused != ""
	}
	j.take(e, refused, &after)
	j.screen(before, e, effects, &after)
	j.count(before, e, &after)
	j.sat(before, e, &after)
	j.state(&after)
	j.held(&after)
	j.owed(&after)
	return j.found
}

func (j *Judge) broken(promise int, format string, args ...any) {
	j.found = append(j.found, Broken{promise, fmt.Sprintf(format, args...)})
}

// ticks lives the step once more, and once with a tick in its middle.
func (j *Judge) ticks(before core.State, e core.Event, effects []core.Effect, after core.State) {
	again, out := core.Step(before, e)
	if !reflect.DeepEqual(out, effects) || !reflect.DeepEqual(core.View(again, e.At), core.View(after, e.At)) {
		j.broken(Same, "the same event did something else")
		return
	}
	awake, asleep := e.At.Since(before.At)
	looks := slices.ContainsFunc(effects, func(f core.Effect) bool { return f.Look })
	if e.Start != nil || asleep > 0 || j.late && looks { // who is asked earlier answers earlier
		return
	}
	middle := before.At
	middle.Boot += awake / 2
	middle.Mono += awake / 2
	middle.Wall = middle.Wall.Add(awake / 2)
	ticked, first := core.Step(before, core.Event{At: middle})
	ticked, rest := core.Step(ticked, e)
	if all := append(first, rest...); len(all)+len(effects) > 0 && !reflect.DeepEqual(all, effects) {
		j.broken(ExtraTicks, "a tick in between gave other effects")
	} else if !reflect.DeepEqual(core.View(ticked, e.At), core.View(after, e.At)) {
		j.broken(ExtraTicks, "a tick in between changed the state")
	}
}

// start is that the daemon did not run for a while.
func (j *Judge) start(e core.Event) {
	var gap time.Duration
	switch {
	case j.last.Wall.IsZero():
	case e.Start.BootID != "" && e.Start.BootID == j.boot:
		gap = max(0, e.At.Boot-j.last.Boot)
	default:
		gap = max(0, e.At.Wall.Sub(j.last.Wall))
	}
	if j.shown && !j.out {
		j.left = j.t
	}
	j.shown = false
	j.holds.forget()
	if e.Start.BootID == "" || e.Start.BootID != j.boot {
		clear(j.holds.calls)
	}
	j.silence.by, j.silence.dueBy, j.silence.plain = nil, never, false
	j.t += gap
	if gap <= shortGap {
		j.awake += gap
	} else {
		j.woke, j.unseen = j.t, min(j.unseen+gap, recountable)
	}
	j.last, j.boot = e.At, e.Start.BootID
	j.desk, j.dark, j.lost, j.idle, j.gone, j.sign = core.Desk{}, false, true, false, false, j.t
	j.back()
	j.quiet, j.free = j.t, false
}

// pass lets time go by until at.
func (j *Judge) pass(at clock.Reading) {
	awake, asleep := at.Since(j.last)
	j.t += awake
	j.awake += awake
	if j.desk.Sleeping && j.t >= j.slept+sleepAborted {
		if j.desk.Sleeping = false; !j.empty || !j.idle { // else nobody was there to call it off
			j.back()
		}
	}
	if j.speaksFor(); asleep > 0 {
		j.t += asleep
		j.woke, j.plain = j.t, false
		j.desk.Sleeping = false
		if j.gone = j.idle || j.absent(); !j.gone {
			j.back()
		}
	}
	said := min(j.t, max(j.vouched, j.meeting))
	if j.guided {
		said = j.t
	}
	j.sign, j.hand = max(j.sign, said), max(j.hand, said)
	j.countLocks()
	j.last = at
}

func (j *Judge) absent() bool { return j.locked() || j.dark || j.desk.Sleeping }

func (j *Judge) locked() bool { return j.desk.Locked || j.desk.Inactive }

// take is what the event says.
func (j *Judge) take(e core.Event, refused bool, after *core.State) {
	was := j.absent()
	j.plain = j.plain && e.Command == nil && e.Desk == nil && e.Screen == nil && e.Settings == nil
	switch {
	case e.Input != nil:
		j.input(*e.Input)
	case e.Desk != nil:
		if j.locked() && !e.Desk.Locked && !e.Desk.Inactive {
			j.back() // somebody has unlocked it, though it may go to sleep at once
		}
		if e.Desk.Sleeping && !j.desk.Sleeping {
			j.slept, j.empty = j.t, j.gone || j.idle && j.t-j.sign >= after.Sit.Settings.AwayAfter
		}
		if (j.locked() || j.desk.Sleeping) && !e.Desk.Locked && !e.Desk.Inactive && !e.Desk.Sleeping {
			j.woke = j.t
		}
		j.desk = *e.Desk
		j.countLocks()
	case e.Screen != nil:
		j.dark = e.Screen.Dark
	case e.Holds != nil:
		j.answer(e.Holds.Found)
	case e.Vouch != nil:
		j.vouches(e.Vouch.By)
	case e.Prompt != "":
		if j.shown && !j.out {
			j.out, j.left = true, j.t
		}
	case e.Recalled != nil:
		j.awake += e.Recalled.Sat
	case e.Command != nil && !refused:
		j.command(*e.Command, after)
	}
	if was && !j.absent() {
		j.back()
		j.quiet = j.t
	}
}

// back is that the person has been seen, or is said to be there.
func (j *Judge) back() { j.sign, j.hand, j.gone = j.t, j.t, false }

func (j *Judge) input(in core.Input) {
	switch in.State {
	case sitting.InputActive:
		j.lost, j.idle, j.desk.Sleeping, j.seen = false, false, false, j.t
		j.countLocks()
		j.back()
		j.quiet = j.t
	case sitting.InputIdle:
		j.sign = max(j.sign, j.t-in.Idle)
		if !j.idle {
			j.hand, j.quiet, j.plain = max(j.hand, j.t-in.Idle), max(j.quiet, j.t-in.Idle), true
		}
		j.lost, j.idle = false, true
	default:
		j.lost, j.idle = true, false
		j.back()
	}
}

func (j *Judge) command(c core.Command, after *core.State) {
	until := j.t + c.For
	if c.For <= 0 {
		until = j.t + declaredFor
	}
	switch c.Name {
	case "pause":
		j.paused, j.pausedTo, j.pausedWall = true, 0, time.Time{}
		switch {
		case c.Tomorrow:
			j.pausedWall = nextDay(after)
		case c.For > 0:
			j.pausedTo = j.t + c.For
		}
	case "resume":
		j.paused = false
	case "snooze":
		j.asked = true
	case "sit":
		j.vouched = until
	case "stand":
		if !c.Off && j.t < j.vouched {
			j.vouched, j.sign, j.hand = 0, j.t, j.t
		}
	case "meeting":
		if c.Off {
			j.meeting, j.sign, j.hand = 0, j.t, j.t
			return
		}
		j.meeting = until
	case "was":
		j.awake, j.unseen = j.awake+j.unseen, 0
		j.back()
	case "stretch", "was_up": // the person is there to say so
		j.back()
	}
}

// nextDay is when the person's next day begins: at the first minute that shows its hour, or one after it where clocks
// leave that out.
func nextDay(s *core.State) time.Time {
	starts := s.Rem.Settings.DayStarts
	local := s.At.Wall.In(s.Location())
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
	for {
		y, m, d := day.Date()
		at := time.Date(y, m, d, 0, 0, 0, int(starts), s.Location())
		if at.After(s.At.Wall) {
			return at
		}
		day = day.AddDate(0, 0, 1)
	}
}

// stillPaused says whether the person's pause lasts.
func (j *Judge) stillPaused() bool {
	switch {
	case !j.paused:
		return false
	case !j.pausedWall.IsZero():
		j.paused = j.last.Wall.Before(j.pausedWall)
	case j.pausedTo != 0:
		j.paused = j.t < j.pausedTo
	}
	return j.paused
}

// count judges how sitting was counted.
func (j *Judge) count(before core.State, e core.Event, after *core.State) {
	v, was := after.Sit.View(after.T), before.Sit.View(before.T)
	if v.Sat < was.Sat && !before.Rem.DayEnds.Equal(after.Rem.DayEnds) { // a new day: what it has it got in this step
		j.awake, _ = e.At.Since(before.At)
		if e.Start != nil {
			j.awake = shortGap
		}
	}
	awake, _ := e.At.Since(before.At)
	told := e.Command != nil || e.Vouch != nil || e.Recalled != nil || e.Start != nil // of what was before
	if grew := v.Sat - was.Sat; !told && grew > awake {
		j.broken(Awake, "sat %v more in %v awake", grew, awake)
	}
	if v.Sat > j.awake {
		j.broken(Awake, "sat %v of %v awake", v.Sat, j.awake)
	}
	if v.Load < 0 || v.StandLoad < 0 || v.Streak < 0 || v.Sat < 0 || v.Stood < 0 || v.Gone < 0 {
		j.broken(Sense, "negative figures: %+v", v)
	}
}

// state judges what can be seen after the step.
func (j *Judge) state(after *core.State) {
	if p := after.Sit.View(after.T).Posture; (j.absent() || j.gone) && !j.guided && (p == sitting.Sitting || p == sitting.Standing) {
		j.broken(Awake, "nobody is there, and it counts as %s", p)
	}
	if err := after.Check(); err != nil {
		j.broken(Sense, "a state that cannot be: %v", err)
	}
	seen := after.Sit.Presence()
	if j.lost && seen != sitting.InputUnknown && !j.absent() {
		j.broken(Visible, "no sensor works, and the person is said to be %s", seen)
	}
	if phase := after.Rem.Phase; j.stillPaused() && phase != reminder.Paused && phase != reminder.InSession {
		j.broken(PauseKept, "paused by the person, and the phase is %s", phase)
	}
	if j.shown && after.Rem.Phase != reminder.Prompted {
		j.broken(GoodMoment, "the prompt stays on the screen though the phase is %s", after.Rem.Phase)
	}
	if core.NextWake(after) <= after.At.Boot {
		j.broken(Sense, "the next deadline is now already")
	}
}
