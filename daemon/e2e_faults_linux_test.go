package daemon_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/core"
)

// brisk are settings for what comes after the prompt: it is soon reached, and a silence that a test needs for
// something else does not empty the chair.
const brisk = `
sitting.limit = "3s"
sitting.rest = "2s"
sitting.away_after = "30s"
sitting.sure_after = "60s"
reminder.patience = "1s"
reminder.pause_in_input = "300ms"
reminder.min_gap = "500ms"
reminder.wake_grace = "500ms"
reminder.snooze = ["2s", "10m"]
`

const promptTitle = "A good moment to get up"

// startBrisk runs the real program on a desk of its own, under the brisk settings.
func startBrisk(t *testing.T, o desktest.Options) (*desktest.Desk, *desktest.Daemon) {
	t.Helper()
	desk := desktest.New(t, o)
	return desk, desk.Start(desktest.Build(t), brisk)
}

// must runs a command that has to succeed, and returns what it printed.
func must(t *testing.T, d *desktest.Daemon, args ...string) string {
	t.Helper()
	stdout, stderr, code := d.Unhunch(args...)
	if code != 0 {
		t.Fatalf("unhunch %s: exit code %d\n%s", strings.Join(args, " "), code, stderr)
	}
	return stdout
}

// sitUntilAsked works, with a short pause now and then, until the prompt is on the screen.
func sitUntilAsked(t *testing.T, desk *desktest.Desk, d *desktest.Daemon) *desktest.Notification {
	t.Helper()
	person := desk.Person()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); person.Away(400 * time.Millisecond) {
		// An earlier prompt may still be on its way off the screen.
		if n := desk.Prompt(); n != nil && n.Title == promptTitle && d.State().Reminder.Phase == "prompted" {
			return n
		}
		person.Type(time.Second, 200*time.Millisecond)
	}
	t.Fatal("was never asked to get up")
	return nil
}

// pressSkip lets the break on the screen go.
func pressSkip(t *testing.T, desk *desktest.Desk, d *desktest.Daemon) {
	t.Helper()
	desk.WaitGone(desk.Press("Skip"), 5*time.Second)
	d.WaitState(5*time.Second, "the break to be let go", inPhase("quiet"))
}

func inPhase(phase string) func(api.State) bool {
	return func(s api.State) bool { return s.Reminder.Phase == phase }
}

func hasProblem(code string) func(api.State) bool {
	return func(s api.State) bool {
		return slices.ContainsFunc(s.Problems, func(p api.Problem) bool { return p.Code == code })
	}
}

func noProblem(s api.State) bool { return len(s.Problems) == 0 }

