package config

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2/unstable"
)

// timeOfDay is a clock time, kept as the time since midnight.
type timeOfDay struct{ value *time.Duration }

func (f timeOfDay) shape() unstable.Kind { return unstable.String }
func (f timeOfDay) unit() string         { return `time of day, like "04:00"` }
func (f timeOfDay) text() string         { return quote(clockText(*f.value)) }

func (f timeOfDay) decode(v literal) Errors {
	if errs := v.is(unstable.String, `a time like "04:00"`); errs != nil {
		return errs
	}
	at, err := parseClock(v.text)
	if err != nil {
		return v.refused(err)
	}
	if at == day {
		return v.wrong(`"24:00" is the next day's start`, `write "00:00"`)
	}
	*f.value = at
	return nil
}

// workday is the working hours of one day of the week.
type workday struct {
	hours *Hours
	day   time.Weekday
}

func (f workday) shape() unstable.Kind { return unstable.Array }
func (f workday) unit() string         { return `list of times, like ["09:00-12:30", "13:30-18:00"]` }

// text of a day without any [hours] is all of it.
func (f workday) text() string {
	ranges := f.hours.Days[f.day]
	if !f.hours.Set {
		ranges = []Range{{0, day}}
	}
	return list(ranges, func(r Range) string { return quote(r.String()) })
}

func (f workday) decode(v literal) Errors {
	if errs := v.is(unstable.Array, `one like ["09:00-12:30"]`); errs != nil {
		return errs
	}
	var out []Range
	var errs Errors
	for _, item := range v.items {
		if wrong := item.is(unstable.String, `times in quotes, like "09:00-12:30"`); wrong != nil {
			errs = append(errs, wrong...)
			continue
		}
		r, err := parseRange(item.text)
		if err != nil {
			errs = append(errs, item.refused(err)...)
			continue
		}
		for _, other := range out {
			if r.From < other.To && other.From < r.To {
				errs = append(errs, item.wrong(fmt.Sprintf("%q overlaps %q", r, other), "join them or move one")...)
				break
			}
		}
		out = append(out, r)
	}
	if len(errs) == 0 {
		slices.SortFunc(out, func(a, b Range) int { return cmp.Compare(a.From, b.From) })
		f.hours.Days[f.day] = out
	}
	return errs
}

// String is the range as the file has it: "22:00-02:00".
func (r Range) String() string {
	to := r.To
	if to > day {
		to -= day
	}
	return clockText(r.From) + "-" + clockText(to)
}

func parseRange(s string) (Range, error) {
	from, to, ok := strings.Cut(s, "-")
	if !ok {
		return Range{}, fault{shown(s) + " is not a stretch of time", `write one like "09:00-12:30"`}
	}
	var r Range
	var err error
	if r.From, err = parseClock(strings.TrimSpace(from)); err != nil {
		return Range{}, err
	}
	if r.To, err = parseClock(strings.TrimSpace(to)); err != nil {
		return Range{}, err
	}
	switch {
	case r.From == day:
		return Range{}, fault{shown(s) + " starts when its day is over", `write "00:00" and put it under the next day`}
	case r.From == r.To:
		return Range{}, fault{shown(s) + " is no time at all", `write "00:00-24:00" for the whole day`}
	case r.To < r.From:
		r.To += day
	}
	return r, nil
}

// parseClock reads "HH:MM", "24:00" included.
func parseClock(s string) (time.Duration, error) {
	wrong := fault{shown(s) + " is not a time of day", `write hours and minutes with two digits each, like "09:00"`}
	if len(s) != len("09:00") || s[2] != ':' {
		return 0, wrong
	}
	hours, err := strconv.ParseUint(s[:2], 10, 8)
	if err != nil {
		return 0, wrong
	}
	minutes, err := strconv.ParseUint(s[3:], 10, 8)
	if err != nil {
		return 0, wrong
	}
	at := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if minutes > 59 || at > day {
		return 0, fault{shown(s) + " is not a time of day", `the last one is "24:00"`}
	}
	return at, nil
}

func clockText(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", d/time.Hour, d%time.Hour/time.Minute)
}
