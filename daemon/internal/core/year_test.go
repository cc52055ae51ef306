package core

import (
	"math/rand/v2"
	"testing"
	"time"
)

// BenchmarkYear lives a simulated year of desk events: 250 working days of typing, reading, breaks and meetings,
// nights suspended. The budget is a second.
func BenchmarkYear(b *testing.B) {
	for b.Loop() {
		w := newWorld(b, dayJob())
		w.lazy = true
		r, effects := rand.New(rand.NewPCG(1, 2)), 0
		for day := range 365 {
			if day%7 < 5 {
				w.workday(r)
			}
			w.sleep(w.toMorning())
			effects += len(w.lines)
			w.lines = w.lines[:0] // nobody keeps them
		}
		b.ReportMetric(float64(effects), "effects")
	}
}

func dayJob() Settings {
	s := quick()
	s.Sitting.Limit, s.Sitting.Rest = 30*time.Minute, 5*time.Minute
	s.Sitting.AwayAfter, s.Sitting.SureAfter, s.Sitting.StandLimit = 3*time.Minute, 7*time.Minute, time.Hour
	r := &s.Reminder
	r.Limit, r.StandLimit, r.Patience, r.PauseInInput = 30*time.Minute, time.Hour, 2*time.Minute, 15*time.Second
	r.MinGap, r.WakeGrace, r.IgnoredAfter = 5*time.Minute, time.Minute, 10*time.Minute
	r.Snooze = []time.Duration{5 * time.Minute}
	return s
}

func (w *world) toMorning() time.Duration {
	local := w.wall9()
	for !local.After(w.now.Wall) {
		local = local.AddDate(0, 0, 1)
	}
	return local.Sub(w.now.Wall)
}

func (w *world) wall9() time.Time {
	y, m, d := w.now.Wall.Date()
	return time.Date(y, m, d, 9, 0, 0, 0, time.UTC)
}

// workday is eight hours: bursts of work with pauses of all lengths, and an answer to each prompt.
func (w *world) workday(r *rand.Rand) {
	for end := w.now.Boot + 8*time.Hour; w.now.Boot < end; {
		w.key()
		w.pass(time.Duration(r.IntN(240)) * time.Second / 2)
		if w.Rem.Shown == nil {
			continue
		}
		w.key()
		switch r.IntN(4) {
		case 0:
			w.do("snooze", 0)
		case 1:
			w.do("skip", 0)
		case 2:
			w.command(Command{Name: "stretch", Plan: plan("standing")})
			w.pass(3 * time.Minute)
		default:
			w.lock(true)
			w.pass(6 * time.Minute)
			w.lock(false)
		}
	}
}
