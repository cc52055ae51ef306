package core

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
	"github.com/unhunch/unhunch/routines"
)

const sec = time.Second

// noon is a Monday.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func quick() Settings {
	return Settings{
		Sitting: sitting.Settings{Limit: 20 * sec, Rest: 4 * sec, AwayAfter: 2 * sec, SureAfter: 4 * sec, StandLimit: 40 * sec, InhibitAtMost: 15 * sec},
		Reminder: reminder.Settings{
			Limit: 20 * sec, StandLimit: 40 * sec, Snooze: []time.Duration{5 * sec, 10 * sec}, MaxSnoozes: 3,
			Patience: 3 * sec, PauseInInput: sec, MinGap: sec, WakeGrace: sec, IgnoredAfter: 600 * sec, DayStarts: 4 * time.Hour,
		},
	}
}

// plan is a session of three movements, 5+15 s each.
func plan(place string) *routines.Plan {
	p := &routines.Plan{Place: place}
	for _, id := range []string{"marching", "shoulder-rolls", "neck-tilts"} {
		p.Steps = append(p.Steps, routines.Step{
			Exercise: id, Name: id, Level: "gentle", Direction: []string{id}, Ready: 5 * sec, Work: 15 * sec,
		})
	}
	return p
}

// world is a desk at which time passes: it drives a State the way the loop does.
type world struct {
	testing.TB
	State
	now   clock.Reading
	input time.Duration // boot time of the last input
	idle  bool          // as the sensor has reported it
	watch time.Duration
	lines []Effect // all effects so far
	since int      // of them the test has seen
	log   *Log     // nil: not kept
	lazy  bool     // step at events and deadlines only, as the loop does
}

func newWorld(t testing.TB, set Settings) *world {
	w := &world{TB: t, State: New(set), now: clock.Reading{Boot: time.Hour, Mono: time.Hour, Wall: noon}}
	w.step(Event{Start: &Start{BootID: "b", Settings: set}})
	w.step(Event{Desk: &Desk{Here: true}})
	w.step(Event{Input: &Input{State: "active", Source: "x11"}})
	w.input = w.now.Boot
	return w
}

func (w *world) step(e Event) []Effect {
	e.At = w.now
	var out []Effect
	w.State, out = Step(w.State, e)
	if w.log != nil {
		w.log.Add(e, out)
	}
	w.lines = append(w.lines, out...)
	for _, f := range out {
		if f.Watch != 0 {
			w.watch = f.Watch
			w.sense()
		}
	}
	return out
}

// sense is the sensor: it tells of a pause once it is as long as was asked for.
func (w *world) sense() {
	if quiet := w.now.Boot - w.input; !w.idle && quiet >= w.watch {
		w.idle = true
		w.step(Event{Input: &Input{State: "idle", Source: "x11", Idle: quiet}})
	}
}

// pass lets d go by without input, meeting deadlines and sensor alarms on time.
func (w *world) pass(d time.Duration) {
	end := w.now.Boot + d
	for {
		deadline := NextWake(&w.State)
		next := min(end, deadline)
		if !w.idle {
			next = min(next, max(w.now.Boot, w.input+w.watch))
		}
		w.tick(next - w.now.Boot)
		if next == deadline || !w.lazy {
			w.step(Event{})
		}
		w.sense()
		if w.now.Boot >= end {
			return
		}
	}
}

func (w *world) tick(d time.Duration) {
	w.now.Boot += d
	w.now.Mono += d
	w.now.Wall = w.now.Wall.Add(d)
}

func (w *world) key() {
	w.input = w.now.Boot
	if w.idle {
		w.idle = false
		w.step(Event{Input: &Input{State: "active", Source: "x11"}})
	}
}

// types presses a key every tenth of a second.
func (w *world) types(d time.Duration) { w.works(d, sec/10) }

// works gives input once in every.
func (w *world) works(d, every time.Duration) {
	for ; d > 0; d -= every {
		w.key()
		w.pass(min(d, every))
	}
	w.key()
}

func (w *world) sleep(d time.Duration) {
	w.now.Boot += d
	w.now.Wall = w.now.Wall.Add(d)
	w.step(Event{})
}

