package promises

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
	"github.com/unhunch/unhunch/routines"
)

const sec = time.Second

const dnd, talk, full = reminder.ReasonDoNotDisturb, reminder.ReasonCall, reminder.ReasonFullscreen

// noon is a Monday.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func quick() core.Settings {
	return core.Settings{
		Sitting: sitting.Settings{
			Limit: 20 * sec, Rest: 4 * sec, AwayAfter: 2 * sec, SureAfter: 4 * sec, StandLimit: 40 * sec, InhibitAtMost: 15 * sec,
		},
		Reminder: reminder.Settings{
			Limit: 20 * sec, StandLimit: 40 * sec, Snooze: []time.Duration{5 * sec}, MaxSnoozes: 3,
			Patience: 3 * sec, PauseInInput: sec, MinGap: 2 * sec, WakeGrace: sec, IgnoredAfter: 600 * sec, DayStarts: 4 * time.Hour,
			Holds: reminder.Holds{DoNotDisturb: true, Call: true, Fullscreen: true, CallAtMost: 60 * sec, FullscreenAtMost: 30 * sec},
		},
	}
}

// A court is a desk with a judge.
type court struct {
	core.State
	judge  *Judge
	now    clock.Reading
	events []core.Event
	start  core.State
	broken []Broken
	around []reminder.Sighting // what a look finds
	mute   bool                // no look is answered
	told   []core.Effect       // what a lie says that the effects were
	films  []int               // what vouches for the person
}

func newCourt() *court {
	s := core.New(quick())
	c := &court{State: s, start: s, judge: New(s), now: clock.Reading{Boot: time.Hour, Mono: time.Hour, Wall: noon}}
	c.step(core.Event{Start: &core.Start{BootID: "b", Settings: quick()}})
	c.step(core.Event{Desk: &core.Desk{Here: true}})
	return c
}

func (c *court) step(e core.Event) []core.Effect {
	e.At = c.now
	next, effects := core.Step(c.State, e)
	c.broken = append(c.broken, c.judge.See(c.State, e, effects, next)...)
	c.State, c.events = next, append(c.events, e)
	for _, f := range effects {
		switch {
		case f.Look && !c.mute:
			c.step(core.Event{Holds: &core.Holds{Found: c.around}})
		case f.Vouch == core.VouchLook, f.Vouch == core.VouchWatch:
			c.step(core.Event{Vouch: &core.Vouch{By: c.films}})
		}
	}
	return effects
}

// goes has something begin, or end where it goes on.
func (c *court) goes(reason, id string) {
	g := reminder.Sighting{Reason: reason, ID: id}
	if i := slices.Index(c.around, g); i >= 0 {
		c.around = slices.Concat(c.around[:i], c.around[i+1:])
		return
	}
	c.around = append(slices.Clip(c.around), g)
}

func (c *court) pass(d time.Duration) {
	for end := c.now.Boot + d; c.now.Boot < end; {
		next := min(end, core.NextWake(&c.State))
		d := next - c.now.Boot
		c.now.Boot, c.now.Mono, c.now.Wall = c.now.Boot+d, c.now.Mono+d, c.now.Wall.Add(d)
		c.step(core.Event{})
	}
}

func (c *court) sleep(d time.Duration) {
	c.now.Boot += d
	c.now.Wall = c.now.Wall.Add(d)
	c.step(core.Event{})
}

func (c *court) key() { c.step(core.Event{Input: &core.Input{State: "active", Source: "x11"}}) }

func (c *court) idle(d time.Duration) {
	c.step(core.Event{Input: &core.Input{State: "idle", Source: "x11", Idle: d}})
}

func (c *court) desk(d core.Desk) { c.step(core.Event{Desk: &d}) }

func (c *court) say(name string, d time.Duration) {
	c.step(core.Event{Command: &core.Command{Name: name, For: d}})
}

// prompted is a desk at which a prompt is on the screen.
func prompted() *court {
	c := newCourt()
	c.key()
	c.pass(24 * sec)
	return c
}

