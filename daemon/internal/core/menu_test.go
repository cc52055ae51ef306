package core

import (
	"time"

	"pgregory.net/rapid"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
	"github.com/unhunch/unhunch/tray/menu"
)

// checkMenu: the tray offers nothing that would be refused, greys no answer to a break that would not be, and a tick
// clicked on changes. It is checked against the rules themselves, after every event of a life.
func (l *life) checkMenu(t *rapid.T) {
	s := View(l.State, l.now)
	check := func(e menu.Entry) {
		if e.Hidden || e.Click == nil || e.Click.Do == "" {
			return
		}
		after, refused := l.wouldBe(menuCommand(t, *e.Click))
		switch {
		case e.Disabled && e.ID == "skip" && s.Reminder.Phase != "paused" && s.Reminder.Phase != "off_hours" && refused == "":
			t.Fatalf("%s is greyed, but would be done: %s", e.ID, mustJSON(t, s))
		case !e.Disabled && refused != "":
			t.Fatalf("%s is offered, but refused: %s: %s", e.ID, refused, mustJSON(t, s))
		case !e.Disabled && e.Tick && (after.Posture == "sitting" || after.Posture == "standing"):
			for _, now := range menu.Build(menu.Facts{State: &after, Now: l.now.Wall}).Entries {
				if now.ID == e.ID && now.Ticked == e.Ticked {
					t.Fatalf("%s was clicked and its tick is still %t: %s", e.ID, e.Ticked, mustJSON(t, after))
				}
			}
		}
	}
	for _, e := range menu.Build(menu.Facts{State: &s, Now: l.now.Wall}).Entries {
		check(e)
		if e.Hidden || e.Disabled {
			continue
		}
		for _, c := range e.Children {
			check(c)
		}
	}
}

// menuCommand is the command that a click becomes.
func menuCommand(t *rapid.T, click menu.Click) Command {
	c := Command{Name: click.Do}
	switch body := click.Body.(type) {
	case api.StretchRequest:
		c.Plan, c.Guide = plan("standing"), body.Guide
	case api.WasRequest:
		c.Posture = sitting.Posture(body.Posture)
	case api.DurationRequest:
		switch body.Duration {
		case "":
		case "tomorrow":
			c.Tomorrow = true
		case "off":
			c.Off = true
		default:
			d, err := time.ParseDuration(body.Duration)
			if err != nil {
				t.Fatal(err)
			}
			c.For = d
		}
	}
	return c
}

// wouldBe is the state after c, and why c would be refused.
func (l *life) wouldBe(c Command) (after api.State, refused string) {
	state, out := Step(l.State, Event{At: l.now, Command: &c})
	for _, f := range out {
		refused += f.Refused
	}
	return View(state, l.now), refused
}
