package service

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/internal/bus"
)

// The service manager on the person's bus.
const (
	managerName = "org.freedesktop.systemd1"
	managerPath = "/org/freedesktop/systemd1"
)

const (
	// firstLook to lastLook, doubling, is the pause between looks after a sign that a desktop is coming up: it shows
	// parts of itself before it tells the manager of its display. Their sum, a minute, is all the looking there is.
	firstLook, lastLook = time.Second, 32 * time.Second
	// settled is how long what a desktop says must stay the same: many say it in two steps.
	settled = time.Second
)

// heralds are names on the bus that come with a desktop.
var heralds = []string{
	"org.freedesktop.Notifications", "org.kde.StatusNotifierWatcher", "org.freedesktop.portal.Desktop",
	"org.gnome.Shell", "org.kde.KWin", "org.xfce.SessionManager", "org.a11y.Bus",
}

// display are the variables that say where the person's screen is, and of what kind.
var display = []string{"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP"}

// A Desktop follows what the person's service manager knows of the desktop. The daemon starts before there is one, and
// outlives it; what the manager has learned meanwhile is not in the environment the daemon was started with.
//
// The manager tells nobody when it learns something. So a Desktop is given signs, from the bus and by Look, and asks.
type Desktop struct {
	session *bus.Bus
	news    func(ctx context.Context, env []string)
	log     *slog.Logger
	signs   chan struct{}
}

// NewDesktop makes a Desktop on the session bus. news is called on Run's goroutine with a whole environment when the
// manager's is about another screen than ours.
func NewDesktop(session *bus.Bus, news func(ctx context.Context, env []string), log *slog.Logger) *Desktop {
	d := &Desktop{session: session, news: news, log: log, signs: make(chan struct{}, 1)}
	var matches []bus.Match
	for _, name := range heralds {
		matches = append(matches, bus.OwnerChanges(name))
	}
	session.Attach((*desktopTenant)(d), matches...)
	return d
}

// Look says that something may have changed. It returns at once.
func (d *Desktop) Look() {
	select {
	case d.signs <- struct{}{}:
	default:
	}
}

// Run asks the manager after each sign until ctx ends.
func (d *Desktop) Run(ctx context.Context) error {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	defer timer.Stop()
	pause := firstLook
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-d.signs:
			pause = firstLook
		case <-timer.C:
		}
		if env := d.ask(ctx); env != nil {
			d.tell(ctx, env)
		}
		if hasDisplay() || pause > lastLook {
			timer.Stop()
			continue
		}
		timer.Reset(pause)
		pause *= 2
	}
}

// tell passes an environment on once it has settled.
func (d *Desktop) tell(ctx context.Context, env []string) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(settled):
		}
		again := d.ask(ctx)
		if again == nil {
			return // it was for a moment
		}
		if strings.Join(again, "\x00") == strings.Join(env, "\x00") {
			d.news(ctx, env)
			return
		}
		env = again
	}
}

// ask returns our environment with the manager's screen, or nil where that is none or is ours already.
func (d *Desktop) ask(ctx context.Context) []string {
	var value dbus.Variant
	var theirs []string
	err := d.session.Call(ctx, managerName, managerPath, "org.freedesktop.DBus.Properties.Get",
		managerName+".Manager", "Environment").Store(&value)
	if err == nil {
		err = value.Store(&theirs)
	}
	if err != nil {
		d.log.Debug("the service manager does not tell its environment", "err", err)
		return nil
	}
	return moved(os.Environ(), theirs)
}

func hasDisplay() bool { return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "" }

// moved is the environment ours on the screen that theirs is about, nil where that is no other.
func moved(ours, theirs []string) []string {
	if variable(theirs, "DISPLAY") == "" && variable(theirs, "WAYLAND_DISPLAY") == "" {
		return nil // the desktop is gone, or is yet to come
	}
	same := true
	var env []string
	for _, v := range ours {
		if name, _, _ := strings.Cut(v, "="); !isDisplay(name) {
			env = append(env, v)
		}
	}
	for _, name := range display {
		value := variable(theirs, name)
		same = same && value == variable(ours, name)
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	if same {
		return nil
	}
	return env
}

func isDisplay(name string) bool {
	for _, d := range display {
		if d == name {
			return true
		}
	}
	return false
}

// variable is the last value of name, as os.Getenv has it.
func variable(env []string, name string) string {
	for i := len(env) - 1; i >= 0; i-- {
		if value, ok := strings.CutPrefix(env[i], name+"="); ok {
			return value
		}
	}
	return ""
}

// A desktopTenant is a Desktop as the bus sees it.
type desktopTenant Desktop

func (t *desktopTenant) Connected(context.Context)            { (*Desktop)(t).Look() }
func (t *desktopTenant) Signal(context.Context, *dbus.Signal) { (*Desktop)(t).Look() }
func (t *desktopTenant) Lost(error)                           {}
