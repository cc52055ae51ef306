package history

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestHoursAddUp lives three days around a change of clocks without a break, and compares the lengths.
func TestHoursAddUp(t *testing.T) {
	for _, c := range []struct {
		zone   string
		starts time.Duration
		day    string // the one in the middle
		hours  float64
		first  string // local times of the first and last slots of it
		last   string
	}{
		{"Europe/Berlin", 0, "2026-10-25", 25, "00:00", "23:45"},
		{"Europe/Berlin", 4 * time.Hour, "2026-10-24", 25, "04:00", "03:45"},
		{"Europe/Berlin", 4 * time.Hour, "2026-10-25", 24, "04:00", "03:45"},
		{"Europe/Berlin", 4 * time.Hour, "2026-03-28", 23, "04:00", "03:45"},
		{"Australia/Lord_Howe", 0, "2026-10-04", 23.5, "00:00", "23:45"},
		{"Australia/Lord_Howe", 4 * time.Hour, "2026-10-03", 23.5, "04:00", "03:45"},
		{"Australia/Lord_Howe", 4 * time.Hour, "2026-04-04", 24.5, "04:00", "03:45"},
		{"Australia/Lord_Howe", 90 * time.Minute, "2026-04-05", 24, "01:30", "01:15"},
		{"Asia/Kathmandu", 4 * time.Hour, "2026-10-25", 24, "04:00", "03:45"},
		{"America/New_York", 0, "2026-11-01", 25, "00:00", "23:45"},
		{"America/Sao_Paulo", 0, "2018-11-04", 23, "01:00", "23:45"}, // there was no midnight
	} {
		t.Run(fmt.Sprintf("%s %s from %v", c.zone, c.day, c.starts), func(t *testing.T) {
			s := opened(t, Options{})
			days := Days{zone(t, c.zone), c.starts}
			s.SetDays(days)
			noon, err := time.ParseInLocation("2006-01-02 15:04", c.day+" 12:00", days.Zone)
			if err != nil {
				t.Fatal(err)
			}
			for at := noon.Add(-48 * time.Hour); at.Before(noon.Add(48 * time.Hour)); at = at.Add(time.Hour) {
				for i, p := range []Posture{Sitting, Standing, Away, Undecided, InSession} {
					put := Span{From: at.Add(time.Duration(i) * 12 * time.Minute), For: 12 * time.Minute, Posture: p}
					if err := s.Add(put); err != nil {
						t.Fatal(err)
					}
				}
			}
			day, ribbon, err := s.Day(t.Context(), DateOf(noon))
			if err != nil {
				t.Fatal(err)
			}
			want := time.Duration(c.hours * float64(time.Hour))
			if got := day.Sitting + day.Standing + day.Away + day.Undecided + day.InSession; got != want {
				t.Errorf("got %v, want %v", got, want)
			}
			if len(ribbon) != int(want/slotLength) {
				t.Fatalf("got %d slots", len(ribbon))
			}
			var sum Figures
			for _, slot := range ribbon {
				sum.Sitting += slot.Sitting
				sum.Standing += slot.Standing
				sum.Away += slot.Away
				sum.Undecided += slot.Undecided
				sum.InSession += slot.InSession
				if got := slot.Sitting + slot.Standing + slot.Away + slot.Undecided + slot.InSession; got != slotLength {
					t.Errorf("the slot of %v holds %v", slot.Local(), got)
				}
				if got, want := slot.Local().Format("15:04 -0700"), slot.At.In(days.Zone).Format("15:04 -0700"); got != want {
					t.Errorf("a slot of %s is said to be of %s", want, got)
				}
			}
			if sum.Sitting != day.Sitting || sum.Standing != day.Standing || sum.Away != day.Away ||
				sum.Undecided != day.Undecided || sum.InSession != day.InSession {
				t.Errorf("the slots add up to %+v, the day to %+v", sum, day.Figures)
			}
			first, last := ribbon[0].Local().Format("15:04"), ribbon[len(ribbon)-1].Local().Format("15:04")
			if first != c.first || last != c.last {
				t.Errorf("got slots from %s to %s, want %s to %s", first, last, c.first, c.last)
			}
		})
	}
}

