package daemon

import (
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/history"
	"github.com/unhunch/unhunch/daemon/internal/profile"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

// known is a daemon of which nothing runs, with a profile and a history.
func known(t *testing.T) *daemon {
	t.Helper()
	dir := t.TempDir()
	d := &daemon{opts: Options{Log: slog.New(slog.DiscardHandler)}, loop: &loop{}, trained: make(chan struct{}, 1)}
	cfg := config.Default()
	d.cfg.Store(&cfg)
	state := core.New(coreSettings(cfg))
	d.loop.snapshot.Store(&snapshot{state: state, changed: make(chan struct{})})
	store, err := profile.Open(filepath.Join(dir, "profile.json"), cardNow, func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	d.profile = store
	d.record.store = history.Open(filepath.Join(dir, "history.db"), history.Options{})
	d.record.store.SetDays(history.Days{Starts: 4 * time.Hour})
	t.Cleanup(func() { d.profile.Close(); d.record.store.Close() })
	return d
}

// trains puts a finished session of gentle exercises on record, so many days ago.
func (d *daemon) trains(t *testing.T, daysAgo int, change func(*history.Session)) {
	t.Helper()
	s := history.Session{
		At: clock.Now().Wall.AddDate(0, 0, -daysAgo).Add(-time.Minute), Place: "standing", Outcome: history.Finished,
		Steps: []history.Step{{Exercise: "shoulder-rolls", Done: time.Minute}, {Exercise: "marching", Done: time.Minute}},
	}
	change(&s)
	if err := d.record.store.Put(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	d.happened()
}

// happened is that something has, which makes a new revision.
func (d *daemon) happened() {
	state := d.loop.snapshot.Load().state
	state.Rev++
	d.loop.snapshot.Store(&snapshot{state: state, changed: make(chan struct{})})
}

func (d *daemon) offers() string {
	o := d.offer(d.person(), d.loop.snapshot.Load().state, clock.Now().Wall)
	if o == nil {
		return ""
	}
	return o.Code
}

// Ten good days make progress; who has answered nothing would gain something by answering. It takes the history to say so.
func TestProgressComesFromTheHistory(t *testing.T) {
	good := func(*history.Session) {}
	d := known(t)
	for day := range 9 {
		d.trains(t, 2+4*day, good)
	}
	d.trains(t, 100, func(s *history.Session) { s.Outcome = history.Stopped })
	if p := d.Profile(t.Context()); p.Progress.Days != 9 || p.Progress.Next != "moderate" {
		t.Errorf("after nine: %+v", p.Progress)
	}
	d.trains(t, 1, good)
	p := d.Profile(t.Context())
	if p.Progress.Days != 10 {
		t.Errorf("after ten: %+v", p.Progress)
	}
	if more := p.Progress; more.Days == more.Of && hasLevel("moderate") != (p.Offer != nil) {
		t.Errorf("offered: %+v", p.Offer)
	}
	if d.progressNow(d.person()).Days != 10 {
		t.Error("what was looked up is forgotten")
	}

	// What hurts begins it anew, at once.
	d.hurt(core.Hurt{Exercise: "marching", At: clock.Now().Wall})
	if got := d.progressNow(d.person()); got.Ready {
		t.Errorf("after a hurt: %+v", got)
	}
	if p := d.Profile(t.Context()); p.Progress.Days != 0 || p.Retired["marching"] == "" {
		t.Errorf("after a hurt: %+v", p)
	}

	// So does another level, and a history that is not wanted.
	if err := d.SetProfile(t.Context(), map[string]string{"level": "gentle"}); err != nil {
		t.Fatal(err)
	}
	if p := d.Profile(t.Context()); p.Progress.Days != 0 {
		t.Errorf("at a level said anew: %+v", p.Progress)
	}
	cfg := *d.cfg.Load()
	cfg.History.Enabled = false
	d.cfg.Store(&cfg)
	if past, err := d.trainedSince(t.Context(), routines.Profile{}, clock.Now().Wall); past != nil || err != nil {
		t.Errorf("without a history: %v, %v", past, err)
	}
}

// hasLevel tells whether the catalogue holds anything of a level yet.
func hasLevel(level string) bool {
	for _, e := range routines.Default().Exercises {
		if e.Level == level {
			return true
		}
	}
	return false
}

// What is offered, and what comes first where there are several things.
func TestOffers(t *testing.T) {
	now := clock.Now().Wall.UTC()
	moderate := routines.Profile{Level: "moderate", LevelAt: now.AddDate(0, -1, 0)}
	asked := func(ago time.Duration) routines.Profile { return routines.Profile{Asked: now.Add(-ago)} }
	ready := &progressOf{time.Time{}, moment{}, routines.Progress{Level: "gentle", Next: "moderate", Ready: true}}
	for _, test := range []struct {
		name     string
		p        routines.Profile
		worse    int
		progress *progressOf
		want     string
	}{
		{"nobody", routines.Profile{}, 0, nil, ""},
		{"asked today", asked(time.Hour), 0, nil, words.OfferQuestions},
		{"asked long ago", asked(8 * 24 * time.Hour), 0, nil, ""},
		{"asked and answered", asked(time.Hour).Answered("bone", routines.Unsaid), 0, nil, ""},
		{"hurt at the gentlest", routines.Profile{}.Hurt("a", now), 0, nil, ""},
		{"hurt above it", moderate.Hurt("a", now), 0, nil, words.OfferBelow},
		{"hurt a while ago", moderate.Hurt("a", now.AddDate(0, 0, -8)), 0, nil, ""},
		{"hurt, and said how to go on", moderate.Hurt("a", now).AtLevel("moderate", now), 0, nil, ""},
		{"worse once", moderate, 1, nil, ""},
		{"worse twice", moderate, 2, nil, words.OfferBelow},
		{"worse twice, and said how to go on", moderate.AtLevel("moderate", now), 2, nil, ""},
		{"worse at the gentlest", routines.Profile{}, 2, nil, ""},
		{"ready", routines.Profile{}, 0, ready, words.OfferNext},
		{"ready, and asked today", asked(time.Hour), 0, ready, words.OfferNext},
		{"ready at another level", moderate, 0, ready, ""},
		{"three hurts", moderate.Hurt("a", now).Hurt("b", now.Add(1)).Hurt("c", now.Add(2)), 2, ready, words.OfferOnlyWalking},
	} {
		d := known(t)
		state := d.loop.snapshot.Load().state
		state.Worse, state.BeganAt = test.worse, now.Add(-time.Hour)
		d.loop.snapshot.Store(&snapshot{state: state})
		d.progress.Store(test.progress)
		d.profile.Take(func(routines.Profile) routines.Profile { return test.p })
		if got := d.offers(); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// A profile with something of everything is told as it is, and what is wrong with its file has words.
func TestWhatIsToldOfAProfile(t *testing.T) {
	c := &routines.Catalogue{Exercises: []routines.Exercise{
		{ID: "hanging", Name: "Hanging", Level: "advanced", Place: "bar", Equipment: []string{"bar"}, OptIn: true, AvoidWith: []string{"heart"}},
		{ID: "cobra", Name: "Cobra", Level: "moderate", Place: "floor", AvoidWith: []string{"slip"}},
	}}
	p := routines.Profile{Enabled: []string{"hanging"}, Retired: []string{"cobra", "gone"}}.Answered("heart", routines.Yes)
	got := apiProfile(p, c, p.Progress(c, nil, cardNow), nil, cardNow)
	if got.Screening["heart"] != "yes" || got.Screening["slip"] != "unsaid" || len(got.Screening) != 13 || got.Level != "gentle" {
		t.Errorf("%+v", got)
	}
	if off := got.Off; len(off) != 1 || !off[0].Enabled || off[0].Message == "" || off[0].Hint == "" {
		t.Errorf("off: %+v", off)
	}
	if got.Names["cobra"] != "Cobra" || got.Retired["gone"] != "yes" || got.Places == nil || got.Abilities == nil {
		t.Errorf("%+v", got)
	}
	for _, q := range got.Questions {
		want := map[string]int{"heart": 1, "slip": 1, "leg": 2}[q.Tag]
		if len(q.TakesAway) != want || q.Ask == "" || q.Means == "" {
			t.Errorf("%+v", q)
		}
	}
	for err, code := range map[error]string{
		profile.ErrNewer: words.ProblemProfileNewer, &profile.Unreadable{Aside: "x", Err: errors.New("y")}: words.ProblemProfileLost,
		&profile.Unreadable{Err: errors.New("y")}: words.ProblemProfileStuck,
	} {
		if e := profileProblems(err); len(e) != 1 || e[0].Problems.List[0].Code != code {
			t.Errorf("%v: %+v", err, e)
		}
	}
	if profileProblems(nil) != nil {
		t.Error("a problem where there is none")
	}
}