// TestLies: each is a step that did not happen like this, and the judge says so.
func TestLies(t *testing.T) {
	prompt := func(c *court) []core.Effect {
		c.Rem.Shown = &reminder.Shown{At: c.T}
		c.Rem.Phase = reminder.Prompted
		return []core.Effect{{Prompt: &reminder.Prompt{}}}
	}
	for _, lie := range []struct {
		name string
		live func() *court
		tell func(*court) []core.Effect // changes the state after, and says what the effects were
		want int
	}{
		{"prompted while locked", func() *court { c := newCourt(); c.key(); c.desk(core.Desk{Locked: true}); return c }, prompt, GoodMoment},
		{"prompted in another's session", func() *court { c := newCourt(); c.desk(core.Desk{Inactive: true}); return c }, prompt, GoodMoment},
		{"prompted at a dark screen", func() *court {
			c := newCourt()
			c.step(core.Event{Screen: &core.Screen{Dark: true}})
			return c
		}, prompt, GoodMoment},
		{"prompted an empty chair", func() *court { c := newCourt(); c.key(); c.idle(sec); c.pass(3 * sec); return c }, prompt, GoodMoment},
		{"prompted right after waking", func() *court { c := newCourt(); c.key(); c.sleep(time.Minute); c.key(); return c }, prompt, GoodMoment},
		{"prompted in a meeting", func() *court { c := newCourt(); c.key(); c.say("meeting", time.Hour); return c }, prompt, GoodMoment},
		{"prompted in a pause", func() *court { c := newCourt(); c.key(); c.say("pause", time.Hour); return c }, prompt, GoodMoment},
		{"prompted in a session", func() *court {
			c := newCourt()
			c.key()
			c.step(core.Event{Command: &core.Command{Name: "stretch", Guide: "terminal", Plan: &routines.Plan{
				Place: "chair", Steps: []routines.Step{{Exercise: "marching", Ready: sec, Work: 9 * sec}},
			}}})
			return c
		}, prompt, GoodMoment},
		{"prompted twice", prompted, prompt, Gap},
		{"a pause that ends early", func() *court { c := newCourt(); c.say("pause", time.Hour); return c }, func(c *court) []core.Effect {
			c.Rem.Phase = reminder.Quiet
			return nil
		}, PauseKept},
		{"sat before there was a day", newCourt, func(c *court) []core.Effect { c.Sit.Log.Open.Sat = time.Hour; return nil }, Awake},
		{"sits behind the lock screen", func() *court { c := newCourt(); c.key(); c.desk(core.Desk{Locked: true}); return c }, func(c *court) []core.Effect {
			c.Sit.Log.Entries[len(c.Sit.Log.Entries)-1].Kind = sitting.Sitting
			return nil
		}, Awake},
		{"a dead sensor that says active", newCourt, func(c *court) []core.Effect { c.Sit.Input = "active"; return nil }, Visible},
		{"an effect that was not", newCourt, func(*court) []core.Effect { return []core.Effect{{Save: true}} }, Same},
	} {
		c := lie.live()
		if c.broken != nil {
			t.Errorf("%s: broken before: %v", lie.name, c.broken)
		}
		before := c.State
		e := core.Event{At: c.now}
		next, _ := core.Step(before, e)
		c.State = next
		effects := lie.tell(c)
		found := false
		for _, b := range c.judge.See(before, e, effects, c.State) {
			found = found || b.Promise == lie.want
		}
		if !found {
			t.Errorf("%s: nobody says that promise %d is broken", lie.name, lie.want)
		}
	}
}

