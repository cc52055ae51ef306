// Package historytest makes up lives, for tests and the bench: the same seed gives the same life.
package historytest

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/history"
)

// TenYears is a life to measure with, in days. It has about 700,000 spans.
const TenYears = 3650

// exercises is what sessions are made of: ids of the catalogue.
var exercises = []string{
	"marching", "shoulder-rolls", "neck-tilts", "standing-forward-bend", "cat-cow", "sphinx", "cobra", "pelvic-tilt",
	"knee-to-chest", "supine-twist", "childs-pose", "pigeon",
}

// Fill records a life of that many days, the last of which is the one that ends at last.
func Fill(ctx context.Context, s *history.Store, seed uint64, last time.Time, days int) error {
	const atOnce = 5000 // below what a Store keeps waiting
	rows := make([]history.Row, 0, atOnce)
	put := func() error {
		err := s.Put(ctx, rows...)
		rows = rows[:0]
		return err
	}
	for r := range Life(seed, last, days) {
		if rows = append(rows, r); len(rows) == atOnce {
			if err := put(); err != nil {
				return fmt.Errorf("fill: %w", err)
			}
		}
	}
	return put()
}

// Life is what happened on that many days of 24 hours up to last, in order and without gaps: work from the fourth hour
// to the fourteenth, in bits of a few minutes, and absence around it.
func Life(seed uint64, last time.Time, days int) iter.Seq[history.Row] {
	return func(yield func(history.Row) bool) {
		rnd := rand.New(rand.NewPCG(seed, seed))
		for i := range days {
			begin := last.Add(-time.Duration(days-i) * 24 * time.Hour)
			for _, r := range day(rnd, begin) {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// day is one day of a life.
func day(rnd *rand.Rand, begin time.Time) []history.Row {
	const bits = 190 // spans of a working day
	work := begin.Add(4 * time.Hour)
	rows := []history.Row{history.Span{From: begin, For: 4 * time.Hour, Posture: history.Asleep}}
	at := work
	postures := []history.Posture{
		history.Sitting, history.Sitting, history.Sitting, history.Away, history.Standing, history.Undecided,
	}
	for i := range bits {
		long := time.Duration(rnd.IntN(380_000)+1000) * time.Millisecond
		p := postures[rnd.IntN(len(postures))]
		rows = append(rows, history.Span{From: at, For: long, Posture: p})
		if p == history.Away && long > 150*time.Second {
			rows = append(rows, history.NaturalBreak{At: at})
		}
		at = at.Add(long)
		if i%15 == 14 {
			rows = append(rows, asked(rnd, at)...)
		}
	}
	return append(rows, history.Span{From: at, For: begin.Add(24 * time.Hour).Sub(at), Posture: history.Away})
}

// asked is a prompt at a time, and what came of it.
func asked(rnd *rand.Rand, at time.Time) []history.Row {
	outcomes := []history.Outcome{history.Taken, history.Taken, history.Snoozed, history.Skipped, history.Ignored}
	outcome := outcomes[rnd.IntN(len(outcomes))]
	rows := []history.Row{
		history.Prompt{At: at},
		history.Prompt{At: at, Outcome: outcome, Answered: at.Add(time.Duration(rnd.IntN(30)) * time.Second)},
	}
	if outcome != history.Taken {
		return rows
	}
	s := history.Session{At: at, Routine: "two-minutes", Place: "standing", Outcome: history.Finished}
	for range 3 + rnd.IntN(3) {
		s.Steps = append(s.Steps, history.Step{
			Exercise: exercises[rnd.IntN(len(exercises))], Done: 20 * time.Second, Hurt: rnd.IntN(200) == 0,
		})
	}
	return append(rows, s)
}
