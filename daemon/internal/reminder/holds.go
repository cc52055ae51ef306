package reminder

import (
	"slices"
	"time"
)

// Holds say which reasons to stay quiet are looked at, and how long those that are only inferred may keep a break back.
type Holds struct {
	DoNotDisturb     bool          `json:"do_not_disturb,omitempty"`
	Call             bool          `json:"call,omitempty"`
	Fullscreen       bool          `json:"fullscreen,omitempty"`
	CallAtMost       time.Duration `json:"call_at_most,omitempty"`
	FullscreenAtMost time.Duration `json:"fullscreen_at_most,omitempty"`
}

func (h Holds) any() bool { return h.DoNotDisturb || h.Call || h.Fullscreen }

// atMost is how long a reason may keep a break back. What the person has said is never overridden.
func (h Holds) atMost(reason string) (ceiling time.Duration, limited bool) {
	switch reason {
	case ReasonCall:
		return h.CallAtMost, true
	case ReasonFullscreen:
		return h.FullscreenAtMost, true
	}
	return 0, false
}

// looked are the reasons that are looked at, in the order in which one of several is told.
var looked = [...]string{ReasonDoNotDisturb, ReasonCall, ReasonFullscreen}

const (
	// lookEvery is how often is looked while a break is kept back, whatever signals tell of what it waits for: some desktops
	// send none.
	lookEvery = 30 * time.Second
	// lookAtMost is after how long a look without an answer counts as one that found nothing: each thing looked at gets
	// two seconds.
	lookAtMost = 3 * time.Second
	// lookFresh is how old a look may be on which somebody is asked.
	lookFresh = time.Second
	// fixtureAfter is how long a microphone or a camera may be in use and still be a call.
	fixtureAfter = 3 * time.Hour
)

// A Sighting is something that a look has found: a reason to stay quiet. ID tells it from others for as long as it
// lasts, and says nothing of the person.
type Sighting struct {
	Reason string `json:"reason"`
	ID     string `json:"id,omitempty"`
}

// A Sight is a microphone or camera in use, as it is remembered from look to look.
type Sight struct {
	ID      string        `json:"id"`
	First   time.Duration `json:"first"`             // seen
	Locks   int           `json:"locks"`             // how often the screen had been locked by then
	Fixture bool          `json:"fixture,omitempty"` // it lasts, whatever the person does, and so is no call
}

// A Hold is a reason that was found, and since when it keeps this break back without interruption.
type Hold struct {
	Reason string        `json:"reason"`
	ID     string        `json:"id,omitempty"`
	Since  time.Duration `json:"since"`
}

// Seen is the answer to a look: all that was found. The break that is owed may have to wait for it.
func (s *State) Seen(now time.Duration, found []Sighting) {
	s.LookAt, s.Looked = 0, now
	s.remember(now, found)
	var holds []Hold
	for _, reason := range looked {
		i := slices.IndexFunc(found, func(g Sighting) bool { return g.Reason == reason && !s.fixture(g) })
		if i < 0 || s.Shown != nil {
			continue
		}
		h := Hold{Reason: reason, ID: found[i].ID, Since: now}
		if was := slices.IndexFunc(s.Holds, func(o Hold) bool { return o.Reason == reason }); was >= 0 {
			h.Since = s.Holds[was].Since
		}
		holds = append(holds, h)
	}
	s.Holds = holds
}

// remember keeps what lasts. What is in use for longer than any call, or while nobody can be in one, is a fixture: a
// voice assistant, a filter of noise, a program that forgot to let go.
func (s *State) remember(now time.Duration, found []Sighting) {
	var sights []Sight
	for _, g := range found {
		if g.Reason != ReasonCall {
			continue
		}
		sight := Sight{ID: g.ID, First: now, Locks: s.Locks}
		if was := slices.IndexFunc(s.Sights, func(o Sight) bool { return o.ID == g.ID }); was >= 0 {
			sight = s.Sights[was]
		}
		sight.Fixture = sight.Fixture || sight.Locks != s.Locks || now >= sight.First+fixtureAfter
		sights = append(sights, sight)
	}
	s.Sights = sights
}

func (s *State) fixture(g Sighting) bool {
	return slices.ContainsFunc(s.Sights, func(o Sight) bool { return g.Reason == ReasonCall && o.ID == g.ID && o.Fixture })
}

