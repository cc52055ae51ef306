package wayland

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/wayland/waylandtest"
)

// patience bounds every wait for something that should come at once.
const patience = 5 * time.Second

// dial connects to a fake compositor.
func dial(t *testing.T, f *waylandtest.Compositor) *Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, err := Dial(ctx, f.Path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	_ = c.sock.SetReadDeadline(time.Time{})
	return c
}

// roundTrip delivers all that the compositor has said so far.
func roundTrip(t *testing.T, c *Conn) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.RoundTrip(ctx); err != nil {
		t.Fatal(err)
	}
}

// end is what ends a row of events.
func end(dispatch func() error) error {
	for {
		if err := dispatch(); err != nil {
			return err
		}
	}
}

func TestSocket(t *testing.T) {
	for _, c := range []struct{ display, dir, want string }{
		{"wayland-1", "/run/user/7", "/run/user/7/wayland-1"},
		{"", "/run/user/7", "/run/user/7/wayland-0"},
		{"/tmp/else/where", "", "/tmp/else/where"},
		{"wayland-1", "", ""},
		{"wayland-1", "run", ""},
	} {
		got, err := Socket(func(name string) string {
			return map[string]string{"WAYLAND_DISPLAY": c.display, "XDG_RUNTIME_DIR": c.dir}[name]
		})
		if got != c.want || (err == nil) == (c.want == "") {
			t.Errorf("%q in %q: %q, %v; want %q", c.display, c.dir, got, err, c.want)
		}
	}
}

func TestGlobals(t *testing.T) {
	f := waylandtest.Start(t, waylandtest.Newest...)
	c := dial(t, f)
	if g, ok := c.Global("wl_seat"); !ok || g.Version != 9 || g.Name != 2 {
		t.Errorf("the seat: %+v, %v", g, ok)
	}
	if _, ok := c.Global("wl_shm"); ok || len(c.Globals()) != len(waylandtest.Newest) {
		t.Errorf("globals %+v", c.Globals())
	}
	var came, went []string
	c.OnGlobal(func(g Global, here bool) {
		if here {
			came = append(came, g.Interface)
		} else {
			went = append(went, g.Interface)
		}
	})
	f.Offer(waylandtest.Global{Interface: "wl_shm", Version: 1})
	f.Withdraw("wl_seat")
	roundTrip(t, c)
	if strings.Join(came, " ") != "wl_shm" || strings.Join(went, " ") != "wl_seat" {
		t.Errorf("came %q, went %q", came, went)
	}
	if _, ok := c.Global("wl_seat"); ok {
		t.Error("the seat is still there")
	}
}

// Ids are used again when the compositor has let them go, and not before: the fake one checks.
func TestIDs(t *testing.T) {
	c := dial(t, waylandtest.Start(t, waylandtest.Newest...))
	for range 100 {
		roundTrip(t, c)
	}
	if c.next > firstID+2 || len(c.objects) > 3 {
		t.Errorf("%d ids given, %d objects kept, of a hundred that have come and gone", c.next, len(c.objects))
	}
}

// A compositor that does not behave is an error at once, and never a wait.
func TestMisbehaving(t *testing.T) {
	event := waylandtest.Event
	for name, say := range map[string][]byte{
		"garbage":                    []byte("HTTP/1.1 400 Bad Request\r\n\r\n"),
		"zeros":                      make([]byte, 64),
		"an event of nobody":         event(99, 0),
		"an event of the display":    event(1, 7),
		"an event of the registry":   event(2, 2),
		"arguments missing":          event(2, 0, uint32(77)),
		"arguments too many":         event(2, 1, uint32(77), uint32(1)),
		"a global of no version":     event(2, 0, uint32(77), "wl_shm", uint32(0)),
		"a global once more":         event(2, 0, uint32(1), "wl_shm", uint32(1)),
		"the display deleted":        event(1, 1, uint32(1)),
		"nobody deleted":             event(1, 1, uint32(77)),
		"an error without a message": event(1, 0, uint32(1), uint32(1)),
	} {
		f := waylandtest.Start(t, waylandtest.Newest...)
		c := dial(t, f)
		f.Say(say)
		if err := end(c.Dispatch); !errors.Is(err, errMalformed) {
			t.Errorf("%s: %v", name, err)
		}
		if err := c.Dispatch(); err == nil || errors.Is(err, ErrInterrupted) {
			t.Errorf("%s: the connection is used on: %v", name, err)
		}
	}
}

func TestHangsUp(t *testing.T) {
	f := waylandtest.Start(t, waylandtest.Newest...)
	c := dial(t, f)
	f.HangUp()
	if err := end(c.Dispatch); !errors.Is(err, io.EOF) {
		t.Errorf("hung up on: %v", err)
	}
	c = dial(t, f)
	f.Refuse("no idle people here")
	var refused *ProtocolError
	if err := end(c.Dispatch); !errors.As(err, &refused) || refused.Message != "no idle people here" || refused.Code != 3 {
		t.Errorf("refused: %v", err)
	}
	c = dial(t, f)
	f.Say(waylandtest.Event(2, 0, uint32(77), "wl_shm", uint32(1))[:9])
	f.HangUp()
	if err := end(c.Dispatch); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("hung up on in the middle of a word: %v", err)
	}
}

// A compositor that hangs, or is none, costs no more time than is given.
func TestDialMeetsItsDeadline(t *testing.T) {
	f := waylandtest.Start(t, waylandtest.Newest...)
	f.Mute(true)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := Dial(ctx, f.Path); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("of one that hangs: %v", err)
	}
	if _, err := Dial(context.Background(), filepath.Join(t.TempDir(), "nothing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of none: %v", err)
	}
}

// An interruption comes through whenever it is sent, and costs nothing that was said.
func TestInterrupt(t *testing.T) {
	f := waylandtest.Start(t, waylandtest.Newest...)
	c := dial(t, f)
	c.Interrupt()
	if err := end(c.Dispatch); !errors.Is(err, ErrInterrupted) {
		t.Fatalf("interrupted before: %v", err)
	}
	waiting := make(chan error)
	go func() { waiting <- end(c.Dispatch) }()
	c.Interrupt()
	if err := <-waiting; !errors.Is(err, ErrInterrupted) {
		t.Fatalf("interrupted while waiting: %v", err)
	}
	heard := ""
	c.OnGlobal(func(g Global, _ bool) { heard = g.Interface })
	f.Offer(waylandtest.Global{Interface: "wl_shm", Version: 1})
	c.Interrupt()
	roundTrip(t, c) // an interruption is not for it, and is kept
	if err := end(c.Dispatch); heard != "wl_shm" || !errors.Is(err, ErrInterrupted) {
		t.Errorf("heard of %q, then %v", heard, err)
	}
}

// FuzzConn: a compositor that says anything at all is dealt with in the end, without a panic and without a wait.
func FuzzConn(f *testing.F) {
	event := waylandtest.Event
	hello := append(event(2, 0, uint32(1), "wl_seat", uint32(8)), event(2, 0, uint32(2), extIdle, uint32(2))...)
	done := append(event(3, 0, uint32(7)), event(1, 1, uint32(3))...)
	f.Add([]byte(nil))
	f.Add(append(append(hello, done...), event(6, 0)...))
	f.Add(append(append(hello, done...), append(event(6, 1), event(2, 1, uint32(1))...)...))
	f.Add(append(append(event(2, 0, uint32(1), "wl_seat", uint32(1)), event(2, 0, uint32(4), kdeIdle, uint32(1))...), done...))
	f.Add(append(done, event(1, 0, uint32(3), uint32(0), "invalid object 3")...))
	f.Fuzz(func(t *testing.T, stream []byte) {
		ours, theirs := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, theirs) }()
		go func() {
			_, _ = theirs.Write(stream)
			theirs.Close()
		}()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		c, err := Greet(ctx, ours)
		if err != nil {
			return
		}
		defer c.Close()
		i, err := NewIdle(c)
		i.OnIdle, i.OnReturn = func(time.Duration) {}, func(time.Duration) {}
		if err == nil {
			_ = i.Watch(time.Second)
		}
		events := 0
		for ; err == nil || errors.Is(err, ErrNoProtocol) || errors.Is(err, ErrNoSeat); err = i.Dispatch() {
			if events++; events > len(stream) {
				t.Fatal("more events than bytes")
			}
		}
		if ctx.Err() != nil {
			t.Fatal("it took too long")
		}
		if len(c.objects) > len(stream)+10 || len(c.globals) > mostGlobals {
			t.Fatalf("%d objects, %d globals", len(c.objects), len(c.globals))
		}
	})
}
