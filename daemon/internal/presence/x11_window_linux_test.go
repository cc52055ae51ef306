package presence

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// stage is an X server where the test says which window is in front and what it is, as a window manager would.
type stage struct {
	*xvfb
	heard atomic.Int32
}

func (v *stage) atom(name string) xproto.Atom {
	v.t.Helper()
	reply, err := xproto.InternAtom(v.conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		v.t.Fatal(err)
	}
	return reply.Atom
}

func (v *stage) set(window xproto.Window, name string, kind xproto.Atom, values ...uint32) {
	v.t.Helper()
	var data []byte
	for _, value := range values {
		data = binary.LittleEndian.AppendUint32(data, value)
	}
	err := xproto.ChangePropertyChecked(v.conn, xproto.PropModeReplace, window, v.atom(name), kind, 32, uint32(len(values)), data).Check()
	if err != nil {
		v.t.Fatal(err)
	}
}

// window makes a window, which fills the screen or does not.
func (v *stage) window(full bool) xproto.Window {
	v.t.Helper()
	id, err := xproto.NewWindowId(v.conn)
	if err != nil {
		v.t.Fatal(err)
	}
	if err := xproto.CreateWindowChecked(v.conn, 0, id, v.root, 0, 0, 10, 10, 0, xproto.WindowClassInputOutput, 0, 0, nil).Check(); err != nil {
		v.t.Fatal(err)
	}
	v.fill(id, full)
	return id
}

func (v *stage) fill(window xproto.Window, full bool) {
	v.t.Helper()
	var state []uint32
	if full {
		state = append(state, uint32(v.atom("_NET_WM_STATE_FULLSCREEN")))
	}
	v.set(window, "_NET_WM_STATE", xproto.AtomAtom, state...)
}

func (v *stage) front(window xproto.Window) {
	v.t.Helper()
	v.set(v.root, "_NET_ACTIVE_WINDOW", xproto.AtomWindow, uint32(window))
}

// told tells whether anybody has the server tell of a window's properties.
func (v *stage) told(window xproto.Window) bool {
	v.t.Helper()
	reply, err := xproto.GetWindowAttributes(v.conn, window).Reply()
	if err != nil {
		v.t.Fatal(err)
	}
	return reply.AllEventMasks&xproto.EventMaskPropertyChange != 0
}

func (v *stage) wantTold(what string, window xproto.Window, want bool) {
	v.t.Helper()
	desktest.Until(v.t, patience, fmt.Sprintf("%s: told of: %t", what, want), func() bool { return v.told(window) == want })
}

// hears waits until changed was called, does what must not lead to that, and then what must.
func (v *stage) hears(t *testing.T, what string, changes func()) {
	t.Helper()
	v.heard.Store(0)
	changes()
	desktest.Until(t, patience, what, func() bool { return v.heard.Load() > 0 })
}

// fills asks whether a window fills the screen.
func (s *sensor) fills(t *testing.T) (window string) {
	t.Helper()
	_, id, full, err := s.FullScreen(t.Context())
	if err != nil || full != (id != "") {
		t.Fatalf("asked what fills the screen: %q, %t, %v", id, full, err)
	}
	return id
}

