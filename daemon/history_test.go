package daemon

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/history"
)

// TestNewDay lives from a minute before the day begins to a minute after: what the status says of the new day is what is
// on record of it, and the day before has the rest.
func TestNewDay(t *testing.T) {
	cfg := config.Default()
	state := core.New(coreSettings(cfg))
	r := record{store: history.Open(filepath.Join(t.TempDir(), "history.db"), history.Options{})}
	defer r.store.Close()
	at := clock.Reading{Boot: time.Hour, Mono: time.Hour, Wall: time.Date(2026, 11, 22, 3, 59, 0, 0, time.UTC)}
	step := func(e core.Event) {
		e.At = at
		var out []core.Effect
		state, out = core.Step(state, e)
		for _, f := range out {
			if f.Record == nil {
				continue
			}
			if err := r.take(state, *f.Record); err != nil {
				t.Fatal(err)
			}
		}
	}
	pass := func(d time.Duration) {
		at.Boot, at.Mono, at.Wall = at.Boot+d, at.Mono+d, at.Wall.Add(d)
	}
	step(core.Event{Start: &core.Start{BootID: "b", Settings: coreSettings(cfg)}})
	step(core.Event{Desk: &core.Desk{Here: true}})
	step(core.Event{Input: &core.Input{State: "active", Source: "x11"}})
	pass(2 * time.Minute)
	step(core.Event{Desk: &core.Desk{Here: true, Locked: true}})
	pass(30 * time.Second)
	step(core.Event{Tell: true})

	day := func(date history.Date) (sat, gone time.Duration) {
		d, _, err := r.store.Day(t.Context(), date)
		if err != nil {
			t.Fatal(err)
		}
		return d.Sitting, d.Away
	}
	today := core.View(state, at).Today
	second := history.DateOf(at.Wall)
	if sat, gone := day(second); whole(sat) != today.SittingS || whole(gone) != today.AwayS || sat != time.Minute || gone != 30*time.Second {
		t.Errorf("of the new day are on record %v sitting and %v away, the status says %+v", sat, gone, today)
	}
	if sat, gone := day(second - 1); sat != time.Minute || gone != 0 {
		t.Errorf("of the day before are on record %v sitting and %v away", sat, gone)
	}
}

// TestHistoryIsToldOnce: of many who ask at once, and of those who ask again at once, the disk hears one question. Whoever
// asks after something has happened, or a while later, hears the news.
func TestHistoryIsToldOnce(t *testing.T) {
	var made atomic.Int64
	now := moment{rev: 1, at: time.Hour}
	r := newRetelling()
	ask := func(period string) int64 {
		t.Helper()
		h, err := r.answer(t.Context(), period, func() moment { return now }, func() (api.History, error) {
			return api.History{Period: period, Waiting: int(made.Add(1)), Days: make([]api.HistoryDay, periods[period])}, nil
		})
		if err != nil {
			t.Error(err)
		}
		return int64(h.Waiting)
	}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { ask("today") })
	}
	all.Wait()
	if n := made.Load(); n != 1 {
		t.Errorf("50 at once made %d reports", n)
	}
	steps := []struct {
		what   string
		change func()
		period string
		want   int64
	}{
		{"again", func() {}, "today", 1},
		{"of another period", func() {}, "week", 2},
		{"after a change", func() { now.rev++ }, "week", 3},
		{"a while later", func() { now.at += goodFor }, "week", 4},
		{"a moment later", func() { now.at += goodFor / 2 }, "week", 4},
		{"after erasing", func() {
			if err := r.forget(t.Context()); err != nil {
				t.Error(err)
			}
		}, "week", 5},
		{"a long one", func() {}, "year", 6},
		{"a long one again", func() {}, "year", 7},
	}
	for _, s := range steps {
		s.change()
		if got := ask(s.period); got != s.want {
			t.Errorf("%s: report %d, want %d", s.what, got, s.want)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	r.turn <- struct{}{} // somebody's disk hangs
	if _, err := r.answer(gone, "today", func() moment { return now }, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("who no longer waits: %v", err)
	}
	<-r.turn
	failed := func() (api.History, error) { return api.History{Period: "month"}, errors.New("no disk") }
	if _, err := r.answer(t.Context(), "month", func() moment { return now }, failed); err == nil {
		t.Error("an error was kept to itself")
	}
	if got := ask("month"); got != 8 {
		t.Errorf("after an error: report %d", got)
	}
}
