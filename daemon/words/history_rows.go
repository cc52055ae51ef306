package words

import (
	"fmt"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
)

// A HistoryRow is what a report of several days has a bar for: a day, a week or a month.
type HistoryRow struct {
	Label   string // short: “Mon 16”, “26 Oct”, “Nov 2025”
	Days    []api.HistoryDay
	Average Average
	Whole   string // the row in one line of words
	Nothing string // where there is nothing to draw: why
}

// An Average is what a day at the desk comes to.
type Average struct {
	Days                int // that it is the average of
	SittingS, StandingS int64
	Today               bool // it is of today alone, which is not over
}

// HistoryAverage is what a day of days at the desk comes to. Today is left out where there is another.
func HistoryAverage(days []api.HistoryDay, today string) Average {
	var a Average
	var last api.HistoryDay
	for _, day := range days {
		switch {
		case !HistoryThere(day.HistoryFigures):
		case day.Date == today:
			last = day
		default:
			a.Days++
			a.SittingS += day.SittingS
			a.StandingS += day.StandingS
		}
	}
	switch {
	case a.Days > 0:
		a.SittingS /= int64(a.Days)
		a.StandingS /= int64(a.Days)
	case last.Date != "":
		a = Average{Days: 1, SittingS: last.SittingS, StandingS: last.StandingS, Today: true}
	}
	return a
}

// HistoryThere tells whether the figures are of somebody who was at the desk. A computer that slept all day is on record
// too, and makes no day at the desk.
func HistoryThere(f api.HistoryFigures) bool {
	return f.SittingS+f.StandingS+f.SessionS > 0
}

// historyToday is the date of today.
func historyToday(h api.History) string {
	if len(h.Days) == 0 {
		return ""
	}
	return h.Days[len(h.Days)-1].Date
}

// HistoryBegins says since when there is a record, if that is later than the period began.
func HistoryBegins(h api.History) string {
	if len(h.Days) == 0 || h.Since <= h.Days[0].Date {
		return ""
	}
	return fmt.Sprintf("Nothing is on record before %s.", historyDate(h.Since).Format("Monday 2 January 2006"))
}

// HistoryRows divides the days of h: a week into days, a month into weeks that begin on Monday, a year into months. Rows
// before the record begins are left out: HistoryBegins tells of them.
func HistoryRows(h api.History) []HistoryRow {
	var groups [][]api.HistoryDay
	for i, day := range h.Days {
		if i == 0 || historyBegins(h.Period, historyDate(day.Date)) {
			groups = append(groups, nil)
		}
		last := len(groups) - 1
		groups[last] = append(groups[last], day)
	}
	rows := make([]HistoryRow, 0, len(groups))
	for _, days := range groups {
		if days[len(days)-1].Date >= h.Since {
			rows = append(rows, historyRow(h, days))
		}
	}
	return rows
}

// historyBegins tells whether a row begins on that date.
func historyBegins(period string, date time.Time) bool {
	switch period {
	case "month":
		return date.Weekday() == time.Monday
	case "year":
		return date.Day() == 1
	}
	return true
}

func historyRow(h api.History, days []api.HistoryDay) HistoryRow {
	r := HistoryRow{Days: days, Average: HistoryAverage(days, historyToday(h)), Nothing: historyWhyNothing(days)}
	first := historyDate(days[0].Date)
	f := sumOf(days)
	figures := historyList(
		historySome(f.LongestS, "%s at the longest"),
		statusCount(f.Sessions, "1 stretch", "%d stretches"),
		statusCount(f.NaturalBreaks, "1 break of your own", "%d breaks of your own"),
	)
	name, times := "", ""
	switch a := r.Average; h.Period {
	case "month":
		r.Label, name = first.Format("_2 Jan"), fmt.Sprintf("Week from %s", first.Format("2 January"))
		times = historyTimesADay(a)
	case "year":
		r.Label, name = first.Format("Jan 2006"), first.Format("January 2006")
		times = historyTimesADay(a)
	default:
		r.Label, name = first.Format("Mon _2"), first.Format("Monday 2 January")
		times = historyList(historySome(f.SittingS, "%s sitting"), historySome(f.StandingS, "%s standing"))
	}
	if r.Nothing != "" {
		r.Whole = fmt.Sprintf("%s: %s", name, r.Nothing)
		return r
	}
	r.Whole = fmt.Sprintf("%s: %s", name, historyList(times, figures))
	return r
}

