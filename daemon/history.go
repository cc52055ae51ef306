package daemon

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/history"
	"github.com/unhunch/unhunch/daemon/internal/history/engine"
	"github.com/unhunch/unhunch/daemon/internal/notify"
	"github.com/unhunch/unhunch/daemon/internal/server"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

const (
	// diskTime is how long an answer may wait for the history to be on disk. A disk that hangs must not hang the person.
	diskTime = 2 * time.Second
	// keepEvery is how often days that are too old are forgotten.
	keepEvery = 24 * time.Hour
)

// ServeEngine is what runs in the process of [Options.Engine]: the history's database, for the daemon that started it,
// on standard input and output. It ends with its input.
func ServeEngine(in io.Reader, out io.Writer) error { return engine.Serve(in, out) }

// A record is the history as the loop knows it. Its methods are for the loop's goroutine alone.
type record struct {
	store *history.Store
	zone  clock.Zone
	days  history.Days
}

// take hands what is to be recorded to the store, which does not wait for the disk.
func (r *record) take(s core.State, rec core.Record) error {
	starts := s.Rem.Settings.DayStarts
	if s.Zone.Name != r.zone.Name || string(s.Zone.TZif) != string(r.zone.TZif) || starts != r.days.Starts || r.days.Zone == nil {
		r.zone, r.days = s.Zone, history.Days{Zone: s.Location(), Starts: starts}
		r.store.SetDays(r.days)
	}
	return r.store.Add(rows(rec)...)
}

// rows are a core.Record in the words of the history.
func rows(r core.Record) []history.Row {
	var out []history.Row
	if n := len(r.Lived); n > 0 {
		last := r.Lived[n-1]
		out = append(out, history.Unbroken{From: r.Lived[0].From, To: last.From.Add(last.For)})
	}
	for _, l := range r.Lived {
		out = append(out, history.Span{From: l.From, For: l.For, Posture: posture(l), Open: l.Open})
	}
	for _, at := range r.Natural {
		out = append(out, history.NaturalBreak{At: at})
	}
	if a := r.Asked; a != nil {
		out = append(out, history.Prompt{At: a.At, Unasked: a.Unasked, Outcome: outcomes[a.Outcome], Answered: a.Done})
	}
	if t := r.Trained; t != nil {
		session := history.Session{At: t.At, Routine: t.Routine, Place: t.Place, Outcome: outcomes[t.Outcome]}
		for _, s := range t.Steps {
			session.Steps = append(session.Steps, history.Step{Exercise: s.Exercise, Side: s.Side, Done: s.Did, Hurt: s.Hurt})
		}
		out = append(out, session)
	}
	if f := r.Felt; f != nil {
		out = append(out, history.Felt{At: f.At, Feeling: history.Feeling(f.Feeling)})
	}
	return out
}

// posture is empty for what is not known, which is not recorded.
func posture(l core.Lived) history.Posture {
	switch l.Kind {
	case sitting.Sitting, sitting.Standing, sitting.Away, sitting.Undecided, sitting.Asleep:
		return history.Posture(l.Kind)
	case sitting.InSession:
		if l.OnFeet {
			return history.InSession
		}
		return history.InChair
	}
	return ""
}

var outcomes = map[string]history.Outcome{
	core.OutcomeTaken: history.Taken, core.OutcomeSnoozed: history.Snoozed, core.OutcomeSkipped: history.Skipped,
	core.OutcomeIgnored: history.Ignored, core.OutcomeWithdrawn: history.Withdrawn, core.OutcomeWasUp: history.WasUp,
	routines.Finished: history.Finished, routines.Abandoned: history.Stopped, routines.Interrupted: history.Interrupted,
}

// keepRecord records r, if the person wants a history.
func (d *daemon) keepRecord(s core.State, r core.Record) {
	if r.Trained != nil {
		d.practice.add(*r.Trained)
	}
	if !d.cfg.Load().History.Enabled {
		return
	}
	if err := d.record.take(s, r); err != nil && !errors.Is(err, history.ErrClosed) {
		d.opts.Log.Error("not recorded", "error", err)
	}
}

// recorded waits until everything recorded so far is on disk, or could not be.
func (d *daemon) recorded(ctx context.Context) {
	if !d.cfg.Load().History.Enabled {
		return // not even an empty file is made
	}
	ctx, cancel := context.WithTimeout(ctx, diskTime)
	defer cancel()
	_ = d.record.store.Flush(ctx) // what is wrong is told by recordingFails
}

