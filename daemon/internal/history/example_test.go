package history_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/history"
)

// A morning, from the hand of whoever counts it.
func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	nine := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

	h := history.Open(filepath.Join(dir, "history.db"), history.Options{
		Changed: func(all []history.Problem) { fmt.Println("problems:", all) },
	})
	h.SetDays(history.Days{Zone: time.UTC, Starts: 4 * time.Hour})

	// Once a minute while the person is there, and when the span is over. None of this waits for the disk.
	_ = h.Add(history.Span{From: nine, For: 20 * time.Minute, Posture: history.Sitting, Open: true})
	_ = h.Add(history.Span{From: nine, For: 40 * time.Minute, Posture: history.Sitting})
	_ = h.Add(history.Prompt{At: nine.Add(30 * time.Minute)})
	_ = h.Add(history.Prompt{At: nine.Add(30 * time.Minute), Outcome: history.Taken, Answered: nine.Add(40 * time.Minute)})
	// “I was up”: unhunch was away 10m
	_ = h.Add(history.Span{From: nine.Add(30 * time.Minute), For: 10 * time.Minute, Posture: history.Away})

	if err := h.Flush(ctx); err != nil {
		fmt.Println(err) // the rows wait, and are written when they can be
	}
	report, err := h.Report(ctx, history.Today, nine.Add(time.Hour))
	if err != nil {
		fmt.Println(err)
	}
	today := report.Days[0]
	fmt.Println(today.Date, "sitting", today.Sitting, "away", today.Away, "taken", today.Taken, "of", today.Prompts)
	if err := h.Close(); err != nil {
		fmt.Println(err)
	}
	// Output: 2026-11-22 sitting 30m0s away 10m0s taken 1 of 1
}
