package api

import "time"

// Routes of the history.
const (
	PathHistory = "/v1/history"         // GET ?period=today|week|month|year → History
	PathErase   = "/v1/history/erase"   // POST: leaves nothing of the history
	PathFeeling = "/v1/session/feeling" // POST FeelingRequest: how the last session left the person
)

// History is what happened in a period that ends with today. It holds what is recorded; today's figures go up to now.
type History struct {
	Period  string        `json:"period"`  // today week month year
	Since   string        `json:"since"`   // the first day on record, as 2026-11-22
	Days    []HistoryDay  `json:"days"`    // all days of the period, oldest first, also those of which nothing is known
	Sum     HistoryTotals `json:"sum"`     // of the days
	Before  HistoryTotals `json:"before"`  // to compare with: of the four weeks, the month or the year before
	Waiting int           `json:"waiting"` // records that could not be written yet, and are missing here
	Ribbon  []HistorySlot `json:"ribbon"`  // of today alone: quarters of an hour from the beginning of the day
}

// HistoryDay is one local day, which begins at day_starts.
type HistoryDay struct {
	Date        string     `json:"date"`         // as 2026-11-22
	LongestFrom *time.Time `json:"longest_from"` // when the longest sitting began, UTC; null if there was none
	HistoryFigures
}

// HistoryTotals are figures of several days. Divide by DaysThere for those of an ordinary day.
type HistoryTotals struct {
	Days         int   `json:"days"`           // of which something is known
	DaysThere    int   `json:"days_there"`     // of them, on which the person sat, stood or stretched at the desk
	LongestMeanS int64 `json:"longest_mean_s"` // the longest sitting of such a day, on average
	HistoryFigures
}

// HistoryFigures are what a day comes to. Whole seconds, and counts.
type HistoryFigures struct {
	SittingS      int64 `json:"sitting_s"`
	StandingS     int64 `json:"standing_s"`
	AwayS         int64 `json:"away_s"`
	UndecidedS    int64 `json:"undecided_s"` // silences that nothing explains
	SessionS      int64 `json:"session_s"`   // guided
	LongestS      int64 `json:"longest_s"`   // the longest sitting without a break
	Prompts       int   `json:"prompts"`     // breaks offered
	Taken         int   `json:"taken"`       // of them
	Ignored       int   `json:"ignored"`
	Sessions      int   `json:"sessions"` // finished
	Stopped       int   `json:"stopped"`  // sessions that were not
	NaturalBreaks int   `json:"natural_breaks"`
	Snoozes       int   `json:"snoozes"`
	Skips         int   `json:"skips"`
}

// HistorySlot is a quarter of an hour of a day. What is missing of it is not on record. Whole seconds.
type HistorySlot struct {
	Local      string `json:"local"` // when it begins, by the clock on the wall: 15:04
	SittingS   int64  `json:"sitting_s"`
	StandingS  int64  `json:"standing_s"`
	AwayS      int64  `json:"away_s"`
	UndecidedS int64  `json:"undecided_s"`
	SessionS   int64  `json:"session_s"`
}

// FeelingRequest is the answer to the question after a session.
type FeelingRequest struct {
	Feeling string `json:"feeling"` // better same worse
}
