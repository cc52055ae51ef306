package vouch_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/bus"
	"github.com/unhunch/unhunch/daemon/internal/vouch"
)

const (
	gnomeIdle    = 8
	gnomeSuspend = 4
)

func TestGnome(t *testing.T) {
	d := newDesk(t)
	g := d.gnome()
	g.inhibit("/org/gnome/SessionManager/Inhibitor1", "transmission", gnomeSuspend)
	d.Watch()
	d.finds("nothing that keeps the screen on")
	g.inhibit("/org/gnome/SessionManager/Inhibitor2", "firefox", gnomeIdle|gnomeSuspend)
	g.inhibit("/org/gnome/SessionManager/Inhibitor3", "", gnomeIdle)
	d.finds("both that keep it on", "a program without a name", "firefox")
	g.release("/org/gnome/SessionManager/Inhibitor3")
	d.finds("one that has ended", "firefox")
	g.vanish()
	d.finds("the session manager gone")
	d.gnome().inhibit("/org/gnome/SessionManager/Inhibitor1", "mpv", gnomeIdle)
	d.finds("a new one", "mpv")
}

func TestKDE(t *testing.T) {
	const name, path = "org.kde.Solid.PowerManagement.PolicyAgent", dbus.ObjectPath("/org/kde/Solid/PowerManagement/PolicyAgent")
	type inhibition struct{ Who, Why string }
	d := newDesk(t)
	k := d.fake(name)
	var mu sync.Mutex
	var all []inhibition
	k.export(path, name, map[string]any{
		"HasInhibition": func(types uint32) (bool, *dbus.Error) {
			mu.Lock()
			defer mu.Unlock()
			return types == 4 && len(all) > 0, nil
		},
		"ListInhibitions": func() ([]inhibition, *dbus.Error) {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(all), nil
		},
	})
	set := func(now ...inhibition) {
		mu.Lock()
		all = now
		mu.Unlock()
		_ = k.conn.Emit(path, name+".InhibitionsChanged", now, []string{})
	}
	d.Watch()
	d.finds("nothing")
	set(inhibition{"VLC", "Playing some media."})
	d.finds("a player", "VLC")
	set()
	d.finds("the end of the film")
}

func TestLogind(t *testing.T) {
	d := newDesk(t)
	l := d.logind()
	mine := uint32(os.Getuid())
	l.locked(
		inhibitor{"sleep:idle", "caffeine", "", "block", mine, 1},
		inhibitor{"idle", "another", "film", "block", mine + 1, 2},
		inhibitor{"idle", "delayed", "", "delay", mine, 3},
		inhibitor{"sleep:handle-lid-switch", "desktop", "", "block", mine, 4},
	)
	d.Look()
	d.finds("the one that is ours and about being idle", "caffeine")
	l.locked()
	d.finds("its end, which is followed though nobody watches")
	calls := l.calls()
	l.locked(film("mpv"))
	d.Watch()
	d.finds("a film", "mpv")
	l.locked()
	d.finds("its end")
	d.Rest()
	if l.calls() < calls+2 {
		t.Errorf("%d calls, want more than %d", l.calls(), calls)
	}
}

// Nobody is asked while it does not matter, whatever happens on the buses.
func TestNobodyIsAskedInVain(t *testing.T) {
	d := newDesk(t)
	g, l := d.gnome(), d.logind()
	for i := range 20 {
		g.inhibit(dbus.ObjectPath(fmt.Sprintf("/org/gnome/SessionManager/Inhibitor%d", i)), "firefox", gnomeIdle)
		l.locked(film("mpv"))
	}
	d.Look() // after all that in the queue
	d.Rest()
	desktest.Until(t, 5*time.Second, "the look", func() bool { return d.looks() == 1 })
	if g.calls() != 1 || l.calls() != 1 {
		t.Errorf("asked %d and %d times, want once each", g.calls(), l.calls())
	}
}

// What lasts keeps its number; what comes after it gets another.
func TestNumbers(t *testing.T) {
	d := newDesk(t)
	l := d.logind()
	l.locked(film("mpv"))
	d.Watch()
	d.finds("a film", "mpv")
	first := d.last()[0]
	l.locked(film("mpv"), film("vlc"))
	d.finds("two", "mpv", "vlc")
	d.Rest()
	d.Watch()
	desktest.Until(t, 5*time.Second, "another look", func() bool { return d.looks() > 2 })
	if !slices.Contains(d.last(), first) || d.Name(first) != "mpv" {
		t.Errorf("what lasts has changed its number: %v, %q", d.last(), d.Name(first))
	}
	l.locked(film("vlc"))
	d.finds("the end of the film", "vlc")
	l.locked(film("mpv"), film("vlc"))
	d.finds("another film", "mpv", "vlc")
	if slices.Contains(d.last(), first) || d.Name(first) != "" {
		t.Errorf("another film has the number of the first: %v", d.last())
	}
}

// A service that hangs vouches for nobody, and keeps nobody else from it.
func TestHangs(t *testing.T) {
	d := newDesk(t)
	g, l := d.gnome(), d.logind()
	g.inhibit("/org/gnome/SessionManager/Inhibitor1", "firefox", gnomeIdle)
	l.locked(film("mpv"))
	d.Watch()
	d.finds("both", "firefox", "mpv")
	g.hangs(true)
	d.Look()
	d.findsWithin(10*time.Second, "the one that answers", "mpv")
	l.hangs(true)
	d.Look()
	d.findsWithin(10*time.Second, "nothing where nobody answers")
	g.hangs(false)
	l.hangs(false)
	d.Look()
	d.finds("both again", "firefox", "mpv")
}

