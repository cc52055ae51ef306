package daemon

import (
	"github.com/unhunch/unhunch/daemon/api"
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
