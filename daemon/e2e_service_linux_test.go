package daemon_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon"
	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
)

// backSoon is how long a daemon that was killed may take to be there again.
const backSoon = 5 * time.Second

// awkward is a directory whose name has all that a unit and a desktop entry must be told with care.
const awkward = `my $HOME; programs`

// An installation is unhunch in the hands of a person with a real service manager.
type installation struct {
	*testing.T
	*desktest.Manager
	unhunch string
}

// install makes the programs available to a person with a service manager. It returns nil in the outer test.
func newInstallation(t *testing.T, programs ...string) *installation {
	t.Helper()
	m := desktest.WithManager(t, t.Name(), programs...)
	if m == nil {
		return nil
	}
	dir := filepath.Join(m.Dir, awkward)
	if err := os.Rename(filepath.Join(m.Dir, "bin"), dir); err != nil {
		t.Fatal(err)
	}
	return &installation{t, m, filepath.Join(dir, "unhunch")}
}

// run runs a command that must succeed.
func (i *installation) run(args ...string) (stdout string) {
	i.Helper()
	stdout, stderr, code := i.Exec(i.unhunch, args...)
	if code != 0 {
		i.Fatalf("unhunch %v: exit code %d\n%s%s", args, code, stdout, stderr)
	}
	return stdout
}

func (i *installation) status() (st daemon.ServiceStatus) {
	i.Helper()
	if err := json.Unmarshal([]byte(i.run("service", "status", "--json")), &st); err != nil {
		i.Fatal(err)
	}
	return st
}

func (i *installation) state() (s api.State) {
	i.Helper()
	if err := json.Unmarshal([]byte(i.run("status", "--json")), &s); err != nil {
		i.Fatal(err)
	}
	return s
}

// runs waits until the service runs as another process than not.
func (i *installation) runs(within time.Duration, not int) (pid int) {
	i.Helper()
	desktest.Until(i.T, within, "the service to run", func() bool {
		text, _ := i.Systemctl("show", "-p", "MainPID", "--value", "unhunch.service")
		state, _ := i.Systemctl("is-active", "unhunch.service")
		pid, _ = strconv.Atoi(text)
		return state == "active" && pid != 0 && pid != not
	})
	return pid
}

func (i *installation) wellInstalled() {
	i.Helper()
	if st := i.status(); !st.Installed || !st.Enabled || !st.Running || st.By != "you" || st.Trouble != "" {
		i.Errorf("not well installed: %+v", st)
	}
}

