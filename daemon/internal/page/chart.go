package page

import (
	"fmt"
	"html"
	"math"
	"strings"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// Charts are drawn on a canvas of this width in units, which the page scales. Classes colour them, so that they suit
// light and dark.
const canvas = 720.0

// A key explains a colour.
type key struct{ Class, Label string }

// A drawing is an SVG being drawn.
type drawing struct {
	strings.Builder
	height float64
}

// draw begins a picture that text beside it stands for.
func draw(height float64, alt string) *drawing {
	d := &drawing{height: height}
	fmt.Fprintf(d, `<svg class="chart" viewBox="0 0 %g %g" role="img" aria-label="%s">`, canvas, height,
		html.EscapeString(alt))
	return d
}

// picture is what was drawn.
func (d *drawing) picture() svg {
	d.WriteString("</svg>")
	return svg(d.String())
}

// box is a rectangle with round corners; tip shows when a pointer rests on it.
func (d *drawing) box(x, y, w, h, round float64, class, tip string) {
	if w <= 0 || h <= 0 {
		return
	}
	fmt.Fprintf(d, `<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="%.1f"`, class, x, y, w, h,
		min(round, w/2, h/2))
	if tip == "" {
		d.WriteString("/>")
		return
	}
	fmt.Fprintf(d, `><title>%s</title></rect>`, html.EscapeString(tip))
}

// text is a label. Its class says where it is anchored: start, middle or end.
func (d *drawing) text(x, y float64, class, s string) {
	fmt.Fprintf(d, `<text class="%s" x="%.1f" y="%.1f">%s</text>`, class, x, y, html.EscapeString(s))
}

func (d *drawing) line(x1, y1, x2, y2 float64, class string) {
	fmt.Fprintf(d, `<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`, class, x1, y1, x2, y2)
}

// Both rings have this radius on a canvas of 200 by 200 units.
const (
	ringRadius = 88
	ringLength = 2 * math.Pi * ringRadius
)

// An arc is how far a ring has come.
type arc struct {
	Length float64 // of the whole ring
	Gap    float64 // of it not drawn
	Figure string  // in its middle
	Full   bool
	Alt    string
}

func newArc(v stateView) arc {
	part := 0.0
	if v.LimitS > 0 {
		part = min(1, v.LoadS/v.LimitS)
	}
	figure := int(v.LoadS / 60)
	if v.LimitS < 120 { // as the words beside it
		figure = int(v.LoadS)
	}
	return arc{
		Length: ringLength, Gap: ringLength * (1 - part), Figure: fmt.Sprint(figure), Full: part >= 1,
		Alt: v.Head + ". " + v.Next + ".",
	}
}

var ribbonKeys = []key{
	{"sit", words.Page.Sitting},
	{"stand", words.Page.Standing},
	{"stretching", words.Page.Stretching},
	{"away", words.Page.Away},
	{"open", words.Page.Uncounted},
}

const (
	slotS    = 15 * 60 // a slot of the ribbon
	fewSlots = 4 * 8   // the ribbon shows a working day at least, so that a morning does not fill it
)

// ribbon draws a day by quarters of an hour: how much of each went where, from the bottom up.
func ribbon(slots []api.HistorySlot) svg {
	from, to := words.HistoryThereBetween(slots)
	if from == to {
		return ""
	}
	from -= from % 4 // full hours
	to = min(len(slots), max(to+(4-to%4)%4, from+fewSlots))
	from = max(0, min(from, to-fewSlots))
	const height, top, foot = 150.0, 6.0, 30.0
	d := draw(height, words.Page.RibbonAlt)
	width := canvas / float64(to-from)
	full := height - top - foot
	for i, s := range slots[from:to] {
		x, y := float64(i)*width, height-foot
		if strings.HasSuffix(s.Local, ":00") {
			d.line(x, top, x, height-foot+4, "grid")
			class := "tick start"
			if i/4%2 == 1 {
				class += " minor"
			}
			d.text(x+2, height-8, class, s.Local[:2])
		}
		for _, part := range []struct {
			class string
			s     int64
		}{
			{"sit", s.SittingS}, {"stand", s.StandingS}, {"stretching", s.SessionS}, {"open", s.UndecidedS}, {"away", s.AwayS},
		} {
			h := full * float64(part.s) / slotS
			y -= h
			d.box(x+1, y, width-2, h, 1.5, part.class, "")
		}
	}
	d.line(0, height-foot, canvas, height-foot, "axis")
	return d.picture()
}
