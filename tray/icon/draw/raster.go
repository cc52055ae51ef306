package main

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/vector"
)

const (
	// outside and inside are how far the edge goes beyond a stroke and into it, in units of the grid: together not
	// half a pixel of 22, enough to be seen and little enough to leave the fill its colour.
	outside = 0.5
	inside  = 0.3

	// fine is how many times finer than the icon its shapes are rasterised before they are averaged. Strokes are laid
	// over one another, and where two half cover a pixel the rasteriser would sum them to a whole one.
	fine = 8
)

// render draws a figure size pixels wide and high on a transparent ground.
func render(f figure, size int) *image.NRGBA {
	c := newCanvas(size)
	for _, l := range f.layers {
		if l.tone.edge.A == 0 {
			c.paint(cover(size, 0, l.strokes), l.tone.fill)
			continue
		}
		c.paint(cover(size, outside, l.strokes), l.tone.edge)
		c.paint(cover(size, -inside, l.strokes), l.tone.fill)
	}
	return c.image()
}

// cover says how much of each pixel the strokes cover, 0 to 1, when they are grow units wider on either side.
func cover(size int, grow float64, strokes []stroke) []float64 {
	big := size * fine
	scale := float64(big) / grid
	z := vector.NewRasterizer(big, big)
	for _, s := range strokes {
		a := s.along[0]
		for _, b := range s.along {
			capsule(z, a, b, s.width/2+grow, scale)
			a = b
		}
	}
	shape := image.NewAlpha(image.Rect(0, 0, big, big))
	z.Draw(shape, shape.Bounds(), image.Opaque, image.Point{})
	covered := make([]float64, size*size)
	for y := range big {
		for x := range big {
			covered[y/fine*size+x/fine] += float64(shape.Pix[y*shape.Stride+x]) / (255 * fine * fine)
		}
	}
	return covered
}

// capsule adds all that is at most r from the line a–b, with scale fine pixels a unit. Every capsule goes round the
// same way: the rasteriser subtracts what goes round the other.
func capsule(z *vector.Rasterizer, a, b point, r, scale float64) {
	const around = 48 // corners of a full circle; a head of 48 pixels is within a twentieth of a pixel of round
	dir := math.Atan2(b.y-a.y, b.x-a.x) - math.Pi/2
	for i := range around + 2 {
		end, corner := b, i
		if i > around/2 {
			end, corner = a, i-1
		}
		sin, cos := math.Sincos(dir + float64(corner)*2*math.Pi/around)
		x, y := float32(scale*(end.x+r*cos)), float32(scale*(end.y+r*sin))
		if i == 0 {
			z.MoveTo(x, y)
		} else {
			z.LineTo(x, y)
		}
	}
	z.ClosePath()
}

// A canvas holds pixels as red, green and blue, each multiplied by alpha, and alpha, 0 to 1.
type canvas struct {
	size   int
	pixels [][4]float64
}

func newCanvas(size int) *canvas { return &canvas{size, make([][4]float64, size*size)} }

// paint lays a colour over what is there, as far as each pixel is covered.
func (c *canvas) paint(covered []float64, colour color.NRGBA) {
	over := [4]float64{float64(colour.R) / 255, float64(colour.G) / 255, float64(colour.B) / 255, 1}
	for i, a := range covered {
		for k, v := range over {
			c.pixels[i][k] = c.pixels[i][k]*(1-a) + v*a
		}
	}
}

func (c *canvas) image() *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, c.size, c.size))
	for i, p := range c.pixels {
		alpha := eightBits(p[3])
		if alpha == 0 {
			continue // all zero, which compresses better than a colour nobody sees
		}
		for k := range 3 {
			img.Pix[4*i+k] = eightBits(p[k] / p[3])
		}
		img.Pix[4*i+3] = alpha
	}
	return img
}

func eightBits(v float64) uint8 { return uint8(math.Round(255 * min(1, max(0, v)))) }
