package presence_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/bus"
	"github.com/unhunch/unhunch/daemon/internal/bus/bustest"
	"github.com/unhunch/unhunch/daemon/internal/presence"
)

const (
	login   = "org.freedesktop.login1"
	manager = login + ".Manager"
	session = login + ".Session"
	c1      = dbus.ObjectPath("/org/freedesktop/login1/session/c1")
	c2      = dbus.ObjectPath("/org/freedesktop/login1/session/c2")
	root    = dbus.ObjectPath("/org/freedesktop/login1")
)

var uid = uint32(os.Getuid())

// A mock is python-dbusmock's logind on a private system bus, and a Logind that follows it.
type mock struct {
	*bustest.Daemon
	t     *testing.T
	proc  *exec.Cmd
	conn  *dbus.Conn
	quiet int // changes without a signal so far

	mu      sync.Mutex
	reports []presence.Session
}

func newMock(t *testing.T) *mock {
	t.Helper()
	desktest.Need(t, "/usr/bin/python3")
	m := &mock{Daemon: bustest.New(t), t: t}
	m.Start(t)
	m.startLogind()
	t.Cleanup(m.stopLogind)
	return m
}

// startLogind starts the mock without any session.
func (m *mock) startLogind() {
	m.t.Helper()
	m.proc = exec.Command("/usr/bin/python3", "-m", "dbusmock", "--system", "--template", "logind")
	m.proc.Env = []string{"PATH=/usr/bin:/bin", "DBUS_SYSTEM_BUS_ADDRESS=" + m.Address}
	m.proc.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := m.proc.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.conn = m.Dial(m.t)
	desktest.Until(m.t, 10*time.Second, "the mock logind (python3-dbusmock)", func() (owned bool) {
		_ = m.conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, login).Store(&owned)
		return owned
	})
}

func (m *mock) stopLogind() {
	_ = m.proc.Process.Kill()
	_ = m.proc.Wait()
}

// do calls a method of the mock itself.
func (m *mock) do(path dbus.ObjectPath, method string, args ...any) {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	call := m.conn.Object(login, path).CallWithContext(ctx, "org.freedesktop.DBus.Mock."+method, 0, args...)
	if call.Err != nil {
		m.t.Fatalf("%s: %v", method, call.Err)
	}
}

func (m *mock) addSession(id string, active bool) {
	m.t.Helper()
	m.do(root, "AddSession", id, "seat0", uid, "someone", active)
}

func (m *mock) emit(path dbus.ObjectPath, iface, name, signature string, args ...any) {
	m.t.Helper()
	values := make([]dbus.Variant, len(args))
	for i, a := range args {
		values[i] = dbus.MakeVariant(a)
	}
	m.do(path, "EmitSignal", iface, name, signature, values)
}

func (m *mock) set(path dbus.ObjectPath, property string, value any) {
	m.t.Helper()
	m.do(path, "UpdateProperties", session, map[string]dbus.Variant{property: dbus.MakeVariant(value)})
}

// setQuietly changes a property, to a value in Python, without the signal.
func (m *mock) setQuietly(path dbus.ObjectPath, iface, property, value string) {
	m.t.Helper()
	const test = "org.freedesktop.test"
	m.quiet++
	method := fmt.Sprintf("Quiet%d", m.quiet)
	code := fmt.Sprintf("self.props['%s']['%s'] = %s", iface, property, value)
	m.do(path, "AddMethod", test, method, "", "", code)
	if err := m.conn.Object(login, path).Call(test+"."+method, 0).Err; err != nil {
		m.t.Fatal(err)
	}
}

// follow runs a Logind until the test ends.
func (m *mock) follow() {
	m.t.Helper()
	m.t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", m.Address)
	log := slog.New(slog.DiscardHandler)
	system := bus.System(log)
	presence.NewLogind(system, func(s presence.Session) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.reports = append(m.reports, s)
	}, log)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = system.Run(ctx)
	}()
	m.t.Cleanup(func() { cancel(); <-done })
}

func (m *mock) last() (s presence.Session, reports int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.reports) == 0 {
		return s, 0
	}
	return m.reports[len(m.reports)-1], len(m.reports)
}

func (m *mock) want(want presence.Session, when string) {
	m.t.Helper()
	m.wantWithin(5*time.Second, want, when)
}

func (m *mock) wantWithin(timeout time.Duration, want presence.Session, when string) {
	m.t.Helper()
	m.t.Cleanup(func() {
		if m.t.Failed() {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.t.Logf("reports: %+v", m.reports)
		}
	})
	desktest.Until(m.t, timeout, when, func() bool {
		got, _ := m.last()
		if want.Why == "" && !want.Known {
			got.Why = ""
		}
		return got == want
	})
}