// TestWatchFullScreen: the server tells of the window in front and of the root while somebody listens, and of no more.
func TestWatchFullScreen(t *testing.T) {
	v := &stage{xvfb: startXvfb(t)}
	s := startSensor(t, v.display, time.Hour)
	s.want(t, Active)
	film, other := v.window(true), v.window(false)
	v.front(film)
	id := s.fills(t)
	if id == "" || v.told(film) || v.told(v.root) {
		t.Fatalf("%q fills the screen, and somebody listens: %t", id, v.told(v.root))
	}
	stop := s.WatchFullScreen(func() { v.heard.Add(1) })
	v.wantTold("the film", film, true)
	v.wantTold("the root", v.root, true)
	v.set(film, "_NET_WM_USER_TIME", xproto.AtomCardinal, 7)
	v.set(film, "WM_NAME", xproto.AtomString, 1)
	v.set(v.root, "_NET_CLIENT_LIST", xproto.AtomWindow, 7)
	if s.fills(t) != id || v.heard.Load() != 0 { // the question is answered after what has changed before it
		t.Errorf("heard %d times of what is no matter", v.heard.Load())
	}
	v.hears(t, "the film to leave the screen", func() { v.fill(film, false) })
	v.fill(film, true)
	v.hears(t, "another window in front", func() { v.front(other) })
	if s.fills(t) != "" {
		t.Error("the film fills the screen from behind")
	}
	v.wantTold("the film, behind", film, false)
	v.hears(t, "the other window to fill the screen", func() { v.fill(other, true) })
	v.hears(t, "the other window to close", func() {
		if err := xproto.DestroyWindowChecked(v.conn, other).Check(); err != nil {
			t.Fatal(err)
		}
	})
	v.hears(t, "the film in front again", func() { v.front(film) })
	if s.fills(t) != id { // and nothing is amiss because the other, which is not told of any more, has gone
		t.Error("the film does not fill the screen")
	}
	v.wantTold("the film", film, true)
	stop()
	stop()
	v.wantTold("the film", film, false)
	v.wantTold("the root", v.root, false)
	v.heard.Store(0)
	v.fill(film, false)
	v.front(0)
	if s.fills(t) != "" || v.heard.Load() != 0 || v.told(film) {
		t.Errorf("heard %d times when nobody listens", v.heard.Load())
	}
	s.wantNone(t, 0) // input was never in doubt
	defer s.WatchFullScreen(func() { v.heard.Add(1) })()
	v.hears(t, "that nothing fills the screen any more", func() {})
}

// TestWatchFullScreenAnotherServer: whatever fills the screen goes with the server, and what fills the next is told of.
func TestWatchFullScreenAnotherServer(t *testing.T) {
	v := &stage{xvfb: startXvfb(t)}
	s := startSensor(t, v.display, time.Hour)
	s.want(t, Active)
	v.front(v.window(true))
	stop := s.WatchFullScreen(func() { v.heard.Add(1) })
	v.wantTold("the root", v.root, true)
	v.hears(t, "the end of the server", v.kill)
	v.start()
	v.connect()
	v.wantTold("the new root", v.root, true)
	film := v.window(true)
	v.front(film)
	if s.fills(t) == "" {
		t.Error("nothing fills the new screen")
	}
	v.hears(t, "the end of the film", func() { v.fill(film, false) })
	v.kill()
	stop() // while there is no server
}

// TestWatchFullScreenLeavesNothing, however often it begins and ends, and whatever comes to an end meanwhile.
func TestWatchFullScreenLeavesNothing(t *testing.T) {
	v := &stage{xvfb: startXvfb(t)}
	s := startSensor(t, v.display, time.Hour)
	s.want(t, Active)
	round := func() {
		film := v.window(true)
		v.front(film)
		stop := s.WatchFullScreen(func() { v.heard.Add(1) })
		v.wantTold("the film", film, true)
		if err := xproto.DestroyWindowChecked(v.conn, film).Check(); err != nil {
			t.Fatal(err)
		}
		stop()
		v.wantTold("the root", v.root, false)
	}
	round()
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	for range 50 {
		round()
	}
	desktest.Until(t, patience, "goroutines and files to be as many as before", func() bool {
		return runtime.NumGoroutine() <= goroutines && openFiles(t) <= files
	})
	s.wantNone(t, 0) // a window that has gone is no reason to lose the server
}

// TestClosedWindow: of all that a server may refuse, only this is of no consequence.
func TestClosedWindow(t *testing.T) {
	for _, tt := range []struct {
		code, request byte
		want          bool
	}{{3, 2, true}, {3, 20, false}, {8, 2, false}} {
		r := make(refusal, 32)
		r[1], r[10] = tt.code, tt.request
		xgb.Put32(r[4:], 7)
		if r.isClosedWindow() != tt.want {
			t.Errorf("%v: %t", r, !tt.want)
		}
	}
}
