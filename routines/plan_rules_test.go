package routines

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"
)

// movement is an exercise for a table: gentle, standing, ten seconds to a minute.
func movement(id, direction string, change func(*Exercise)) Exercise {
	e := Exercise{
		ID: id, Name: id, Spoken: id, Kind: "stretch", Level: gentle, Place: Standing, Sides: 1, Setup: "Ready.",
		Direction: []string{direction}, WorkS: Range{10, 60}, Cues: Cues{Both: []string{"Move."}},
	}
	if change != nil {
		change(&e)
	}
	return e
}

// few is a catalogue with one exercise to try a rule on, x, and enough beside it.
func few(x func(*Exercise)) *Catalogue {
	return &Catalogue{Exercises: []Exercise{
		movement("x", "flexion", x),
		movement("march", "walking", func(e *Exercise) { e.Kind = warmup }),
		movement("reach", "reaching", nil),
		movement("calves", "legs", nil),
		movement("lean", "hinge", nil),
		movement("mat", "extension", func(e *Exercise) { e.Place = Floor }),
		movement("sit", "unloading", func(e *Exercise) { e.Place = Chair }),
	}}
}

// screened has answered no to everything.
func screened(level string) Profile {
	p := Profile{Level: level, Screening: map[string]Answer{}}
	for _, tag := range tags {
		p.Screening[tag] = No
	}
	return p
}

