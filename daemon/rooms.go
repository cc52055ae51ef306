package daemon

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/bus"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/notify"
	"github.com/unhunch/unhunch/daemon/internal/presence"
	"github.com/unhunch/unhunch/daemon/internal/service"
	"github.com/unhunch/unhunch/daemon/words"
)

// The rooms that touch the desktop.
type rooms struct {
	session *bus.Bus
	system  *bus.Bus
	notes   notes
	x11     *presence.X11    // nil where X tells nothing of the person
	noInput string           // why it is nil
	desktop *service.Desktop // nil where no service manager has started us: our environment is then the person's own
}

// notes are what the person sees and presses. The simulated desk of the soak has its own; everywhere else it is a
// *notify.Notifier, which says what the methods do.
type notes interface {
	Show(note notify.Note)
	Withdraw(slot string)
	Check() api.Check
	Changed() <-chan struct{}
	Run(ctx context.Context) error
}

// newRooms makes the rooms and lets them post what they learn.
func (d *daemon) newRooms() *rooms {
	if d.opts.desk != nil {
		return d.opts.desk(d)
	}
	log := d.opts.Log
	r := &rooms{session: bus.Session(log), system: bus.System(log)}
	r.notes = notify.New(r.session, d.opts.Terminal, d.answered, log)
	presence.NewLogind(r.system, d.desk, log)
	if service.Managed() {
		r.desktop = service.NewDesktop(r.session, d.onAnotherScreen, log)
	}
	display, why := inputDisplay()
	if r.noInput = why; why == "" {
		r.x11 = presence.NewX11(display, d.input, d.screen, log)
	}
	return r
}

// inputDisplay is the X display that sees all input of the person, or why there is none.
func inputDisplay() (display, why string) {
	switch {
	case os.Getenv("WAYLAND_DISPLAY") != "" || os.Getenv("XDG_SESSION_TYPE") == "wayland":
		// An X server inside a Wayland session sees the input of X windows alone and would call a person who
		// types elsewhere idle.
		return "", "a Wayland session, whose input this version cannot see"
	case os.Getenv("DISPLAY") == "":
		return "", "no display"
	}
	return os.Getenv("DISPLAY"), ""
}

// start starts what runs for as long as the daemon.
func (r *rooms) start(start func(name string, part func(context.Context) error), log *slog.Logger) {
	start("desktop", r.converse)
	if r.desktop != nil {
		start("desktop's environment", r.desktop.Run)
	}
	if r.x11 != nil {
		start("X display", func(ctx context.Context) error {
			_ = r.x11.Run(ctx) // a name that makes no sense: it has been reported, and the rest can do without
			return nil
		})
	} else {
		log.Warn("keyboard and mouse cannot be seen; after a minute the clock alone counts", "reason", r.noInput)
	}
}

// converse runs the buses and the notes. The notes end first, so that they can take themselves off the screen.
func (r *rooms) converse(ctx context.Context) error {
	busCtx, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	var buses sync.WaitGroup
	for _, b := range []*bus.Bus{r.session, r.system} {
		if b != nil { // a simulated desk has none
			buses.Go(func() { _ = b.Run(busCtx) }) // always nil
		}
	}
	err := r.notes.Run(ctx)
	hangUp()
	buses.Wait()
	return err
}

// watchNotes passes on whether notes can be shown. It never ends before ctx.
func (d *daemon) watchNotes(ctx context.Context) error {
	said := "" // what is wrong, as last passed on
	for {
		wrong := ""
		if c := d.rooms.notes.Check(); c.Status == checkMissing {
			wrong = c.Detail
		}
		if wrong != said {
			said = wrong
			d.loop.post(core.Event{Problems: notesProblem(wrong)})
		}
		select {
		case <-d.rooms.notes.Changed():
		case <-ctx.Done():
			return nil
		}
	}
}

func notesProblem(wrong string) *core.Problems {
	p := &core.Problems{Part: "notify"}
	if wrong != "" {
		p.List = []api.Problem{problem("notify", words.ProblemNoNotifications, words.ProblemFacts{Detail: wrong})}
	}
	return p
}

// input passes the sensor's word on.
func (d *daemon) input(in presence.Input) {
	if in.State == presence.Unknown {
		d.lookForDesktop()
	}
	d.why.Store(&in.Why)
	d.loop.post(core.Event{Input: &core.Input{State: in.State, Source: in.Source, Idle: in.Idle}})
}

func (d *daemon) screen(s presence.Screen) {
	d.loop.post(core.Event{Screen: &core.Screen{Dark: s.Dark}})
}

// desk passes logind's word on. A daemon that somebody started in a terminal has a person to count for, too.
func (d *daemon) desk(s presence.Session) {
	d.lookForDesktop()
	d.session.Store(&s)
	d.loop.post(core.Event{Desk: &core.Desk{
		Locked: s.Locked, Inactive: s.Inactive, Sleeping: s.Sleeping,
		Here: s.Known && !s.Inactive || d.opts.Terminal != nil,
	}})
}

// idle asks the sensor how long there has been no input, for the status: null where it cannot tell.
func (d *daemon) idle(ctx context.Context, s api.State) *float64 {
	if d.rooms.x11 == nil || s.Presence.Source != "x11" || s.Presence.State == presence.Unknown {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	idle, err := d.rooms.x11.Idle(ctx)
	if err != nil {
		return nil
	}
	v := idle.Round(time.Millisecond).Seconds()
	return &v
}

// inputWhy is why the input sensor is not to be had, in plain words.
func (d *daemon) inputWhy() string {
	if d.rooms.noInput != "" {
		return d.rooms.noInput
	}
	if why := d.why.Load(); why != nil {
		return *why
	}
	return fmt.Sprintf("the X display %s has not answered yet", os.Getenv("DISPLAY"))
}

// lookForDesktop is called when something has happened that may mean that a desktop has come up.
func (d *daemon) lookForDesktop() {
	if d.rooms != nil && d.rooms.desktop != nil {
		d.rooms.desktop.Look()
	}
}
