package daemon

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/internal/bus"
	"github.com/unhunch/unhunch/daemon/internal/notify"
	"github.com/unhunch/unhunch/daemon/internal/presence"
)

// diagnose looks around without a daemon: what one would find here.
func diagnose(ctx context.Context, configPath, version string) api.Doctor {
	ctx, cancel := context.WithTimeout(ctx, lookAround)
	defer cancel()
	e := &examiner{input: make(chan presence.Input, 1), desk: make(chan presence.Session, 1)}
	e.begin(ctx) // what it starts ends with ctx; what hangs nevertheless ends with this program
	return api.Doctor{Version: version, Checks: []api.Check{
		e.presence(ctx), e.logind(ctx), e.notify(ctx), configCheck(configPath), ownCheck(),
	}}
}

// An examiner starts the rooms that look at the desktop, and waits for their first word.
type examiner struct {
	input     chan presence.Input // the newest word
	desk      chan presence.Session
	notes     *notify.Notifier
	displayed bool
}

func (e *examiner) begin(ctx context.Context) {
	silent := slog.New(slog.DiscardHandler)
	session, system := bus.Session(silent), bus.System(silent)
	e.notes = notify.New(session, nil, func(notify.Answer) {}, silent)
	presence.NewLogind(system, func(s presence.Session) { offer(e.desk, s) }, silent)
	runs := []func(context.Context) error{session.Run, system.Run, e.notes.Run}
	sensor, err := newSensor(session, e.hear, func(presence.Screen) {}, func(s presence.Session) { offer(e.desk, s) }, silent)
	if err != nil {
		offer(e.input, presence.Input{State: presence.Unknown, Why: err.Error()})
	} else {
		e.displayed = true
		runs = append(runs, sensor.Run)
	}
	for _, run := range runs {
		go func() { _ = run(ctx) }() // what fails shows in the checks
	}
}

// offer leaves v where the first taker finds it.
func offer[T any](c chan T, v T) {
	select {
	case c <- v:
	default:
	}
}

// hear keeps the sensor's newest word. Sensors speak one at a time.
func (e *examiner) hear(in presence.Input) {
	select {
	case <-e.input:
	default:
	}
	e.input <- in
}

// secondThought is how long a sensor that sees nothing gets for a better word: in a Wayland session two look, and the
// first to answer may be the one that cannot tell.
const secondThought = 300 * time.Millisecond

func (e *examiner) presence(ctx context.Context) api.Check {
	last := presence.Input{State: presence.Unknown, Why: "the display does not answer"}
	ends := ctx.Done()
	for {
		select {
		case last = <-e.input:
			if last.State != presence.Unknown || !e.displayed {
				return sensorCheck(last, e.displayed, false)
			}
			thought, cancel := context.WithTimeout(ctx, secondThought)
			defer cancel()
			ends = thought.Done()
		case <-ends:
			return sensorCheck(last, e.displayed, false)
		}
	}
}

func (e *examiner) logind(ctx context.Context) api.Check {
	d := &daemon{}
	select {
	case s := <-e.desk:
		d.session.Store(&s)
	case <-ctx.Done():
	}
	return d.logindCheck()
}

func (e *examiner) notify(ctx context.Context) api.Check {
	for {
		if c := e.notes.Check(); c.Status == checkOK {
			return c
		}
		select {
		case <-e.notes.Changed():
		case <-ctx.Done():
			return e.notes.Check()
		}
	}
}

func configCheck(path string) api.Check {
	_, err := config.Load(path)
	if err == nil {
		return partCheck("config", nil)[0]
	}
	c := api.Check{Part: "config", Status: checkDegraded, Detail: err.Error(), Hint: "correct it, then: unhunch config check"}
	if fault, ok := errors.AsType[*config.Error](err); ok && fault.Hint != "" {
		c.Hint = fault.Hint
	}
	return c
}