// TestEachRule takes a session of two minutes in which x is planned, and changes one thing. What was done before may come,
// but it is the turn of the others.
func TestEachRule(t *testing.T) {
	of := func(level string) func(*Exercise) {
		return func(e *Exercise) {
			if e.Level = level; level != gentle {
				e.AvoidWith = []string{"disc"}
			}
		}
	}
	with := func(change ...func(*Exercise)) func(*Exercise) {
		return func(e *Exercise) {
			for _, c := range change {
				c(e)
			}
		}
	}
	daily := func(n int) func(*Exercise) { return func(e *Exercise) { e.PerDay = n } }
	weekly := func(n int) func(*Exercise) { return func(e *Exercise) { e.PerWeek = &Range{1, n} } }
	strong := func(e *Exercise) { e.Kind = strength }
	far := func(e *Exercise) { e.EndRange = true }
	at := func(place string) func(*Exercise) {
		return func(e *Exercise) { e.Place, e.Equipment = place, []string{place} }
	}
	ago := func(times ...time.Duration) past {
		p := newPast()
		for _, a := range times {
			d := p.done["x"]
			d.Days = append(d.Days, monday.Add(-a))
			d.Last = slices.MaxFunc(d.Days, time.Time.Compare)
			if daysBetween(monday.Add(-a), monday) == 0 {
				d.Today++
			}
			p.done["x"] = d
		}
		return p
	}
	up := func(since time.Duration) past { p := newPast(); p.first = monday.Add(-since); return p }
	const h, day = time.Hour, 24 * time.Hour
	ticked := func(p Profile) Profile { p.Places, p.Equipment = []string{bar, table}, []string{bar, table}; return p }
	listed := func(p Profile) Profile { p.Equipment = []string{bar, table}; return p }
	tests := []struct {
		name string
		x    func(*Exercise)
		r    Request
		want string
	}{
		{"gentle, unscreened", nil, Request{}, WhyPlanned},
		{"contraindicated", of(moderate), Request{Profile: Profile{Level: advanced, Screening: map[string]Answer{"disc": Yes, "leg": No}}}, WhyScreening},
		{"unanswered", of(moderate), Request{Profile: Profile{Level: advanced}}, WhyUnanswered},
		{"retired", nil, Request{Profile: Profile{Retired: []string{"x"}}}, WhyRetired},
		{"level", of(advanced), Request{Profile: screened(moderate)}, WhyLevel},
		{"level reached", of(advanced), Request{Profile: screened(advanced)}, WhyPlanned},

		{"elsewhere", func(e *Exercise) { e.Place = Floor }, Request{}, WhyElsewhere},
		{"a chair is no place to stand", nil, Request{Place: Chair}, WhyElsewhere},
		{"no standing", nil, Request{Place: Standing, Profile: Profile{Abilities: []string{Wheelchair}}}, WhyAbility},
		{"a bar not listed", at(bar), Request{Equipment: []string{bar}}, WhyEquipment},
		{"a bar listed", at(bar), Request{Profile: listed(Profile{})}, WhyNotAsked},
		{"a bar asked for", at(bar), Request{Profile: listed(Profile{}), Equipment: []string{bar}}, WhyPlanned},
		{"a bar ticked", at(bar), Request{Profile: ticked(Profile{})}, WhyPlanned},
		{"a table ticked", at(table), Request{Profile: ticked(Profile{})}, WhyPlanned},
		{"a bar beside a mat", at(bar), Request{Place: Floor, Profile: ticked(Profile{})}, WhyElsewhere},

		{"moderate, twice today", of(moderate), Request{Profile: screened(moderate), History: ago(h, 2*h)}, WhyTurn},
		{"moderate, three times today", of(moderate), Request{Profile: screened(moderate), History: ago(h, 2*h, 3*h)}, WhyPerDay},
		{"three times yesterday", of(moderate), Request{Profile: screened(moderate), History: ago(day, day+h, day+2*h)}, WhyTurn},
		{"advanced, today", of(advanced), Request{Profile: screened(advanced), History: ago(h)}, WhyPerDay},
		{"advanced, whatever it says of itself", with(of(advanced), daily(9)), Request{Profile: screened(advanced), History: ago(h)}, WhyPerDay},
		{"its own cap", daily(2), Request{History: ago(h, 2*h)}, WhyPerDay},
		{"gentle without a cap", nil, Request{History: ago(h, 2*h, 3*h, 4*h)}, WhyTurn},
		{"three times this week", weekly(3), Request{History: ago(day, 3*day, 6*day)}, WhyPerWeek},
		{"the third is eight days ago", weekly(3), Request{History: ago(day, 3*day, 8*day)}, WhyTurn},
		{"advanced, yesterday", of(advanced), Request{Profile: screened(advanced), History: ago(day)}, WhyRestDay},
		{"advanced, late the day before", of(advanced), Request{Profile: screened(advanced), History: ago(day + 11*h)}, WhyTurn},
		{"strength, yesterday", with(of(moderate), strong), Request{Profile: screened(moderate), History: ago(20 * h)}, WhyRestDay},
		{"gentle strength, yesterday", strong, Request{History: ago(20 * h)}, WhyTurn},

		{"bending far, half an hour after getting up", far, Request{History: up(30 * time.Minute)}, WhyFirstHour},
		{"bending far, an hour after", far, Request{History: up(h)}, WhyPlanned},
		{"bending far, nothing known", far, Request{}, WhyPlanned},
		{"a minute on each side", func(e *Exercise) {
			e.Sides, e.WorkS, e.Cues = 2, Range{60, 60}, Cues{Left: []string{"l"}, Right: []string{"r"}}
		}, Request{Length: 4 * time.Minute}, WhyTooLong},
		{"the same in five minutes", func(e *Exercise) {
			e.Sides, e.WorkS, e.Cues = 2, Range{60, 60}, Cues{Left: []string{"l"}, Right: []string{"r"}}
		}, Request{Length: 5 * time.Minute}, WhyPlanned},
		{"no time for a warm-up", of(moderate), Request{Length: MinLength, Profile: screened(moderate)}, WhyNoWarmup},
		{"the warm-up hurt", of(moderate), Request{Profile: func() Profile { p := screened(moderate); p.Retired = []string{"march"}; return p }()}, WhyNoWarmup},
		{"done a moment ago", nil, Request{Length: MinLength, History: ago(time.Minute)}, WhyTurn},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := few(tt.x)
			tt.r.At = monday
			if tt.r.Length == 0 {
				tt.r.Length = 2 * time.Minute
			}
			a, err := c.WhyNot(tt.r, "x")
			if err != nil {
				t.Fatal(err)
			}
			p, err := c.Plan(tt.r)
			in := slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Exercise == "x" })
			if a.Why != tt.want || in != (tt.want == WhyPlanned) {
				t.Errorf("got %s, in the plan %v (%v); want %s", a.Why, in, err, tt.want)
			}
		})
	}
}

func TestWhyNotGivesWhatThereIsToSay(t *testing.T) {
	c := few(func(e *Exercise) { e.Level, e.AvoidWith, e.EndRange = moderate, []string{"disc", "eyes"}, true })
	p := screened(moderate)
	p.Screening["eyes"] = Yes
	a, err := c.WhyNot(Request{Length: time.Minute, Profile: p, At: monday}, "x")
	if err != nil || !slices.Equal(a.Tags, []string{"eyes"}) {
		t.Errorf("screened: %+v, %v", a, err)
	}
	up := newPast()
	up.first = monday.Add(-10 * time.Minute)
	a, err = c.WhyNot(Request{Length: 2 * time.Minute, Profile: screened(moderate), History: up, At: monday}, "x")
	if err != nil || !a.Until.Equal(monday.Add(50*time.Minute)) {
		t.Errorf("in the first hour: %+v, %v", a, err)
	}
	if _, err := c.WhyNot(Request{Length: time.Minute}, "no-such"); err == nil {
		t.Error("an exercise that does not exist has a reason")
	}
}

