// Package presence senses whether somebody is at the desk: input on the X display, and what logind knows of locks,
// suspends and session switches. A sensor that fails says so; it never guesses.
package presence

import (
	"context"
	"errors"
	"time"
)

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
	How    string        // how the sensor works, by its technical name, for the doctor; may be empty
	Unfit  bool          // when State is Unknown: this desktop tells nobody, and waiting alone will not mend that
}

// A Sensor senses input.
type Sensor interface {
	// Run senses until ctx ends, and then returns nil. Any other return is for good, and its reason was reported.
	Run(ctx context.Context) error
	// Watch sets how long input must be quiet to be reported as Idle, and names what it may be set to later: there are
	// desktops that count from the moment they are asked. It may be called at any time and from any goroutine, and
	// waits for nobody. A new threshold that has already passed is reported at once, unless the silence was reported
	// as Idle before; the one in force changes nothing.
	Watch(threshold time.Duration, later ...time.Duration)
	// Idle is how long there has been no input, where that can be told. It waits no longer than ctx allows.
	Idle(ctx context.Context) (time.Duration, error)
}

// ErrUntold is why Sensor.Idle cannot tell: a person who has just touched something is there, and how long ago it was
// the desktop does not say.
var ErrUntold = errors.New("the desktop does not tell how long ago the last input was")

// A Screen is what a sensor says of the picture.
type Screen struct {
	Dark bool   // blanked, or showing a screen saver
	How  string // what tells so, by its technical name, for the doctor; empty where nothing will
}
