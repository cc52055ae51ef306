package desktest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/unhunch/unhunch/daemon/api"
)

// A Daemon is the real program running on a desk.
type Daemon struct {
	Binary string

	desk *Desk
	proc *proc
	http *http.Client
}

// Start writes the settings, TOML, to where the program looks for them, starts `BINARY daemon`, and returns when
// it answers on its socket.
func (d *Desk) Start(binary, config string) *Daemon {
	d.t.Helper()
	p := &Daemon{Binary: binary, desk: d, http: d.HTTP()}
	d.write(d.ConfigPath(), config, 0o600)
	d.t.Cleanup(func() { p.proc.kill(d.t) })
	p.launch()
	return p
}

// Adopt is for a daemon that something else on the desk has started, or is about to: it returns when that answers on
// its socket. It is killed at the end of the test, as every daemon is.
func (d *Desk) Adopt(binary string) *Daemon {
	d.t.Helper()
	p := &Daemon{Binary: binary, desk: d, http: d.HTTP()}
	Until(d.t, patience, "a daemon", func() bool {
		_, err := p.state()
		return err == nil
	})
	p.proc = d.stranger("daemon", d.listener())
	d.t.Cleanup(func() { p.proc.kill(d.t) })
	return p
}

// listener is the process that listens on the daemon's socket, or 0. The test itself does not count.
func (d *Desk) listener() (pid int) {
	conn, err := net.Dial("unix", d.SocketPath())
	if err != nil {
		return 0
	}
	defer conn.Close()
	raw, err := conn.(*net.UnixConn).SyscallConn()
	if err != nil {
		return 0
	}
	_ = raw.Control(func(fd uintptr) {
		if peer, err := unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED); err == nil {
			pid = int(peer.Pid)
		}
	})
	if pid == os.Getpid() {
		return 0
	}
	return pid
}

// ConfigPath is where the program on this desk looks for its settings.
func (d *Desk) ConfigPath() string {
	return filepath.Join(d.Getenv("XDG_CONFIG_HOME"), "unhunch", "config.toml")
}

// SocketPath is where the program on this desk listens.
func (d *Desk) SocketPath() string {
	return filepath.Join(d.Getenv("XDG_RUNTIME_DIR"), "unhunch", "api.sock")
}

// HTTP speaks to whatever listens on the daemon's socket; the host in a URL means nothing. It is not package client,
// so that the tests of what that imports can use a desk.
func (d *Desk) HTTP() *http.Client {
	path := d.SocketPath()
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}
	return &http.Client{Timeout: patience, Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
}

func (p *Daemon) launch() {
	p.desk.t.Helper()
	p.proc = p.desk.run("daemon", p.desk.Command(p.Binary, "daemon"))
	Until(p.desk.t, patience, "the daemon's socket", func() bool {
		if !p.proc.alive() {
			p.desk.t.Fatalf("the daemon ended at once:\n%s", p.Log())
		}
		_, err := p.state()
		return err == nil
	})
}

// Pid is the process id of the running daemon.
func (p *Daemon) Pid() int { return p.proc.cmd.Process.Pid }

// State is the daemon's whole state now, as `unhunch status --json` prints it.
func (p *Daemon) State() api.State {
	p.desk.t.Helper()
	s, err := p.state()
	if err != nil {
		p.desk.t.Fatalf("asking the daemon for its state: %v", err)
	}
	return s
}

func (p *Daemon) state() (s api.State, err error) { return stateBy(p.http) }

// State is what the daemon on this desk answers, whoever has started it.
func (d *Desk) State() (api.State, error) { return stateBy(d.HTTP()) }

func stateBy(client *http.Client) (s api.State, err error) {
	answer, err := client.Get("http://unhunch" + api.PathState)
	if err != nil {
		return s, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return s, errors.New(answer.Status)
	}
	return s, json.NewDecoder(answer.Body).Decode(&s)
}

// WaitState waits until ok holds of the state, and returns it.
func (p *Daemon) WaitState(timeout time.Duration, what string, ok func(api.State) bool) api.State {
	p.desk.t.Helper()
	var s api.State
	if !until(timeout, func() bool { s = p.State(); return ok(s) }) {
		last, _ := json.Marshal(s)
		p.desk.t.Fatalf("waited %v in vain for %s; last state: %s", timeout, what, last)
	}
	return s
}