// Down to the mat once, with the time that takes, and only after warming up on the feet.
func TestFloor(t *testing.T) {
	c := few(func(e *Exercise) { e.Place = Floor })
	for pace, times := range map[string]time.Duration{PaceNormal: 1, PaceSlow: 2} {
		p, err := c.Plan(Request{Length: 2 * time.Minute, Place: Floor, Pace: pace, At: monday})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		var ready []time.Duration
		for _, s := range p.Steps {
			ids, ready = append(ids, s.Exercise), append(ready, s.Ready/times)
		}
		if slices.Sort(ids[1:]); !slices.Equal(ids, []string{"march", "mat", "x"}) ||
			!slices.Equal(ready, []time.Duration{readyStand, readyFloor, readySame}) || p.Length() != 2*time.Minute {
			t.Errorf("%s: %v, ready in %v, %s", pace, ids, ready, p.Length())
		}
	}
}

// Whoever goes down to the mat is told to make room for it first, and only they are, in a named routine too.
func TestMakesRoomBeforeTheFloor(t *testing.T) {
	for _, tt := range []struct {
		r    Request
		want bool
	}{
		{Request{Length: 5 * time.Minute, Place: Floor}, true},
		{Request{Routine: "floor-reset"}, true},
		{Request{Length: 5 * time.Minute, Place: Standing}, false},
		{Request{Length: MinLength, Place: Floor}, false}, // too short for the mat
	} {
		tt.r.Profile, tt.r.At = anybody(), monday
		p, err := Default().Plan(tt.r)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range p.Steps {
			if got := slices.Contains(s.Setup, makeRoom); got != (tt.want && i == 0) {
				t.Errorf("%s in %s %q: step %d begins with %q", tt.r.Length, tt.r.Place, tt.r.Routine, i, s.Setup)
			}
		}
	}
}

// A warm-up that can be done on the mat does not send anybody down there cold where another can be done before.
func TestWarmsUpBeforeGettingDown(t *testing.T) {
	c := few(func(e *Exercise) { e.Place, e.Kind = Floor, warmup })
	p, err := c.Plan(Request{Length: 2 * time.Minute, Place: Floor, At: monday})
	if err != nil || p.Steps[0].Exercise != "march" {
		t.Errorf("%v, %v", p.Moves(), err)
	}
}

// Whose turn it is does not fit: another comes, at the full length.
func TestAnotherFits(t *testing.T) {
	c := &Catalogue{Exercises: []Exercise{
		movement("long", "legs", func(e *Exercise) { e.WorkS.Min = 40 }), movement("short", "hinge", nil),
	}}
	h := newPast()
	h.add("short", monday.Add(-time.Hour))
	p, err := c.Plan(Request{Length: MinLength, At: monday, History: h})
	if err != nil || p.Note != "" || len(p.Steps) != 1 || p.Steps[0].Exercise != "short" || p.Steps[0].Why != StepFits {
		t.Errorf("%+v, %v", p, err)
	}
}

// Whoever has ticked the floor is taken there where there is time for it, and whoever does not stand stays in the chair.
func TestUsualPlace(t *testing.T) {
	ticked := Profile{Places: []string{Floor}}
	tests := []struct {
		p      Profile
		length time.Duration
		want   string
	}{
		{Profile{}, 5 * time.Minute, Standing},
		{ticked, 2 * time.Minute, Standing},
		{ticked, 5 * time.Minute, Floor},
		{Profile{Places: []string{Floor}, Abilities: []string{CannotStand}}, 5 * time.Minute, Chair},
	}
	for _, tt := range tests {
		p, err := few(nil).Plan(Request{Length: tt.length, Profile: tt.p, At: monday})
		if err != nil || p.Place != tt.want {
			t.Errorf("%+v for %s: %s, %v; want %s", tt.p, tt.length, p.Place, err, tt.want)
		}
	}
}

