package routines

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const s = time.Second

// threeSteps is a plan of 10+20, 5+20 and 5+20 seconds; the first and the last load the same direction.
func threeSteps() Plan {
	step := func(id, direction string, ready time.Duration) Step {
		return Step{
			Exercise: id, Name: id, Spoken: id, Direction: []string{direction}, Level: gentle, Ready: ready, Work: 20 * s,
			Setup: []string{"set up " + id}, Cues: []string{"first " + id, "second " + id},
		}
	}
	return Plan{Place: Standing, Pace: PaceNormal, Steps: []Step{
		step("a", "x", 10*s), step("b", "y", 5*s), step("c", "x", 5*s),
	}}
}

func begin() Player { return Begin("1", threeSteps(), "terminal", 100*s) }

func TestSessionRunsThrough(t *testing.T) {
	tests := []struct {
		at       time.Duration
		phase    string
		step     int
		cue      string
		stepLeft time.Duration
		left     time.Duration
		worked   time.Duration
	}{
		{100 * s, "ready", 0, "set up a", 10 * s, 80 * s, 0},
		{109 * s, "ready", 0, "set up a", 1 * s, 71 * s, 0},
		{110 * s, "work", 0, "first a", 20 * s, 70 * s, 0},
		{119 * s, "work", 0, "first a", 11 * s, 61 * s, 0},
		{120 * s, "work", 0, "second a", 10 * s, 60 * s, 0},
		{130 * s, "ready", 1, "set up b", 5 * s, 50 * s, 20 * s},
		{155 * s, "ready", 2, "set up c", 5 * s, 25 * s, 40 * s},
		{179 * s, "work", 2, "second c", 1 * s, 1 * s, 40 * s},
		{180 * s, "done", 2, "", 0, 0, 60 * s},
		{239 * s, "done", 2, "", 0, 0, 60 * s},
		{240 * s, "", 0, "", 0, 0, 60 * s},
	}
	for _, tt := range tests {
		p := begin().Advance(tt.at)
		step, _, _ := p.Step()
		worked, planned := p.Worked()
		if p.Phase() != tt.phase || step != tt.step || p.Cue(tt.at) != tt.cue || p.StepLeft(tt.at) != tt.stepLeft ||
			p.Left(tt.at) != tt.left || worked != tt.worked || planned != 60*s {
			t.Errorf("at %s: got %s %d %q %s %s %s of %s; want %+v", tt.at,
				p.Phase(), step, p.Cue(tt.at), p.StepLeft(tt.at), p.Left(tt.at), worked, planned, tt)
		}
		if got, want := p.Outcome() == Finished, tt.at >= 180*s; got != want {
			t.Errorf("at %s: outcome %q", tt.at, p.Outcome())
		}
	}
}

