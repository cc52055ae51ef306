package main

import (
	"strings"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

const (
	slotS       = 15 * 60 // seconds of a slot of the ribbon
	slotsAnHour = 4
	stretchMark = "◆"
	aMinute     = 60 // seconds
)

// A ribbon is a day as a strip of cells, each of the same number of slots.
type ribbon struct {
	slots   []api.HistorySlot
	perCell int
}

// ribbonLines draw a day: a row for each posture, in which the height says how much of that time it took, so that the rows
// of a moment add up.
func ribbonLines(h api.History, width int, p shades) []string {
	room := width - labelled
	if width >= beside {
		room -= between + spanWidth
	}
	r := newRibbon(h.Ribbon, room)
	cells := (len(r.slots) + r.perCell - 1) / r.perCell
	out := []string{p.dim(strings.TrimRight(strings.Repeat(" ", labelled)+r.hours(), " "))}
	for _, lane := range words.HistoryDayTotals(h) {
		drawn, paint := r.lane(lane.Label, p)
		line := padRight(lane.Label, labelled)
		if width < beside {
			out = append(out, line+paint(strings.TrimRight(drawn, " ")))
			continue
		}
		out = append(out, line+paint(padRight(drawn, cells))+padLeft(lane.Text, between+spanWidth))
	}
	return out
}

// newRibbon takes the hours in which the person was there, in cells as fine as there is room for.
func newRibbon(day []api.HistorySlot, room int) ribbon {
	from, to := words.HistoryThereBetween(day)
	r := ribbon{perCell: 1}
	first, last := hourBegins(day, from), hourEnds(day, to)
	for i := first; i < last; i++ {
		slot := day[i]
		if i < from || i >= to {
			slot.AwayS = 0 // before the first minute and after the last
		}
		r.slots = append(r.slots, slot)
	}
	for r.perCell < slotsAnHour && (len(r.slots)+r.perCell-1)/r.perCell > room {
		r.perCell *= 2
	}
	for (len(r.slots)+r.perCell-1)/r.perCell > room { // a day of travel
		r.perCell += slotsAnHour
	}
	return r
}

// hourBegins goes back from a slot to the first of its hour.
func hourBegins(day []api.HistorySlot, i int) int {
	for i > 0 && i < len(day) && sameHour(day[i-1], day[i]) {
		i--
	}
	return i
}

// hourEnds goes on from the end of a slot to that of its hour.
func hourEnds(day []api.HistorySlot, i int) int {
	for i > 0 && i < len(day) && sameHour(day[i-1], day[i]) {
		i++
	}
	return i
}

// sameHour tells whether b goes on with the hour of a. An hour that comes again is another.
func sameHour(a, b api.HistorySlot) bool { return hourOf(a) == hourOf(b) && a.Local < b.Local }

// hourOf is the hour by the clock: “15”.
func hourOf(s api.HistorySlot) string {
	hour, _, _ := strings.Cut(s.Local, ":")
	return hour
}

// hours writes the hours above their cells, as many as there is room for.
func (r ribbon) hours() string {
	line := ""
	for i, slot := range r.slots {
		cell := i / r.perCell
		switch {
		case i > 0 && sameHour(r.slots[i-1], slot):
		case i%r.perCell != 0, line != "" && cell <= len(line):
		case cell+len(hourOf(slot)) > (len(r.slots)+r.perCell-1)/r.perCell:
		default:
			line = padRight(line, cell) + hourOf(slot)
		}
	}
	return line
}

// lane draws one row of the ribbon, and says in which colour.
func (r ribbon) lane(label string, p shades) (cells string, paint func(string) string) {
	switch label {
	case words.HistoryStretches:
		return r.marks(), p.standing
	case words.HistoryStanding:
		return r.heights(func(s api.HistorySlot) int64 { return s.StandingS }), p.standing
	case words.HistoryAway:
		return r.heights(func(s api.HistorySlot) int64 { return s.AwayS }), p.away
	case words.HistoryUncounted:
		return r.heights(func(s api.HistorySlot) int64 { return s.UndecidedS }), p.away
	}
	return r.heights(func(s api.HistorySlot) int64 { return s.SittingS }), p.sitting
}

func (r ribbon) heights(of func(api.HistorySlot) int64) string {
	var b strings.Builder
	for i := 0; i < len(r.slots); i += r.perCell {
		var sum int64
		for _, slot := range r.slots[i:min(i+r.perCell, len(r.slots))] {
			sum += of(slot)
		}
		b.WriteString(height(sum, int64(r.perCell)*slotS))
	}
	return b.String()
}

// marks are where a stretch was. One that reaches into the next slot for a moment is marked where most of it was.
func (r ribbon) marks() string {
	of := func(i int) int64 {
		if i < 0 || i >= len(r.slots) {
			return 0
		}
		return r.slots[i].SessionS
	}
	cells := make([]string, 0, len(r.slots))
	for i := range r.slots {
		if i%r.perCell == 0 {
			cells = append(cells, " ")
		}
		end := of(i) <= aMinute && (of(i-1) >= of(i) || of(i+1) > of(i))
		if of(i) > 0 && !end {
			cells[len(cells)-1] = stretchMark
		}
	}
	return strings.Join(cells, "")
}