func (w *world) lock(locked bool) { w.step(Event{Desk: &Desk{Locked: locked, Here: true}}) }

func (w *world) do(name string, d time.Duration) (refused string) {
	return w.command(Command{Name: name, For: d})
}

func (w *world) command(c Command) (refused string) {
	for _, e := range w.step(Event{Command: &c}) {
		refused += e.Refused
	}
	return refused
}

// news are the effects since the last look that a person would notice.
func (w *world) news() (prompts, withdrawn int) {
	for _, e := range w.lines[w.since:] {
		if e.Prompt != nil {
			prompts++
		}
		if e.Withdraw {
			withdrawn++
		}
	}
	w.since = len(w.lines)
	return prompts, withdrawn
}

func (w *world) wantPrompts(want int) {
	w.Helper()
	if got, _ := w.news(); got != want {
		w.Errorf("at %v: %d prompts, want %d (phase %s %s)", w.now.Boot-time.Hour, got, want, w.Rem.Phase, w.Rem.Reason)
	}
}

func (w *world) wantPhase(phase reminder.Phase, reason string) {
	w.Helper()
	if w.Rem.Phase != phase || w.Rem.Reason != reason {
		w.Errorf("at %v: phase %s %q, want %s %q", w.now.Boot-time.Hour, w.Rem.Phase, w.Rem.Reason, phase, reason)
	}
}

func (w *world) load() time.Duration {
	v := w.Sit.View(w.T)
	return v.Load
}

func TestPromptAtTheFirstPause(t *testing.T) {
	w := newWorld(t, quick())
	w.types(21 * sec)
	w.wantPhase(reminder.Due, reminder.ReasonPatience)
	w.pass(900 * time.Millisecond)
	w.wantPrompts(0)
	w.pass(100 * time.Millisecond)
	w.wantPrompts(1)
	w.wantPhase(reminder.Prompted, "")
}

func TestPromptWhenPatienceRunsOut(t *testing.T) {
	w := newWorld(t, quick())
	w.types(22900 * time.Millisecond)
	w.wantPrompts(0)
	w.types(200 * time.Millisecond)
	w.wantPrompts(1)
}

func TestPromptWhileReading(t *testing.T) {
	w := newWorld(t, quick())
	w.works(19500*time.Millisecond, 1500*time.Millisecond) // the last move is at 19.5 s
	w.pass(999 * time.Millisecond)
	w.wantPrompts(0)
	w.pass(2 * time.Millisecond)
	w.wantPrompts(1)
}

func TestNoPromptToAnEmptyChair(t *testing.T) {
	w := newWorld(t, quick())
	w.types(18500 * time.Millisecond)
	w.pass(time.Hour)
	w.wantPrompts(0)
}

func TestOwedPromptAfterTheLock(t *testing.T) {
	w := newWorld(t, quick())
	w.types(20500 * time.Millisecond)
	w.lock(true)
	w.wantPhase(reminder.Due, reminder.ReasonLocked)
	w.pass(300 * time.Millisecond)
	w.lock(false)
	w.wantPhase(reminder.Due, reminder.ReasonGrace)
	w.types(4100 * time.Millisecond) // grace and patience
	w.wantPrompts(1)
}

func TestSnooze(t *testing.T) {
	w := newWorld(t, quick())
	if got := w.do("snooze", 0); got != reminder.NothingDue {
		t.Errorf("snooze with nothing due: %q", got)
	}
	w.types(24 * sec)
	w.wantPrompts(1)
	for i := range 3 {
		if got := w.do("snooze", 5*sec); got != "" {
			t.Fatalf("snooze %d refused: %s", i+1, got)
		}
		w.wantPhase(reminder.Snoozed, reminder.ReasonUser)
		if _, withdrawn := w.news(); withdrawn != 1 {
			t.Errorf("snooze %d withdrew %d prompts", i+1, withdrawn)
		}
		w.types(4900 * time.Millisecond)
		w.wantPrompts(0)
		w.types(3200 * time.Millisecond)
		w.wantPrompts(1)
	}
	if got := w.do("snooze", 0); got != reminder.NoSnoozesLeft {
		t.Errorf("the fourth snooze: %q", got)
	}
}

