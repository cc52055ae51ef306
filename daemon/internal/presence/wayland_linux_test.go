package presence

import (
	"errors"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/wayland/waylandtest"
)

// pauses are what a sensor is asked for in these tests: a minute, and 15 seconds while a pause is waited for.
const (
	long  = time.Minute
	short = 15 * time.Second
)

// startWayland runs a sensor on a fake compositor.
func startWayland(t *testing.T, f *waylandtest.Compositor) *senses {
	t.Helper()
	return startSenses(t, func(input func(Input)) Sensor {
		w := NewWayland(f.Path, input, func(Screen) {}, slog.New(slog.DiscardHandler))
		w.Watch(long, long, short)
		return w
	})
}

// watches waits until the compositor is asked for these, in milliseconds, and no others.
func watches(t *testing.T, f *waylandtest.Compositor, want ...uint32) {
	t.Helper()
	desktest.Until(t, patience, "what is watched", func() bool {
		got := f.Watched()
		for _, ms := range want {
			if got[ms] == "" {
				return false
			}
		}
		return len(got) == len(want)
	})
}

func TestWaylandIdleAndReturn(t *testing.T) {
	for name, c := range map[string]struct {
		offers      []waylandtest.Global
		source, how string
	}{
		"version 2": {waylandtest.Newest, "wayland", "ext_idle_notifier_v1 version 2, input alone"},
		"version 1": {waylandtest.Version1, "wayland", "ext_idle_notifier_v1 version 1"},
		"KDE's":     {waylandtest.OldKDE, "kde", "org_kde_kwin_idle"},
	} {
		f := waylandtest.Start(t, c.offers...)
		s := startWayland(t, f)
		if got := s.want(t, c.source, Active); got.How != c.how {
			t.Errorf("%s: by %q, want %q", name, got.How, c.how)
		}
		watches(t, f, 60_000, 15_000)
		for range 3 {
			f.Pass(59_000)
			if _, err := s.asked(t); !errors.Is(err, ErrUntold) {
				t.Errorf("%s: the idle time: %v", name, err)
			}
			f.Pass(1_000)
			if got := s.want(t, c.source, Idle); got.Idle < long || got.Idle > long+patience {
				t.Errorf("%s: idle for %v, want %v", name, got.Idle, long)
			}
			f.Touch()
			s.want(t, c.source, Active)
		}
		s.stop(t)
	}
}

// A pause that is asked for in the middle of a silence is told of at once where it is over already, as the compositor
// has been watching for it all along; one that is not, when it is.
func TestWaylandWatchesBeforehand(t *testing.T) {
	f := waylandtest.Start(t, waylandtest.Newest...)
	s := startWayland(t, f)
	s.want(t, "wayland", Active)
	watches(t, f, 60_000, 15_000)
	f.Pass(20_000)
	<-time.After(200 * time.Millisecond) // it has heard of the pause, and says nothing
	s.none(t)
	s.Watch(short, long, short)
	if got := s.want(t, "wayland", Idle); got.Idle < short {
		t.Errorf("idle for %v, want at least %v", got.Idle, short)
	}
	s.Watch(long, long, short) // what was said stays true
	f.Pass(60_000)
	s.none(t)
	f.Touch()
	s.want(t, "wayland", Active)

	s.Watch(short, long, short)
	f.Pass(14_000)
	s.none(t)
	f.Pass(1_000)
	s.want(t, "wayland", Idle)
	f.Touch()
	s.want(t, "wayland", Active)

	s.Watch(long, long, 5*time.Second) // other settings
	watches(t, f, 60_000, 5_000)
}

// A silence began when the first word of it says so. The second word, of a longer one, may come late.
func TestWaylandSilenceBegan(t *testing.T) {
	f := waylandtest.Start(t, waylandtest.Newest...)
	const brief, longer = 50 * time.Millisecond, 400 * time.Millisecond
	s := startSenses(t, func(input func(Input)) Sensor {
		w := NewWayland(f.Path, input, func(Screen) {}, slog.New(slog.DiscardHandler))
		w.Watch(longer, longer, brief)
		return w
	})
	s.want(t, "wayland", Active)
	watches(t, f, 400, 50)
	<-time.After(longer + 300*time.Millisecond) // so that it is clear that there was input since it was asked
	f.Pass(50)
	<-time.After(time.Second)
	f.Pass(350)
	if got := s.want(t, "wayland", Idle); got.Idle < brief+time.Second {
		t.Errorf("idle for %v, and told of it %v ago", got.Idle, time.Second)
	}
}

// What is known of a pause too short to be reported is told to whoever asks.
func TestWaylandIdleIsKnownOrNot(t *testing.T) {
	f := waylandtest.Start(t, waylandtest.Newest...)
	const brief = 100 * time.Millisecond // and far longer ago than that it was asked for
	s := startSenses(t, func(input func(Input)) Sensor {
		w := NewWayland(f.Path, input, func(Screen) {}, slog.New(slog.DiscardHandler))
		w.Watch(long, long, brief)
		return w
	})
	s.want(t, "wayland", Active)
	watches(t, f, 60_000, 100)
	<-time.After(brief + 400*time.Millisecond)
	f.Pass(100)
	desktest.Until(t, patience, "the idle time", func() bool {
		idle, err := s.asked(t)
		return err == nil && idle >= brief && idle < patience
	})
	f.Touch()
	desktest.Until(t, patience, "no idle time", func() bool {
		_, err := s.asked(t)
		return errors.Is(err, ErrUntold)
	})
	s.none(t)
}

