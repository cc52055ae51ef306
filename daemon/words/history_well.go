package words

import (
	"fmt"

	"github.com/unhunch/unhunch/daemon/api"
)

const (
	// enoughBefore is how many days at the desk make an ordinary one: fewer could all have been odd.
	enoughBefore = 3
	// noDifference in seconds is what two averages differ by without there being a trend.
	noDifference = 5 * 60
	// onFeet in seconds is how much standing is worth a word.
	onFeet = 10 * 60
)

// historyWell is what went well: the first that is true, the dearest first. It says nothing that the figures do not.
func historyWell(h api.History) string {
	if h.Period == "today" {
		return historyWellToday(h)
	}
	return historyWellOf(h)
}

func historyWellToday(h api.History) string {
	f, b := h.Sum.HistoryFigures, h.Before
	breaks := f.Sessions + f.NaturalBreaks
	switch {
	case h.Since == historyToday(h) && b.Days == 0 && breaks == 1:
		return "Your first day on record, and a first break in it."
	case h.Since == historyToday(h) && b.Days == 0 && breaks > 1:
		return fmt.Sprintf("Your first day on record, and %d breaks in it.", breaks)
	case allTaken(f):
		return fmt.Sprintf("You took every break offered so far: all %d of them.", f.Prompts)
	case shorterThanUsual(h):
		return fmt.Sprintf("Your longest sitting so far is %s; on an ordinary day it is %s.",
			HistorySpan(f.LongestS), HistorySpan(b.LongestMeanS))
	case b.DaysThere >= enoughBefore && f.Sessions > 1 && f.Sessions*b.DaysThere > b.Sessions:
		return fmt.Sprintf("%d stretches already, which is more than on an ordinary day.", f.Sessions)
	case f.Sessions > 0 && f.NaturalBreaks > 0:
		return fmt.Sprintf("%d breaks so far, some guided and some of your own.", breaks)
	case f.Sessions == 1:
		return "One stretch done today."
	case f.Sessions > 1:
		return fmt.Sprintf("%d stretches done today.", f.Sessions)
	case f.NaturalBreaks == 1:
		return "You have been up for a break of your own."
	case f.NaturalBreaks > 1:
		return fmt.Sprintf("You have been up for %d breaks of your own.", f.NaturalBreaks)
	case f.StandingS >= onFeet:
		return fmt.Sprintf("%s on your feet at the desk so far.", HistorySpan(f.StandingS))
	}
	return "Two minutes for you, whenever it suits: unhunch stretch"
}

// allTaken says that each break that was offered was taken, and there was more than one.
func allTaken(f api.HistoryFigures) bool {
	return f.Prompts > 1 && f.Taken == f.Prompts && f.Skips+f.Snoozes+f.Ignored == 0
}

// shorterThanUsual compares the longest sitting with that of an ordinary day, once half of such a day has been sat: in the
// morning it is short for everybody.
func shorterThanUsual(h api.History) bool {
	f, b := h.Sum.HistoryFigures, h.Before
	return b.DaysThere >= enoughBefore && f.LongestS > 0 &&
		2*f.SittingS*int64(b.DaysThere) >= b.SittingS && f.LongestS+noDifference <= b.LongestMeanS
}

func historyWellOf(h api.History) string {
	f := h.Sum.HistoryFigures
	stretched, there := 0, 0
	for _, day := range h.Days {
		if day.Sessions > 0 {
			stretched++
		}
		if HistoryThere(day.HistoryFigures) {
			there++
		}
	}
	switch {
	case allTaken(f):
		return fmt.Sprintf("You took every break offered: all %d of them.", f.Prompts)
	case stretched > 1 && stretched >= there:
		return fmt.Sprintf("You stretched on every day at the desk, on all %d of them.", stretched)
	case f.Taken > 1 && 2*f.Taken >= f.Prompts && f.Taken <= f.Prompts:
		return fmt.Sprintf("You took %d of the %d breaks offered.", f.Taken, f.Prompts)
	case stretched > 1 && 2*stretched >= there:
		return fmt.Sprintf("You stretched on %d of %d days at the desk.", stretched, there)
	case f.Sessions > 1:
		return fmt.Sprintf("You finished %d stretches.", f.Sessions)
	case f.Sessions == 1 && f.NaturalBreaks <= 1:
		return "A stretch done: that is a beginning."
	case f.Sessions+f.NaturalBreaks > 1:
		return fmt.Sprintf("You had %d breaks.", f.Sessions+f.NaturalBreaks)
	case f.NaturalBreaks == 1:
		return "You were up for a break of your own."
	case historyMore(h) <= -noDifference:
		return fmt.Sprintf("%s less in the chair a day than before.", HistorySpan(-historyMore(h)))
	case f.StandingS >= onFeet:
		return fmt.Sprintf("%s on your feet at the desk.", HistorySpan(f.StandingS))
	}
	return "Two minutes for you, whenever it suits: unhunch stretch"
}

// historyComparable tells whether there are days enough to speak of a trend.
func historyComparable(h api.History) bool {
	a := HistoryAverage(h.Days, historyToday(h))
	return !a.Today && a.Days >= enoughBefore && h.Before.DaysThere >= enoughBefore
}

// historyMore is how many seconds more a day of the period was spent in the chair than a day before it. Today is left
// out, as it is not over.
func historyMore(h api.History) int64 {
	if !historyComparable(h) {
		return 0
	}
	return HistoryAverage(h.Days, historyToday(h)).SittingS - h.Before.SittingS/int64(h.Before.DaysThere)
}

// historyTrendOf compares a day of the period with a day before it.
func historyTrendOf(h api.History) string {
	if !historyComparable(h) {
		return ""
	}
	more, b := historyMore(h), h.Before
	if h.Since > historyBeforeBegins(h) { // not all of that time is on record
		switch {
		case more >= noDifference:
			return fmt.Sprintf("%s more in the chair a day than on the %d days before", HistorySpan(more), b.DaysThere)
		case more <= -noDifference:
			return fmt.Sprintf("%s less in the chair a day than on the %d days before", HistorySpan(-more), b.DaysThere)
		}
		return fmt.Sprintf("about as long in the chair a day as on the %d days before", b.DaysThere)
	}
	before := historyBefore[h.Period]
	switch {
	case more >= noDifference:
		return fmt.Sprintf(before.more, HistorySpan(more))
	case more <= -noDifference:
		return fmt.Sprintf(before.less, HistorySpan(-more))
	}
	return before.same
}

// historyBefore words the trend against the time before each period.
var historyBefore = map[string]struct{ more, less, same string }{
	"week": {
		"%s more in the chair a day than in the four weeks before",
		"%s less in the chair a day than in the four weeks before",
		"about as long in the chair a day as in the four weeks before",
	},
	"month": {
		"%s more in the chair a day than in the thirty days before",
		"%s less in the chair a day than in the thirty days before",
		"about as long in the chair a day as in the thirty days before",
	},
	"year": {
		"%s more in the chair a day than in the year before",
		"%s less in the chair a day than in the year before",
		"about as long in the chair a day as in the year before",
	},
}

// historyBeforeBegins is the first day of the time that the period is compared with.
func historyBeforeBegins(h api.History) string {
	days := len(h.Days)
	if h.Period == "week" {
		days = 28
	}
	return historyDate(h.Days[0].Date).AddDate(0, 0, -days).Format("2006-01-02")
}
