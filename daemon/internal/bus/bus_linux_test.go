package bus_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/bus"
	"github.com/unhunch/unhunch/daemon/internal/bus/bustest"
)

const (
	path  = "/unhunch/test"
	iface = "unhunch.Test"
)

// A watcher is a tenant that counts what it is told.
type watcher struct {
	connected, signals, lost atomic.Int64
	why                      atomic.Value // error
	onSignal                 func(ctx context.Context, s *dbus.Signal)
}

func (w *watcher) Connected(context.Context) { w.connected.Add(1) }

func (w *watcher) Signal(ctx context.Context, s *dbus.Signal) {
	w.signals.Add(1)
	if w.onSignal != nil {
		w.onSignal(ctx, s)
	}
}

func (w *watcher) Lost(why error) {
	w.why.Store(why)
	w.lost.Add(1)
}

var news = bus.Match{Interface: iface, Member: "News"}

// run runs a session bus with the given tenants until the test ends.
func run(t *testing.T, address string, tenants ...*watcher) *bus.Bus {
	t.Helper()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	b := bus.Session(slog.New(slog.DiscardHandler))
	for _, w := range tenants {
		b.Attach(w, news, bus.OwnerChanges("org.example.Name"))
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("Run = %v, want nil", err)
			}
		case <-time.After(10 * time.Second):
			t.Error("Run did not end with its context")
		}
	})
	return b
}

func waitFor(t *testing.T, n *atomic.Int64, want int64, what string) {
	t.Helper()
	desktest.Until(t, 3*time.Second, what, func() bool { return n.Load() >= want })
}

