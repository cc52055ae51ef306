package main

import (
	"image"
	"image/color"
	"math"
)

// shrink scales as GTK's panels do, gdk-pixbuf's bilinear: a smaller image averages what each of its pixels covers.
// To the size it has, or to a larger one, it only repeats pixels, which no panel here needs better.
func shrink(img *image.NRGBA, size int) *image.NRGBA {
	from := img.Rect.Dx()
	c := newCanvas(size)
	for y := range size {
		for x := range size {
			c.pixels[y*size+x] = average(img, span(x, size, from), span(y, size, from))
		}
	}
	return c.image()
}

// span is what a pixel of size covers of a row of from pixels.
func span(i, size, from int) [2]float64 {
	return [2]float64{float64(i*from) / float64(size), float64((i+1)*from) / float64(size)}
}

func average(img *image.NRGBA, xs, ys [2]float64) (sum [4]float64) {
	area := (xs[1] - xs[0]) * (ys[1] - ys[0])
	for y := int(ys[0]); float64(y) < ys[1]; y++ {
		for x := int(xs[0]); float64(x) < xs[1]; x++ {
			p := img.NRGBAAt(x, y)
			a := overlap(x, xs) * overlap(y, ys) / area * float64(p.A) / 255
			sum[0] += a * float64(p.R) / 255
			sum[1] += a * float64(p.G) / 255
			sum[2] += a * float64(p.B) / 255
			sum[3] += a
		}
	}
	return sum
}

// overlap is how much of pixel i lies within s.
func overlap(i int, s [2]float64) float64 {
	return min(float64(i+1), s[1]) - max(float64(i), s[0])
}

// luminance and contrast are WCAG 2's: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance.
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// contrast is from 1, the same, to 21, black on white.
func contrast(a, b color.NRGBA) float64 {
	l, m := luminance(a), luminance(b)
	return (max(l, m) + 0.05) / (min(l, m) + 0.05)
}