var (
	present = presence.Session{Known: true}
	locked  = presence.Session{Known: true, Locked: true}
	unknown = presence.Session{}
)

func TestLockAndUnlockSignals(t *testing.T) {
	m := newMock(t)
	m.addSession("c1", true)
	m.follow()
	m.want(present, "the session")
	m.emit(c1, session, "Lock", "")
	m.want(locked, "Lock of a desktop that knows no LockedHint")
	m.emit(c1, session, "Unlock", "")
	m.want(present, "Unlock")
}

func TestLockedHint(t *testing.T) {
	m := newMock(t)
	m.addSession("c1", true)
	m.follow()
	m.want(present, "the session")
	m.emit(c1, session, "Lock", "")
	m.set(c1, "LockedHint", true)
	m.want(locked, "the lock screen")
	m.set(c1, "LockedHint", false) // opened by password: no Unlock
	m.want(present, "the lock screen opened by password")
	m.set(c1, "LockedHint", true)
	m.emit(c1, session, "Unlock", "")
	m.want(locked, "a request to unlock that the lock screen did not follow")
}

func TestLockedHintWithoutSignal(t *testing.T) {
	m := newMock(t)
	m.addSession("c1", true)
	m.follow()
	m.want(present, "the session")
	m.setQuietly(c1, session, "LockedHint", "True")
	m.set(c1, "IdleHint", true) // whatever comes from logind is a reason to look
	m.want(locked, "LockedHint changed behind our back")
	m.setQuietly(c1, session, "LockedHint", "False")
	m.set(c1, "IdleHint", false)
	m.want(present, "LockedHint taken back behind our back")
}

func TestSleep(t *testing.T) {
	m := newMock(t)
	m.addSession("c1", true)
	m.follow()
	m.want(present, "the session")
	asleep := presence.Session{Known: true, Sleeping: true}
	m.emit(root, manager, "PrepareForSleep", "b", true)
	m.want(asleep, "going to sleep")
	_, before := m.last()
	m.emit(root, manager, "PrepareForSleep", "b", true)
	desktest.Until(t, 5*time.Second, "a report for each announcement", func() bool {
		_, now := m.last()
		return now > before
	})
	// Signals of several services have no order.
	m.emit(c1, session, "Lock", "")
	m.want(presence.Session{Known: true, Sleeping: true, Locked: true}, "locked on the way to sleep")
	m.emit(root, manager, "PrepareForSleep", "b", false)
	m.want(locked, "awake and locked")
	m.emit(c1, session, "Unlock", "")
	m.want(present, "unlocked after sleep")
}

func TestHibernateWithoutWakeSignal(t *testing.T) {
	m := newMock(t)
	m.addSession("c1", true)
	m.follow()
	m.want(present, "the session")
	m.emit(root, manager, "PrepareForSleep", "b", true)
	m.want(presence.Session{Known: true, Sleeping: true}, "going to sleep")
	m.wantWithin(15*time.Second, present, "awake again though nobody says so")
}

func TestTwoSessions(t *testing.T) {
	m := newMock(t)
	m.addSession("c1", true)
	m.addSession("c2", false)
	m.follow()
	m.want(present, "the active session")
	m.emit(c2, session, "Lock", "")
	m.set(c1, "Active", false)
	m.want(presence.Session{Known: true, Inactive: true}, "somebody else's session on the screen")
	m.set(c2, "Active", true)
	m.want(present, "the other session of ours")
	m.set(c2, "Type", "x11")
	m.set(c2, "Remote", true)
	m.want(presence.Session{Known: true, Remote: true}, "the other session used from afar")
	m.set(c1, "Active", true)
	m.set(c2, "Active", false)
	m.want(present, "back to the first")
}

func TestDisplaySessionWins(t *testing.T) {
	m := newMock(t)
	m.addSession("c1", true)
	m.addSession("c2", false)
	m.withUser("c2")
	m.follow()
	m.want(presence.Session{Known: true, Inactive: true}, "the display session, though another is active")
}

// withUser gives the mock what its template lacks: the user by id, and one of their sessions as the display.
func (m *mock) withUser(display string) {
	m.t.Helper()
	m.do(root, "AddMethod", manager, "GetUser", "u", "o", `ret = "/org/freedesktop/login1/user/%d" % args[0]`)
	user := dbus.ObjectPath(fmt.Sprintf("/org/freedesktop/login1/user/%d", uid))
	path := dbus.ObjectPath("/org/freedesktop/login1/session/" + display)
	m.setQuietly(user, login+".User", "Display", fmt.Sprintf("('%s', dbus.ObjectPath('%s'))", display, path))
}

