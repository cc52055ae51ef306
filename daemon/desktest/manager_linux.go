package desktest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// The person in a Manager's namespace: somebody without privileges, as at a desk. Any user id that is not root's will do.
const (
	managerUser = "65534"
	managerDir  = "/run/user/" + managerUser
)

// MachineUnits is where an administrator puts units for everybody. Inside, the person can, and finds none.
const MachineUnits = "/etc/systemd/user"

// insideManager names the directory of the test that runs inside.
const insideManager = "UNHUNCH_TEST_MANAGER"

// A Manager is a real service manager of a person, `systemd --user`, and its bus. It runs in namespaces of its own, where
// there is nothing of the machine's but its files, and where the test runs, too, as that person.
type Manager struct {
	Dir  string   // short-lived, the person's to write in
	Home string   // in it
	Env  []string // of a shell of the person's outside any desktop

	t    T
	proc *exec.Cmd
}

// WithManager runs the named test once more, inside. There it returns the manager; in the outer test, which is over
// then, nil. The programs are copied to Dir/bin, with the names they have.
//
// The outer test must be root's, as only root can make such namespaces everywhere.
func WithManager(t T, name string, programs ...string) *Manager {
	t.Helper()
	if dir := os.Getenv(insideManager); dir != "" {
		m := &Manager{Dir: dir, Home: filepath.Join(dir, "home"), Env: os.Environ(), t: t}
		t.Cleanup(m.Stop)
		m.Start()
		return m
	}
	Need(t, "unshare", "setpriv", "mount", "/usr/lib/systemd/systemd", "systemctl", "/usr/lib/systemd/user/dbus.socket")
	if os.Geteuid() != 0 {
		if os.Getenv("CI") == "true" {
			t.Fatalf("a service manager of one's own takes root")
		}
		t.Skipf("a service manager of one's own takes root")
	}
	dir, err := os.MkdirTemp("", "mgr")
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	bin := filepath.Join(dir, "bin")
	test := filepath.Join(dir, "test")
	copyFile(t, os.Args[0], test)
	for _, p := range programs {
		copyFile(t, p, filepath.Join(bin, filepath.Base(p)))
	}
	own(t, dir)
	cmd := exec.Command("unshare", "--mount", "--pid", "--cgroup", "--fork", "--mount-proc", "--kill-child",
		"bash", "-c", enterManager, "bash", dir, test, "-test.run", "^"+name+"$", "-test.v", "-test.timeout", "4m")
	cmd.Env = append(os.Environ(), insideManager+"="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.CombinedOutput()
	t.Logf("inside:\n%s", out)
	switch {
	case err != nil:
		t.Fatalf("the test inside failed: %v", err)
	case bytes.Contains(out, []byte("--- SKIP: "+name)):
		t.Skipf("skipped inside")
	case !bytes.Contains(out, []byte("--- PASS: "+name)):
		t.Fatalf("the test did not run inside")
	}
	return nil
}

// enterManager makes the namespaces into a machine that systemd has started, and becomes the person. When the test has
// ended, whatever it has left running goes, and so does its cgroup.
const enterManager = `set -u
dir=$1; shift; user=` + managerUser + `
mount --make-rprivate /
umount -R /sys/fs/cgroup 2>/dev/null; mount -t cgroup2 cgroup2 /sys/fs/cgroup || exit 90
mount -t tmpfs -o mode=755 tmpfs /run; mkdir -p /run/systemd/system ` + managerDir + `
chown $user:$user ` + managerDir + `; chmod 700 ` + managerDir + `
mkdir $dir/machine; chown $user:$user $dir/machine; mount --bind $dir/machine ` + MachineUnits + `
for hidden in /.dockerenv; do [ -e $hidden ] && mount --bind /dev/null $hidden; done
group=/sys/fs/cgroup/unhunch-test-$(basename $dir)
mkdir -p $group/inner; chown -R $user:$user $group; echo $$ > $group/inner/cgroup.procs
setpriv --reuid=$user --regid=$user --clear-groups env -i PATH="$PATH" HOME=$dir/home USER=desk LANG=C.UTF-8 \
	CI="${CI:-}" GORACE=atexit_sleep_ms=0 ` + insideManager + `=$dir TMPDIR=$dir/tmp \
	XDG_RUNTIME_DIR=` + managerDir + ` DBUS_SESSION_BUS_ADDRESS=unix:path=` + managerDir + `/bus \
	bash -c 'cd; exec "$@"' bash "$@"
code=$?
kill -KILL -1 2>/dev/null
echo $$ > /sys/fs/cgroup/cgroup.procs
for try in 1 2 3 4 5 6 7 8 9 10; do
	find $group -depth -type d -exec rmdir {} + 2>/dev/null; [ -d $group ] || break; sleep 0.1
done
exit $code`

// copyFile copies a program, by another process: one that was just written cannot be run while a child that another test
// has forked at that moment still has it open for writing.
func copyFile(t T, from, to string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(to), 0o755)
	if err == nil {
		err = exec.Command("cp", from, to).Run()
	}
	if err == nil {
		err = os.Chmod(to, 0o755)
	}
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// own gives the directory to the person, with a home and a place for temporary files.
func own(t T, dir string) {
	t.Helper()
	for _, d := range []string{"home", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatalf("%v", err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatalf("%v", err)
	}
	const nobody = 65534
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, nobody, nobody)
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// Start starts the manager, as the first login of a person does; it returns when the manager is up.
func (m *Manager) Start() {
	m.t.Helper()
	log, err := os.OpenFile(filepath.Join(m.Dir, "manager.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		m.t.Fatalf("%v", err)
	}
	defer log.Close()
	m.proc = exec.Command("/usr/lib/systemd/systemd", "--user", "--log-target=console")
	for _, v := range m.Env { // as PAM gives it
		if name, _, _ := strings.Cut(v, "="); name != "DBUS_SESSION_BUS_ADDRESS" && name != insideManager && name != "TMPDIR" {
			m.proc.Env = append(m.proc.Env, v)
		}
	}
	m.proc.Stdout, m.proc.Stderr = log, log
	m.proc.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := m.proc.Start(); err != nil {
		m.t.Fatalf("starting the service manager: %v", err)
	}
	Until(m.t, patience, "the service manager", func() bool {
		state, _ := m.Systemctl("is-system-running")
		return state == "running" || state == "degraded"
	})
}

// Stop ends the manager and all it has started, as the last logout does.
func (m *Manager) Stop() {
	if m.proc == nil {
		return
	}
	_, _ = m.Systemctl("exit")
	ended := make(chan struct{})
	go func() {
		_ = m.proc.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(patience):
		_ = m.proc.Process.Kill()
		<-ended
	}
	m.proc = nil
	if m.t.Failed() {
		text, _ := os.ReadFile(filepath.Join(m.Dir, "manager.log"))
		m.t.Logf("manager.log:\n%s", text)
	}
}

// Systemctl runs `systemctl --user` and returns what it says, both ways, without blanks around it.
func (m *Manager) Systemctl(args ...string) (said string, err error) {
	cmd := exec.Command("systemctl", append([]string{"--user", "--no-pager"}, args...)...)
	cmd.Env = m.Env
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// Exec runs a program in a shell of the person's outside any desktop, to its end.
func (m *Manager) Exec(program string, args ...string) (stdout, stderr string, code int) {
	m.t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Env, cmd.Dir = m.Env, m.Home
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		m.t.Fatalf("running %s: %v", program, err)
	}
	hung := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer hung.Stop()
	_ = cmd.Wait() // how it ended is the exit code
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}
