package page

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// Backend is what the page needs of the daemon. All methods may be called from several goroutines at once. An error
// with a method `Detail() api.ErrorDetail` is told in its words; any other is a failure.
type Backend interface {
	// State is the newest state, its live figures counted up to now.
	State(ctx context.Context) api.State
	// Changed is closed when a state newer than those handed out so far exists; ask again after.
	Changed() <-chan struct{}
	// Do carries out what the person asked.
	Do(ctx context.Context, o Order) error
	// Seen says that the page shows the session of that id, and that somebody can see it.
	Seen(session string)
	// Settings are those in force.
	Settings() api.Settings
	// SetSetting changes one key in the person's file. The value is as one would type it.
	SetSetting(ctx context.Context, key, value string) error
	// History is what happened in a period: "today", "week", "month" or "year".
	History(ctx context.Context, period string) (api.History, error)
	// Ribbons are the last days by quarters of an hour, oldest first; the last is today's.
	Ribbons(ctx context.Context, days int) ([][]api.HistorySlot, error)
	// Erase forgets the history for ever.
	Erase(ctx context.Context) error
	// Zone is where the person is.
	Zone() *time.Location
	// Figure is the moving picture of an exercise on a side, as SVG; nil where there is none.
	Figure(exercise, side string) []byte
	// StillFigure is the still picture of an exercise, as SVG to be put beside its name; nil where there is none.
	StillFigure(exercise string) []byte
	// FigureStyle is the style sheet of the figures.
	FigureStyle() string
	// Routines is the catalogue.
	Routines() api.Routines
	// Plan is the session that a request would give, and why.
	Plan(ctx context.Context, r api.PlanRequest) (api.Plan, error)
	// Profile is what the person has told of themselves.
	Profile(ctx context.Context) api.Profile
	// SetProfile changes it, all of the changes or none.
	SetProfile(ctx context.Context, changes map[string]string) error
	// Safety is what is said beside the exercises.
	Safety() words.Safety
}

// An Order is what the person asks for on the page.
type Order struct {
	Name string // an action, "snooze", or a control of the session, "session/next"
	Word string // of snooze and pause a duration or "tomorrow", of was a posture, of session/feeling a feeling

	Stretch api.StretchRequest // of stretch
}

const (
	// codeLives is how long the link that opens the page works. A browser that starts cold needs a few seconds.
	codeLives = 30 * time.Second
	// usuallyStays is how long the listener stays after the last page is closed: a tab that was closed by mistake is
	// opened again from the browser's history within minutes, not hours.
	usuallyStays = 10 * time.Minute
	// forwardTime is how long a page that is open already has to come into sight.
	forwardTime = 3 * time.Second
	// goodbye is how long running requests get when the listener goes.
	goodbye = 2 * time.Second
	// patience is how long a browser on this machine may take to send its request, or to read its answer.
	patience = 10 * time.Second
	// maxHeader is far above what a browser sends to a site with one cookie.
	maxHeader = 16 << 10
)

// Options are what a page is made of.
type Options struct {
	Backend Backend
	Log     *slog.Logger
	Stays   time.Duration // after the last page is closed; 0 means ten minutes
	File    string        // where an open page is kept across restarts; empty: it is not
}

// A Page is the web page. It listens to nobody until a Link is asked for.
type Page struct {
	Options
	mu    sync.Mutex
	live  *live // nil while nothing listens
	ended bool
	parts sync.WaitGroup
}

// New makes a page. Run it too.
func New(o Options) *Page {
	if o.Stays == 0 {
		o.Stays = usuallyStays
	}
	return &Page{Options: o}
}

// Run returns when ctx has ended and nothing listens any more.
func (p *Page) Run(ctx context.Context) error {
	p.resume()
	<-ctx.Done()
	p.mu.Lock()
	p.ended = true
	l := p.live
	p.mu.Unlock()
	if l != nil {
		if !l.isOpen() {
			p.forget()
		}
		l.stop()
	}
	p.parts.Wait()
	return nil
}

var errEnded = errors.New("the daemon is ending")

// Link is an address that opens the page, once and within half a minute. It begins to listen if need be.
func (p *Page) Link() (string, error) {
	l, err := p.wanted()
	if err != nil {
		return "", err
	}
	return "http://" + l.hosts[0] + pathOpen + "?code=" + l.guard.newCode(time.Now()), nil
}

// wanted is the listener, which is opened where there is none.
func (p *Page) wanted() (*live, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.ended:
		return nil, errEnded
	case p.live != nil:
		p.live.touch()
		return p.live, nil
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	if err := p.begin(listener, secret()); err != nil {
		listener.Close()
		return nil, err
	}
	return p.live, nil
}

