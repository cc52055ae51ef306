// Package tray keeps the tray's menu true: it follows the daemon, has each new menu shown, and carries out clicks.
package tray

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/tray/menu"
)

// troubleTime is how long the menu says why a click did nothing: long enough to open it again and read.
const troubleTime = time.Minute

// A Shower puts menus on the screen.
type Shower interface {
	// Show replaces the menu. It must not wait for the screen.
	Show(menu.Menu)
	// Clicks has the id of each entry that is clicked.
	Clicks() <-chan string
}

// A Daemon is what package client knows of one.
type Daemon interface {
	Follow(ctx context.Context, f func(s *api.State, why error))
	Do(ctx context.Context, name string, body any) (api.State, error)
	Set(ctx context.Context, key, value string) (api.Settings, error)
	Page(ctx context.Context, r api.PageRequest) (api.PageLink, error)
	Quit(ctx context.Context) error
}

// Options are what a tray is made of.
type Options struct {
	Daemon Daemon
	Shower Shower
	// Browse opens a link in the person's browser.
	Browse func(link string) error
	// Start runs a daemon that outlives the tray. It returns when that ended too soon, or when ctx does, because there
	// is a state or because it has taken too long.
	Start func(ctx context.Context) error
	Zone  *time.Location // the person's; nil means UTC

	Version string // of the tray program; empty for one without
	// Replaced tells whether another program has taken the tray's place on disk. It may take seconds. Nil means never.
	Replaced func(ctx context.Context) bool
}

// ErrReplaced is Run's error when the tray program has been replaced, as by an upgrade, and is to be started anew.
var ErrReplaced = errors.New("another version of the tray has been installed")

// Run shows the tray until the person has enough of it or ctx ends, or with ErrReplaced.
func Run(ctx context.Context, o Options) error {
	var parts sync.WaitGroup
	defer parts.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t := &owner{
		Options: o,
		words:   make(chan word),
		orders:  make(chan menu.Click, mostOrders),
		results: make(chan result),
		timer:   time.NewTimer(0),
	}
	t.timer.Stop()
	defer t.timer.Stop()
	parts.Go(func() {
		o.Daemon.Follow(ctx, func(s *api.State, why error) { send(ctx, t.words, word{s, why}) })
	})
	parts.Go(func() { carryOut(ctx, o, t.orders, t.results) })
	t.compare = func() {
		parts.Go(func() {
			if o.Replaced(ctx) {
				send(ctx, t.results, result{replaced: true})
			}
		})
	}
	t.launch = func() {
		var starting context.Context
		starting, t.started = context.WithTimeout(ctx, startTime)
		parts.Go(func() {
			err := start(starting, o.Start)
			send(ctx, t.results, result{start: true, err: err})
		})
	}
	return t.own(ctx)
}

// A word is what Follow tells.
type word struct {
	state *api.State
	why   error
}

// An owner is the one goroutine that knows the facts.
type owner struct {
	Options
	words   chan word
	orders  chan menu.Click
	results chan result
	timer   *time.Timer // for the next change of the menu by itself
	launch  func()
	compare func()             // finds out whether the program was replaced
	met     string             // the boot of the daemon whose version was compared
	started context.CancelFunc // ends the wait for a daemon being started; nil when none is

	heard   bool       // the daemon's absence or its state is known: there is something to show
	state   *api.State // as received, nil without a daemon
	since   time.Time  // when it was received
	absence string     // why there is no state, where that is not simply that no daemon runs
	trouble string     // why the last click did nothing
	until   time.Time  // when trouble is old
	shown   *menu.Menu
}

// own waits for what happens, and sleeps meanwhile.
func (t *owner) own(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case w := <-t.words:
			t.hear(w)
		case id := <-t.Shower.Clicks():
			if t.click(id) {
				return nil
			}
		case r := <-t.results:
			if r.end {
				return nil
			}
			if r.replaced {
				return ErrReplaced
			}
			t.note(r)
		case <-t.timer.C:
		}
		if t.heard {
			t.show()
		}
	}
}

