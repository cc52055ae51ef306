package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	day = 24 * time.Hour

	// longest is a hundred years: as good as for ever, and sums of two still fit a time.Duration.
	longest = 36500 * day
)

// ParseDuration reads a duration as people write it in settings, on the command line and to the API: Go's syntax
// with d for 24 hours, as in "30m", "1h30m" or "1d12h". It is positive and at most 36500d.
func ParseDuration(s string) (time.Duration, error) {
	d, err := parseDuration(s)
	if err == nil && d == 0 {
		return 0, fault{shown(s) + " is no time at all", `write a duration above zero, like "30m"`}
	}
	return d, err
}

// parseDuration is ParseDuration with zero allowed. Its errors are faults.
func parseDuration(s string) (time.Duration, error) {
	if s == "" {
		return 0, fault{"a duration is missing", `write one like "30m"`}
	}
	if strings.HasPrefix(s, "-") {
		return 0, fault{shown(s) + " is negative", `write a duration above zero, like "30m"`}
	}
	var total time.Duration
	for rest := s; rest != ""; {
		number := prefix(rest, "0123456789.")
		rest = rest[len(number):]
		unit := prefix(rest, unitLetters)
		rest = rest[len(unit):]
		if number != "" && unit == "" && rest == "" {
			return 0, fault{shown(s) + " has no unit", fmt.Sprintf("write %q for minutes or %q for seconds", s+"m", s+"s")}
		}
		part, ok := scale(number, unit)
		if !ok {
			return 0, fault{shown(s) + " is not a duration", `write one like "30m", "1h30m" or "2d"`}
		}
		if part > longest-total {
			return 0, fault{shown(s) + " is too long", fmt.Sprintf("the longest is %q", FormatDuration(longest))}
		}
		total += part
	}
	return total, nil
}

// scale multiplies number by unit. What does not fit is far more than longest.
func scale(number, unit string) (time.Duration, bool) {
	if unit != "d" {
		d, err := time.ParseDuration(number + unit)
		return d, err == nil && number != ""
	}
	hours, err := time.ParseDuration(number + "h")
	if hours > longest/24 {
		hours = longest/24 + 1
	}
	return 24 * hours, err == nil && number != ""
}

// unitLetters spell every unit Go knows, both ways of writing micro included, and d.
const unitLetters = "nuµμmshd"

// prefix is the longest beginning of s made of the characters in set.
func prefix(s, set string) string { return s[:len(s)-len(strings.TrimLeft(s, set))] }

// FormatDuration writes d as a person would: "30m", "1h30m", "5s", "400d". ParseDuration reads it back exactly.
func FormatDuration(d time.Duration) string {
	if d <= 0 {
		return "0s"
	}
	var b strings.Builder
	for _, unit := range []struct {
		size time.Duration
		name string
	}{{day, "d"}, {time.Hour, "h"}, {time.Minute, "m"}} {
		if n := d / unit.size; n > 0 {
			b.WriteString(strconv.FormatInt(int64(n), 10) + unit.name)
			d %= unit.size
		}
	}
	if d > 0 {
		b.WriteString(d.String())
	}
	return b.String()
}
