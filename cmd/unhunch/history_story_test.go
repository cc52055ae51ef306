package main

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
)

// A stint is what somebody did from a time of day for some minutes: sit stand away session undecided.
type stint struct {
	at      string
	minutes int
	posture string
}

// dayStart is when a day begins unless the settings say otherwise.
const dayStart = 4 * time.Hour

// lived is a day that went like that, with its ribbon.
func lived(t testing.TB, date string, zone *time.Location, stints ...stint) (api.HistoryDay, []api.HistorySlot) {
	t.Helper()
	midnight, err := time.ParseInLocation(time.DateOnly, date, zone)
	if err != nil {
		t.Fatal(err)
	}
	begin := at(midnight, dayStart)
	end := at(midnight.AddDate(0, 0, 1), dayStart)
	day := api.HistoryDay{Date: date}
	var ribbon []api.HistorySlot
	for slot := begin; slot.Before(end); slot = slot.Add(slotS * time.Second) {
		ribbon = append(ribbon, api.HistorySlot{Local: slot.Format("15:04")})
	}
	for _, s := range stints {
		clock, err := time.Parse("15:04", s.at)
		if err != nil {
			t.Fatal(err)
		}
		from := at(midnight, clock.Sub(clock.Truncate(24*time.Hour)))
		if from.Before(begin) {
			from = at(midnight.AddDate(0, 0, 1), clock.Sub(clock.Truncate(24*time.Hour)))
		}
		live(&day, ribbon, begin, from, s)
	}
	return day, ribbon
}

// at is a time of day by the clock.
func at(midnight time.Time, clock time.Duration) time.Time {
	y, m, d := midnight.Date()
	return time.Date(y, m, d, 0, int(clock/time.Minute), 0, 0, midnight.Location())
}

func live(day *api.HistoryDay, ribbon []api.HistorySlot, begin, from time.Time, s stint) {
	for minute := range s.minutes {
		i := int(from.Add(time.Duration(minute)*time.Minute).Sub(begin) / (slotS * time.Second))
		slot := &ribbon[i]
		switch s.posture {
		case "sit":
			slot.SittingS += 60
			day.SittingS += 60
		case "stand":
			slot.StandingS += 60
			day.StandingS += 60
		case "away":
			slot.AwayS += 60
			day.AwayS += 60
		case "session":
			slot.SessionS += 60
			day.SessionS += 60
		case "undecided":
			slot.UndecidedS += 60
			day.UndecidedS += 60
		}
	}
	switch s.posture {
	case "session":
		day.Sessions++
	case "sit":
		if length := int64(s.minutes) * 60; length > day.LongestS {
			utc := from.UTC()
			day.LongestS, day.LongestFrom = length, &utc
		}
	}
}

// todayOf is the report of a single day, after weeks of ordinary ones if before says how many.
func todayOf(day api.HistoryDay, ribbon []api.HistorySlot, before int) api.History {
	h := api.History{Period: "today", Since: day.Date, Days: []api.HistoryDay{day}, Ribbon: ribbon}
	h.Sum = totals(h.Days)
	if before > 0 {
		h.Since = "2026-01-07"
		h.Before = ordinary(before)
	}
	return h
}

// ordinary is so many days of six hours in the chair.
func ordinary(days int) api.HistoryTotals {
	n := int64(days)
	return api.HistoryTotals{Days: days + 2, DaysThere: days, LongestMeanS: 70 * 60, HistoryFigures: api.HistoryFigures{
		SittingS: n * 6 * 3600, StandingS: n * 1200, AwayS: n * 5000, LongestS: 3 * 3600,
		Prompts: 6 * days, Taken: 3 * days, Sessions: 3 * days, NaturalBreaks: 2 * days, Snoozes: days, Skips: days,
	}}
}

