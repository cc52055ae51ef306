package vouch_test

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/bus"
	"github.com/unhunch/unhunch/daemon/internal/bus/bustest"
	"github.com/unhunch/unhunch/daemon/internal/vouch"
)

// A desk is a Room on a private bus, which is session and system bus at once, with fake services.
type desk struct {
	*bustest.Daemon
	*vouch.Room
	t *testing.T

	mu   sync.Mutex
	told [][]int
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{Daemon: bustest.New(t), t: t}
	d.Start(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", d.Address)
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", d.Address)
	log := slog.New(slog.DiscardHandler)
	session, system := bus.Session(log), bus.System(log)
	d.Room = vouch.New(session, system, d.tell, log)
	ctx, hangUp := context.WithCancel(t.Context())
	var running sync.WaitGroup
	t.Cleanup(func() { hangUp(); running.Wait() })
	for _, b := range []*bus.Bus{session, system} {
		running.Go(func() { _ = b.Run(ctx) })
		desktest.Until(t, 10*time.Second, "the bus", func() bool { return b.Err() == nil })
	}
	return d
}

func (d *desk) tell(by []int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.told = append(d.told, by)
}

func (d *desk) looks() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.told)
}

// last is what the last look has found.
func (d *desk) last() []int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.told) == 0 {
		return nil
	}
	return d.told[len(d.told)-1]
}

func (d *desk) names() (names []string) {
	for _, id := range d.last() {
		names = append(names, d.Name(id))
	}
	slices.Sort(names)
	return names
}

// finds fails the test unless these are found, in the order of their names, soon.
func (d *desk) finds(when string, want ...string) {
	d.t.Helper()
	d.findsWithin(5*time.Second, when, want...)
}

func (d *desk) findsWithin(timeout time.Duration, when string, want ...string) {
	d.t.Helper()
	d.t.Cleanup(func() {
		if d.t.Failed() {
			d.t.Logf("last found: %q", d.names())
		}
	})
	desktest.Until(d.t, timeout, when, func() bool { return d.looks() > 0 && slices.Equal(d.names(), want) })
}

// A fake is a service on the bus. While it hangs it answers nothing.
type fake struct {
	t    *testing.T
	conn *dbus.Conn
	mu   sync.Mutex
	hang chan struct{} // closed when it goes on; nil while it answers
	gets int
}

func (d *desk) fake(name string) *fake {
	d.t.Helper()
	f := &fake{t: d.t, conn: d.Dial(d.t)}
	if reply, err := f.conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		d.t.Fatalf("%s: %v %v", name, reply, err)
	}
	d.t.Cleanup(func() { f.hangs(false) })
	return f
}

func (f *fake) export(path dbus.ObjectPath, iface string, methods map[string]any) {
	f.t.Helper()
	if err := f.conn.ExportMethodTable(methods, path, iface); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fake) hangs(hang bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.hang != nil {
		close(f.hang)
		f.hang = nil
	}
	if hang {
		f.hang = make(chan struct{})
	}
}

// asked counts a call, and keeps it waiting while the service hangs.
func (f *fake) asked() {
	f.mu.Lock()
	hang := f.hang
	f.gets++
	f.mu.Unlock()
	if hang != nil {
		<-hang
	}
}

func (f *fake) calls() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.gets
}

func (f *fake) vanish() { _ = f.conn.Close() }

const (
	gnomeName = "org.gnome.SessionManager"
	gnomePath = dbus.ObjectPath("/org/gnome/SessionManager")
)

// A gnome is a fake session manager of GNOME's, with inhibitors that come and go.
type gnome struct {
	*fake
	mu         sync.Mutex
	inhibitors map[dbus.ObjectPath]uint32 // their flags
}

func (d *desk) gnome() *gnome {
	g := &gnome{fake: d.fake(gnomeName), inhibitors: map[dbus.ObjectPath]uint32{}}
	g.export(gnomePath, gnomeName, map[string]any{
		"IsInhibited": func(flags uint32) (bool, *dbus.Error) {
			g.asked()
			g.mu.Lock()
			defer g.mu.Unlock()
			for _, f := range g.inhibitors {
				if f&flags != 0 {
					return true, nil
				}
			}
			return false, nil
		},
		"GetInhibitors": func() (paths []dbus.ObjectPath, _ *dbus.Error) {
			g.mu.Lock()
			defer g.mu.Unlock()
			for path := range g.inhibitors {
				paths = append(paths, path)
			}
			return paths, nil
		},
	})
	return g
}

// inhibit has an application keep something from happening.
func (g *gnome) inhibit(path dbus.ObjectPath, app string, flags uint32) {
	g.t.Helper()
	g.export(path, gnomeName+".Inhibitor", map[string]any{
		"GetFlags": func() (uint32, *dbus.Error) { return flags, nil },
		"GetAppId": func() (string, *dbus.Error) { return app, nil },
	})
	g.mu.Lock()
	g.inhibitors[path] = flags
	g.mu.Unlock()
	_ = g.conn.Emit(gnomePath, gnomeName+".InhibitorAdded", path)
}

func (g *gnome) release(path dbus.ObjectPath) {
	g.mu.Lock()
	delete(g.inhibitors, path)
	g.mu.Unlock()
	_ = g.conn.Emit(gnomePath, gnomeName+".InhibitorRemoved", path)
}

// An inhibitor is what logind lists.
type inhibitor struct {
	What, Who, Why, Mode string
	UID, PID             uint32
}

// A logind is a fake that lists locks and tells of each change, as the real one does.
type logind struct {
	*fake
	mu    sync.Mutex
	locks []inhibitor
}

func (d *desk) logind() *logind {
	l := &logind{fake: d.fake("org.freedesktop.login1")}
	l.export("/org/freedesktop/login1", "org.freedesktop.login1.Manager", map[string]any{
		"ListInhibitors": func() ([]inhibitor, *dbus.Error) {
			l.asked()
			l.mu.Lock()
			defer l.mu.Unlock()
			return slices.Clone(l.locks), nil
		},
	})
	return l
}

func (l *logind) locked(locks ...inhibitor) {
	l.mu.Lock()
	l.locks = locks
	l.mu.Unlock()
	_ = l.conn.Emit("/org/freedesktop/login1", "org.freedesktop.DBus.Properties.PropertiesChanged",
		"org.freedesktop.login1.Manager", map[string]dbus.Variant{"BlockInhibited": dbus.MakeVariant("idle")}, []string{})
}

func film(who string) inhibitor {
	return inhibitor{"idle", who, "film", "block", uint32(os.Getuid()), 4242}
}
