package daemon

import (
	"context"
	"errors"
	"log/slog"

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
	input   chan presence.Input
	desk    chan presence.Session
	notes   *notify.Notifier
	noInput string
}

func (e *examiner) begin(ctx context.Context) {
	silent := slog.New(slog.DiscardHandler)
	session, system := bus.Session(silent), bus.System(silent)
	e.notes = notify.New(session, nil, func(notify.Answer) {}, silent)
	presence.NewLogind(system, func(s presence.Session) { offer(e.desk, s) }, silent)
	runs := []func(context.Context) error{session.Run, system.Run, e.notes.Run}
	display, why := inputDisplay()
	if e.noInput = why; why == "" {
		x := presence.NewX11(display, func(in presence.Input) { offer(e.input, in) }, func(presence.Screen) {}, silent)
		runs = append(runs, x.Run)
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

func (e *examiner) presence(ctx context.Context) api.Check {
	c := api.Check{Part: "presence", Status: checkMissing, Detail: e.noInput, Hint: sensorHint}
	if e.noInput != "" {
		return c
	}
	select {
	case in := <-e.input:
		if in.State == presence.Unknown {
			c.Detail = in.Why
			return c
		}
		return api.Check{Part: "presence", Status: checkOK, Detail: "seen by " + in.Source}
	case <-ctx.Done():
		c.Detail = "the X display does not answer"
		return c
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
