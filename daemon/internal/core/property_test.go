package core

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
	"github.com/unhunch/unhunch/routines"
)

// A life is a random desk on which the promises are checked after every event. twin lives the same life, but is
// also woken at random moments and sent through JSON: it must never differ.
type life struct {
	world
	twin State
	asker
	around
	lean bool // without the twin and the menu, which other lives check

	awake     time.Duration // since the start
	sat       time.Duration // of earlier days
	leftAt    time.Duration // when the last prompt left the screen, on boot time
	shown     bool
	asked     bool // the next prompt is the end of a snooze
	pausedTo  time.Duration
	pausedFor bool
	locked    bool
	lost      bool          // the sensor
	sign      time.Duration // of life, or of something that vouched for the person
	hand      time.Duration // sign, but for programs that vouch
	playing   []int         // what would vouch if it were looked for
}

func newLife(t *rapid.T, set Settings) *life {
	l := &life{}
	l.world = world{State: New(set), now: clock.Reading{Boot: time.Hour, Mono: time.Hour, Wall: noon}}
	l.twin = l.State
	l.step(t, Event{Start: &Start{BootID: "b", Settings: set}})
	return l
}

// step posts e to both and checks all promises.
func (l *life) step(t *rapid.T, e Event) {
	before := l.State
	e.At = l.now
	state, out := Step(l.State, e)
	_, outAgain := Step(l.State, e)
	if !reflect.DeepEqual(out, outAgain) {
		t.Fatalf("promise 14: the same event gave different effects:\n%s\n%s", mustJSON(t, out), mustJSON(t, outAgain))
	}
	l.State = state
	if !l.lean {
		l.checkTwin(t, before, e, out)
		l.checkMenu(t)
	}
	l.promises(t, before, e, out)
	l.checkAsked(t, before, e, out)
	l.checkAwaited(t, e, out)
	l.lookAround(t, out)
	for _, f := range out {
		if f.Vouch == VouchWatch && !l.Sit.WantsVouch(l.T) || f.Vouch == VouchRest && l.Sit.WantsVouch(l.T) {
			t.Fatalf("%s what vouches, at the wrong time", f.Vouch)
		}
		if f.Vouch == VouchWatch || f.Vouch == VouchLook {
			l.step(t, Event{Vouch: &Vouch{By: l.playing}})
		}
	}
}

// checkAwaited: only what the last look told of is listened to, while it keeps a break back and somebody is there to ask.
func (l *life) checkAwaited(t *rapid.T, e Event, out []Effect) {
	if e.Start != nil {
		l.awaited = nil
	}
	for _, f := range out {
		if f.Await == nil {
			continue
		}
		if reflect.DeepEqual(f.Await.For, l.awaited) {
			t.Fatalf("awaited already: %s", mustJSON(t, f))
		}
		l.awaited = f.Await.For
	}
	if len(l.awaited) == 0 {
		return
	}
	if l.Rem.Phase != reminder.Held || l.Rem.Reason == reminder.ReasonMeeting || l.locked {
		t.Fatalf("awaited while nobody waits: %s", mustJSON(t, l.awaited))
	}
	for _, a := range l.awaited {
		if !slices.ContainsFunc(l.told, func(g thing) bool { return g.kind == a.Reason && g.id == a.ID }) {
			t.Fatalf("awaited and no reason: %s", mustJSON(t, a))
		}
	}
}

// checkTwin has the twin live the same, and compares.
func (l *life) checkTwin(t *rapid.T, before State, e Event, out []Effect) {
	twinOut := l.stepTwin(t, before, e)
	if !reflect.DeepEqual(twinOut, out) {
		t.Fatalf("promise 13: extra ticks and JSON changed the effects of %s:\n%s\nwithout:\n%s",
			mustJSON(t, e), mustJSON(t, twinOut), mustJSON(t, out))
	}
	if got, want := View(l.twin, l.now), View(l.State, l.now); !reflect.DeepEqual(got, want) {
		t.Fatalf("promise 13: extra ticks and JSON changed the state:\n%s\nwithout:\n%s", mustJSON(t, got), mustJSON(t, want))
	}
}