// hear takes in what Follow tells.
func (t *owner) hear(w word) {
	t.heard = true
	if w.state != nil {
		t.take(w.state)
		return
	}
	if t.state != nil {
		t.trouble = ""
	}
	t.state, t.absence = nil, ""
	if !isAbsent(w.why) {
		t.absence = w.why.Error()
	}
}

// take makes s the newest state, unless it is older: the answer to a click and what Follow tells go different ways.
func (t *owner) take(s *api.State) {
	old := t.state
	if old != nil && old.Boot == s.Boot && s.Rev < old.Rev {
		return
	}
	if old == nil || old.Reminder.Phase != s.Reminder.Phase {
		t.trouble = "" // things have moved on
	}
	t.state, t.since, t.absence = s, time.Now(), ""
	t.hasStarted()
	if t.met != s.Boot { // each daemon once: it does not change while it runs
		t.met = s.Boot
		if t.Replaced != nil && menu.Differ(s.Version, t.Version) {
			t.compare()
		}
	}
}

func (t *owner) hasStarted() {
	if t.started != nil {
		t.started()
		t.started = nil
	}
}

// click does what the entry says, or has it done. It says whether the tray is to end.
func (t *owner) click(id string) (end bool) {
	if t.shown == nil {
		return false
	}
	c := find(t.shown.Entries, id)
	if c == nil {
		return false // not there any more: the menu changed while the click was on its way
	}
	t.trouble = ""
	switch {
	case c.Hide:
		return true
	case c.Stop && t.state == nil && t.absence == "":
		return true // there is no daemon to end
	case c.Start:
		if t.started == nil {
			t.launch()
		}
		return false
	}
	select {
	case t.orders <- *c:
	default: // a daemon that hangs, and a person who goes on clicking: what waits already is enough
	}
	return false
}

// find is what a click on the entry does, nil when it does nothing.
func find(entries []menu.Entry, id string) *menu.Click {
	for _, e := range entries {
		switch {
		case e.Hidden || e.Disabled:
		case e.ID == id:
			return e.Click
		default:
			if c := find(e.Children, id); c != nil {
				return c
			}
		}
	}
	return nil
}

// note takes in what became of a click.
func (t *owner) note(r result) {
	if r.start {
		t.hasStarted()
	}
	if r.err != nil {
		t.trouble, t.until = r.err.Error(), time.Now().Add(troubleTime)
	}
	if r.state != nil && t.state != nil { // without a daemon by now, what it last answered is history
		t.take(r.state)
	}
}

// show has the menu of this moment shown if it is another, and sets the timer for the next.
func (t *owner) show() {
	now := time.Now()
	if t.trouble != "" && !now.Before(t.until) {
		t.trouble = ""
	}
	f := t.facts(now)
	if m := menu.Build(f); t.shown == nil || !reflect.DeepEqual(m, *t.shown) {
		t.shown = &m
		t.Shower.Show(m)
	}
	wait := menu.NextChange(f)
	if t.trouble != "" {
		if left := t.until.Sub(now); wait == 0 || left < wait {
			wait = left
		}
	}
	if wait > 0 {
		t.timer.Reset(wait)
	} else {
		t.timer.Stop()
	}
}

func (t *owner) facts(now time.Time) menu.Facts {
	f := menu.Facts{Now: now, Zone: t.Zone, Version: t.Version, Starting: t.started != nil, Trouble: t.trouble}
	if f.Trouble == "" {
		f.Trouble = t.absence
	}
	if t.state != nil {
		s := client.Ahead(*t.state, now.Sub(t.since))
		f.State = &s
	}
	return f
}

func send[T any](ctx context.Context, to chan<- T, v T) {
	select {
	case to <- v:
	case <-ctx.Done():
	}
}
