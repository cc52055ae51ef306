// Package hold looks for reasons to stay quiet: do-not-disturb, a program that fills the screen, a call. It looks when it
// is asked to; what cannot be seen, or takes too long, is no reason. In between it asks nobody, and listens only to what it
// is told to listen to: what keeps a break back, for as long as it does, so that its end is known at once.
package hold

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/bus"
)

// Reasons, by their codes in the API.
const (
	DoNotDisturb = "do_not_disturb"
	Call         = "call"
	Fullscreen   = "fullscreen"
)

// How a program was found.
const (
	ByMicrophone = "microphone"
	ByCamera     = "camera"
	ByScreen     = "screen"
)

// lookTime is how long anything that is looked at gets. What has not answered by then has told nothing.
const lookTime = 2 * time.Second

// ErrUnseen is the error of a source that does not exist on this desktop, so that there is nothing to repair.
var ErrUnseen = errors.New("it cannot be seen here")

// A Found is one reason to stay quiet.
type Found struct {
	Reason  string
	ID      string // tells it from others while it lasts; numbers alone
	By      string // how it was found; empty for do-not-disturb
	Program string // as doctor names it, empty for do-not-disturb
	names   []string
	pid     int // of a program that films
}

// Wants say what is looked for.
type Wants struct {
	DoNotDisturb, Fullscreen, Call bool
	Ignore                         []string // programs that are no reason, by any of their names
}

// A Screen tells which program, if any, fills the screen that the person looks at. ErrUnseen is for screens that do not
// tell. The program is named as it names its windows; id tells the window from others.
type Screen interface {
	FullScreen(ctx context.Context) (program, id string, full bool, err error)
	// WatchFullScreen calls changed whenever FullScreen may have a new answer, until stop is called. changed does not
	// wait; stop may be called more than once.
	WatchFullScreen(changed func()) (stop func())
}

// A Desk is where is looked. Make it with New.
type Desk struct {
	session *bus.Bus
	screen  Screen // nil where there is none
	cameras cameras
	log     *slog.Logger
	changed func()

	sources []*source

	mu     sync.Mutex  // guards these, and the ears of the sources
	looked time.Time   // when the last look ended, or one was begun by a signal
	next   *time.Timer // the look that a signal leads to; nil for none
}

// A Looker looks at one thing. by is who told, in its own words.
type Looker func(context.Context) (found []Found, by string, err error)

// A Listener calls heard when one of these may have ended, until ctx ends. Its error is that there is no more to hear:
// ErrUnseen where there never is.
type Listener func(ctx context.Context, to []Found, heard func()) error

// Lookers are all that can be looked at, Listeners what hears of its end; a nil Listener hears nothing.
type (
	Lookers   struct{ DoNotDisturb, Screen, Microphone, Camera Looker }
	Listeners struct{ DoNotDisturb, Screen, Microphone, Camera Listener }
)

// A source is one thing that is looked at.
type source struct {
	name   string // ByMicrophone, ByCamera, ByScreen, DoNotDisturb
	look   Looker
	wanted func(Wants) bool

	once sync.Once
	turn chan struct{} // capacity 1: holds a token while it is looked at

	listen Listener // nil where nothing can be heard
	ear    *ear     // nil while it is not listened to
}

// New makes a Desk. changed is called when a look may find that something is over that is listened to, no more than once a
// second; it must not block.
func New(session *bus.Bus, screen Screen, changed func(), log *slog.Logger) *Desk {
	d := &Desk{session: session, screen: screen, cameras: ourCameras, changed: changed, log: log}
	d.sources = sourcesOf(
		Lookers{d.disturbed, d.filled, recording, d.cameras.look},
		Listeners{d.hearQuiet, d.hearScreen, hearStreams, d.cameras.hear},
	)
	return d
}

// Of makes a Desk that looks at something else than this machine's desktop: the soak has one of its own.
func Of(look Lookers, listen Listeners, changed func(), log *slog.Logger) *Desk {
	return &Desk{sources: sourcesOf(look, listen), changed: changed, log: log}
}