// stepTwin takes the twin to e in several ticks and through JSON.
func (l *life) stepTwin(t *rapid.T, before State, e Event) (out []Effect) {
	awake, asleep := l.now.Since(before.At)
	if e.Start == nil && asleep == 0 {
		for i := rapid.IntRange(0, 2).Draw(t, "ticks"); i > 0; i-- {
			at := before.At
			d := time.Duration(rapid.Int64Range(0, int64(awake)).Draw(t, "tick"))
			at.Boot += d
			at.Mono += d
			at.Wall = at.Wall.Add(d)
			if at.Boot < l.twin.At.Boot {
				continue
			}
			var o []Effect
			l.twin, o = Step(l.twin, Event{At: at})
			if len(o) > 0 && at.Boot < NextWake(&before) {
				t.Fatalf("promise 13: a tick before the next deadline did something: %s", mustJSON(t, o))
			}
			out = append(out, o...)
		}
	}
	if rapid.IntRange(0, 4).Draw(t, "json") == 0 {
		data := mustJSON(t, l.twin)
		was := l.twin
		l.twin = State{}
		if err := json.Unmarshal(data, &l.twin); err != nil {
			t.Fatalf("state does not survive JSON: %v", err)
		}
		if was.loc, was.shown = nil, nil; !reflect.DeepEqual(was, l.twin) {
			t.Fatalf("something of the state is not in its JSON: %s", data)
		}
	}
	var o []Effect
	l.twin, o = Step(l.twin, e)
	return append(out, o...)
}

// promises are checked against what the test itself knows, never against what the machine believes.
func (l *life) promises(t *rapid.T, before State, e Event, out []Effect) {
	awake, _ := l.now.Since(before.At)
	vouched := before.Sit.InSession || before.Sit.SitUntil != 0 || before.Sit.MeetingUntil != 0
	if e != (Event{At: e.At}) && (e.Input == nil || e.Input.State != "idle") && e.Vouch == nil || vouched {
		l.hand = l.now.Boot
	}
	if l.sign = max(l.sign, l.hand); before.Sit.SpokenFor(before.T) != nil || l.Sit.SpokenFor(l.T) != nil {
		l.sign = l.now.Boot
	}
	if e.Start != nil {
		awake = 0
		if !before.At.Wall.IsZero() {
			awake = max(0, l.now.Boot-before.At.Boot)
		}
		if l.shown {
			l.leftAt, l.shown = before.At.Boot, false
		}
	}
	l.awake += awake
	for _, f := range out {
		if f.Guide != nil && f.Guide.Sound != "" && (!before.Sound && !l.Sound || f.Guide.Guide != GuideBackground) {
			t.Fatalf("a sound that nobody wants: %s", mustJSON(t, f))
		}
		if f.Prompt != nil {
			l.checkPrompt(t, e)
		}
		if f.Withdraw && l.shown {
			l.leftAt, l.shown = l.now.Boot, false
		}
	}
	if e.Prompt != "" && l.shown {
		l.leftAt, l.shown = l.now.Boot, false
	}
	v := l.Sit.View(l.T)
	if prev := before.Sit.View(before.T).Sat; v.Sat < prev && l.Rem.Today == (reminder.Figures{}) {
		l.sat = l.awake // a new day: what was counted before cannot be more than this
		if v.Sat > awake {
			l.sat -= v.Sat
		}
	}
	if v.Sat > l.awake {
		t.Fatalf("promise 3: sat %v of %v awake", v.Sat, l.awake)
	}
	if l.paused() && l.Rem.Phase != reminder.Paused && l.Rem.Phase != reminder.InSession {
		t.Fatalf("promise 4: paused, but the phase is %s", l.Rem.Phase)
	}
	if v.Load < 0 || v.StandLoad < 0 || v.Streak < 0 {
		t.Fatalf("negative figures: %+v", v)
	}
}

func (l *life) paused() bool { return l.pausedFor && (l.pausedTo == 0 || l.now.Boot < l.pausedTo) }