func TestTimingHangs(t *testing.T) {
	d := newDesk(t)
	d.gnome().hangs(true)
	began := time.Now()
	d.Watch()
	d.finds("nothing")
	if took := time.Since(began); took > 2500*time.Millisecond {
		t.Errorf("a look at a service that hangs took %v", took)
	}
}

func TestGarbage(t *testing.T) {
	d := newDesk(t)
	g := d.fake(gnomeName)
	g.export(gnomePath, gnomeName, map[string]any{
		"IsInhibited":   func(uint32) (bool, *dbus.Error) { return true, nil },
		"GetInhibitors": func() (string, *dbus.Error) { return "none of your business", nil },
	})
	l := d.logind()
	many := make([]inhibitor, 500)
	for i := range many {
		many[i] = film(fmt.Sprintf("Line\n%d\x1b[31m %s", i, strings.Repeat("é", 200)))
	}
	l.locked(many...)
	d.Watch()
	desktest.Until(t, 5*time.Second, "a look", func() bool { return len(d.last()) > 0 })
	if n := len(d.last()); n > 32 {
		t.Errorf("%d of a stranger's inventions are kept", n)
	}
	for _, name := range d.names() {
		if strings.ContainsAny(name, "\n\x1b") || len([]rune(name)) > 60 {
			t.Errorf("a name that cannot be shown: %q", name)
		}
	}
}

func TestBusGoesAway(t *testing.T) {
	d := newDesk(t)
	d.logind().locked(film("mpv"))
	d.Watch()
	d.finds("a film", "mpv")
	d.Kill(t)
	d.finds("nothing without a bus")
	d.Start(t)
	d.logind().locked(film("mpv"))
	d.findsWithin(15*time.Second, "the film on the new bus", "mpv")
}

// A microphone is a source that tells of no changes.
type microphone struct {
	mu    sync.Mutex
	all   []vouch.Thing
	err   error
	asked int
}

func (m *microphone) look(context.Context) ([]vouch.Thing, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked++
	return m.all, m.err
}

func (m *microphone) is(err error, all ...vouch.Thing) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all, m.err = all, err
}

// A source without signals is asked again every 30 seconds, and only while it matters.
func TestSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		var told [][]int
		r := vouch.New(bus.Session(log), bus.System(log), func(by []int) { told = append(told, by) }, log)
		mic := &microphone{}
		r.Add("the sound server", mic.look, nil)
		last := func() int { synctest.Wait(); return len(told[len(told)-1]) }
		mic.is(nil, vouch.Thing{ID: "7", Name: "Zoom"})
		r.Changed()
		time.Sleep(time.Hour)
		if len(told) != 0 {
			t.Error("a signal that matters to nobody leads to a look")
		}
		r.Look()
		if last() != 1 || mic.asked != 1 {
			t.Fatalf("found %v, asked %d times", told, mic.asked)
		}
		first := told[0][0]
		time.Sleep(time.Hour)
		r.Watch()
		if last() != 1 || told[len(told)-1][0] != first || r.Name(first) != "Zoom" || mic.asked != 2 {
			t.Errorf("found %v, asked %d times", told, mic.asked)
		}
		mic.is(nil)
		time.Sleep(31 * time.Second)
		if last() != 0 || mic.asked != 3 {
			t.Errorf("found %v after 30 s, asked %d times", told, mic.asked)
		}
		mic.is(errors.New("no sound server"), vouch.Thing{ID: "8", Name: "somebody"})
		time.Sleep(30 * time.Second)
		if last() != 0 {
			t.Errorf("a source that fails vouches: %v", told)
		}
		r.Rest()
		looks := len(told)
		time.Sleep(time.Hour)
		if last(); mic.asked != 4 || len(told) != looks {
			t.Errorf("asked %d times, and %d looks, though nobody is silent any more", mic.asked, len(told)-looks)
		}
	})
}

// A source with an ear is asked as soon as that hears something, while it matters; the ear is of no use in between.
func TestSourceWithAnEar(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		var told [][]int
		r := vouch.New(bus.Session(log), bus.System(log), func(by []int) { told = append(told, by) }, log)
		mic := &microphone{}
		ears, sounds := 0, make(chan error)
		r.Add("the sound server", mic.look, func(ctx context.Context, changed func()) error {
			ears++
			defer func() { ears-- }()
			for {
				select {
				case err := <-sounds:
					if err != nil {
						return err
					}
					changed()
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		})
		listens := func(want int) {
			t.Helper()
			if synctest.Wait(); ears != want {
				t.Errorf("%d listen, want %d", ears, want)
			}
		}
		r.Look()
		listens(0)
		mic.is(nil, vouch.Thing{ID: "7", Name: "Zoom"})
		r.Watch()
		r.Watch()
		listens(1)
		mic.is(nil)
		sounds <- nil
		time.Sleep(time.Second)
		synctest.Wait()
		if last := told[len(told)-1]; len(last) != 0 {
			t.Errorf("a second after its end the call still vouches: %v", told)
		}
		asked := mic.asked
		for range 100 {
			sounds <- nil
			time.Sleep(100 * time.Millisecond)
		}
		synctest.Wait()
		if n := mic.asked - asked; n > 20 {
			t.Errorf("asked %d times in ten seconds of noise", n)
		}
		r.Rest()
		listens(0)
		r.Watch()
		listens(1)
		sounds <- errors.New("it has hung up")
		listens(0)
		mic.is(nil, vouch.Thing{ID: "8", Name: "Zoom"})
		time.Sleep(31 * time.Second)
		synctest.Wait()
		if last := told[len(told)-1]; len(last) != 1 {
			t.Errorf("nobody is asked any more, as nobody tells: %v", told)
		}
		r.Rest()
		listens(0)
	})
}