func TestControls(t *testing.T) {
	hurt := func(p Player) Player { return p.Hurt(115 * s) }
	tests := []struct {
		name    string
		do      func(Player) Player
		at      time.Duration
		phase   string
		step    int
		left    time.Duration
		worked  time.Duration
		outcome string
	}{
		{"pause", func(p Player) Player { return p.Pause(115 * s) }, 300 * s, "paused", 0, 65 * s, 5 * s, ""},
		{
			"resume", func(p Player) Player { return p.Pause(115 * s).Resume(300 * s) },
			300 * s, "work", 0, 65 * s, 5 * s, "",
		},
		{"pause too long", func(p Player) Player { return p.Pause(115 * s) }, 1015 * s, "", 0, 0, 5 * s, Abandoned},
		{
			"pause almost too long", func(p Player) Player { return p.Pause(115 * s) },
			1014 * s, "paused", 0, 65 * s, 5 * s, "",
		},
		{"next", func(p Player) Player { return p.Next(115 * s) }, 115 * s, "ready", 1, 50 * s, 5 * s, ""},
		{
			"next while getting ready", func(p Player) Player { return p.Next(105 * s) },
			105 * s, "ready", 1, 50 * s, 0, "",
		},
		{
			"next while paused", func(p Player) Player { return p.Pause(115 * s).Next(200 * s) },
			201 * s, "ready", 1, 49 * s, 5 * s, "",
		},
		{
			"next on the last", func(p Player) Player { return p.Next(105 * s).Next(106 * s).Next(115 * s) },
			115 * s, "done", 2, 0, 4 * s, Finished,
		},
		{"back", func(p Player) Player { return p.Back(140 * s) }, 140 * s, "ready", 0, 80 * s, 25 * s, ""},
		{
			"back on the first", func(p Player) Player { return p.Back(115 * s) },
			115 * s, "ready", 0, 80 * s, 5 * s, "",
		},
		{
			"back, and all of it again", func(p Player) Player { return p.Back(128 * s) },
			170 * s, "work", 1, 38 * s, 20 * s, "",
		},
		{"stop", func(p Player) Player { return p.Stop(140 * s) }, 140 * s, "", 0, 0, 25 * s, Abandoned},
		{"stop when done", func(p Player) Player { return p.Stop(181 * s) }, 181 * s, "", 0, 0, 60 * s, Finished},
		{"interrupt", func(p Player) Player { return p.Interrupt(140 * s) }, 140 * s, "", 0, 0, 25 * s, Interrupted},
		{
			"interrupt when done", func(p Player) Player { return p.Interrupt(181 * s) },
			181 * s, "", 0, 0, 60 * s, Finished,
		},
		{"hurt", hurt, 300 * s, "paused", 0, 65 * s, 5 * s, ""},
		{
			"hurt and on gently", func(p Player) Player { return hurt(p).Resume(200 * s) },
			200 * s, "ready", 1, 25 * s, 5 * s, "",
		},
		{
			"hurt and next", func(p Player) Player { return hurt(p).Next(200 * s) },
			200 * s, "ready", 1, 25 * s, 5 * s, "",
		},
		{
			"hurt and back", func(p Player) Player { return hurt(p).Back(200 * s) },
			200 * s, "paused", 0, 65 * s, 5 * s, "",
		},
		{
			"hurt, on, and to the end", func(p Player) Player { return hurt(p).Resume(200 * s) },
			225 * s, "done", 1, 0, 25 * s, Finished,
		},
		{
			"hurt, on, and back", func(p Player) Player { return hurt(p).Resume(200 * s).Back(210 * s) },
			210 * s, "ready", 1, 25 * s, 10 * s, "",
		},
		{
			"hurt and stop", func(p Player) Player { return hurt(p).Stop(200 * s) },
			200 * s, "", 0, 0, 5 * s, Abandoned,
		},
		{
			"hurt on the last", func(p Player) Player { return p.Hurt(170 * s).Resume(171 * s) },
			171 * s, "", 0, 0, 50 * s, Abandoned,
		},
		{
			"hurt while paused", func(p Player) Player { return hurt(p.Pause(110 * s)) },
			1014 * s, "paused", 0, 70 * s, 0, "",
		},
		{"hurt when done", func(p Player) Player { return p.Hurt(181 * s) }, 181 * s, "done", 2, 0, 60 * s, Finished},
	}
	for _, tt := range tests {
		p := tt.do(begin()).Advance(tt.at)
		step, _, _ := p.Step()
		worked, _ := p.Worked()
		if p.Phase() != tt.phase || step != tt.step || p.Left(tt.at) != tt.left || worked != tt.worked ||
			p.Outcome() != tt.outcome {
			t.Errorf("%s: got %s %d %s %s %q; want %s %d %s %s %q", tt.name,
				p.Phase(), step, p.Left(tt.at), worked, p.Outcome(), tt.phase, tt.step, tt.left, tt.worked, tt.outcome)
		}
	}
}

// TestCountdownWaitsForTheGuide is a notification that comes late, or never.
func TestCountdownWaitsForTheGuide(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(Player) Player
		at   time.Duration
		step time.Duration // left then
	}{
		{"not seen yet", func(p Player) Player { return p }, 102 * s, 10 * s},
		{"seen", func(p Player) Player { return p.Seen(102 * s) }, 104 * s, 8 * s},
		{"never seen", func(p Player) Player { return p }, 104 * s, 9 * s},
		{"seen too late", func(p Player) Player { return p.Seen(105 * s) }, 106 * s, 7 * s},
		{"seen twice", func(p Player) Player { return p.Seen(101 * s).Seen(103 * s) }, 104 * s, 7 * s},
		{"paused meanwhile", func(p Player) Player { return p.Pause(101 * s).Seen(102 * s) }, 150 * s, 10 * s},
		{"paused and resumed", func(p Player) Player { return p.Pause(101 * s).Resume(110 * s) }, 112 * s, 8 * s},
		{"next meanwhile", func(p Player) Player { return p.Next(101 * s).Seen(102 * s) }, 104 * s, 2 * s},
	} {
		p := tt.do(begin().Await()).Advance(tt.at)
		if got := p.StepLeft(tt.at); got != tt.step {
			t.Errorf("%s: %s left of the step at %s, want %s", tt.name, got, tt.at, tt.step)
		}
	}
}

func TestHurtRemembersTheExercise(t *testing.T) {
	p := begin().Hurt(140 * s)
	if got, want := p.Hurting, "b"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := p.Resume(141 * s).Hurting; got != "" {
		t.Errorf("still %q after going on", got)
	}
}

func TestGoingOnGently(t *testing.T) {
	step := func(id, level string, direction ...string) Step {
		return Step{Exercise: id, Direction: direction, Level: level, Ready: s, Work: s}
	}
	p := Begin("1", Plan{Steps: []Step{
		step("hurts", gentle, "x", "y"), step("hurts", gentle), step("same direction", gentle, "z", "y"),
		step("harder", "moderate", "z"), step("fine", gentle, "z"),
	}}, "page", 0)
	_, got, _ := p.Hurt(s).Resume(2 * s).Step()
	if want := "fine"; got.Exercise != want {
		t.Errorf("goes on with %q, want %q", got.Exercise, want)
	}
}

func TestWaitingPaceBeginsEachStepOnAKey(t *testing.T) {
	plan := threeSteps()
	plan.Pace = PaceWait
	p := Begin("1", plan, "terminal", 0).Advance(60 * s)
	if p.Phase() != PhasePaused || p.StepLeft(60*s) != 20*s {
		t.Errorf("got %s with %s left, want paused before any work", p.Phase(), p.StepLeft(60*s))
	}
	p = p.Resume(60 * s).Advance(70 * s)
	if p.Phase() != PhaseWork || p.StepLeft(70*s) != 10*s {
		t.Errorf("got %s with %s left, want work half done", p.Phase(), p.StepLeft(70*s))
	}
}

func TestFollowing(t *testing.T) {
	next, ok := begin().Following()
	if !ok || next.Exercise != "b" {
		t.Errorf("got %q %v, want b", next.Exercise, ok)
	}
	if next, ok := begin().Next(101 * s).Next(102 * s).Following(); ok {
		t.Errorf("after the last step comes %q", next.Exercise)
	}
}

