package daemon

import (
	"context"
	"os"

	"github.com/unhunch/unhunch/daemon/api"
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
	checks = append(checks, d.holdChecks(ctx)...)
	for _, part := range []string{"config", ownPart, "state", profilePart, "history"} {
		checks = append(checks, partCheck(part, s.Problems)...)
	}
	return maskFor(os.Getenv).report(api.Doctor{Version: d.opts.Version, PID: os.Getpid(), Checks: checks})
}

func (d *daemon) presenceCheck(s api.State) api.Check {
	c := api.Check{Part: "presence", Status: checkOK, Detail: "seen by " + s.Presence.Source}
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
	c := api.Check{Part: "session", Status: checkOK, Detail: "seen by logind"}
	if s := d.session.Load(); s == nil || !s.Known {
		c.Status, c.Detail = checkDegraded, "they are not seen"
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
