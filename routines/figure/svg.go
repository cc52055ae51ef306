package figure

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Stylesheet is what a page serves with its own styles for pictures by Fragment. Its colours are variables of .fig, which
// a page with themes of its own may set again.
const Stylesheet = `.fig{--fig-ground:#b9b4aa;--fig-prop:#cfc9be;--fig-far:#a6b9c4;--fig-body:#5c7f92;--fig-near:#2f5468;--fig-accent:#f2a35e;--fig-paper:#f3f0ea;--fig-arrow:#d9772b}
@media(prefers-color-scheme:dark){.fig{--fig-ground:#59636a;--fig-prop:#4a545b;--fig-far:#557080;--fig-body:#8fb3c6;--fig-near:#cfe3ee;--fig-accent:#f0a45f;--fig-paper:#232a2f;--fig-arrow:#f0a45f}}
@media(prefers-reduced-motion:reduce){.fig-move{display:none}.fig-still{display:inline}}
.fig-ground{color:var(--fig-ground)}.fig-prop{color:var(--fig-prop)}.fig-far{color:var(--fig-far)}.fig-body{color:var(--fig-body)}
.fig-near{color:var(--fig-near)}.fig-accent{color:var(--fig-accent)}.fig-paper{color:var(--fig-paper)}.fig-arrow{color:var(--fig-arrow)}
`

// view is how many units wide the picture is in SVG, where coordinates are whole numbers: finer than half a centimetre,
// and shorter than decimals.
const view = 400

// SVG is the animated picture of a side as a file of its own, with its colours, for light and dark. Title is read
// out by screen readers: the exercise's name, and its side. The files move by SMIL; who asks for less motion sees the work pose.
func (f Figure) SVG(side, title string) []byte { return f.svg(side, title, Stylesheet) }

// Fragment is the same picture as part of a page that serves Stylesheet: it has no style of its own, neither
// attributes nor elements, and so passes a content security policy of style-src 'self'.
func (f Figure) Fragment(side, title string) []byte { return f.svg(side, title, "") }

// StillFragment is the work pose alone, as part of a page as a Fragment is, for lists of many. It stands beside its name, and is
// not read out.
func (f Figure) StillFragment(side string) []byte {
	w := &writer{box: f.square(), flip: side == Left}
	w.scale = view / w.box.width()
	w.add(`<svg xmlns="http://www.w3.org/2000/svg" class="fig" viewBox="0 0 %d %d" aria-hidden="true">`, view, view)
	w.add(`<g fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round">`)
	for _, s := range f.picture(f.Work(""), w.box) {
		w.shape(s)
	}
	w.add("</g></svg>\n")
	return []byte(w.String())
}

func (f Figure) svg(side, title, style string) []byte {
	w := &writer{box: f.square(), flip: side == Left}
	w.scale = view / w.box.width()
	// Named by its own title, without ids: a page may show the same picture twice.
	w.add(`<svg xmlns="http://www.w3.org/2000/svg" class="fig" viewBox="0 0 %d %d" role="img">`, view, view)
	w.add(`<title>%s</title><desc>%s</desc>`, escape(title), escape(f.Shows))
	if style != "" {
		w.add("<style>%s</style>", style)
	}
	w.add(`<g fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round">`)
	still := f.picture(f.Work(""), w.box)
	times, frames := f.sampled(w.box)
	moves := func(i int) bool {
		return slices.ContainsFunc(frames, func(frame []shape) bool { return w.path(frame[i]) != w.path(still[i]) })
	}
	// What moves lies between what does not: props and floor below, arrows above.
	first, last := len(still), -1
	for i := range still {
		if moves(i) {
			first, last = min(first, i), i
		}
	}
	for i, s := range still {
		switch {
		case i == first:
			w.add(`<g class="fig-move">`)
			for j := first; j <= last; j++ {
				w.moving(still[j], times, column(frames, j), f.Period())
			}
			w.add(`</g><g class="fig-still" display="none">`)
		}
		w.shape(s)
		if i == last {
			w.add("</g>")
		}
	}
	w.add("</g></svg>\n")
	return []byte(w.String())
}

func column(frames [][]shape, i int) (all []shape) {
	for _, frame := range frames {
		all = append(all, frame[i])
	}
	return all
}