// wrap makes a program that is unhunch but for its daemon, which the shell command line starts in its own way.
func wrap(t *testing.T, desk *desktest.Desk, line string) string {
	t.Helper()
	path := filepath.Join(desk.Dir, "wrapped")
	write(t, path, "#!/bin/sh\nunhunch="+desktest.Build(t)+"\n[ \"$1\" = daemon ] || exec $unhunch \"$@\"\n"+line+"\n")
	if err := os.Chmod(path, 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// mention fails the test unless text has all the wants in it, wherever its lines break.
func mention(t *testing.T, where, text string, wants ...string) {
	t.Helper()
	unbroken := strings.Join(strings.Fields(text), " ")
	for _, want := range wants {
		if !strings.Contains(text, want) && !strings.Contains(unbroken, want) {
			t.Errorf("%s does not mention %q:\n%s", where, want, text)
		}
	}
}

func statePath(desk *desktest.Desk) string {
	return filepath.Join(desk.Getenv("XDG_STATE_HOME"), "unhunch", "state.json")
}

// TestNoDisplay is `make run` in a terminal of a machine without a desktop.
func TestNoDisplay(t *testing.T) {
	t.Parallel()
	desktest.Need(t, "script")
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	began := time.Now()
	d := desk.Start(wrap(t, desk, `exec script -qefc "$unhunch daemon" /dev/null`), brisk)
	desktest.Until(t, 5*time.Second, "a word in the terminal", func() bool {
		return strings.Contains(d.Log(), "no display")
	})
	mention(t, "status", must(t, d, "status"), "keyboard and mouse cannot be seen here")
	mention(t, "doctor", must(t, d, "doctor"), "no display")
	must(t, d, "pause", "1h")
	must(t, d, "resume")

	desk.Person().Away(time.Until(began.Add(57 * time.Second)))
	s := d.State()
	if s.Presence.State != "unknown" || s.Presence.Source != "none" || s.Sitting.LoadS != 0 || s.Posture != "unknown" {
		t.Errorf("before the minute is over: presence %+v, posture %s, load %v", s.Presence, s.Posture, s.Sitting.LoadS)
	}
	s = d.WaitState(10*time.Second, "timer mode", func(s api.State) bool { return s.Presence.Source == "timer" })
	if s.Presence.State != "unknown" || s.Posture != "sitting" || s.Presence.IdleS != nil {
		t.Errorf("in timer mode: presence %+v, posture %s", s.Presence, s.Posture)
	}
	mention(t, "status", must(t, d, "status"), "time with the screen unlocked counts as sitting")
	mention(t, "doctor", must(t, d, "doctor"), "time with the screen unlocked counts as sitting", "no display")

	d.WaitState(10*time.Second, "the prompt", inPhase("prompted"))
	desktest.Until(t, 5*time.Second, "the prompt in the terminal", func() bool {
		return strings.Contains(d.Log(), promptTitle)
	})
	unwrapped := strings.Join(strings.Fields(d.Log()), " ")
	mention(t, "the terminal", unwrapped, "unhunch stretch", "unhunch snooze 2s", "unhunch skip")
	must(t, d, "snooze")
	d.WaitState(10*time.Second, "the prompt after the snooze", func(s api.State) bool { return s.Today.Prompts == 2 })
	must(t, d, "skip")
	quit(t, desk)
	desktest.Until(t, 5*time.Second, "the socket to go", func() bool { return !exists(desk.SocketPath()) })
}

func quit(t *testing.T, desk *desktest.Desk) {
	t.Helper()
	answer, err := desk.HTTP().Post("http://unhunch"+api.PathQuit, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("asked to quit: %s", answer.Status)
	}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// TestKilled: what the person has said, and what they have sat, outlives kill -9.
func TestKilled(t *testing.T) {
	t.Parallel()
	desk, d := startBrisk(t, desktest.Options{})
	killed := func() (before, after api.State) {
		t.Helper()
		before = d.State()
		d.Kill()
		d.Restart()
		after = d.WaitState(5*time.Second, "the sensor", func(s api.State) bool { return s.Presence.State == "active" })
		return before, after
	}
	sitUntilAsked(t, desk, d)
	must(t, d, "snooze", "10m")
	before, after := killed()
	if after.Reminder.Phase != "snoozed" || after.Reminder.SnoozesLeft != before.Reminder.SnoozesLeft {
		t.Errorf("snoozed before, %+v after", after.Reminder)
	}
	sameMoment(t, "the end of the snooze", before.Reminder.Until, after.Reminder.Until)
	sameLoad(t, before, after)

	must(t, d, "stretch", "--in", "background")
	must(t, d, "session", "next")
	desk.Person().Away(time.Second)
	before, after = killed()
	if after.Session == nil {
		t.Fatal("the session is gone")
	}
	if b, a := before.Session, after.Session; a.ID != b.ID || a.Step != b.Step || a.Phase != "paused" {
		t.Errorf("session %+v before, %+v after", b, a)
	}
	must(t, d, "session", "resume")
	if s := d.State(); s.Session == nil || s.Session.Phase == "paused" {
		t.Errorf("resumed: %+v", s.Session)
	}
	must(t, d, "session", "stop")

	desk.Person().Type(time.Second, 200*time.Millisecond)
	must(t, d, "pause", "1h")
	desk.Person().Type(time.Second, 200*time.Millisecond)
	before, after = killed()
	if after.Reminder.Phase != "paused" {
		t.Errorf("paused before, %+v after", after.Reminder)
	}
	sameMoment(t, "the end of the pause", before.PausedUntil, after.PausedUntil)
	sameLoad(t, before, after)
	if before.Sitting.LoadS < 1 {
		t.Errorf("load %v: nothing was at stake", before.Sitting.LoadS)
	}
}

func sameMoment(t *testing.T, what string, before, after *time.Time) {
	t.Helper()
	if before == nil || after == nil || after.Sub(*before).Abs() > time.Second {
		t.Errorf("%s was %v and is %v", what, before, after)
	}
}

// sameLoad checks that a gap of seconds in the chair has cost nothing and won nothing.
func sameLoad(t *testing.T, before, after api.State) {
	t.Helper()
	want := before.Sitting.LoadS + after.At.Sub(before.At).Seconds()
	if math.Abs(after.Sitting.LoadS-want) > 0.5 {
		t.Errorf("load %v before, %v after, want %v", before.Sitting.LoadS, after.Sitting.LoadS, want)
	}
}

// TestTimingXServerGone: without a server nothing is known, counted or burnt; with one again, all is well.
func TestTimingXServerGone(t *testing.T) {
	desk, d := startBrisk(t, desktest.Options{})
	desk.Person().Type(2*time.Second, 200*time.Millisecond)
	desk.StopX()
	d.WaitState(5*time.Second, "the loss to be seen", func(s api.State) bool { return s.Presence.State == "unknown" })
	mention(t, "status", must(t, d, "status"), "the connection that tells of keyboard and mouse is lost")
	mention(t, "doctor", must(t, d, "doctor"), "the connection that tells of keyboard and mouse is lost")

	first, cpu := d.State(), cpuUsed(t, d.Pid())
	if !hasProblem("sensor_lost")(first) || first.Sitting.LoadS < 1 || first.Sitting.Rate != 0 {
		t.Errorf("problems %v, sitting %+v", first.Problems, first.Sitting)
	}
	<-time.After(3 * time.Second)
	cpu = cpuUsed(t, d.Pid()) - cpu
	t.Logf("%v of CPU in 3 s without an X server", cpu)
	if cpu > 30*time.Millisecond {
		t.Errorf("%v of CPU in 3 s without an X server", cpu)
	}
	if last := d.State(); last.Sitting.LoadS != first.Sitting.LoadS {
		t.Errorf("load %v, and after 3 s %v", first.Sitting.LoadS, last.Sitting.LoadS)
	}

	desk.StartX()
	up := time.Now()
	desk.Person().Key()
	d.WaitState(5*time.Second, "the sensor and the notifications", func(s api.State) bool {
		return s.Presence.State == "active" && s.Presence.Source == "x11" && s.Sitting.Rate == 1 && noProblem(s)
	})
	t.Logf("right %v after the server was up", time.Since(up))
	sitUntilAsked(t, desk, d)
}

// cpuUsed sums over all threads: /proc/PID/schedstat itself is the first thread's alone.
func cpuUsed(t *testing.T, pid int) (total time.Duration) {
	t.Helper()
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	for _, path := range threads {
		var running int64
		if _, err := fmt.Sscan(string(read(t, path)), &running); err != nil {
			t.Fatal(err)
		}
		total += time.Duration(running)
	}
	return total
}

// TestNotificationsRestarted: a prompt goes to the new server or bus, and so does the next one.
func TestNotificationsRestarted(t *testing.T) {
	t.Parallel()
	desk, d := startBrisk(t, desktest.Options{})
	for what, restart := range map[string]func(){
		"dunst":           func() { desk.KillNotifyd(); desk.StartNotifyd() },
		"the session bus": desk.RestartBus,
	} {
		sitUntilAsked(t, desk, d)
		prompts := d.State().Today.Prompts
		restart()
		desktest.Until(t, 10*time.Second, "the prompt to be shown again by "+what, func() bool {
			n := desk.Prompt()
			return n != nil && n.Title == promptTitle
		})
		if got := d.State().Today.Prompts; got != prompts {
			t.Errorf("%s restarted: %d prompts counted, want %d", what, got, prompts)
		}
		pressSkip(t, desk, d)
		sitUntilAsked(t, desk, d)
		pressSkip(t, desk, d)
	}
}

// TestTimingFrozenNotifications: a server that owns its name and answers nobody holds up nothing else.
func TestTimingFrozenNotifications(t *testing.T) {
	desk, d := startBrisk(t, desktest.Options{})
	desk.Person().Type(2*time.Second, 200*time.Millisecond)
	desk.FreezeNotifyd()
	desk.Person().Type(2*time.Second, 200*time.Millisecond)
	d.WaitState(5*time.Second, "the prompt", inPhase("prompted"))
	const slow = 100 * time.Millisecond
	for range 20 {
		asked := time.Now()
		if d.State(); time.Since(asked) > slow {
			t.Errorf("the state took %v", time.Since(asked))
		}
	}
	asked := time.Now()
	must(t, d, "snooze", "9s")
	took := time.Since(asked)
	t.Logf("a snooze took %v", took)
	if took > 10*slow { // with the start of a program
		t.Errorf("a snooze took %v", took)
	}
	if s := d.State(); s.Reminder.Phase != "snoozed" {
		t.Errorf("snoozed: %+v", s.Reminder)
	}
	desktest.Until(t, 8*time.Second, "the doctor to see it", func() bool {
		return strings.Contains(must(t, d, "doctor"), "does not answer")
	})
	desk.ThawNotifyd()
	desktest.Until(t, 5*time.Second, "the doctor to be content", func() bool {
		return !strings.Contains(must(t, d, "doctor"), "does not answer")
	})
	desktest.Until(t, time.Second, "the old prompt to go", func() bool { return desk.Prompt() == nil })
	sitUntilAsked(t, desk, d)
	pressSkip(t, desk, d)
}

// TestTwentyDaemons: one lives, the others say why not, and a killed one leaves nothing in the way of the next.
func TestTwentyDaemons(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	binary := desktest.Build(t)
	type ending struct {
		cmd    *exec.Cmd
		stderr bytes.Buffer
	}
	ended := make(chan *ending, 20)
	all := make([]*ending, cap(ended))
	for i := range all {
		e := &ending{cmd: desk.Command(binary, "daemon")}
		e.cmd.Stderr = &e.stderr
		e.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if err := e.cmd.Start(); err != nil {
			t.Fatal(err)
		}
		all[i] = e
	}
	for _, e := range all {
		go func() {
			_ = e.cmd.Wait()
			ended <- e
		}()
	}
	late := time.After(30 * time.Second)
	for range len(all) - 1 {
		select {
		case e := <-ended:
			if code := e.cmd.ProcessState.ExitCode(); code != 4 {
				t.Errorf("exit code %d, want 4: %s", code, e.stderr.String())
			}
			mention(t, "the refused daemon", e.stderr.String(), "unhunch: another daemon of yours is running already")
			all = slices.DeleteFunc(all, func(other *ending) bool { return other == e })
		case <-late:
			t.Fatalf("%d daemons still run", len(all))
		}
	}
	desktest.Until(t, 5*time.Second, "an answer", func() bool {
		_, _, code := desk.Exec(binary, "status")
		return code == 0
	})
	if err := all[0].cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-ended
	if !exists(desk.SocketPath()) {
		t.Error("no stale socket: the test proves nothing")
	}
	d := desk.Start(binary, "")
	if got := d.State().Sitting.LimitS; got != 1800 {
		t.Errorf("limit %v by default", got)
	}
}

// TestBrokenConfig: a mistake in the file changes nothing, is said everywhere, and in a notification once.
func TestBrokenConfig(t *testing.T) {
	t.Parallel()
	desk, d := startBrisk(t, desktest.Options{})
	const broken = "[sitting]\n# a comment\nlimit = \"soon\"\n"
	write(t, desk.ConfigPath(), broken)
	s := d.WaitState(5*time.Second, "the mistake to be seen", hasProblem("config_broken"))
	if s.Sitting.LimitS != 3 {
		t.Errorf("limit %v, want that of before", s.Sitting.LimitS)
	}
	mention(t, "status", must(t, d, "status"), "line 3, column 9", "sitting.limit")
	mention(t, "doctor", must(t, d, "doctor"), "line 3, column 9", "sitting.limit")
	mention(t, "the log", d.Log(), "config.toml:3:9")
	said := desk.WaitNotify(5 * time.Second)
	mention(t, "the notification", said.Title+": "+said.Body, "The settings have an error", "line 3, column 9")

	// The same mistake beside another change is no news.
	write(t, desk.ConfigPath(), broken+"# one more comment\n")
	touched := time.Now()
	desk.Person().Away(time.Second)
	for _, n := range desk.Notifications() {
		if n.At.After(touched) {
			t.Errorf("said again: %s", n.Body)
		}
	}
	write(t, desk.ConfigPath(), "sitting.limit = \"42m\"\n")
	d.WaitState(5*time.Second, "the mended file in use", func(s api.State) bool {
		return s.Sitting.LimitS == 42*60 && noProblem(s)
	})
	mention(t, "doctor", must(t, d, "doctor"), "the settings are valid")

	write(t, desk.ConfigPath(), broken)
	d.Restart()
	s = d.WaitState(5*time.Second, "the mistake at start", hasProblem("config_broken"))
	if s.Sitting.LimitS != 1800 {
		t.Errorf("limit %v, want the default", s.Sitting.LimitS)
	}
	mention(t, "status", must(t, d, "status"), "line 3, column 9")
	mention(t, "doctor", must(t, d, "doctor"), "line 3, column 9")
	desktest.Until(t, 5*time.Second, "a notification at start", func() bool {
		n := desk.Prompt()
		return n != nil && n.ID != said.ID && strings.Contains(n.Body, "line 3, column 9")
	})
}

// TestConfigSet changes one value in a file with comments behind a link, and nothing else.
func TestConfigSet(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	const text = "# mine\n[reminder] # asking\nsnooze = [ \"2s\",\t\"1m\" ] # odd  spaces\n\n" +
		"[sitting]\n  limit   =   '3s'   # not long\nrest = \"2s\"\n# the end"
	home := filepath.Join(desk.Dir, "dotfiles", "unhunch.toml")
	write(t, home, text)
	d := desk.Start(desktest.Build(t), "")
	if err := os.Remove(desk.ConfigPath()); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(home, desk.ConfigPath()); err != nil {
		t.Fatal(err)
	}
	d.WaitState(5*time.Second, "the file behind the link in use", func(s api.State) bool { return s.Sitting.LimitS == 3 })

	must(t, d, "config", "set", "sitting.limit", "25m")
	d.WaitState(time.Second, "the new value in use", func(s api.State) bool { return s.Sitting.LimitS == 25*60 })
	if want := strings.Replace(text, `'3s'`, `"25m"`, 1); string(read(t, home)) != want {
		t.Errorf("the file is now\n%s\nwant\n%s", read(t, home), want)
	}
	if got := read(t, home+".bak"); string(got) != text {
		t.Errorf("the file kept as it was is\n%s", got)
	}
	if to, err := os.Readlink(desk.ConfigPath()); err != nil || to != home {
		t.Errorf("the link leads to %q (%v)", to, err)
	}
}

// TestTimingTerm: asked to end, the daemon goes at once and takes its prompt along.
func TestTimingTerm(t *testing.T) {
	desk, d := startBrisk(t, desktest.Options{})
	asked := sitUntilAsked(t, desk, d)
	last := d.State()
	for path, want := range map[string]fs.FileMode{
		statePath(desk): 0o600, filepath.Dir(statePath(desk)): 0o700,
		desk.SocketPath(): 0o600, filepath.Dir(desk.SocketPath()): 0o700,
	} {
		info, err := os.Lstat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
	began := time.Now()
	if code := d.Term(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	took := time.Since(began)
	t.Logf("ending took %v", took)
	if took > time.Second {
		t.Errorf("ending took %v", took)
	}
	if gone := desk.WaitGone(asked, 5*time.Second); gone.Ended != desktest.Withdrawn {
		t.Errorf("the prompt is %s", gone.Ended)
	}
	var saved struct {
		Wall time.Time `json:"wall"`
	}
	if err := json.Unmarshal(read(t, statePath(desk)), &saved); err != nil {
		t.Fatal(err)
	}
	if saved.Wall.Before(last.At) {
		t.Errorf("the last checkpoint is of %v, the state before the end of %v", saved.Wall, last.At)
	}
}

// TestStateOfAnotherVersion: what a newer program saved is its own; what nobody can read makes way.
func TestStateOfAnotherVersion(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	const newer = `{"format": "unhunch-state", "version": 99, "core": {"sitting": "of another kind"}}`
	write(t, statePath(desk), newer)
	d := desk.Start(desktest.Build(t), brisk)
	d.WaitState(5*time.Second, "a word", hasProblem("state_newer"))
	mention(t, "status", must(t, d, "status"), "written by a newer version")
	must(t, d, "pause", "1h")
	if code := d.Term(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if got := string(read(t, statePath(desk))); got != newer {
		t.Errorf("the newer state is now %s", got)
	}

	const corrupt = `{"format": "unhunch-state", "version": 1, "co`
	write(t, statePath(desk), corrupt)
	d.Restart()
	d.WaitState(5*time.Second, "a word", hasProblem("state_unreadable"))
	aside, _ := filepath.Glob(statePath(desk) + ".unreadable-*")
	if len(aside) != 1 || string(read(t, aside[0])) != corrupt {
		t.Errorf("set aside: %q", aside)
	}
	must(t, d, "pause", "1h")
	if !json.Valid(read(t, statePath(desk))) {
		t.Error("nothing new was saved")
	}
	d.Restart()
	if s := d.State(); s.Reminder.Phase != "paused" || hasProblem("state_unreadable")(s) {
		t.Errorf("after one more start: %+v, %v", s.Reminder, s.Problems)
	}
}

// needDisk skips where nobody can mount a disk of their own that others can change.
func needDisk(t *testing.T) {
	t.Helper()
	desktest.Need(t, "unshare", "mount", "nsenter")
	if os.Geteuid() != 0 {
		t.Skip("mounting a disk that others can change takes root")
	}
	if out, err := exec.Command("unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt").CombinedOutput(); err != nil {
		t.Skipf("cannot mount a disk here: %v: %s", err, out)
	}
}

// startOnDisk starts a daemon that keeps its state on a disk of its own, mounted so. remount changes it.
func startOnDisk(t *testing.T, desk *desktest.Desk, options string, more ...string) (d *desktest.Daemon, remount func(options string)) {
	t.Helper()
	dir := filepath.Dir(statePath(desk))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	script := "mount -t tmpfs -o mode=700," + options + " tmpfs " + dir
	for _, line := range more {
		script += " && " + line + " " + dir
	}
	d = desk.Start(wrap(t, desk, "exec unshare -m sh -c \""+script+" && exec $unhunch daemon\""), brisk)
	return d, func(options string) {
		t.Helper()
		cmd := exec.Command("nsenter", "-t", strconv.Itoa(d.Pid()), "-m", "mount", "-o", "remount,"+options, dir)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("remount: %v: %s", err, out)
		}
	}
}

// saidOnce checks that one notification, and no more, has told of the history.
func saidOnce(t *testing.T, desk *desktest.Desk) {
	t.Helper()
	said := 0
	for _, n := range desk.Notifications() {
		if n.Title == "Your history needs a look" {
			said++
		}
	}
	if said != 1 {
		t.Errorf("%d notifications about the history, want one", said)
	}
}

// saysLittle checks that the log tells of what is wrong with the disk when it begins, not at each attempt.
func saysLittle(t *testing.T, d *desktest.Daemon) {
	t.Helper()
	if lines := strings.Count(d.Log(), "\n"); lines > 8 {
		t.Errorf("%d lines in the log:\n%s", lines, d.Log())
	}
}

// TestNoRoomToBegin: on 64 KiB the history cannot even be begun. The prompts go on, there is one word about it, and what
// happened meanwhile arrives when there is room.
func TestNoRoomToBegin(t *testing.T) {
	t.Parallel()
	needDisk(t)
	desk := desktest.New(t, desktest.Options{})
	d, remount := startOnDisk(t, desk, "size=64k")
	for range 2 {
		sitUntilAsked(t, desk, d)
		must(t, d, "skip")
		d.WaitState(5*time.Second, "a word on the history", hasProblem("history_full"))
	}
	sitUntilAsked(t, desk, d)
	saidOnce(t, desk)
	saysLittle(t, d)
	mention(t, "status", must(t, d, "status"), "the disk is full")
	remount("size=4m")
	must(t, d, "skip")
	d.WaitState(15*time.Second, "the end of the problems", noProblem)
	if h := history(t, d, "today"); h.Sum.Skips != 3 || h.Sum.Prompts != 3 || h.Waiting != 0 {
		t.Errorf("the record of it has %+v, %d wait", h.Sum, h.Waiting)
	}
	agree(t, d, "with room again")
	saidOnce(t, desk)
}

// TestFullDisk: with nowhere to save, the older state stays whole and the prompts go on. What happens meanwhile is on
// record once there is room again.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	desktest.Need(t, "unshare", "mount")
	// As another user than root, a user namespace is the way to a file system of one's own.
	unshare := "unshare -m"
	if os.Geteuid() != 0 {
		unshare = "unshare -rm"
	}
	if out, err := exec.Command("sh", "-c", unshare+" mount -t tmpfs tmpfs /mnt").CombinedOutput(); err != nil {
		t.Skipf("cannot mount a small disk here: %v: %s", err, out)
	}
	desk := desktest.New(t, desktest.Options{})
	dir := filepath.Dir(statePath(desk))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	d := desk.Start(wrap(t, desk, "exec "+unshare+" sh -c \"mount -t tmpfs -o size=1m,mode=700 tmpfs "+dir+
		" && exec $unhunch daemon\""), brisk)
	disk := fmt.Sprintf("/proc/%d/root%s", d.Pid(), dir)
	state, ballast := filepath.Join(disk, "state.json"), filepath.Join(disk, "ballast")
	sitUntilAsked(t, desk, d)
	fill(t, ballast)
	whole := read(t, state)
	must(t, d, "skip")
	d.WaitState(5*time.Second, "a word", hasProblem("not_saved"))
	d.WaitState(5*time.Second, "a word on the history", hasProblem("history_full"))
	mention(t, "status", must(t, d, "status"), "the count cannot be saved")
	mention(t, "doctor", must(t, d, "doctor"), "the count cannot be saved")
	sitUntilAsked(t, desk, d)
	pressSkip(t, desk, d)
	if got := read(t, state); !bytes.Equal(got, whole) {
		t.Errorf("the older state was touched: %d bytes are now %d", len(whole), len(got))
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	must(t, d, "pause", "1h") // something to save
	d.WaitState(5*time.Second, "the end of the problem", noProblem)
	if got := read(t, state); bytes.Equal(got, whole) || !json.Valid(got) {
		t.Errorf("not saved again: %s", got)
	}
	if h := history(t, d, "today"); h.Sum.Skips != 2 || h.Sum.Prompts != 2 || h.Waiting != 0 {
		t.Errorf("the record of it has %+v, %d wait", h.Sum, h.Waiting)
	}
	agree(t, d, "with room again")
	saidOnce(t, desk)
}

// TestReadOnlyDisk: on a disk that cannot be written from the start there is one daemon all the same, it asks, and what
// happens meanwhile is on record once the disk is back.
func TestReadOnlyDisk(t *testing.T) {
	t.Parallel()
	needDisk(t)
	desk := desktest.New(t, desktest.Options{})
	d, remount := startOnDisk(t, desk, "size=4m", "mount -o remount,ro")
	second := exec.Command("nsenter", "-t", strconv.Itoa(d.Pid()), "-m", desktest.Build(t), "daemon")
	second.Env = desk.Env
	if out, _ := second.CombinedOutput(); second.ProcessState.ExitCode() != 4 {
		t.Errorf("a second daemon ended with %d: %s", second.ProcessState.ExitCode(), out)
	}
	sitUntilAsked(t, desk, d)
	must(t, d, "skip")
	d.WaitState(5*time.Second, "a word on the history", hasProblem("history_read_only"))
	d.WaitState(5*time.Second, "a word on the count", hasProblem("not_saved"))
	sitUntilAsked(t, desk, d)
	pressSkip(t, desk, d)
	saidOnce(t, desk)
	saysLittle(t, d)
	remount("rw")
	must(t, d, "pause", "1h") // something to save
	d.WaitState(15*time.Second, "the end of the problems", noProblem)
	if h := history(t, d, "today"); h.Sum.Skips != 2 || h.Sum.Prompts != 2 || h.Waiting != 0 {
		t.Errorf("the record of it has %+v, %d wait", h.Sum, h.Waiting)
	}
	agree(t, d, "with a disk again")
	saidOnce(t, desk)
}

// fill writes until there is no more room.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 4096; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
}

// eventful are settings under which short silences count too.
const eventful = `
sitting.limit = "3s"
sitting.rest = "2s"
sitting.away_after = "1500ms"
sitting.sure_after = "4s"
reminder.patience = "1s"
reminder.pause_in_input = "300ms"
reminder.min_gap = "500ms"
reminder.wake_grace = "500ms"
reminder.snooze = ["2s", "10m"]
`

// TestEventLog plays again what the real program lived through on a desk, with every command used: the effects are
// the same byte for byte, and nothing in the log tells whose desk it was. With UNHUNCH_E2E_LONG=10m it lives for ten
// minutes.
func TestEventLog(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{Logind: true})
	desk.Env = append(desk.Env, "USER=marigold", "LOGNAME=marigold")
	d := desk.Start(desktest.Build(t), eventful)
	long, _ := time.ParseDuration(os.Getenv("UNHUNCH_E2E_LONG"))
	for began := time.Now(); ; {
		useEverything(t, desk, d)
		if time.Since(began) >= long {
			break
		}
	}
	must(t, d, "stretch", "--in", "background")
	must(t, d, "session", "hurt") // only once: what has hurt is not planned again
	must(t, d, "session", "resume")
	must(t, d, "session", "stop")
	path := filepath.Join(desk.Dir, "events.jsonl")
	must(t, d, "doctor", "--events", path)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the log's file: %v, %v", info, err)
	}
	mention(t, "the replay", must(t, d, "debug", "replay", path), "events played: every promise was kept")
	log := read(t, path)
	events, err := core.Replay(bytes.NewReader(log))
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSuffix(log, []byte("\n")), []byte("\n"))
	t.Logf("%d events in %d bytes", events, len(log))
	if events != len(lines)-1 || events < 60 {
		t.Errorf("%d events in %d lines", events, len(lines))
	}
	for _, private := range []string{desk.Dir, "marigold", "config.toml", "DISPLAY"} {
		if at := bytes.Index(log, []byte(private)); at >= 0 {
			t.Errorf("%q is in the log: …%s…", private, log[max(0, at-80):min(len(log), at+80)])
		}
	}
	for _, name := range everyCommand {
		if !bytes.Contains(log, []byte(`"name":"`+name+`"`)) {
			t.Errorf("%s is not in the log", name)
		}
	}
	replayAltered(t, lines)
}

// everyCommand is what a person can do, and so what the log must hold to prove anything.
var everyCommand = []string{
	"stretch", "snooze", "skip", "pause", "resume", "sit", "stand", "meeting", "was",
	"session/next", "session/back", "session/pause", "session/resume", "session/stop", "session/hurt",
}

// useEverything is some seconds of a working day in which everything is used once.
func useEverything(t *testing.T, desk *desktest.Desk, d *desktest.Daemon) {
	t.Helper()
	person := desk.Person()
	work := func() { t.Helper(); person.Type(400*time.Millisecond, 200*time.Millisecond) }
	must(t, d)
	must(t, d, "status", "--json")
	must(t, d, "routines", "list")
	must(t, d, "stretch", "--dry-run")

	sitUntilAsked(t, desk, d)
	desk.Press("In 2 s")
	d.WaitState(5*time.Second, "the snooze", inPhase("snoozed"))
	sitUntilAsked(t, desk, d)
	must(t, d, "snooze", "1s")
	sitUntilAsked(t, desk, d)
	must(t, d, "skip")
	refused(t, d, "snooze")
	sitUntilAsked(t, desk, d)
	desk.Dismiss()
	d.WaitState(5*time.Second, "the dismissal", inPhase("quiet"))
	sitUntilAsked(t, desk, d)
	desk.Press("Start")
	d.WaitState(5*time.Second, "the session", inPhase("in_session"))
	refused(t, d, "stretch")
	for _, control := range []string{"next", "back", "pause", "resume", "stop"} {
		must(t, d, "session", control)
		work()
	}
	s := d.WaitState(5*time.Second, "the end of the session", func(s api.State) bool { return s.Session == nil })
	must(t, d, "stretch", "--in", "background", "--length", "30s", "--place", "chair")
	for d.State().Session.Phase != "done" {
		must(t, d, "session", "next")
	}
	must(t, d, "session", "stop")
	if got := d.State().Today.Sessions; got != s.Today.Sessions+1 {
		t.Errorf("%d sessions finished, want %d", got, s.Today.Sessions+1)
	}
	for _, args := range [][]string{
		{"pause", "1h"},
		{"resume"},
		{"pause", "tomorrow"},
		{"pause"},
		{"resume"},
		{"meeting", "5m"},
		{"meeting", "off"},
		{"stand"},
		{"sit", "1s"},
	} {
		must(t, d, args...)
		work()
	}

	desk.Lock()
	person.Away(time.Second)
	desk.Unlock()
	desk.PrepareForSleep(true)
	desk.PrepareForSleep(false)
	desk.SetActive(false)
	desk.SetActive(true)
	work()
	for _, posture := range []string{"sitting", "away"} { // the silence is away, or undecided
		person.Away(2 * time.Second)
		work()
		must(t, d, "was", posture)
	}
	must(t, d, "was", "standing", "2s")
	person.Away(5 * time.Second)
	work()

	settings := string(read(t, desk.ConfigPath()))
	must(t, d, "config", "set", "sitting.limit", "4s")
	d.WaitState(5*time.Second, "the new limit", func(s api.State) bool { return s.Sitting.LimitS == 4 })
	write(t, desk.ConfigPath(), settings+"session.place = \"marigold\"\n")
	d.WaitState(5*time.Second, "the mistake", hasProblem("config_broken"))
	write(t, desk.ConfigPath(), settings)
	d.WaitState(5*time.Second, "the old limit", func(s api.State) bool { return s.Sitting.LimitS == 3 && noProblem(s) })
	desk.KillNotifyd()
	desk.StartNotifyd()
}

// refused runs a command that a rule must say no to.
func refused(t *testing.T, d *desktest.Daemon, args ...string) {
	t.Helper()
	if _, stderr, code := d.Unhunch(args...); code != 4 {
		t.Errorf("unhunch %s: exit code %d, want 4: %s", strings.Join(args, " "), code, stderr)
	}
}

var revision = regexp.MustCompile(`"rev":(\d+)`)

// replayAltered: a line of which anything has changed is named.
func replayAltered(t *testing.T, lines [][]byte) {
	t.Helper()
	last := len(lines) - 1
	for !revision.Match(lines[last]) {
		last--
	}
	other := revision.ReplaceAllFunc(lines[last], func(m []byte) []byte {
		n, _ := strconv.Atoi(string(m[len(`"rev":`):]))
		return fmt.Appendf(nil, `"rev":%d`, n+1)
	})
	for what, line := range map[string][]byte{"altered": other, "cut off": lines[last][:len(lines[last])/2]} {
		changed := slices.Clone(lines)
		changed[last] = line
		_, err := core.Replay(bytes.NewReader(bytes.Join(changed, []byte("\n"))))
		if want := fmt.Sprintf("line %d: ", last+1); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("a log with an %s line: %v, want %q", what, err, want)
		}
	}
}
