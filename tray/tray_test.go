package tray_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/tray"
	"github.com/unhunch/unhunch/tray/icon"
	"github.com/unhunch/unhunch/tray/menu"
)

// A fakeShower remembers what it was told to show.
type fakeShower struct {
	mu     sync.Mutex
	shown  []menu.Menu
	clicks chan string
}

func newShower() *fakeShower { return &fakeShower{clicks: make(chan string)} }

func (f *fakeShower) Clicks() <-chan string { return f.clicks }

func (f *fakeShower) Show(m menu.Menu) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.shown = append(f.shown, m)
}

func (f *fakeShower) last() (m menu.Menu, count int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.shown) > 0 {
		m = f.shown[len(f.shown)-1]
	}
	return m, len(f.shown)
}

// entry is the entry of the newest menu with an id; it is hidden if there is none.
func (f *fakeShower) entry(id string) menu.Entry {
	m, _ := f.last()
	var look func([]menu.Entry) *menu.Entry
	look = func(all []menu.Entry) *menu.Entry {
		for _, e := range all {
			if e.ID == id {
				return &e
			}
			if found := look(e.Children); found != nil {
				return found
			}
		}
		return nil
	}
	if e := look(m.Entries); e != nil {
		return *e
	}
	return menu.Entry{Hidden: true}
}

func (f *fakeShower) trouble() string { return f.entry("trouble").Title }

// A fakeDaemon is told by the test what to answer.
type fakeDaemon struct {
	words chan func(func(*api.State, error))

	mu  sync.Mutex
	did []string
	do  func(context.Context) (api.State, error)

	noBrowser bool // the daemon knows no browser
}

func newDaemon() *fakeDaemon {
	return &fakeDaemon{
		words: make(chan func(func(*api.State, error))),
		do:    func(context.Context) (api.State, error) { return api.State{}, errors.New("not told what to do") },
	}
}

func (d *fakeDaemon) Follow(ctx context.Context, f func(*api.State, error)) {
	for {
		select {
		case w := <-d.words:
			w(f)
		case <-ctx.Done():
			return
		}
	}
}

// tell has Follow tell of a state and waits until it has been taken in.
func (d *fakeDaemon) tell(s api.State) {
	d.words <- func(f func(*api.State, error)) { f(&s, nil) }
	synctest.Wait()
}

func (d *fakeDaemon) gone(why error) {
	d.words <- func(f func(*api.State, error)) { f(nil, why) }
	synctest.Wait()
}

func (d *fakeDaemon) Do(ctx context.Context, name string, _ any) (api.State, error) {
	d.note(name)
	d.mu.Lock()
	do := d.do
	d.mu.Unlock()
	return do(ctx)
}

func (d *fakeDaemon) Set(ctx context.Context, key, value string) (api.Settings, error) {
	d.note(key + "=" + value)
	_, err := d.do(ctx)
	return api.Settings{}, err
}

func (d *fakeDaemon) Page(ctx context.Context, _ api.PageRequest) (api.PageLink, error) {
	d.note("page")
	_, err := d.do(ctx)
	return api.PageLink{Opened: !d.noBrowser, Link: "http://127.0.0.1:1/open"}, err
}

func (d *fakeDaemon) Quit(ctx context.Context) error {
	d.note("quit")
	_, err := d.do(ctx)
	return err
}

func (d *fakeDaemon) note(did string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.did = append(d.did, did)
}

func (d *fakeDaemon) done() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	did := d.did
	d.did = nil
	return did
}

func (d *fakeDaemon) answers(do func(context.Context) (api.State, error)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.do = do
}

// frozen is a daemon that takes a question and says nothing.
func frozen(ctx context.Context) (api.State, error) {
	<-ctx.Done()
	return api.State{}, fmt.Errorf("the daemon is running but does not answer: %w", ctx.Err())
}

// A bench is a tray that runs, in a synctest bubble.
type bench struct {
	*fakeShower
	*fakeDaemon
	ended  chan error
	cancel context.CancelFunc
}

func (b *bench) click(id string) {
	b.clicks <- id
	synctest.Wait()
}

