package promises

import (
	"slices"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
)

const (
	// answerTime is what a look gets. What cannot be seen by then keeps nothing back.
	answerTime = 3 * time.Second
	// fresh is how old the look may be on which somebody is asked.
	fresh = time.Second
	// lookEvery is how often is looked while a break is held back, where the person has no less patience.
	lookEvery = 30 * time.Second
	// fixtureAfter is how long a call or a film may last and be one.
	fixtureAfter = 3 * time.Hour
	// slack is what a moment may cost that is waited for.
	slack = 5 * time.Second
)

// holds are what the judge knows of reasons to stay quiet: what looks have found, and when there was none.
type holds struct {
	asked  time.Duration // when the look was asked for that is not answered yet; never for none
	looked time.Duration // when the last one was answered; never where none counts
	found  []reminder.Sighting
	since  map[string]time.Duration // reasons of which every answer has told since then, and since nobody was asked
	calls  map[string]call          // microphones and cameras, by what they are known by
	locks  int                      // so far
	shut   bool                     // the screen is locked, or so

	heldFor  string        // the reason that is told
	heldFrom time.Duration // since when
	closeBy  time.Duration // since when somebody is there for whom to look
}

// A call is a microphone or a camera, when it was first seen and after how many locks.
type call struct {
	first time.Duration
	locks int
	lasts bool // a fixture
}

// holdsOf takes over what came before.
func holdsOf(r *reminder.State, at func(time.Duration) time.Duration) holds {
	h := holds{asked: never, looked: never, since: map[string]time.Duration{}, calls: map[string]call{}, locks: r.Locks, shut: r.Locked}
	if r.LookAt != 0 {
		h.asked = at(r.LookAt)
	}
	if r.Looked != 0 {
		h.looked = at(r.Looked)
	}
	for _, s := range r.Sights {
		h.calls[s.ID] = call{at(s.First), s.Locks, s.Fixture}
	}
	for _, was := range r.Holds {
		h.found = append(h.found, reminder.Sighting{Reason: was.Reason, ID: was.ID})
		h.since[was.Reason] = at(was.Since)
	}
	return h
}

// forget is that nothing that was found counts any more.
func (h *holds) forget() {
	h.asked, h.looked, h.found = never, never, nil
	clear(h.since)
}

// countLocks counts how often the person has left the screen.
func (j *Judge) countLocks() {
	shut := j.locked() || j.desk.Sleeping
	if shut && !j.holds.shut {
		j.holds.locks++
	}
	j.holds.shut = shut
}

// answer is what a look has found.
func (j *Judge) answer(found []reminder.Sighting) {
	h := &j.holds
	h.asked, h.looked, h.found = never, j.t, nil
	calls := map[string]call{}
	for _, f := range found {
		if f.Reason == reminder.ReasonCall {
			c, known := h.calls[f.ID]
			if !known {
				c = call{first: j.t, locks: h.locks}
			}
			c.lasts = c.lasts || h.locks != c.locks || j.t >= c.first+fixtureAfter
			calls[f.ID] = c
			if c.lasts {
				continue
			}
		}
		h.found = append(h.found, f)
	}
	h.calls = calls
	for reason := range h.since {
		if !h.tells(reason) {
			delete(h.since, reason)
		}
	}
	for _, f := range h.found {
		if _, known := h.since[f.Reason]; !known {
			h.since[f.Reason] = j.t
		}
	}
}

func (h *holds) tells(reason string) bool {
	return slices.ContainsFunc(h.found, func(f reminder.Sighting) bool { return f.Reason == reason })
}

// ceiling is how long a reason may hold a break back, 0 for as long as it lasts; negative is a reason that the person
// does not want to be one.
func ceiling(reason string, set reminder.Holds) time.Duration {
	most := map[string]time.Duration{}
	if set.DoNotDisturb {
		most[reminder.ReasonDoNotDisturb] = 0
	}
	if set.Call {
		most[reminder.ReasonCall] = set.CallAtMost
	}
	if set.Fullscreen {
		most[reminder.ReasonFullscreen] = set.FullscreenAtMost
	}
	if d, wanted := most[reason]; wanted {
		return d
	}
	return -1
}

// holding is a reason that holds the break back at that time, "" for none.
func (h *holds) holding(at time.Duration, set reminder.Holds) string {
	for reason, since := range h.since {
		if most := ceiling(reason, set); most == 0 || most > 0 && at < since+most {
			return reason
		}
	}
	return ""
}

// unanswered is that a look was not answered by then.
func (h *holds) unanswered(at time.Duration) bool {
	return h.asked != never && at >= h.asked+answerTime
}

func lookedAt(set reminder.Holds) bool { return set.DoNotDisturb || set.Call || set.Fullscreen }

// inSpite judges that somebody is asked: on what was just seen, not while a break is held back, and with a word of what
// it was held back by for as long as it may be.
func (j *Judge) inSpite(at time.Duration, p *reminder.Prompt, set reminder.Holds) {
	h := &j.holds
	if !lookedAt(set) {
		return
	}
	switch known := h.looked; {
	case h.unanswered(at):
		if h.forget(); p.Over != nil {
			j.broken(GoodMoment, "prompted in spite of %s, which nobody has seen", p.Over.Reason)
		}
	case h.asked != never:
		j.broken(GoodMoment, "prompted %v after a look that is not answered", at-h.asked)
	case at-known > fresh:
		j.broken(GoodMoment, "prompted on a look that is %v old", at-known)
	}
	if reason := h.holding(at, set); reason != "" {
		j.broken(GoodMoment, "prompted while held: %s for %v", reason, at-h.since[reason])
	}
	said := p.Over != nil && slices.Contains(h.found, reminder.Sighting{Reason: p.Over.Reason, ID: p.Over.ID})
	wanted := slices.ContainsFunc(h.found, func(f reminder.Sighting) bool { return ceiling(f.Reason, set) >= 0 })
	if p.Over != nil && !said {
		j.broken(GoodMoment, "prompted in spite of %s, which is not there: %v", p.Over.Reason, h.found)
	}
	if p.Over == nil && wanted {
		j.broken(GoodMoment, "prompted without a word of %v", h.found)
	}
	clear(h.since) // one prompt: what goes on may hold back the next
}

// held judges what is said to hold the break back: it has been seen, for no longer than it may, and is looked at.
func (j *Judge) held(after *core.State) {
	h, set := &j.holds, after.Rem.Settings
	reason := after.Rem.Reason
	if after.Rem.Phase != reminder.Held || reason == reminder.ReasonMeeting {
		if h.heldFor = ""; after.Rem.Phase != reminder.Due { // it begins anew
			h.forget()
		}
		return
	}
	if reason != h.heldFor {
		h.heldFor, h.heldFrom, h.closeBy = reason, j.t, j.t
	}
	if h.unanswered(j.t - slack) {
		j.broken(Owed, "held by %s, and nobody has answered for %v", reason, j.t-h.asked)
	}
	if !h.tells(reason) {
		j.broken(Owed, "held by %s, and there is %v", reason, h.found)
	}
	if most := ceiling(reason, set.Holds); most > 0 && j.t > h.heldFrom+most {
		j.broken(Owed, "held by %s for %v", reason, j.t-h.heldFrom)
	}
	if j.late || !j.thereNow(after) {
		h.closeBy = j.t
	}
	every := lookEvery
	if set.Patience > 0 {
		every = min(every, set.Patience)
	}
	if h.asked == never && j.t > max(h.closeBy, h.looked)+every+slack {
		j.broken(Owed, "held by %s, and nobody has looked for %v", reason, j.t-h.looked)
	}
}