// TestTravel: a day lived in two places is one day, longer to the west and shorter to the east, and stays as it was
// lived when the person is somewhere else later.
func TestTravel(t *testing.T) {
	berlin, york := zone(t, "Europe/Berlin"), zone(t, "America/New_York")
	landing := time.Date(2026, 11, 10, 14, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name      string
		from, to  *time.Location
		wantHours int
	}{{"west", berlin, york, 30}, {"east", york, berlin, 18}} {
		s := opened(t, Options{})
		live := func(zone *time.Location, from, to time.Time) {
			s.SetDays(Days{zone, 4 * time.Hour})
			put(t, s, Span{From: from, For: to.Sub(from), Posture: Sitting})
		}
		live(c.from, landing.AddDate(0, 0, -2), landing)
		live(c.to, landing, landing.AddDate(0, 0, 2))
		for _, later := range []*time.Location{c.to, c.from, zone(t, "Asia/Kathmandu")} {
			s.SetDays(Days{later, 0})
			day, ribbon, err := s.Day(t.Context(), DateOf(landing))
			if err != nil {
				t.Fatal(err)
			}
			want := time.Duration(c.wantHours) * time.Hour
			if day.Sitting != want {
				t.Errorf("%s, seen from %v: the day has %v, want %v", c.name, later, day.Sitting, want)
			}
			var sum time.Duration
			for _, slot := range ribbon {
				sum += slot.Sitting
				lived := c.to
				if slot.At.Before(landing) {
					lived = c.from
				}
				if slot.Sitting > 0 && slot.Local().Format("15:04") != slot.At.In(lived).Format("15:04") {
					t.Errorf("%s: %v is said to be %v", c.name, slot.At.In(lived), slot.Local())
				}
			}
			if sum != want {
				t.Errorf("%s: the ribbon has %v", c.name, sum)
			}
		}
	}
}

// TestRecountedElsewhere: what is counted anew after travelling leaves the day it was in, if it now lies in another.
func TestRecountedElsewhere(t *testing.T) {
	s := opened(t, Options{})
	at := time.Date(2026, 11, 10, 8, 0, 0, 0, time.UTC)
	old := func() Day {
		day, _, err := s.Day(t.Context(), DateOf(at))
		if err != nil {
			t.Fatal(err)
		}
		return day
	}
	put(t, s, Span{From: at, For: time.Hour, Posture: Sitting}, Prompt{At: at})
	s.SetDays(Days{Zone: time.FixedZone("", -12*3600)})
	put(t, s, Span{From: at, For: time.Hour, Posture: Standing})
	if got := old(); got.Sitting != 0 || got.Standing != 0 {
		t.Errorf("the old day: %+v", got)
	}
	if now, _, err := s.Day(t.Context(), DateOf(at)-1); err != nil || now.Standing != time.Hour {
		t.Errorf("the new day: %v %+v", err, now)
	}
	// A prompt stays where it was shown.
	put(t, s, Prompt{At: at, Outcome: Snoozed})
	if got := old(); got.Prompts != 1 || got.Snoozed != 1 {
		t.Errorf("the old day: %+v", got)
	}
}

// TestEveryMomentHasItsDay holds for any zone and any start of day: days are in order and without gaps.
func TestEveryMomentHasItsDay(t *testing.T) {
	var zones []*time.Location
	for _, name := range []string{
		"UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "America/Sao_Paulo", "Africa/Cairo",
		"Pacific/Kiritimati", "Etc/GMT+12", "Antarctica/Troll",
	} {
		zones = append(zones, zone(t, name))
	}
	rapid.Check(t, func(t *rapid.T) {
		d := Days{rapid.SampledFrom(zones).Draw(t, "zone"), time.Duration(rapid.IntRange(0, 24*60-1).Draw(t, "starts")) * time.Minute}
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "at"), 0)
		day := d.Of(at)
		if d.Begin(day).After(at) || !d.Begin(day+1).After(at) {
			t.Fatalf("%v is in the day from %v to %v", at.In(d.Zone), d.Begin(day), d.Begin(day+1))
		}
		if next := d.Of(at.Add(time.Hour)); next < day {
			t.Fatalf("an hour after %v is %v, a day before %v", at, next, day)
		}
	})
	samoa := Days{zone(t, "Pacific/Apia"), 4 * time.Hour}
	before, after := time.Date(2011, 12, 29, 12, 0, 0, 0, samoa.Zone), time.Date(2011, 12, 31, 12, 0, 0, 0, samoa.Zone)
	if got := samoa.Of(after); got != DateOf(after) || samoa.Of(before) != DateOf(before) || after.Sub(before) != 24*time.Hour {
		t.Errorf("got %v", got)
	}
}

func TestDate(t *testing.T) {
	d := DateOf(time.Date(2026, 11, 22, 0, 30, 0, 0, time.FixedZone("", 14*3600)))
	if d.String() != "2026-11-22" || d.Weekday() != time.Sunday {
		t.Errorf("got %v, a %v", d, d.Weekday())
	}
	if text, err := json.Marshal(map[string]Date{"date": d}); err != nil || string(text) != `{"date":"2026-11-22"}` {
		t.Errorf("got %s, %v", text, err)
	}
}
