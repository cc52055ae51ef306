// Command sheet draws every figure with its name, on light and on dark, for somebody to look at.
//
//	go run ./routines/figure/sheet FILE [ID…]
package main

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"github.com/unhunch/unhunch/routines/figure"
)

// The sheet's measures in pixels.
const (
	cell    = 176 // a picture
	gap     = 8
	caption = 16
	columns = 10 // light ones; the dark ones are below each row
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "sheet: name the file to write")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "sheet:", err)
		os.Exit(1)
	}
}

func write(path string, ids []string) error {
	if len(ids) == 0 {
		ids = figure.IDs()
	}
	img, err := sheet(ids)
	if err != nil {
		return err
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(out, img); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

func sheet(ids []string) (*image.NRGBA, error) {
	across := min(columns, len(ids))
	rows := (len(ids) + across - 1) / across
	const row = caption + 2*(cell+gap)
	img := image.NewNRGBA(image.Rect(0, 0, gap+across*(cell+gap), gap+rows*row))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	for i, id := range ids {
		f, ok := figure.Of(id)
		if !ok {
			return nil, fmt.Errorf("no figure %q", id)
		}
		at := image.Pt(gap+i%across*(cell+gap), gap+i/across*row)
		label(img, at.Add(image.Pt(4, caption-5)), id)
		for n, dark := range []bool{false, true} {
			to := at.Add(image.Pt(0, caption+n*(cell+gap)-n*gap/2))
			pic := f.Image("", cell, dark)
			draw.Draw(img, pic.Rect.Add(to), pic, image.Point{}, draw.Over)
		}
	}
	return img, nil
}

func label(img draw.Image, at image.Point, text string) {
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.Gray{0x30}), Face: basicfont.Face7x13, Dot: fixed.P(at.X, at.Y)}
	d.DrawString(text)
}
