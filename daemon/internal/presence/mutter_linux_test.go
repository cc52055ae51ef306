package presence

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/bus"
	"github.com/unhunch/unhunch/daemon/internal/bus/bustest"
	"github.com/unhunch/unhunch/daemon/internal/wayland/waylandtest"
)

// A monitor is GNOME's idle monitor as Mutter 43 behaves, in the test's own time.
type monitor struct {
	t    *testing.T
	conn *dbus.Conn

	mu      sync.Mutex
	idle    uint64            // milliseconds
	last    uint32            // id given
	silence map[uint32]uint64 // idle watches: at how many milliseconds
	fired   map[uint32]bool   // those that went off in this silence
	active  []uint32
	sneaky  bool // the next question for the idle time is followed by input before anything else
	hangs   chan struct{}
}

// startMonitor has GNOME's name on the bus.
func startMonitor(t *testing.T, d *bustest.Daemon) *monitor {
	t.Helper()
	m := &monitor{t: t, conn: d.Dial(t), silence: map[uint32]uint64{}, fired: map[uint32]bool{}}
	if err := m.conn.Export(m, mutterPath, mutterName); err != nil {
		t.Fatal(err)
	}
	reply, err := m.conn.RequestName(mutterName, dbus.NameFlagDoNotQueue)
	if err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("%v, %v", reply, err)
	}
	return m
}

func (m *monitor) GetIdletime() (uint64, *dbus.Error) {
	m.mu.Lock()
	hangs := m.hangs
	m.mu.Unlock()
	if hangs != nil {
		<-hangs
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	idle := m.idle
	if m.sneaky {
		m.sneaky = false
		m.input()
	}
	return idle, nil
}

func (m *monitor) AddIdleWatch(ms uint64) (uint32, *dbus.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last++
	m.silence[m.last] = ms
	go m.pass(0) // what has passed already goes off, after the answer
	return m.last, nil
}

func (m *monitor) AddUserActiveWatch() (uint32, *dbus.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last++
	m.active = append(m.active, m.last)
	return m.last, nil
}

func (m *monitor) RemoveWatch(id uint32) *dbus.Error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.silence, id)
	m.active = slices.DeleteFunc(m.active, func(a uint32) bool { return a == id })
	return nil
}

func (m *monitor) fire(id uint32) { _ = m.conn.Emit(mutterPath, mutterName+".WatchFired", id) }

// pass lets milliseconds go by without input.
func (m *monitor) pass(ms uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.idle += ms
	for id, at := range m.silence {
		if m.idle >= at && !m.fired[id] {
			m.fired[id] = true
			m.fire(id)
		}
	}
}

func (m *monitor) touch() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.input()
}

func (m *monitor) input() {
	m.idle = 0
	clear(m.fired)
	for _, id := range m.active {
		m.fire(id)
	}
	m.active = nil
}

// watched are the silences watched for, in milliseconds, and how many wait for input.
func (m *monitor) watched() (silences []uint64, active int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, ms := range m.silence {
		silences = append(silences, ms)
	}
	return silences, len(m.active)
}

// wantWatched waits until just these are watched for.
func (m *monitor) wantWatched(active int, silences ...uint64) {
	m.t.Helper()
	var got []uint64
	var waiting int
	defer func() {
		if m.t.Failed() {
			m.t.Logf("watched are %v, and %d for input", got, waiting)
		}
	}()
	desktest.Until(m.t, patience, fmt.Sprintf("%v to be watched, and %d for input", silences, active), func() bool {
		got, waiting = m.watched()
		return slices.Equal(got, silences) && waiting == active
	})
}

// settled returns when the sensor is asking nothing.
func (m *monitor) settled(s *senses) {
	sensor := s.Sensor.(*Mutter)
	sensor.mu.Lock()
	defer sensor.mu.Unlock()
}