func totals(days []api.HistoryDay) (sum api.HistoryTotals) {
	for _, d := range days {
		if d.HistoryFigures == (api.HistoryFigures{}) {
			continue
		}
		sum.Days++
		if d.SittingS+d.StandingS+d.SessionS > 0 {
			sum.DaysThere++
			sum.LongestMeanS += d.LongestS
		}
		sum.SittingS += d.SittingS
		sum.StandingS += d.StandingS
		sum.AwayS += d.AwayS
		sum.UndecidedS += d.UndecidedS
		sum.SessionS += d.SessionS
		sum.LongestS = max(sum.LongestS, d.LongestS)
		sum.Prompts += d.Prompts
		sum.Taken += d.Taken
		sum.Ignored += d.Ignored
		sum.Sessions += d.Sessions
		sum.Stopped += d.Stopped
		sum.NaturalBreaks += d.NaturalBreaks
		sum.Snoozes += d.Snoozes
		sum.Skips += d.Skips
	}
	if sum.DaysThere > 0 {
		sum.LongestMeanS /= int64(sum.DaysThere)
	}
	return sum
}

// periodOf is a report of that many days that end on 22 November 2026, a Sunday. The first days of it may be from before
// the record began.
func periodOf(period string, days, unknown, before int) api.History {
	dice := rand.New(rand.NewPCG(uint64(days), 7))
	last := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	h := api.History{Period: period, Since: "2024-03-01"}
	for i := range days {
		date := last.AddDate(0, 0, i-days+1)
		day := api.HistoryDay{Date: date.Format(time.DateOnly)}
		switch weekend := date.Weekday() == time.Saturday || date.Weekday() == time.Sunday; {
		case i < unknown || dice.IntN(12) == 0:
		case weekend && i < days-1:
			day.AwayS = 24 * 3600
		default:
			busy(&day, date, dice)
		}
		h.Days = append(h.Days, day)
	}
	if unknown > 0 {
		h.Since = h.Days[min(unknown, days-1)].Date
	}
	h.Sum = totals(h.Days)
	if before > 0 {
		h.Before = ordinary(before)
	}
	return h
}

// busy fills in a working day.
func busy(day *api.HistoryDay, date time.Time, dice *rand.Rand) {
	from := date.Add(time.Duration(9*60+dice.IntN(300)) * time.Minute)
	taken, own := dice.IntN(5), dice.IntN(4)
	day.LongestFrom = &from
	day.HistoryFigures = api.HistoryFigures{
		SittingS: int64(3*3600 + dice.IntN(4*3600)), StandingS: int64(dice.IntN(90) * 60), AwayS: int64(3600 + dice.IntN(7200)),
		SessionS: int64(taken * 120), LongestS: int64(1800 + dice.IntN(4000)),
		Prompts: taken + 2, Taken: taken, Sessions: taken, NaturalBreaks: own, Snoozes: 1, Skips: dice.IntN(2), Ignored: 0,
	}
}

// berlin has its clocks changed twice a year.
func berlin(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones here: ", err)
	}
	return zone
}

// A historyStory is a report that people get to see.
type historyStory struct {
	name string
	zone *time.Location
	h    api.History
}