func (b *bench) hasEnded() bool {
	synctest.Wait()
	select {
	case err := <-b.ended:
		b.ended <- err
		return true
	default:
		return false
	}
}

// browse is the tray's own browser.
func (b *bench) browse(link string) error {
	b.note("browse " + link)
	return nil
}

// run runs a test of a tray on fake time. start is what starts a daemon.
func run(t *testing.T, start func(context.Context) error, test func(t *testing.T, b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		b := &bench{newShower(), newDaemon(), make(chan error, 1), cancel}
		go func() {
			b.ended <- tray.Run(ctx, tray.Options{Daemon: b, Shower: b, Start: start, Zone: time.UTC, Browse: b.browse})
		}()
		test(t, b)
		cancel()
		if err := <-b.ended; err != nil {
			t.Errorf("ended with %v", err)
		}
	})
}

// sitting is a state of somebody who has sat for so long, of half an hour.
func sitting(rev uint64, sat time.Duration) api.State {
	s := api.State{
		Rev: rev, Boot: "b", Posture: "sitting",
		Sitting:  api.Sitting{LoadS: sat.Seconds(), LimitS: 1800, DueInS: 1800 - sat.Seconds(), Rate: 1},
		Reminder: api.Reminder{Phase: "quiet", SnoozesLeft: 3, SnoozeS: []float64{300, 600, 1200}},
	}
	s.Presence.State, s.Presence.Source = "active", "x11"
	return s
}

func due(rev uint64) api.State {
	s := sitting(rev, 30*time.Minute)
	s.Reminder.Phase = "prompted"
	return s
}

var absent = &client.NotRunning{}

func TestNothingIsShownUntilSomethingIsKnown(t *testing.T) {
	run(t, nil, func(t *testing.T, b *bench) {
		time.Sleep(time.Minute)
		b.click("hide")
		if _, n := b.last(); n != 0 {
			t.Errorf("%d menus shown before anything is known", n)
		}
		b.gone(absent)
		if m, n := b.last(); n != 1 || m.Icon != icon.Down {
			t.Errorf("without a daemon: %d menus, the last with icon %v", n, m.Icon)
		}
		b.tell(sitting(1, 0))
		if m, n := b.last(); n != 2 || m.Icon != icon.Upright {
			t.Errorf("with a daemon: %d menus, the last with icon %v", n, m.Icon)
		}
		b.gone(absent)
		if m, _ := b.last(); m.Icon != icon.Down || b.entry("start").Hidden {
			t.Error("a daemon that went away is still shown")
		}
	})
}

// TestTheMenuMovesByItself: the daemon sends nothing while nothing happens, and the menu counts on. It is told to
// the shower only when it is another one.
func TestTheMenuMovesByItself(t *testing.T) {
	run(t, nil, func(t *testing.T, b *bench) {
		b.tell(sitting(1, 0))
		before, _ := b.last()
		time.Sleep(20 * time.Minute)
		synctest.Wait()
		after, n := b.last()
		if reflect.DeepEqual(before.Entries, after.Entries) || after.Icon != icon.Leaning {
			t.Errorf("after twenty minutes: icon %v, %q", after.Icon, b.entry("head").Title)
		}
		if n < 20 || n > 3*20 {
			t.Errorf("%d menus in twenty minutes", n)
		}
		b.shown = b.shown[:1]
		b.tell(sitting(2, 20*time.Minute))
		if _, n := b.last(); n != 1 {
			t.Error("a state that changes nothing to be seen was shown again")
		}
		for i := range b.shown[1:] {
			if reflect.DeepEqual(b.shown[i], b.shown[i+1]) {
				t.Errorf("menu %d was shown twice", i)
			}
		}
	})
}

// TestTheTraySleeps: with nobody at the desk nothing changes for a day.
func TestTheTraySleeps(t *testing.T) {
	run(t, nil, func(t *testing.T, b *bench) {
		s := sitting(1, 0)
		s.Posture, s.Sitting.Rate = "away", 0
		b.tell(s)
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if _, n := b.last(); n > 1 {
			t.Errorf("%d menus in a day without anybody", n)
		}
	})
}

