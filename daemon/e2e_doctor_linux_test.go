package daemon_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
)

// doctorTime is how long a report may take on a busy machine before it counts as hanging. Examine itself takes two seconds
// at most.
const doctorTime = 8 * time.Second

// examine runs the doctor on the desk, and checks what holds of every report.
func examine(t *testing.T, desk *desktest.Desk, binary string) map[string]api.Check {
	t.Helper()
	began := time.Now()
	out, errs, code := desk.Exec(binary, "doctor", "--json")
	took := time.Since(began)
	t.Logf("the doctor took %v", took)
	if took > doctorTime {
		t.Errorf("the doctor took %v", took)
	}
	var report api.Doctor
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != 0 {
		t.Fatalf("exit code %d, %v:\n%s%s", code, err, out, errs)
	}
	found := map[string]api.Check{}
	for _, c := range report.Checks {
		if !slices.Contains([]string{"ok", "degraded", "missing"}, c.Status) || c.Detail == "" || (c.Status == "ok") != (c.Hint == "") {
			t.Errorf("an odd check: %+v", c)
		}
		found[c.Part] = c
	}
	return found
}

// wantChecks compares statuses, and a word in what is said.
func wantChecks(t *testing.T, got map[string]api.Check, wants map[string]string) {
	t.Helper()
	for part, want := range wants {
		status, text, _ := strings.Cut(want, " ")
		if c := got[part]; c.Status != status || !strings.Contains(c.Detail, text) {
			t.Errorf("%s: got %+v, want %s", part, c, want)
		}
	}
}

// TestDoctorOnAWholeDesk: with a daemon and without one nothing of the desk is amiss, and what the daemon alone knows is
// there with it.
func TestDoctorOnAWholeDesk(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{Panel: true, Logind: true})
	binary := desktest.Build(t)
	well := map[string]string{
		"display": "ok X11", "session bus": "ok", "runtime directory": "ok", "presence": "ok x11", "session": "ok logind",
		"notify": "ok dunst", "tray host": "ok", "other reminders": "ok", "files": "ok", "config": "ok", "routines": "ok",
	}
	without := examine(t, desk, binary)
	wantChecks(t, without, well)
	wantChecks(t, without, map[string]string{"daemon": "missing not running"})
	if entries, err := os.ReadDir(filepath.Join(desk.Getenv("XDG_RUNTIME_DIR"), "unhunch")); err == nil {
		t.Errorf("the doctor has left %v", entries)
	}
	d := desk.Start(binary, brisk)
	desktest.Until(t, 5*time.Second, "logind to be seen", func() bool { return examine(t, desk, binary)["session"].Status == "ok" })
	with := examine(t, desk, binary)
	wantChecks(t, with, well)
	wantChecks(t, with, map[string]string{"daemon": "ok running", "state": "ok", "history": "ok", "profile": "ok"})

	desk.KillPanel()
	wantChecks(t, examine(t, desk, binary), map[string]string{"tray host": "missing no panel", "notify": "ok"})

	history := filepath.Join(desk.Getenv("XDG_STATE_HOME"), "unhunch", "history.db")
	desktest.Until(t, 5*time.Second, "the history", func() bool { return os.Chmod(history, 0o644) == nil })
	wantChecks(t, examine(t, desk, binary), map[string]string{"files": "degraded ~/.local/state/unhunch/history.db is open"})

	d.Freeze()
	defer d.Thaw()
	frozen := examine(t, desk, binary)
	wantChecks(t, frozen, map[string]string{"daemon": "missing does not answer", "presence": "ok", "display": "ok"})
}

// TestDoctorWithoutADesktop is a terminal on a machine without one.
func TestDoctorWithoutADesktop(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	binary := desktest.Build(t)
	bare := map[string]string{
		"display": "missing DISPLAY", "presence": "missing no display", "notify": "missing no notification service",
		"tray host": "missing no panel", "session bus": "ok",
	}
	wantChecks(t, examine(t, desk, binary), bare)
	d := desk.Start(binary, brisk)
	bare["presence"] = "degraded no display"
	desktest.Until(t, 5*time.Second, "the bus to be looked at", func() bool { return examine(t, desk, binary)["notify"].Status == "missing" })
	wantChecks(t, examine(t, desk, binary), bare)
	d.Kill()
	wantChecks(t, examine(t, desk, binary), map[string]string{"daemon": "missing not running"})
}