// What the person may not do on the floor is not replaced by five minutes of warming up for it.
func TestNothingOnTheFloor(t *testing.T) {
	c := few(nil)
	p, err := c.Plan(Request{Length: 5 * time.Minute, Place: Floor, Profile: Profile{Retired: []string{"mat"}}, At: monday})
	if err != nil || p.Note != NoteNoFloor || p.Place != Standing || len(p.Moves()) < 4 {
		t.Errorf("%+v, %v", p, err)
	}
}

// Variety comes before age: a direction that was missed longest wins over the exercise that was.
func TestDirectionsFirst(t *testing.T) {
	c := &Catalogue{Exercises: []Exercise{
		movement("old", "legs", nil), movement("legs", "legs", nil), movement("turn", "rotation", nil),
	}}
	h := newPast()
	for id, ago := range map[string]time.Duration{"old": 9, "legs": 1, "turn": 3} {
		h.done[id] = Done{Last: monday.Add(-ago * time.Hour)}
	}
	r := Request{Length: MinLength, At: monday, History: h}
	for _, want := range []struct{ id, why string }{{"turn", StepDirection}, {"old", StepOldest}} {
		p, err := c.Plan(r)
		if err != nil || p.Steps[0].Exercise != want.id || p.Steps[0].Why != want.why {
			t.Errorf("%+v, %v; want %v", p.Steps, err, want)
		}
		r = r.after(p)
	}
}

// Of a named routine only what is for the person stays; a warm-up that is left out is replaced.
func TestRoutineKeepsTheRules(t *testing.T) {
	c := few(func(e *Exercise) { e.Level, e.AvoidWith = moderate, []string{"disc"} })
	c.Exercises = append(c.Exercises, movement("shake", "arms", func(e *Exercise) { e.Kind = warmup }))
	c.Routines = []Routine{{ID: "r", Name: "R", Place: Standing, Moves: []Move{{"march", 30}, {"x", 30}, {"lean", 30}}}}
	plan := func(p Profile) []string {
		got, err := c.Plan(Request{Routine: "r", Profile: p, At: monday})
		if err != nil {
			t.Fatal(err)
		}
		return append(got.Moves(), got.Note)
	}
	all := screened(moderate)
	if got := plan(all); !slices.Equal(got, []string{"march", "x", "lean", ""}) {
		t.Errorf("for everybody: %v", got)
	}
	if got := plan(Profile{}); !slices.Equal(got, []string{"march", "lean", NoteLeftOut}) {
		t.Errorf("unscreened: %v", got)
	}
	all.Retired = []string{"march"}
	if got := plan(all); !slices.Equal(got, []string{"shake", "x", "lean", NoteLeftOut}) {
		t.Errorf("without its warm-up: %v", got)
	}
	all.Retired = []string{"x", "lean"}
	if got, err := c.Plan(Request{Routine: "r", Profile: all, At: monday}); !errors.Is(err, ErrNothingFits) {
		t.Errorf("with nothing but its warm-up: %v, %v", got.Moves(), err)
	}
	all.Retired = []string{"march", "shake"}
	if got := plan(all); !slices.Equal(got, []string{"lean", NoteLeftOut}) {
		t.Errorf("without any warm-up: %v", got)
	}
}

// For every single answer, every two of them, all and none: chair and standing each fill two minutes with four
// exercises, ten times running, and no two of them are alike.
func TestEverySetOfAnswersGetsSessions(t *testing.T) {
	sets := []map[string]Answer{{}, screened("").Screening}
	all := map[string]Answer{}
	for i, a := range tags {
		all[a] = Yes
		for _, b := range tags[i:] {
			set := maps.Clone(sets[1])
			set[a], set[b] = Yes, Yes
			sets = append(sets, set)
		}
	}
	for _, answers := range append(sets, all) {
		for _, place := range []string{Chair, Standing} {
			r := Request{Length: 2 * time.Minute, Place: place, At: monday, Profile: Profile{Screening: answers, Level: moderate}}
			was := map[string]bool{}
			for range 10 {
				p, err := Default().Plan(r)
				if err != nil || len(p.Moves()) < 4 || p.Note != "" {
					t.Fatalf("%v in %s: %v, %q, %v", answers, place, p.Moves(), p.Note, err)
				}
				key := ""
				for _, m := range p.Moves() {
					key += m + "|"
				}
				was[key] = true
				r = r.after(p)
			}
			if len(was) < 8 {
				t.Errorf("%v in %s: only %d different sessions of ten", answers, place, len(was))
			}
		}
	}
}
