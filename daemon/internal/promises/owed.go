package promises

import (
	"time"

	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
)

// thereNow says whether somebody is certainly at the desk: not long silent, or said to be there by something of which
// others judge whether it may.
func (j *Judge) thereNow(after *core.State) bool {
	if j.absent() || j.gone || j.lost || after.Sit.Phantom {
		return false
	}
	p := after.Sit.View(after.T).Posture
	return !j.idle || j.t-j.quiet < after.Sit.Settings.AwayAfter || p == sitting.Sitting || p == sitting.Standing
}

// owed judges that a break that is due is asked for, once nothing but the person's work has stood in the way for long
// enough. Where several things could, it is not sure and does not judge.
func (j *Judge) owed(after *core.State) {
	if v := after.Sit.View(after.T); after.Rem.Phase == reminder.Quiet && !after.Rem.Standing && v.Load >= after.Rem.Point {
		j.broken(Owed, "a break is due after %v, and the phase is quiet", v.Load)
	}
	was := j.free
	if j.free = !j.late && !j.inTheWay(after); !was || !j.free {
		j.ready = j.t
		return
	}
	set := after.Rem.Settings
	soon := j.ready + slack
	switch {
	case j.idle && j.quiet < j.ready: // it began before: it may be an empty chair
		return
	case j.idle:
		soon = max(soon, j.sign+set.PauseInInput+slack)
	default:
		soon = max(soon+set.Patience, j.seen+slack)
	}
	if j.t > soon {
		j.broken(Owed, "a break is owed, nothing stands in its way since %v, and nobody is asked", j.t-j.ready)
	}
}

// inTheWay says whether something stands between the person and the prompt, or may.
func (j *Judge) inTheWay(after *core.State) bool {
	set, phase := after.Rem.Settings, after.Rem.Phase
	switch {
	case phase != reminder.Due && phase != reminder.Held, after.Rem.Reason == reminder.ReasonMeeting:
		return true
	case !j.thereNow(after), j.guided, j.stillPaused(), j.t < j.meeting:
		return true
	case j.t <= j.woke+set.WakeGrace, j.t <= j.left+set.MinGap:
		return true
	case j.holds.holding(j.t, set.Holds) != "":
		return true
	}
	wall := after.At.Wall.In(after.Location())
	return nearChange(wall) || !working(set.Hours, wall)
}

// nearChange says whether clocks change around t.
func nearChange(t time.Time) bool {
	_, offset := t.Zone()
	for _, near := range []time.Duration{-2 * time.Hour, 2 * time.Hour} {
		if _, other := t.Add(near).Zone(); other != offset {
			return true
		}
	}
	return false
}