// historyTimesADay are the times of an average day.
func historyTimesADay(a Average) string {
	return historyList(
		historySome(a.SittingS, "%s sitting a day"), historySome(a.StandingS, "%s standing a day"),
		statusCount(a.Days, "1 day at the desk", "%d days at the desk"))
}

// historyWhyNothing is what to say of days of which there is nothing to draw.
func historyWhyNothing(days []api.HistoryDay) string {
	f := sumOf(days)
	switch {
	case HistoryThere(f):
		return ""
	case f.AwayS > 0:
		return "away"
	}
	return "nothing on record"
}

// Sums are what the columns beside a bar are filled with.
func (r HistoryRow) Sums() api.HistoryFigures { return sumOf(r.Days) }

// sumOf adds up what can be shown beside a bar. The longest is that of all days.
func sumOf(days []api.HistoryDay) api.HistoryFigures {
	var f api.HistoryFigures
	for _, day := range days {
		f.SittingS += day.SittingS
		f.StandingS += day.StandingS
		f.AwayS += day.AwayS
		f.UndecidedS += day.UndecidedS
		f.SessionS += day.SessionS
		f.LongestS = max(f.LongestS, day.LongestS)
		f.Sessions += day.Sessions
		f.NaturalBreaks += day.NaturalBreaks
	}
	return f
}

// Headings of the columns beside the bars.
const (
	HistoryColumnSitting   = "sitting"
	HistoryColumnADay      = "sitting a day"
	HistoryColumnWeekdays  = "MTWTFSS"
	HistoryColumnLongest   = "longest"
	HistoryColumnStretches = "stretches"
	HistoryColumnOwn       = "own breaks"
)

// What the bars and the cells of a week mean.
const (
	HistoryKeySitting  = "sitting"
	HistoryKeyStanding = "standing"
	HistoryKeyDays     = "sitting on each day"
	HistoryKeyAway     = "away"
	HistoryKeyUnknown  = "nothing on record"
)

// HistoryWeekday is the day of the week, 0 for Monday.
func HistoryWeekday(day api.HistoryDay) int { return (int(historyDate(day.Date).Weekday()) + 6) % 7 }

// HistoryHours is a day told hour by hour, from the first to the last in which the person was there.
func HistoryHours(ribbon []api.HistorySlot) []string {
	from, to := HistoryThereBetween(ribbon)
	var hours []string
	var sum api.HistorySlot
	seen := map[string]bool{}
	for i, slot := range ribbon[from:to] {
		hour := historyHour(slot)
		if i == 0 || hour != sum.Local || slot.Local < ribbon[from+i-1].Local {
			if i > 0 {
				hours = append(hours, historyHourLine(sum, seen))
			}
			sum = api.HistorySlot{Local: hour}
		}
		sum.SittingS += slot.SittingS
		sum.StandingS += slot.StandingS
		sum.AwayS += slot.AwayS
		sum.UndecidedS += slot.UndecidedS
		sum.SessionS += slot.SessionS
	}
	if to > from {
		hours = append(hours, historyHourLine(sum, seen))
	}
	return hours
}

// historyHour is the hour that a slot lies in, as 15:00.
func historyHour(s api.HistorySlot) string {
	if len(s.Local) < 2 {
		return s.Local
	}
	return s.Local[:2] + ":00"
}

// historyHourLine tells of an hour. seen are those before it: when the clocks are put back one comes twice.
func historyHourLine(sum api.HistorySlot, seen map[string]bool) string {
	text := historyList(
		historySome(sum.SittingS, "%s sitting"), historySome(sum.StandingS, "%s standing"),
		historySome(sum.SessionS, "%s stretching"), historySome(sum.AwayS, "%s away"),
		historySome(sum.UndecidedS, "%s not counted"))
	if text == "" {
		text = "nothing on record"
	}
	again := seen[sum.Local]
	seen[sum.Local] = true
	if again {
		return fmt.Sprintf("From %s again: %s", sum.Local, text)
	}
	return fmt.Sprintf("From %s: %s", sum.Local, text)
}
