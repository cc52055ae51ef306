package words

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
)

// Labels of a history, one for each row of its drawing or fact below it.
const (
	HistorySitting   = "Sitting"
	HistoryStanding  = "Standing"
	HistoryAway      = "Away"
	HistoryUncounted = "Not counted"
	HistoryStretches = "Stretches"

	historyADay    = "A day"
	historyInAll   = "In all"
	historyLongest = "Longest"
	historyBreaks  = "Breaks"
	historyUsually = "Usually"
	historyTrend   = "Trend"
)

// HistoryLabels is the width of the longest label, in columns.
const HistoryLabels = len(HistoryUncounted)

// Around erasing the history.
const (
	HistoryEraseAsk  = "Erase everything that is on record of your days? It cannot be brought back.\nType yes to erase it: "
	HistoryEraseYes  = "yes"
	HistoryErased    = "Erased. Nothing is on record any more; a new record begins now."
	HistoryNotErased = "nothing was erased"
)

// A HistoryReport is the history of a period in words. What is drawn stands between Well and Facts.
type HistoryReport struct {
	Title string
	Well  string // what went well, which comes first; or that nothing is on record
	Empty bool   // there is nothing to draw
	Facts []HistoryFact
}

// A HistoryFact is a text with a label before it.
type HistoryFact struct{ Label, Text string }

// History is what h tells, in words. zone is where the person is. With totals the facts have the figures that a drawing
// of the day writes beside its rows.
func History(h api.History, zone *time.Location, totals bool) HistoryReport {
	r := HistoryReport{Title: historyTitle(h), Empty: !HistoryThere(h.Sum.HistoryFigures)}
	add := func(label, text string) {
		if text != "" {
			r.Facts = append(r.Facts, HistoryFact{label, text})
		}
	}
	if r.Empty {
		r.Well = historyNothing(h)
		add(historyUsually, historyOrdinary(h))
		return r
	}
	r.Well = historyWell(h)
	if h.Period == "today" {
		if totals {
			for _, lane := range HistoryDayTotals(h) {
				add(lane.Label, lane.Text)
			}
		}
		add(historyLongest, historyLongestToday(h, zone))
		add(historyBreaks, historyBreakCount(h.Sum.HistoryFigures))
		add(historyUsually, historyOrdinary(h))
		return r
	}
	add(historyADay, historyAverage(h))
	add(historyTrend, historyTrendOf(h))
	add(historyInAll, historyInAllOf(h.Sum.HistoryFigures))
	add(historyLongest, historyLongestOf(h, zone))
	add(historyBreaks, historyBreakCount(h.Sum.HistoryFigures))
	return r
}

// HistoryDayTotals are today's figures: those of the rows of its drawing, in their order. Rows with nothing in them are
// left out, but for sitting.
func HistoryDayTotals(h api.History) []HistoryFact {
	f := h.Sum.HistoryFigures
	facts := []HistoryFact{{HistorySitting, HistorySpan(f.SittingS)}}
	for _, lane := range []struct {
		label string
		s     int64
	}{{HistoryStanding, f.StandingS}, {HistoryAway, HistoryAwayBetween(h.Ribbon)}, {HistoryUncounted, f.UndecidedS}} {
		if lane.s > 0 {
			facts = append(facts, HistoryFact{lane.label, HistorySpan(lane.s)})
		}
	}
	if f.Sessions > 0 || f.SessionS > 0 {
		facts = append(facts, HistoryFact{HistoryStretches, fmt.Sprint(f.Sessions)})
	}
	return facts
}

// HistoryAwayBetween is how many seconds the person was away between the first and the last that is known of them. The
// night and what follows the last hour at the desk say nothing of the day.
func HistoryAwayBetween(ribbon []api.HistorySlot) int64 {
	var away int64
	from, to := HistoryThereBetween(ribbon)
	for _, slot := range ribbon[from:to] {
		away += slot.AwayS
	}
	return away
}

// HistoryThereBetween is from which slot up to which the person was there, on and off.
func HistoryThereBetween(ribbon []api.HistorySlot) (from, to int) {
	there := func(s api.HistorySlot) bool { return s.SittingS+s.StandingS+s.SessionS+s.UndecidedS > 0 }
	from = slices.IndexFunc(ribbon, there)
	if from < 0 {
		return 0, 0
	}
	for i, slot := range ribbon {
		if there(slot) {
			to = i + 1
		}
	}
	return from, to
}

// HistorySpan is a length of time in seconds, as the status writes it. Among hundreds of hours minutes do not matter.
func HistorySpan(s int64) string {
	const hour = 60 * 60
	if s >= 100*hour {
		s = (s + hour/2) / hour * hour
	}
	return statusSpan(float64(s))
}

