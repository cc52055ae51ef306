package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client/clienttest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"unhunch": main})
}

// afternoon is a person at a desk: 18 of 30 minutes, at 14:00 UTC.
func afternoon() api.State {
	idle := 0.4
	return api.State{
		Rev: 7, Boot: "b", At: time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC), Version: "1.0",
		Presence: api.Presence{State: "active", Source: "x11", IdleS: &idle},
		Posture:  "sitting",
		Sitting:  api.Sitting{LoadS: 1080, LimitS: 1800, DueInS: 720, StreakS: 1200, Rate: 1},
		Standing: api.Standing{LimitS: 3600, DueInS: 3600},
		Reminder: api.Reminder{Phase: "quiet", SnoozesLeft: 3},
		Today:    api.Today{SittingS: 9000, AwayS: 1200, Prompts: 4, Sessions: 2, NaturalBreaks: 1},
		Problems: []api.Problem{},
	}
}

// exercise is a moment of a session of two steps.
func exercise(step int, phase string) *api.Session {
	p := &api.Session{
		ID: "s1", Step: step, Steps: 2, Phase: phase, LeftS: 60, LengthS: 120, StepLeftS: 20, StepS: 25,
		Exercise: "shoulder-rolls", Name: "Shoulder rolls", Cue: "Roll both shoulders up, back and down.", Next: "Desk lean",
	}
	if step == 2 {
		p.Exercise, p.Name, p.Side, p.Cue, p.Next = "desk-lean", "Desk lean", "left", "Lean into the desk.", ""
	}
	return p
}

// playSession is how the fake daemon takes session commands: enough of a player to be guided through.
func playSession(did string, s *api.State) {
	set := func(p *api.Session) { s.Session = p }
	switch {
	case strings.HasPrefix(did, "stretch"):
		set(exercise(1, "work"))
	case did == "session/next" && s.Session.Step == 1:
		set(exercise(2, "work"))
	case did == "session/next":
		set(exercise(2, "done"))
	case did == "session/back":
		set(exercise(1, "ready"))
	case did == "session/pause":
		set(exercise(s.Session.Step, "paused"))
	case did == "session/resume":
		set(exercise(s.Session.Step, "work"))
	case did == "session/hurt":
		set(exercise(s.Session.Step, "paused"))
		s.Session.Hurt = true
	case did == "session/stop":
		set(nil)
	case strings.HasPrefix(did, "session/feeling"):
		set(nil)
		if s.WorseRunning++; did != "session/feeling worse" {
			s.WorseRunning = 0
		}
	}
}

// TestScripts runs the stories in testdata/script against the real main. The daemon in them is a fake behind the real
// server:
//
//	fake              starts it
//	fake -refuse M H  has it refuse everything with message M and hint H
//	fake -step N P    has it go to step N, phase P of a session
//	fake -quit        ends it
//	did COMMAND...    says what it must have been told since last asked
//	exits N COMMAND   runs a command that must exit with N
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_RUNTIME_DIR", filepath.Join(e.WorkDir, "run"))
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, "config"))
			e.Setenv("XDG_DATA_HOME", filepath.Join(e.WorkDir, "data"))
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, "state"))
			e.Setenv("TZ", "UTC")
			e.Setenv("DISPLAY", "")
			e.Setenv("GORACE", "atexit_sleep_ms=0") // under -race each program would stay for a second
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"fake": fakeCmd, "did": didCmd, "exits": exitsCmd},
	})
}

// playing is the fake of each script under its socket, with what ends it.
type playing struct {
	*clienttest.Fake
	stop func()
}

var fakes = struct{ byScript chan map[string]playing }{make(chan map[string]playing, 1)}

func init() { fakes.byScript <- map[string]playing{} }

func fakeCmd(ts *testscript.TestScript, _ bool, args []string) {
	all := <-fakes.byScript
	defer func() { fakes.byScript <- all }()
	path := filepath.Join(ts.Getenv("XDG_RUNTIME_DIR"), "unhunch", "api.sock")
	f, running := all[path]
	if !running {
		fake := clienttest.New(afternoon())
		fake.React(playSession)
		fake.Knows(nobody(), nil)
		fake.Answer(
			api.Plan{LengthS: 120, Steps: []api.PlanStep{{Exercise: "shoulder-rolls", ReadyS: 5, WorkS: 40, Why: "from the daemon"}}},
			api.Routines{},
			api.Doctor{Version: "1.0", Checks: []api.Check{
				{Part: "presence", Status: "ok", Detail: "x11"},
				{Part: "notify", Status: "degraded", Detail: "no buttons", Hint: "try another notification daemon"},
				{Part: "logind", Status: "missing", Detail: "no system bus"},
			}},
		)
		stop, err := clienttest.Serve(path, fake)
		ts.Check(err)
		ts.Defer(stop)
		f = playing{fake, stop}
		all[path] = f
	}
	switch {
	case len(args) == 3 && args[0] == "-refuse":
		f.Refuse(args[1], args[2])
	case len(args) == 3 && args[0] == "-step":
		f.Set(func(s *api.State) { s.Session = exercise(int(args[1][0]-'0'), args[2]) })
	case len(args) == 1 && args[0] == "-quit":
		f.stop()
		delete(all, path)
	case len(args) > 0:
		ts.Fatalf("fake %q?", args)
	}
}

func didCmd(ts *testscript.TestScript, _ bool, want []string) {
	all := <-fakes.byScript
	defer func() { fakes.byScript <- all }()
	path := filepath.Join(ts.Getenv("XDG_RUNTIME_DIR"), "unhunch", "api.sock")
	if got := all[path].Did(); !slices.Equal(got, want) {
		ts.Fatalf("the daemon was told %q, want %q", got, want)
	}
}

func exitsCmd(ts *testscript.TestScript, _ bool, args []string) {
	var exit *exec.ExitError
	err := ts.Exec(args[1], args[2:]...)
	if !errors.As(err, &exit) {
		ts.Fatalf("%v: got %v, want exit code %s", args[1:], err, args[0])
	}
	if got := strconv.Itoa(exit.ExitCode()); got != args[0] {
		ts.Fatalf("%v: got exit code %s, want %s", args[1:], got, args[0])
	}
}

// golden compares got with a file, which -update writes.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("differs from %s (run with -update and read the diff); got:\n%s", path, fmt.Sprint(got))
	}
}
