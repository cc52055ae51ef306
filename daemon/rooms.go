package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/bus"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/hold"
	"github.com/unhunch/unhunch/daemon/internal/notify"
	"github.com/unhunch/unhunch/daemon/internal/presence"
	"github.com/unhunch/unhunch/daemon/internal/service"
	"github.com/unhunch/unhunch/daemon/internal/vouch"
	"github.com/unhunch/unhunch/daemon/words"
)

// The rooms that touch the desktop.
type rooms struct {
	session *bus.Bus
	system  *bus.Bus
	notes   notes
	sensor  presence.Sensor // of input; nil where there is no display
	vouch   vouchers
	hold    holders
	noInput string           // why it is nil
	desktop *service.Desktop // nil where no service manager has started us: our environment is then the person's own
}

// What the simulated desk of the soak has its own of. Everywhere else they are a *notify.Notifier, a *vouch.Room and a
// *hold.Desk, which say what the methods do.
type (
	// notes are what the person sees and presses.
	notes interface {
		Show(note notify.Note)
		Withdraw(slot string)
		Check() api.Check
		Changed() <-chan struct{}
		Run(ctx context.Context) error
	}
	// vouchers find out what vouches for somebody who gives no input.
	vouchers interface {
		Look()
		Watch()
		Rest()
		Name(id int) string
	}
	// holders look for reasons to stay quiet.
	holders interface {
		Look(ctx context.Context, w hold.Wants) []hold.Found
		Examine(ctx context.Context, w hold.Wants) []hold.Sight
		Listen(to []hold.Found)
	}
)

// newRooms makes the rooms and lets them post what they learn.
func (d *daemon) newRooms() *rooms {
	if d.opts.desk != nil {
		return d.opts.desk(d)
	}
	log := d.opts.Log
	r := &rooms{session: bus.Session(log), system: bus.System(log)}
	r.notes = notify.New(r.session, d.opts.Terminal, d.answered, log)
	presence.NewLogind(r.system, d.desk, log)
	vouchers := vouch.New(r.session, r.system, d.vouched, log)
	vouchers.Add("the sound server", d.listening, d.hearRecording)
	r.vouch = vouchers
	if service.Managed() {
		r.desktop = service.NewDesktop(r.session, d.onAnotherScreen, log)
	}
	sensor, err := newSensor(r.session, d.input, d.screen, d.desk, log)
	if r.sensor = sensor; err != nil {
		r.noInput = err.Error()
	}
	r.hold = hold.New(r.session, screenOf(r.sensor), d.look, log)
	return r
}

// listening is what records from a microphone: who is in a call sits there, silent or not. What the person has said is to be
// ignored is no call.
func (d *daemon) listening(ctx context.Context) ([]vouch.Thing, error) {
	streams, err := hold.Microphone(ctx)
	if errors.Is(err, hold.ErrNoSound) {
		streams, err = nil, nil
	}
	d.holds.recording.Store(&streams)
	want := holdWants(*d.cfg.Load())
	var all []vouch.Thing
	for _, s := range streams {
		if !want.Ignores(s.Found()) {
			all = append(all, vouch.Thing{ID: s.ID, Name: s.Program})
		}
	}
	return all, err
}

// hearRecording calls changed when that may be otherwise than listening has last found it.
func (d *daemon) hearRecording(ctx context.Context, changed func()) error {
	return hold.FollowMicrophone(ctx, func(now []hold.Stream) (more bool) {
		last := d.holds.recording.Load()
		if last == nil || !slices.EqualFunc(now, *last, func(a, b hold.Stream) bool { return a.ID == b.ID }) {
			changed()
		}
		return true
	})
}

// screenOf is who tells what fills the screen, if anybody does: the display's sensor.
func screenOf(s presence.Sensor) hold.Screen {
	if screen, ok := s.(hold.Screen); ok {
		return front{screen}
	}
	return nil
}

// A front is a sensor's screen in the words of those who look for reasons to stay quiet.
type front struct{ hold.Screen }

func (f front) FullScreen(ctx context.Context) (program, id string, full bool, err error) {
	program, id, full, err = f.Screen.FullScreen(ctx)
	if errors.Is(err, presence.ErrNoWindows) {
		err = hold.ErrUnseen
	}
	return program, id, full, err
}

// By is what tells of windows, where that has a name.
func (f front) By() string {
	if s, ok := f.Screen.(interface{ WindowsBy() string }); ok {
		return s.WindowsBy()
	}
	return ""
}

// start starts what runs for as long as the daemon.
func (r *rooms) start(start func(name string, part func(context.Context) error), log *slog.Logger) {
	start("desktop", r.converse)
	if r.desktop != nil {
		start("desktop's environment", r.desktop.Run)
	}
	if r.sensor != nil {
		start("display", func(ctx context.Context) error {
			_ = r.sensor.Run(ctx) // a name that makes no sense: it has been reported, and the rest can do without
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
	d.heard.Store(&in)
	d.loop.post(core.Event{Input: &core.Input{State: in.State, Source: in.Source, Idle: in.Idle}})
}

func (d *daemon) screen(s presence.Screen) {
	d.lit.Store(&s)
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
	if d.rooms.sensor == nil || s.Presence.Source == "timer" || s.Presence.State == presence.Unknown {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	idle, err := d.rooms.sensor.Idle(ctx)
	if err != nil {
		return nil
	}
	v := idle.Round(time.Millisecond).Seconds()
	return &v
}

// sensed is what the input sensor said last.
func (d *daemon) sensed() presence.Input {
	if in := d.heard.Load(); in != nil {
		return *in
	}
	why := d.rooms.noInput
	if kind, name := presence.Display(os.Getenv); why == "" && kind != "" {
		why = fmt.Sprintf("the %s display %s has not answered yet", kind, name)
	}
	if why == "" {
		why = "the system has not answered yet"
	}
	return presence.Input{State: presence.Unknown, Why: why, Unfit: d.rooms.sensor == nil}
}

// lookForDesktop is called when something has happened that may mean that a desktop has come up.
func (d *daemon) lookForDesktop() {
	if d.rooms != nil && d.rooms.desktop != nil {
		d.rooms.desktop.Look()
	}
}
