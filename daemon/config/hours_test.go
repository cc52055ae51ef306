package config

import (
	"strings"
	"testing"
	"time"
)

// FuzzRange: what is read as a stretch of time lies within two days and is written back as the same one.
func FuzzRange(f *testing.F) {
	for _, s := range []string{"09:00-12:30", "22:00-02:00", "00:00-24:00", "24:00-01:00", "9:00-12:00", "+9:00-12:00", "09:60-10:00", " 08:00 - 09:00 "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := parseRange(s)
		if err != nil {
			if strings.ContainsFunc(err.Error(), func(c rune) bool { return c < ' ' }) {
				t.Errorf("the complaint about %q has control characters: %q", s, err)
			}
			return
		}
		if r.From < 0 || r.From >= day || r.To <= r.From || r.To > r.From+day || r.From%time.Minute != 0 || r.To%time.Minute != 0 {
			t.Errorf("%q is from %v to %v", s, r.From, r.To)
		}
		if again, err := parseRange(r.String()); err != nil || again != r {
			t.Errorf("%q is %v, written %q, read %v, %v", s, r, r, again, err)
		}
	})
}
