package presence

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/internal/bus"
)

const (
	logindName    = "org.freedesktop.login1"
	logindPath    = "/org/freedesktop/login1"
	logindManager = logindName + ".Manager"
	logindSession = logindName + ".Session"
	properties    = "org.freedesktop.DBus.Properties"
)

const (
	// lookTimeout bounds one look at the session, of up to a handful of calls.
	lookTimeout = 2 * time.Second
	// lookAgainFirst and lookAgainLast space the looks at a logind that does not answer.
	lookAgainFirst, lookAgainLast = 2 * time.Second, 5 * time.Minute
	// lockUnconfirmed is how long a Lock signal counts that no LockedHint follows. See lock.
	lockUnconfirmed = 3 * time.Minute
	// sleepAtMost is how long, awake, the announcement of a sleep stands. Hibernation may never be followed by the
	// announcement of its end (systemd#30666), and going to sleep takes logind 5 s. Timers stand still in sleep.
	sleepAtMost = 10 * time.Second
)

// A Logind follows the user's display session, not the daemon's own: a user service belongs to no session.
//
// Signals of logind are taken as hints: whichever comes, the session is chosen and its properties are read anew.
type Logind struct {
	system *bus.Bus
	report func(Session)
	log    *slog.Logger
	screen string // the X display that we are on, "" on Wayland and without one

	mu      sync.Mutex      // held while looking, so that a look never overtakes an earlier one
	up      context.Context // the connection's, nil while there is none
	owner   string          // logind's unique name, "" while it does not run
	path    dbus.ObjectPath // the session followed
	lock    lock
	now     Session
	retryIn time.Duration

	unlock, wake, retry *time.Timer
}

// NewLogind attaches a Logind to the system bus. report is called with each change, and with each announcement of
// sleep and waking even if it changes nothing; it must not block.
func NewLogind(system *bus.Bus, report func(Session), log *slog.Logger) *Logind {
	l := &Logind{system: system, report: report, log: log, now: Session{Why: "logind has not been asked yet"}}
	if os.Getenv("WAYLAND_DISPLAY") == "" { // else DISPLAY is an X server inside of that
		l.screen = xDisplay(os.Getenv("DISPLAY"))
	}
	l.unlock = l.timer(func() { l.lock.asked = false; l.look(false) })
	l.wake = l.timer(func() { l.now.Sleeping = false; l.look(true) })
	l.retry = l.timer(func() { l.look(false) })
	const sessions = logindPath + "/session"
	system.Attach((*logindTenant)(l),
		bus.OwnerChanges(logindName),
		bus.Match{Sender: logindName, Path: logindPath, Interface: logindManager, Member: "PrepareForSleep"},
		bus.Match{Sender: logindName, Path: logindPath, Interface: logindManager, Member: "SessionNew"},
		bus.Match{Sender: logindName, Path: logindPath, Interface: logindManager, Member: "SessionRemoved"},
		bus.Match{Sender: logindName, PathNamespace: sessions, Interface: logindSession},
		bus.Match{Sender: logindName, PathNamespace: sessions, Interface: properties, Arg0: logindSession},
		bus.Match{
			Sender: logindName, PathNamespace: logindPath + "/user",
			Interface: properties, Arg0: logindName + ".User",
		})
	return l
}

// timer makes a stopped timer whose function runs under the lock, and only while there is a connection.
func (l *Logind) timer(do func()) *time.Timer {
	t := time.AfterFunc(time.Hour, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.up != nil && l.up.Err() == nil {
			do()
		}
	})
	t.Stop()
	return t
}

// A lock decides whether the screen is locked.
//
// LockedHint is the truth wherever the locker keeps it. The Lock signal is only a request to lock, but it comes
// first, and with lockers that know nothing of LockedHint (i3lock, swaylock) it is all there is; such a locker is
// opened by password without any signal. So Lock counts at once, until LockedHint has been true and is taken back,
// until Unlock, or for lockUnconfirmed: then whoever is still away is seen by the absence of input, and whoever
// types is not taken for locked out for ever. Unlock never overrules a true LockedHint.
type lock struct {
	hint  bool // LockedHint
	asked bool // Lock was signalled and nothing has settled it
}

