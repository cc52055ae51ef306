package daemon

import (
	"context"
	"path/filepath"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/files"
	"github.com/unhunch/unhunch/daemon/internal/history"
	"github.com/unhunch/unhunch/daemon/internal/page"
	"github.com/unhunch/unhunch/daemon/internal/server"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines/figure"
)

// pageTime is how long a session waits for its page: a browser that starts cold shows one within two seconds, on a slow
// machine in twice that. Later, notifications guide, and the page, when it comes, shows the session all the same.
const pageTime = 5 * time.Second

func (d *daemon) newPage() *page.Page {
	file := ""
	if socket, err := files.SocketPath(); err == nil {
		file = filepath.Join(filepath.Dir(socket), "page.json")
	}
	return page.New(page.Options{Backend: pageBackend{d}, Log: d.opts.Log, File: file})
}

// Page brings the page into sight. It is part of server.Backend.
func (d *daemon) Page(ctx context.Context, r api.PageRequest) (api.PageLink, error) {
	if r.Failed != "" {
		select {
		case d.unopened <- r.Failed:
		default: // nobody waits for it
		}
		return api.PageLink{}, nil
	}
	if !r.LinkOnly && d.page.Forward(ctx, r.Session) {
		return api.PageLink{Opened: true}, nil
	}
	link, err := d.page.Link()
	if err != nil {
		return api.PageLink{}, err
	}
	d.page.Expect(r.Session)
	return api.PageLink{Opened: !r.LinkOnly && d.browse(ctx, link, r.Here), Link: link}, nil
}

// Links is part of server.Backend.
func (d *daemon) Links() <-chan string { return d.links }

// chooseGuide is the guide that was asked for, or is set, or suits: the page where there is a screen for it. Notifications
// that do-not-disturb keeps out of sight guide nobody, so that they are not chosen by themselves then; whoever asks for
// them by name gets them. The terminal is not there for a session that is asked for elsewhere.
func chooseGuide(asked, set string, desktop bool, disturbed func() bool) string {
	switch {
	case asked != "":
		return asked
	case set == guidePage || desktop && set != guideBackground:
		return guidePage
	case desktop && disturbed():
		return guidePage
	}
	return guideBackground
}

// guideFor is what guides a session that was asked for with a guide, or with none. A page is open and in sight when it
// is the page.
func (d *daemon) guideFor(ctx context.Context, asked string) string {
	defer d.page.Expect(false)
	if guide := chooseGuide(asked, d.cfg.Load().Session.Guide, onDesktop(), d.disturbed); guide != guidePage {
		return guide
	}
	ctx, cancel := context.WithTimeout(ctx, pageTime)
	defer cancel()
	if !d.page.Pending() { // else somebody has just opened it for this
		opened, err := d.Page(ctx, api.PageRequest{Session: true})
		if err != nil || !opened.Opened {
			d.page.Drop(opened.Link)
			return guideBackground
		}
	}
	if d.page.Await(ctx) {
		return guidePage
	}
	return guideBackground
}

// A pageBackend is the daemon as the page sees it.
type pageBackend struct{ *daemon }

// Do carries out an order. A stretch that begins on the page is guided by it.
func (b pageBackend) Do(ctx context.Context, o page.Order) error {
	c := server.Command{Name: o.Name}
	switch o.Name {
	case "stretch":
		c.Stretch = o.Stretch
		return b.do(ctx, c, func(context.Context, string) string { return guidePage }) // it is open
	case "session/feeling":
		c.Feeling = o.Word
	case "was":
		c.Posture = o.Word
	case "snooze", "pause":
		if c.Tomorrow = o.Word == "tomorrow"; !c.Tomorrow && o.Word != "" {
			d, err := config.ParseDuration(o.Word)
			if err != nil {
				return &server.Invalid{Message: err.Error()}
			}
			c.Duration = d
		}
	}
	return b.daemon.Do(ctx, c)
}

// Seen lets the clock of the session begin.
func (b pageBackend) Seen(session string) { b.loop.post(core.Event{Page: session}) }

// Zone is where the person is.
func (b pageBackend) Zone() *time.Location {
	s := b.loop.snapshot.Load().state
	return s.Location()
}

// Safety is what every guide says beside the exercises.
func (b pageBackend) Safety() words.Safety { return Safety() }

// Figure is the moving picture of an exercise, titled by its name.
func (b pageBackend) Figure(exercise, side string) []byte {
	f, drawn := figure.Of(exercise)
	e, known := b.catalogue().Exercise(exercise)
	if !drawn || !known {
		return nil
	}
	return f.Fragment(side, words.StepName(e.Name, side))
}

// StillFigure is the same, still and without words.
func (b pageBackend) StillFigure(exercise string) []byte {
	f, drawn := figure.Of(exercise)
	if !drawn {
		return nil
	}
	return f.StillFragment("")
}

// FigureStyle is what the pictures are coloured with.
func (b pageBackend) FigureStyle() string { return figure.Stylesheet }

// Ribbons are the last days by quarters of an hour.
func (b pageBackend) Ribbons(ctx context.Context, days int) ([][]api.HistorySlot, error) {
	now := clock.Now().Wall
	today, err := b.record.store.Report(ctx, history.Today, now)
	if err != nil || len(today.Days) == 0 {
		return nil, err
	}
	last := today.Days[0].Date
	all := make([][]api.HistorySlot, 0, days)
	for date := last - history.Date(days) + 1; date <= last; date++ {
		_, slots, err := b.record.store.Day(ctx, date)
		if err != nil {
			return nil, err
		}
		all = append(all, apiRibbon(slots))
	}
	return all, nil
}