// lookAway forgets what was found: it is looked at only while a break is due.
func (s *State) lookAway() { s.Holds, s.LookAt, s.Looked = nil, 0, 0 }

// holding is the first reason that keeps the break back.
func (s *State) holding(now time.Duration) (h Hold, ok bool) {
	for _, h := range s.Holds {
		if ceiling, limited := s.Settings.Holds.atMost(h.Reason); !limited || now < h.Since+ceiling {
			return h, true
		}
	}
	return Hold{}, false
}

// over is the first reason that would keep the break back, had it not done so for as long as it may.
func (s *State) over(now time.Duration) (h Hold, ok bool) {
	if _, held := s.holding(now); held || len(s.Holds) == 0 {
		return Hold{}, false
	}
	return s.Holds[0], true
}

// look asks for a look if one is needed: as soon as nothing but input stands in the way, so that the person can be told
// what the break waits for; every now and then while it waits; and whenever somebody is about to be asked.
func (s *State) look(f Facts) []Effect {
	if !s.lookNeeded(f) {
		return nil
	}
	s.LookAt = f.Now
	return []Effect{{Look: true}}
}

func (s *State) lookNeeded(f Facts) bool {
	if s.LookAt != 0 || !s.Settings.Holds.any() {
		return false
	}
	if s.heldByLook() {
		return s.reachable(f) && f.Now >= s.Looked+s.lookEvery()
	}
	if s.Phase != Due || s.Reason != ReasonPatience {
		return false
	}
	return s.Looked == 0 || s.Looked < s.ReadyAt || s.goodMoment(f) && !s.fresh(f.Now)
}

// lookEvery is no longer than the person wants to be waited for: who has little patience wants to be asked soon.
func (s *State) lookEvery() time.Duration {
	if s.Settings.Patience > 0 {
		return min(lookEvery, s.Settings.Patience)
	}
	return lookEvery
}

// reachable tells whether there is anybody to ask. An empty chair waits for no call to end.
func (s *State) reachable(f Facts) bool { return f.AtDesk && !f.Locked }

func (s *State) heldByLook() bool { return s.Phase == Held && s.Reason != ReasonMeeting }

// Awaited are the reasons that keep the break back while there is somebody to ask: as soon as one of them ends, a look is
// worth the while. What is no reason, as a fixture, is not awaited.
func (s *State) Awaited(f Facts) []Sighting {
	if !s.heldByLook() || !s.reachable(f) {
		return nil
	}
	var all []Sighting
	for _, h := range s.Holds {
		all = append(all, Sighting{Reason: h.Reason, ID: h.ID})
	}
	return all
}

// fresh tells whether what was seen still holds. Where nothing is looked at, it does.
func (s *State) fresh(now time.Duration) bool {
	return !s.Settings.Holds.any() || s.LookAt == 0 && s.Looked != 0 && now < s.Looked+lookFresh
}

// countLocks notes every lock of the screen.
func (s *State) countLocks(locked bool) {
	if locked && !s.Locked {
		s.Locks++
	}
	s.Locked = locked
}

// unanswered lets a look go that nobody has answered: what cannot be seen keeps nothing back.
func (s *State) unanswered(f Facts) {
	if s.LookAt != 0 && !f.Looking && f.Now >= s.LookAt+lookAtMost {
		sights := s.Sights
		s.Seen(f.Now, nil)
		s.Sights = sights
	}
}

// LookBegins says that the look that was asked for begins only now: the machine stood still when it should have.
func (s *State) LookBegins(now time.Duration) {
	if s.LookAt != 0 {
		s.LookAt = now
	}
}

// wakeForLooks tells when there is something to do about looks.
func (s *State) wakeForLooks(f Facts, at func(time.Duration)) {
	if s.LookAt != 0 {
		at(s.LookAt + lookAtMost)
	}
	if !s.heldByLook() {
		return
	}
	if s.LookAt == 0 && s.reachable(f) {
		at(s.Looked + s.lookEvery())
	}
	for _, h := range s.Holds {
		if ceiling, limited := s.Settings.Holds.atMost(h.Reason); limited {
			at(h.Since + ceiling)
		}
	}
}
