package core

import (
	"maps"
	"slices"
	"time"

	"github.com/unhunch/unhunch/routines"
)

// stretch starts a session.
func (m *machine) stretch(c Command) (refusal string) {
	if m.Player.Running() {
		return SessionRunning
	}
	m.endSession()
	m.CheckIn = false
	m.Begun++
	if m.Rem.Shown != nil {
		m.answered(OutcomeTaken)
	}
	m.BeganAt, m.Hurts = m.At.Wall.UTC(), nil
	m.Player = routines.Begin(sessionID(m.Begun), *c.Plan, c.Guide, m.T)
	if c.Guide == GuideBackground || c.Guide == GuidePage {
		m.Player = m.Player.Await() // notifications and browsers may be slow; a terminal shows at once what it has asked for
	}
	m.Rem.SessionBegan()
	m.Sit.BeginSession(m.T, c.Plan.Place != "chair")
	return ""
}

// seen is that the guide of a session is on the screen. An earlier session's is nobody's business any more.
func (m *machine) seen(session string) {
	if m.Player.ID == session {
		m.Player = m.Player.Seen(m.T)
	}
}

// looksAt is that a page in sight shows a session. It guides from here on: where its browser was so slow that
// notifications had begun to, both would.
func (m *machine) looksAt(session string) {
	m.seen(session)
	if m.Player.ID == session && m.Player.Guide == GuideBackground {
		m.Player.Guide = GuidePage
	}
}

// control is the person's hand on the running session.
func (m *machine) control(name string) (refusal string) {
	controls := map[string]func(time.Duration) routines.Player{
		"session/next": m.Player.Next, "session/back": m.Player.Back, "session/pause": m.Player.Pause,
		"session/resume": m.Player.Resume, "session/stop": m.Player.Stop, "session/hurt": m.Player.Hurt,
	}
	do, ok := controls[name]
	if !ok || m.Player.Phase() == "" {
		return NoSession
	}
	if i, s, _ := m.Player.Step(); m.Player.Running() && name == "session/hurt" {
		m.Hurts = append(slices.Clip(m.Hurts), i)
		if m.Player.Hurting == "" { // said twice it is still one
			m.emit(Effect{Hurt: &Hurt{Exercise: s.Exercise, At: m.At.Wall.UTC()}})
		}
	}
	m.Player = do(m.T)
	return ""
}

// play lets the session catch up with the moment. The load is cleared when it is done, before it is over.
func (m *machine) play() (changed bool) {
	m.Player = m.Player.Advance(m.T)
	if m.Player.Phase() == routines.PhaseDone && !m.Done {
		m.Done, changed = true, true
		m.Sessions++
		m.remember()
		m.trained()
		m.checkIn()
		m.Sit.Finish(m.T)
	}
	if m.Player.Phase() == "" && m.Sit.InSession {
		m.endSession()
		changed = true
	}
	m.guide()
	m.ring()
	return changed
}

// endSession clears what the session has earned, if it has not done so already.
func (m *machine) endSession() {
	if !m.Sit.InSession {
		return
	}
	part, of := time.Duration(0), time.Duration(1)
	if !m.Done {
		part, of = m.Player.Worked()
		m.remember()
		m.trained()
	}
	m.Sit.EndSession(m.T, part, of)
	m.Player, m.Done = routines.Player{}, false
}

// remember notes the exercises of the session, so that the next one differs.
func (m *machine) remember() {
	at := maps.Clone(m.RecentAt)
	for i, s := range m.Player.Plan.Steps {
		if m.Player.Did[i] == 0 {
			continue
		}
		id := s.Exercise
		rest := slices.DeleteFunc(slices.Clone(m.Recent), func(r string) bool { return r == id })
		m.Recent = append(rest, id)
		if at == nil {
			at = map[string]time.Time{}
		}
		at[id] = m.BeganAt
	}
	m.RecentAt = at
}

// guide tells the guide where the session has got to.
func (m *machine) guide() {
	now := m.guideNow()
	if now == m.Guided {
		return
	}
	turns := m.turns(m.Guided, now)
	m.Guided = now
	if turns && m.audible() {
		now.Sound = SoundSide
	}
	m.emit(Effect{Guide: &now})
}

func (m *machine) guideNow() Guide {
	if m.Player.Phase() == "" {
		return Guide{}
	}
	i, _, _ := m.Player.Step()
	return Guide{
		Session: m.Player.ID, Step: i + 1, Phase: m.Player.Phase(), Hurt: m.Player.Hurting != "", Guide: m.Player.Guide,
	}
}
