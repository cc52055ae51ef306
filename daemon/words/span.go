package words

import (
	"fmt"
	"strings"
	"time"
)

// Span is a length of time in words: “41 min”, “1 h 5 min”, “20 s”. Minutes are full ones; below two of them
// seconds are told where there are any.
func Span(d time.Duration) string {
	s, m := int(d/time.Second), int(d/time.Minute)
	switch {
	case s < 60 || s < 120 && s%60 != 0:
		return fmt.Sprintf("%d s", s)
	case m < 60:
		return fmt.Sprintf("%d min", m)
	case m%60 == 0:
		return fmt.Sprintf("%d h", m/60)
	}
	return fmt.Sprintf("%d h %d min", m/60, m%60)
}

// argument is a length of time as the command line takes it: “5m”, “1h30m”, “90s”.
func argument(d time.Duration) string {
	text := d.Round(time.Second).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
