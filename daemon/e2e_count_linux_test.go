package daemon_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
)

// The prompt comes when the first pause in input after the limit has lasted long enough, or when patience runs out,
// and never to an empty chair.
func TestTimingPrompt(t *testing.T) {
	together(t, map[string]func(*testing.T){
		"typing without a pause": func(t *testing.T) {
			desk, d := start(t, desktest.Options{}, "")
			p, zero := sitDown(desk, d)
			typeUntil(p, zero.Add(limit+patience+time.Second))
			promptAt(t, desk.WaitNotify(time.Second), zero.Add(limit+patience), zero)
		},
		"a pause after the limit": func(t *testing.T) {
			desk, d := start(t, desktest.Options{}, "")
			p, zero := sitDown(desk, d)
			typeUntil(p, zero.Add(limit+time.Second))
			promptAt(t, desk.WaitNotify(3*time.Second), p.LastInput().Add(pauseInInput), zero)
		},
		"a pause across the limit": func(t *testing.T) {
			desk, d := start(t, desktest.Options{}, "")
			p, zero := sitDown(desk, d)
			typeUntil(p, zero.Add(limit-pauseInInput/2))
			promptAt(t, desk.WaitNotify(3*time.Second), p.LastInput().Add(pauseInInput), zero)
		},
		"reading, a pause young at the limit": func(t *testing.T) { testReading(t, 200*time.Millisecond) },
		"reading, a pause over at the limit":  func(t *testing.T) { testReading(t, 750*time.Millisecond) },
		"an empty chair": func(t *testing.T) {
			desk, d := start(t, desktest.Options{}, "")
			p, zero := sitDown(desk, d)
			typeUntil(p, zero.Add(limit-pauseInInput-500*time.Millisecond))
			p.Away(10 * time.Second)
			if n := desk.Notifications(); len(n) > 0 {
				t.Errorf("%q, %v after the person had left", n[0].Title, n[0].At.Sub(p.LastInput()))
			}
			if s := d.State(); s.Posture != "away" || s.Sitting.LoadS != 0 {
				t.Errorf("%s with a load of %v s, want away and none", s.Posture, s.Sitting.LoadS)
			}
		},
	})
}

// testReading moves the pointer in a rhythm that began when the load was first. Every pause between two moves is long
// enough for a prompt; the one to be taken is the first to become so after the limit.
func testReading(t *testing.T, first time.Duration) {
	const moves = 1500 * time.Millisecond // of Person.Read
	desk, d := start(t, desktest.Options{}, "")
	p, zero := sitDown(desk, d)
	begin, want := zero.Add(first), zero.Add(first+pauseInInput)
	for begin.Before(time.Now()) {
		begin = begin.Add(moves)
	}
	for want.Before(zero.Add(limit)) {
		want = want.Add(moves)
	}
	p.Away(time.Until(begin))
	p.Read(time.Until(want) + promised.time())
	promptAt(t, desk.WaitNotify(time.Second), want, zero)
}

// A silence is counted by its length, a lock at once, and the person's word on it last.
func TestTimingCount(t *testing.T) {
	t.Parallel()
	together(t, map[string]func(*testing.T){
		"undecided": func(t *testing.T) { testSilence(t, 3*time.Second, "undecided", 10, 13) },
		"away":      func(t *testing.T) { testSilence(t, 4500*time.Millisecond, "away", 0, 14.5) },
		"locked": func(t *testing.T) {
			desk, d := start(t, desktest.Options{Logind: true}, "")
			p, zero := sitDown(desk, d)
			for _, lock := range []struct {
				at     float64 // load
				length time.Duration
				want   float64
				breaks int // natural ones, this one included: half a limit is 10 s
			}{
				{10, 1000 * time.Millisecond, 5, 0},
				{12, 1800 * time.Millisecond, 3, 0},
				{12, 2200 * time.Millisecond, 1, 1},
			} {
				typeUntil(p, zero.Add(seconds(lock.at)))
				locked := time.Now()
				desk.Lock()
				p.Away(time.Until(locked.Add(lock.length)))
				back := time.Now()
				desk.Unlock()
				p.Type(time.Second, keystroke)
				s := d.State()
				what := fmt.Sprintf("load after a lock of %v at %v s", lock.length, lock.at)
				near(t, what, loadAt(s, back), lock.want, promised.count())
				if s.Today.NaturalBreaks != lock.breaks {
					t.Errorf("%s: %d natural breaks, want %d", what, s.Today.NaturalBreaks, lock.breaks)
				}
				zero = s.At.Add(-seconds(s.Sitting.LoadS))
			}
		},
		"gone when asked": func(t *testing.T) {
			desk, d := start(t, desktest.Options{}, "")
			p, zero := sitDown(desk, d)
			typeUntil(p, zero.Add(limit+patience+100*time.Millisecond))
			left := p.LastInput()
			prompt := desk.WaitNotify(time.Second)
			before := loadAt(d.State(), left)
			p.Away(time.Until(left.Add(3 * time.Second)))
			back := time.Now()
			p.Type(time.Second, keystroke)
			s := d.State()
			near(t, "recovered", before-loadAt(s, back), 15, countedWithin)
			if s.Today.NaturalBreaks != 1 || s.Reminder.Phase != "quiet" {
				t.Errorf("%d natural breaks, phase %s; want 1, quiet", s.Today.NaturalBreaks, s.Reminder.Phase)
			}
			if gone := desk.WaitGone(prompt, time.Second); gone.Ended != desktest.Withdrawn {
				t.Errorf("the prompt to an empty chair: %s, want withdrawn", gone.Ended)
			}
		},
	})
}