// Somebody works from home in a second session, while the first is locked at the office.
func TestSessionOfOurDisplay(t *testing.T) {
	t.Setenv("DISPLAY", ":10.0")
	t.Setenv("WAYLAND_DISPLAY", "")
	m := newMock(t)
	for _, id := range []string{"c1", "c2"} {
		m.addSession(id, true)
	}
	m.withUser("c1")
	for _, path := range []dbus.ObjectPath{c1, c2} {
		m.set(path, "Type", "x11")
	}
	m.set(c1, "Display", ":0")
	m.set(c1, "LockedHint", true)
	m.set(c2, "Display", ":10")
	m.set(c2, "Remote", true)
	m.follow()
	m.want(presence.Session{Known: true, Remote: true}, "the session that our display belongs to")
	m.set(c2, "LockedHint", true)
	m.want(presence.Session{Known: true, Remote: true, Locked: true}, "its lock")
	m.set(c2, "State", "closing")
	m.set(c1, "LockedHint", false)
	m.want(present, "the other session once that one ends")
}

// A shell from elsewhere is no desk, though logind may call it the user's display where there is no other.
func TestRemoteShellIsNoDesk(t *testing.T) {
	m := newMock(t)
	m.addSession("c1", true)
	m.withUser("c1")
	m.set(c1, "Type", "tty")
	m.set(c1, "Remote", true)
	m.follow()
	nobody := presence.Session{Why: "logind knows no session of this user"}
	m.want(nobody, "no desk")
	m.set(c1, "Remote", false)
	m.want(present, "a text console of this machine")
	m.set(c1, "State", "closing")
	m.want(nobody, "what is left of a session")
}

// Where seatd alone gives out the devices there is no logind to ask; elogind is asked as logind is.
func TestMachineWithoutLogind(t *testing.T) {
	m := &mock{Daemon: bustest.New(t), t: t}
	m.Start(t)
	m.follow()
	m.want(presence.Session{Why: "logind is not running"}, "a system bus without logind")
}

func TestSessionComesLate(t *testing.T) {
	m := newMock(t)
	m.do(root, "AddSession", "c2", "seat0", uid+1, "other", true)
	m.follow()
	m.want(presence.Session{Why: "logind knows no session of this user"}, "no session of ours")
	m.addSession("c1", true)
	m.emit(root, manager, "SessionNew", "so", "c1", c1)
	m.want(present, "the session that came late")
	m.do(root, "RemoveObject", string(c1))
	m.emit(root, manager, "SessionRemoved", "so", "c1", c1)
	m.want(presence.Session{Why: "logind knows no session of this user"}, "the session gone")
}

func TestLogindRestarts(t *testing.T) {
	m := newMock(t)
	m.addSession("c1", true)
	m.follow()
	m.want(present, "the session")
	m.emit(c1, session, "Lock", "")
	m.want(locked, "the lock")
	m.stopLogind()
	m.want(presence.Session{Why: "logind is not running"}, "logind gone")
	m.startLogind()
	m.addSession("c1", true)
	m.emit(root, manager, "SessionNew", "so", "c1", c1)
	m.want(present, "the session after the restart of logind")
}

func TestSystemBusRestarts(t *testing.T) {
	m := newMock(t)
	m.addSession("c1", true)
	m.follow()
	m.want(present, "the session")
	m.Kill(t)
	m.want(unknown, "the system bus gone")
	m.stopLogind()
	m.Start(t)
	m.want(presence.Session{Why: "logind is not running"}, "a new system bus without logind")
	m.startLogind()
	m.addSession("c1", true)
	m.emit(root, manager, "SessionNew", "so", "c1", c1)
	m.want(present, "the session on the new bus")
}

func TestFrozenLogind(t *testing.T) {
	m := newMock(t)
	m.addSession("c1", true)
	if err := m.proc.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	m.follow()
	m.want(presence.Session{Why: "logind does not answer"}, "a frozen logind")
	if err := m.proc.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	m.wantWithin(15*time.Second, present, "the session once logind goes on")
}

func TestForgedLogindSignals(t *testing.T) {
	m := newMock(t)
	m.addSession("c1", true)
	m.follow()
	m.want(present, "the session")
	forger := m.Dial(t)
	var peers []string
	if err := forger.BusObject().Call("org.freedesktop.DBus.ListNames", 0).Store(&peers); err != nil {
		t.Fatal(err)
	}
	for _, peer := range peers { // straight to us, past all matches
		forger.Send(&dbus.Message{Type: dbus.TypeSignal, Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldPath:        dbus.MakeVariant(c1),
			dbus.FieldInterface:   dbus.MakeVariant(session),
			dbus.FieldMember:      dbus.MakeVariant("Lock"),
			dbus.FieldDestination: dbus.MakeVariant(peer),
		}}, nil)
	}
	m.set(c1, "Type", "wayland")
	m.set(c1, "Remote", true) // arrives after the forged signal
	m.want(presence.Session{Known: true, Remote: true}, "the true signal")
}
