package daemon

import (
	"bytes"
	"context"
	"io"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/server"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
	"github.com/unhunch/unhunch/daemon/words"
)

var _ server.Backend = (*daemon)(nil)

// State is the newest state with everything that is not the core's.
func (d *daemon) State(ctx context.Context) api.State {
	s := d.now()
	if s.Presence.State == sitting.InputUnknown {
		d.lookForDesktop() // whoever asks has come from somewhere: the tray, or a terminal
	}
	s.Boot, s.Version = d.boot, d.opts.Version
	s.Presence.IdleS = d.idle(ctx, s)
	s.Problems = append(s.Problems, d.sensorProblems(s)...)
	s.Suggestion = d.suggestion()
	s.Card = d.card.Load()
	s.ProfileOffer = d.offer(d.person(), d.loop.snapshot.Load().state, clock.Now().Wall)
	return s
}

// sensorProblems says what presence cannot tell.
func (d *daemon) sensorProblems(s api.State) []api.Problem {
	state := d.loop.snapshot.Load().state
	code := ""
	switch {
	case state.Sit.Phantom:
		code = words.ProblemPhantomInput
	case s.Presence.Source == "timer":
		code = words.ProblemTimerMode
	case s.Presence.State != sitting.InputUnknown:
		return nil
	case d.sensed().Unfit:
		code = words.ProblemNoSensor
	default:
		code = words.ProblemSensorLost
	}
	return []api.Problem{problem("presence", code, words.ProblemFacts{Detail: d.sensed().Why})}
}

// suggestion is a better setting after three equal corrections.
func (d *daemon) suggestion() *api.Problem {
	state := d.loop.snapshot.Load().state
	if state.Sit.Suggestion == "" {
		return nil
	}
	cfg := d.cfg.Load().Sitting
	between := cfg.SureAfter - cfg.AwayAfter
	better := min(2*cfg.AwayAfter, cfg.AwayAfter+3*between/4) // the silences were sitting: let longer ones pass
	if state.Sit.Suggestion == sitting.Away {
		better = cfg.AwayAfter + between/2 // they were breaks: believe in them earlier
	}
	message, hint := words.Suggestion(string(state.Sit.Suggestion), better)
	return &api.Problem{Part: "sitting", Code: "suggestion", Message: message, Hint: hint}
}

// Changed is closed when there is a newer revision.
func (d *daemon) Changed() <-chan struct{} { return d.loop.snapshot.Load().changed }

// Do carries out a command. It returns once the outcome is on disk, so that what was acknowledged survives a crash.
func (d *daemon) Do(ctx context.Context, c server.Command) error { return d.do(ctx, c, d.guideFor) }

// do is Do, with who chooses the guide of a session.
func (d *daemon) do(ctx context.Context, c server.Command, guide func(ctx context.Context, asked string) string) error {
	command := core.Command{
		Name: c.Name, For: c.Duration, Tomorrow: c.Tomorrow, Off: c.Off, Posture: sitting.Posture(c.Posture),
		Feeling: c.Feeling,
	}
	if c.Name == "stretch" {
		plan, err := d.plan(d.loop.snapshot.Load().state, c.Stretch)
		if err != nil {
			return planError(err)
		}
		command.Plan, command.Guide = &plan, c.Stretch.Guide
		if !d.loop.snapshot.Load().state.Player.Running() { // else it is refused, and nothing is to be opened
			command.Guide = guide(ctx, c.Stretch.Guide)
		}
	}
	out, err := d.loop.ask(ctx, core.Event{Command: &command})
	if err != nil {
		return err
	}
	if out.refused != "" {
		return d.refusal(out.refused)
	}
	if d.saver != nil {
		d.saver.flush()
	}
	d.recorded(ctx)
	if c.Name == "session/hurt" {
		d.profile.Flush()
	}
	return nil
}

func (d *daemon) refusal(code string) error {
	s := d.now()
	message, hint := words.Refusal(code, words.RefusalFacts{
		Most: reminder.MaxSnooze, Snoozes: d.cfg.Load().Reminder.MaxSnoozes,
		DueIn: time.Duration(s.Sitting.DueInS * float64(time.Second)),
	})
	return &server.Refusal{Message: message, Hint: hint}
}

// Quit ends the daemon.
func (d *daemon) Quit() { d.quit() }

// EventLog writes the last events as JSON lines. The loop only copies them; w may be slow.
func (d *daemon) EventLog(w io.Writer) error {
	var log bytes.Buffer
	var err error
	if ended := d.loop.look(context.Background(), func(l *core.Log) { err = l.Write(&log, d.opts.Version) }); ended != nil {
		return ended
	}
	if err != nil {
		return err
	}
	_, err = log.WriteTo(w)
	return err
}

// Routines is the catalogue.
func (d *daemon) Routines() api.Routines { return apiRoutines(d.catalogue()) }
