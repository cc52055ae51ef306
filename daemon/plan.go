package daemon

import (
	"context"
	"errors"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/internal/server"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

// Plan is the session that a daemon which knows nothing of the person would start, by the settings at configPath.
func Plan(configPath string, r api.PlanRequest) (api.Plan, error) {
	cfg, err := config.Load(configPath)
	if err != nil {
		return api.Plan{}, err
	}
	want, err := wanted(cfg, r.StretchRequest)
	if err != nil {
		return api.Plan{}, planError(err)
	}
	want.At = time.Now()
	all, _ := Catalogue() // what is wrong with own files is for routines check to say
	return dryRun(all, want, r.WhyNot)
}

// Plan is the session that the request would start, and why. It is part of server.Backend.
func (d *daemon) Plan(_ context.Context, r api.PlanRequest) (api.Plan, error) {
	want, err := d.wanted(d.loop.snapshot.Load().state, r.StretchRequest)
	if err != nil {
		return api.Plan{}, planError(err)
	}
	return dryRun(d.catalogue(), want, r.WhyNot)
}

// wanted is what the request asks of the planner: what it leaves open is as the settings say.
func wanted(cfg config.Config, r api.StretchRequest) (routines.Request, error) {
	want := routines.Request{Routine: r.Routine, Place: r.Place, Equipment: r.Equipment, Pace: cfg.Session.Pace}
	if r.Routine == "" { // a named routine has a place and a length of its own
		if want.Place == "" && cfg.Session.Place != routines.Standing {
			want.Place = cfg.Session.Place // standing is what is usual: for whom it is not, the planner knows better
		}
		if want.Length = cfg.Session.Length; want.Place == routines.Floor {
			want.Length = max(want.Length, routines.FloorLength)
		}
	}
	if r.Length != "" {
		length, err := config.ParseDuration(r.Length)
		if err != nil {
			return want, err
		}
		want.Length = length
	}
	return want, nil
}

// dryRun is the plan in words, with the reason why an exercise is not in it if one is asked about. That is answered
// also where there is no session at all.
func dryRun(c *routines.Catalogue, want routines.Request, whyNot string) (api.Plan, error) {
	plan, err := c.Plan(want)
	if err != nil && (whyNot == "" || !errors.Is(err, routines.ErrNothingFits)) {
		return api.Plan{}, planError(err)
	}
	out := apiPlan(plan)
	if whyNot == "" {
		return out, nil
	}
	a, err := c.WhyNot(want, whyNot)
	if err != nil {
		return api.Plan{}, planError(err)
	}
	message, hint := words.PlanAbsence(a)
	out.WhyNot = &api.Absence{Exercise: a.Exercise, Name: a.Name, Code: a.Why, Message: message, Hint: hint}
	return out, nil
}

func apiPlan(p routines.Plan) api.Plan {
	out := api.Plan{Routine: p.Routine, LengthS: p.Length().Seconds(), Steps: []api.PlanStep{}}
	if p.Note != "" {
		out.NoteCode, out.Note = p.Note, words.PlanNote(p.Note)
	}
	for _, s := range p.Steps {
		out.Steps = append(out.Steps, api.PlanStep{
			Exercise: s.Exercise, Side: s.Side, ReadyS: s.Ready.Seconds(), WorkS: s.Work.Seconds(),
			Why: words.PlanWhy(s.Why), WhyCode: s.Why,
		})
	}
	return out
}

// planError tells a request that makes no sense from one that cannot be met.
func planError(err error) error {
	if errors.Is(err, routines.ErrNothingFits) {
		message, hint := words.Refusal(words.NoExercises, noExercises(err))
		return &server.Refusal{Message: message, Hint: hint}
	}
	return &server.Invalid{Message: err.Error(), Hint: "see: unhunch stretch --help, and unhunch routines list"}
}

// noExercises is why there is no session.
func noExercises(err error) words.RefusalFacts {
	if none, ok := errors.AsType[*routines.NothingFits](err); ok {
		return words.RefusalFacts{Why: none.Why}
	}
	return words.RefusalFacts{}
}