func sourcesOf(look Lookers, listen Listeners) []*source {
	call := func(w Wants) bool { return w.Call }
	return []*source{
		{
			name: DoNotDisturb, look: look.DoNotDisturb, listen: listen.DoNotDisturb,
			wanted: func(w Wants) bool { return w.DoNotDisturb },
		},
		{name: ByScreen, look: look.Screen, listen: listen.Screen, wanted: func(w Wants) bool { return w.Fullscreen }},
		{name: ByMicrophone, look: look.Microphone, listen: listen.Microphone, wanted: call},
		{name: ByCamera, look: look.Camera, listen: listen.Camera, wanted: call},
	}
}

// A Sight is what became of looking at one source.
type Sight struct {
	Source string // DoNotDisturb, ByScreen, ByMicrophone or ByCamera
	By     string // who told, in its own words
	Found  []Found
	Err    error // why nothing is known; errors.Is ErrUnseen where nothing ever will be
}

// Look looks at everything that is wanted, all at once, and takes two seconds at most.
func (d *Desk) Look(ctx context.Context, w Wants) []Found {
	var all []Found
	for _, s := range d.Examine(ctx, w) {
		if s.Err != nil && !errors.Is(s.Err, ErrUnseen) {
			d.log.Debug("a reason to stay quiet could not be looked for", "source", s.Source, "err", s.Err)
		}
		for _, f := range s.Found {
			if !w.Ignores(f) {
				all = append(all, f)
			}
		}
	}
	d.mu.Lock()
	d.looked = time.Now()
	d.mu.Unlock()
	return all
}

// Examine is Look with what became of each source, nothing ignored.
func (d *Desk) Examine(ctx context.Context, w Wants) []Sight {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	var waiting []chan Sight
	for _, s := range d.sources {
		if s.wanted(w) {
			waiting = append(waiting, s.start(ctx))
		}
	}
	var all []Sight
	for _, one := range waiting {
		all = append(all, <-one)
	}
	return all
}

// start looks at a source on a goroutine of its own, which may stay behind where ctx is not heeded. One look waits for
// another, as the doctor's may be under way; a source that hangs is not asked again until it has come back.
func (s *source) start(ctx context.Context) chan Sight {
	s.once.Do(func() { s.turn = make(chan struct{}, 1) })
	result := make(chan Sight, 2)
	looked := make(chan struct{})
	go func() {
		select {
		case s.turn <- struct{}{}:
		case <-ctx.Done():
			return
		}
		found, by, err := s.look(ctx)
		<-s.turn
		result <- Sight{s.name, by, found, err}
		close(looked)
	}()
	go func() {
		select {
		case <-looked:
		case <-ctx.Done():
			result <- Sight{Source: s.name, Err: ctx.Err()}
		}
	}()
	return result
}

// Ignores tells whether the person does not want f to be a reason.
func (w Wants) Ignores(f Found) bool {
	return slices.ContainsFunc(w.Ignore, func(name string) bool {
		return name != "" && (strings.EqualFold(name, f.Program) ||
			slices.ContainsFunc(f.names, func(other string) bool { return strings.EqualFold(name, other) }))
	})
}

// recording looks at the microphones.
func recording(ctx context.Context) ([]Found, string, error) {
	p, err := dialPulse(ctx)
	if err != nil {
		return nil, "", err
	}
	defer p.close()
	streams, err := p.microphone()
	if err != nil {
		return nil, "", err
	}
	var all []Found
	for _, s := range streams {
		all = append(all, s.Found())
	}
	name, _ := p.serverName() // for the doctor, who does without
	return all, name, nil
}

// filled looks at the screen.
func (d *Desk) filled(ctx context.Context) ([]Found, string, error) {
	if d.screen == nil {
		return nil, "", ErrUnseen
	}
	program, id, full, err := d.screen.FullScreen(ctx)
	by := ""
	if s, ok := d.screen.(interface{ By() string }); ok && err == nil { // for the doctor
		by = s.By()
	}
	if err != nil || !full {
		return nil, by, err
	}
	return []Found{{Reason: Fullscreen, ID: id, By: ByScreen, Program: plainName(program)}}, by, nil
}

// hearScreen listens to the screen.
func (d *Desk) hearScreen(ctx context.Context, _ []Found, heard func()) error {
	if d.screen == nil {
		return ErrUnseen
	}
	defer d.screen.WatchFullScreen(heard)()
	<-ctx.Done()
	return nil
}