// A compositor that crashes is unknown at once, and one that comes back is known again, however it went.
func TestWaylandGoesAndComesBack(t *testing.T) {
	f := waylandtest.Start(t, waylandtest.OldKDE...)
	s := startWayland(t, f)
	s.want(t, "kde", Active)
	for _, c := range []struct {
		go_, back func()
		why       string
	}{
		{f.HangUp, func() {}, "went away"},
		{func() { f.Refuse("no more of you") }, func() {}, "does not want us: no more of you"},
		{func() { f.Say([]byte("what is this?")) }, func() {}, "cannot be used"},
		{f.Down, f.Up, "went away"},
	} {
		f.Pass(60_000)
		s.want(t, "kde", Idle)
		c.go_()
		got := s.want(t, "kde", Unknown)
		if !strings.Contains(got.Why, c.why) || got.Unfit {
			t.Errorf("%+v, want %q", got, c.why)
		}
		if _, err := s.asked(t); err == nil {
			t.Error("the idle time is known")
		}
		c.back()
		for got := s.next(t); got.State != Active; got = s.next(t) { // while it is down another reason is given, too
			if got.State != Unknown {
				t.Fatalf("reported %+v", got)
			}
		}
		watches(t, f, 60_000, 15_000)
	}
}

func (s *senses) next(t *testing.T) Input {
	t.Helper()
	select {
	case got := <-s.inputs:
		return got
	case <-time.After(patience):
		t.Fatalf("no report in %v", patience)
	}
	panic("unreachable")
}

func TestWaylandComesLate(t *testing.T) {
	f := waylandtest.Start(t, waylandtest.Newest...)
	f.Down()
	s := startWayland(t, f)
	if got := s.want(t, "wayland", Unknown); !strings.Contains(got.Why, "there is no Wayland compositor at") {
		t.Errorf("%+v", got)
	}
	f.Up()
	s.want(t, "wayland", Active)
}

// A compositor that cannot tell is named as such, and may learn.
func TestWaylandUnfit(t *testing.T) {
	for name, c := range map[string]struct {
		offers  []waylandtest.Global
		why     string
		missing waylandtest.Global
	}{
		"no protocol": {waylandtest.NoIdle, "tells no program", waylandtest.Newest[2]},
		"no seat":     {waylandtest.NoSeat, "neither keyboard nor mouse", waylandtest.Newest[1]},
	} {
		f := waylandtest.Start(t, c.offers...)
		s := startWayland(t, f)
		if got := s.want(t, "none", Unknown); !got.Unfit || !strings.Contains(got.Why, c.why) {
			t.Errorf("%s: %+v", name, got)
		}
		f.Offer(c.missing)
		s.want(t, "wayland", Active)
		f.Withdraw(c.missing.Interface)
		s.want(t, "none", Unknown)
		s.stop(t)
	}
}

// A compositor that hangs is given up after a time, and found again when it goes on.
func TestWaylandHangs(t *testing.T) {
	t.Parallel()
	f := waylandtest.Start(t, waylandtest.Newest...)
	f.Mute(true)
	s := startWayland(t, f)
	select {
	case got := <-s.inputs:
		if got.State != Unknown || !strings.Contains(got.Why, "does not answer") {
			t.Errorf("%+v", got)
		}
	case <-time.After(answerTimeout + patience):
		t.Fatal("a compositor that hangs is waited for")
	}
	f.Mute(false)
	select {
	case got := <-s.inputs:
		if got.State != Active {
			t.Errorf("%+v", got)
		}
	case <-time.After(answerTimeout + lastRetry + patience):
		t.Fatal("a compositor that goes on is not found")
	}
}

// Fifty crashes leave neither goroutines nor open files.
func TestWaylandReconnectsLeaveNothing(t *testing.T) {
	f := waylandtest.Start(t, waylandtest.Newest...)
	s := startSenses(t, func(input func(Input)) Sensor {
		w := NewWayland(f.Path, input, func(Screen) {}, slog.New(slog.DiscardHandler))
		w.Watch(long, long, short)
		w.breath = 0
		return w
	})
	s.want(t, "wayland", Active)
	watches(t, f, 60_000, 15_000)
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	for range 50 {
		f.HangUp()
		s.want(t, "wayland", Unknown)
		s.want(t, "wayland", Active)
	}
	watches(t, f, 60_000, 15_000)
	desktest.Until(t, patience, "as few goroutines and files as before", func() bool {
		return runtime.NumGoroutine() <= goroutines && openFiles(t) <= files
	})
}

// A compositor that throws everybody out again does not keep us busy.
func TestWaylandThrowsOut(t *testing.T) {
	f := waylandtest.Start(t, waylandtest.Newest...)
	startWayland(t, f)
	for deadline := time.Now().Add(2 * time.Second); time.Now().Before(deadline); {
		f.HangUp()
		<-time.After(time.Millisecond)
	}
	if n := f.Came(); n > 6 {
		t.Errorf("connected %d times in two seconds", n)
	}
}