func historyStories(t testing.TB) []historyStory {
	t.Helper()
	var all []historyStory
	tell := func(name string, zone *time.Location, h api.History) { all = append(all, historyStory{name, zone, h}) }
	today := func(before int, counts func(*api.HistoryDay), stints ...stint) api.History {
		day, ribbon := lived(t, "2026-11-22", time.UTC, stints...)
		if counts != nil {
			counts(&day)
		}
		return todayOf(day, ribbon, before)
	}
	tell("nothing yet", time.UTC, today(0, nil))
	tell("nothing today", time.UTC, today(19, nil))
	tell("a night of sleep and no more", time.UTC, today(19, nil, stint{"04:00", 240, "away"}))
	tell("the first minutes", time.UTC, today(0, nil, stint{"09:02", 7, "sit"}))
	tell("half a morning", time.UTC, today(19, func(d *api.HistoryDay) { d.Prompts, d.Taken, d.NaturalBreaks = 2, 2, 1 }, morning...))
	tell("a first day", time.UTC, today(0, func(d *api.HistoryDay) { d.Prompts, d.Taken, d.Snoozes = 3, 2, 1 }, morning...))
	full := func(d *api.HistoryDay) { d.Prompts, d.Taken, d.Snoozes, d.Skips, d.NaturalBreaks = 7, 4, 2, 1, 2 }
	tell("a full day", time.UTC, today(19, full, fullDay...))
	tell("a full day, few before", time.UTC, today(2, full, fullDay...))
	tell("from early to late", time.UTC, today(19, full, append([]stint{{"05:10", 100, "sit"}, {"20:00", 400, "sit"}}, fullDay...)...))
	day, ribbon := lived(t, "2026-10-24", berlin(t), append([]stint{{"20:00", 120, "sit"}, {"23:30", 300, "sit"}}, fullDay...)...)
	tell("25 hours", berlin(t), todayOf(day, ribbon, 19))
	day, ribbon = lived(t, "2026-03-28", berlin(t), append([]stint{{"20:00", 120, "sit"}, {"23:30", 200, "sit"}}, fullDay...)...)
	tell("23 hours", berlin(t), todayOf(day, ribbon, 19))
	tell("a day without a pause", time.UTC, today(19, nil, stint{"04:00", 24 * 60, "sit"}))
	tell("a week", time.UTC, periodOf("week", 7, 0, 19))
	tell("a first week", time.UTC, periodOf("week", 7, 3, 0))
	tell("a second week", time.UTC, func() api.History {
		h := periodOf("week", 7, 0, 6)
		h.Since = "2026-11-08"
		return h
	}())
	tell("a week away", time.UTC, periodOf("week", 7, 6, 15))
	tell("a month", time.UTC, periodOf("month", 30, 0, 21))
	tell("a month, its second half", time.UTC, periodOf("month", 30, 14, 0))
	tell("a year", time.UTC, periodOf("year", 365, 0, 230))
	tell("a year, its last weeks", time.UTC, periodOf("year", 365, 340, 0))
	tell("large numbers", time.UTC, func() api.History {
		h := periodOf("year", 365, 0, 230)
		for i := range h.Days {
			h.Days[i].SittingS, h.Days[i].StandingS, h.Days[i].Sessions = 86_399, 86_399, 10_000
			h.Days[i].NaturalBreaks, h.Days[i].Prompts, h.Days[i].Skips, h.Days[i].LongestS = 99_999, 99_999, 99_999, 86_399
		}
		h.Sum = totals(h.Days)
		return h
	}())
	return all
}

var morning = []stint{
	{"08:40", 48, "sit"},
	{"09:28", 2, "session"},
	{"09:30", 41, "sit"},
	{"10:11", 9, "away"},
	{"10:20", 35, "sit"},
	{"10:55", 2, "session"},
	{"10:57", 14, "sit"},
}

var fullDay = []stint{
	{"07:52", 50, "sit"},
	{"08:42", 6, "away"},
	{"08:48", 32, "sit"},
	{"09:20", 2, "session"},
	{"09:22", 55, "sit"},
	{"10:17", 2, "session"},
	{"10:19", 40, "stand"},
	{"10:59", 31, "sit"},
	{"11:30", 4, "undecided"},
	{"11:34", 26, "sit"},
	{"12:00", 52, "away"},
	{"12:52", 38, "sit"},
	{"13:30", 2, "session"},
	{"13:32", 61, "sit"},
	{"14:33", 12, "away"},
	{"14:45", 44, "sit"},
	{"15:29", 2, "session"},
	{"15:31", 58, "sit"},
	{"16:29", 3, "away"},
	{"16:32", 33, "sit"},
	{"17:05", 60, "away"},
}