func TestClicksDoWhatTheySay(t *testing.T) {
	run(t, nil, func(t *testing.T, b *bench) {
		b.answers(func(context.Context) (api.State, error) {
			s := due(3)
			s.Reminder.Phase = "snoozed"
			return s, nil
		})
		for id, want := range map[string]string{
			"stretch": "stretch", "snooze-2": "snooze", "skip": "skip", "every-45m": "sitting.limit=45m",
		} {
			b.tell(due(3))
			b.click(id)
			if got := b.done(); !slices.Equal(got, []string{want}) {
				t.Errorf("%s: did %q, want %q", id, got, want)
			}
		}
		b.tell(sitting(4, 0)) // no break is waiting
		b.click("skip")
		b.click("snooze-1")
		b.click("head")
		b.click("start")
		b.click("session-next")
		b.click("another")
		b.click("nothing of the kind")
		if got := b.done(); len(got) > 0 {
			t.Errorf("what cannot be clicked did %q", got)
		}
	})
}

// The page is opened by the daemon, and by the tray where the daemon knows no browser.
func TestTheTrayOpensThePage(t *testing.T) {
	run(t, nil, func(t *testing.T, b *bench) {
		b.tell(sitting(1, 0))
		b.answers(func(context.Context) (api.State, error) { return api.State{}, nil })
		b.click("page")
		if got := b.done(); !slices.Equal(got, []string{"page"}) {
			t.Errorf("did %q", got)
		}
		b.noBrowser = true
		b.click("page")
		if got := b.done(); !slices.Equal(got, []string{"page", "browse http://127.0.0.1:1/open"}) {
			t.Errorf("did %q", got)
		}
	})
}

// TestTheAnswerIsShownAtOnce, and is not undone by an older state that was on its way.
func TestTheAnswerIsShownAtOnce(t *testing.T) {
	run(t, nil, func(t *testing.T, b *bench) {
		b.tell(due(3))
		b.answers(func(context.Context) (api.State, error) {
			s := due(5)
			s.Session = &api.Session{Phase: "work", LeftS: 100, LengthS: 120, Step: 1, Steps: 4}
			s.Reminder.Phase = "in_session"
			return s, nil
		})
		b.click("stretch")
		if m, _ := b.last(); m.Icon != icon.Session {
			t.Errorf("after the click: icon %v", m.Icon)
		}
		b.tell(due(4))
		if m, _ := b.last(); m.Icon != icon.Session {
			t.Error("an older state was shown over a newer one")
		}
		s := due(1)
		s.Boot = "another daemon"
		b.tell(s)
		if m, _ := b.last(); m.Icon == icon.Session {
			t.Error("the state of a new daemon was taken for an old one")
		}
	})
}

func TestRefusalIsShownAndForgotten(t *testing.T) {
	refusing := func(b *bench) {
		b.answers(func(context.Context) (api.State, error) { return api.State{}, errors.New("no snooze is left") })
		b.click("snooze-1")
	}
	tests := []struct {
		name string
		then func(b *bench)
		gone bool
	}{
		{"at once", func(*bench) {}, false},
		{"almost a minute later", func(*bench) { time.Sleep(59 * time.Second) }, false},
		{"a minute later", func(*bench) { time.Sleep(time.Minute) }, true},
		{"the same phase", func(b *bench) { b.tell(due(8)) }, false},
		{"another phase", func(b *bench) { b.tell(sitting(8, 0)) }, true},
		{"the daemon is gone", func(b *bench) { b.gone(absent) }, true},
		{"the next click", func(b *bench) {
			b.answers(func(context.Context) (api.State, error) { return due(8), nil })
			b.click("skip")
		}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			run(t, nil, func(t *testing.T, b *bench) {
				s := due(3)
				s.Sitting.Rate = 0 // only the trouble can change the menu
				b.tell(s)
				refusing(b)
				if got := b.trouble(); got != "No snooze is left" {
					t.Fatalf("after the click the menu says %q", got)
				}
				tt.then(b)
				synctest.Wait()
				if gone := b.entry("trouble").Hidden; gone != tt.gone {
					t.Errorf("gone: %v, want %v: %q", gone, tt.gone, b.trouble())
				}
			})
		})
	}
}

