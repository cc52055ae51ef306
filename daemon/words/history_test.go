package words_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

const minute = 60 // seconds

// historyDays are days that end with Sunday 22 November 2026.
func historyDays(figures ...api.HistoryFigures) (days []api.HistoryDay) {
	last := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for i, f := range figures {
		day := api.HistoryDay{Date: last.AddDate(0, 0, i-len(figures)+1).Format(time.DateOnly), HistoryFigures: f}
		if f.LongestS > 0 {
			from := last.AddDate(0, 0, i-len(figures)+1).Add(9*time.Hour + 5*time.Minute)
			day.LongestFrom = &from
		}
		days = append(days, day)
	}
	return days
}

// historyOf is the report of days. Its sum has what the sentences look at.
func historyOf(period string, before api.HistoryTotals, figures ...api.HistoryFigures) api.History {
	h := api.History{Period: period, Since: "2025-01-01", Days: historyDays(figures...), Before: before}
	for _, f := range figures {
		h.Sum.Days++
		h.Sum.SittingS += f.SittingS
		h.Sum.StandingS += f.StandingS
		h.Sum.AwayS += f.AwayS
		h.Sum.LongestS = max(h.Sum.LongestS, f.LongestS)
		h.Sum.Prompts += f.Prompts
		h.Sum.Taken += f.Taken
		h.Sum.Ignored += f.Ignored
		h.Sum.Sessions += f.Sessions
		h.Sum.Stopped += f.Stopped
		h.Sum.NaturalBreaks += f.NaturalBreaks
		h.Sum.Snoozes += f.Snoozes
		h.Sum.Skips += f.Skips
	}
	return h
}

// before are so many days of that many minutes in the chair.
func before(days int, minutes int64) api.HistoryTotals {
	return api.HistoryTotals{Days: days, DaysThere: days, LongestMeanS: 70 * minute, HistoryFigures: api.HistoryFigures{
		SittingS: int64(days) * minutes * minute, Sessions: 2 * days, NaturalBreaks: days,
	}}
}

// sat is a day of that many minutes in the chair, with something more.
func sat(minutes int64, more func(*api.HistoryFigures)) api.HistoryFigures {
	f := api.HistoryFigures{SittingS: minutes * minute, LongestS: min(minutes, 80) * minute}
	if more != nil {
		more(&f)
	}
	return f
}

type figures = api.HistoryFigures

func historySentences() []struct {
	name string
	h    api.History
} {
	first := historyOf("today", api.HistoryTotals{}, sat(100, func(f *figures) { f.Sessions = 1 }))
	first.Since = "2026-11-22"
	firsts := historyOf("today", api.HistoryTotals{}, sat(100, func(f *figures) { f.Sessions, f.NaturalBreaks = 2, 1 }))
	firsts.Since = "2026-11-22"
	week := func(b api.HistoryTotals, minutes int64, more func(*figures)) api.History {
		days := []figures{sat(minutes, more), sat(minutes, more), sat(minutes, more), {}, {AwayS: 24 * 60 * minute}, sat(minutes, nil), sat(20, nil)}
		return historyOf("week", b, days...)
	}
	young := week(before(6, 300), 360, nil)
	young.Since = "2026-11-08"
	years := slices.Repeat([]figures{sat(300, func(f *figures) { f.Sessions = 1 })}, 365)
	return []struct {
		name string
		h    api.History
	}{
		{"nothing at all", historyOf("today", api.HistoryTotals{}, figures{})},
		{"nothing today", historyOf("today", before(12, 300), figures{})},
		{"nothing in a week", historyOf("week", before(12, 300), make([]figures, 7)...)},
		{"a computer that sleeps", historyOf("today", before(12, 300), figures{AwayS: 3600})},
		{"a first day", first},
		{"a first day with breaks", firsts},
		{"all taken", historyOf("today", before(12, 300), sat(100, func(f *figures) { f.Prompts, f.Taken, f.Sessions = 3, 3, 3 }))},
		{"one of one taken", historyOf("today", before(12, 300), sat(60, func(f *figures) { f.Prompts, f.Taken, f.Sessions = 1, 1, 1 }))},
		{"taken before it was offered", historyOf("today", before(12, 300), sat(60, func(f *figures) { f.Taken, f.Sessions = 1, 1 }))},
		{"all taken, one put off first", historyOf("today", before(2, 300), sat(100, func(f *figures) {
			f.Prompts, f.Taken, f.Sessions, f.Snoozes = 3, 2, 2, 1
		}))},
		{"shorter than usual", historyOf("today", before(12, 300), sat(160, func(f *figures) { f.LongestS = 45 * minute }))},
		{"shorter, but it is morning", historyOf("today", before(12, 300), sat(100, func(f *figures) { f.LongestS = 45 * minute }))},
		{"shorter than few days", historyOf("today", before(2, 300), sat(200, func(f *figures) { f.LongestS = 45 * minute }))},
		{"more stretches than usual", historyOf("today", before(12, 300), sat(100, func(f *figures) { f.Sessions = 3 }))},
		{"as many stretches as usual", historyOf("today", before(12, 300), sat(100, func(f *figures) { f.Sessions = 2 }))},
		{"some of both", historyOf("today", before(12, 300), sat(100, func(f *figures) { f.Sessions, f.NaturalBreaks = 1, 2 }))},
		{"a break of one's own", historyOf("today", before(12, 300), sat(100, func(f *figures) { f.NaturalBreaks = 1 }))},
		{"breaks of one's own", historyOf("today", before(12, 300), sat(100, func(f *figures) { f.NaturalBreaks = 4 }))},
		{"standing", historyOf("today", before(12, 300), sat(100, func(f *figures) { f.StandingS = 25 * minute }))},
		{"all let go", historyOf("today", before(12, 300), sat(500, func(f *figures) { f.Prompts, f.Skips, f.Ignored = 9, 6, 3 }))},
		{"no longest known", historyOf("today", before(12, 300), figures{StandingS: 100 * minute})},
		{"a week, less", week(before(20, 300), 240, func(f *figures) { f.Sessions = 2 })},
		{"a week, more", week(before(20, 300), 360, nil)},
		{"a week, alike", week(before(20, 300), 303, func(f *figures) { f.Prompts, f.Taken, f.Sessions = 2, 2, 2 })},
		{"a week, few before", week(before(2, 300), 240, func(f *figures) { f.NaturalBreaks = 1 })},
		{"a week, a young record", young},
		{"today alone", historyOf("week", before(20, 300), figures{}, figures{}, sat(200, func(f *figures) { f.Sessions = 1 }))},
		{"a stretch every day", historyOf("week", before(20, 300), sat(60, func(f *figures) { f.Sessions = 1 }), sat(60, func(f *figures) { f.Sessions = 1 }))},
		{"now and then a stretch", historyOf("week", before(20, 300), sat(60, func(f *figures) { f.Sessions = 2 }), sat(60, nil), sat(60, nil))},
		{"a first stretch", historyOf("week", before(20, 300), sat(60, func(f *figures) { f.Sessions, f.Stopped = 1, 1 }), sat(60, nil), sat(60, nil))},
		{"half taken", historyOf("week", before(20, 300), sat(60, func(f *figures) { f.Prompts, f.Taken = 6, 3 }), sat(60, nil))},
		{"a month", historyOf("month", before(20, 300), slices.Repeat([]figures{sat(280, nil)}, 30)...)},
		{"a year", historyOf("year", before(200, 280), years...)},
	}
}

