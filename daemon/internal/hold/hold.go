// Package hold looks for reasons to stay quiet: do-not-disturb, a program that fills the screen, a call. It looks when it
// is asked to, and asks nobody in between; what cannot be seen, or takes too long, is no reason.
package hold

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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
}

// A Desk is where is looked. Make it with New.
type Desk struct {
	session *bus.Bus
	screen  Screen // nil where there is none
	cameras cameras
	log     *slog.Logger
	changed func()
	hear    func(on bool) // listens for the end of do-not-disturb, or no longer

	sources []*source

	mu   sync.Mutex
	stop func() // ends listening for the end of do-not-disturb; nil while nobody listens
}

// A Looker looks at one thing. by is who told, in its own words.
type Looker func(context.Context) (found []Found, by string, err error)

// Lookers are all that can be looked at.
type Lookers struct{ DoNotDisturb, Screen, Microphone, Camera Looker }

// A source is one thing that is looked at.
type source struct {
	name   string // ByMicrophone, ByCamera, ByScreen, DoNotDisturb
	look   Looker
	wanted func(Wants) bool
	busy   atomic.Bool // an earlier look has not come back: a second would not either
}

// New makes a Desk. changed is called when do-not-disturb may have been switched off after a look has found it on; it must
// not block.
func New(session *bus.Bus, screen Screen, changed func(), log *slog.Logger) *Desk {
	d := &Desk{session: session, screen: screen, cameras: ourCameras, changed: changed, log: log}
	d.hear = d.listen
	d.sources = sourcesOf(Lookers{d.disturbed, d.filled, recording, d.cameras.look})
	return d
}

// Of makes a Desk that looks at something else than this machine's desktop: the soak has one of its own. hear is told after
// each look at do-not-disturb whether its end is of interest.
func Of(looks Lookers, hear func(on bool), log *slog.Logger) *Desk {
	return &Desk{sources: sourcesOf(looks), hear: hear, log: log}
}

func sourcesOf(l Lookers) []*source {
	call := func(w Wants) bool { return w.Call }
	return []*source{
		{name: DoNotDisturb, look: l.DoNotDisturb, wanted: func(w Wants) bool { return w.DoNotDisturb }},
		{name: ByScreen, look: l.Screen, wanted: func(w Wants) bool { return w.Fullscreen }},
		{name: ByMicrophone, look: l.Microphone, wanted: call},
		{name: ByCamera, look: l.Camera, wanted: call},
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
		if s.Source == DoNotDisturb {
			go d.hear(len(s.Found) > 0) // a bus that hangs is no reason for a late prompt
		}
		for _, f := range s.Found {
			if !w.Ignores(f) {
				all = append(all, f)
			}
		}
	}
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

// start looks at a source on a goroutine of its own, which may stay behind where ctx is not heeded.
func (s *source) start(ctx context.Context) chan Sight {
	result := make(chan Sight, 2)
	if !s.busy.CompareAndSwap(false, true) {
		result <- Sight{Source: s.name, Err: errors.New("an earlier look has not come back")}
		return result
	}
	looked := make(chan struct{})
	go func() {
		found, by, err := s.look(ctx)
		s.busy.Store(false) // before anybody has the result: who has it may look again at once
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
		all = append(all, Found{Reason: Call, ID: s.ID, By: ByMicrophone, Program: s.Program, names: s.Names})
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
	if err != nil || !full {
		return nil, "", err
	}
	return []Found{{Reason: Fullscreen, ID: id, By: ByScreen, Program: plainName(program)}}, "", nil
}
