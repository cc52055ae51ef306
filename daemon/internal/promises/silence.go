package promises

import (
	"slices"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
)

// silence is what the judge knows of the time in which the person gives no input, and of what vouches for them.
type silence struct {
	hand   time.Duration // the last sign of life but for programs that vouch
	quiet  time.Duration // the last input before the silence that goes on
	plain  bool          // nothing has happened in that silence but that it was vouched for
	dueBy  time.Duration // since when a break is due or asked for; never for not
	by     []voucher     // of the last answer
	atMost time.Duration // that something may vouch

	// What was sat by a moment at which the count and the judge agreed.
	sat, satAt time.Duration
}

// A voucher is something that vouches for the person.
type voucher struct {
	id     int
	first  time.Duration
	locked bool // it was there while the screen was locked
	lasts  bool // a fixture
}

// silenceOf takes over what came before.
func silenceOf(s *core.State, at func(time.Duration) time.Duration) silence {
	q := silence{dueBy: never, atMost: s.Sit.Settings.InhibitAtMost, hand: at(s.Sit.QuietFrom), quiet: at(s.Sit.QuietFrom)}
	if s.Sit.VouchFrom != 0 {
		q.hand = at(s.Sit.VouchFrom)
	}
	if s.Rem.AskedAt != 0 {
		q.dueBy = at(s.Rem.AskedAt)
	}
	for _, v := range s.Sit.Vouchers {
		q.by = append(q.by, voucher{v.ID, at(v.Since), v.Locked, v.Fixture})
	}
	q.sat = s.Sit.View(s.T).Sat
	return q
}

// vouches takes in what was found to vouch for the person.
func (j *Judge) vouches(ids []int) {
	var by []voucher
	for _, id := range ids {
		v := voucher{id: id, first: j.t}
		if i := slices.IndexFunc(j.silence.by, func(o voucher) bool { return o.id == id }); i >= 0 {
			v = j.silence.by[i]
		}
		v.lasts = v.lasts || v.locked && !j.desk.Locked || j.t >= v.first+fixtureAfter
		v.locked = v.locked || j.desk.Locked
		by = append(by, v)
	}
	j.silence.by = by
	j.speaksFor()
}

// until is until when something vouches for the person, whatever goes on.
func (q *silence) until(now time.Duration) time.Duration {
	end := never
	for _, v := range q.by {
		if !v.lasts {
			end = max(end, min(now, v.first+fixtureAfter))
		}
	}
	return min(end, q.hand+q.atMost)
}

// answers says whether the silence is the answer to a prompt, or to a break that was due: nothing vouches for it.
func (q *silence) answers() bool { return q.dueBy != never && q.quiet >= q.dueBy }

// speaksFor lets what vouches be a sign of life.
func (j *Judge) speaksFor() {
	if j.idle && !j.absent() && !j.gone && !j.guided && !j.silence.answers() && j.silence.atMost > 0 {
		j.sign = max(j.sign, j.silence.until(j.t))
	}
}

// sat judges what a silence counts as.
func (j *Judge) sat(before core.State, e core.Event, after *core.State) {
	q, v, set := &j.silence, after.Sit.View(after.T), after.Sit.Settings
	q.atMost = set.InhibitAtMost
	at := v.Posture == sitting.Sitting || v.Posture == sitting.Standing
	silent := j.idle && !j.absent() && !j.gone && !j.guided && !after.Sit.Phantom && j.t >= max(j.vouched, j.meeting)
	if silent && at && j.t-j.sign >= set.AwayAfter {
		j.broken(Awake, "it counts as %s %v after the last sign of life", v.Posture, j.t-j.sign)
	}
	day := !before.Rem.DayEnds.Equal(after.Rem.DayEnds)
	switch told := e.Command != nil || e.Recalled != nil || e.Settings != nil || day; {
	case !silent:
		q.sat, q.satAt = v.Sat, min(j.t, j.sign)
	case told: // how what was before counts may have changed
		q.sat, q.satAt = v.Sat, min(q.satAt, j.sign)
	default:
		if most := j.sign - q.satAt + set.AwayAfter; v.Sat-q.sat > most {
			j.broken(Awake, "%v of a silence count as sitting, %v at most can", v.Sat-q.sat, most)
		}
	}
	if e.Vouch != nil && silent && !at && j.mustSit(before, set) {
		j.broken(Awake, "something vouches for a silence of %v, and it counts as %s", j.t-q.quiet, v.Posture)
	}
	q.note(j.t, after.Rem.Phase)
}

// mustSit says whether a silence of which it was just heard that something vouches for it has to count.
func (j *Judge) mustSit(before core.State, set sitting.Settings) bool {
	q := &j.silence
	open := j.t-q.quiet >= set.AwayAfter && j.t-q.quiet < set.SureAfter
	due := before.Rem.Phase == reminder.Due || before.Rem.Phase == reminder.Prompted
	return q.plain && max(j.vouched, j.meeting) <= q.quiet && open && !due && q.dueBy == never && q.until(j.t) == j.t
}

// note keeps since when a break is due or asked for. A silence that is the answer stays one when nothing is due any more.
func (q *silence) note(now time.Duration, phase reminder.Phase) {
	q.plain = q.plain && !q.answers()
	switch asked := phase == reminder.Due || phase == reminder.Prompted; {
	case !asked:
		q.dueBy = never
	case q.dueBy == never:
		q.dueBy = now
	}
}
