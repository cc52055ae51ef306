package daemon

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/internal/bus"
	"github.com/unhunch/unhunch/daemon/internal/presence"
	"github.com/unhunch/unhunch/daemon/internal/service"
	"github.com/unhunch/unhunch/daemon/words"
)

// displayLook says where the person's screen is.
func displayLook(context.Context) []api.Check {
	kind, name := presence.Display(os.Getenv)
	if kind == "" {
		return []api.Check{found("display", words.DoctorNoDisplay, words.DoctorFacts{})}
	}
	return []api.Check{found("display", words.DoctorDisplay, words.DoctorFacts{Name: kind + ", " + name})}
}

// watcherName is who keeps the list of icons that panels show.
const (
	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = "/StatusNotifierWatcher"
)

// A busSight is what there is to see on the session bus.
type busSight struct {
	err     error // it cannot be reached
	silent  bool  // it takes connections, and does not answer
	names   []string
	watcher bool // something collects icons
	host    bool // something shows them
}

// A busLook looks at the session bus once it is connected.
type busLook struct {
	session *bus.Bus
	seen    chan busSight
}

// lookAtBus looks at the session bus until ctx ends.
func lookAtBus(ctx context.Context) busSight {
	ctx, cancel := context.WithTimeout(ctx, lookAround)
	defer cancel()
	l := &busLook{bus.Session(slog.New(slog.DiscardHandler)), make(chan busSight, 1)}
	l.session.Attach(l)
	go func() { _ = l.session.Run(ctx) }()
	select {
	case s := <-l.seen:
		return s
	case <-ctx.Done():
		return busSight{silent: true}
	}
}

func (l *busLook) Connected(ctx context.Context) {
	var s busSight
	if err := l.session.Call(ctx, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.ListNames").Store(&s.names); err != nil {
		s.silent = true
	}
	s.watcher = slices.Contains(s.names, watcherName)
	if s.watcher {
		s.host = l.hasHost(ctx)
	}
	offer(l.seen, s)
}

// hostTime is how long the tray gets to say whether it is shown. One that says nothing is taken to be.
const hostTime = 500 * time.Millisecond

func (l *busLook) hasHost(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, hostTime)
	defer cancel()
	var value dbus.Variant
	err := l.session.Call(ctx, watcherName, watcherPath, "org.freedesktop.DBus.Properties.Get",
		watcherName, "IsStatusNotifierHostRegistered").Store(&value)
	shown, isBool := value.Value().(bool)
	return err != nil || !isBool || shown
}

func (l *busLook) Signal(context.Context, *dbus.Signal) {}
func (l *busLook) Lost(why error)                       { offer(l.seen, busSight{err: why}) }

// sessionBusLook says whether the session bus answers, and whether a panel on it shows icons.
func sessionBusLook(ctx context.Context) []api.Check {
	const part, host = "session bus", "tray host"
	s := lookAtBus(ctx)
	checks := remindersOnBus(s.names)
	switch {
	case s.silent:
		return append(checks, found(part, words.DoctorBusSilent, words.DoctorFacts{}), found(host, words.DoctorNoHostBus, words.DoctorFacts{}))
	case s.err != nil:
		facts := words.DoctorFacts{Detail: strings.TrimPrefix(s.err.Error(), "no session bus: ")}
		return append(checks, found(part, words.DoctorNoBus, facts), found(host, words.DoctorNoHostBus, facts))
	}
	checks = append(checks, found(part, words.DoctorBus, words.DoctorFacts{}))
	code := words.DoctorNoHost
	switch {
	case s.host:
		code = words.DoctorHost
	case s.watcher:
		code = words.DoctorHostEmpty
	}
	return append(checks, found(host, code, words.DoctorFacts{}))
}

// trayHost tells whether something on the session bus shows tray icons.
func trayHost(ctx context.Context) bool { return lookAtBus(ctx).host }

// remindersLook looks for other programs that ask for breaks.
func remindersLook(ctx context.Context) []api.Check {
	return reminders(service.OtherReminders(ctx))
}

func remindersOnBus(names []string) []api.Check { return reminders(service.RemindersOnBus(names)) }

func reminders(names []string) []api.Check {
	var checks []api.Check
	for _, name := range names {
		checks = append(checks, found("other reminders", words.DoctorOther, words.DoctorFacts{Name: name}))
	}
	return checks
}

// sayAlone drops what was found twice, and says so where no other program asks for breaks.
func sayAlone(checks []api.Check) []api.Check {
	const part = "other reminders"
	var out []api.Check
	others := false
	for _, c := range checks {
		if c.Part == part {
			others = true
			if slices.Contains(out, c) {
				continue
			}
		}
		out = append(out, c)
	}
	if !others {
		out = append(out, found(part, words.DoctorAlone, words.DoctorFacts{}))
	}
	return out
}

// serviceLook says whether the daemon comes back at login, and what there is of the icon.
func serviceLook(ctx context.Context) []api.Check {
	s, err := NewService(nil)
	if err != nil {
		return []api.Check{found("service", words.DoctorNotExamined, words.DoctorFacts{Detail: err.Error()})}
	}
	s.Daemon = glimpsed{}
	st, err := s.Status(ctx)
	if err != nil {
		facts := words.DoctorFacts{Detail: err.Error()}
		if e, ok := errors.AsType[*ServiceError](err); ok {
			facts.Hint = e.Hint
		}
		return []api.Check{found("service", words.DoctorNotExamined, facts), trayFinding(st.Tray)}
	}
	return []api.Check{serviceFinding(st), trayFinding(st.Tray)}
}

func serviceFinding(st ServiceStatus) api.Check {
	switch {
	case st.Trouble != "":
		detail, hint, _ := strings.Cut(st.Trouble, "; ")
		return found("service", words.DoctorServiceTrouble, words.DoctorFacts{Detail: detail, Hint: hint})
	case !st.Installed:
		return found("service", words.DoctorServiceAbsent, words.DoctorFacts{})
	case st.Kept == "systemd":
		return found("service", words.DoctorServiceKept, words.DoctorFacts{})
	}
	return found("service", words.DoctorServiceLogin, words.DoctorFacts{})
}

func trayFinding(t service.Tray) api.Check {
	code := words.DoctorTrayEnded
	switch {
	case !t.Found && !t.Running:
		code = words.DoctorTrayAbsent
	case t.Running && t.Enabled:
		code = words.DoctorTray
	case t.Running:
		code = words.DoctorTrayOnce
	case !hasScreen():
		code = words.DoctorTrayWaits
	}
	return found("tray", code, words.DoctorFacts{})
}

// A glimpsed daemon is there if it takes connections, whether it answers or not.
type glimpsed struct{ runningDaemon }

// glimpseTime is how long a daemon gets to answer before it is taken to be there and to hang.
const glimpseTime = 300 * time.Millisecond

var glimpse = sync.OnceValue(func() bool {
	ctx, cancel := context.WithTimeout(context.Background(), glimpseTime)
	defer cancel()
	c, err := client.Default()
	if err != nil {
		return false
	}
	_, err = c.State(ctx)
	_, absent := errors.AsType[*client.NotRunning](err)
	return !absent
})

func (glimpsed) Alive() bool { return glimpse() }
