package core

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/unhunch/unhunch/daemon/internal/reminder"
)

const dnd, call, full = reminder.ReasonDoNotDisturb, reminder.ReasonCall, reminder.ReasonFullscreen

// looking are settings under which everything is looked at, and calls and full screens have short ceilings.
func looking() Settings {
	set := quick()
	set.Reminder.Patience = 2 * sec
	set.Reminder.Holds = reminder.Holds{
		DoNotDisturb: true, Call: true, Fullscreen: true, CallAtMost: 60 * sec, FullscreenAtMost: 30 * sec,
	}
	return set
}

// A busy world is one in which looks are answered.
type busy struct {
	*world
	around []reminder.Sighting
	mute   bool
	every  time.Duration // between two keys
	looks  int
	seen   int // lines that were searched for looks
}

func newBusy(t testing.TB, set Settings, around ...string) *busy {
	b := &busy{world: newWorld(t, set), every: sec / 10}
	b.is(around...)
	return b
}

// is says what goes on from now on. A thing's number is its place.
func (b *busy) is(around ...string) {
	b.around = nil
	for i, reason := range around {
		b.around = append(b.around, reminder.Sighting{Reason: reason, ID: string(rune('a' + i))})
	}
}

// lives types for d, and has looks answered from key to key.
func (b *busy) lives(d time.Duration) {
	for end := b.now.Boot + d; b.now.Boot < end; {
		b.key()
		b.pass(b.every)
		for ; b.seen < len(b.lines); b.seen++ {
			if !b.lines[b.seen].Look {
				continue
			}
			if b.looks++; !b.mute {
				b.step(Event{Holds: &Holds{Found: b.around}})
			}
		}
	}
}

// TestHeldUntilItEnds: the break is told to wait, nobody is asked, and it comes when what it waited for is over.
func TestHeldUntilItEnds(t *testing.T) {
	for _, reason := range []string{dnd, call, full} {
		t.Run(reason, func(t *testing.T) {
			b := newBusy(t, looking(), reason)
			b.lives(19 * sec)
			if b.looks != 0 {
				t.Fatalf("%d looks before a break is due", b.looks)
			}
			b.lives(10 * sec)
			b.wantPhase(reminder.Held, reason)
			b.wantPrompts(0)
			if b.looks < 3 || b.looks > 7 {
				t.Errorf("%d looks in 9 s, one is due every two", b.looks)
			}
			b.is()
			b.lives(5 * sec)
			b.wantPhase(reminder.Prompted, "")
			b.wantPrompts(1)
			was := b.looks
			b.lives(9 * sec)
			if b.looks != was {
				t.Errorf("%d looks after the prompt", b.looks-was)
			}
		})
	}
}

// TestOneSilentPromptAtTheCeiling: what is only inferred keeps a break back for so long and no longer; then one prompt
// says what goes on, and the next has to wait as long again.
func TestOneSilentPromptAtTheCeiling(t *testing.T) {
	for reason, ceiling := range map[string]time.Duration{call: 60 * sec, full: 30 * sec} {
		t.Run(reason, func(t *testing.T) {
			set := looking()
			set.Reminder.IgnoredAfter = 5 * sec
			b := newBusy(t, set, reason)
			b.lives(20*sec + ceiling - sec)
			b.wantPhase(reminder.Held, reason)
			b.wantPrompts(0)
			b.lives(4 * sec)
			p := b.prompted()
			if p == nil || p.Over == nil || p.Over.Reason != reason || p.Over.ID != "a" {
				t.Fatalf("at the ceiling: %+v", p)
			}
			b.since = len(b.lines)
			b.lives(ceiling) // ignored, and asked for again after half a limit: from there the ceiling counts anew
			b.wantPrompts(0)
			b.lives(20 * sec)
			b.wantPrompts(1)
		})
	}
}

// prompted is the last prompt there was.
func (b *busy) prompted() *reminder.Prompt {
	for _, e := range slices.Backward(b.lines) {
		if e.Prompt != nil {
			return e.Prompt
		}
	}
	return nil
}

// TestThePersonsWordIsNeverOverridden, however long it holds.
func TestThePersonsWordIsNeverOverridden(t *testing.T) {
	b := newBusy(t, looking(), dnd, call)
	b.lives(10 * time.Minute)
	b.wantPhase(reminder.Held, dnd)
	b.wantPrompts(0)
	b.is()
	b.do("meeting", 5*time.Minute)
	was := b.looks
	b.lives(4 * time.Minute)
	b.wantPhase(reminder.Held, reminder.ReasonMeeting)
	b.wantPrompts(0)
	if b.looks != was {
		t.Errorf("%d looks in a meeting, of which the machine knows by itself", b.looks-was)
	}
	b.lives(65 * sec)
	b.wantPrompts(1)
}

