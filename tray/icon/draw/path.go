package main

import "math"

// A point of the design grid: 44 by 44 units, the origin top left. Two units are a pixel where icons have 22, the
// size most panels show, and edges of upright and level strokes lie on even numbers so that they are sharp there.
type point struct{ x, y float64 }

// grid is the side of the design grid.
const grid = 44

// A path is what a pen of some width is drawn along: joints in order, or a curve flattened to such.
type path []point

// flatness is into how many pieces a curve is cut; at the largest size drawn each is shorter than a pixel.
const flatness = 24

// bend is the cubic Bézier curve from a to d.
func bend(a, b, c, d point) path {
	p := make(path, 0, flatness+1)
	for i := range flatness + 1 {
		t := float64(i) / flatness
		s := 1 - t
		p = append(p, point{
			s*s*s*a.x + 3*s*s*t*b.x + 3*s*t*t*c.x + t*t*t*d.x,
			s*s*s*a.y + 3*s*s*t*b.y + 3*s*t*t*c.y + t*t*t*d.y,
		})
	}
	return p
}

// arc goes round c from one angle to another, in degrees: 0 is to the right, 90 down.
func arc(c point, r, from, to float64) path {
	p := make(path, 0, flatness+1)
	for i := range flatness + 1 {
		sin, cos := math.Sincos((from + (to-from)*float64(i)/flatness) * math.Pi / 180)
		p = append(p, point{c.x + r*cos, c.y + r*sin})
	}
	return p
}
