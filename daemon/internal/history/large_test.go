package history_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/history"
	"github.com/unhunch/unhunch/daemon/internal/history/historytest"
)

// budget is what the design allows a report of ten years. Tests allow ten times that, on a machine that does other
// things too; the bench prints the rest.
const budget = 50 * time.Millisecond

// TestLargeHistory measures every report, every answer and the opening of a history of ten years.
func TestLargeHistory(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "history.db")
	now := time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC)
	s := history.Open(path, history.Options{})
	begin := time.Now()
	if err := historytest.Fill(ctx, s, 1, now, historytest.TenYears); err != nil {
		t.Fatal(err)
	}
	t.Logf("made in %v", time.Since(begin).Round(time.Millisecond))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d MB on disk", info.Size()>>20)

	s = history.Open(path, history.Options{})
	t.Cleanup(func() { s.Close() })
	// Opening includes the first question, the figures of today.
	measure(t, "opening", 10*time.Millisecond, func() error { return s.Flush(ctx) })
	for name, period := range map[string]history.Period{
		"today": history.Today, "week": history.Week, "month": history.Month, "year": history.Year,
	} {
		measure(t, name, budget, func() error {
			r, err := s.Report(ctx, period, now)
			if err == nil && r.Sum.Days != int(period) {
				t.Errorf("%s: got %d days", name, r.Sum.Days)
			}
			return err
		})
	}
	measure(t, "ten years", budget, func() error {
		r, err := s.Report(ctx, historytest.TenYears, now)
		if err == nil && r.Sum.Days != historytest.TenYears {
			t.Errorf("ten years: got %d days", r.Sum.Days)
		}
		return err
	})
	measure(t, "a day long ago", budget, func() error {
		_, ribbon, err := s.Day(ctx, history.DateOf(now)-3000)
		if err == nil && len(ribbon) != 96 {
			t.Errorf("a day long ago: got %d slots", len(ribbon))
		}
		return err
	})
	measure(t, "practised", budget, func() error {
		_, err := s.Practised(ctx, now)
		return err
	})
	measure(t, "sessions of three months", budget, func() error {
		_, err := s.Sessions(ctx, now.AddDate(0, -3, 0), now)
		return err
	})
	measure(t, "first activity", budget, func() error {
		_, err := s.FirstActivity(ctx, now)
		return err
	})
	measure(t, "one more row, to the disk", budget, func() error {
		return s.Put(ctx, history.Span{From: now, For: time.Minute, Posture: history.Sitting})
	})
	measure(t, "forgetting a day", 10*budget, func() error {
		return s.Keep(ctx, now, (historytest.TenYears-2)*24*time.Hour)
	})
}

func measure(t *testing.T, what string, budget time.Duration, f func() error) {
	t.Helper()
	begin := time.Now()
	err := f()
	took := time.Since(begin)
	t.Logf("%-26s %8v, budget %v", what, took.Round(10*time.Microsecond), budget)
	if err != nil {
		t.Errorf("%s: %v", what, err)
	}
	if took > 10*budget {
		t.Errorf("%s took %v, more than ten times its budget of %v", what, took, budget)
	}
}
