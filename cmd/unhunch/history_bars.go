package main

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

const (
	sittingCell  = "▆"
	standingCell = "▃"
	awayDay      = "-" // in the small bars of a week
	unknownDay   = "·"
	someHeights  = "▁▄▇"
	// shortBar is the shortest bar in columns that tells a busy day from a quiet one; figures give way to it.
	shortBar = 16
	longBar  = 40
)

// A column stands beside the bars.
type column struct {
	heading string
	width   int
	of      func(words.HistoryRow) string
	paint   func(string) string
}

// barLines draw several days: a bar for each day, week or month, with its figures.
func barLines(h api.History, width int, p shades) []string {
	rows := words.HistoryRows(h)
	labels, longest, standing := 0, int64(0), false
	for _, row := range rows {
		labels = max(labels, utf8.RuneCountInString(row.Label)+between)
		longest = max(longest, row.Average.SittingS+row.Average.StandingS)
		standing = standing || row.Average.StandingS > 0
	}
	barRoom, columns := columnsFor(h, width-labels, p)
	above, below := legends(h, columns, standing, p)
	gap := max(labels+barRoom-above.width(), 0)
	out := []string{above.draw(p) + strings.Repeat(" ", gap) + p.dim(headings(columns))}
	if begins := words.HistoryBegins(h); begins != "" {
		out = append(paintAll(p.dim, wrap(begins, width)), out...)
	}
	for i, row := range rows {
		label := padRight(row.Label, labels)
		if i == len(rows)-1 {
			label = p.bold(label) // the one that goes on
		}
		if row.Nothing != "" {
			out = append(out, label+p.dim(row.Nothing))
			continue
		}
		out = append(out, label+drawBar(row.Average, longest, barRoom, p)+figures(row, columns))
	}
	for _, line := range below.lines(width-labels, p) {
		out = append(out, strings.Repeat(" ", labels)+line)
	}
	return out
}

// legends are what is to be said above the bars and below them.
func legends(h api.History, columns []column, standing bool, p shades) (above, below legend) {
	if standing {
		above = legend{{sittingCell, words.HistoryKeySitting, p.sitting}, {standingCell, words.HistoryKeyStanding, p.standing}}
	}
	if h.Period == "month" && len(columns) > 1 {
		below = legend{
			{someHeights, words.HistoryKeyDays, p.sitting},
			{awayDay, words.HistoryKeyAway, p.sitting},
			{unknownDay, words.HistoryKeyUnknown, p.sitting},
		}
	}
	return above, below
}

// columnsFor are the columns that there is room for beside a bar, the most telling first.
func columnsFor(h api.History, width int, p shades) (bar int, columns []column) {
	sitting := column{words.HistoryColumnADay, len(words.HistoryColumnADay), func(r words.HistoryRow) string {
		return words.HistorySpan(r.Average.SittingS)
	}, asIs}
	if h.Period == "week" {
		sitting.heading, sitting.width = words.HistoryColumnSitting, spanWidth
	}
	columns = []column{sitting}
	if h.Period == "month" {
		most := mostSitting(h)
		columns = append(columns, column{
			words.HistoryColumnWeekdays, len(words.HistoryColumnWeekdays),
			func(r words.HistoryRow) string { return weekCells(r.Days, most) }, p.sitting,
		})
	}
	columns = append(columns,
		column{words.HistoryColumnLongest, spanWidth, func(r words.HistoryRow) string {
			return words.HistorySpan(r.Sums().LongestS)
		}, asIs},
		column{words.HistoryColumnStretches, len(words.HistoryColumnStretches), func(r words.HistoryRow) string {
			return strconv.Itoa(r.Sums().Sessions)
		}, asIs},
		column{words.HistoryColumnOwn, len(words.HistoryColumnOwn), func(r words.HistoryRow) string {
			return strconv.Itoa(r.Sums().NaturalBreaks)
		}, asIs})
	for ; ; columns = columns[:len(columns)-1] {
		bar = width
		for _, c := range columns {
			bar -= between + c.width
		}
		if bar >= shortBar || len(columns) == 1 {
			return min(bar, longBar), columns
		}
	}
}

func headings(columns []column) string {
	var b strings.Builder
	for _, c := range columns {
		b.WriteString(padLeft(c.heading, between+c.width))
	}
	return b.String()
}

func figures(row words.HistoryRow, columns []column) string {
	var b strings.Builder
	for _, c := range columns {
		text := c.of(row)
		b.WriteString(padLeft("", between+c.width-utf8.RuneCountInString(text)) + c.paint(text))
	}
	return b.String()
}

// drawBar draws a day as a part of the longest, sitting and then standing.
func drawBar(a words.Average, longest int64, room int, p shades) string {
	sitting, both := cellsOf(a.SittingS, longest, room), cellsOf(a.SittingS+a.StandingS, longest, room)
	if a.StandingS > 0 && both == sitting { // what is there at all is seen
		both = min(both+1, room)
		sitting = both - 1
	}
	return p.sitting(strings.Repeat(sittingCell, sitting)) + p.standing(strings.Repeat(standingCell, both-sitting)) +
		strings.Repeat(" ", room-both)
}

// cellsOf is how many of room cells a part of the whole fills, at least one if there is anything.
func cellsOf(part, whole int64, room int) int {
	if part <= 0 || whole <= 0 {
		return 0
	}
	n := int64(room)
	return int(min(max((2*n*part+whole)/(2*whole), 1), n))
}

func mostSitting(h api.History) (most int64) {
	for _, day := range h.Days {
		most = max(most, day.SittingS)
	}
	return most
}

// weekCells are the days of a week from Monday, one cell each.
func weekCells(days []api.HistoryDay, most int64) string {
	cells := []string{" ", " ", " ", " ", " ", " ", " "}
	for _, day := range days {
		cell := height(day.SittingS, most)
		switch {
		case words.HistoryThere(day.HistoryFigures):
		case day.AwayS > 0:
			cell = awayDay
		default:
			cell = unknownDay
		}
		cells[words.HistoryWeekday(day)] = cell
	}
	return strings.Join(cells, "")
}

// A legend says what is drawn how, where the headings do not.
type legend []struct {
	cells, meaning string
	paint          func(string) string
}

// betweenMarks are the columns between one mark with its meaning and the next.
const betweenMarks = 3

// draw puts all of it on one line.
func (k legend) draw(p shades) string {
	drawn := make([]string, 0, len(k))
	for _, one := range k {
		drawn = append(drawn, one.paint(one.cells)+p.dim(" "+one.meaning))
	}
	return strings.Join(drawn, strings.Repeat(" ", betweenMarks))
}

// lines puts as much on each line as it has room for.
func (k legend) lines(width int, p shades) []string {
	var lines []string
	for len(k) > 0 {
		n := len(k)
		for n > 1 && k[:n].width() > width {
			n--
		}
		lines, k = append(lines, k[:n].draw(p)), k[n:]
	}
	return lines
}

// width is how many columns that takes.
func (k legend) width() int {
	width := max(len(k)-1, 0) * betweenMarks
	for _, one := range k {
		width += utf8.RuneCountInString(one.cells + " " + one.meaning)
	}
	return width
}
