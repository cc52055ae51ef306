package daemon

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/history"
)

// cardNow is a Sunday noon.
var cardNow = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// sat is a morning that long in the chair, so many days before cardNow, and a session after it.
func sat(daysAgo int, d time.Duration) []history.Row {
	from := cardNow.AddDate(0, 0, -daysAgo).Add(-4 * time.Hour)
	return []history.Row{
		history.Span{From: from, For: d, Posture: history.Sitting},
		history.Session{At: from.Add(d), Routine: "desk", Place: "standing", Outcome: history.Finished},
	}
}

func reportOf(t *testing.T, rows ...[]history.Row) history.Report {
	t.Helper()
	s := history.Open(filepath.Join(t.TempDir(), "history.db"), history.Options{})
	t.Cleanup(func() { s.Close() })
	s.SetDays(history.Days{Starts: 4 * time.Hour})
	for _, r := range rows {
		if err := s.Put(t.Context(), r...); err != nil {
			t.Fatal(err)
		}
	}
	r, err := s.Report(t.Context(), history.Month, cardNow)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTwoWeeksOn(t *testing.T) {
	usual := func(*config.Config) {}
	first := func(daysAgo int) []history.Row { return sat(daysAgo, 100*time.Minute) }
	for _, tt := range []struct {
		name   string
		rows   [][]history.Row
		change func(*config.Config)
		want   string // empty: no card
	}{
		{
			"two weeks",
			[][]history.Row{first(14), sat(8, 2*time.Hour), sat(1, 55*time.Minute)},
			usual,
			"Two weeks on: 3 stretches · longest sitting 2 h at first, 55 min now",
		},
		{
			"six days later still",
			[][]history.Row{first(20), sat(12, 3*time.Hour), sat(7, 3*time.Hour), sat(0, 55*time.Minute)},
			usual,
			"Two weeks on: 4 stretches · longest sitting 1 h 40 min at first, 55 min now",
		},
		{"too early", [][]history.Row{first(13), sat(1, time.Hour)}, usual, ""},
		{"a week later", [][]history.Row{first(21), sat(1, time.Hour)}, usual, ""},
		{"years later", [][]history.Row{first(800), sat(15, time.Hour), sat(1, time.Hour)}, usual, ""},
		{"a week away", [][]history.Row{first(14), sat(9, time.Hour)}, usual, ""},
		{"nothing on record", nil, usual, ""},
		{"changed already", [][]history.Row{first(14), sat(1, time.Hour)}, func(c *config.Config) { c.Sitting.Limit = 45 * time.Minute }, ""},
		{"nothing is recorded any more", [][]history.Row{first(14), sat(1, time.Hour)}, func(c *config.Config) { c.History.Enabled = false }, ""},
		{"older days are thrown away", [][]history.Row{first(14), sat(1, time.Hour)}, func(c *config.Config) { c.History.Keep = 15 * 24 * time.Hour }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := config.Default()
			tt.change(&cfg)
			card := twoWeeks(reportOf(t, tt.rows...), cfg)
			switch {
			case card == nil:
				card = &api.Problem{}
			case !strings.HasSuffix(card.Hint, "unhunch config set sitting.limit 45m"):
				t.Errorf("the hint is %q", card.Hint)
			}
			if card.Message != tt.want {
				t.Errorf("got %q, want %q", card.Message, tt.want)
			}
		})
	}
}

// A shelf is a history with one report, or none.
type shelf struct {
	report history.Report
	err    error
	asked  int
}

func (s *shelf) Report(context.Context, history.Period, time.Time) (history.Report, error) {
	s.asked++
	return s.report, s.err
}

// TestCardIsLookedUpOnceADay: what happens all day long does not read the disk; a new day and another limit do.
func TestCardIsLookedUpOnceADay(t *testing.T) {
	s := &shelf{report: reportOf(t, sat(14, time.Hour), sat(1, time.Hour))}
	synctest.Test(t, func(t *testing.T) {
		d := &daemon{opts: Options{Log: slog.New(slog.DiscardHandler)}, loop: &loop{}}
		cfg := config.Default()
		d.cfg.Store(&cfg)
		state := core.New(coreSettings(cfg))
		d.loop.snapshot.Store(&snapshot{state: state, changed: make(chan struct{})})
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go d.watchCard(ctx, s) //nolint:errcheck // always nil
		step := func(what string, asked int, card bool, change func()) {
			t.Helper()
			change()
			old := d.loop.snapshot.Swap(&snapshot{state: state, changed: make(chan struct{})})
			close(old.changed)
			synctest.Wait()
			if s.asked != asked || (d.card.Load() != nil) != card {
				t.Errorf("%s: asked %d times, want %d; card %+v", what, s.asked, asked, d.card.Load())
			}
		}
		synctest.Wait()
		step("the day", 1, true, func() {})
		step("a new day", 2, true, func() { state.Rem.DayEnds = cardNow })
		step("that day", 2, true, func() { state.Rev++ })
		step("another limit", 3, false, func() {
			changed := cfg
			changed.Sitting.Limit = cardLonger
			d.cfg.Store(&changed)
		})
		s.err = errors.New("broken")
		step("a broken disk", 4, false, func() { d.cfg.Store(&cfg) })
	})
}