// recordingFails tells of problems with the history: in the status as long as they last, in the log, and of the first
// of each kind in a notification.
func (d *daemon) recordingFails(all []history.Problem) {
	found := &core.Problems{Part: "history"}
	for _, p := range all {
		facts := words.ProblemFacts{NoticeFacts: words.NoticeFacts{Path: p.Path}, Aside: p.Aside, Detail: "unknown"}
		if p.Err != nil {
			facts.Detail = p.Err.Error()
		}
		said := problem("history", p.Code, facts)
		found.List = append(found.List, said)
		if d.told[p.Code] {
			continue
		}
		d.told[p.Code] = true
		d.opts.Log.Error(said.Message, "rows waiting", p.Waiting, "rows lost", p.Dropped, "error", p.Err)
		title, body := words.Notice(words.NoticeHistory, words.NoticeFacts{Message: said.Message})
		d.rooms.notes.Show(notify.Note{Slot: slotNotice, Title: title, Body: body, Expire: noticeStays})
	}
	d.loop.post(core.Event{Problems: found})
}

// watchHistory opens the history off the path of the daemon's start, tells the core what it does not know of today, and
// forgets from time to time what is too old.
func (d *daemon) watchHistory(ctx context.Context) error {
	if d.loop.alive(ctx) == nil { // the core has started: it knows where the person is, and so when days begin
		s := d.loop.snapshot.Load().state
		d.record.store.SetDays(history.Days{Zone: s.Location(), Starts: s.Rem.Settings.DayStarts})
	}
	if d.fresh {
		d.recall(ctx)
	}
	for {
		d.forget(ctx)
		select {
		case <-time.After(keepEvery):
		case <-ctx.Done():
			return nil
		}
	}
}

// forget forgets what is too old.
func (d *daemon) forget(ctx context.Context) {
	cfg := d.cfg.Load().History
	if !cfg.Enabled {
		return // nothing is touched
	}
	if err := d.record.store.Keep(ctx, clock.Now().Wall, cfg.Keep); err != nil && ctx.Err() == nil {
		d.opts.Log.Warn("old history could not be forgotten yet", "error", err)
	}
}

// recall gives the core the day's figures when its own state is lost: they are on disk twice.
func (d *daemon) recall(ctx context.Context) {
	if !d.cfg.Load().History.Enabled {
		return
	}
	report, err := d.record.store.Report(ctx, history.Today, clock.Now().Wall)
	if err != nil || len(report.Days) == 0 || report.Days[len(report.Days)-1].Figures == (history.Figures{}) {
		return
	}
	day := report.Days[len(report.Days)-1]
	d.loop.post(core.Event{Recalled: &core.Recalled{
		Sat: day.Sitting, Stood: day.Standing, Gone: day.Away, NaturalBreaks: day.Natural, Prompts: day.Prompts,
		Snoozes: day.Snoozed, Skips: day.Skipped, Sessions: day.Sessions,
	}})
}

// closeHistory writes what is left. A disk that hangs is not waited for for ever.
func (d *daemon) closeHistory() {
	closed := make(chan error, 1)
	go func() { closed <- d.record.store.Close() }()
	select {
	case err := <-closed:
		if err != nil {
			d.opts.Log.Error("the history could not be written to its end", "error", err)
		}
	case <-time.After(diskTime):
		d.opts.Log.Error("the history could not be written to its end: the disk does not answer")
	}
}

// periods are the words of the API for them.
var periods = map[string]history.Period{
	"today": history.Today, "week": history.Week, "month": history.Month, "year": history.Year,
}

// History is what happened in a period, up to now. It is part of server.Backend.
func (d *daemon) History(ctx context.Context, period string) (api.History, error) {
	p, ok := periods[period]
	if !ok {
		return api.History{}, &server.Invalid{
			Message: "the period cannot be " + `"` + period + `"`, Hint: "one of: today, week, month, year",
		}
	}
	return d.retold.answer(ctx, period, d.moment, func() (api.History, error) {
		if _, err := d.loop.ask(ctx, core.Event{Tell: true}); err != nil {
			return api.History{}, err
		}
		r, err := d.record.store.Report(ctx, p, clock.Now().Wall)
		if err != nil {
			return api.History{}, err
		}
		return apiHistory(period, r), nil
	})
}

