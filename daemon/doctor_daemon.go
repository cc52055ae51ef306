package daemon

import (
	"context"
	"os"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/presence"
	"github.com/unhunch/unhunch/daemon/words"
)

// ownPart is the part of the person's own exercises.
const ownPart = "routines"

// Doctor examines all parts of the running daemon.
func (d *daemon) Doctor(ctx context.Context) api.Doctor {
	s := d.State(ctx)
	checks := []api.Check{
		found("daemon", words.DoctorRunning, words.DoctorFacts{PID: os.Getpid()}),
		d.presenceCheck(s), d.logindCheck(), d.rooms.notes.Check(),
	}
	if d.rooms.sensor != nil {
		checks = append(checks, screenCheck(d.lit.Load()))
	}
	checks = append(checks, d.vouchChecks()...)
	checks = append(checks, d.holdChecks(ctx)...)
	for _, part := range []string{"config", ownPart, "state", profilePart, "history"} {
		checks = append(checks, partCheck(part, s.Problems)...)
	}
	return maskFor(os.Getenv).report(api.Doctor{Version: d.opts.Version, PID: os.Getpid(), Checks: checks})
}

// presenceCheck says what sees keyboard and mouse, or why nothing does.
func (d *daemon) presenceCheck(s api.State) api.Check {
	for _, p := range s.Problems {
		if p.Part == "presence" && p.Code == words.ProblemPhantomInput {
			return found("presence", words.DoctorSensorUnsure, words.DoctorFacts{})
		}
	}
	c := sensorCheck(d.sensed(), d.rooms.sensor != nil, s.Presence.Source == "timer")
	if c.Status == checkMissing { // a daemon that runs has the clock to go by
		c.Status = checkDegraded
	}
	return c
}

// screenCheck says what is known of the screen, of which nothing may ever have been said.
func screenCheck(s *presence.Screen) api.Check {
	const part = "screen"
	switch {
	case s == nil || s.How == "":
		return found(part, words.DoctorScreenUnseen, words.DoctorFacts{})
	case s.Dark:
		return found(part, words.DoctorScreenDark, words.DoctorFacts{Name: s.How})
	}
	return found(part, words.DoctorScreen, words.DoctorFacts{Name: s.How})
}

// sensorCheck is a sensor's word as a check. displayed says that there is a display to see something by, timed that the
// clock alone counts.
func sensorCheck(in presence.Input, displayed, timed bool) api.Check {
	code, facts := words.DoctorSensor, words.DoctorFacts{Name: in.Source, Detail: in.How, Clock: timed}
	if in.State == presence.Unknown {
		facts.Detail = in.Why
		switch {
		case !displayed:
			code = words.DoctorSensorNone
		case in.Unfit:
			code = words.DoctorSensorUnfit
		default:
			code = words.DoctorSensorLost
		}
	}
	return found("presence", code, facts)
}

// partCheck turns the problems of a part into checks; none is one that is well.
func partCheck(part string, problems []api.Problem) []api.Check {
	var out []api.Check
	for _, p := range problems {
		if p.Part == ownPart && part == ownPart { // what the person's own files are called, and what is in them, is theirs
			return []api.Check{found(part, words.DoctorOwnFiles, words.DoctorFacts{})}
		}
		if p.Part == part {
			out = append(out, api.Check{Part: part, Status: checkDegraded, Detail: p.Message, Hint: p.Hint})
		}
	}
	if out == nil {
		out = []api.Check{{Part: part, Status: checkOK, Detail: map[string]string{
			"config": "the settings are valid", ownPart: "the exercises are in order", "state": "the count is saved", "history": "your history is written",
			profilePart: "what you tell of yourself is kept",
		}[part]}}
	}
	return out
}