func emit(t *testing.T, d *bustest.Daemon) {
	t.Helper()
	conn, err := dbus.Connect(d.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.Emit(path, iface+".News", "hello"); err != nil {
		t.Fatal(err)
	}
	// The answer of the bus says that it has taken the signal.
	if err := conn.BusObject().Call("org.freedesktop.DBus.GetId", 0).Err; err != nil {
		t.Fatal(err)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

func TestBusKilledThirtyTimes(t *testing.T) {
	d := bustest.New(t)
	d.Start(t)
	w := &watcher{}
	b := run(t, d.Address, w)
	waitFor(t, &w.connected, 1, "the first connection")
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	for i := int64(1); i <= 30; i++ {
		d.Kill(t)
		waitFor(t, &w.lost, i, "word that the bus is gone")
		if err := b.Call(context.Background(), "org.example.Name", path, iface+".Ask").Err; err == nil {
			t.Fatal("a call without a bus succeeded")
		}
		d.Start(t)
		waitFor(t, &w.connected, i+1, "the connection after the restart")
		emit(t, d)
		waitFor(t, &w.signals, i, "a signal after the restart")
	}
	if err := b.Err(); err != nil {
		t.Errorf("Err = %v while connected", err)
	}
	desktest.Until(t, 3*time.Second, fmt.Sprintf("%d goroutines and %d files", goroutines, files), func() bool {
		return runtime.NumGoroutine() <= goroutines+1 && openFiles(t) <= files+1
	})
}

func TestWaitsForTheSocket(t *testing.T) {
	d := bustest.New(t)
	home := filepath.Dir(d.Socket())
	away := home + ".away"
	if err := os.Rename(home, away); err != nil {
		t.Fatal(err)
	}
	w := &watcher{}
	b := run(t, d.Address, w)
	waitFor(t, &w.lost, 1, "word that there is no bus")
	if err := b.Err(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Err = %v, want that the socket does not exist", err)
	}
	if err := os.Rename(away, home); err != nil {
		t.Fatal(err)
	}
	d.Start(t)
	waitFor(t, &w.connected, 1, "the connection to a bus that came late")
	if got := w.lost.Load(); got != 1 {
		t.Errorf("the tenant was told %d times that there is no bus, want once", got)
	}
}

func TestStaleSocketIsTriedAgain(t *testing.T) {
	d := bustest.New(t)
	d.Start(t)
	d.Kill(t)
	w := &watcher{}
	run(t, d.Address, w)
	waitFor(t, &w.lost, 1, "word that nobody answers")
	d.Start(t)
	waitFor(t, &w.connected, 1, "the connection")
}

func TestRuntimeDirBus(t *testing.T) {
	d := bustest.New(t)
	d.Start(t)
	t.Setenv("XDG_RUNTIME_DIR", filepath.Dir(d.Socket()))
	w := &watcher{}
	run(t, "", w)
	waitFor(t, &w.connected, 1, "the connection to $XDG_RUNTIME_DIR/bus")
	if got := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); got != "" {
		t.Errorf("the environment was changed: DBUS_SESSION_BUS_ADDRESS=%q", got)
	}
}

func TestNoAddressAtAll(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", "")
	w := &watcher{}
	run(t, "", w)
	waitFor(t, &w.lost, 1, "word that there is no bus")
}

func TestSilentPeerMeetsTheDeadline(t *testing.T) {
	d := bustest.New(t)
	d.Start(t)
	silent := d.Dial(t)
	silent.Eavesdrop(make(chan *dbus.Message, 100)) // takes every message, answers none
	w := &watcher{}
	b := run(t, d.Address, w)
	waitFor(t, &w.connected, 1, "the connection")
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	err := b.Call(ctx, silent.Names()[0], path, iface+".Ask").Err
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > time.Second {
		t.Errorf("a silent peer: %v after %v, want the deadline after 100 ms", err, time.Since(began))
	}
}

func TestFrozenBusMeetsTheDeadline(t *testing.T) {
	d := bustest.New(t)
	d.Start(t)
	w := &watcher{}
	b := run(t, d.Address, w)
	waitFor(t, &w.connected, 1, "the connection")
	d.Signal(t, syscall.SIGSTOP)
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if _, err := b.Owner(ctx, "org.example.Name"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a frozen bus: %v, want the deadline", err)
	}
	d.Signal(t, syscall.SIGCONT)
	if owner, err := b.Owner(context.Background(), "org.example.Name"); owner != "" || err != nil {
		t.Errorf("Owner after the freeze = %q, %v", owner, err)
	}
}

func TestFrozenBusAtStart(t *testing.T) {
	d := bustest.New(t)
	d.Start(t)
	d.Signal(t, syscall.SIGSTOP)
	w := &watcher{}
	run(t, d.Address, w) // its cleanup fails when Run does not end
	d.Signal(t, syscall.SIGCONT)
	waitFor(t, &w.connected, 1, "the connection once the bus goes on")
	d.Signal(t, syscall.SIGSTOP)
	t.Cleanup(func() { d.Signal(t, syscall.SIGCONT) })
}

func TestSlowTenantHoldsUpNobody(t *testing.T) {
	d := bustest.New(t)
	d.Start(t)
	release := make(chan struct{})
	slow := &watcher{onSignal: func(ctx context.Context, _ *dbus.Signal) {
		select {
		case <-release:
		case <-ctx.Done():
		}
	}}
	quick := &watcher{}
	run(t, d.Address, slow, quick)
	waitFor(t, &slow.connected, 1, "the slow tenant")
	waitFor(t, &quick.connected, 1, "the quick tenant")
	emit(t, d)
	waitFor(t, &slow.signals, 1, "the slow tenant to get stuck")
	goroutines := runtime.NumGoroutine()
	for i := int64(1); i <= 300; i++ {
		emit(t, d)
		waitFor(t, &quick.signals, i+1, "the quick tenant's signal")
	}
	if got := runtime.NumGoroutine(); got > goroutines+10 {
		t.Errorf("%d goroutines for a tenant that does not take its signals, was %d", got, goroutines)
	}
	if got := quick.connected.Load(); got != 1 {
		t.Errorf("the quick tenant connected %d times", got)
	}
	close(release)
	waitFor(t, &slow.connected, 2, "the slow tenant to be told to look again")
	before := slow.signals.Load()
	emit(t, d)
	waitFor(t, &slow.signals, before+1, "a new signal for the slow tenant")
}

func TestForgedOwnerChange(t *testing.T) {
	d := bustest.New(t)
	d.Start(t)
	w := &watcher{}
	b := run(t, d.Address, w)
	waitFor(t, &w.connected, 1, "the connection")
	forger := d.Dial(t)
	var us []string
	if err := forger.BusObject().Call("org.freedesktop.DBus.ListNames", 0).Store(&us); err != nil {
		t.Fatal(err)
	}
	for _, name := range us { // straight to us, past all matches
		msg := &dbus.Message{Type: dbus.TypeSignal, Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldPath:        dbus.MakeVariant(dbus.ObjectPath("/org/freedesktop/DBus")),
			dbus.FieldInterface:   dbus.MakeVariant("org.freedesktop.DBus"),
			dbus.FieldMember:      dbus.MakeVariant("NameOwnerChanged"),
			dbus.FieldDestination: dbus.MakeVariant(name),
			dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf("", "", "")),
		}, Body: []any{"org.example.Name", "", ":1.99"}}
		forger.Send(msg, nil)
	}
	if _, err := forger.RequestName("org.example.Name", 0); err != nil {
		t.Fatal(err)
	}
	waitFor(t, &w.signals, 1, "the true change of owner")
	if _, err := b.Owner(context.Background(), "org.example.Name"); err != nil { // everything before has arrived
		t.Fatal(err)
	}
	if got := w.signals.Load(); got != 1 {
		t.Errorf("%d changes of owner were believed, want the bus's own", got)
	}
}
