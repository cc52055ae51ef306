package daemon

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/history"
	"github.com/unhunch/unhunch/daemon/internal/notify"
	"github.com/unhunch/unhunch/daemon/internal/profile"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

const (
	// offeredFor is how long the questions are offered in the status: whoever has not answered by then does not want to.
	offeredFor = 7 * 24 * time.Hour
	// progressBack is how far back sessions count as progress: ten good days take two of them a week at most.
	progressBack = 120 * 24 * time.Hour
	// progressPage is read at a time, so that years of it need no more memory than a month.
	progressPage = 30 * 24 * time.Hour
	// worseAgain is how many times running a session has left the person worse before going more gently is offered.
	worseAgain = 2
)

// person is what is known of the person. It waits for nothing.
func (d *daemon) person() routines.Profile { return d.profile.Profile() }

// openProfile reads the profile, and takes over what was retired before there was one. That stays in the state until the
// profile is on disk.
func (d *daemon) openProfile(dir string, s *core.State) []core.Event {
	var err error
	d.profile, err = profile.Open(filepath.Join(dir, "profile.json"), clock.Now().Wall, d.profileFails)
	if len(s.Retired) > 0 {
		change := func(p routines.Profile) (routines.Profile, error) {
			for _, id := range s.Retired {
				p = p.Retire(id)
			}
			return p, nil
		}
		if d.profile.Change(change) == nil {
			s.Retired = nil
		} else {
			d.profile.Take(func(p routines.Profile) routines.Profile { p, _ = change(p); return p })
		}
	}
	return append(profileProblems(err), d.unsaved...)
}

func profileProblems(err error) []core.Event {
	if err == nil {
		return nil
	}
	code, facts := words.ProblemProfileNewer, words.ProblemFacts{Detail: err.Error()}
	if lost, ok := errors.AsType[*profile.Unreadable](err); ok {
		code, facts.Aside = words.ProblemProfileLost, lost.Aside
		if lost.Aside == "" {
			code = words.ProblemProfileStuck
		}
	}
	return []core.Event{{Problems: &core.Problems{Part: profilePart, List: []api.Problem{problem(profilePart, code, facts)}}}}
}

const profilePart = "profile"

// profileFails tells of writing the profile having begun or ceased to fail.
func (d *daemon) profileFails(err error) {
	e := core.Event{Problems: &core.Problems{Part: profilePart}}
	if err != nil {
		d.opts.Log.Error("cannot save the profile", "error", err)
		e.Problems.List = []api.Problem{problem(profilePart, words.ProblemProfileNotSaved, words.ProblemFacts{Detail: err.Error()})}
	}
	if d.loop == nil {
		d.unsaved = []core.Event{e} // nothing runs yet
		return
	}
	d.loop.post(e)
}

// closeProfile writes what is left. A disk that hangs is not waited for for ever.
func (d *daemon) closeProfile() {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		d.profile.Close()
	}()
	select {
	case <-closed:
	case <-time.After(diskTime):
		d.opts.Log.Error("the profile could not be written: the disk does not answer")
	}
}

// hurt retires what hurt. It is called on the loop's goroutine and waits for nothing.
func (d *daemon) hurt(h core.Hurt) {
	d.progress.Store(nil)
	d.profile.Take(func(p routines.Profile) routines.Profile { return p.Hurt(h.Exercise, h.At) })
}

// noted looks at what is recorded for what the profile's offers depend on.
func (d *daemon) noted(s core.State, r core.Record) {
	if r.Trained == nil && r.Felt == nil {
		return
	}
	if t := r.Trained; t != nil && t.Outcome == routines.Finished && d.unasked(d.person()) {
		at := s.At.Wall.UTC()
		d.profile.Take(func(p routines.Profile) routines.Profile {
			if d.unasked(p) {
				p.Asked = at
			}
			return p
		})
		d.askAfter = true
	}
	d.askProgress()
}

// askProgress has progress looked up again.
func (d *daemon) askProgress() {
	select {
	case d.trained <- struct{}{}:
	default: // it has not got round to the one before
	}
}

// unasked tells whether the questions are still to be offered, which is done once.
func (d *daemon) unasked(p routines.Profile) bool { return p.Asked.IsZero() && len(p.Screening) == 0 }

// offerQuestions offers them when the first finished session has left the screen.
func (d *daemon) offerQuestions() {
	if !d.askAfter {
		return
	}
	d.askAfter = false
	title, body := words.Notice(words.NoticeQuestions, words.NoticeFacts{})
	d.rooms.notes.Show(notify.Note{Slot: slotNotice, Title: title, Body: body, Expire: noticeStays})
}

// progressOf is how far the person has come, for the level that they were at.
type progressOf struct {
	levelAt time.Time
	found   moment
	routines.Progress
}

// watchProgress looks up how far the person has come after each session, and when they have said something of themselves.
// At the start it does not: that would have an idle daemon read the whole catalogue. It never ends before ctx.
func (d *daemon) watchProgress(ctx context.Context) error {
	for {
		select {
		case <-d.trained:
			d.lookUpProgress(ctx)
		case <-ctx.Done():
			return nil
		}
	}
}

func (d *daemon) lookUpProgress(ctx context.Context) routines.Progress {
	found := d.moment()
	d.recorded(ctx) // what has just been trained is on its way there
	p, now := d.person(), clock.Now().Wall
	past, err := d.trainedSince(ctx, p, now)
	if err != nil {
		d.opts.Log.Debug("progress is not known: the history cannot be read", "error", err) // that is told of already
		past = nil
	}
	progress := p.Progress(d.catalogue(), past, now)
	d.progress.Store(&progressOf{p.LevelAt, found, progress})
	return progress
}