// historyTitle is what the report is about: “Sunday 22 November”.
func historyTitle(h api.History) string {
	if len(h.Days) == 0 {
		return "Your days"
	}
	first, last := historyDate(h.Days[0].Date), historyDate(h.Days[len(h.Days)-1].Date)
	switch h.Period {
	case "today":
		return fmt.Sprintf("Today, %s", last.Format("Monday 2 January"))
	case "week":
		if first.Month() == last.Month() {
			return fmt.Sprintf("Seven days, %d to %s", first.Day(), last.Format("2 January"))
		}
		return fmt.Sprintf("Seven days, %s to %s", first.Format("2 January"), last.Format("2 January"))
	case "month":
		return fmt.Sprintf("Thirty days, %s to %s", first.Format("2 January"), last.Format("2 January 2006"))
	}
	return fmt.Sprintf("A year, %s to %s", first.Format("2 January 2006"), last.Format("2 January 2006"))
}

// historyDate is the date of a day of the history; the zero time for what is none.
func historyDate(date string) time.Time {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return time.Time{}
	}
	return t
}

func historyNothing(h api.History) string {
	switch {
	case h.Before.DaysThere > 0 && h.Period == "today":
		return "Nothing is on record of today yet."
	case h.Before.DaysThere > 0:
		return "Nothing is on record of these days."
	}
	return "Nothing is on record yet. Come back after a while at the desk."
}

func historyLongestToday(h api.History, zone *time.Location) string {
	for _, day := range h.Days {
		if day.LongestFrom != nil && day.LongestS > 0 {
			from, to := historyFromTo(day, zone)
			return fmt.Sprintf("%s in the chair, from %s to %s", HistorySpan(day.LongestS), from, to)
		}
	}
	return ""
}

func historyLongestOf(h api.History, zone *time.Location) string {
	var longest api.HistoryDay
	for _, day := range h.Days {
		if day.LongestFrom != nil && day.LongestS > longest.LongestS {
			longest = day
		}
	}
	if longest.LongestS == 0 {
		return ""
	}
	from, to := historyFromTo(longest, zone)
	date := historyDate(longest.Date).Format("Mon 2 Jan")
	if h.Period == "year" { // it has two Novembers
		date = historyDate(longest.Date).Format("Mon 2 Jan 2006")
	}
	return fmt.Sprintf("%s in the chair, on %s from %s to %s", HistorySpan(longest.LongestS), date, from, to)
}

// historyFromTo is when the longest sitting of a day began and ended, by the clock.
func historyFromTo(day api.HistoryDay, zone *time.Location) (from, to string) {
	began := day.LongestFrom.In(zone)
	return began.Format("15:04"), began.Add(time.Duration(day.LongestS) * time.Second).Format("15:04")
}

// historyBreakCount lists the breaks and what came of them. What was passed over is “let go”: it is nobody's fault.
func historyBreakCount(f api.HistoryFigures) string {
	return historyList(
		statusCount(f.Prompts, "1 offered", "%d offered"),
		statusCount(f.Taken, "1 taken", "%d taken"),
		statusCount(f.Snoozes, "1 put off", "%d put off"),
		statusCount(f.Skips+f.Ignored, "1 let go", "%d let go"),
		statusCount(f.NaturalBreaks, "1 of your own", "%d of your own"),
	)
}

// historyInAllOf is what several days come to.
func historyInAllOf(f api.HistoryFigures) string {
	return historyList(
		historySome(f.SittingS, "%s sitting"), historySome(f.StandingS, "%s standing"),
		statusCount(f.Sessions, "1 stretch", "%d stretches"),
		statusCount(f.Stopped, "1 ended early", "%d ended early"),
	)
}

// historyAverage is what a day of the period comes to.
func historyAverage(h api.History) string {
	a := HistoryAverage(h.Days, historyToday(h))
	times := historyList(historySome(a.SittingS, "%s sitting"), historySome(a.StandingS, "%s standing"))
	switch {
	case times == "":
		return ""
	case a.Today:
		return fmt.Sprintf("%s · today alone, so far", times)
	case a.Days == 1:
		return fmt.Sprintf("%s · over 1 day, without today", times)
	}
	return fmt.Sprintf("%s · over %d days, without today", times, a.Days)
}

// historyOrdinary is what a day came to before, to compare today with.
func historyOrdinary(h api.History) string {
	b := h.Before
	if h.Period != "today" || b.DaysThere < enoughBefore {
		return ""
	}
	figures := historyList(
		historySome(b.SittingS/int64(b.DaysThere), "%s sitting"),
		historySome(b.LongestMeanS, "%s at the longest"),
		statusCount(nearest(b.Sessions, b.DaysThere), "1 stretch", "%d stretches"),
		statusCount(nearest(b.NaturalBreaks, b.DaysThere), "1 break of your own", "%d breaks of your own"),
	)
	if figures == "" {
		return ""
	}
	return fmt.Sprintf("%s · on %d days of the four weeks before", figures, b.DaysThere)
}

// historySome fills a text with a length of time; none at all needs no words.
func historySome(s int64, text string) string {
	if s <= 0 {
		return ""
	}
	return fmt.Sprintf(text, HistorySpan(s))
}

// historyList puts figures side by side, leaving out empty ones.
func historyList(figures ...string) string {
	return strings.Join(slices.DeleteFunc(figures, func(s string) bool { return s == "" }), " · ")
}

// nearest is the whole number nearest to sum/n.
func nearest(sum, n int) int { return (2*sum + n) / (2 * n) }
