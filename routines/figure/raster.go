package figure

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// A palette is the colours of a picture that has no page around it to give them.
type palette struct {
	card  color.NRGBA
	tones [tones]color.NRGBA
}

func rgb(v uint32) color.NRGBA { return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xff} }

// Light and dark, in the order of the tones. The stylesheet has the same: a test compares them.
var (
	lightCard = palette{rgb(0xf3f0ea), [tones]color.NRGBA{
		rgb(0xb9b4aa), rgb(0xcfc9be), rgb(0xa6b9c4), rgb(0x5c7f92), rgb(0x2f5468), rgb(0xf2a35e), rgb(0xf3f0ea), rgb(0xd9772b),
	}}
	darkCard = palette{rgb(0x232a2f), [tones]color.NRGBA{
		rgb(0x59636a), rgb(0x4a545b), rgb(0x557080), rgb(0x8fb3c6), rgb(0xcfe3ee), rgb(0xf0a45f), rgb(0x232a2f), rgb(0xf0a45f),
	}}
)

// PNG is the work pose of a side as a square picture of that many pixels, on a card with round corners of its own, so
// that it can be seen on light and dark grounds. dark gives the card for dark surroundings.
func (f Figure) PNG(side string, px int, dark bool) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, f.Image(side, px, dark)); err != nil {
		panic(err) // writing to memory does not fail
	}
	return b.Bytes()
}

// Image is the picture of PNG before it is encoded.
func (f Figure) Image(side string, px int, dark bool) *image.NRGBA {
	colours := lightCard
	if dark {
		colours = darkCard
	}
	b := f.square()
	shapes := f.picture(f.Work(""), b)
	if side == Left {
		shapes = flip(shapes, b)
	}
	img := image.NewNRGBA(image.Rect(0, 0, px, px))
	c := canvas{img, b, float64(px) / b.width()}
	c.card(colours.card)
	for _, s := range shapes {
		c.paint(s, colours.tones[s.tone])
	}
	return img
}

// A canvas paints shapes by their distance from the middle of each pixel, which makes edges smooth without a finer
// picture in memory.
type canvas struct {
	img   *image.NRGBA
	box   box
	scale float64 // pixels a centimetre
}

// card is the ground, with round corners.
func (c canvas) card(colour color.NRGBA) {
	const inset = 12 // of a hundred: the corner's radius
	r := c.box.width() * inset / 100
	lo, hi := c.box.min.plus(Point{r, r}), c.box.max.minus(Point{r, r})
	c.paint(shape{width: 2 * r, filled: true, points: []Point{lo, {hi.X, lo.Y}, hi, {lo.X, hi.Y}}}, colour)
}

func (c canvas) paint(s shape, colour color.NRGBA) {
	line := s.flat()
	around := box{line[0], line[0]}
	around.hold(s)
	x0, y0 := c.pixel(Point{around.min.X, around.max.Y})
	x1, y1 := c.pixel(Point{around.max.X, around.min.Y})
	size := c.img.Rect.Dx()
	for y := max(0, int(y0)-1); y <= min(size-1, int(y1)+1); y++ {
		for x := max(0, int(x0)-1); x <= min(size-1, int(x1)+1); x++ {
			at := Point{c.box.min.X + (float64(x)+0.5)/c.scale, c.box.max.Y - (float64(y)+0.5)/c.scale}
			cover := 0.5 - (s.away(line, at))*c.scale
			if cover > 0 {
				c.blend(x, y, colour, min(1, cover))
			}
		}
	}
}

func (c canvas) pixel(p Point) (x, y float64) {
	return (p.X - c.box.min.X) * c.scale, (c.box.max.Y - p.Y) * c.scale
}

// blend lays a colour over a pixel.
func (c canvas) blend(x, y int, over color.NRGBA, cover float64) {
	under := c.img.NRGBAAt(x, y)
	a := cover + float64(under.A)/255*(1-cover)
	mix := func(o, u uint8) uint8 {
		return uint8(math.Round((float64(o)*cover + float64(u)*float64(under.A)/255*(1-cover)) / a))
	}
	c.img.SetNRGBA(x, y, color.NRGBA{mix(over.R, under.R), mix(over.G, under.G), mix(over.B, under.B), uint8(math.Round(255 * a))})
}

// away is how far a point is from the shape, in centimetres, below zero within it. line is the shape without curves.
func (s shape) away(line []Point, at Point) float64 {
	if len(line) == 1 {
		return at.minus(line[0]).length() - s.width/2
	}
	nearest, inside := math.Inf(1), false
	for i, a := range line {
		if i == len(line)-1 && !s.filled {
			break
		}
		b := line[(i+1)%len(line)]
		nearest = min(nearest, fromLine(at, a, b))
		if (a.Y > at.Y) != (b.Y > at.Y) && at.X < (b.X-a.X)*(at.Y-a.Y)/(b.Y-a.Y)+a.X {
			inside = !inside
		}
	}
	if s.filled && inside {
		nearest = -nearest
	}
	return nearest - s.width/2
}

// fromLine is how far a point is from the line between two others.
func fromLine(at, a, b Point) float64 {
	way, to := b.minus(a), at.minus(a)
	square := way.X*way.X + way.Y*way.Y
	if square == 0 {
		return to.length()
	}
	t := min(1, max(0, (way.X*to.X+way.Y*to.Y)/square))
	return to.minus(way.times(t)).length()
}