func TestSkip(t *testing.T) {
	w := newWorld(t, quick())
	w.types(24 * sec)
	w.do("skip", 0)
	w.wantPhase(reminder.Quiet, "")
	w.news()
	w.types(19900 * time.Millisecond)
	w.wantPhase(reminder.Quiet, "")
	w.types(200 * time.Millisecond)
	w.wantPhase(reminder.Due, reminder.ReasonPatience) // at load 44
	w.lock(true)
	w.pass(10 * sec)
	w.lock(false)
	w.types(20 * sec)
	w.wantPhase(reminder.Due, reminder.ReasonPatience) // a load of zero brought the limit back
}

func TestIgnoredPromptsComeLessOften(t *testing.T) {
	set := quick()
	set.Reminder.IgnoredAfter = 5 * sec
	w := newWorld(t, set)
	w.types(23*sec + 50*time.Millisecond)
	for i, halves := range []time.Duration{1, 1, 2, 4, 4} {
		w.wantPrompts(1)
		w.types(5 * sec)
		w.wantPhase(reminder.Snoozed, reminder.ReasonIgnored)
		w.types(halves * 10 * sec)
		w.wantPhase(reminder.Due, reminder.ReasonPatience)
		w.types(3 * sec)
		if w.Rem.SnoozesUsed != 0 {
			t.Fatalf("prompt %d: an unanswered prompt used up a snooze", i+1)
		}
	}
}

func TestPauseMeetingHoursSilence(t *testing.T) {
	off := quick()
	off.Reminder.Hours.Set = true
	off.Reminder.Hours.Days[time.Monday] = []reminder.Range{{From: 9 * time.Hour, To: 12*time.Hour + 20*time.Second}}
	for _, tt := range []struct {
		name string
		set  Settings
		do   func(*world)
		want reminder.Phase
		end  func(*world)
	}{
		{"paused", quick(), func(w *world) { w.do("pause", 0) }, reminder.Paused, func(w *world) { w.do("resume", 0) }},
		{"meeting", quick(), func(w *world) { w.do("meeting", 0) }, reminder.Held, func(w *world) {
			w.command(Command{Name: "meeting", Off: true})
		}},
		{"off hours", off, func(*world) {}, reminder.OffHours, func(w *world) {
			w.step(Event{Settings: &Settings{Sitting: quick().Sitting, Reminder: quick().Reminder}})
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, tt.set)
			tt.do(w)
			w.types(60 * sec)
			w.wantPhase(tt.want, w.Rem.Reason)
			w.wantPrompts(0)
			tt.end(w)
			w.types(3100 * time.Millisecond)
			w.wantPrompts(1)
		})
	}
}

func TestLastMinutesOfTheDay(t *testing.T) {
	set := quick()
	set.Reminder.Hours.Set = true
	set.Reminder.Hours.Days[time.Monday] = []reminder.Range{{From: 9 * time.Hour, To: 12*time.Hour + 5*time.Minute}}
	w := newWorld(t, set)
	w.types(60 * sec)
	w.wantPhase(reminder.Due, reminder.ReasonGrace)
	w.wantPrompts(0)
}

func TestSession(t *testing.T) {
	w := newWorld(t, quick())
	w.types(24 * sec)
	w.news()
	if r := w.command(Command{Name: "stretch", Plan: plan("standing"), Guide: "terminal"}); r != "" {
		t.Fatal(r)
	}
	w.wantPhase(reminder.InSession, "")
	if _, withdrawn := w.news(); withdrawn != 1 {
		t.Error("the prompt stayed on screen")
	}
	if r := w.command(Command{Name: "stretch", Plan: plan("chair")}); r != SessionRunning {
		t.Errorf("a second session: %q", r)
	}
	w.pass(59 * sec)
	if w.load() != 24*sec {
		t.Errorf("load %v during the session, want 24s", w.load())
	}
	w.pass(sec)
	if v := View(w.State, w.now); v.Session == nil || v.Session.Phase != "done" || v.Sitting.LoadS != 0 || v.Today.Sessions != 1 {
		t.Errorf("at the end: %+v load %v", v.Session, v.Sitting.LoadS)
	}
	w.key()
	w.types(61 * sec)
	if w.Player.Phase() != "" || w.do("session/next", 0) != NoSession {
		t.Error("the session did not end")
	}
}