// goodHour says whether t is in the working hours of someSettings and not in their last five minutes.
func goodHour(t time.Time) bool {
	h, m, s := t.Clock()
	clock := h*3600 + m*60 + s
	return clock >= 8*3600 && clock < (12*60+5)*60 || clock >= 22*3600 || clock < (60+55)*60
}

func (l *life) checkPrompt(t *rapid.T, e Event) {
	v := l.Sit.View(l.T)
	switch {
	case l.locked:
		t.Fatal("promise 1: prompted while locked")
	case l.paused():
		t.Fatal("promise 1: prompted while paused")
	case v.Posture == sitting.Away, v.Posture == sitting.Undecided:
		t.Fatalf("promise 1: prompted while %s", v.Posture)
	case l.Source == "x11" && !l.lost && l.now.Boot-l.sign >= l.Sit.Settings.SureAfter:
		t.Fatalf("promise 1: prompted %v after the last sign of life: %s", l.now.Boot-l.sign, mustJSON(t, l.State))
	case l.Source == "x11" && !l.lost && l.now.Boot-l.hand >= l.Sit.Settings.InhibitAtMost+l.Sit.Settings.SureAfter:
		t.Fatalf("promise 1: a video vouched for somebody for %v", l.now.Boot-l.hand)
	case l.Sit.MeetingUntil > l.T:
		t.Fatal("promise 1: prompted in a meeting")
	case l.Player.Phase() != "":
		t.Fatal("promise 1: prompted in a session")
	case l.keeps() != "":
		t.Fatalf("promise 1: prompted in spite of %s: %+v", l.keeps(), l.around)
	case l.Rem.Settings.Hours.Set && !goodHour(l.now.Wall):
		t.Fatalf("promise 1: prompted at %s", l.now.Wall.Format(time.TimeOnly))
	}
	gap := l.Rem.Settings.MinGap
	if l.leftAt != 0 && l.now.Boot < l.leftAt+gap && !l.asked {
		t.Fatalf("promise 2: prompted %v after the last one", l.now.Boot-l.leftAt)
	}
	l.shown, l.asked = true, false
	l.around.prompted(l.now.Boot)
}

// until lets time pass in steps that end at every deadline, as the loop does, so that effects come when they are due.
func (l *life) until(t *rapid.T, end time.Duration) {
	for l.now.Boot < end {
		next := min(end, NextWake(&l.State))
		if l.answerAt != 0 {
			next = min(next, max(l.now.Boot, l.answerAt))
		}
		if !l.idle {
			next = min(next, max(l.now.Boot+1, l.input+l.Watch))
		}
		l.tick(max(0, next-l.now.Boot))
		l.step(t, Event{})
		l.answerLook(t)
		if quiet := l.now.Boot - l.input; !l.idle && quiet >= l.Watch && l.Source == "x11" {
			l.idle = true
			l.step(t, Event{Input: &Input{State: "idle", Source: "x11", Idle: quiet}})
		}
	}
}

func (l *life) say(t *rapid.T, c Command) (refused string) {
	n := len(l.lines)
	before := l.State
	l.step(t, Event{Command: &c})
	_, out := Step(before, Event{At: l.now, Command: &c})
	for _, f := range out {
		refused += f.Refused
	}
	l.lines = l.lines[:n]
	return refused
}

func someSettings(t *rapid.T) Settings {
	set := quick()
	set.Sound = rapid.Bool().Draw(t, "sound")
	pick := func(name string, ds ...time.Duration) time.Duration { return rapid.SampledFrom(ds).Draw(t, name) }
	set.Sitting.Rest = pick("rest", 3*sec, 4*sec, 7*sec)
	set.Reminder.Patience = pick("patience", 0, 3*sec, 10*sec)
	set.Reminder.PauseInInput = pick("pause_in_input", 0, sec, 1500*time.Millisecond)
	set.Reminder.MinGap = pick("min_gap", 0, sec, 9*sec)
	set.Reminder.WakeGrace = pick("wake_grace", 0, sec, 5*sec)
	set.Reminder.IgnoredAfter = pick("ignored_after", 5*sec, time.Minute)
	set.Reminder.Holds = reminder.Holds{
		DoNotDisturb: rapid.Bool().Draw(t, "do_not_disturb"), Call: rapid.Bool().Draw(t, "call"),
		Fullscreen: rapid.Bool().Draw(t, "fullscreen"),
		CallAtMost: pick("call_at_most", 5*sec, time.Minute), FullscreenAtMost: pick("fullscreen_at_most", 5*sec, 30*sec),
	}
	if rapid.Bool().Draw(t, "hours") {
		set.Reminder.Hours.Set = true
		for d := range set.Reminder.Hours.Days {
			set.Reminder.Hours.Days[d] = []reminder.Range{{From: 8 * time.Hour, To: 12*time.Hour + 10*time.Minute}, {From: 22 * time.Hour, To: 26 * time.Hour}}
		}
	}
	return set
}

