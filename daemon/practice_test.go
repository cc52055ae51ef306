package daemon

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/history"
	"github.com/unhunch/unhunch/daemon/internal/profile"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
	"github.com/unhunch/unhunch/routines"
)

var noon = time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)

// planner is a daemon with no more than planning takes.
func planner(t *testing.T) *daemon {
	t.Helper()
	d := &daemon{loop: &loop{}}
	var err error
	if d.profile, err = profile.Open(filepath.Join(t.TempDir(), "profile.json"), time.Now(), func(err error) { t.Error(err) }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.profile.Close() })
	cfg := config.Default()
	d.cfg.Store(&cfg)
	s := core.New(core.Settings{Reminder: reminder.Settings{DayStarts: 4 * time.Hour}})
	s.At.Wall = noon
	d.loop.snapshot.Store(&snapshot{state: s})
	return d
}

func (d *daemon) did(at time.Time, exercises ...string) {
	t := core.Trained{At: at}
	for _, e := range exercises {
		t.Steps = append(t.Steps, core.TrainedStep{Exercise: e, Did: time.Second})
	}
	d.practice.add(t)
}

// What is on disk and what has happened since are one past, whichever comes first, and nothing counts twice.
func TestPastIsDiskAndMemory(t *testing.T) {
	last := map[string]history.Practice{"desk-lean": {Last: noon.Add(-9 * 24 * time.Hour)}, "cobra": {Last: noon.Add(-time.Hour)}}
	onDisk := []history.Session{
		{At: noon.Add(-24 * time.Hour), Steps: []history.Step{{Exercise: "cobra", Done: time.Second}, {Exercise: "pigeon"}}},
		{At: noon.Add(-time.Hour), Steps: []history.Step{{Exercise: "cobra", Done: time.Second}}},
	}
	for _, readFirst := range []bool{false, true} {
		d := planner(t)
		if readFirst {
			d.practice.read(last, onDisk, time.Time{})
		}
		d.did(noon.Add(-time.Hour), "cobra") // is on disk by now
		d.did(noon.Add(-9*time.Hour), "marching")
		if !readFirst {
			d.practice.read(last, onDisk, time.Time{})
		}
		p := d.past(d.loop.snapshot.Load().state, noon)
		for _, tt := range []struct {
			exercise    string
			ago         time.Duration // 0: never
			today, days int
		}{
			{"cobra", time.Hour, 1, 2},
			{"marching", 9 * time.Hour, 0, 1}, // at three in the morning: that was yesterday
			{"desk-lean", 9 * 24 * time.Hour, 0, 0},
			{"pigeon", 0, 0, 0}, // it was skipped
		} {
			got := p.Done(tt.exercise)
			if never := tt.ago == 0; got.Last.IsZero() != never || !never && !got.Last.Equal(noon.Add(-tt.ago)) ||
				got.Today != tt.today || len(got.Days) != tt.days {
				t.Errorf("%s, read first %v: %+v, want %+v", tt.exercise, readFirst, got, tt)
			}
		}
	}
}

// Without a history the core's memory keeps caps, as far as it goes.
func TestPastWithoutHistory(t *testing.T) {
	d := planner(t)
	s := d.loop.snapshot.Load().state
	s.RecentAt = map[string]time.Time{"hanging": noon.Add(-time.Hour)}
	if got := d.past(s, noon).Done("hanging"); got.Today != 1 || len(got.Days) != 1 {
		t.Errorf("of the core's memory: %+v", got)
	}
	d.practice.read(nil, nil, time.Time{})
	if got := d.past(s, noon).Done("hanging"); got.Today != 0 {
		t.Errorf("with a history that knows better: %+v", got)
	}
}

// Old sessions are not kept in memory.
func TestPracticeIsSmall(t *testing.T) {
	d := planner(t)
	for day := range 100 {
		for hour := range 10 {
			d.did(noon.AddDate(0, 0, day).Add(time.Duration(hour)*time.Hour), "marching", "desk-lean", "calf-raises", "reach-up")
		}
	}
	if n := len(d.practice.held); n > 9*10*4 {
		t.Errorf("%d entries after a hundred days", n)
	}
}