// begin answers on listener. p.mu is held.
func (p *Page) begin(listener net.Listener, cookie string) error {
	l, err := newLive(p, listener, cookie)
	if err != nil {
		return err
	}
	p.live = l
	l.keep()
	p.parts.Go(l.serve)
	return nil
}

// Drop takes a link back that nobody has opened. Where nothing else wants the page it ceases to listen at once.
func (p *Page) Drop(link string) {
	p.mu.Lock()
	l := p.live
	p.mu.Unlock()
	if l == nil {
		return
	}
	if _, code, ok := strings.Cut(link, pathOpen+"?code="); ok {
		l.guard.use(code, time.Now())
	}
	if !l.guard.waiting(time.Now()) && !l.guard.used() {
		l.unwanted()
	}
}

// Forward asks a page that is open already to come into sight and to show the session, where it is about one. It says
// whether that has happened. Where it has not, the pages that are open close themselves, so that a new one is alone.
func (p *Page) Forward(ctx context.Context, session bool) bool {
	p.mu.Lock()
	l := p.live
	p.mu.Unlock()
	return l != nil && l.forward(ctx, session)
}

// Pending says whether a link that was asked for lately, for a session, may still be opened.
func (p *Page) Pending() bool {
	p.mu.Lock()
	l := p.live
	p.mu.Unlock()
	return l != nil && l.expecting.Load() && l.guard.waiting(time.Now())
}

// Await waits until a page is connected, or ctx ends. It says whether one is.
func (p *Page) Await(ctx context.Context) bool {
	p.mu.Lock()
	l := p.live
	p.mu.Unlock()
	return l != nil && l.await(ctx, func(t *tab) bool { return t.visible })
}

// Expect says whether the next page to be opened is for a session that is about to begin.
func (p *Page) Expect(session bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live != nil {
		p.live.expecting.Store(session)
	}
}

// Listening is the address of the listener, empty while there is none.
func (p *Page) Listening() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live == nil {
		return ""
	}
	return p.live.hosts[0]
}

// newLive is the state of a page that is wanted.
func newLive(p *Page, listener net.Listener, cookie string) (*live, error) {
	address := listener.Addr().String()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	hosts := []string{address, "localhost:" + port}
	l := &live{
		page: p, backend: p.Backend, listener: listener, hosts: hosts,
		guard: newGuard(hosts, cookie),
	}
	l.tabs, l.moved = map[*tab]struct{}{}, make(chan struct{})
	l.requests, l.hangUp = context.WithCancel(context.Background())
	l.routes = l.table()
	l.linger = time.AfterFunc(p.Stays, l.unwanted)
	l.server = &http.Server{
		Handler: l, ReadHeaderTimeout: patience, MaxHeaderBytes: maxHeader,
		ErrorLog:    slog.NewLogLogger(p.Log.Handler(), slog.LevelDebug),
		BaseContext: func(net.Listener) context.Context { return l.requests },
	}
	return l, nil
}

// serve answers requests until the listener is stopped.
func (l *live) serve() {
	if err := l.server.Serve(own{l.listener}); !errors.Is(err, http.ErrServerClosed) {
		l.page.Log.Warn("the page cannot be served any more", "error", err)
	}
	l.page.mu.Lock()
	defer l.page.mu.Unlock()
	if l.page.live == l {
		l.page.live = nil
	}
}

// stop closes the listener and what is connected to it.
func (l *live) stop() {
	l.linger.Stop()
	l.hangUp()
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	if l.server.Shutdown(ctx) != nil {
		l.server.Close()
	}
}

// unwanted stops a page that nobody has had open for long enough.
func (l *live) unwanted() {
	l.page.mu.Lock()
	l.mu.Lock()
	used := len(l.tabs) > 0
	if !used && l.page.live == l {
		l.page.forget()
		l.page.live = nil // so that whoever wants it from now on gets another
	}
	l.mu.Unlock()
	l.page.mu.Unlock()
	if !used {
		l.stop()
	}
}

// A live is what there is only while the page is wanted.
type live struct {
	page     *Page
	backend  Backend
	listener net.Listener
	server   *http.Server
	hosts    []string
	guard    *guard
	routes   map[string]route
	linger   *time.Timer // to the end, while no page is open
	requests context.Context
	hangUp   context.CancelFunc
	tabState
}

// touch puts the end off.
func (l *live) touch() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.tabs) == 0 {
		l.linger.Reset(l.page.Stays)
	}
}

// secret is a text nobody can guess, safe in addresses and cookies.
func secret() string { return strings.ToLower(rand.Text()) }