// Unhunch runs a command of the same program on the desk, as the person would in a terminal.
func (p *Daemon) Unhunch(args ...string) (stdout, stderr string, code int) {
	p.desk.t.Helper()
	return p.desk.Exec(p.Binary, args...)
}

// Exec runs a program on the desk to its end.
func (d *Desk) Exec(program string, args ...string) (stdout, stderr string, code int) {
	d.t.Helper()
	var out, err bytes.Buffer
	cmd := d.Command(program, args...)
	cmd.Stdout, cmd.Stderr = &out, &err
	if err := cmd.Start(); err != nil {
		d.t.Fatalf("running %s: %v", program, err)
	}
	hung := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer hung.Stop()
	_ = cmd.Wait() // how it ended is the exit code
	return out.String(), err.String(), cmd.ProcessState.ExitCode()
}

// Kill ends the daemon without a word (SIGKILL).
func (p *Daemon) Kill() {
	p.desk.t.Helper()
	p.proc.kill(p.desk.t)
}

// Alive tells whether the daemon still runs.
func (p *Daemon) Alive() bool { return p.proc.alive() }

// Term asks the daemon to end (SIGTERM), waits for it, and returns its exit code.
func (p *Daemon) Term() int {
	p.desk.t.Helper()
	p.proc.signal(p.desk.t, syscall.SIGTERM)
	Until(p.desk.t, patience, "the daemon to end", func() bool { return !p.proc.alive() })
	return p.proc.cmd.ProcessState.ExitCode()
}

// Restart starts the daemon again, after ending it if it still runs.
func (p *Daemon) Restart() {
	p.desk.t.Helper()
	if p.proc.alive() {
		p.Term()
	}
	p.launch()
}

// Freeze stops the daemon without ending it (SIGSTOP).
func (p *Daemon) Freeze() {
	p.desk.t.Helper()
	p.proc.signal(p.desk.t, syscall.SIGSTOP)
}

// Thaw lets a frozen daemon go on.
func (p *Daemon) Thaw() {
	p.desk.t.Helper()
	p.proc.signal(p.desk.t, syscall.SIGCONT)
}

// Log is what the daemon has written so far, all its starts together.
func (p *Daemon) Log() string {
	text, _ := os.ReadFile(p.desk.logPath("daemon"))
	return string(text)
}

// built is the program, built at most once per test binary.
var built struct {
	sync.Once
	path   string
	output []byte
	err    error
}

// Build builds cmd/unhunch as `make build` does, with the race detector if the test has it, and returns its path.
func Build(t T) string {
	t.Helper()
	Need(t, "go", "make")
	built.Do(func() {
		root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
		if err != nil {
			built.err = err
			return
		}
		dir := filepath.Join(strings.TrimSpace(string(root)), "bin", "test")
		args := []string{"--no-print-directory", "build"}
		if raceEnabled {
			dir, args = filepath.Join(dir, "race"), append(args, "RACE=1")
		}
		cmd := exec.Command("make", append(args, "BIN="+dir)...)
		cmd.Dir = strings.TrimSpace(string(root))
		cmd.Env = withoutMake(os.Environ())
		built.path = filepath.Join(dir, "unhunch")
		built.output, built.err = cmd.CombinedOutput()
	})
	if built.err != nil {
		t.Fatalf("building unhunch: %v\n%s", built.err, built.output)
	}
	return built.path
}

// BuildTray builds cmd/unhunch-tray too, as `make build` does, and returns its path. The daemon is beside it.
func BuildTray(t T) string {
	t.Helper()
	Need(t, "gcc", "pkg-config", "/usr/lib/*/pkgconfig/ayatana-appindicator3-0.1.pc")
	return filepath.Join(filepath.Dir(Build(t)), "unhunch-tray")
}

// withoutMake drops what an outer make hands down: its flags and jobs are not for ours.
func withoutMake(env []string) []string {
	var kept []string
	for _, v := range env {
		if name, _, _ := strings.Cut(v, "="); name != "MAKEFLAGS" && name != "MFLAGS" && name != "MAKELEVEL" {
			kept = append(kept, v)
		}
	}
	return kept
}
