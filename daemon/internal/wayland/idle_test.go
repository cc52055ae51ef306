package wayland

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/wayland/waylandtest"
)

// watchIdle watches the fake compositor's seats, and notes what is heard.
func watchIdle(t *testing.T, c *Conn) (i *Idle, heard *[]string) {
	t.Helper()
	i, err := NewIdle(c)
	if err != nil {
		t.Fatal(err)
	}
	heard = &[]string{}
	i.OnIdle = func(d time.Duration) { *heard = append(*heard, fmt.Sprint("idle ", d)) }
	i.OnReturn = func(d time.Duration) { *heard = append(*heard, fmt.Sprint("back ", d)) }
	return i, heard
}

func hears(t *testing.T, c *Conn, heard *[]string, want ...string) {
	t.Helper()
	roundTrip(t, c)
	slices.Sort(*heard) // of several watches that end at once the order is nobody's concern
	if !slices.Equal(*heard, want) {
		t.Errorf("heard %q, want %q", *heard, want)
	}
	*heard = (*heard)[:0]
}

// Each age of compositors is spoken to in its own way, the newest that it has.
func TestProtocols(t *testing.T) {
	for name, c := range map[string]struct {
		offers []waylandtest.Global
		want   Protocol
		how    string
	}{
		"version 2": {waylandtest.Newest, Protocol{extIdle, 2, true}, "ext_idle_notifier_v1.2"},
		"version 1": {waylandtest.Version1, Protocol{extIdle, 1, false}, "ext_idle_notifier_v1.1"},
		"KDE's":     {waylandtest.OldKDE, Protocol{kdeIdle, 1, false}, "org_kde_kwin_idle.0"},
	} {
		f := waylandtest.Start(t, c.offers...)
		conn := dial(t, f)
		i, heard := watchIdle(t, conn)
		if i.Protocol != c.want {
			t.Errorf("%s: %+v, want %+v", name, i.Protocol, c.want)
		}
		if err := i.Watch(time.Minute); err != nil {
			t.Fatal(err)
		}
		hears(t, conn, heard)
		if got := f.Watched()[60_000]; got != c.how {
			t.Errorf("%s: asked by %q, want %q", name, got, c.how)
		}
		f.Pass(59_999)
		hears(t, conn, heard)
		f.Pass(1)
		hears(t, conn, heard, "idle 1m0s")
		f.Pass(60_000)
		hears(t, conn, heard)
		f.Touch()
		hears(t, conn, heard, "back 1m0s")
	}
}

// Of two watches each is told of, one that is not wanted any more is taken back, and one that is idle not before the
// return.
func TestSeveralWatches(t *testing.T) {
	f := waylandtest.Start(t, waylandtest.Newest...)
	c := dial(t, f)
	i, heard := watchIdle(t, c)
	watch := func(all ...time.Duration) {
		t.Helper()
		for _, d := range all {
			if err := i.Watch(d); err != nil {
				t.Fatal(err)
			}
		}
		if err := i.Keep(all...); err != nil {
			t.Fatal(err)
		}
		roundTrip(t, c)
	}
	watch(time.Minute, 15*time.Second)
	f.Pass(15_000)
	hears(t, c, heard, "idle 15s")
	watch(time.Minute, 20*time.Second)
	if n := len(f.Watched()); n != 3 {
		t.Errorf("%d watched, one of them idle; want 3", n)
	}
	f.Pass(45_000)
	hears(t, c, heard, "idle 1m0s", "idle 20s")
	f.Touch()
	hears(t, c, heard, "back 15s", "back 1m0s", "back 20s")
	watch(time.Minute, 20*time.Second)
	if n := len(f.Watched()); n != 2 {
		t.Errorf("%d watched, want 2", n)
	}
	f.Pass(16_000)
	hears(t, c, heard)
	for range 50 {
		watch(time.Second)
		watch(time.Minute)
	}
	if c.next > 30 {
		t.Errorf("%d ids given", c.next)
	}
}