// sessionBus runs a private session bus, and a Bus on it once attach has been called with that.
func sessionBus(t *testing.T) (*bustest.Daemon, *bus.Bus, func()) {
	t.Helper()
	d := bustest.New(t)
	d.Start(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", d.Address)
	b := bus.Session(slog.New(slog.DiscardHandler))
	return d, b, func() {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { _ = b.Run(ctx); close(done) }()
		t.Cleanup(func() { cancel(); <-done })
	}
}

// startMutter runs a sensor on a private bus.
func startMutter(t *testing.T) (*bustest.Daemon, *senses) {
	t.Helper()
	d, b, run := sessionBus(t)
	s := startSenses(t, func(input func(Input)) Sensor {
		m := NewMutter(b, input, slog.New(slog.DiscardHandler))
		m.Watch(long, long, short)
		return m
	})
	run()
	return d, s
}

func TestMutterIdleAndReturn(t *testing.T) {
	d, s := startMutter(t)
	if got := s.want(t, "mutter", Unknown); got.Why != "GNOME's idle monitor is not running" {
		t.Errorf("%+v", got)
	}
	m := startMonitor(t, d)
	s.want(t, "mutter", Active)
	m.wantWatched(0, 60_000)
	for range 3 {
		m.pass(20_000)
		if idle, err := s.asked(t); err != nil || idle != 20*time.Second {
			t.Errorf("idle for %v, %v", idle, err)
		}
		m.pass(40_000)
		if got := s.want(t, "mutter", Idle); got.Idle != long {
			t.Errorf("idle for %v", got.Idle)
		}
		m.wantWatched(1, 60_000)
		m.touch()
		s.want(t, "mutter", Active)
	}
	m.wantWatched(0, 60_000)
	s.none(t)
}

// A shorter pause that is over already is told of at once, and the return after it.
func TestMutterWatchWhileQuiet(t *testing.T) {
	d, s := startMutter(t)
	m := startMonitor(t, d)
	for s.next(t).State != Active {
	}
	m.pass(20_000)
	s.Watch(short, long, short)
	if got := s.want(t, "mutter", Idle); got.Idle != 20*time.Second {
		t.Errorf("idle for %v", got.Idle)
	}
	m.wantWatched(1, 60_000) // the shorter one has been told of
	m.touch()
	s.want(t, "mutter", Active)
	m.wantWatched(0, 15_000)
	s.Watch(long)
	m.wantWatched(0, 60_000)
	m.pass(59_000)
	s.none(t)
}

// Input between the answer and the watch for input is not missed.
func TestMutterReturnWhileBusy(t *testing.T) {
	d, s := startMutter(t)
	m := startMonitor(t, d)
	for s.next(t).State != Active {
	}
	m.wantWatched(0, 60_000)
	m.mu.Lock()
	m.sneaky = true
	m.mu.Unlock()
	m.pass(60_000)
	s.want(t, "mutter", Idle)
	s.want(t, "mutter", Active)
}

// Whoever comes back while GNOME is down is seen when it is up again; so is one whose bus was restarted.
func TestMutterGoesAndComesBack(t *testing.T) {
	d, s := startMutter(t)
	for range 3 {
		m := startMonitor(t, d)
		for s.next(t).State != Active {
		}
		m.wantWatched(0, 60_000)
		m.pass(60_000)
		s.want(t, "mutter", Idle)
		m.wantWatched(1, 60_000) // and nothing is being asked
		m.settled(s)
		m.conn.Close()
		if got := s.want(t, "mutter", Unknown); got.Why != "GNOME's idle monitor is not running" {
			t.Errorf("%+v", got)
		}
		if _, err := s.asked(t); err == nil {
			t.Error("the idle time of nobody is known")
		}
	}
	m := startMonitor(t, d)
	s.want(t, "mutter", Active)
	m.wantWatched(0, 60_000)
	m.settled(s)
	d.Kill(t)
	if got := s.want(t, "mutter", Unknown); !strings.Contains(got.Why, "no session bus") {
		t.Errorf("%+v", got)
	}
	m.conn.Close()
	d.Start(t)
	startMonitor(t, d)
	for s.next(t).State != Active {
	}
}

// A monitor that hangs is unknown after a time, and is found again when it goes on.
func TestMutterHangs(t *testing.T) {
	d, s := startMutter(t)
	m := startMonitor(t, d)
	for s.next(t).State != Active {
	}
	m.wantWatched(0, 60_000)
	hangs := make(chan struct{})
	m.mu.Lock()
	m.hangs = hangs
	m.mu.Unlock()
	m.pass(60_000)
	select {
	case got := <-s.inputs:
		if got.State != Unknown || got.Why != "GNOME's idle monitor does not answer" {
			t.Errorf("%+v", got)
		}
	case <-time.After(answerTimeout + patience):
		t.Fatal("it is waited for")
	}
	m.mu.Lock()
	m.hangs = nil
	m.mu.Unlock()
	close(hangs)
	select {
	case got := <-s.inputs:
		if got.State != Idle {
			t.Errorf("%+v", got)
		}
	case <-time.After(lastRetry + patience):
		t.Fatal("it is not found again")
	}
}

// Signals of anybody else are not listened to.
func TestMutterForged(t *testing.T) {
	d, s := startMutter(t)
	m := startMonitor(t, d)
	for s.next(t).State != Active {
	}
	m.pass(60_000)
	s.want(t, "mutter", Idle)
	m.wantWatched(1, 60_000)
	m.mu.Lock()
	active := m.active[0]
	m.mu.Unlock()
	// The bus picks by the sender, too; but what is sent straight to us it does not look at.
	forged := &dbus.Signal{Sender: ":1.99", Path: mutterPath, Name: mutterName + ".WatchFired", Body: []any{active}}
	(*mutterTenant)(s.Sensor.(*Mutter)).Signal(context.Background(), forged)
	s.none(t)
	m.touch()
	s.want(t, "mutter", Active)
	s.none(t)
}

// Of the sensors of a Wayland session one is chosen, and stays.
func TestChoice(t *testing.T) {
	start := func(t *testing.T, f *waylandtest.Compositor) (*bustest.Daemon, *senses) {
		t.Helper()
		d, b, run := sessionBus(t)
		s := startSenses(t, func(input func(Input)) Sensor {
			env := map[string]string{"WAYLAND_DISPLAY": f.Path, "DISPLAY": ":77"}
			sensor, err := NewSensor(func(name string) string { return env[name] }, b, input, nil, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			sensor.Watch(long, long, short)
			return sensor
		})
		run()
		return d, s
	}
	t.Run("GNOME", func(t *testing.T) {
		f := waylandtest.Start(t, waylandtest.NoIdle...)
		d, s := start(t, f)
		if got := s.want(t, "none", Unknown); !got.Unfit {
			t.Errorf("%+v", got)
		}
		m := startMonitor(t, d)
		s.want(t, "mutter", Active)
		desktest.Until(t, patience, "the Wayland connection to be given up", func() bool { return f.Clients() == 0 })
		f.Offer(waylandtest.Newest[2])
		m.conn.Close()
		s.want(t, "mutter", Unknown)
		startMonitor(t, d)
		for s.next(t).State != Active { // of the one that has gone two things may be said
		}
		if f.Clients() != 0 {
			t.Error("the Wayland compositor is asked all the same")
		}
	})
	t.Run("another", func(t *testing.T) {
		f := waylandtest.Start(t, waylandtest.Newest...)
		d, s := start(t, f)
		s.want(t, "wayland", Active)
		m := startMonitor(t, d) // in a window
		f.Pass(60_000)
		s.want(t, "wayland", Idle)
		m.touch()
		if _, err := s.asked(t); err == nil {
			t.Error("the idle time of the window is told")
		}
		f.Touch()
		s.want(t, "wayland", Active)
		f.HangUp()
		s.want(t, "wayland", Unknown)
		s.want(t, "wayland", Active)
		m.wantWatched(0)
		s.none(t)
	})
}

func TestDisplay(t *testing.T) {
	for _, c := range []struct{ x, way, session, kind, name string }{
		{":0", "", "x11", DisplayX11, ":0"},
		{":0", "", "", DisplayX11, ":0"},
		{":0", "", "tty", DisplayX11, ":0"},
		{":0", "wayland-0", "wayland", DisplayWayland, "wayland-0"},
		{":0", "", "wayland", DisplayWayland, "wayland-0"},
		{":0", "wayland-1", "tty", DisplayWayland, "wayland-1"},
		{"", "wayland-1", "", DisplayWayland, "wayland-1"},
		{":0", "wayland-0", "x11", DisplayX11, ":0"}, // left behind by an earlier session
		{"", "wayland-0", "x11", DisplayWayland, "wayland-0"},
		{"", "", "x11", "", ""},
		{"", "", "", "", ""},
	} {
		env := map[string]string{"DISPLAY": c.x, "WAYLAND_DISPLAY": c.way, "XDG_SESSION_TYPE": c.session}
		kind, name := Display(func(key string) string { return env[key] })
		if kind != c.kind || name != c.name {
			t.Errorf("%+v: %q, %q", c, kind, name)
		}
	}
	if _, err := NewSensor(func(string) string { return "" }, nil, nil, nil, nil); err == nil || err.Error() != "no display" {
		t.Errorf("without a display: %v", err)
	}
}
