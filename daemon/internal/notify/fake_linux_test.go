package notify

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/bus"
	"github.com/unhunch/unhunch/daemon/internal/bus/bustest"
)

// prompt is what the person sees most.
func prompt() Note {
	return Note{
		Slot: "prompt", Title: "A good moment to get up",
		Body: "41 min in the chair. Two minutes: shoulder rolls, desk lean, calf raises. " +
			"Fetching water counts too.",
		Plain:   "41 min in the chair. Start with: unhunch stretch",
		Actions: []Action{{"start", "Start"}, {"snooze", "In 5 min"}, {"skip", "Skip"}},
		Default: "start", Expire: 30 * time.Second,
	}
}

// A rig is a Notifier on a private bus.
type rig struct {
	*Notifier
	*bustest.Daemon
	t        *testing.T
	terminal lockedBuffer
	stop     func()

	mu      sync.Mutex
	answers []Answer
}

// newRig starts a Notifier; with a terminal and a fake of beeep if asked for.
func newRig(t *testing.T, d *bustest.Daemon, terminal bool, beep ...func(title, body string) error) *rig {
	t.Helper()
	r := newRigAt(t, d.Address, terminal, beep...)
	r.Daemon = d
	return r
}

// newRigAt is newRig on a bus of somebody else's.
func newRigAt(t *testing.T, address string, terminal bool, beep ...func(title, body string) error) *rig {
	t.Helper()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	t.Setenv("DISPLAY", "")
	r := &rig{t: t}
	log := slog.New(slog.DiscardHandler)
	session := bus.Session(log)
	answer := func(a Answer) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.answers = append(r.answers, a)
	}
	if terminal {
		r.Notifier = New(session, &r.terminal, answer, log)
	} else {
		r.Notifier = New(session, nil, answer, log)
	}
	for _, b := range beep {
		r.beep = b
	}
	var running sync.WaitGroup
	ctx, cancel := context.WithCancel(context.Background())
	notifierDone := make(chan struct{})
	busCtx, cancelBus := context.WithCancel(context.Background())
	running.Go(func() { _ = session.Run(busCtx) })
	running.Go(func() { defer close(notifierDone); _ = r.Run(ctx) })
	r.stop = func() {
		cancel()
		<-notifierDone
		cancelBus()
		running.Wait()
	}
	t.Cleanup(r.stop)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("check %+v\nanswers %+v\nterminal %q", r.Check(), r.got(), r.terminal.String())
		}
	})
	return r
}

func (r *rig) until(what string, ok func() bool) {
	r.t.Helper()
	desktest.Until(r.t, 10*time.Second, what, ok)
}

func (r *rig) untilStatus(status string) {
	r.t.Helper()
	r.until("the check to be "+status, func() bool { return r.Check().Status == status })
}

func (r *rig) wantAnswers(want ...Answer) {
	r.t.Helper()
	r.until(fmt.Sprintf("the answers %+v", want), func() bool { return len(r.got()) >= len(want) })
	if got := r.got(); !slices.Equal(got, want) {
		r.t.Fatalf("answers: %+v, want %+v", got, want)
	}
}

func (r *rig) got() []Answer {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.answers)
}

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// A fake is a fake notification server: it shows nothing and notes down everything.
type fake struct {
	met  atomic.Bool // somebody has asked what it can do
	t    *testing.T
	conn *dbus.Conn
	caps []string
	gate chan struct{} // Notify waits for it if not nil

	mu     sync.Mutex
	shown  []shown
	closed []uint32
	next   uint32
}

type shown struct {
	id, replaces uint32
	title, body  string
	actions      []string
	hints        map[string]dbus.Variant
	expire       int32
}

func newFake(t *testing.T, d *bustest.Daemon, caps ...string) *fake {
	t.Helper()
	return newFakeFrom(t, d, 7, caps...)
}

// newFakeFrom makes a server whose notes are numbered after the given one. It may be asked before this returns.
func newFakeFrom(t *testing.T, d *bustest.Daemon, number uint32, caps ...string) *fake {
	t.Helper()
	f := &fake{t: t, conn: d.Dial(t), caps: caps, next: number}
	f.start()
	return f
}

func (f *fake) start() {
	f.t.Helper()
	if err := f.conn.Export(f, object, service); err != nil {
		f.t.Fatal(err)
	}
	if _, err := f.conn.RequestName(service, 0); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fake) GetServerInformation() (name, vendor, version, spec string, err *dbus.Error) {
	return "fake", "nobody", "1", "1.2", nil
}

func (f *fake) GetCapabilities() ([]string, *dbus.Error) {
	f.met.Store(true)
	return f.caps, nil
}

func (f *fake) Notify(_ string, replaces uint32, _, title, body string, actions []string,
	hints map[string]dbus.Variant, expire int32,
) (uint32, *dbus.Error) {
	f.mu.Lock()
	id := replaces
	if id == 0 {
		f.next++
		id = f.next
	}
	f.shown = append(f.shown, shown{id, replaces, title, body, actions, hints, expire})
	f.mu.Unlock()
	if f.gate != nil {
		<-f.gate
	}
	return id, nil
}

func (f *fake) CloseNotification(id uint32) *dbus.Error {
	f.mu.Lock()
	f.closed = append(f.closed, id)
	f.mu.Unlock()
	f.emit("NotificationClosed", id, uint32(3))
	return nil
}

func (f *fake) emit(name string, args ...any) {
	if err := f.conn.Emit(object, service+"."+name, args...); err != nil {
		f.t.Error(err)
	}
}

func (f *fake) notes() []shown {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.shown)
}

func (f *fake) closings() []uint32 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.closed)
}

// waitShown waits for the nth note.
func (f *fake) waitShown(n int) shown {
	f.t.Helper()
	desktest.Until(f.t, 5*time.Second, "the server to be asked", func() bool { return len(f.notes()) >= n })
	return f.notes()[n-1]
}
