package daemon_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
)

func history(t *testing.T, d *desktest.Daemon, period string) (h api.History) {
	t.Helper()
	if err := json.Unmarshal([]byte(must(t, d, "history", period, "--json")), &h); err != nil {
		t.Fatal(err)
	}
	return h
}

// agree holds the status against the history while a session runs: then no figure of the day grows.
func agree(t *testing.T, d *desktest.Daemon, when string) api.Today {
	t.Helper()
	must(t, d, "stretch", "--in", "background")
	defer must(t, d, "session", "stop")
	var status api.State
	if err := json.Unmarshal([]byte(must(t, d, "status", "--json")), &status); err != nil {
		t.Fatal(err)
	}
	h := history(t, d, "today")
	got := api.Today{
		SittingS: h.Sum.SittingS, StandingS: h.Sum.StandingS, AwayS: h.Sum.AwayS, Prompts: h.Sum.Prompts,
		Sessions: h.Sum.Sessions, NaturalBreaks: h.Sum.NaturalBreaks, Snoozes: h.Sum.Snoozes, Skips: h.Sum.Skips,
	}
	if got != status.Today {
		t.Errorf("%s: the history comes to %+v,\nthe status says %+v", when, got, status.Today)
	}
	var ribbon int64
	for _, s := range h.Ribbon {
		ribbon += s.SittingS
	}
	if ribbon > got.SittingS || ribbon < got.SittingS-int64(len(h.Ribbon)) {
		t.Errorf("%s: the ribbon has %d s of sitting, the sum %d", when, ribbon, got.SittingS)
	}
	t.Logf("%s: %+v", when, got)
	return got
}

// TestHistory lives some of everything, and holds the record against the status: as it goes, after a restart, after a
// crash, and without the saved count.
func TestHistory(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{Logind: true})
	d := desk.Start(desktest.Build(t), eventful)
	sitUntilAsked(t, desk, d)
	pressSkip(t, desk, d)
	sitUntilAsked(t, desk, d)
	must(t, d, "snooze", "2s")
	p := desk.Person()
	p.Type(time.Second, keystroke)
	desk.Lock()
	p.Away(2500 * time.Millisecond)
	desk.Unlock()
	p.Key()
	must(t, d, "stand")
	p.Type(1500*time.Millisecond, keystroke)
	must(t, d, "stand", "off")
	p.Type(time.Second, keystroke)
	p.Away(2500 * time.Millisecond) // nobody can tell
	p.Key()
	d.WaitState(soon, "somebody back", func(s api.State) bool { return s.Sitting.Silence != nil })
	must(t, d, "was", "sitting")
	before := agree(t, d, "a morning")
	if before.Skips != 1 || before.Snoozes != 1 || before.NaturalBreaks == 0 || before.StandingS == 0 || before.AwayS < 2 {
		t.Errorf("got %+v", before)
	}
	mention(t, "today", must(t, d, "history"), "sitting")

	d.Restart()
	after := agree(t, d, "after a restart")
	d.Kill()
	d.Restart()
	crashed := agree(t, d, "after a crash")
	d.Term()
	if err := os.Remove(statePath(desk)); err != nil {
		t.Fatal(err)
	}
	d.Restart()
	d.WaitState(soon, "the day to be recalled", func(s api.State) bool { return s.Today.Skips > 0 })
	lost := agree(t, d, "without the saved count")
	for _, later := range []api.Today{after, crashed, lost} {
		if later.SittingS < before.SittingS || later.StandingS != before.StandingS || later.Prompts < before.Prompts ||
			later.Snoozes != 1 || later.Skips != 1 || later.NaturalBreaks < before.NaturalBreaks {
			t.Errorf("%+v became %+v", before, later)
		}
	}

	must(t, d, "history", "erase", "--yes")
	if h := history(t, d, "year"); h.Sum.Skips+h.Sum.Snoozes+h.Sum.Prompts+h.Sum.Stopped != 0 || h.Sum.SittingS > 2 {
		t.Errorf("after erasing there is %+v", h.Sum)
	}
	if today := agree(t, d, "after erasing"); today.Skips != 0 || today.SittingS > 5 {
		t.Errorf("after erasing the status says %+v", today)
	}
}

// TestAcknowledgedIsRecorded kills the daemon at random moments, again and again. Whatever it has said yes to is on
// record. With UNHUNCH_KILLS=200 it does so two hundred times.
func TestAcknowledgedIsRecorded(t *testing.T) {
	t.Parallel()
	rounds := 10
	if n, err := strconv.Atoi(os.Getenv("UNHUNCH_KILLS")); err == nil {
		rounds = n
	}
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	d := desk.Start(desktest.Build(t), brisk)
	yes := 0
	for n := 0; n < rounds || yes == 0 && n < 5*rounds; n++ { // on a busy machine the first rounds are too short for a yes
		moment := time.After(time.Duration(rand.IntN(1000)) * time.Millisecond) // a command takes up to 200 with -race
		killed := make(chan struct{})
		go func() { // as if from nowhere
			<-moment
			d.Kill()
			close(killed)
		}()
		for running := true; running; {
			select {
			case <-killed:
				running = false
			default:
				if _, _, code := d.Unhunch("stretch", "--in", "background"); code != 0 {
					continue
				}
				if _, _, code := d.Unhunch("session", "stop"); code == 0 {
					yes++
				}
			}
		}
		d.Restart()
		d.Unhunch("session", "stop") // one that was going on goes on, paused
	}
	h := history(t, d, "today")
	t.Logf("%d rounds, %d sessions that ended with a yes, %d on record", rounds, yes, h.Sum.Stopped)
	if h.Sum.Stopped < yes || yes == 0 {
		t.Errorf("%d sessions were acknowledged, %d are on record", yes, h.Sum.Stopped)
	}
}

// TestHistoryWithoutADisk: a history that cannot even be opened costs nobody a prompt.
func TestHistoryWithoutADisk(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{})
	dir := filepath.Dir(statePath(desk))
	if err := os.MkdirAll(filepath.Join(dir, "history.db", "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	d := desk.Start(desktest.Build(t), brisk)
	sitUntilAsked(t, desk, d)
	must(t, d, "skip")
	d.WaitState(soon, "a word", func(s api.State) bool {
		return hasProblem("history_failing")(s) || hasProblem("history_read_only")(s)
	})
	words := 0
	for _, n := range desk.Notifications() {
		if strings.Contains(n.Title, "history") {
			words++
		}
	}
	if words != 1 {
		t.Errorf("%d notifications about it, want one", words)
	}
	sitUntilAsked(t, desk, d)
	if err := os.RemoveAll(filepath.Join(dir, "history.db")); err != nil {
		t.Fatal(err)
	}
	must(t, d, "skip")
	d.WaitState(soon, "the end of the problem", noProblem)
	if h := history(t, d, "today"); h.Sum.Skips != 2 || h.Waiting != 0 {
		t.Errorf("what waited in memory has not arrived: %+v", fmt.Sprint(h.Sum, h.Waiting))
	}
}