// With two seats there is silence only where both are left alone.
func TestTwoSeats(t *testing.T) {
	seat := waylandtest.Global{Interface: "wl_seat", Version: 5}
	c := dial(t, waylandtest.Start(t, seat, seat, waylandtest.Newest[2]))
	i, heard := watchIdle(t, c)
	if err := i.Watch(time.Minute); err != nil {
		t.Fatal(err)
	}
	w := i.watches[time.Minute]
	if len(w.notes) != 2 {
		t.Fatalf("%d notifications for two seats", len(w.notes))
	}
	tell := func(note int, opcode uint16, want ...string) {
		t.Helper()
		c.objects[w.notes[note]](opcode, &Args{})
		hears(t, c, heard, want...)
	}
	const idled, resumed = 0, 1
	tell(0, idled)
	tell(0, idled) // said twice
	if _, idle := i.Silence(time.Minute); idle {
		t.Error("silence at one of two seats")
	}
	tell(1, idled, "idle 1m0s")
	if _, idle := i.Silence(time.Minute); !idle {
		t.Error("no silence at both seats")
	}
	tell(1, resumed, "back 1m0s")
	tell(1, resumed)
	tell(0, resumed)
	tell(0, idled)
	tell(1, idled, "idle 1m0s")
}

// Of a silence that had begun when it was asked for, nobody knows the beginning.
func TestSilenceIsExact(t *testing.T) {
	f := waylandtest.Start(t, waylandtest.Newest...)
	c := dial(t, f)
	i, heard := watchIdle(t, c)
	if err := i.Watch(time.Second); err != nil {
		t.Fatal(err)
	}
	if _, idle := i.Silence(time.Second); idle {
		t.Error("a silence before any was told of")
	}
	roundTrip(t, c)
	f.Pass(1000)
	hears(t, c, heard, "idle 1s")
	if s, idle := i.Silence(time.Second); !idle || s.Exact || time.Since(s.From) < time.Second {
		t.Errorf("at once: %+v, %v", s, idle)
	}
	f.Touch()
	hears(t, c, heard, "back 1s")
	if _, idle := i.Silence(time.Second); idle {
		t.Error("a silence after its end")
	}
	i.watches[time.Second].asked = time.Now().Add(-time.Minute)
	f.Pass(1000)
	hears(t, c, heard, "idle 1s")
	if s, idle := i.Silence(time.Second); !idle || !s.Exact {
		t.Errorf("a minute later: %+v, %v", s, idle)
	}
}

// Compositors that cannot tell say why, and when they can.
func TestNothingToTell(t *testing.T) {
	for name, c := range map[string]struct {
		offers  []waylandtest.Global
		want    error
		missing waylandtest.Global
	}{
		"no protocol": {waylandtest.NoIdle, ErrNoProtocol, waylandtest.Newest[2]},
		"no seat":     {waylandtest.NoSeat, ErrNoSeat, waylandtest.Newest[1]},
		"nothing":     {nil, ErrNoProtocol, waylandtest.Newest[2]},
	} {
		f := waylandtest.Start(t, c.offers...)
		conn := dial(t, f)
		i, err := NewIdle(conn)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		f.Offer(waylandtest.Global{Interface: "wl_shm", Version: 1})
		roundTrip(t, conn)
		if i.stale {
			t.Errorf("%s: anew, after something else has come", name)
		}
		f.Offer(c.missing)
		if err := end(i.Dispatch); !errors.Is(err, ErrSeats) {
			t.Errorf("%s, after it has come: %v", name, err)
		}
	}
	f := waylandtest.Start(t, waylandtest.Newest...)
	i, _ := watchIdle(t, dial(t, f))
	f.Withdraw("wl_seat")
	if err := end(i.Dispatch); !errors.Is(err, ErrSeats) {
		t.Fatalf("after the seat has gone: %v", err)
	}
}