// The core knows by itself when a day has begun, however the night was spent.
func TestFirstActivity(t *testing.T) {
	const h = time.Hour
	entry := func(from time.Duration, kind sitting.Posture) sitting.Entry {
		return sitting.Entry{From: from, Kind: kind}
	}
	tests := []struct {
		name    string
		entries []sitting.Entry
		want    time.Duration // ago, 0: not known
	}{
		{"nothing known", []sitting.Entry{entry(0, sitting.Unknown)}, 0},
		{"after a night of suspend", []sitting.Entry{
			entry(0, sitting.Sitting), entry(1*h, sitting.Away), entry(2*h, sitting.Asleep), entry(9*h, sitting.Sitting),
		}, 1 * h},
		{"after lunch", []sitting.Entry{entry(0, sitting.Sitting), entry(8*h, sitting.Away), entry(9*h, sitting.Sitting)}, 0},
		{"a night whose beginning is forgotten", []sitting.Entry{entry(6*h, sitting.Away), entry(9*h+h/2, sitting.Sitting)}, h / 2},
		{"still away", []sitting.Entry{entry(0, sitting.Sitting), entry(1*h, sitting.Away)}, 0},
	}
	for _, tt := range tests {
		s := core.State{T: 10 * h, At: clock.Reading{Wall: noon}}
		s.Sit.Log.Entries = tt.entries
		want := time.Time{}
		if tt.want > 0 {
			want = noon.Add(-tt.want)
		}
		if got := planner(t).past(s, noon).FirstActivity(); !got.Equal(want) {
			t.Errorf("%s: %s, want %s", tt.name, got, want)
		}
	}
}

// Start begins the session that the prompt has named, whatever was done or became possible since; but never anything
// that is not for the person any more.
func TestStartBeginsWhatThePromptNames(t *testing.T) {
	d := planner(t)
	named, err := d.plan(d.loop.snapshot.Load().state, api.StretchRequest{})
	if err != nil {
		t.Fatal(err)
	}
	d.offered.Store(&named)
	d.did(time.Now(), named.Steps[0].Exercise, named.Steps[1].Exercise)
	if other, err := d.plan(d.loop.snapshot.Load().state, api.StretchRequest{}); err != nil || slices.Equal(other.Moves(), named.Moves()) {
		t.Fatalf("what was done changes nothing: %v, %v", other.Moves(), err)
	}
	if got, err := d.accepted(); err != nil || !slices.Equal(got.Moves(), named.Moves()) {
		t.Errorf("named %v, started %v, %v", named.Moves(), got.Moves(), err)
	}
	d.profile.Take(func(p routines.Profile) routines.Profile { return p.Retire(named.Steps[0].Exercise) })
	got, err := d.accepted()
	if err != nil || slices.ContainsFunc(got.Steps, func(s routines.Step) bool { return s.Exercise == named.Steps[0].Exercise }) {
		t.Errorf("%s hurt, and was started all the same: %v, %v", named.Steps[0].Exercise, got.Moves(), err)
	}
}

// Settings and what was asked for become a request.
func TestWanted(t *testing.T) {
	cfg := config.Default()
	tests := []struct {
		place  string // of the settings
		r      api.StretchRequest
		want   string
		length time.Duration
	}{
		{"standing", api.StretchRequest{}, "", 2 * time.Minute},
		{"chair", api.StretchRequest{}, "chair", 2 * time.Minute},
		{"chair", api.StretchRequest{Place: "standing"}, "standing", 2 * time.Minute},
		{"standing", api.StretchRequest{Place: "floor"}, "floor", 5 * time.Minute},
		{"floor", api.StretchRequest{}, "floor", 5 * time.Minute},
		{"floor", api.StretchRequest{Length: "1m"}, "floor", time.Minute},
		{"chair", api.StretchRequest{Routine: "walk"}, "", 0},
	}
	for _, tt := range tests {
		cfg.Session.Place = tt.place
		got, err := wanted(cfg, tt.r)
		if err != nil || got.Place != tt.want || got.Length != tt.length {
			t.Errorf("%s, %+v: %q for %s, %v", tt.place, tt.r, got.Place, got.Length, err)
		}
	}
}