// trainedSince are the sessions that may count as progress.
func (d *daemon) trainedSince(ctx context.Context, p routines.Profile, now time.Time) ([]routines.Past, error) {
	if !d.cfg.Load().History.Enabled {
		return nil, nil
	}
	s := d.loop.snapshot.Load().state
	days := history.Days{Zone: s.Location(), Starts: s.Rem.Settings.DayStarts}
	from := now.Add(-progressBack)
	if p.LevelAt.After(from) {
		from = p.LevelAt
	}
	var past []routines.Past
	for ; from.Before(now); from = from.Add(progressPage) {
		to := from.Add(progressPage)
		if to.After(now) {
			to = now.Add(time.Second) // with one that begins right now
		}
		sessions, err := d.record.store.Sessions(ctx, from, to)
		if err != nil {
			return nil, err
		}
		for _, session := range sessions {
			past = append(past, pastOf(session, int(days.Of(session.At))))
		}
	}
	return past, nil
}

func pastOf(s history.Session, day int) routines.Past {
	past := routines.Past{
		At: s.At, Day: day, Finished: s.Outcome == history.Finished, Worse: s.Feeling == core.FeelingWorse,
	}
	for _, step := range s.Steps {
		past.Hurt = past.Hurt || step.Hurt
		if step.Done > 0 {
			past.Exercises = append(past.Exercises, step.Exercise)
		}
	}
	return past
}

// progressNow is how far the person has come, as far as that is known without a look.
func (d *daemon) progressNow(p routines.Profile) routines.Progress {
	if known := d.progress.Load(); known != nil && known.levelAt.Equal(p.LevelAt) {
		return known.Progress
	}
	return routines.Progress{}
}

// offer is what the person may want to say of themselves now, or nil: what is to be taken care of first, then what there
// is to be won.
func (d *daemon) offer(p routines.Profile, s core.State, now time.Time) *api.Problem {
	facts := words.OfferFacts{Level: cmp.Or(p.Level, routines.Levels()[0]), Chair: !p.CanUse(routines.Standing)}
	code := ""
	progress := d.progressNow(p)
	switch {
	case p.WalkingOnly(now):
		code = words.OfferOnlyWalking
	case p.Gentler() != "" && (p.HurtLately(now) || s.Worse >= worseAgain && p.LevelAt.Before(s.BeganAt)):
		code, facts.To = words.OfferBelow, p.Gentler()
	case progress.Ready:
		code, facts.To, facts.Unanswered = words.OfferNext, progress.Next, progress.Unanswered
	case !p.Asked.IsZero() && len(p.Screening) == 0 && now.Sub(p.Asked) < offeredFor:
		code = words.OfferQuestions
	default:
		return nil
	}
	message, hint := words.ProfileOffer(code, facts)
	return &api.Problem{Part: profilePart, Code: code, Message: message, Hint: hint}
}

// Profile is what is known of the person. It is part of server.Backend. Who asks for it again and again has the disk
// looked at now and then.
func (d *daemon) Profile(ctx context.Context) api.Profile {
	p, now := d.person(), clock.Now().Wall
	var progress routines.Progress
	if known := d.progress.Load(); known != nil && known.levelAt.Equal(p.LevelAt) && known.found.holds(d.moment()) {
		progress = known.Progress
	} else {
		progress = d.lookUpProgress(ctx)
	}
	return apiProfile(p, d.catalogue(), progress, d.offer(p, d.loop.snapshot.Load().state, now), now)
}

// SetProfile changes it, all of the changes or none. It is part of server.Backend.
func (d *daemon) SetProfile(_ context.Context, changes map[string]string) error {
	err := d.profile.Change(func(p routines.Profile) (routines.Profile, error) {
		return profile.Apply(p, changes, d.catalogue(), clock.Now().Wall)
	})
	d.askProgress()
	return err
}

func apiProfile(p routines.Profile, c *routines.Catalogue, g routines.Progress, offer *api.Problem, now time.Time) api.Profile {
	out := api.Profile{
		Screening: map[string]string{}, Level: g.Level,
		Places: all(p.Places), Equipment: all(p.Equipment), Abilities: all(p.Abilities),
		Enable: yes(p.Enabled), Retired: yes(p.Retired),
		OnlyWalking: p.WalkingOnly(now), Progress: api.ProfileProgress{Days: g.Days, Of: g.Of, Next: g.Next}, Offer: offer,
		Off: []api.ProfileOff{}, Names: map[string]string{},
	}
	for _, tag := range routines.Tags() {
		out.Screening[tag] = string(cmp.Or(p.Screening[tag], routines.Unsaid))
		w := words.Questions[tag]
		q := api.ProfileQuestion{Tag: tag, Ask: w.Ask, Means: w.Means, TakesAway: []string{}}
		for _, e := range c.Exercises {
			if routines.Asks(e, tag) {
				q.TakesAway = append(q.TakesAway, e.ID)
				out.Names[e.ID] = e.Name
			}
		}
		out.Questions = append(out.Questions, q)
	}
	for _, e := range c.Exercises {
		if e.OptIn {
			off := api.ProfileOff{ID: e.ID, Enabled: out.Enable[e.ID] != ""}
			off.Message, off.Hint, _ = profile.CannotEnable(p, e)
			out.Off = append(out.Off, off)
			out.Names[e.ID] = e.Name
		}
		if out.Retired[e.ID] != "" {
			out.Names[e.ID] = e.Name
		}
	}
	return out
}

// all is the list as JSON shows it: empty, never null.
func all(list []string) []string { return append([]string{}, list...) }

func yes(ids []string) map[string]string {
	m := map[string]string{}
	for _, id := range ids {
		m[id] = string(routines.Yes)
	}
	return m
}