// files are those in the person's home, but for the state: that stays when the service goes.
func (i *installation) files() []string {
	i.Helper()
	var found []string
	err := filepath.WalkDir(i.Home, func(path string, e os.DirEntry, err error) error {
		if path = strings.TrimPrefix(path, i.Home+"/"); strings.HasPrefix(path, ".local/state/unhunch") {
			return nil
		}
		if !e.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		i.Fatal(err)
	}
	return found
}

// processes are those of unhunch that run.
func (i *installation) processes() []string {
	var found []string
	all, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, exe := range all {
		if path, err := os.Readlink(exe); err == nil && strings.HasPrefix(filepath.Base(path), "unhunch") {
			found = append(found, path)
		}
	}
	return found
}

// TestService: installed, killed, logged out, and gone without a trace.
func TestService(t *testing.T) {
	desktest.Need(t, "systemd-analyze")
	i := newInstallation(t, programsFor(t)...)
	if i == nil {
		return
	}
	before := i.files()
	out := i.run("service", "install")
	i.Logf("install says:\n%s", out)
	i.wellInstalled()
	unit := i.status().File
	if said, err := exec.Command("systemd-analyze", "--user", "verify", unit).CombinedOutput(); err != nil || len(said) > 0 {
		i.Errorf("the unit does not pass: %v\n%s", err, said)
	}
	security, _ := exec.Command("systemd-analyze", "--user", "--no-pager", "security", "unhunch.service").CombinedOutput()
	i.Logf("%s", security)

	pid := i.runs(0, 0)
	if out := i.run("service", "install"); !strings.HasPrefix(out, "Everything is in place") || i.runs(0, 0) != pid {
		i.Errorf("installed again, it says %q and restarts", out)
	}

	load := i.state().Sitting.LoadS
	killed := time.Now()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	i.runs(backSoon, pid)
	i.Logf("back %v after kill -9; the count was %v s", time.Since(killed), load)

	i.Stop() // logged out, and in again
	i.Start()
	i.runs(backSoon, 0)
	i.wellInstalled()

	i.run("service", "stop")
	if st := i.status(); st.Running || !st.Enabled {
		i.Errorf("stopped: %+v", st)
	}
	if _, stderr, code := i.Exec(i.unhunch, "status"); code != 3 {
		i.Errorf("stopped, status exits with %d: %s", code, stderr)
	}
	i.run("service", "start")
	pid = i.runs(backSoon, 0)
	i.run("service", "restart")
	i.runs(backSoon, pid)

	i.run("service", "uninstall")
	if after := i.files(); !slices.Equal(before, after) {
		i.Errorf("files left: %q, there were %q", after, before)
	}
	if left := i.processes(); len(left) > 0 {
		i.Errorf("still running: %q", left)
	}
	if said, _ := i.Systemctl("list-unit-files", "--no-legend", "unhunch.service"); said != "" {
		i.Errorf("systemd still knows: %s", said)
	}
	if _, err := os.Stat(filepath.Join(i.Home, ".local/state/unhunch/state.json")); err != nil {
		i.Errorf("the state is gone, too: %v", err)
	}
	i.run("service", "uninstall", "--purge")
	if _, err := os.Stat(filepath.Join(i.Home, ".local/state/unhunch")); err == nil {
		i.Error("purged, the state is still there")
	}
}

// programsFor are the programs to install, built in the outer test.
func programsFor(t *testing.T, more ...string) []string {
	t.Helper()
	if os.Getenv("UNHUNCH_TEST_MANAGER") != "" {
		return nil
	}
	return append([]string{desktest.Build(t)}, more...)
}

// TestServiceHalfStates: whatever was left half done ends in a working installation or in a word that says what to do.
func TestServiceHalfStates(t *testing.T) {
	i := newInstallation(t, programsFor(t)...)
	if i == nil {
		return
	}
	units := filepath.Join(i.Home, ".config/systemd/user")
	unit, link := filepath.Join(units, "unhunch.service"), filepath.Join(units, "default.target.wants/unhunch.service")
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	const foreign = "[Service]\nExecStart=/bin/sleep 100\n"
	tests := []struct {
		name  string
		spoil func()
		want  string // in the complaint; empty for an installation that works afterwards
		mend  func()
	}{
		{"unit present, not enabled", func() {
			_, err := i.Systemctl("disable", "unhunch.service")
			must(err)
		}, "", nil},
		{"enabled, no unit", func() { must(os.Remove(unit)) }, "", nil},
		{"enabled, unit gone, daemon stopped", func() {
			_, err := i.Systemctl("stop", "unhunch.service")
			must(err)
			must(os.Remove(unit))
			_, err = i.Systemctl("daemon-reload")
			must(err)
		}, "", nil},
		{"running, nothing of a unit", func() {
			i.run("service", "uninstall")
			cmd := exec.Command(i.unhunch, "daemon")
			cmd.Env = i.Env
			must(cmd.Start())
			go func() { _ = cmd.Wait() }()
			desktest.Until(t, backSoon, "a daemon by hand", func() bool {
				_, _, code := i.Exec(i.unhunch, "status")
				return code == 0
			})
		}, "", nil},
		{"an older unit of ours", func() {
			text, err := os.ReadFile(unit)
			must(err)
			must(os.WriteFile(unit, []byte(strings.ReplaceAll(string(text), "RestartSec=2", "RestartSec=9")), 0o600))
		}, "", nil},
		{"a crash loop was given up", func() {
			text, err := os.ReadFile(unit)
			must(err)
			must(os.WriteFile(unit, []byte(strings.ReplaceAll(string(text), "daemon\n", "bogus\n")), 0o600))
			_, err = i.Systemctl("daemon-reload")
			must(err)
			_, _ = i.Systemctl("restart", "unhunch.service")
		}, "", nil},
		{"a unit of the person's own", func() {
			i.run("service", "uninstall")
			must(os.MkdirAll(units, 0o700))
			must(os.WriteFile(unit, []byte(foreign), 0o600))
		}, "was not written by `unhunch service install`", func() {
			text, err := os.ReadFile(unit)
			must(err)
			if string(text) != foreign {
				t.Errorf("it was changed: %s", text)
			}
			must(os.Remove(unit))
		}},
		{"masked", func() {
			i.run("service", "uninstall")
			_, err := i.Systemctl("mask", "unhunch.service")
			must(err)
		}, "the unit is masked", func() {
			_, err := i.Systemctl("unmask", "unhunch.service")
			must(err)
		}},
		{"~/.config cannot be written", func() {
			i.run("service", "uninstall")
			must(os.MkdirAll(filepath.Join(i.Home, ".config"), 0o700))
			must(os.Chmod(filepath.Join(i.Home, ".config"), 0o500))
		}, "cannot write " + unit, func() {
			must(os.Chmod(filepath.Join(i.Home, ".config"), 0o700))
			if left := i.files(); len(left) > 0 {
				t.Errorf("left half done: %q", left)
			}
		}},
		{"the targets' directory is a file", func() {
			must(os.MkdirAll(units, 0o700))
			must(os.WriteFile(filepath.Dir(link), nil, 0o600))
		}, "systemd does not take the unit", func() {
			must(os.Remove(filepath.Dir(link)))
			if left := i.files(); len(left) > 0 {
				t.Errorf("left half done: %q", left)
			}
		}},
	}
	i.run("service", "install")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			i := &installation{t, i.Manager, i.unhunch}
			tt.spoil()
			st := i.status()
			out, stderr, code := i.Exec(i.unhunch, "service", "install")
			if tt.want == "" {
				if st.Installed && st.Enabled && st.Running && st.Trouble == "" && tt.name != "an older unit of ours" {
					i.Errorf("nothing is wrong with it: %+v", st)
				}
				if code != 0 {
					i.Fatalf("exit code %d: %s%s", code, out, stderr)
				}
				i.runs(backSoon, 0)
				i.wellInstalled()
			} else {
				if code == 0 || !strings.Contains(stderr, tt.want) {
					i.Errorf("exit code %d, said %q, want %q", code, stderr, tt.want)
				}
				if said := strings.Split(strings.TrimSpace(stderr), "\n"); len(said) < 2 {
					i.Errorf("it does not say what to try: %q", stderr)
				}
				tt.mend()
			}
		})
	}
	t.Run("a unit of the machine's", func(t *testing.T) {
		i := &installation{t, i.Manager, i.unhunch}
		i.run("service", "install") // our own makes way for it
		text, err := os.ReadFile(unit)
		must(err)
		theirs := filepath.Join(desktest.MachineUnits, "unhunch.service")
		_, text, _ = bytes.Cut(text, []byte("\n")) // without what says that it is ours
		must(os.WriteFile(theirs, text, 0o600))
		i.run("service", "install")
		if st := i.status(); st.By != "administrator" || st.File != theirs || !st.Enabled || !st.Running {
			t.Errorf("installed: %+v", st)
		}
		if _, err := os.Stat(unit); err == nil {
			t.Error("a file of our own was written beside it")
		}
		i.run("service", "uninstall")
		if st := i.status(); st.Enabled || st.Running || len(i.files()) > 0 {
			t.Errorf("uninstalled: %+v, files %q", st, i.files())
		}
		must(os.Remove(theirs)) // which fails if it is gone
	})
	// From the last of them on there is a way to a working installation, and back.
	i.run("service", "install")
	i.wellInstalled()
	must(os.Remove(unit))
	i.run("service", "uninstall")
	if left := i.files(); len(left) > 0 {
		i.Errorf("left: %q", left)
	}
	if left := i.processes(); len(left) > 0 {
		i.Errorf("still running: %q", left)
	}
}