// TestFrozenDaemonDoesNotFreezeTheMenu: states and clicks are taken in while an order waits, and the order is given up.
func TestFrozenDaemonDoesNotFreezeTheMenu(t *testing.T) {
	run(t, nil, func(t *testing.T, b *bench) {
		b.tell(due(3))
		b.answers(frozen)
		begin := time.Now()
		for range 20 {
			b.click("stretch")
		}
		b.tell(sitting(4, 0))
		if m, _ := b.last(); m.Icon != icon.Upright {
			t.Error("a new state is not shown while an order waits")
		}
		if took := time.Since(begin); took != 0 {
			t.Errorf("twenty clicks took %v", took)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if b.entry("trouble").Hidden {
			t.Error("that the daemon does not answer is not said")
		}
		b.answers(func(context.Context) (api.State, error) { return sitting(5, 0), nil })
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := len(b.done()); n > 6 {
			t.Errorf("%d of twenty clicks on a frozen daemon were kept", n)
		}
		b.answers(frozen)
		b.click("stretch")
		b.click("hide")
		if !b.hasEnded() {
			t.Error("the icon cannot be hidden while an order waits")
		}
	})
}

func TestMuteDaemonIsNamed(t *testing.T) {
	run(t, nil, func(t *testing.T, b *bench) {
		b.gone(errors.New("the daemon is running but does not answer"))
		time.Sleep(time.Hour)
		if got := b.trouble(); got != "The daemon is running but does not answer" {
			t.Errorf("got %q", got)
		}
		b.answers(frozen)
		b.click("hide")
		if !b.hasEnded() {
			t.Error("the icon cannot be hidden")
		}
	})
}

func TestStart(t *testing.T) {
	runs := 0
	var failure error
	start := func(ctx context.Context) error {
		runs++
		if failure != nil {
			return failure
		}
		<-ctx.Done()
		return nil
	}
	run(t, start, func(t *testing.T, b *bench) {
		b.gone(absent)
		b.click("start")
		if e := b.entry("start"); !e.Disabled || runs != 1 {
			t.Errorf("while starting: %+v, started %d times", e, runs)
		}
		b.tell(sitting(1, 0))
		if !b.entry("start").Hidden || !b.entry("trouble").Hidden {
			t.Errorf("started: the menu still offers to start, or says %q", b.trouble())
		}
		b.gone(absent)
		if b.entry("start").Disabled {
			t.Error("after it ended it cannot be started again")
		}
		b.click("start")
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if b.entry("start").Disabled || b.entry("trouble").Hidden {
			t.Error("a daemon that never answers is still being started")
		}
		failure = errors.New("there is no unhunch beside unhunch-tray to start")
		b.click("start")
		if b.entry("start").Disabled || b.trouble() != "There is no unhunch beside unhunch-tray to start" {
			t.Errorf("failed: %q", b.trouble())
		}
		if runs != 3 {
			t.Errorf("started %d times", runs)
		}
	})
}

func TestStop(t *testing.T) {
	tests := []struct {
		name   string
		answer error
		want   bool // the tray ends
	}{
		{"agreed", nil, true},
		{"gone meanwhile", absent, true},
		{"refused", errors.New("no"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			run(t, nil, func(t *testing.T, b *bench) {
				b.tell(sitting(1, 0))
				b.answers(func(context.Context) (api.State, error) { return api.State{}, tt.answer })
				b.click("stop")
				if got := b.hasEnded(); got != tt.want {
					t.Errorf("ended: %v, want %v", got, tt.want)
				}
				if got := b.done(); !slices.Equal(got, []string{"quit"}) {
					t.Errorf("did %q", got)
				}
			})
		})
	}
}

func TestHideLeavesTheDaemonAlone(t *testing.T) {
	run(t, nil, func(t *testing.T, b *bench) {
		b.tell(sitting(1, 0))
		b.click("hide")
		if !b.hasEnded() || len(b.done()) > 0 {
			t.Error("the tray has not ended, or the daemon was told")
		}
	})
}
