package words

import (
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
)

// historyColumns are the columns of the CSV, named as in JSON. They are only ever added to, at the end.
var historyColumns = []string{
	"date", "sitting_s", "standing_s", "away_s", "undecided_s", "session_s", "longest_s", "longest_from",
	"prompts", "taken", "ignored", "sessions", "stopped", "natural_breaks", "snoozes", "skips",
}

// HistoryCSV writes a line a day, as of RFC 4180. What is not known is empty, and not zero.
func HistoryCSV(out io.Writer, h api.History) error {
	w := csv.NewWriter(out)
	w.UseCRLF = true
	lines := [][]string{historyColumns}
	for _, day := range h.Days {
		lines = append(lines, historyCSVLine(day))
	}
	return w.WriteAll(lines)
}

func historyCSVLine(day api.HistoryDay) []string {
	line := make([]string, len(historyColumns))
	line[0] = day.Date
	if day.HistoryFigures == (api.HistoryFigures{}) {
		return line
	}
	for i, s := range []int64{day.SittingS, day.StandingS, day.AwayS, day.UndecidedS, day.SessionS, day.LongestS} {
		line[1+i] = strconv.FormatInt(s, 10)
	}
	if day.LongestFrom != nil {
		line[7] = day.LongestFrom.UTC().Format(time.RFC3339)
	}
	for i, n := range []int{
		day.Prompts, day.Taken, day.Ignored, day.Sessions, day.Stopped, day.NaturalBreaks, day.Snoozes, day.Skips,
	} {
		line[8+i] = strconv.Itoa(n)
	}
	return line
}