// TestCountdownBeginsWhenTheGuideIsSeen is a session by notifications, which come late or never. Each time it begins is
// a new revision, so that whoever counts along begins then.
func TestCountdownBeginsWhenTheGuideIsSeen(t *testing.T) {
	for _, tt := range []struct {
		name string
		seen string // the session, a second after its beginning
		left float64
	}{
		{"after a second", "s1", 2},
		{"never", "", 4},
		{"that of another session", "s7", 4},
	} {
		w := newWorld(t, quick())
		w.command(Command{Name: "stretch", Plan: plan("standing"), Guide: GuideBackground})
		begun := View(w.State, w.now)
		w.pass(sec)
		if p := View(w.State, w.now).Session; !p.Waiting || p.Phase != "ready" || p.StepLeftS != 5 || p.LeftS != begun.Session.LeftS {
			t.Errorf("%s: after a second %+v", tt.name, p)
		}
		w.step(Event{Seen: tt.seen})
		w.pass(3 * sec)
		p := View(w.State, w.now)
		if p.Session.Waiting || p.Session.StepLeftS != tt.left || p.Rev == begun.Rev {
			t.Errorf("%s: after four seconds revision %d, %+v; want %v s left", tt.name, p.Rev, p.Session, tt.left)
		}
	}
}

// TestALatePageTakesOver: where a page comes into sight after notifications have begun to guide, it guides alone.
func TestALatePageTakesOver(t *testing.T) {
	w := newWorld(t, quick())
	w.command(Command{Name: "stretch", Plan: plan("standing"), Guide: GuideBackground})
	w.pass(sec)
	w.step(Event{Page: "s7"})
	if p := View(w.State, w.now).Session; p.Guide != GuideBackground || !p.Waiting {
		t.Errorf("a page that shows another session made it %+v", p)
	}
	w.step(Event{Page: "s1"})
	if p := View(w.State, w.now).Session; p.Guide != GuidePage || p.Waiting || w.Guided.Guide != GuidePage {
		t.Errorf("with a page it is %+v, and the guide was told %+v", p, w.Guided)
	}
	w.command(Command{Name: "session/stop"})
	w.command(Command{Name: "stretch", Plan: plan("standing"), Guide: "terminal"})
	w.step(Event{Page: "s2"})
	if p := View(w.State, w.now).Session; p.Guide != "terminal" {
		t.Errorf("looking at a page took the session from the terminal: %+v", p)
	}
}

// TestGuideIsToldOfHurtInAPause is a pause that turns out to be for pain: what the guide shows must change.
func TestGuideIsToldOfHurtInAPause(t *testing.T) {
	w := newWorld(t, quick())
	w.command(Command{Name: "stretch", Plan: plan("standing"), Guide: GuideBackground})
	w.do("session/pause", 0)
	was := w.Guided
	w.do("session/hurt", 0)
	if w.Guided == was || !w.Guided.Hurt {
		t.Errorf("the guide was told %+v, then %+v", was, w.Guided)
	}
}

func TestAbandonedSessionClearsItsPart(t *testing.T) {
	w := newWorld(t, quick())
	w.types(18 * sec)
	w.command(Command{Name: "stretch", Plan: plan("standing")})
	w.pass(20 * sec) // 15 of 45 s of work
	w.do("session/stop", 0)
	if got := w.load(); got != 12*sec {
		t.Errorf("load %v, want 12s", got)
	}
	if len(w.Recent) != 1 || w.Recent[0] != "marching" {
		t.Errorf("done: %v", w.Recent)
	}
}

func TestHurtRetiresTheExercise(t *testing.T) {
	w := newWorld(t, quick())
	w.command(Command{Name: "stretch", Plan: plan("standing")})
	w.pass(7 * sec)
	for range 2 { // pressed twice it is still one hurt
		w.do("session/hurt", 0)
		if v := View(w.State, w.now); !v.Session.Hurt || v.Session.Phase != "paused" {
			t.Errorf("after hurt: %+v", v.Session)
		}
	}
	var hurts []Hurt
	for _, e := range w.lines {
		if e.Hurt != nil {
			hurts = append(hurts, *e.Hurt)
		}
	}
	if len(hurts) != 1 || hurts[0] != (Hurt{"marching", w.now.Wall.UTC()}) {
		t.Errorf("hurts: %v", hurts)
	}
}

