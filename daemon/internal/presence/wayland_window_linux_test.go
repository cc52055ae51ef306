package presence

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/wayland/waylandtest"
)

// startWindows runs a sensor on a fake compositor, and hears what it says of the screen.
func startWindows(t *testing.T, f *waylandtest.Compositor) (w *Wayland, s *senses, screens chan Screen) {
	t.Helper()
	screens = make(chan Screen, 100)
	s = startSenses(t, func(input func(Input)) Sensor {
		w = NewWayland(f.Path, input, func(s Screen) { screens <- s }, slog.New(slog.DiscardHandler))
		w.Watch(long, long, short)
		return w
	})
	s.want(t, "wayland", Active)
	return w, s, screens
}

// wantFull looks, and wants to see that program fill the screen; "" is for none.
func wantFull(t *testing.T, w *Wayland, want string) (id string) {
	t.Helper()
	program, id, full, err := w.FullScreen(t.Context())
	if program != want || full != (want != "") || full != (id != "") || err != nil {
		t.Errorf("%q %q %v, %v; want %q", program, id, full, err, want)
	}
	return id
}

// follow waits until that many connections follow the windows.
func follow(t *testing.T, f *waylandtest.Compositor, want int) {
	t.Helper()
	desktest.Until(t, patience, "the windows to be followed, or not", func() bool { return f.Follow() == want })
}

// Looks see what fills the screen; between them the compositor has nobody to tell.
func TestWaylandFullScreen(t *testing.T) {
	for name, offers := range map[string][]waylandtest.Global{"wlroots": waylandtest.Wlroots, "KWin": waylandtest.KWin} {
		f := waylandtest.Start(t, offers...)
		w, s, _ := startWindows(t, f)
		f.Window("one", "editor", true, false)
		f.Window("two", "film", false, true)
		wantFull(t, w, "")
		follow(t, f, 0)
		if by := w.WindowsBy(); by != offers[0].Interface {
			t.Errorf("%s: by %q", name, by)
		}
		f.Window("two", "film", true, true)
		first := wantFull(t, w, "film")
		f.Window("two", "film", true, false)
		f.Window("three", "game", true, true)
		desktest.Until(t, patience, "the game", func() bool {
			program, id, _, _ := w.FullScreen(t.Context())
			return program == "game" && id != first
		})
		s.stop(t)
		follow(t, f, 0)
	}
}

// Whoever waits for the end of a full screen is told of it, over the connection that has seen it. KWin reads our program
// for each.
func TestWaylandWatchFullScreen(t *testing.T) {
	f := waylandtest.Start(t, waylandtest.KWin...)
	w, s, _ := startWindows(t, f)
	f.Window("one", "film", true, true)
	came := f.Came()
	wantFull(t, w, "film")
	news := make(chan struct{}, 100)
	stop := w.WatchFullScreen(func() { news <- struct{}{} })
	heard := func(what string) {
		t.Helper()
		select {
		case <-news:
		case <-time.After(patience):
			t.Errorf("%s: nothing was told", what)
		}
	}
	wantFull(t, w, "film")
	if n := f.Came() - came; n != 1 {
		t.Errorf("%d connections for two looks and a watch", n)
	}
	<-time.After(stays + time.Second) // longer than it would stay for nobody
	f.Window("one", "film", true, false)
	heard("the end")
	wantFull(t, w, "")
	if n := f.Came() - came; n != 1 {
		t.Errorf("%d connections", n)
	}
	f.Window("one", "film", true, true)
	heard("once more")
	f.HangUp()
	heard("the compositor is gone")
	s.want(t, "wayland", Unknown)
	s.want(t, "wayland", Active)
	wantFull(t, w, "film") // a look tries anew, and the watch has that too
	f.CloseWindow("one")
	heard("closed")
	stop()
	follow(t, f, 0)

	defer w.WatchFullScreen(func() { news <- struct{}{} })() // without a look before it: whatever was seen has ended
	heard("nothing to see")
}

// A look that has seen a full screen goes on for a moment, and no longer.
func TestWaylandLookEnds(t *testing.T) {
	t.Parallel()
	f := waylandtest.Start(t, waylandtest.Wlroots...)
	w, _, _ := startWindows(t, f)
	f.Window("one", "film", true, true)
	wantFull(t, w, "film")
	follow(t, f, 1)
	desktest.Until(t, stays+patience, "nobody to look", func() bool { return f.Follow() == 0 })
	wantFull(t, w, "film")
	f.FinishWindows()
	desktest.Until(t, patience, "an end without more ado", func() bool {
		w.windows.mu.Lock()
		defer w.windows.mu.Unlock()
		return w.windows.view == nil
	})
}

// Where nothing can be seen, that is said, and in time.
func TestWaylandSeesNoWindows(t *testing.T) {
	f := waylandtest.Start(t, waylandtest.Newest...)
	w, s, _ := startWindows(t, f)
	if _, _, _, err := w.FullScreen(t.Context()); !errors.Is(err, ErrNoWindows) {
		t.Errorf("of a compositor that does not tell: %v", err)
	}
	w.WatchFullScreen(func() {})()
	f.Mute(true)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, _, _, err := w.FullScreen(ctx); err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("of one that hangs: %v", err)
	}
	f.Mute(false)
	f.Down()
	s.want(t, "wayland", Unknown)
	if _, _, _, err := w.FullScreen(t.Context()); err == nil || !strings.Contains(err.Error(), "there is no Wayland compositor") {
		t.Errorf("of none: %v", err)
	}
}

// Dark screens are told of when all of them are; nobody says that they are lit again when the compositor has gone.
func TestWaylandDark(t *testing.T) {
	for name, offers := range map[string][]waylandtest.Global{"wlroots": waylandtest.Wlroots, "KWin": waylandtest.KWin} {
		f := waylandtest.Start(t, offers...)
		_, s, screens := startWindows(t, f)
		want := func(dark bool, how string) {
			t.Helper()
			select {
			case got := <-screens:
				if got.Dark != dark || got.How != how {
					t.Errorf("%s: %+v, want %v by %q", name, got, dark, how)
				}
			case <-time.After(patience):
				t.Errorf("%s: nothing was told of the screen", name)
			}
		}
		how := offers[1].Interface
		want(false, how)
		f.Off(true, false)
		f.Off(true, true)
		want(true, how)
		f.Withdraw("wl_seat") // which is no reason to think that it is light
		want(true, how)
		f.Off(false, true)
		want(false, how)
		f.Off(true, true)
		want(true, how)
		f.Down()
		want(false, "")
		s.stop(t)
		if len(screens) > 0 {
			t.Errorf("%s: %+v", name, <-screens)
		}
	}
}

// A compositor that freezes, and hangs up on nobody, is found out when other pauses begin to matter.
func TestWaylandFreezes(t *testing.T) {
	t.Parallel()
	f := waylandtest.Start(t, waylandtest.Newest...)
	w, s, _ := startWindows(t, f)
	f.Mute(true)
	w.Watch(short, long, short)
	select {
	case got := <-s.inputs:
		if got.State != Unknown || !strings.Contains(got.Why, "does not answer") {
			t.Errorf("%+v", got)
		}
	case <-time.After(answerTimeout + patience):
		t.Fatal("a compositor that has frozen is believed")
	}
}
