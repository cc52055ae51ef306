package main

import (
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

const (
	shortest  = 20  // columns; no line is broken to be shorter
	narrowest = 40  // columns; below, words take the place of drawings
	widest    = 100 // columns; beyond, bars and their figures drift apart
	beside    = 60  // columns from which figures stand beside their row of the ribbon
	labelled  = words.HistoryLabels + 1
	spanWidth = len("24 h 59 min")
	between   = 2 // columns between columns
)

// shades are the colours of a history. They say nothing that shapes and words do not. Where there are 256 colours, those
// were chosen that stand out from black as from white.
type shades struct {
	palette
	many bool
}

// shadesFor says what f and the environment allow.
func shadesFor(f *os.File) shades {
	return shades{paletteFor(f), strings.Contains(os.Getenv("TERM"), "256color") || os.Getenv("COLORTERM") != ""}
}

func (p shades) sitting(s string) string {
	if p.many {
		return p.wrap("38;5;67", s)
	}
	return s
}

func (p shades) standing(s string) string {
	if p.many {
		return p.wrap("38;5;29", s)
	}
	return p.green(s)
}

func (p shades) away(s string) string {
	if p.many {
		return p.wrap("38;5;245", s)
	}
	return p.dim(s)
}

// drawnHistory lays the history out for a terminal of that width, at least narrowest.
func drawnHistory(h api.History, zone *time.Location, width int, p shades) []string {
	width = min(width, widest)
	r := words.History(h, zone, width < beside)
	out := append(paintAll(p.bold, wrap(r.Title, width)), wrap(r.Well, width)...)
	if !r.Empty {
		out = append(out, "")
		if h.Period == periods[0] {
			out = append(out, ribbonLines(h, width, p)...)
		} else {
			out = append(out, barLines(h, width, p)...)
		}
	}
	if len(r.Facts) > 0 {
		out = append(out, "")
	}
	for _, fact := range r.Facts {
		for i, line := range wrapFigures(fact.Text, width-labelled) {
			label := ""
			if i == 0 {
				label = fact.Label
			}
			out = append(out, padRight(label, labelled)+line)
		}
	}
	return out
}

// plainHistory tells the history in words and figures, one thing a line, for pipes and for those who listen to it.
func plainHistory(h api.History, zone *time.Location, width int) []string {
	width = min(max(width, shortest), widest)
	r := words.History(h, zone, true)
	out := append(wrap(r.Title, width), wrap(r.Well, width)...)
	if !r.Empty {
		out = append(out, "")
		for _, line := range toldRows(h) {
			out = append(out, hanging(line, width)...)
		}
	}
	if len(r.Facts) > 0 {
		out = append(out, "")
	}
	for _, fact := range r.Facts {
		out = append(out, hanging(fact.Label+": "+fact.Text, width)...)
	}
	return out
}

// toldRows are in words what would be drawn.
func toldRows(h api.History) []string {
	if h.Period == periods[0] {
		return words.HistoryHours(h.Ribbon)
	}
	var lines []string
	if begins := words.HistoryBegins(h); begins != "" {
		lines = append(lines, begins)
	}
	for _, row := range words.HistoryRows(h) {
		lines = append(lines, row.Whole)
	}
	return lines
}

// hanging breaks a line of figures; what goes on is indented.
func hanging(text string, width int) []string {
	if utf8.RuneCountInString(text) <= width {
		return []string{text}
	}
	lines := wrapFigures(text, width-between)
	for i := range lines[1:] {
		lines[1+i] = strings.Repeat(" ", between) + lines[1+i]
	}
	return lines
}

func paintAll(paint func(string) string, lines []string) []string {
	painted := make([]string, 0, len(lines))
	for _, line := range lines {
		painted = append(painted, paint(line))
	}
	return painted
}

// wrapFigures breaks a list between its figures, and within one only where it is too long for a line.
func wrapFigures(text string, width int) []string {
	const separator, carries = " · ", " ·"
	var lines []string
	line := ""
	figures := strings.Split(text, separator)
	for i, figure := range figures {
		room := width
		if i < len(figures)-1 {
			room -= utf8.RuneCountInString(carries)
		}
		if line != "" && utf8.RuneCountInString(line+separator+figure) > room {
			lines, line = append(lines, line+carries), ""
		}
		if line != "" {
			line += separator
		}
		line += figure
		if pieces := wrap(line, room); len(pieces) > 1 {
			lines = append(lines, pieces[:len(pieces)-1]...)
			line = pieces[len(pieces)-1]
		}
	}
	return append(lines, line)
}

func padRight(s string, width int) string {
	return s + strings.Repeat(" ", max(width-utf8.RuneCountInString(s), 0))
}

func padLeft(s string, width int) string {
	return strings.Repeat(" ", max(width-utf8.RuneCountInString(s), 0)) + s
}

// heights are the fillings of a cell by which a part of a whole is told. A full cell does not touch the row above.
var heights = []rune("▁▂▃▄▅▆▇")

// height draws part of whole in one cell. What is there at all is seen.
func height(part, whole int64) string {
	if part <= 0 || whole <= 0 {
		return " "
	}
	n := int64(len(heights))
	level := (2*n*part + whole) / (2 * whole)
	return string(heights[min(max(level, 1), n)-1])
}