// checkPromises lives one random life.
func checkPromises(t *rapid.T) {
	l := newLife(t, someSettings(t))
	l.step(t, Event{Desk: &Desk{Here: true}})
	l.input = l.now.Boot
	l.step(t, Event{Input: &Input{State: "active", Source: "x11"}})
	span := rapid.Custom(func(t *rapid.T) time.Duration {
		return time.Duration(rapid.SampledFrom([]int64{50, 400, 999, 1000, 1001, 1999, 2000, 2001, 4000, 5000, 21000, 60000, 400000}).Draw(t, "ms")) * time.Millisecond
	})
	key := func(t *rapid.T) {
		l.input = l.now.Boot
		l.idle, l.lost = false, false
		l.step(t, Event{Input: &Input{State: "active", Source: "x11"}})
	}
	desk := func(t *rapid.T, d Desk) {
		if d.Locked || d.Inactive || d.Sleeping {
			l.around.locked()
		}
		l.locked = d.Locked || d.Inactive || d.Sleeping
		l.step(t, Event{Desk: &d})
	}
	t.Repeat(map[string]func(*rapid.T){
		"key": key,
		"type": func(t *rapid.T) {
			for range rapid.IntRange(1, 30).Draw(t, "keys") {
				key(t)
				l.until(t, l.now.Boot+900*time.Millisecond)
			}
		},
		"video": func(t *rapid.T) {
			l.playing = rapid.SliceOfNDistinct(rapid.IntRange(1, 3), 0, 2, rapid.ID[int]).Draw(t, "playing")
			if l.State.Vouch {
				l.step(t, Event{Vouch: &Vouch{By: l.playing}})
			}
		},
		"pass":   func(t *rapid.T) { l.until(t, l.now.Boot+span.Draw(t, "pass")) },
		"lock":   func(t *rapid.T) { desk(t, Desk{Locked: true, Here: true}) },
		"unlock": func(t *rapid.T) { desk(t, Desk{Here: true}) },
		"switch": func(t *rapid.T) { desk(t, Desk{Inactive: true, Here: true}) },
		"dark":   func(t *rapid.T) { l.step(t, Event{Screen: &Screen{Dark: rapid.Bool().Draw(t, "dark")}}) },
		"lost": func(t *rapid.T) {
			l.step(t, Event{Input: &Input{State: "unknown", Source: "x11"}})
			l.idle, l.lost = true, true // it reports nothing until the next key
		},
		"suspend": func(t *rapid.T) {
			if rapid.Bool().Draw(t, "announced") {
				desk(t, Desk{Sleeping: true, Here: true})
			}
			d := span.Draw(t, "asleep")
			l.now.Boot += d
			l.now.Wall = l.now.Wall.Add(d)
			l.locked = false
			l.step(t, Event{Desk: &Desk{Here: true}})
		},
		"step clock": func(t *rapid.T) {
			l.now.Wall = l.now.Wall.Add(time.Duration(rapid.Int64Range(-3e12, 3e12).Draw(t, "step")))
			l.step(t, Event{})
		},
		"restart": func(t *rapid.T) {
			d := span.Draw(t, "gap")
			l.tick(d)
			l.locked = false
			l.step(t, Event{Start: &Start{BootID: "b", Settings: Settings{l.Sit.Settings, l.Rem.Settings, l.Sound}}})
			l.step(t, Event{Desk: &Desk{Here: true}})
			key(t)
		},
		"stretch": func(t *rapid.T) {
			l.say(t, Command{
				Name: "stretch", Plan: rapid.SampledFrom([]*routines.Plan{plan("chair"), plan("standing"), sides()}).Draw(t, "plan"),
				Guide: rapid.SampledFrom([]string{"terminal", GuideBackground}).Draw(t, "guide"),
			})
		},
		"seen": func(t *rapid.T) { l.step(t, Event{Seen: l.Player.ID}) },
		"page": func(t *rapid.T) { l.step(t, Event{Page: l.Player.ID}) },
		"session": func(t *rapid.T) {
			l.say(t, Command{Name: "session/" + rapid.SampledFrom([]string{"next", "back", "pause", "resume", "stop", "hurt"}).Draw(t, "control")})
		},
		"feel": func(t *rapid.T) {
			l.say(t, Command{Name: "session/feeling", Feeling: rapid.SampledFrom([]string{FeelingBetter, FeelingSame, FeelingWorse}).Draw(t, "feeling")})
		},
		"finish": func(t *rapid.T) {
			l.say(t, Command{Name: "stretch", Plan: plan("standing"), Guide: "terminal"})
			for range rapid.IntRange(2, 4).Draw(t, "steps") {
				l.say(t, Command{Name: "session/next"})
			}
		},
		"snooze": func(t *rapid.T) {
			if l.say(t, Command{Name: "snooze", For: span.Draw(t, "snooze")}) == "" {
				l.asked = true
			}
		},
		"skip": func(t *rapid.T) { l.say(t, Command{Name: "skip"}) },
		"pause": func(t *rapid.T) {
			d := span.Draw(t, "pause")
			l.pausedFor, l.pausedTo = true, l.now.Boot+d
			l.say(t, Command{Name: "pause", For: d})
		},
		"resume": func(t *rapid.T) {
			l.pausedFor = false
			l.say(t, Command{Name: "resume"})
		},
		"sit":          func(t *rapid.T) { l.say(t, Command{Name: "sit", For: span.Draw(t, "sit")}) },
		"stand":        func(t *rapid.T) { l.say(t, Command{Name: "stand"}) },
		"meeting over": func(t *rapid.T) { l.say(t, Command{Name: "meeting", Off: true}) },
		"pause to tomorrow": func(t *rapid.T) {
			l.pausedFor, l.pausedTo = true, l.now.Boot+1
			l.say(t, Command{Name: "pause", Tomorrow: true})
		},
		"I was up": func(t *rapid.T) { l.say(t, Command{Name: "was_up"}) },
		"settings": func(t *rapid.T) {
			set := someSettings(t)
			l.step(t, Event{Settings: &set})
		},
		"a day away": func(t *rapid.T) {
			desk(t, Desk{Locked: true, Here: true})
			l.until(t, l.now.Boot+26*time.Hour)
		},
		"meeting": func(t *rapid.T) { l.say(t, Command{Name: "meeting", For: span.Draw(t, "meeting")}) },
		"was": func(t *rapid.T) {
			as := rapid.SampledFrom([]sitting.Posture{sitting.Sitting, sitting.Standing, sitting.Away}).Draw(t, "as")
			l.say(t, Command{Name: "was", Posture: as, For: rapid.SampledFrom([]time.Duration{0, sec, 9 * sec}).Draw(t, "for")})
		},
		"something begins or ends": func(t *rapid.T) {
			l.around.toggle(rapid.SampledFrom(kinds).Draw(t, "what"), l.now.Boot)
		},
		"looks hang": func(t *rapid.T) { l.mood = rapid.SampledFrom([]string{"prompt", "slow", "mute"}).Draw(t, "looks") },
		"expired":    func(t *rapid.T) { l.step(t, Event{Prompt: "expired"}) },
	})
}

func TestPromises(t *testing.T) { rapid.Check(t, checkPromises) }

func FuzzPromises(f *testing.F) { f.Fuzz(rapid.MakeFuzz(checkPromises)) }

func mustJSON(t interface{ Fatal(...any) }, v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
