// Package presence senses whether somebody is at the desk: input on the X display, and what logind knows of locks,
// suspends and session switches. A sensor that fails says so; it never guesses.
package presence

import "time"

// The states of an Input.
const (
	Active  = "active"
	Idle    = "idle"
	Unknown = "unknown"
)

// An Input is what a sensor says of keyboard and pointer.
type Input struct {
	State  string        // Active, Idle or Unknown
	Source string        // the sensor that answered or was tried: "x11" …
	Idle   time.Duration // how long without input, when State is Idle
	Why    string        // when State is Unknown: the reason in plain words, for status and doctor
}

// A Screen is what a sensor says of the picture.
type Screen struct {
	Dark bool // blanked, or showing a screen saver
}
