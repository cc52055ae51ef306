package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client/clienttest"
)

// A seat is a real terminal with the program running in it and a person in front.
type seat struct {
	t          *testing.T
	keyboard   *os.File // the terminal as the person has it
	tty        *os.File // and as the program does
	before     unix.Termios
	daemon     *clienttest.Fake
	killDaemon func()
	program    *exec.Cmd

	mu     sync.Mutex
	screen bytes.Buffer // all that was ever written
}

// sit starts the program in a terminal of 80 by 24.
func sit(t *testing.T, args ...string) *seat {
	t.Helper()
	run := t.TempDir()
	s := &seat{t: t, daemon: clienttest.New(afternoon())}
	s.daemon.React(playSession)
	stop, err := clienttest.Serve(run+"/unhunch/api.sock", s.daemon)
	if err != nil {
		t.Fatal(err)
	}
	s.killDaemon = stop
	t.Cleanup(stop)
	s.openTerminal()
	s.program = exec.CommandContext(t.Context(), "unhunch", args...)
	s.program.Env = []string{"XDG_RUNTIME_DIR=" + run, "HOME=" + run, "TERM=xterm", "TZ=UTC", "GORACE=atexit_sleep_ms=0"}
	s.program.Stdin, s.program.Stdout, s.program.Stderr = s.tty, s.tty, s.tty
	s.program.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := s.program.Start(); err != nil {
		t.Fatal(err)
	}
	go s.watch()
	return s
}

func (s *seat) openTerminal() {
	s.t.Helper()
	var err error
	if s.keyboard, err = os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0); err != nil {
		s.t.Skip("no pseudo terminals here: ", err)
	}
	s.t.Cleanup(func() { s.keyboard.Close() })
	control, err := s.keyboard.SyscallConn()
	if err != nil {
		s.t.Fatal(err)
	}
	var number int
	err = control.Control(func(fd uintptr) {
		_ = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0)
		_ = unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80})
		number, _ = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if s.tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0); err != nil {
		s.t.Skip("no pseudo terminals here: ", err)
	}
	s.t.Cleanup(func() { s.tty.Close() })
	s.before = s.modes()
}

// resize gives the terminal another size.
func (s *seat) resize(width, height uint16) {
	s.t.Helper()
	size := unix.Winsize{Row: height, Col: width}
	if err := unix.IoctlSetWinsize(int(s.tty.Fd()), unix.TIOCSWINSZ, &size); err != nil {
		s.t.Fatal(err)
	}
}

func (s *seat) modes() unix.Termios {
	s.t.Helper()
	modes, err := unix.IoctlGetTermios(int(s.tty.Fd()), unix.TCGETS)
	if err != nil {
		s.t.Fatal(err)
	}
	return *modes
}

func (s *seat) watch() {
	piece := make([]byte, 4096)
	for {
		n, err := s.keyboard.Read(piece)
		s.mu.Lock()
		s.screen.Write(piece[:n])
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (s *seat) seen() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.screen.String()
}

// sees waits until the terminal has shown the text.
func (s *seat) sees(text string) {
	s.t.Helper()
	for end := time.After(5 * time.Second); !strings.Contains(s.seen(), text); {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-end:
			s.t.Fatalf("never saw %q in:\n%q", text, s.seen())
		}
	}
}

func (s *seat) types(keys string) {
	s.t.Helper()
	if _, err := io.WriteString(s.keyboard, keys); err != nil {
		s.t.Fatal(err)
	}
}

// leaves waits for the program to end and checks that the terminal is as it was.
func (s *seat) leaves(code int) {
	s.t.Helper()
	_ = s.program.Wait()
	if got := s.program.ProcessState.ExitCode(); got != code {
		s.t.Errorf("exit code %d, want %d; saw %q", got, code, s.seen())
	}
	if got := s.modes(); got != s.before {
		s.t.Errorf("the terminal is left in another mode:\n%+v\n%+v", got, s.before)
	}
}

func (s *seat) told(want ...string) {
	s.t.Helper()
	want = append([]string{"stretch routine= length= place= guide=terminal"}, want...)
	if got := s.daemon.Did(); fmt.Sprint(got) != fmt.Sprint(want) {
		s.t.Errorf("the daemon was told %q, want %q", got, want)
	}
}

func TestStretchInATerminal(t *testing.T) {
	s := sit(t, "stretch")
	s.sees("Shoulder rolls")
	s.types(" ")
	s.sees("Paused: Shoulder rolls")
	s.types("?")
	s.sees("When to stop")
	s.sees("Chest pain")
	s.types(" n")
	s.sees("Desk lean, left side")
	s.types("h")
	s.sees("enter stop here")
	s.types("\r")
	s.leaves(0)
	s.sees(closeAlternate + "Stopped. Come up slowly.\r\nStop at sharp pain")
	s.told("session/pause", "session/resume", "session/next", "session/hurt", "session/stop")
}

func TestDoneScreenClosesByAKey(t *testing.T) {
	s := sit(t, "stretch")
	s.sees("Shoulder rolls")
	s.types("nn")
	s.sees("any key closes this")
	done := time.Now()
	s.types("x")
	s.leaves(0)
	if time.Since(done) >= doneStays {
		t.Error("the key closed nothing: it left by itself")
	}
	s.sees(closeAlternate + "Nicely done.")
	s.told("session/next", "session/next")
}

// TestWindowIsResized makes the window smaller and larger while nothing else changes.
func TestWindowIsResized(t *testing.T) {
	s := sit(t, "stretch")
	s.sees("██████")
	s.resize(40, 12)
	s.sees(clearAll + "\x1b[H\x1b[K\r\n  \x1b[2mStep 1 of 2")
	s.sees("  \x1b[1m0:20")
	s.types("q")
	s.leaves(0)
}

func TestCtrlCStopsTheStretch(t *testing.T) {
	s := sit(t, "stretch")
	s.sees("Shoulder rolls")
	s.types("\x03")
	s.leaves(0)
	s.sees(closeAlternate)
	s.told("session/stop")
}

func TestCtrlCStopsThePlainStretch(t *testing.T) {
	s := sit(t, "stretch", "--plain")
	s.sees("1 of 2: Shoulder rolls")
	s.types("\x03")
	s.leaves(0)
	s.sees("Stopped. Come up slowly.")
	s.told("session/stop")
}

// TestHangUpLeavesTheStretchRunning is what a terminal window sends that is closed.
func TestHangUpLeavesTheStretchRunning(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM} {
		s := sit(t, "stretch")
		s.sees("Shoulder rolls")
		if err := s.program.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		s.leaves(0)
		s.sees(closeAlternate)
		s.told()
	}
}

func TestDaemonEndsDuringTheStretch(t *testing.T) {
	s := sit(t, "stretch")
	s.sees("Shoulder rolls")
	s.killDaemon()
	s.leaves(exitNotRunning)
	s.sees("unhunch: the daemon has stopped")
}

func TestStatusWatchedInATerminal(t *testing.T) {
	s := sit(t, "status", "--watch")
	s.sees("18 of 30 min")
	s.sees("\x1b[1m") // in colour
	playing := exercise(1, "work")
	s.daemon.Set(func(state *api.State) { state.Session = playing })
	s.sees("\x1b[3A\x1b[J") // over the lines of before
	s.sees("Shoulder rolls")
	s.types("\x03")
	s.leaves(0)
}
