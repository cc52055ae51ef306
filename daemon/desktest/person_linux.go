package desktest

import (
	"image"
	"time"

	"github.com/jezek/xgb/xproto"
)

// shiftKey is the left shift key on every keyboard Xvfb has: input that types nothing anywhere.
const shiftKey = 50

// readingMoves is how often somebody who reads nudges the pointer.
const readingMoves = 1500 * time.Millisecond

// A Person sits at the desk. What they do takes as long as it says, and their input goes through XTEST, which to
// the X server is a real keyboard and pointer, or through what the Wayland compositor has for that.
type Person struct {
	desk  *Desk
	at    image.Point
	moves int
	last  time.Time
}

// Person sits somebody down at the desk.
func (d *Desk) Person() *Person {
	return &Person{desk: d, at: image.Pt(screenWidth/2, screenHeight-100)}
}

// LastInput is when the person last touched anything; silence is counted from here.
func (p *Person) LastInput() time.Time { return p.last }

// Type presses a key at once and then every so often, and returns d after it was called.
func (p *Person) Type(d, every time.Duration) {
	p.desk.t.Helper()
	p.repeat(d, every, p.Key)
}

// Read moves the pointer at once and then now and again, and returns d after it was called.
func (p *Person) Read(d time.Duration) {
	p.desk.t.Helper()
	p.repeat(d, readingMoves, p.Move)
}

// Away touches nothing for d, whether the person has left the chair or only looks out of the window.
func (p *Person) Away(d time.Duration) { <-time.After(d) }

// repeat does one thing at exact moments, so that a slow machine does not stretch the rhythm.
func (p *Person) repeat(d, every time.Duration, do func()) {
	p.desk.t.Helper()
	start := time.Now()
	for at := time.Duration(0); at < d; at += every {
		<-time.After(time.Until(start.Add(at)))
		do()
	}
	<-time.After(time.Until(start.Add(d)))
}

// Key presses and releases the shift key; in a Wayland session it moves the pointer, to the same effect.
func (p *Person) Key() {
	p.desk.t.Helper()
	if p.desk.compositor != nil {
		p.Move()
		return
	}
	p.input(xproto.KeyPress, shiftKey)
	p.input(xproto.KeyRelease, shiftKey)
}

// Move moves the pointer by a pixel, to and fro.
func (p *Person) Move() {
	p.desk.t.Helper()
	if p.desk.compositor != nil {
		p.desk.touch()
		p.last = time.Now()
		return
	}
	p.moves++
	p.moveTo(p.at.Add(image.Pt(p.moves%2, 0)))
}

// Click presses the first mouse button at a point of the screen and takes the pointer back to where it was, so
// that nothing is left under it.
func (p *Person) Click(at image.Point) {
	p.desk.t.Helper()
	p.press(at)
	p.moveTo(p.at)
}

// press presses the first mouse button at a point of the screen and leaves the pointer there.
func (p *Person) press(at image.Point) {
	p.desk.t.Helper()
	p.moveTo(at)
	p.input(xproto.ButtonPress, xproto.ButtonIndex1)
	p.input(xproto.ButtonRelease, xproto.ButtonIndex1)
}

func (p *Person) moveTo(at image.Point) {
	p.desk.t.Helper()
	p.desk.x.fake(p.desk.t, xproto.MotionNotify, 0, at)
	p.last = time.Now()
}

func (p *Person) input(event, detail byte) {
	p.desk.t.Helper()
	p.desk.x.fake(p.desk.t, event, detail, image.Point{})
	p.last = time.Now()
}
