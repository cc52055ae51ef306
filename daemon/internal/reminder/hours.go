package reminder

import "time"

// A Range of a working day, since its local midnight. To may be past 24 h: then it ends on the next day.
type Range struct {
	From time.Duration `json:"from"`
	To   time.Duration `json:"to"`
}

// Hours are the working hours by weekday. The zero Hours mean always.
type Hours struct {
	Set  bool       `json:"set"`
	Days [7][]Range `json:"days"` // by time.Weekday; none: no working day
}

// at says whether the local time t is inside the working hours, and when that changes next; zero for never.
// Ranges are wall-clock times of their day, so that they are right on days of 23 or 25 hours.
func (h Hours) at(t time.Time) (open bool, change time.Time) {
	if !h.Set {
		return true, time.Time{}
	}
	var opens, closes time.Time
	for day := -1; day <= 7; day++ { // yesterday's may reach into today
		date := time.Date(t.Year(), t.Month(), t.Day()+day, 0, 0, 0, 0, t.Location())
		for _, r := range h.Days[date.Weekday()] {
			from, to := clockOn(date, r.From), clockOn(date, r.To)
			switch {
			case !to.After(t) || !to.After(from):
			case !from.After(t): // inside: a range that begins where another ends is the same stretch
				if to.After(closes) {
					closes = to
				}
			case !closes.IsZero() && !from.After(closes):
				if to.After(closes) {
					closes = to
				}
			case opens.IsZero() || from.Before(opens):
				opens = from
			}
		}
	}
	if !closes.IsZero() {
		return true, closes
	}
	return false, opens
}

// clockOn is the moment when clocks on that date show d since midnight. Where daylight saving skips or repeats
// that time it is one moment nearby, and always the same.
func clockOn(date time.Time, d time.Duration) time.Time {
	return time.Date(date.Year(), date.Month(), date.Day(), 0, 0, int(d/time.Second), int(d%time.Second), date.Location())
}

// nextClock is the next moment after t at which local clocks show d since midnight.
func nextClock(t time.Time, d time.Duration) time.Time {
	for day := 0; ; day++ {
		at := clockOn(time.Date(t.Year(), t.Month(), t.Day()+day, 0, 0, 0, 0, t.Location()), d)
		if at.After(t) {
			return at
		}
	}
}
