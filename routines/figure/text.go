package figure

import (
	"strings"
	"time"
)

// A Charset is what a terminal can show.
type Charset int

const (
	Braille Charset = iota // two by four dots in a cell: the finest
	Blocks                 // one by two halves in a cell, for fonts without braille
	ASCII
)

// grain is how many dots a cell has across and down.
var grain = [...][2]int{Braille: {2, 4}, Blocks: {1, 2}, ASCII: {2, 4}}

// Braille is the work pose of a side in that many columns and rows, lines ended by a line feed.
func (f Figure) Braille(side string, cols, rows int) string {
	return f.Still(side, Braille, cols, rows)
}

// Still is the work pose in characters of a set, for who wants no movement.
func (f Figure) Still(side string, set Charset, cols, rows int) string {
	return f.print(f.Work(""), side, set, cols, rows)
}

// Text is the figure at a time of its loop in characters of a set. Cells are taken to be twice as high as wide.
func (f Figure) Text(side string, at time.Duration, set Charset, cols, rows int) string {
	return f.print(f.Frame("", at), side, set, cols, rows)
}

func (f Figure) print(k Skeleton, side string, set Charset, cols, rows int) string {
	if cols < 1 || rows < 1 {
		return ""
	}
	d := f.dots(k, side, cols*grain[set][0], rows*grain[set][1], set)
	var out strings.Builder
	for row := range rows {
		var line strings.Builder
		for col := range cols {
			line.WriteRune(d.cell(set, col, row))
		}
		// Empty cells at the end would only wrap.
		out.WriteString(strings.TrimRight(line.String(), "\u2800 "))
		out.WriteByte('\n')
	}
	return out.String()
}

type dots struct {
	across int
	set    []bool
}

// dots marks where the figure is. Far limbs and props are every second dot, as they are paler in colour; limbs are
// drawn thinner than in pictures, or they would run together.
func (f Figure) dots(k Skeleton, side string, across, down int, set Charset) dots {
	const slimmer = 0.62
	b := f.bounds()
	b.min, b.max = b.min.minus(Point{2, 2}), b.max.plus(Point{2, 2})
	// Dots are as wide as high in a cell of 2 by 4; those of half blocks too.
	unit := max(b.width()/float64(across), b.height()/float64(down))
	mid := between(b.min, b.max, 0.5)
	view := box{
		Point{mid.X - unit*float64(across)/2, b.min.Y},
		Point{mid.X + unit*float64(across)/2, b.min.Y + unit*float64(down)},
	}
	all := f.picture(k, view)
	if side == Left {
		all = flip(all, view)
	}
	d := dots{across, make([]bool, across*down)}
	for _, s := range all {
		if s.tone == glow || s.tone == sign && set != Braille {
			continue
		}
		line := s.flat()
		if len(line) > 1 && !s.filled {
			s.width = max(s.width*slimmer, unit)
		}
		around := box{line[0], line[0]} // to look at every dot for every shape would be too slow for a moving picture
		around.hold(s)
		x0, x1 := int((around.min.X-view.min.X)/unit), int((around.max.X-view.min.X)/unit)
		y0, y1 := int((view.max.Y-around.max.Y)/unit), int((view.max.Y-around.min.Y)/unit)
		for y := max(0, y0-1); y <= min(down-1, y1+1); y++ {
			for x := max(0, x0-1); x <= min(across-1, x1+1); x++ {
				at := Point{view.min.X + (float64(x)+0.5)*unit, view.max.Y - (float64(y)+0.5)*unit}
				away := s.away(line, at)
				if away > 0 || s.tone == thing && s.filled && away < -unit {
					continue // of a mat only the rim: the figure lies on it
				}
				pale := s.tone == far || s.tone == thing
				d.set[y*across+x] = s.tone != paper && (!pale || (x+y)%2 == 0 || d.set[y*across+x])
			}
		}
	}
	return d
}

func (d dots) at(x, y int) bool { return d.set[y*d.across+x] }

// cell is the character of a cell.
func (d dots) cell(set Charset, col, row int) rune {
	switch set {
	case Blocks:
		return [...]rune{' ', '▀', '▄', '█'}[bit(d.at(col, 2*row), 1)|bit(d.at(col, 2*row+1), 2)]
	case ASCII:
		n := 0
		for y := range 4 {
			for x := range 2 {
				n += bit(d.at(2*col+x, 4*row+y), 1)
			}
		}
		return []rune(" .:-=+*##")[n]
	}
	// The order of the dots' bits: Unicode 17.0, chapter 21.1, Braille Patterns.
	order := [4][2]int{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}
	r := 0
	for y, pair := range order {
		for x, v := range pair {
			r |= bit(d.at(2*col+x, 4*row+y), v)
		}
	}
	return rune(0x2800 + r)
}

func bit(set bool, v int) int {
	if set {
		return v
	}
	return 0
}