func TestHistory(t *testing.T) {
	var b strings.Builder
	for _, story := range historySentences() {
		fmt.Fprintf(&b, "== %s\n", story.name)
		r := words.History(story.h, statusLoc, true)
		fmt.Fprintf(&b, "%s\n%s\n", r.Title, r.Well)
		if begins := words.HistoryBegins(story.h); begins != "" {
			b.WriteString(begins + "\n")
		}
		if rows := words.HistoryRows(story.h); story.h.Period != "today" && !r.Empty {
			for _, row := range rows {
				fmt.Fprintf(&b, "%s | %s\n", row.Label, row.Whole)
			}
		}
		for _, fact := range r.Facts {
			fmt.Fprintf(&b, "%s: %s\n", fact.Label, fact.Text)
		}
		b.WriteString("\n")
	}
	for _, sentence := range []string{words.HistoryEraseAsk + words.HistoryEraseYes, words.HistoryErased, words.HistoryNotErased} {
		b.WriteString(sentence + "\n")
	}
	golden(t, "testdata/history.golden", b.String())
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(line, "==") {
			continue
		}
		if found := claim.FindString(line) + jargon.FindString(line); found != "" {
			t.Errorf("%q says %q", line, found)
		}
		if strings.Contains(line, "%!") {
			t.Errorf("%q is badly filled in", line)
		}
	}
}

// However few figures there are, and whichever are missing, something is said.
func TestHistoryOfOddReports(t *testing.T) {
	for _, h := range []api.History{
		{},
		{Period: "today"},
		{Period: "week", Days: []api.HistoryDay{{Date: "yesterday", HistoryFigures: figures{SittingS: 1}}}},
		{Period: "decade", Days: historyDays(sat(1, nil)), Sum: api.HistoryTotals{HistoryFigures: sat(1, nil)}},
		{Period: "week", Sum: api.HistoryTotals{HistoryFigures: sat(1, nil)}, Before: before(9, 300)},
	} {
		r := words.History(h, time.UTC, true)
		if r.Title == "" || r.Well == "" {
			t.Errorf("%+v: %+v", h, r)
		}
		words.HistoryRows(h)
		words.HistoryHours([]api.HistorySlot{{SittingS: 1}, {Local: "9", SittingS: 1}})
	}
}

func TestHistoryAverage(t *testing.T) {
	days := historyDays(sat(100, nil), figures{AwayS: 86400}, figures{}, sat(200, nil), sat(10, nil))
	today := days[len(days)-1].Date
	if got, want := words.HistoryAverage(days, today), (words.Average{Days: 2, SittingS: 150 * minute}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, want := words.HistoryAverage(days[4:], today), (words.Average{Days: 1, SittingS: 10 * minute, Today: true}); got != want {
		t.Errorf("today alone: got %+v, want %+v", got, want)
	}
	if got := words.HistoryAverage(days[1:3], today); got != (words.Average{}) {
		t.Errorf("nobody there: got %+v", got)
	}
}
