package core

import (
	"time"

	"github.com/unhunch/unhunch/routines"
)

// What a guide is to make heard.
const (
	SoundSide   = "side"   // now the other side
	SoundEnding = "ending" // the last three seconds of the work
)

// endingFor is how long before the end of the work that is heard: time to come out of a stretch without haste.
const endingFor = 3 * time.Second

// audible is the one place that decides whether the guide is heard now: not unless the person wants it, and neither in
// a meeting nor in what has kept the prompt back. A guide other than the notes makes its own sounds.
func (s *State) audible() bool {
	return s.Sound && s.Player.Guide == GuideBackground && s.Sit.MeetingUntil == 0 && !s.Rem.Hushing
}

// ending is when the end of the work is heard, if it is. Nothing wakes up for it where there is no sound.
func (s *State) ending() (at time.Duration, ok bool) {
	if !s.audible() {
		return 0, false
	}
	end, left, ok := s.Player.WorkEnds()
	return end - endingFor, ok && left >= endingFor // else it was paused within them, and has been heard
}

// ring tells the guide once, as it comes, that the end of the work is near.
func (m *machine) ring() {
	at, ok := m.ending()
	if !ok || m.T < at || m.Rung == at {
		return
	}
	m.Rung = at
	now := m.Guided
	now.Sound = SoundEnding
	m.emit(Effect{Guide: &now})
}

// turns tells whether the session has come to the other side of the exercise before.
func (m *machine) turns(was, now Guide) bool {
	i := now.Step - 1
	if now.Phase != routines.PhaseReady || now.Step == was.Step || i < 1 {
		return false
	}
	before, step := m.Player.Plan.Steps[i-1], m.Player.Plan.Steps[i]
	return step.Exercise == before.Exercise && step.Side != before.Side
}