// sampled are the frames between which browsers draw straight on, and when they are, as a share of the loop: enough
// for bones to keep their lengths to the eye, few enough for a small file.
func (f Figure) sampled(b box) (times []float64, frames [][]shape) {
	const atMost = 16 // samples in a loop
	all := f.legs()
	each := max(3, min(4, atMost/len(all)))
	period := f.Period().Seconds()
	at := 0.0
	for _, l := range all {
		for i := range each {
			times = append(times, (at+l.move*float64(i)/float64(each))/period)
			frames = append(frames, f.picture(f.blend(f.keys[l.from], f.keys[l.to], float64(i)/float64(each)), b))
		}
		at += l.move
		if l.stay > 0 {
			times = append(times, at/period)
			frames = append(frames, f.picture(f.blend(f.keys[l.from], f.keys[l.to], 1), b))
			at += l.stay
		}
	}
	return append(times, 1), append(frames, frames[0])
}

// A writer puts shapes into the space of an SVG picture.
type writer struct {
	strings.Builder
	box   box
	scale float64
	flip  bool
}

func (w *writer) add(format string, args ...any) { fmt.Fprintf(w, format, args...) }

func (w *writer) shape(s shape) {
	w.open(s)
	w.add(` d="%s"/>`, w.path(s))
}

func (w *writer) open(s shape) {
	w.add(`<path class="fig-%s" color="#%s" stroke-width="%s"`, toneNames[s.tone], hex(s.tone), num(s.width*w.scale))
	if s.filled {
		w.add(` fill="currentColor"`)
	}
}

// hex is the colour where no stylesheet gives another.
func hex(t tone) string {
	c := lightCard.tones[t]
	return fmt.Sprintf("%02x%02x%02x", c.R, c.G, c.B)
}

func (w *writer) moving(s shape, times []float64, frames []shape, period time.Duration) {
	w.open(s)
	var values, keys []string
	for i, frame := range frames {
		path := w.path(frame)
		// A frame between two that are alike says nothing.
		if n := len(values); n > 1 && values[n-1] == path && values[n-2] == path {
			values, keys = values[:n-1], keys[:n-1]
		}
		values, keys = append(values, path), append(keys, share(times[i]))
	}
	if len(values) == 2 && values[0] == values[1] {
		w.add(` d="%s"/>`, values[0])
		return
	}
	w.add(` d="%s"><animate attributeName="d" dur="%ss" repeatCount="indefinite" keyTimes="%s" values="%s"/></path>`,
		values[0], num(period.Seconds()), strings.Join(keys, ";"), strings.Join(values, ";"))
}

// path is the shape as SVG's path data.
func (w *writer) path(s shape) string {
	var p pathData
	p.to('M', w.at(s.points[0]))
	switch {
	case len(s.points) == 1:
		p.WriteString("h0") // a dot: a round pen put down
	case s.curved && len(s.points) > 2:
		for _, q := range s.arcs() {
			p.to('q', w.at(q[1]), w.at(q[2]))
		}
	default:
		for _, at := range s.points[1:] {
			p.to('l', w.at(at))
		}
	}
	if s.filled {
		p.WriteByte('z')
	}
	return p.String()
}

func (w *writer) at(p Point) Point {
	x := p.X - w.box.min.X
	if w.flip {
		x = w.box.max.X - p.X
	}
	return Point{x * w.scale, (w.box.max.Y - p.Y) * w.scale}
}

// pathData writes coordinates as short as SVG allows: from the point before, and with no space before a minus.
type pathData struct {
	strings.Builder
	command byte
	x, y    int
}

func (p *pathData) to(command byte, points ...Point) {
	letter := p.command != command
	if letter {
		p.WriteByte(command)
		p.command = command
	}
	var x, y int
	for i, at := range points {
		x, y = int(math.Round(at.X)), int(math.Round(at.Y))
		p.number(x-p.x, letter && i == 0)
		p.number(y-p.y, false)
	}
	p.x, p.y = x, y
}

func (p *pathData) number(v int, first bool) {
	if v >= 0 && !first {
		p.WriteByte(' ')
	}
	p.WriteString(strconv.Itoa(v))
}

// share is a number from 0 to 1 to a thousandth, without the zero in front.
func share(v float64) string {
	s := strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64)
	if len(s) > 1 {
		s = strings.TrimPrefix(s, "0")
	}
	return s
}

func num(v float64) string {
	v = math.Round(v*10) / 10
	if v == 0 {
		v = 0 // not −0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace
