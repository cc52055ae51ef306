package main

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// panels are what icons are shown on: light and dark as in GNOME's and Xfce's themes, and the grey between, which is
// the worst for all.
var panels = []struct {
	name        string
	ground, ink color.NRGBA
}{
	{"light", rgb(0xf6f5f4), rgb(0x000000)},
	{"dark", rgb(0x2e3436), rgb(0xffffff)},
	{"grey", rgb(0x808080), rgb(0x000000)},
}

// shown are the sizes panels scale to.
var shown = []int{16, 22, 24, 32, 48}

// common is the size most panels show.
const common = 22

// The sheet's measures in pixels: a column an icon, and a row a size.
const (
	margin  = 48 // at the left, for the sizes
	caption = 18 // at the top, for the names
	column  = 96
	gap     = 6          // between rows
	large   = 4 * common // the last row of each panel, to see pixels in
)

// sheet shows every icon at every size on every panel, scaled as a panel does, and enlarged.
func sheet() *image.NRGBA {
	height := gap
	for _, size := range shown {
		height += size + gap
	}
	height += large + gap

	icons := figures()
	scaled := map[int][]*image.NRGBA{}
	out := image.NewNRGBA(image.Rect(0, 0, margin+column*len(icons), caption+height*len(panels)))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	for i, f := range icons {
		label(out, margin+column*i+column/2, caption-5, f.name, color.Black)
		full := render(f, drawn)
		for _, size := range shown {
			scaled[size] = append(scaled[size], shrink(full, size))
		}
	}
	for n, p := range panels {
		area := image.Rect(0, 0, out.Rect.Dx(), height).Add(image.Pt(0, caption+n*height))
		draw.Draw(out, area, image.NewUniform(p.ground), image.Point{}, draw.Src)
		y := area.Min.Y + gap
		for _, size := range shown {
			row(out, y, size, scaled[size], fmt.Sprint(size), p.ink)
			y += size + gap
		}
		row(out, y, large, scaled[common], fmt.Sprintf("%dx%d", common, large/common), p.ink)
	}
	return out
}

// row shows icons size pixels wide, each in its column.
func row(on draw.Image, y, size int, icons []*image.NRGBA, name string, ink color.Color) {
	label(on, margin/2, y+size/2+4, name, ink)
	for i, icon := range icons {
		at := image.Rect(0, 0, size, size).Add(image.Pt(margin+column*i+(column-size)/2, y))
		xdraw.NearestNeighbor.Scale(on, at, icon, icon.Rect, draw.Over, nil)
	}
}

// label writes a line centred on x.
func label(on draw.Image, x, y int, text string, ink color.Color) {
	d := font.Drawer{Dst: on, Src: image.NewUniform(ink), Face: basicfont.Face7x13}
	d.Dot = fixed.P(x, y)
	d.Dot.X -= d.MeasureString(text) / 2
	d.DrawString(text)
}
