package history

import (
	"context"
	"path/filepath"
	"testing"
	"time"
)

// zone is a time zone by name.
func zone(t tester, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// at is a time in UTC on one November day, as "15:04".
func at(clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", "2026-11-22 "+clock)
	if err != nil {
		panic(err)
	}
	return t
}

// opened is a Store on a new file.
func opened(t *testing.T, opts Options) *Store {
	t.Helper()
	return openedAt(t, filepath.Join(t.TempDir(), "history.db"), opts)
}

func openedAt(t *testing.T, path string, opts Options) *Store {
	t.Helper()
	if opts.now == nil {
		opts.now = func() time.Time { return at("12:00") }
	}
	s := Open(path, opts)
	t.Cleanup(func() { s.Close() })
	return s
}

// put records rows on the disk.
func put(t *testing.T, s *Store, rows ...Row) {
	t.Helper()
	if err := s.Put(t.Context(), rows...); err != nil {
		t.Fatal(err)
	}
}

// reopen closes s and opens the same file.
func reopen(t *testing.T, s *Store) *Store {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return openedAt(t, s.path, s.opts)
}

// A tester is a test, of a table or of a property.
type tester interface {
	Helper()
	Fatal(args ...any)
	Context() context.Context
}

// lived is the pieces on disk, oldest first.
func lived(t tester, s *Store) []piece {
	t.Helper()
	all, err := read(t.Context(), s, func(d *database) ([]piece, error) {
		var all []piece
		err := d.spans("SELECT from_ms, ms, posture, offset_s, day FROM spans ORDER BY from_ms", nil,
			func(p piece) error { all = append(all, p); return nil })
		return all, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// today is the report of the day.
func today(t *testing.T, s *Store, now time.Time) Day {
	t.Helper()
	r, err := s.Report(t.Context(), Today, now)
	if err != nil {
		t.Fatal(err)
	}
	return r.Days[0]
}

func sat(from string, minutes int) Span { return span(from, minutes, Sitting) }

func span(from string, minutes int, p Posture) Span {
	return Span{From: at(from), For: time.Duration(minutes) * time.Minute, Posture: p}
}

// a day of everything, and what it adds up to.
var (
	everything = []Row{
		sat("08:00", 40), span("08:40", 10, Away),
		NaturalBreak{At: at("08:40")},
		sat("08:50", 30), span("09:20", 5, Undecided), sat("09:25", 5),
		Prompt{At: at("09:30")},
		Prompt{At: at("09:30"), Outcome: Taken, Answered: at("09:31")},
		span("09:30", 2, InSession),
		Session{At: at("09:30"), Routine: "two-minutes", Place: "standing", Outcome: Finished, Steps: []Step{
			{Exercise: "marching", Done: time.Minute},
			{Exercise: "neck-tilts", Side: "left", Done: 30 * time.Second, Hurt: true},
		}},
		Felt{At: at("09:30"), Feeling: Better},
		span("09:32", 20, Standing), span("09:52", 8, Asleep),
		Prompt{At: at("11:00")},
		Prompt{At: at("11:00"), Outcome: Snoozed, Answered: at("11:00")},
		Prompt{At: at("11:05")},
		Prompt{At: at("11:05"), Outcome: Skipped, Answered: at("11:06")},
		Prompt{At: at("11:40")},
		Prompt{At: at("11:40"), Outcome: Ignored},
		Prompt{At: at("11:50"), Unasked: true, Outcome: Skipped},
		Session{At: at("11:55"), Routine: "two-minutes", Place: "chair", Outcome: Stopped},
	}
	everythingSum = Day{
		Date: DateOf(at("12:00")), LongestFrom: at("08:00"),
		Figures: Figures{
			Sitting: 75 * time.Minute, Standing: 20 * time.Minute, Away: 18 * time.Minute, Undecided: 5 * time.Minute,
			InSession: 2 * time.Minute, Longest: 40 * time.Minute,
			Prompts: 4, Taken: 1, Snoozed: 1, Skipped: 2, Ignored: 1, Natural: 1, Sessions: 1, Stopped: 1, Hurts: 1,
		},
	}
)
