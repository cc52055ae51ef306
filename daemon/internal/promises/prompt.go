package promises

import (
	"time"

	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
)

// lastMinutes of the working hours in which nobody is asked any more.
const lastMinutes = 5 * time.Minute

// screen judges what came on the screen and went.
func (j *Judge) screen(before core.State, e core.Event, effects []core.Effect, after *core.State) {
	for _, f := range effects {
		switch {
		case f.Guide != nil:
			j.guided = f.Guide.Phase != ""
		case f.Look:
			if e.Holds == nil { // else the answer is here already
				j.holds.asked = j.t
			}
		case f.Prompt != nil:
			j.prompt(f.Prompt, after)
		case f.Withdraw && j.shown:
			if !j.out {
				j.left = j.when(before, after, after.Rem.LeftAt)
			}
			j.shown = false
		}
	}
}

// when is a moment that the machine names, on the judge's timeline, if it lies within this step: a step may come late.
func (j *Judge) when(before core.State, after *core.State, t time.Duration) time.Duration {
	if t <= before.T || t > after.T {
		return j.t
	}
	return j.t - (after.T - t)
}

// prompt judges the moment at which a break is asked for.
func (j *Judge) prompt(p *reminder.Prompt, after *core.State) {
	at, set := j.t, after.Rem.Settings
	if s := after.Rem.Shown; s != nil {
		at = j.t - (after.T - s.At)
	}
	late := j.t - at
	switch {
	case j.locked():
		j.broken(GoodMoment, "prompted while locked")
	case j.dark:
		j.broken(GoodMoment, "prompted at a dark screen")
	case j.desk.Sleeping:
		j.broken(GoodMoment, "prompted while going to sleep")
	case j.stillPaused():
		j.broken(GoodMoment, "prompted while paused")
	case at < j.meeting:
		j.broken(GoodMoment, "prompted in a meeting")
	case j.guided:
		j.broken(GoodMoment, "prompted in a session")
	case j.gone:
		j.broken(GoodMoment, "prompted before anybody was seen after the machine slept")
	case j.idle && !after.Sit.Phantom && at-j.sign >= after.Sit.Settings.AwayAfter:
		j.broken(GoodMoment, "prompted %v after the last sign of life", at-j.sign)
	case at-j.woke < set.WakeGrace:
		j.broken(GoodMoment, "prompted %v after waking", at-j.woke)
	case !working(set.Hours, after.At.Wall.Add(-late).In(after.Location())):
		j.broken(GoodMoment, "prompted outside working hours")
	}
	if p := after.Sit.View(after.T).Posture; p == sitting.Away || p == sitting.Undecided {
		j.broken(GoodMoment, "prompted while %s", p)
	}
	if j.shown {
		j.broken(Gap, "prompted while a prompt is shown")
	}
	if at < j.left+set.MinGap && !j.asked {
		j.broken(Gap, "prompted %v after the last one left the screen", at-j.left)
	}
	j.inSpite(at, p, set.Holds)
	j.shown, j.out, j.asked = true, false, false
	j.sign, j.hand = max(j.sign, at), max(j.hand, at) // silence counts anew from there
	j.quiet, j.plain = j.sign, false
}

// working says whether the clock on the wall shows working time at t and for the minutes after it. Near a change of the
// clocks, where the same hour comes twice or not at all, it does not judge.
func working(h reminder.Hours, t time.Time) bool {
	if !h.Set || nearChange(t) {
		return true
	}
	return inside(h, t) && inside(h, t.Add(lastMinutes))
}

func inside(h reminder.Hours, t time.Time) bool {
	const day = 24 * time.Hour
	hour, minute, second := t.Clock()
	now := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second +
		time.Duration(t.Nanosecond())
	for _, r := range h.Days[t.Weekday()] {
		if now >= r.From && now < r.To {
			return true
		}
	}
	for _, r := range h.Days[(t.Weekday()+6)%7] { // yesterday's may reach into today
		if now+day >= r.From && now+day < r.To {
			return true
		}
	}
	return false
}