// TestDoctorWhenAllHangs: bus and display take connections and say nothing.
func TestDoctorWhenAllHangs(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{Notifyd: desktest.None})
	binary := desktest.Build(t)
	desk.Freeze()
	defer desk.Thaw()
	wantChecks(t, examine(t, desk, binary), map[string]string{
		"session bus": "degraded", "tray host": "missing", "presence": "missing does not answer", "notify": "degraded",
		"config": "ok", "files": "ok",
	})
}

// TestDoctorTellsNobodyWhoYouAre: a report of a desk on which everything private is marked, and much is wrong, can be
// shown to anybody.
func TestDoctorTellsNobodyWhoYouAre(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	binary := desktest.Build(t)
	const user, host, secret = "martaquist", "kestrelbox", "zebrastretch"
	home := filepath.Join(desk.Dir, user)
	env := func(name, value string) {
		desk.Env = append(slices.DeleteFunc(desk.Env, func(v string) bool { return strings.HasPrefix(v, name+"=") }), name+"="+value)
	}
	env("USER", user)
	env("LOGNAME", user)
	env("HOSTNAME", host)
	env("HOME", home)
	env("DISPLAY", host+":77.0") // where nobody answers
	env("XDG_CONFIG_HOME", filepath.Join(home, ".config"))
	env("XDG_DATA_HOME", filepath.Join(home, ".local", "share"))
	env("XDG_STATE_HOME", filepath.Join(desk.Dir, "disk", user, "state")) // outside the home
	private := []string{user, host, secret, "my knees"}
	if name, err := os.Hostname(); err == nil && len(name) > 2 {
		private = append(private, name)
	}
	own := filepath.Join(home, ".local", "share", "unhunch", "routines", secret+".toml")
	write(t, own, "id = \"my knees\"\nname = \"The "+secret+"\"\n")
	check := func(when string) {
		t.Helper()
		plain, plainErrs, _ := desk.Exec(binary, "doctor")
		asJSON, jsonErrs, _ := desk.Exec(binary, "doctor", "--json")
		for _, text := range []string{plain, plainErrs, asJSON, jsonErrs} {
			for _, p := range private {
				if strings.Contains(strings.ToLower(text), strings.ToLower(p)) {
					t.Errorf("%s the doctor tells of %q:\n%s", when, p, text)
				}
			}
		}
		mention(t, "the doctor "+when, plain, "a file with exercises of your own has a mistake", "sitting.limit", "<user>", "<computer>:77.0")
	}
	d := desk.Start(binary, "sitting.limit = 1")
	for _, name := range []string{"lock", "history.db"} {
		path := filepath.Join(desk.Getenv("XDG_STATE_HOME"), "unhunch", name)
		desktest.Until(t, 5*time.Second, path, func() bool { return os.Chmod(path, 0o644) == nil })
	}
	check("with a daemon")
	d.Kill()
	check("without a daemon")
}

// TestDoctorSeesOtherReminders: by their processes on this desktop, and by GNOME's settings.
func TestDoctorSeesOtherReminders(t *testing.T) {
	t.Parallel()
	desktest.Need(t, "sleep", "cat")
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	binary := desktest.Build(t)
	bin := filepath.Join(desk.Dir, "bin")
	write(t, filepath.Join(bin, "gsettings"), "#!/bin/sh\n[ \"$1 $3\" = 'get selected-breaks' ] && echo \"['eyesight', 'movement']\"\n")
	if err := os.Chmod(filepath.Join(bin, "gsettings"), 0o700); err != nil {
		t.Fatal(err)
	}
	desk.Env = append(slices.DeleteFunc(desk.Env, func(v string) bool { return strings.HasPrefix(v, "PATH=") }),
		"PATH="+bin+":"+desk.Getenv("PATH"), "XDG_CURRENT_DESKTOP=ubuntu:GNOME")
	other := desk.Command("sleep", "60")
	other.Args[0] = "/usr/bin/workrave"
	background(t, other)
	desk.Start(binary, brisk)
	if err := syscall.Mkfifo(filepath.Join(desk.Dir, "daemon"), 0o600); err != nil {
		t.Fatal(err)
	}
	second := desk.Command("cat") // of a pipe that nobody writes into
	second.Args = []string{"/opt/unhunch", "daemon"}
	background(t, second)
	out, _, code := desk.Exec(binary, "doctor")
	if code != 0 {
		t.Fatalf("exit code %d", code)
	}
	mention(t, "the doctor", out, "Workrave runs here, too", "GNOME's own break reminders are on",
		"a second one runs as process "+strconv.Itoa(second.Process.Pid))
	if strings.Contains(out, "no other program") {
		t.Errorf("found, and said to be alone:\n%s", out)
	}
}

func background(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGKILL)
		_ = cmd.Wait()
	})
}