func TestSuspendInterruptsTheSession(t *testing.T) {
	w := newWorld(t, quick())
	w.types(20 * sec)
	w.command(Command{Name: "stretch", Plan: plan("standing")})
	w.pass(7 * sec)
	w.sleep(time.Hour)
	if w.Player.Phase() != "" || w.load() != 0 {
		t.Errorf("phase %q load %v after an hour of suspend", w.Player.Phase(), w.load())
	}
	w.key()
	w.types(500 * time.Millisecond)
	w.wantPrompts(0)
}

// TestGapBeforeARestart: a prompt that had left the screen by itself before the daemon stopped has not left it again by that.
func TestGapBeforeARestart(t *testing.T) {
	set := quick()
	set.Reminder.MinGap, set.Reminder.IgnoredAfter = 20*sec, 10*time.Minute
	w := newWorld(t, set)
	w.types(24 * sec)
	w.wantPrompts(1)
	w.step(Event{Prompt: "expired"})
	w.types(15 * sec)
	w.tick(sec)
	w.step(Event{Start: &Start{BootID: "b", Settings: set}})
	w.step(Event{Desk: &Desk{Here: true}})
	w.step(Event{Input: &Input{State: "active", Source: "x11"}})
	w.types(3 * sec)
	w.wantPrompts(0)
	w.types(4 * sec)
	w.wantPrompts(1)
}

func TestRestart(t *testing.T) {
	for _, tt := range []struct {
		name        string
		gap         time.Duration
		boot        string
		wallOnly    bool
		load        time.Duration
		pausedAfter bool
	}{
		{"of the daemon alone", 10 * sec, "b", false, 20 * sec, true},
		{"after a crash last week", 170 * time.Hour, "b", false, 0, false},
		{"of the machine", time.Hour, "c", true, 0, false},
		{"with the clock set back", -time.Hour, "c", true, 10 * sec, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, quick())
			w.types(10 * sec)
			w.do("pause", 20*sec)
			data, err := json.Marshal(w.State)
			if err != nil {
				t.Fatal(err)
			}
			w.State = State{}
			if err := json.Unmarshal(data, &w.State); err != nil {
				t.Fatal(err)
			}
			w.now.Wall = w.now.Wall.Add(tt.gap)
			if tt.wallOnly {
				w.now.Boot, w.now.Mono = time.Minute, time.Minute
			} else {
				w.now.Boot += tt.gap
				w.now.Mono += tt.gap
			}
			w.step(Event{Start: &Start{BootID: tt.boot, Settings: quick()}})
			if got := w.load(); got != tt.load {
				t.Errorf("load %v, want %v", got, tt.load)
			}
			if got := w.Rem.Phase == reminder.Paused; got != tt.pausedAfter {
				t.Errorf("paused %v, want %v", got, tt.pausedAfter)
			}
		})
	}
}

func TestClockStepChangesNoDuration(t *testing.T) {
	w := newWorld(t, quick())
	w.types(10 * sec)
	w.now.Wall = w.now.Wall.Add(-3 * time.Hour)
	w.types(9900 * time.Millisecond)
	if got := w.load(); got != 19900*time.Millisecond {
		t.Errorf("load %v, want 19.9s", got)
	}
	w.wantPrompts(0)
}

func TestUndecidedSilenceOffersIWasUp(t *testing.T) {
	w := newWorld(t, quick())
	w.types(15 * sec)
	w.pass(3 * sec)
	w.types(9 * sec)
	var p *reminder.Prompt
	for _, e := range w.lines {
		if e.Prompt != nil {
			p = e.Prompt
		}
	}
	if p == nil || !p.OfferUp {
		t.Fatalf("prompt %+v does not offer “I was up”", p)
	}
	w.do("was_up", 0)
	w.wantPhase(reminder.Quiet, "")
	if got := w.load(); got > 10*sec {
		t.Errorf("load %v after “I was up”", got)
	}
}