// TestQuietFilmAtTheCeiling: who watches a film touches nothing. Being vouched for, they are asked all the same.
func TestQuietFilmAtTheCeiling(t *testing.T) {
	b := newBusy(t, looking(), full)
	b.do("sit", time.Hour)
	b.lives(25 * sec)
	b.wantPhase(reminder.Held, full)
	for range 300 {
		b.pass(sec / 10)
		for ; b.seen < len(b.lines); b.seen++ {
			if b.lines[b.seen].Look {
				b.step(Event{Holds: &Holds{Found: b.around}})
			}
		}
	}
	if b.wantPrompts(1); b.Rem.Phase == reminder.Prompted && b.prompted().Over == nil {
		t.Error("the prompt does not say what goes on")
	}
}

// TestFixtures: what goes on behind a locked screen, or for longer than any call, is none.
func TestFixtures(t *testing.T) {
	b := newBusy(t, looking(), call)
	b.lives(25 * sec)
	b.wantPhase(reminder.Held, call)
	b.lock(true)
	b.pass(500 * time.Millisecond)
	b.lock(false)
	b.lives(7 * sec)
	b.wantPrompts(1)
	if got := b.Rem.Sights; len(got) != 1 || !got[0].Fixture {
		t.Errorf("remembered: %+v", got)
	}
	b.do("skip", 0)
	b.is(call, call) // a second one, which is a call
	b.lives(30 * sec)
	b.wantPhase(reminder.Held, call)

	b = newBusy(t, looking(), dnd, call)
	b.every = sec * 9 / 10
	b.lives(3*time.Hour - sec)
	if b.Rem.Sights[0].Fixture {
		t.Error("a fixture before three hours are over")
	}
	b.lives(30 * sec)
	if !b.Rem.Sights[0].Fixture {
		t.Error("no fixture after three hours")
	}
	b.is()
	b.lives(5 * sec)
	if b.Rem.Sights != nil {
		t.Errorf("what has ended is remembered: %+v", b.Rem.Sights)
	}
}

// TestAwaited: the end of what keeps the break back is listened for, and of nothing else; word of it is enough, long before
// the next look is due.
func TestAwaited(t *testing.T) {
	set := looking()
	set.Reminder.Patience = 10 * sec
	b := newBusy(t, set, call, full)
	awaits := func(when string, want ...reminder.Sighting) {
		t.Helper()
		if !slices.Equal(b.Awaited, want) {
			t.Errorf("%s: listened to %+v, want %+v", when, b.Awaited, want)
		}
	}
	a, film := reminder.Sighting{Reason: call, ID: "a"}, reminder.Sighting{Reason: full, ID: "b"}
	b.lives(19 * sec)
	awaits("before a break is due")
	b.lives(2 * sec)
	awaits("in a call and a film", a, film)
	b.lock(true)
	awaits("behind the lock")
	b.lock(false)
	awaits("back from it", a, film)
	b.lives(12 * sec)
	b.wantPhase(reminder.Held, full)
	awaits("when the call is known for what it is", film)
	b.do("meeting", 5*time.Minute)
	awaits("in a meeting")
	b.command(Command{Name: "meeting", Off: true})
	b.lives(2 * sec)
	awaits("after it", film)
	looks := b.looks
	b.step(Event{Holds: &Holds{}}) // as word of its end leads to
	awaits("when it has ended")
	b.wantPhase(reminder.Due, reminder.ReasonPatience)
	if b.looks != looks {
		t.Errorf("%d looks were asked for besides", b.looks-looks)
	}
	b.step(Event{Start: &Start{BootID: "b", Settings: set}})
	awaits("after a restart")
}

// TestFullScreenIsNoFixture: a film that is left running behind the lock is still watched.
func TestFullScreenIsNoFixture(t *testing.T) {
	b := newBusy(t, looking(), full)
	b.lives(25 * sec)
	b.lock(true)
	b.pass(500 * time.Millisecond)
	b.lock(false)
	b.lives(5 * sec)
	b.wantPhase(reminder.Held, full)
}

// TestLooksThatFail: what cannot be seen keeps nothing back, and a late word changes nothing.
func TestLooksThatFail(t *testing.T) {
	b := newBusy(t, looking(), dnd)
	b.mute = true
	b.lives(20*sec + 2900*time.Millisecond)
	b.wantPrompts(0)
	b.lives(6 * sec)
	b.wantPrompts(1)
	b.step(Event{Holds: &Holds{Found: b.around}})
	b.wantPhase(reminder.Prompted, "")

	none := quick()
	b = newBusy(t, none, dnd)
	b.lives(30 * sec)
	if b.wantPrompts(1); b.looks != 0 {
		t.Errorf("%d looks, and everything is switched off", b.looks)
	}
}

// TestNobodyAnswersInAStandstill: a machine that stood still, or had no time for us, has given nobody the time to answer
// the look that was due then. It is asked for now, and waited for.
func TestNobodyAnswersInAStandstill(t *testing.T) {
	b := newBusy(t, looking(), dnd)
	b.lives(19 * sec)
	b.tick(9 * sec)
	b.input = b.now.Boot // the person has typed on
	b.step(Event{})
	b.wantPrompts(0)
	b.lives(9 * sec)
	b.wantPhase(reminder.Held, dnd)
	b.wantPrompts(0)

	b = newBusy(t, looking(), dnd)
	b.mute = true
	b.lives(19 * sec)
	b.tick(9 * sec)
	b.input = b.now.Boot // the person has typed on
	b.step(Event{})
	b.lives(2900 * time.Millisecond)
	b.wantPrompts(0)
	b.lives(6 * sec)
	b.wantPrompts(1)
}

