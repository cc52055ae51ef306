package history

import (
	"testing"
	"time"
)

// TestReports covers which days each report is about and what it is compared with.
func TestReports(t *testing.T) {
	s := opened(t, Options{})
	now := at("20:00")
	// A session a day for two years; the further back, the more sitting.
	for i := range 730 {
		begin := at("09:00").AddDate(0, 0, -i)
		for _, r := range []Row{
			Span{From: begin, For: time.Duration(i+1) * time.Minute / 2, Posture: Sitting},
			Session{At: begin.Add(7 * time.Hour), Routine: "r", Outcome: Finished},
		} {
			if err := s.Add(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct {
		period         Period
		before         int // days to compare with
		sum, sumBefore int // half minutes
	}{
		{Today, 28, 1, gauss(29) - 1},
		{Week, 28, gauss(7), gauss(35) - gauss(7)},
		{Month, 30, gauss(30), gauss(60) - gauss(30)},
		{Year, 365, gauss(365), gauss(730) - gauss(365)},
	} {
		r, err := s.Report(t.Context(), c.period, now)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Days) != int(c.period) || r.Days[len(r.Days)-1].Date != DateOf(now) || r.Sum.Days != int(c.period) ||
			r.Sum.Sessions != int(c.period) || r.Before.Days != c.before || r.Before.Sessions != c.before {
			t.Errorf("%d: got %d days to %v, %+v before %+v", c.period, len(r.Days), r.Days[len(r.Days)-1].Date, r.Sum, r.Before)
		}
		half := time.Minute / 2
		if r.Sum.Sitting != time.Duration(c.sum)*half || r.Before.Sitting != time.Duration(c.sumBefore)*half ||
			r.Sum.Longest != time.Duration(c.period)*half {
			t.Errorf("%d: sitting %v, longest %v, before %v", c.period, r.Sum.Sitting, r.Sum.Longest, r.Before.Sitting)
		}
		if (len(r.Ribbon) > 0) != (c.period == Today) {
			t.Errorf("%d: a ribbon of %d", c.period, len(r.Ribbon))
		}
		if r.Since != DateOf(now)-729 {
			t.Errorf("%d: since %v", c.period, r.Since)
		}
	}
}

func gauss(n int) int { return n * (n + 1) / 2 }

// TestEmptyReport: nothing is known, which is not the same as zero.
func TestEmptyReport(t *testing.T) {
	s := opened(t, Options{})
	r, err := s.Report(t.Context(), Week, at("12:00"))
	if err != nil || r.Sum.Days != 0 || r.Before.Days != 0 || len(r.Days) != 7 || r.Since != DateOf(at("12:00")) {
		t.Errorf("got %v %+v", err, r)
	}
	for i, d := range r.Days {
		if d != (Day{Date: DateOf(at("12:00")) - 6 + Date(i)}) {
			t.Errorf("day %d: %+v", i, d)
		}
	}
}

// TestDayBeginsInTheNight: a report is of the day that has begun at 04:00, while spans go on and across restarts.
func TestDayBeginsInTheNight(t *testing.T) {
	now := at("23:00")
	s := opened(t, Options{now: func() time.Time { return now }})
	days := Days{zone(t, "Europe/Berlin"), 4 * time.Hour}
	s.SetDays(days)
	from := now
	for i := range 40 { // through 04:00 in Berlin, which is 03:00 UTC
		now = from.Add(time.Duration(i+1) * 15 * time.Minute)
		put(t, s, Span{From: from, For: now.Sub(from), Posture: Sitting, Open: true})
		if i%10 == 5 {
			s = reopen(t, s)
			s.SetDays(days)
		}
		begun := at("23:00")
		if night := at("03:00").AddDate(0, 0, 1); !now.Before(night) { // 04:00 in Berlin
			begun = night
		}
		if got := today(t, s, now).Sitting; got != now.Sub(begun) {
			t.Fatalf("at %v: %v, want %v", now, got, now.Sub(begun))
		}
	}
	if got := today(t, s, now); got.Sitting != 6*time.Hour {
		t.Errorf("got %v since 03:00 UTC, want 6 h", got.Sitting)
	}
}

// TestPlanner covers what a planner asks.
func TestPlanner(t *testing.T) {
	s := opened(t, Options{})
	session := func(at time.Time, exercises ...string) Session {
		r := Session{At: at, Routine: "r", Place: "chair", Outcome: Finished}
		for _, e := range exercises {
			r.Steps = append(r.Steps, Step{Exercise: e, Side: "left", Done: time.Second}, Step{Exercise: e, Side: "right", Done: time.Second})
		}
		return r
	}
	put(t, s,
		session(at("08:00"), "marching", "sphinx"), session(at("10:00"), "marching"),
		session(at("08:00").AddDate(0, 0, -6), "marching"), session(at("08:00").AddDate(0, 0, -7), "cobra"),
		session(at("08:00").AddDate(0, 0, 1), "pigeon"), // the clock was wrong
		Session{At: at("09:00"), Routine: "r", Outcome: Stopped, Steps: []Step{{Exercise: "cat-cow"}}},
		Session{At: at("09:30"), Routine: "none", Outcome: Interrupted},
	)
	got, err := s.Practised(t.Context(), at("12:00"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Practice{
		"marching": {at("10:00"), 2, 3}, "sphinx": {at("08:00"), 1, 1}, "cobra": {at("08:00").AddDate(0, 0, -7), 0, 0},
	}
	for exercise, p := range want {
		if got[exercise] != p {
			t.Errorf("%s: got %+v, want %+v", exercise, got[exercise], p)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %+v", got)
	}
	all, err := s.Sessions(t.Context(), at("08:00"), at("10:00"))
	if err != nil || len(all) != 3 || len(all[0].Steps) != 4 || all[1].Outcome != Stopped || len(all[2].Steps) != 0 {
		t.Errorf("got %v %+v", err, all)
	}
	if got := all[0].Steps[1]; got != (Step{"marching", "right", time.Second, false}) || all[0].Place != "chair" {
		t.Errorf("got %+v", all[0])
	}
}

// TestFirstActivity is when the day of the body begins.
func TestFirstActivity(t *testing.T) {
	for _, c := range []struct {
		name string
		rows []Row
		want string
	}{
		{"nothing", nil, ""},
		{"a night", []Row{sat("00:00", 60), span("01:00", 7*60, Asleep), sat("08:00", 60)}, "08:00"},
		{"a night without a record", []Row{sat("00:00", 60), sat("08:00", 60)}, "08:00"},
		{"a short night", []Row{sat("00:00", 240), span("04:00", 239, Away), sat("07:59", 60)}, "00:00"},
		{"up in the night", []Row{sat("00:00", 60), span("01:00", 240, Away), span("05:00", 10, Standing), span("05:10", 230, Away), sat("09:00", 10)}, "05:00"},
		{"a lunch", []Row{span("00:00", 8*60, Away), sat("08:00", 240), span("12:00", 60, Away), sat("13:00", 60)}, "08:00"},
		{"later than now", []Row{sat("08:00", 60), sat("23:00", 30)}, "08:00"},
	} {
		s := opened(t, Options{})
		put(t, s, c.rows...)
		got, err := s.FirstActivity(t.Context(), at("15:00"))
		if err != nil {
			t.Fatal(err)
		}
		if c.want == "" && !got.IsZero() || c.want != "" && !got.Equal(at(c.want)) {
			t.Errorf("%s: got %v, want %s", c.name, got, c.want)
		}
	}
}