func TestFiveDaysWithoutAnAnswerHush(t *testing.T) {
	w := newWorld(t, quick())
	for range 5 {
		w.types(25 * sec)
		w.pass(24*time.Hour - 25*sec)
	}
	notices := 0
	for _, e := range w.lines {
		if e.Notice == reminder.NoticeHushed {
			notices++
		}
	}
	if !w.Rem.Hushed || notices != 1 {
		t.Errorf("hushed %v, said %d times", w.Rem.Hushed, notices)
	}
	w.types(25 * sec)
	w.command(Command{Name: "stretch", Plan: plan("chair")})
	if w.Rem.Hushed {
		t.Error("a session did not bring the prompts back")
	}
}

func TestStandingHasALimitOfItsOwn(t *testing.T) {
	w := newWorld(t, quick())
	w.types(10 * sec)
	w.do("stand", 0)
	w.types(39 * sec)
	w.wantPhase(reminder.Quiet, "")
	w.types(5 * sec)
	w.wantPrompts(1)
	if p := w.lastPrompt(); p == nil || !p.Standing || p.InChair < 40*sec {
		t.Errorf("prompt %+v, want one about standing", p)
	}
	w.do("sit", 0)
	w.wantPhase(reminder.Quiet, "") // sitting down is the change that was asked for
	if w.load() > 11*sec {
		t.Errorf("load %v of sitting after 44 s on the feet", w.load())
	}
}

func (w *world) lastPrompt() *reminder.Prompt {
	for i := len(w.lines) - 1; i >= 0; i-- {
		if p := w.lines[i].Prompt; p != nil {
			return p
		}
	}
	return nil
}

func TestSilenceInAMeetingIsSitting(t *testing.T) {
	w := newWorld(t, quick())
	w.types(5 * sec)
	w.do("meeting", 0)
	w.pass(10 * sec)
	if w.load() != 15*sec {
		t.Errorf("load %v after 10 s of listening, want 15s", w.load())
	}
	w.lock(true)
	w.pass(sec)
	if w.load() != 10*sec {
		t.Errorf("load %v, want 10s: a lock beats the meeting", w.load())
	}
}

func TestPhantomIsSaidOnce(t *testing.T) {
	w := newWorld(t, quick())
	w.do("pause", 0)
	for range 2 {
		w.works(5*time.Hour, 30*time.Second)
	}
	said := 0
	for _, e := range w.lines {
		if e.Notice == NoticePhantom {
			said++
		}
	}
	if v := View(w.State, w.now); said != 1 || v.Presence.State != "unknown" || v.Presence.Source != "timer" {
		t.Errorf("said %d times, presence %+v", said, v.Presence)
	}
	w.pass(90 * sec)
	if v := View(w.State, w.now); v.Presence.State != "idle" {
		t.Errorf("presence %+v after a pause of 90 s, want it trusted again", v.Presence)
	}
}

func TestForgottenPauseIsRecalledOnce(t *testing.T) {
	w := newWorld(t, quick())
	w.do("pause", 0)
	w.lock(true)
	w.pass(10 * 24 * time.Hour)
	said := 0
	for _, e := range w.lines {
		if e.Notice == reminder.NoticePauseRecalled {
			said++
		}
	}
	if said != 1 || w.Rem.Phase != reminder.Paused {
		t.Errorf("recalled %d times, phase %s", said, w.Rem.Phase)
	}
}

func TestPauseUntilTomorrow(t *testing.T) {
	w := newWorld(t, quick())
	w.command(Command{Name: "pause", Tomorrow: true})
	w.sleep(15 * time.Hour) // until 3 in the morning
	w.wantPhase(reminder.Paused, "")
	w.sleep(61 * time.Minute)
	w.wantPhase(reminder.Quiet, "")
}

// TestNobodyIsAskedAboutTheTimeBetweenTwoDaemons: with no patience and no gap, the break that was on the screen when
// the daemon died would come due again at that very moment.
func TestNobodyIsAskedAboutTheTimeBetweenTwoDaemons(t *testing.T) {
	for _, gap := range []time.Duration{10 * sec, 10 * time.Minute} {
		set := quick()
		set.Reminder.Patience, set.Reminder.MinGap = 0, 0
		w := newWorld(t, set)
		w.types(21 * sec)
		w.wantPrompts(1)
		w.tick(gap)
		w.idle = true // the sensor has yet to say anything
		w.step(Event{Start: &Start{BootID: "b", Settings: set}})
		w.wantPrompts(0)
	}
}

