package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/internal/bus"
	"github.com/unhunch/unhunch/daemon/internal/notify"
	"github.com/unhunch/unhunch/daemon/internal/presence"
	"github.com/unhunch/unhunch/routines"
)

// What commands need without a running daemon.

// Routines is the catalogue with the person's own exercises, as the API gives it.
func Routines() api.Routines {
	c, _ := Catalogue()
	return apiRoutines(c)
}

func apiRoutines(c *routines.Catalogue) api.Routines {
	out := api.Routines{Exercises: []api.Exercise{}, Routines: []api.Routine{}, Cards: []api.Card{}}
	for _, e := range c.Exercises {
		out.Exercises = append(out.Exercises, apiExercise(e))
	}
	for _, r := range c.Routines {
		plan, err := c.AsWritten(r.ID)
		if err != nil {
			continue // it is in the catalogue: it was found there just now
		}
		out.Routines = append(out.Routines, api.Routine{
			ID: r.ID, Name: r.Name, About: r.About, Place: r.Place, Level: c.LevelOf(r), Steps: apiPlan(plan).Steps,
			Author: r.Author, Own: r.Own,
		})
	}
	for _, card := range routines.Cards() {
		out.Cards = append(out.Cards, api.Card(card))
	}
	return out
}

func apiExercise(e routines.Exercise) api.Exercise {
	out := api.Exercise{
		ID: e.ID, Name: e.Name, Kind: e.Kind, Level: e.Level, Place: e.Place, Equipment: e.Equipment,
		HoldS: api.Range(e.HoldS), Reps: e.Reps, Sides: e.Sides, PerDay: e.PerDay, Direction: e.Direction,
		Steps: e.Steps, Benefits: e.Benefits, Cautions: e.Cautions, AvoidWith: e.AvoidWith, Source: e.Source,
		Author: e.Author, Own: e.Own,
		Also: e.Also, Discreet: e.Discreet, OptIn: e.OptIn, EndRange: e.EndRange, Needs: e.Needs,
	}
	if e.PerWeek != nil {
		week := api.Range(*e.PerWeek)
		out.PerWeek = &week
	}
	return out
}

// Statuses of a check.
const (
	checkOK       = "ok"
	checkDegraded = "degraded"
	checkMissing  = "missing"
)

// Doctor examines all parts of the running daemon.
func (d *daemon) Doctor(ctx context.Context) api.Doctor {
	s := d.State(ctx)
	checks := []api.Check{
		{Part: "daemon", Status: checkOK, Detail: fmt.Sprintf("running as process %d", os.Getpid())},
		d.presenceCheck(s), d.logindCheck(), d.rooms.notes.Check(),
	}
	for _, part := range []string{"config", "routines", "state", profilePart, "history"} {
		checks = append(checks, partCheck(part, s.Problems)...)
	}
	return api.Doctor{Version: d.opts.Version, Checks: checks}
}

func (d *daemon) presenceCheck(s api.State) api.Check {
	c := api.Check{Part: "presence", Status: checkOK, Detail: "keyboard and mouse by " + s.Presence.Source}
	for _, p := range s.Problems {
		if p.Part != "presence" {
			continue
		}
		c.Status, c.Detail, c.Hint = checkDegraded, p.Message, "it is tried again by itself"
		if d.rooms.x11 == nil {
			c.Detail, c.Hint = p.Message+" ("+d.rooms.noInput+")", sensorHint
		}
	}
	return c
}

const sensorHint = "run it in an X11 session; Wayland desktops are not supported yet"

func (d *daemon) logindCheck() api.Check {
	c := api.Check{Part: "session", Status: checkOK, Detail: "lock and suspend by logind"}
	if s := d.session.Load(); s == nil || !s.Known {
		c.Status, c.Detail = checkDegraded, "lock, suspend and user switching are not seen"
		c.Hint = "suspend is still noticed by the clocks; a lock is, too, once the keyboard has been quiet"
		if s != nil && s.Why != "" {
			c.Detail += ": " + s.Why
		}
	}
	return c
}

// partCheck turns the problems of a part into checks; none is one that is well.
func partCheck(part string, problems []api.Problem) []api.Check {
	var out []api.Check
	for _, p := range problems {
		if p.Part == part {
			out = append(out, api.Check{Part: part, Status: checkDegraded, Detail: p.Message, Hint: p.Hint})
		}
	}
	if out == nil {
		out = []api.Check{{Part: part, Status: checkOK, Detail: map[string]string{
			"config": "the settings are valid", "routines": "the exercises are in order", "state": "the count is saved", "history": "your history is written",
			profilePart: "what you tell of yourself is kept",
		}[part]}}
	}
	return out
}

// lookAround is how long Diagnose gives the desktop to answer.
const lookAround = time.Second

// Diagnose looks around without a daemon: what one would find here.
func Diagnose(ctx context.Context, configPath, version string) api.Doctor {
	ctx, cancel := context.WithTimeout(ctx, lookAround)
	defer cancel()
	e := &examiner{input: make(chan presence.Input, 1), desk: make(chan presence.Session, 1)}
	e.begin(ctx)
	d := api.Doctor{Version: version, Checks: []api.Check{
		{Part: "daemon", Status: checkMissing, Detail: "not running", Hint: "start it with: unhunch service install, or for this once: unhunch daemon"},
		e.presence(ctx), e.logind(ctx), e.notify(ctx), configCheck(configPath), ownCheck(),
	}}
	cancel()
	e.parts.Wait()
	return d
}

// An examiner starts the rooms that look at the desktop, and waits for their first word.
type examiner struct {
	parts   sync.WaitGroup
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
		e.parts.Go(func() { _ = run(ctx) }) // what fails shows in the checks
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
		return api.Check{Part: "presence", Status: checkOK, Detail: "keyboard and mouse by " + in.Source}
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
