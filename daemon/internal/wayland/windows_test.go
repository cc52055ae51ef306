package wayland

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/wayland/waylandtest"
)

// followWindows follows the windows of the fake compositor, and counts changes.
func followWindows(t *testing.T, c *Conn) (w *Windows, changes *int) {
	t.Helper()
	late := time.AfterFunc(patience, c.Close) // so that nobody waits for what does not come
	t.Cleanup(func() { late.Stop() })
	w, err := NewWindows(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	changes = new(int)
	w.OnChange = func() { *changes++ }
	return w, changes
}

// families are the two ways to tell of windows and screens.
var families = map[string][]waylandtest.Global{"wlroots": waylandtest.Wlroots, "KWin": waylandtest.KWin}

// What is in front and fills the screen is told of, and nothing else.
func TestWindows(t *testing.T) {
	for name, offers := range families {
		f := waylandtest.Start(t, offers...)
		f.Window("one", "editor", true, false)
		f.Window("two", "film", false, true)
		c := dial(t, f)
		w, changes := followWindows(t, c)
		const some = -1 // KWin is asked before it tells all, and so there may be a moment with no window
		want := func(when string, changed int, wantApp string, wantFull bool) {
			t.Helper()
			roundTrip(t, c)
			roundTrip(t, c) // KWin is asked about new windows
			if app, full := w.FullScreen(); app != wantApp || full != wantFull {
				t.Errorf("%s, %s: %q %v, want %q %v", name, when, app, full, wantApp, wantFull)
			}
			if *changes != changed && changed != some {
				t.Errorf("%s, %s: %d changes, want %d", name, when, *changes, changed)
			}
			*changes = 0
		}
		want("a film on another screen", 0, "", false)
		f.Window("one", "editor", false, false)
		f.Window("two", "film", true, true)
		want("the film in front", 1, "film", true)
		f.Window("one", "editor", false, true)
		f.Window("two", "film", true, true)
		want("nothing new", 0, "film", true)
		f.Window("three", "game", true, true)
		f.CloseWindow("two")
		want("a new one in front", some, "game", true)
		f.CloseWindow("three")
		want("closed", 1, "", false)
		f.Window("three", "game", true, true)
		want("again", 1, "game", true)
		f.Window("three", "game", true, false)
		want("no longer full", 1, "", false)
		for range 20 {
			f.Window("brief", "film", true, true)
			f.CloseWindow("brief")
		}
		want("here and gone", some, "", false)
		for range 20 {
			f.Window("more", "film", true, true)
			roundTrip(t, c)
			roundTrip(t, c)
			f.CloseWindow("more")
			roundTrip(t, c)
		}
		if n := len(c.objects); len(w.all) != 2 || n > 30 {
			t.Errorf("%s: %d windows and %d objects kept", name, len(w.all), n)
		}
	}
}

// Compositors that do not tell, or too little, or no more, are known as such.
func TestNoWindows(t *testing.T) {
	for name, offers := range map[string][]waylandtest.Global{
		"neither":  waylandtest.Newest,
		"too old":  {{Interface: wlrWindows, Version: 1}},
		"old KWin": {{Interface: kdeWindows, Version: 12}},
	} {
		if _, err := NewWindows(dial(t, waylandtest.Start(t, offers...))); !errors.Is(err, ErrNoWindows) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f := waylandtest.Start(t, waylandtest.Wlroots...)
	w, _ := followWindows(t, dial(t, f))
	f.FinishWindows()
	if err := end(w.Dispatch); !errors.Is(err, errNoMoreWindows) {
		t.Errorf("no more: %v", err)
	}
	if err := w.Dispatch(); !errors.Is(err, errNoMoreWindows) {
		t.Errorf("afterwards: %v", err)
	}
}

// A compositor that makes things up about windows is hung up on.
func TestMisbehavingWindows(t *testing.T) {
	event := waylandtest.Event
	const manager, given = 4, serversFirst // the id 3 was the round trip's
	toplevel := event(manager, 0, uint32(given))
	then := func(more ...byte) []byte { return append(append([]byte(nil), toplevel...), more...) }
	for name, say := range map[string][]byte{
		"an object of ours":        event(manager, 0, uint32(5)),
		"the same one twice":       then(toplevel...),
		"nothing":                  event(manager, 0),
		"a list that is cut short": then(append(event(given, 4, uint32(400)), event(given, 5)...)...),
		"a name that is no text":   then(event(given, 1, uint32(3), uint32(0xffffffff))...),
		"deleted by it":            then(event(1, 1, uint32(given))...),
	} {
		f := waylandtest.Start(t, waylandtest.Wlroots...)
		c := dial(t, f)
		w, _ := followWindows(t, c)
		if w.manager != manager {
			t.Fatalf("the manager is %d", w.manager)
		}
		f.Say(say)
		if err := end(w.Dispatch); !errors.Is(err, errMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f := waylandtest.Start(t, waylandtest.Wlroots...)
	c := dial(t, f)
	w, _ := followWindows(t, c)
	go func() {
		for id := uint32(given); id <= given+mostGiven; id++ {
			f.Say(event(manager, 0, id))
		}
	}()
	if err := end(w.Dispatch); !errors.Is(err, errMalformed) || len(w.all) > mostGiven+1 {
		t.Errorf("a flood: %v with %d windows", err, len(w.all))
	} else if len(w.all) < mostGiven {
		t.Errorf("hung up after %d windows: %v", len(w.all), err)
	}
}

// Screens are dark when all of them are, and what cannot be known is light.
func TestOutputs(t *testing.T) {
	for name, offers := range families {
		f := waylandtest.Start(t, offers...)
		f.Off(true, true)
		c := dial(t, f)
		o, err := NewOutputs(c)
		if err != nil {
			t.Fatal(err)
		}
		heard := 0
		o.OnChange = func(bool) { heard++ }
		want := func(when string, dark bool, changes int) {
			t.Helper()
			roundTrip(t, c)
			roundTrip(t, c)
			if o.Dark() != dark || heard != changes || o.Err() != nil {
				t.Errorf("%s, %s: dark %v, %d changes, %v; want %v, %d", name, when, o.Dark(), heard, o.Err(), dark, changes)
			}
			heard = 0
		}
		want("at first", true, 1)
		f.Off(false, true)
		want("one lit", false, 1)
		f.Off(false, false)
		want("both lit", false, 0)
		f.Off(true, true)
		want("both off", true, 1)
		f.Withdraw("wl_output")
		want("one gone", true, 0)
		f.Withdraw("wl_output")
		want("none left", true, 0)
		f.Offer(waylandtest.Global{Interface: "wl_output", Version: 4})
		want("one come", false, 1)
		f.Off(true)
		want("off", true, 1)
		f.OffNew(true)
		f.Offer(waylandtest.Global{Interface: "wl_output", Version: 4})
		want("one more, off", true, 0) // though for a moment nothing is known of it
		f.Withdraw("wl_output")
		want("one less", true, 0)
		f.OffNew(false)
		for range 20 {
			f.Withdraw("wl_output")
			f.Offer(waylandtest.Global{Interface: "wl_output", Version: 4})
			roundTrip(t, c)
			roundTrip(t, c)
		}
		if n := len(c.objects); len(o.all) != 1 || n > 12 {
			t.Errorf("%s: %d screens and %d objects kept", name, len(o.all), n)
		}
		if name == "wlroots" {
			f.Off(true)
			roundTrip(t, c)
			heard = 0
			f.Fail()
			want("nobody knows", false, 1)
		}
	}
	if _, err := NewOutputs(dial(t, waylandtest.Start(t, waylandtest.Newest...))); !errors.Is(err, ErrNoPower) {
		t.Errorf("a compositor that does not tell: %v", err)
	}
}

// FuzzWindows: whatever a compositor says of windows and screens is dealt with in the end, and little of it is kept.
func FuzzWindows(f *testing.F) {
	event := waylandtest.Event
	join := func(all ...[]byte) (b []byte) {
		for _, one := range all {
			b = append(b, one...)
		}
		return b
	}
	synced := func(id uint32) []byte { return join(event(id, 0, uint32(7)), event(1, 1, id)) }
	wlr := join(event(2, 0, uint32(1), wlrWindows, uint32(3)), event(2, 0, uint32(2), wlrPower, uint32(1)),
		event(2, 0, uint32(3), wlOutput, uint32(4)), synced(3))
	kde := join(event(2, 0, uint32(1), kdeWindows, uint32(16)), event(2, 0, uint32(2), kdePower, uint32(1)),
		event(2, 0, uint32(3), wlOutput, uint32(2)), synced(3))
	const power, manager, window, given = 6, 7, 3, uint32(serversFirst)
	f.Add([]byte(nil))
	f.Add(join(wlr, event(power, 0, uint32(0)), event(manager, 0, given), event(given, 1, "film"), event(given, 4, []uint32{2, 3}),
		event(given, 5), event(given, 6), event(2, 1, uint32(3)), event(manager, 1)))
	f.Add(join(kde, event(power, 1, uint32(3)), event(power, 2), event(manager, 4, uint32(1), "{a}"), event(window, 1, "film"),
		event(window, 2, uint32(9)), event(window, 6), event(window, 5), event(manager, 2, []uint32{1, 2})))
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
		_, _ = NewOutputs(c)
		w, err := NewWindows(c)
		dispatch := c.Dispatch
		if err == nil {
			dispatch = w.Dispatch
		}
		for events := 0; ; events++ {
			if dispatch() != nil {
				break
			}
			if events > len(stream) {
				t.Fatal("more events than bytes")
			}
		}
		if ctx.Err() != nil {
			t.Fatal("it took too long")
		}
		if len(c.objects) > len(stream)+10 || w != nil && len(w.all) > len(stream) {
			t.Fatalf("%d objects", len(c.objects))
		}
	})
}
