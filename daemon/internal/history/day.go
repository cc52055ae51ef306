package history

import "time"

// A Date is a local date, as the number of days since 1970-01-01.
type Date int

// DateOf is the date that t shows in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsADay)
}

const secondsADay = 24 * 60 * 60

// String is the date as 2026-11-22.
func (d Date) String() string { return d.noon().Format(time.DateOnly) }

// MarshalText makes JSON of a date "2026-11-22".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.noon().Weekday() }

func (d Date) noon() time.Time { return time.Unix(int64(d)*secondsADay+secondsADay/2, 0).UTC() }

// Days say when a person's day begins. The zero Days begin at midnight UTC.
type Days struct {
	Zone   *time.Location // where the person is; nil for UTC
	Starts time.Duration  // day_starts: the local time of day, below 24 h
}

func (d Days) zone() *time.Location {
	if d.Zone == nil {
		return time.UTC
	}
	return d.Zone
}

// Begin is when the day begins. Where the clocks skip that time of day, it is when they do.
func (d Days) Begin(day Date) time.Time {
	y, m, dd := day.noon().Date()
	on := func(zone *time.Location) time.Time {
		return time.Date(y, m, dd, 0, 0, int(d.Starts/time.Second), 0, zone)
	}
	begin := on(d.zone())
	// Go makes one of two other times of a time that is skipped, before or after.
	_, offset := begin.Zone()
	before, after := begin.ZoneBounds()
	switch shown := begin.UTC().Add(time.Duration(offset) * time.Second); shown.Compare(on(time.UTC)) {
	case -1:
		return after
	case 1:
		return before
	}
	return begin
}

// Of is the day that t lies in.
func (d Days) Of(t time.Time) Date {
	day := DateOf(t.In(d.zone()))
	for t.Before(d.Begin(day)) {
		day--
	}
	for !t.Before(d.Begin(day + 1)) { // a date can be left out: Samoa had no 30 December 2011
		day++
	}
	return day
}

// offset is how far local time is ahead of UTC at t.
func (d Days) offset(t time.Time) int {
	_, offset := t.In(d.zone()).Zone()
	return offset
}

// A piece is a span within one day and one offset, as it is on disk.
type piece struct {
	from, ms int64
	posture  Posture
	offset   int
	day      Date
}

func (p piece) end() int64 { return p.from + p.ms }

// longest is how much of a span is written. Nobody does anything for longer, but a machine may be off for years.
const longest = 31 * 24 * time.Hour

// cut makes pieces of a span that begins no earlier than floor.
func (d Days) cut(s Span, floor time.Time) []piece {
	if s.For < time.Millisecond || number(postures, s.Posture) <= 0 {
		return nil
	}
	end := s.From.Add(s.For).UnixMilli() // so that spans that meet still do when both are rounded
	from := max(s.From.UnixMilli(), end-longest.Milliseconds(), floor.UnixMilli(), 0)
	var out []piece
	for from < end {
		at := time.UnixMilli(from)
		day := d.Of(at)
		stop := min(end, d.Begin(day+1).UnixMilli())
		if _, change := at.In(d.zone()).ZoneBounds(); !change.IsZero() {
			stop = min(stop, change.UnixMilli())
		}
		out = append(out, piece{from, stop - from, s.Posture, d.offset(at), day})
		from = stop
	}
	return out
}
