package main

import (
	"fmt"
	"image/color"
	"image/png"
	"slices"
	"strconv"
	"strings"
)

// appName is the icon's name, as desktop entries have it.
const appName = "unhunch"

// appSizes are those that themes of Linux desktops have directories for and that panels, menus and stores ask for.
var appSizes = []int{16, 22, 24, 32, 48, 64, 128, 256, 512}

// navy is the chair on the program's tile.
var navy = flat(0x0d3f8c)

// app is the program's own icon, for menus: the figure that sits upright, on a tile that no state of the tray's has.
func app() figure {
	return figure{appName, slices.Concat([]layer{{blue, tile}}, sitting(white, navy, upright))}
}

// appFiles are the program's icon in all sizes, by their places in an icon theme.
func appFiles() (map[string][]byte, error) {
	all := map[string][]byte{"scalable/apps/" + appName + ".svg": encodeSVG(app())}
	for _, size := range appSizes {
		data, err := encodePNG(render(app(), size), png.BestCompression)
		if err != nil {
			return nil, err
		}
		all[fmt.Sprintf("%dx%d/apps/%s.png", size, size, appName)] = data
	}
	return all, nil
}

// encodeSVG writes a figure as the strokes it is made of: each layer once for its edge and once for its fill.
func encodeSVG(f figure) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%[1]d" viewBox="0 0 %[1]d %[1]d">`+"\n", grid)
	for _, l := range f.layers {
		if l.tone.edge.A == 0 {
			svgStrokes(&b, l.strokes, l.tone.fill, 0)
			continue
		}
		svgStrokes(&b, l.strokes, l.tone.edge, outside)
		svgStrokes(&b, l.strokes, l.tone.fill, -inside)
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// svgStrokes draws strokes that are grow units wider on either side.
func svgStrokes(b *strings.Builder, strokes []stroke, c color.NRGBA, grow float64) {
	fmt.Fprintf(b, `<g fill="none" stroke="#%02x%02x%02x" stroke-linecap="round" stroke-linejoin="round">`+"\n", c.R, c.G, c.B)
	for _, s := range strokes {
		fmt.Fprintf(b, `<path stroke-width="%s" d="M%s`, number(s.width+2*grow), place(s.along[0]))
		for _, p := range append(slices.Clone(s.along[1:]), s.along[len(s.along)-1]) { // a path of one point is a dot
			b.WriteString("L" + place(p))
		}
		b.WriteString(`"/>` + "\n")
	}
	b.WriteString("</g>\n")
}

func place(p point) string { return number(p.x) + " " + number(p.y) }

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