// TestLiesOfHolds: the same of what holds a break back, and of what vouches for a silence.
func TestLiesOfHolds(t *testing.T) {
	prompt := func(over *reminder.Hold) func(c *court) {
		return func(c *court) {
			c.Rem.Shown, c.Rem.Phase = &reminder.Shown{At: c.T}, reminder.Prompted
			c.told = []core.Effect{{Prompt: &reminder.Prompt{Over: over}}}
		}
	}
	held := func(reason string) func(c *court) {
		return func(c *court) { c.Rem.Phase, c.Rem.Reason = reminder.Held, reason }
	}
	counts := func(as sitting.Posture) func(c *court) {
		return func(c *court) { c.Sit.Log.Entries[len(c.Sit.Log.Entries)-1].Kind = as }
	}
	typing := func(d time.Duration, around ...string) func(c *court) {
		return func(c *court) {
			for _, reason := range around {
				c.goes(reason, "1")
			}
			c.key()
			c.pass(d)
		}
	}
	silent := func(c *court) { c.key(); c.pass(sec); c.idle(sec); c.pass(2 * sec) }
	for _, lie := range []struct {
		says string
		live func(*court)
		e    core.Event
		tell func(*court)
	}{
		{"prompted while held: do_not_disturb for 5s", typing(25*sec, dnd), core.Event{}, prompt(nil)},
		{"prompted on a look that is 2s old", typing(22 * sec), core.Event{}, prompt(nil)},
		{"prompted 1s after a look that is not answered", func(c *court) { c.mute = true; typing(21 * sec)(c) }, core.Event{}, prompt(nil)},
		{"prompted without a word of [{fullscreen 1}]", func(c *court) { typing(52*sec, full)(c); c.step(core.Event{Holds: &core.Holds{Found: c.around}}) }, core.Event{}, prompt(nil)},
		{"prompted in spite of call, which is not there: []", func(c *court) { typing(22 * sec)(c); c.step(core.Event{Holds: &core.Holds{}}) }, core.Event{}, prompt(&reminder.Hold{Reason: talk})},
		{"prompted in spite of call, which nobody has seen", func(c *court) { c.mute = true; typing(21 * sec)(c); c.now.Boot += 2 * sec; c.now.Mono += 2 * sec }, core.Event{}, prompt(&reminder.Hold{Reason: talk})},
		{"held by call, and there is []", typing(21 * sec), core.Event{}, held(talk)},
		{"held by fullscreen for 30.1s", func(c *court) {
			typing(49*sec, full)(c)
			c.now.Boot += 1100 * time.Millisecond
			c.now.Mono += 1100 * time.Millisecond
		}, core.Event{}, held(full)},
		{"held by do_not_disturb, and nobody has answered for 9s", typing(25*sec, dnd), core.Event{}, func(c *court) { c.judge.holds.asked = c.judge.t - 9*sec }},
		{"held by do_not_disturb, and nobody has looked for 22s", typing(25*sec, dnd), core.Event{}, func(c *court) { c.judge.looked -= 20 * sec; c.judge.closeBy -= 20 * sec }},
		{"a break is owed, nothing stands in its way since 21s, and nobody is asked", typing(21 * sec), core.Event{}, func(c *court) { c.judge.ready -= 20 * sec }},
		{"a break is due after 21s, and the phase is quiet", typing(21 * sec), core.Event{}, func(c *court) { c.Rem.Phase = reminder.Quiet }},
		{"it counts as sitting 3s after the last sign of life", silent, core.Event{}, counts(sitting.Sitting)},
		{"sat 10s more in 0s awake", typing(10 * sec), core.Event{}, func(c *court) { c.Sit.Log.Open.Sat += 10 * sec }},
		{"3s of a silence count as sitting, 2s at most can", silent, core.Event{}, func(c *court) { c.Sit.Log.Open.Sat += 4 * sec }},
		{"something vouches for a silence of 3s, and it counts as undecided", silent, core.Event{Vouch: &core.Vouch{By: []int{1}}}, counts(sitting.Undecided)},
	} {
		c := newCourt()
		if lie.live(c); c.broken != nil {
			t.Errorf("%s: broken before: %v", lie.says, c.broken)
		}
		before, e := c.State, lie.e
		e.At = c.now
		c.State, c.told = core.Step(before, e)
		lie.tell(c)
		if said := fmt.Sprint(c.judge.See(before, e, c.told, c.State)); !strings.Contains(said, lie.says) {
			t.Errorf("%q is not said, but %s", lie.says, said)
		}
	}
}