// desktopLater is how long the daemon of TestServiceBeforeDesktop runs before there is a desktop.
const desktopLater = 3 * time.Second

// TestServiceBeforeDesktop: the daemon starts before there is a display. When a desktop comes up it finds it, in the same
// process, and asks on it; a tray is put there. It survives the end of the desktop and meets the next.
func TestServiceBeforeDesktop(t *testing.T) {
	desktest.Need(t, "xdotool")
	var tray []string
	if os.Getenv("UNHUNCH_TEST_MANAGER") == "" {
		tray = []string{desktest.BuildTray(t)}
	}
	i := newInstallation(t, programsFor(t, tray...)...)
	if i == nil {
		return
	}
	config := filepath.Join(i.Home, ".config/unhunch/config.toml")
	if err := os.MkdirAll(filepath.Dir(config), 0o700); err != nil {
		t.Fatal(err)
	}
	settings := strings.Replace(quick, `sitting.limit = "20s"`, `sitting.limit = "6s"`, 1)
	if err := os.WriteFile(config, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	i.run("service", "install")
	pid := i.runs(backSoon, 0)
	if s := i.state(); s.Presence.State != "unknown" {
		t.Errorf("without a display presence is %q by %s", s.Presence.State, s.Presence.Source)
	}
	<-time.After(desktopLater)

	desk := desktest.New(t, desktest.Options{Manager: i.Manager, Panel: true})
	const session = "[Unit]\nBindsTo=graphical-session.target\n[Service]\nExecStart=/bin/sleep 1000\n"
	if err := os.WriteFile(filepath.Join(i.Home, ".config/systemd/user/desk.service"), []byte(session), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := i.Systemctl("set-environment", "DISPLAY="+desk.Display, "XDG_SESSION_TYPE=x11"); err != nil {
		t.Fatal(said)
	}
	person := desk.Person()
	person.Key()
	seen := time.Now()
	desktest.Until(t, 20*time.Second, "the daemon to see the display", func() bool {
		s, err := desk.State() // an error while it starts anew
		return err == nil && s.Presence.Source == "x11"
	})
	t.Logf("the display was seen %v after it was made known", time.Since(seen))
	if now := i.runs(backSoon, 0); now != pid {
		t.Errorf("it is process %d, and was %d", now, pid)
	}
	person.Type(8*time.Second, keystroke)
	isPrompt(t, desk.WaitNotify(10*time.Second))

	out, stderr, code := desk.Exec(i.unhunch, "service", "install")
	t.Logf("on the desktop, install says:\n%s%s", out, stderr)
	if code != 0 || !strings.Contains(out, "the icon is in the panel") {
		t.Errorf("exit code %d", code)
	}
	desktest.Until(t, backSoon, "the icon", func() bool { return i.status().Tray.Running })

	// The desktop is left and entered again, while the manager lives on.
	for _, verb := range []string{"daemon-reload", "start", "stop", "start"} {
		args := []string{verb, "desk.service"}
		if verb == "daemon-reload" {
			args = args[:1]
		}
		if said, err := i.Systemctl(args...); err != nil {
			t.Fatalf("%s: %s", verb, said)
		}
		if verb == "stop" {
			desktest.Until(t, backSoon, "the daemon to go with the desktop", func() bool {
				state, _ := i.Systemctl("is-active", "unhunch.service")
				return state == "inactive"
			})
		}
	}
	i.runs(backSoon, pid)
	i.run("service", "uninstall")
	if left := i.processes(); len(left) > 0 {
		t.Errorf("still running: %q", left)
	}
}

// TestServiceUpgrade: a program that was replaced is told of, and taken into use when nobody is at the desk.
func TestServiceUpgrade(t *testing.T) {
	i := newInstallation(t, programsFor(t)...)
	if i == nil {
		return
	}
	config := filepath.Join(i.Home, ".config/unhunch/config.toml")
	if err := os.MkdirAll(filepath.Dir(config), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, []byte(quick), 0o600); err != nil {
		t.Fatal(err)
	}
	desk := desktest.New(t, desktest.Options{Manager: i.Manager})
	if said, err := i.Systemctl("set-environment", "DISPLAY="+desk.Display, "XDG_SESSION_TYPE=x11"); err != nil {
		t.Fatal(said)
	}
	i.run("service", "install")
	pid := i.runs(backSoon, 0)
	person := desk.Person()
	person.Key()
	replace := func(by string) {
		data, err := os.ReadFile(by)
		if err == nil {
			err = os.WriteFile(i.unhunch+".new", data, 0o700)
		}
		if err == nil {
			err = os.Rename(i.unhunch+".new", i.unhunch)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	kept := i.unhunch + ".kept"
	if err := exec.Command("cp", i.unhunch, kept).Run(); err != nil {
		t.Fatal(err)
	}
	asked := func() string { // past the program, which may be broken
		s, err := desk.State()
		if err != nil {
			return ""
		}
		return s.Posture + " " + s.Boot
	}
	waitAway := func() {
		desktest.Until(t, 20*time.Second, "nobody at the desk", func() bool { return strings.HasPrefix(asked(), "away") })
	}
	desktest.Until(t, 20*time.Second, "somebody at the desk", func() bool { return strings.HasPrefix(asked(), "sitting") })
	first := i.state().Boot

	replace("/bin/false") // half an upgrade: nothing that could run
	waitAway()
	if got := i.runs(0, 0); got != pid || !strings.HasSuffix(asked(), first) {
		t.Errorf("it gave itself up for a program that does not run: %s, was %s", asked(), first)
	}
	person.Key()
	desktest.Until(t, 20*time.Second, "somebody at the desk", func() bool { return strings.HasPrefix(asked(), "sitting") })
	replace(kept)
	if !strings.HasSuffix(asked(), first) {
		t.Error("it did not wait for the person to leave")
	}
	waitAway()
	desktest.Until(t, 10*time.Second, "the new program", func() bool {
		now := asked()
		return now != "" && !strings.HasSuffix(now, first)
	})
	if got := i.runs(backSoon, 0); got != pid {
		t.Errorf("it is process %d, and was %d", got, pid)
	}
	if exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); err != nil || exe != i.unhunch {
		t.Errorf("it runs %q: %v", exe, err)
	}
	i.run("service", "uninstall")
}

// TestServiceForAll: root enables it for everybody by a preset, and takes all of it back. The machine's directories are
// covered meanwhile.
func TestServiceForAll(t *testing.T) {
	desktest.Need(t, "unshare", "mount", "systemctl")
	if os.Geteuid() != 0 {
		t.Skip("takes root")
	}
	program := desktest.Build(t)
	script := `set -e
for covered in /etc/systemd/user /etc/systemd/user-preset /etc/xdg /usr/local; do
	mkdir -p $covered; mount -t tmpfs -o mode=755 tmpfs $covered
done
here() { find /etc/systemd/user /etc/systemd/user-preset /etc/xdg /usr/local ! -type d | sort; }
mkdir -p /usr/local/bin; cp "$1" /usr/local/bin/unhunch
before=$(here)
unhunch=/usr/local/bin/unhunch
$unhunch service install --for-all-users
$unhunch service install --for-all-users
here
cat /etc/systemd/user-preset/50-unhunch.preset
$unhunch service uninstall --for-all-users
[ "$(here)" = "$before" ] || { echo left; here; exit 1; }
$unhunch service uninstall --for-all-users
mkdir -m 700 /usr/local/private; cp "$1" /usr/local/private/unhunch
! /usr/local/private/unhunch service install --for-all-users || exit 1
! $unhunch service install || exit 1
! $unhunch service uninstall || exit 1
`
	out, err := exec.Command("unshare", "--mount", "--propagation", "private", "bash", "-c", script, "bash", program).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
	for _, want := range []string{
		"from their next login on", "/etc/systemd/user/default.target.wants/unhunch.service", "\nenable unhunch.service\n",
		"/etc/systemd/user/graphical-session.target.wants/unhunch.service", "There was nothing to uninstall.",
		"not everybody can run", "root sits at no desk",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("it does not say %q", want)
		}
	}
}

// TestServiceWithoutSystemd: on a machine that something else has started, the desktop's autostart has the daemon.
func TestServiceWithoutSystemd(t *testing.T) {
	desktest.Need(t, "unshare", "mount", "setpriv")
	if os.Geteuid() != 0 {
		t.Skip("takes root")
	}
	dir, err := os.MkdirTemp("", "init")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	script := `set -e
umask 022; mount -t tmpfs -o mode=755 tmpfs /run; chmod 755 "$2"
mkdir "$2/home" "$2/run"; chown 65534:65534 "$2/home" "$2/run"; chmod 700 "$2/run"; cp "$1" "$2/unhunch"
cd "$2/home"
exec setpriv --reuid=65534 --regid=65534 --clear-groups env -i PATH="$PATH" HOME="$2/home" XDG_RUNTIME_DIR="$2/run" \
	GORACE=atexit_sleep_ms=0 bash -ec '
	files() { find . -path ./.local/state/unhunch -prune -o ! -type d -print | sort; }
	unhunch=../unhunch
	$unhunch service install 2>&1; files; $unhunch status --json > /dev/null
	$unhunch service install | head -1
	$unhunch service status
	$unhunch service stop; ! $unhunch status; $unhunch service start; $unhunch service restart; $unhunch status --json > /dev/null
	! $unhunch service logs
	$unhunch service uninstall; ! $unhunch status; [ -z "$(files)" ]; ls "$XDG_RUNTIME_DIR"'
`
	out, err := exec.Command("unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "--propagation", "private",
		"bash", "-c", script, "bash", desktest.Build(t), dir).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
	for _, want := range []string{
		"there is no systemd here", "./.config/autostart/unhunch.desktop", "Everything is in place", "starts at login",
		"nobody keeps the daemon's log", "no longer starts at login",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("it does not say %q", want)
		}
	}
}