// A moment is a revision of the state and when it was looked at, on the boot clock.
type moment struct {
	rev uint64
	at  time.Duration
}

// goodFor is how long what was read from the disk is as good as read again, if nothing has happened meanwhile. Its figures
// are whole seconds, or older.
const goodFor = 500 * time.Millisecond

func (d *daemon) moment() moment {
	return moment{d.loop.snapshot.Load().state.Rev, clock.Now().Boot}
}

// holds tells whether what was found at m is still to be had for now.
func (m moment) holds(now moment) bool { return m.rev == now.rev && now.at-m.at < goodFor }

// A retelling is for programs that ask for the history at the same time, or again and again: one report for all.
// Each costs a look at the disk, and a row there that says what the person has been doing until then.
type retelling struct {
	turn chan struct{} // whoever is in it makes a report, and the others wait for that
	made moment
	last api.History
}

func newRetelling() *retelling { return &retelling{turn: make(chan struct{}, 1)} }

func (r *retelling) answer(ctx context.Context, period string, now func() moment, report func() (api.History, error)) (api.History, error) {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return api.History{}, ctx.Err()
	}
	at := now() // before the report: what happens while it is made is not in it
	if r.last.Period == period && r.made.holds(at) {
		return r.last, nil
	}
	r.last = api.History{}
	found, err := report()
	if err == nil && len(found.Days) <= int(history.Week) { // a longer one is large to be kept, and seldom asked for
		r.made, r.last = at, found
	}
	return found, err
}

// forget forgets the last report, and any that is being made.
func (r *retelling) forget(ctx context.Context) error {
	select {
	case r.turn <- struct{}{}:
		r.last = api.History{}
		<-r.turn
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Erase forgets everything on record, also what today's figures come from. It is part of server.Backend.
func (d *daemon) Erase(ctx context.Context) error {
	if _, err := d.loop.ask(ctx, core.Event{Command: &core.Command{Name: "erase"}}); err != nil {
		return err
	}
	if d.saver != nil {
		d.saver.flush()
	}
	d.card.Store(nil) // it tells of what is erased
	d.practice.forget()
	err := d.record.store.Erase(ctx, clock.Now().Wall)
	return errors.Join(err, d.retold.forget(ctx))
}

func apiHistory(period string, r history.Report) api.History {
	h := api.History{
		Period: period, Since: r.Since.String(), Sum: apiTotals(r.Sum), Before: apiTotals(r.Before), Waiting: r.Waiting,
		Days: make([]api.HistoryDay, len(r.Days)), Ribbon: apiRibbon(r.Ribbon),
	}
	for i, d := range r.Days {
		h.Days[i] = api.HistoryDay{Date: d.Date.String(), HistoryFigures: apiFigures(d.Figures)}
		if !d.LongestFrom.IsZero() {
			h.Days[i].LongestFrom = &d.LongestFrom
		}
	}
	return h
}

func apiRibbon(slots []history.Slot) []api.HistorySlot {
	out := make([]api.HistorySlot, len(slots))
	for i, s := range slots {
		out[i] = api.HistorySlot{
			Local: s.Local().Format("15:04"), SittingS: whole(s.Sitting), StandingS: whole(s.Standing), AwayS: whole(s.Away),
			UndecidedS: whole(s.Undecided), SessionS: whole(s.InSession),
		}
	}
	return out
}

func apiTotals(t history.Totals) api.HistoryTotals {
	return api.HistoryTotals{
		Days: t.Days, DaysThere: t.There, LongestMeanS: whole(t.Longests / time.Duration(max(1, t.There))),
		HistoryFigures: apiFigures(t.Figures),
	}
}

func apiFigures(f history.Figures) api.HistoryFigures {
	return api.HistoryFigures{
		SittingS: whole(f.Sitting), StandingS: whole(f.Standing), AwayS: whole(f.Away), UndecidedS: whole(f.Undecided),
		SessionS: whole(f.InSession), LongestS: whole(f.Longest),
		Prompts: f.Prompts, Taken: f.Taken, Ignored: f.Ignored, Sessions: f.Sessions, Stopped: f.Stopped,
		NaturalBreaks: f.Natural, Snoozes: f.Snoozed, Skips: f.Skipped,
	}
}

// whole seconds, as in the status.
func whole(d time.Duration) int64 { return int64(d / time.Second) }