func TestLockedOvernightIsNotPhantomInput(t *testing.T) {
	w := newWorld(t, quick())
	w.types(sec)
	w.lock(true)
	w.idle = true // the sensor never says that input has ceased
	w.pass(9 * time.Hour)
	if w.Sit.Phantom {
		t.Error("a locked screen was taken for eight hours of input")
	}
}

func TestBreakFromStandingIsForgottenOnTime(t *testing.T) {
	w := newWorld(t, quick())
	w.do("stand", 0)
	w.types(39 * sec)
	w.types(2 * sec)
	w.lock(true)
	w.wantPhase(reminder.Due, reminder.ReasonLocked)
	w.lazy = true // a deadline alone brings the next step
	w.pass(sec)
	w.wantPhase(reminder.Quiet, "")
}

// TestNewSettingsAreTold covers what watchers show of the settings: they ask only when there is a new revision.
func TestNewSettingsAreTold(t *testing.T) {
	w := newWorld(t, quick())
	before := View(w.State, w.now)
	set := quick()
	set.Sitting.Limit, set.Reminder.Limit = 45*sec, 45*sec
	set.Reminder.Snooze = []time.Duration{90 * sec}
	w.step(Event{Settings: &set})
	after := View(w.State, w.now)
	if after.Rev <= before.Rev || after.Sitting.LimitS != 45 {
		t.Errorf("got rev %d after %d, limit %v", after.Rev, before.Rev, after.Sitting.LimitS)
	}
	if got := after.Reminder.SnoozeS; len(got) != 1 || got[0] != 90 {
		t.Errorf("got snoozes %v", got)
	}
}

// Sensors that count from when they are asked hear beforehand of the short pause, and of any other after the settings
// have changed, though nobody waits for one.
func TestPausesAreToldBeforehand(t *testing.T) {
	set := quick()
	w := newWorld(t, set)
	if long, short := w.Pauses()[0], w.Pauses()[1]; w.watch != long || long != 2*sec || short != sec {
		t.Errorf("watching for %v, of %v", w.watch, w.Pauses())
	}
	set.Reminder.PauseInInput = sec / 2
	told := 0
	for _, f := range w.step(Event{Settings: &set}) {
		if f.Watch != 0 {
			told++
		}
	}
	if told != 1 || w.watch != 2*sec || w.Pauses()[1] != sec/2 {
		t.Errorf("told %d times, watching for %v, of %v", told, w.watch, w.Pauses())
	}
	set.Reminder.PauseInInput = 0 // no pause is waited for
	w.step(Event{Settings: &set})
	if w.Pauses()[1] != 2*sec {
		t.Errorf("pauses %v", w.Pauses())
	}
}

// TestDayThatStartsAtMidnight: the very first step, at no time at all, once went on for ever.
func TestDayThatStartsAtMidnight(t *testing.T) {
	set := quick()
	set.Reminder.DayStarts = 0
	w := newWorld(t, set)
	w.types(24 * sec)
	if w.T < 24*sec || w.Rem.Today.Prompts != 1 {
		t.Errorf("at %v: %+v", w.T, w.Rem.Today)
	}
	first := New(set)
	if next := NextWake(&first); next <= first.At.Boot {
		t.Errorf("before anything has happened the next step is at %v", next)
	}
}

// TestCheckpointsWhileUndecided: a daemon that is killed in the middle of a long silence would come back to a gap that
// is as long, and count it as an absence.
func TestCheckpointsWhileUndecided(t *testing.T) {
	set := quick()
	set.Sitting.SureAfter = 10 * time.Minute
	w := newWorld(t, set)
	w.types(5 * sec)
	w.pass(5 * time.Minute)
	if w.Sit.View(w.T).Posture != sitting.Undecided || w.T-w.SavedAt > checkpoint {
		t.Errorf("%s, and the last checkpoint is %v old", w.Sit.View(w.T).Posture, w.T-w.SavedAt)
	}
}
