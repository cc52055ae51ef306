package reminder

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func day(ranges ...Range) Hours {
	h := Hours{Set: true}
	for d := range h.Days {
		h.Days[d] = ranges
	}
	return h
}

func TestHours(t *testing.T) {
	const h = time.Hour
	office := day(Range{9 * h, 12*h + 30*time.Minute}, Range{13*h + 30*time.Minute, 18 * h})
	night := day(Range{22 * h, 26 * h})
	weekend := Hours{Set: true}
	weekend.Days[time.Saturday] = []Range{{10 * h, 24 * h}}
	for _, tt := range []struct {
		name   string
		hours  Hours
		zone   string
		at     string
		open   bool
		change string // empty: never
	}{
		{"no table is always", Hours{}, "UTC", "2026-11-23 03:00", true, ""},
		{"an empty table is never", Hours{Set: true}, "UTC", "2026-11-23 10:00", false, ""},
		{"before work", office, "UTC", "2026-11-23 08:59", false, "2026-11-23 09:00"},
		{"at its start", office, "UTC", "2026-11-23 09:00", true, "2026-11-23 12:30"},
		{"at its end", office, "UTC", "2026-11-23 12:30", false, "2026-11-23 13:30"},
		{"after work", office, "UTC", "2026-11-23 18:00", false, "2026-11-24 09:00"},
		{"across midnight, before", night, "UTC", "2026-11-23 23:59", true, "2026-11-24 02:00"},
		{"across midnight, after", night, "UTC", "2026-11-24 01:59", true, "2026-11-24 02:00"},
		{"a day without work", weekend, "UTC", "2026-11-23 12:00", false, "2026-11-28 10:00"},
		{"until 24:00", weekend, "UTC", "2026-11-28 23:00", true, "2026-11-29 00:00"},
		{"round the clock", day(Range{0, 24 * h}), "UTC", "2026-11-23 10:00", true, "2026-12-01 00:00"},
		{"a night of 9 h by the clock, 10 h long", night, "Europe/Berlin", "2026-10-25 00:30", true, "2026-10-25 02:00"},
		{"clocks go forward over the end", night, "Europe/Berlin", "2026-03-29 01:59", true, "2026-03-29 03:00"},
		{"half an hour of daylight saving", office, "Australia/Lord_Howe", "2026-10-04 08:30", false, "2026-10-04 09:00"},
		{"an odd offset", office, "Asia/Kathmandu", "2026-11-23 08:30", false, "2026-11-23 09:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			loc := zone(t, tt.zone)
			const layout = "2006-01-02 15:04"
			at, err := time.ParseInLocation(layout, tt.at, loc)
			if err != nil {
				t.Fatal(err)
			}
			open, change := tt.hours.at(at)
			got := ""
			if !change.IsZero() {
				got = change.Format(layout)
			}
			if open != tt.open || got != tt.change {
				t.Errorf("open %v until %q, want %v until %q", open, got, tt.open, tt.change)
			}
		})
	}
}

// TestHoursBoundaryFiresOnce: on every day of a year, each boundary comes once and moves forward.
func TestHoursBoundaryFiresOnce(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "UTC"} {
		h := day(Range{2*time.Hour + 15*time.Minute, 2*time.Hour + 45*time.Minute}, Range{22 * time.Hour, 25*time.Hour + 30*time.Minute})
		at := time.Date(2026, 1, 1, 12, 0, 0, 0, zone(t, name))
		for n, end := 0, at.AddDate(1, 0, 0); at.Before(end); n++ {
			open, change := h.at(at)
			if !change.After(at) {
				t.Fatalf("%s: at %v the next change is %v", name, at, change)
			}
			if now, _ := h.at(change); now == open {
				t.Fatalf("%s: nothing changes at %v", name, change)
			}
			at = change
			if n > 4*370 {
				t.Fatalf("%s: too many boundaries", name)
			}
		}
	}
}

func TestNextClock(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	at := time.Date(2026, 3, 28, 12, 0, 0, 0, berlin)
	if got, want := nextClock(at, 4*time.Hour), time.Date(2026, 3, 29, 4, 0, 0, 0, berlin); !got.Equal(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := nextClock(at, 4*time.Hour).Sub(at); got != 15*time.Hour {
		t.Errorf("the night clocks go forward lasts %v until four, want 15h", got)
	}
}