// TestTheLookIsFresh: what was seen as the break came due is old when the moment to ask comes.
func TestTheLookIsFresh(t *testing.T) {
	set := looking()
	set.Reminder.Patience = 10 * sec
	b := newBusy(t, set)
	b.lives(25 * sec)
	b.wantPhase(reminder.Due, reminder.ReasonPatience)
	b.is(call)
	b.lives(10 * sec)
	b.wantPhase(reminder.Held, call)
	b.wantPrompts(0)
}

// TestNobodyThere: an empty chair is not looked around from.
func TestNobodyThere(t *testing.T) {
	b := newBusy(t, looking(), dnd)
	b.lives(25 * sec)
	was := b.looks
	b.lock(true)
	b.pass(300 * time.Millisecond)
	for _, e := range b.lines[b.seen:] {
		if e.Look {
			t.Fatal("a look behind the locked screen")
		}
	}
	b.lock(false)
	b.lives(sec)
	if b.looks != was+1 {
		t.Errorf("%d looks after unlocking, want one", b.looks-was)
	}
}

// TestNoSoundInAHold: a session begun in a call is not heard.
func TestNoSoundInAHold(t *testing.T) {
	for _, reason := range []string{"", call} {
		set := looking()
		set.Sound = true
		b := newBusy(t, set, reason)
		b.lives(25 * sec)
		got := b.heard(func() { begin(b.world, GuideBackground); b.pass(61 * sec) })
		if heard := len(got) > 0; heard != (reason == "") {
			t.Errorf("with %q: heard %q", reason, got)
		}
		b.is()
		b.lives(30 * sec)
		if got := b.heard(func() { begin(b.world, GuideBackground); b.pass(61 * sec) }); len(got) == 0 {
			t.Errorf("after %q: nothing is heard", reason)
		}
	}
}

// TestAfterARestart: the break waits on, what is in use is remembered, unless the machine was started anew.
func TestAfterARestart(t *testing.T) {
	for boot, want := range map[string]int{"b": 1, "c": 0} {
		b := newBusy(t, looking(), call)
		b.lives(25 * sec)
		b.tick(sec)
		b.step(Event{Start: &Start{BootID: boot, Settings: looking()}})
		if got := len(b.Rem.Sights); got != want {
			t.Errorf("boot %s: %d remembered, want %d", boot, got, want)
		}
		b.step(Event{Desk: &Desk{Here: true}})
		b.step(Event{Input: &Input{State: "active", Source: "x11"}})
		b.lives(sec)
		b.wantPhase(reminder.Held, call)
	}
}

// checkHolds lives a working day in which something goes on all the time, with short breaks from it.
func checkHolds(t *rapid.T) {
	set := looking()
	set.Reminder.Patience = rapid.SampledFrom([]time.Duration{0, sec, 2 * sec}).Draw(t, "patience")
	set.Reminder.IgnoredAfter = rapid.SampledFrom([]time.Duration{2 * sec, time.Minute}).Draw(t, "ignored_after")
	set.Reminder.Holds.CallAtMost, set.Reminder.Holds.FullscreenAtMost = 9*sec, 5*sec
	l := newLife(t, set)
	l.lean = true
	l.mood = rapid.SampledFrom([]string{"prompt", "slow"}).Draw(t, "looks")
	l.step(t, Event{Desk: &Desk{Here: true}})
	key := func() {
		l.input, l.idle = l.now.Boot, false
		l.step(t, Event{Input: &Input{State: "active", Source: "x11"}})
	}
	work := func(d time.Duration) {
		for end := l.now.Boot + d; l.now.Boot < end; {
			key()
			l.until(t, l.now.Boot+rapid.SampledFrom([]time.Duration{sec, 1200 * time.Millisecond}).Draw(t, "pause"))
		}
	}
	work(18 * sec)
	for range rapid.IntRange(3, 8).Draw(t, "happenings") {
		switch rapid.SampledFrom([]string{"work", "work", "toggle", "toggle", "lock", "skip", "snooze"}).Draw(t, "what") {
		case "work":
			work(rapid.SampledFrom([]time.Duration{2 * sec, 5 * sec, 12 * sec}).Draw(t, "work"))
		case "toggle":
			l.toggle(rapid.SampledFrom(kinds).Draw(t, "kind"), l.now.Boot)
		case "lock":
			l.around.locked()
			l.locked = true
			l.step(t, Event{Desk: &Desk{Locked: true, Here: true}})
			l.until(t, l.now.Boot+sec/2)
			l.locked = false
			l.step(t, Event{Desk: &Desk{Here: true}})
			key()
		case "skip":
			l.say(t, Command{Name: "skip"})
		case "snooze":
			if l.say(t, Command{Name: "snooze", For: 3 * sec}) == "" {
				l.asked = true
			}
		}
	}
}

func TestHoldsKeepPromptsBack(t *testing.T) { rapid.Check(t, checkHolds) }