func (k lock) locked() bool { return k.hint || k.asked }

func (k *lock) read(hint bool) {
	if hint || k.hint {
		k.asked = false // the desktop keeps the hint
	}
	k.hint = hint
}

// A logindTenant is a Logind as the bus sees it.
type logindTenant Logind

func (t *logindTenant) Connected(ctx context.Context) {
	l := (*Logind)(t)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.up = ctx
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	owner, err := l.system.Owner(ctx, logindName)
	if err != nil {
		l.failed(fmt.Errorf("the system bus does not answer: %w", err), false)
		return
	}
	l.ownedBy(owner)
}

func (t *logindTenant) Lost(why error) {
	l := (*Logind)(t)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.up = nil
	l.forget(fmt.Sprintf("no system bus: %v", why))
}

func (t *logindTenant) Signal(_ context.Context, s *dbus.Signal) {
	l := (*Logind)(t)
	l.mu.Lock()
	defer l.mu.Unlock()
	if owner, ok := bus.NewOwner(s, logindName); ok {
		l.ownedBy(owner)
		return
	}
	if s.Sender != l.owner {
		return // anybody on the system bus can send us a signal
	}
	sleep := false
	switch s.Name {
	case logindManager + ".PrepareForSleep":
		sleep = l.prepareForSleep(s.Body)
	case logindSession + ".Lock":
		if s.Path == l.path {
			l.lock.asked = true
			l.unlock.Reset(lockUnconfirmed)
		}
	case logindSession + ".Unlock":
		if s.Path == l.path {
			l.lock.asked = false
		}
	}
	l.look(sleep)
}

func (l *Logind) prepareForSleep(body []any) bool {
	if len(body) != 1 {
		return false
	}
	sleeping, ok := body[0].(bool)
	if !ok {
		return false
	}
	l.now.Sleeping = sleeping
	if sleeping {
		l.wake.Reset(sleepAtMost)
	} else {
		l.wake.Stop()
	}
	return true
}

func (l *Logind) ownedBy(owner string) {
	l.owner = owner
	if owner == "" {
		l.forget(NoLogind)
		return
	}
	l.look(false)
}

// forget drops all that was known of the session.
func (l *Logind) forget(why string) {
	l.unlock.Stop()
	l.wake.Stop()
	l.retry.Stop()
	l.owner, l.path, l.lock, l.retryIn = "", "", lock{}, 0
	l.tell(Session{Why: why}, false)
}

// look reads the session and reports it if it has changed, or in any case when always is set.
func (l *Logind) look(always bool) {
	if l.owner == "" {
		return
	}
	ctx, cancel := context.WithTimeout(l.up, lookTimeout)
	defer cancel()
	path, props, err := l.find(ctx)
	if err != nil {
		l.failed(err, always)
		return
	}
	l.retry.Stop()
	l.retryIn = 0
	if path != l.path {
		l.path, l.lock = path, lock{}
	}
	l.lock.read(props.is("LockedHint"))
	l.tell(Session{
		Known:    true,
		Remote:   props.is("Remote"),
		Locked:   l.lock.locked(),
		Inactive: !props.is("Active"),
		Sleeping: l.now.Sleeping,
	}, always)
}

// failed reports that the session is not known. Only silence is a reason to look again unasked: a session that
// begins, and a logind that starts, are signalled.
func (l *Logind) failed(err error, always bool) {
	if l.up.Err() != nil {
		return // Lost will say so
	}
	why := err.Error()
	if errors.Is(err, context.DeadlineExceeded) {
		why = "logind does not answer"
		l.retryIn = min(max(2*l.retryIn, lookAgainFirst), lookAgainLast)
		l.retry.Reset(l.retryIn)
	}
	l.path, l.lock = "", lock{}
	l.tell(Session{Sleeping: l.now.Sleeping, Why: why}, always)
}

func (l *Logind) tell(s Session, always bool) {
	if s == l.now && !always {
		return
	}
	if s.Known != l.now.Known {
		l.log.Debug("logind", "known", s.Known, "why", s.Why)
	}
	l.now = s
	l.report(s)
}
