package daemon_test

import (
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
)

// quick are settings under which a working day passes in a minute. Keys are written with their table before a dot, so
// that a test can put its own after them; none may be said twice.
const quick = `
sitting.limit = "20s"
sitting.rest = "4s"
sitting.away_after = "2s"
sitting.sure_after = "4s"
reminder.patience = "3s"
reminder.pause_in_input = "1s"
reminder.min_gap = "1s"
reminder.wake_grace = "1s"
`

// The quick settings as times.
const (
	limit        = 20 * time.Second
	patience     = 3 * time.Second
	pauseInInput = time.Second
	wakeGrace    = time.Second
)

// keystroke is how often somebody who types presses a key: never a pause that a prompt could use.
const keystroke = 200 * time.Millisecond

// start runs the real program on a desk of its own, under the quick settings and extra ones.
func start(t *testing.T, o desktest.Options, extra string) (*desktest.Desk, *desktest.Daemon) {
	t.Helper()
	desk := desktest.New(t, o)
	return desk, desk.Start(desktest.Build(t), quick+extra)
}

// sitDown seats a person whose sitting is counted. zero is when the load was, or would have been, nothing.
func sitDown(desk *desktest.Desk, d *desktest.Daemon) (p *desktest.Person, zero time.Time) {
	p = desk.Person()
	p.Key()
	s := d.WaitState(5*time.Second, "sitting to be counted", func(s api.State) bool { return s.Sitting.Rate == 1 })
	return p, zeroOf(s)
}

// zeroOf is the moment from which sitting without a break would have led to the load that it has in s.
func zeroOf(s api.State) time.Time { return s.At.Add(-seconds(s.Sitting.LoadS)) }

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// typeUntil types without a pause; the last key is at that moment.
func typeUntil(p *desktest.Person, at time.Time) {
	p.Type(time.Until(at), keystroke)
	p.Key()
}

// loadAt is what the load was at a moment since which it has changed at the rate that it has in s.
func loadAt(s api.State, at time.Time) float64 {
	return s.Sitting.LoadS - s.Sitting.Rate*s.At.Sub(at).Seconds()
}

// near fails the test where got is further from want than tolerance, all in seconds. `go test -v` shows how near.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	t.Logf("%s: %.3f s, ideally %.3f", what, got, want)
	if math.Abs(got-want) > tolerance {
		t.Errorf("%s: %.2f s, want %.2f ± %.1f", what, got, want, tolerance)
	}
}

// How far, in seconds, a prompt may be from its ideal moment, and a load from what it should be.
const (
	onTime  = 0.3
	counted = 0.5
)

// promptAt fails the test unless n is a prompt that came at its moment, both told from zero on.
func promptAt(t *testing.T, n *desktest.Notification, want, zero time.Time) {
	t.Helper()
	isPrompt(t, n)
	near(t, "the prompt's moment", n.At.Sub(zero).Seconds(), want.Sub(zero).Seconds(), onTime)
}

func isPrompt(t *testing.T, n *desktest.Notification) {
	t.Helper()
	if n.Title != "A good moment to get up" {
		t.Errorf("the notification is %q: %s", n.Title, n.Body)
	}
}

// run runs a command that must succeed.
func run(t *testing.T, d *desktest.Daemon, args ...string) (stdout string) {
	t.Helper()
	stdout, stderr, code := d.Unhunch(args...)
	if code != 0 {
		t.Errorf("unhunch %v: exit code %d\n%s", args, code, stderr)
	}
	return stdout
}

// together runs tests side by side, also more of them than there are processors: they do little but wait. Not all at once
// though, whoever's they are: a dozen desktops that start in the same second make each other late.
func together(t *testing.T, tests map[string]func(*testing.T)) {
	t.Helper()
	var all sync.WaitGroup
	for name, test := range tests {
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			t.Run(name, test)
		})
	}
	all.Wait()
}

// places are for the tests that run together.
var places = make(chan struct{}, 5)

// picture keeps a screenshot for people to look at, if they name a directory in $SCREENSHOTS. The person types on
// meanwhile, until the server has drawn everything.
func picture(desk *desktest.Desk, p *desktest.Person, name string) {
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		p.Type(500*time.Millisecond, keystroke)
		desk.Screenshot(filepath.Join(dir, name))
	}
}
