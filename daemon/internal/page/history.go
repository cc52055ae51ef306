package page

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// calendarWeeks is what the calendar and the trend go back: a quarter of a year shows a habit.
const calendarWeeks = 12

// A historyView is the record of days.
type historyView struct {
	Report   words.HistoryReport // of the week
	Since    string
	Week     chart
	Calendar chart
	Hours    chart
	Breaks   chart
	Trend    chart
	WeekKeys []key
	Breakup  []key
}

// A chart is a picture, and the table of what it shows.
type chart struct {
	SVG   svg
	Head  []string
	Rows  [][]string // the first of each names the row
	Empty bool
}

func (l *live) history(r *http.Request, _ api.State) (content, error) {
	week, err := l.backend.History(r.Context(), "week")
	if err != nil {
		return nil, err
	}
	year, err := l.backend.History(r.Context(), "year")
	if err != nil {
		return nil, err
	}
	weeks := wholeWeeks(year.Days)
	ribbons, err := l.backend.Ribbons(r.Context(), len(weeks))
	if err != nil {
		return nil, err
	}
	return historyView{
		Report: words.History(week, l.backend.Zone(), false), Since: words.PageSince(week),
		Week: weekChart(week.Days), Calendar: calendarChart(weeks), Hours: hoursChart(weeks, ribbons),
		Breaks: breaksChart(sum(weeks)), Trend: trendChart(weeks), WeekKeys: weekKeys, Breakup: breakKeys,
	}, nil
}

// wholeWeeks are the last days, from a Monday on.
func wholeWeeks(days []api.HistoryDay) []api.HistoryDay {
	from := max(0, len(days)-7*calendarWeeks)
	for from > 0 && words.HistoryWeekday(days[from]) != 0 {
		from++
		if from == len(days) {
			return days
		}
	}
	return days[from:]
}

func sum(days []api.HistoryDay) (f api.HistoryFigures) {
	for _, d := range days {
		f.Prompts += d.Prompts
		f.Taken += d.Taken
		f.Snoozes += d.Snoozes
		f.Skips += d.Skips
		f.Ignored += d.Ignored
		f.NaturalBreaks += d.NaturalBreaks
		f.SittingS += d.SittingS
	}
	return f
}

// exportPeriod is the longest there is.
const exportPeriod = "year"

func (l *live) exportJSON(w http.ResponseWriter, r *http.Request) {
	l.export(w, r, "unhunch.json", "application/json", func(h api.History) ([]byte, error) {
		return json.MarshalIndent(h, "", "  ")
	})
}

func (l *live) exportCSV(w http.ResponseWriter, r *http.Request) {
	l.export(w, r, "unhunch.csv", "text/csv; charset=utf-8", func(h api.History) ([]byte, error) {
		var b bytes.Buffer
		err := words.HistoryCSV(&b, h)
		return b.Bytes(), err
	})
}

// export sends a year of days as a file.
func (l *live) export(w http.ResponseWriter, r *http.Request, file, kind string, write func(api.History) ([]byte, error)) {
	h, err := l.backend.History(r.Context(), exportPeriod)
	var body []byte
	if err == nil {
		body, err = write(h)
	}
	if err != nil {
		status, told := fault(err)
		refuse(w, closedDoor{status, told.Message})
		return
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+file+`"`)
	send(w, http.StatusOK, kind, body)
}

// erase forgets everything. The form says that the person is sure: a stray POST does not.
func (l *live) erase(w http.ResponseWriter, r *http.Request) {
	if r.PostFormValue("sure") != "yes" {
		answer(w, r, &complaint{words.HistoryNotErased}, "/history")
		return
	}
	answer(w, r, l.backend.Erase(r.Context()), "/history")
}

// reversed is for tables that begin with what is newest.
func reversed(rows [][]string) [][]string {
	slices.Reverse(rows)
	return rows
}
