package config

import (
	"fmt"
	"strings"
	"time"
)

// A rule is about two settings that are each right for themselves.
type rule struct {
	keys  [2]string
	check func(Config) (fault, bool) // false when kept
}

var rules = append([]rule{
	below("sitting.rest", "sitting.limit", func(c Config) (time.Duration, time.Duration) {
		return c.Sitting.Rest, c.Sitting.Limit
	}),
	below("sitting.away_after", "sitting.sure_after", func(c Config) (time.Duration, time.Duration) {
		return c.Sitting.AwayAfter, c.Sitting.SureAfter
	}),
}, daysApart()...)

// below is the rule that one duration is shorter than another.
func below(small, large string, values func(Config) (s, l time.Duration)) rule {
	return rule{[2]string{small, large}, func(c Config) (fault, bool) {
		s, l := values(c)
		return fault{
			fmt.Sprintf("%s is %q and must be shorter than %s, which is %q", small, FormatDuration(s), large, FormatDuration(l)),
			"change one of the two",
		}, s >= l
	}}
}

// daysApart are the rules that a range that crosses midnight ends before the next day's first begins.
func daysApart() []rule {
	names := [7]string{"hours.sun", "hours.mon", "hours.tue", "hours.wed", "hours.thu", "hours.fri", "hours.sat"}
	out := make([]rule, 7)
	for today := range 7 {
		tomorrow := (today + 1) % 7
		out[today] = rule{[2]string{names[today], names[tomorrow]}, func(c Config) (fault, bool) {
			late, early := c.Hours.Days[today], c.Hours.Days[tomorrow]
			if len(late) == 0 || len(early) == 0 {
				return fault{}, false
			}
			last, first := late[len(late)-1], early[0]
			return fault{
				fmt.Sprintf("%q of %s runs into %q of %s", last, names[today], first, names[tomorrow]),
				"change one of the two",
			}, last.To > day+first.From
		}}
	}
	return out
}

// breaches are the rules that c breaks. A rule about a value already refused is left alone.
func breaches(c Config, doc document, refused map[string]bool) Errors {
	var errs Errors
	for _, r := range rules {
		f, broken := r.check(c)
		if !broken || refused[r.keys[0]] || refused[r.keys[1]] {
			continue
		}
		e := &Error{Key: r.keys[0], Message: f.message, Hint: f.hint}
		// At least one of the two is in the file, since the defaults keep every rule.
		for _, key := range []string{r.keys[1], r.keys[0]} {
			table, name, _ := strings.Cut(key, ".")
			if found, ok := doc.entry(table, name); ok {
				e.Key, e.Value, e.offset = key, found.value.written, found.value.start
			}
		}
		errs = append(errs, e)
	}
	return errs
}
