package main

import (
	"math"

	"github.com/unhunch/unhunch/daemon/api"
)

// bel is the terminal's own bell: what it sounds like, or whether it is seen instead, is the person's choice there.
const bel = "\x07"

// lastSeconds is how many of them are counted out loud before a step's work ends.
const lastSeconds = 3

// A bell says when a guide is to be heard: once as the sides change, and on each of the last three seconds of work.
type bell struct {
	exercise string // the step before, and its side
	side     string
	step     int // the step now, and its phase
	phase    string
	counted  int // the second of it last rung for
}

// rings tells whether this moment of a session is to be heard. It must see every moment, heard or not.
func (b *bell) rings(p api.Session) bool {
	if p.Phase == "paused" {
		return false // and goes on where it was
	}
	switched := false
	if p.Step != b.step || p.Phase != b.phase {
		switched = p.Phase == "ready" && p.Side != "" && p.Exercise == b.exercise && p.Side != b.side
		*b = bell{p.Exercise, p.Side, p.Step, p.Phase, lastSeconds + 1}
	}
	if p.Phase != "work" {
		return switched
	}
	left := int(math.Ceil(p.StepLeftS))
	counts := left > 0 && left < b.counted
	b.counted = min(b.counted, left)
	return counts
}

// audible is the one place that decides whether a guide in a terminal makes itself heard: not in a meeting.
func audible(s api.State) bool { return s.MeetingUntil == nil }
