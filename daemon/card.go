package daemon

import (
	"context"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/history"
	"github.com/unhunch/unhunch/daemon/words"
)

// The card of the first two weeks, in days.
const (
	cardAfter = 14 // since the first day on record
	cardStays = 7  // a card that is not answered has been seen by then
	cardWeek  = 7  // what “at first” and “now” mean
)

// cardLonger is what the card offers in place of the usual time in the chair: half as long again.
const cardLonger = 45 * time.Minute

// reports is what the card needs of the history.
type reports interface {
	Report(ctx context.Context, p history.Period, now time.Time) (history.Report, error)
}

// twoWeeks is what the first two weeks came to, or nil when it is not the time to say so. It asks only who sits by the
// usual limit: anybody else has found their own.
func twoWeeks(r history.Report, cfg config.Config) *api.Problem {
	today := r.Days[len(r.Days)-1].Date
	age := int(today - r.Since)
	switch {
	case age < cardAfter || age >= cardAfter+cardStays:
		return nil
	case !cfg.History.Enabled:
		return nil
	case cfg.Sitting.Limit != config.Default().Sitting.Limit:
		return nil
	case cfg.History.Keep <= (cardAfter+cardStays)*24*time.Hour:
		return nil // the first day on record is always about so old, and the card would come for ever
	}
	f := words.TwoWeeksFacts{Limit: cfg.Sitting.Limit, Longer: cardLonger}
	for _, day := range r.Days {
		if day.Date < r.Since {
			continue
		}
		f.Sessions += day.Sessions
		if day.Date < r.Since+cardWeek {
			f.Then = max(f.Then, day.Longest)
		}
		if day.Date > today-cardWeek {
			f.Now = max(f.Now, day.Longest)
		}
	}
	if f.Then == 0 || f.Now == 0 { // away for one of them: there is nothing to compare
		return nil
	}
	message, hint := words.TwoWeeks(f)
	return &api.Problem{Part: "history", Code: words.CardTwoWeeks, Message: message, Hint: hint}
}

// A cardCase is what the card depends on, but for the history, which changes it no more than once a day.
type cardCase struct {
	dayEnds     int64 // Unix time
	limit, keep time.Duration
	enabled     bool
}

// watchCard keeps the card up to date: it is looked up at the start, on each new day, and when the settings it depends on
// change. It never ends before ctx.
func (d *daemon) watchCard(ctx context.Context, store reports) error {
	var last cardCase
	for {
		changed := d.Changed()
		cfg := d.cfg.Load()
		now := cardCase{d.loop.snapshot.Load().state.Rem.DayEnds.Unix(), cfg.Sitting.Limit, cfg.History.Keep, cfg.History.Enabled}
		if now != last {
			last = now
			d.card.Store(d.lookUpCard(ctx, store, *cfg))
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil
		}
	}
}

func (d *daemon) lookUpCard(ctx context.Context, store reports, cfg config.Config) *api.Problem {
	if !cfg.History.Enabled {
		return nil
	}
	r, err := store.Report(ctx, history.Month, clock.Now().Wall)
	if err != nil {
		d.opts.Log.Debug("no card: the history cannot be read", "error", err) // it has been told of already
		return nil
	}
	return twoWeeks(r, cfg)
}