func TestNoSession(t *testing.T) {
	var none Player
	for name, p := range map[string]Player{
		"no steps": Begin("1", Plan{}, "", 5*s), "advance": none.Advance(s), "next": none.Next(s), "back": none.Back(s),
		"pause": none.Pause(s), "resume": none.Resume(s), "stop": none.Stop(s), "hurt": none.Hurt(s),
		"interrupt": none.Interrupt(s),
	} {
		if !reflect.DeepEqual(p, none) || p.Running() || p.Phase() != "" || p.Left(s) != 0 || p.Cue(s) != "" {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestDamagedStateIsRefused(t *testing.T) {
	for _, text := range []string{
		`{"stage":"work"}`, `{"index":3}`, `{"index":-1}`, `{"did":[1]}`, `{"plan":{"steps":[{}]},"stage":"work"}`,
		`{"plan":{"steps":[{}]},"did":[0],"barred":[false],"stage":"dance"}`, `{"did":7}`,
		`{"plan":{"steps":[{}]},"did":[0],"barred":[false],"stage":"work","unseen":true}`,
	} {
		if err := json.Unmarshal([]byte(text), &Player{}); err == nil {
			t.Errorf("accepted %s", text)
		}
	}
}

func stored(t *rapid.T, p Player) Player {
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var q Player
	if err := json.Unmarshal(data, &q); err != nil {
		t.Fatal(err)
	}
	return q
}

var controls = map[string]func(Player, time.Duration) Player{
	"advance": Player.Advance, "next": Player.Next, "back": Player.Back, "pause": Player.Pause,
	"resume": Player.Resume, "hurt": Player.Hurt, "stop": Player.Stop, "interrupt": Player.Interrupt,
	"seen": Player.Seen,
}

// checkPlayer drives a session at random beside a twin that is stored and read again, and advanced to a random
// moment, before every call.
func checkPlayer(t *rapid.T) {
	r := anyRequest(t, Default())
	r.Length = min(r.Length, 2*time.Minute)
	plan, err := Default().Plan(r)
	if err != nil {
		t.Skip(err)
	}
	now := time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "begin"))
	p := Begin("1", plan, "page", now)
	if rapid.Bool().Draw(t, "unseen") {
		p = p.Await()
	}
	twin := p
	names := []string{"seen", "advance", "advance", "next", "back", "pause", "resume", "resume", "hurt", "stop", "interrupt"}
	for range rapid.IntRange(0, 40).Draw(t, "calls") {
		name := rapid.SampledFrom(names).Draw(t, "call")
		by := time.Duration(rapid.Int64Range(0, int64(40*time.Second)).Draw(t, "after"))
		between := now + time.Duration(rapid.Int64Range(0, int64(by)).Draw(t, "between"))

		if twin.Left(between) > p.Left(now) {
			t.Fatalf("left grew from %s to %s as time passed", p.Left(now), twin.Left(between))
		}
		twin = stored(t, twin).Advance(between)
		if again := stored(t, p); !reflect.DeepEqual(again, p) {
			t.Fatalf("storing changed\n%+v to\n%+v", p, again)
		}
		left := p.Left(now + by)
		now += by
		old, before := p, stored(t, p)
		p = controls[name](p, now)
		if !reflect.DeepEqual(old, before) {
			t.Fatalf("%s changed its receiver\n%+v to\n%+v", name, before, old)
		}
		twin = controls[name](twin, now)

		if !reflect.DeepEqual(p, twin) {
			t.Fatalf("%s: storing and advancing changed\n%+v to\n%+v", name, p, twin)
		}
		if name != "back" && p.Left(now) > left {
			t.Fatalf("%s: left grew from %s to %s", name, left, p.Left(now))
		}
		checkWork(t, p)
	}
	checkEnds(t, p)
}

func checkWork(t *rapid.T, p Player) {
	done, planned := p.Worked()
	if done < 0 || done > planned {
		t.Fatalf("worked %s of %s", done, planned)
	}
	if (p.Stage == PhaseDone || p.Stage == "") != (p.Outcome() != "") {
		t.Fatalf("stage %q with outcome %q", p.Stage, p.Outcome())
	}
}

// checkEnds leaves the session alone and wakes it as it asks for.
func checkEnds(t *rapid.T, p Player) {
	var last time.Duration
	for range 1000 {
		at, ok := p.NextWake()
		if !ok {
			if p.Phase() != "" || p.Running() {
				t.Fatalf("%s sleeps forever", p.Phase())
			}
			return
		}
		if at < last {
			t.Fatalf("wakes at %s after %s", at, last)
		}
		last = at
		if before := p.Advance(at - 1); !reflect.DeepEqual(before, p) {
			t.Fatalf("changed before its wake-up at %s", at)
		}
		woken := p.Advance(at)
		if reflect.DeepEqual(woken, p) {
			t.Fatalf("woken at %s for nothing", at)
		}
		p = woken
	}
	t.Fatalf("does not end")
}

func TestPlayerKeepsItsRules(t *testing.T) { rapid.Check(t, checkPlayer) }

func FuzzPlayerKeepsItsRules(f *testing.F) { f.Fuzz(rapid.MakeFuzz(checkPlayer)) }
