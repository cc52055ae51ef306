package daemon

import (
	"path/filepath"
	"testing"
	"time"

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