// TestRandomLives: whatever happens, the judge has nothing to say.
func TestRandomLives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newCourt()
		span := rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.SampledFrom([]int{1, 400, 999, 1000, 2000, 2001, 4000, 21000, 90000}).Draw(t, "ms")) * time.Millisecond
		})
		t.Repeat(map[string]func(*rapid.T){
			"key":  func(*rapid.T) { c.key() },
			"idle": func(t *rapid.T) { c.idle(span.Draw(t, "idle")) },
			"lost": func(*rapid.T) { c.step(core.Event{Input: &core.Input{State: "unknown", Source: "x11"}}) },
			"pass": func(t *rapid.T) { c.pass(span.Draw(t, "pass")) },
			"work": func(t *rapid.T) { c.key(); c.pass(span.Draw(t, "work")) },
			"lid":  func(t *rapid.T) { c.sleep(time.Second + span.Draw(t, "lid")) }, // what is shorter is noise of the clocks
			"desk": func(t *rapid.T) {
				c.desk(core.Desk{Here: true, Locked: rapid.Bool().Draw(t, "locked"), Sleeping: rapid.Bool().Draw(t, "sleeping")})
			},
			"here": func(*rapid.T) { c.desk(core.Desk{Here: true}) },
			"something": func(t *rapid.T) {
				reason := rapid.SampledFrom([]string{dnd, talk, full}).Draw(t, "what")
				c.goes(reason, rapid.SampledFrom([]string{"1", "2"}).Draw(t, "id"))
			},
			"told": func(*rapid.T) { c.step(core.Event{Holds: &core.Holds{Found: c.around}}) },
			"mute": func(t *rapid.T) { c.mute = rapid.Bool().Draw(t, "mute") },
			"film": func(t *rapid.T) {
				c.films = rapid.SliceOfNDistinct(rapid.IntRange(1, 3), 0, 2, rapid.ID[int]).Draw(t, "films")
				if c.State.Vouch {
					c.step(core.Event{Vouch: &core.Vouch{By: c.films}})
				}
			},
			"stop": func(t *rapid.T) { // as long as it takes to be noticed
				c.key()
				c.pass(sec)
				c.idle(sec)
				c.pass(span.Draw(t, "stop"))
			},
			"snooze":  func(t *rapid.T) { c.say("snooze", span.Draw(t, "snooze")) },
			"skip":    func(*rapid.T) { c.say("skip", 0) },
			"pause":   func(t *rapid.T) { c.say("pause", span.Draw(t, "pause")) },
			"resume":  func(*rapid.T) { c.say("resume", 0) },
			"sit":     func(t *rapid.T) { c.say("sit", span.Draw(t, "sit")) },
			"meeting": func(t *rapid.T) { c.say("meeting", span.Draw(t, "meeting")) },
			"stand":   func(*rapid.T) { c.say("stand", 0) },
			"expired": func(*rapid.T) { c.step(core.Event{Prompt: "expired"}) },
			"clock": func(t *rapid.T) {
				c.now.Wall = c.now.Wall.Add(time.Duration(rapid.Int64Range(-3e12, 3e12).Draw(t, "step")))
				c.step(core.Event{})
			},
			"restart": func(t *rapid.T) {
				c.now.Boot, c.now.Mono = c.now.Boot+span.Draw(t, "gap"), c.now.Mono+sec
				c.step(core.Event{Start: &core.Start{BootID: "b", Settings: quick()}})
			},
			"was": func(t *rapid.T) {
				as := rapid.SampledFrom([]sitting.Posture{sitting.Sitting, sitting.Standing, sitting.Away}).Draw(t, "as")
				c.step(core.Event{Command: &core.Command{Name: "was", Posture: as, For: span.Draw(t, "for")}})
			},
			"": func(t *rapid.T) {
				if c.broken != nil {
					t.Fatal(c.broken)
				}
			},
		})
	})
}

// TestShrink: of a long life only what matters is left, and playing that says the same.
func TestShrink(t *testing.T) {
	c := prompted()
	c.say("skip", 0)
	c.key()
	c.pass(time.Minute)
	if n, broken := First(c.start, c.events); broken != nil || n != len(c.events) {
		t.Fatalf("after %d of %d events: %v", n, len(c.events), broken)
	}
	if short := Shrink(c.start, c.events); short != nil {
		t.Errorf("%d events of a good life", len(short))
	}
	// Somebody has written into the state that a minute was sat before anything happened.
	bad := c.start
	bad.Sit.Log.Open.Sat, bad.Sit.Log.Base.Sat = time.Minute, time.Minute
	short := Shrink(bad, c.events)
	if len(short) != 1 {
		t.Fatalf("shrunk from %d events to %d", len(c.events), len(short))
	}
	log := core.NewLog(bad)
	next, effects := core.Step(bad, short[0])
	log.Add(short[0], effects)
	var file bytes.Buffer
	if err := log.Write(&file, "test"); err != nil {
		t.Fatal(err)
	}
	v, err := Play(bytes.NewReader(file.Bytes()))
	if err != nil || v.Events != 1 || v.Differs != "" || len(v.Broken) != 1 || !strings.HasPrefix(v.Broken[0], "line 2: promise 3: ") {
		t.Errorf("played: %+v %v", v, err)
	}
	_ = next
}

// TestPlaySaysWhatDiffers: a log from another program is judged all the same.
func TestPlaySaysWhatDiffers(t *testing.T) {
	c := newCourt()
	log := core.NewLog(c.start)
	log.Add(c.events[0], []core.Effect{{Rev: 99}})
	var file bytes.Buffer
	if err := log.Write(&file, "test"); err != nil {
		t.Fatal(err)
	}
	v, err := Play(&file)
	if err != nil || !strings.HasPrefix(v.Differs, "line 2: ") || len(v.Broken) > 0 {
		t.Errorf("played: %+v %v", v, err)
	}
	if _, err := Play(strings.NewReader("nonsense")); err == nil {
		t.Error("nonsense was played")
	}
}

// TestKept plays lives that the judge once took for broken, as they were shrunk.
//
//	answered   a silence that began at a prompt is away; the break is made up for, and only then a film is noticed
func TestKept(t *testing.T) {
	lives, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(lives) == 0 {
		t.Fatalf("%d lives, %v", len(lives), err)
	}
	for _, name := range lives {
		life, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer life.Close()
		if v, err := Play(life); err != nil || v.Events == 0 || len(v.Broken) > 0 {
			t.Errorf("%s: %d events, broken %v, %v", name, v.Events, v.Broken, err)
		}
	}
}
