package routines

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// ladder is a catalogue with one exercise of each level.
var ladder = &Catalogue{Exercises: []Exercise{
	{ID: "easy", Level: gentle, Place: Chair, Direction: []string{"shoulders"}},
	{ID: "middling", Level: "moderate", Place: Chair, AvoidWith: []string{"bone"}},
	{ID: "hard", Level: "advanced", Place: Chair, AvoidWith: []string{"bone"}},
}}

// practised is a good session with the exercise on each of the days before now.
func practised(exercise string, days ...int) []Past {
	var past []Past
	for _, d := range days {
		past = append(past, Past{At: screenNow.AddDate(0, 0, -d), Day: -d, Finished: true, Exercises: []string{exercise}})
	}
	return past
}

func change(past []Past, i int, f func(*Past)) []Past {
	past = slices.Clone(past)
	f(&past[i])
	return past
}

func TestProgress(t *testing.T) {
	ten := []int{20, 18, 16, 14, 12, 10, 8, 6, 4, 2}
	good := practised("easy", ten...)
	clear := able(ladder)
	clear.Level = ""
	yes := clear.Answered("bone", Yes)
	for _, test := range []struct {
		name       string
		p          Profile
		past       []Past
		ready      bool
		days       int
		unanswered bool
	}{
		{"ten sessions on ten days over three weeks", clear, good, true, 10, false},
		{"nine", clear, good[1:], false, 9, false},
		{"ten on nine days", clear, append(practised("easy", 2), good[1:]...), false, 9, false},
		{"over fourteen days", clear, practised("easy", 14, 13, 12, 11, 10, 9, 8, 7, 6, 1), true, 10, false},
		{"over thirteen", clear, practised("easy", 13, 12, 11, 10, 9, 8, 7, 6, 5, 1), false, 10, false},
		{"nothing of that level in one", clear, append(practised("middling", 1), good[1:]...), false, 9, false},
		{"one not finished", clear, change(good, 3, func(s *Past) { s.Finished = false }), false, 9, false},
		{"one that left them worse", clear, change(good, 3, func(s *Past) { s.Worse = true }), false, 9, false},
		{"one that hurt", clear, change(good, 3, func(s *Past) { s.Hurt = true }), false, 6, false},
		{"a hurt on record here only", clear.Hurt("x", screenNow.AddDate(0, 0, -13)), good, false, 6, false},
		{"at this level for a week", clear.AtLevel(gentle, screenNow.AddDate(0, 0, -7)), good, false, 3, false},
		{"nothing to come to", yes, good, false, 10, false},
		{"questions to answer first", Profile{}, good, true, 10, true},
		{"only walking", Profile{OnlyWalking: true}, good, false, 10, false},
		{"none", clear, nil, false, 0, false},
	} {
		got := test.p.Progress(ladder, test.past, screenNow)
		want := Progress{gentle, test.days, 10, "moderate", test.ready, test.unanswered}
		if got != want {
			t.Errorf("%s: got %+v, want %+v", test.name, got, want)
		}
	}
	top := able(ladder)
	if got := top.Progress(ladder, practised("hard", ten...), screenNow); got.Ready || got.Next != "" || got.Days != 10 {
		t.Errorf("at the top: %+v", got)
	}
}

func TestGentler(t *testing.T) {
	for level, want := range map[string]string{"": "", "gentle": "", "moderate": "gentle", "advanced": "moderate"} {
		if got := (Profile{Level: level}).Gentler(); got != want {
			t.Errorf("%q: got %q, want %q", level, got, want)
		}
	}
}

func TestHurt(t *testing.T) {
	at := func(d int) time.Time { return screenNow.AddDate(0, 0, d) }
	p := Profile{Retired: []string{"cobra"}}
	p = p.Hurt("marching", at(0)).Hurt("marching", at(0))
	if !slices.Equal(p.Retired, []string{"cobra", "marching"}) || len(p.Hurts) != 1 || p.OnlyWalking {
		t.Errorf("one hurt told twice: %+v", p)
	}
	if late := p.Hurt("a", at(8)).Hurt("b", at(9)); late.OnlyWalking || len(late.Hurts) != 2 {
		t.Errorf("three in nine days: %+v", late)
	}
	p = p.Hurt("a", at(1)).Hurt("b", at(7))
	if !p.OnlyWalking {
		t.Errorf("three in seven days: %+v", p)
	}
	if again := p.Hurt("c", at(300)); !again.OnlyWalking || !again.WalkingOnly(at(900)) {
		t.Errorf("it ended by itself: %+v", again)
	}
	p = p.AtLevel("moderate", at(8))
	if p.WalkingOnly(at(8)) || p.Level != "moderate" || len(p.Retired) != 4 {
		t.Errorf("after the person has said how to go on: %+v", p)
	}
}

// No change to a profile shows in the one it was made from: snapshots are read while others are made.
func TestAProfileIsNeverChanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Profile{}
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			id := rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "id")
			at := screenNow.Add(time.Duration(rapid.IntRange(-20, 20).Draw(t, "days")) * 24 * time.Hour)
			before := clone(p)
			var q Profile
			switch rapid.IntRange(0, 6).Draw(t, "what") {
			case 0:
				q = p.Hurt(id, at)
			case 1:
				q = p.Allow(id)
			case 2:
				q = p.Enable(id)
			case 3:
				q = p.Disable(id)
			case 4:
				q = p.Answered(rapid.SampledFrom(tags).Draw(t, "tag"), Yes)
			case 5:
				q = p.AtLevel("moderate", at)
			case 6:
				q = p.Restrictions()
			}
			if !equal(p, before) {
				t.Fatalf("was %+v, is %+v", before, p)
			}
			if err := q.Check(); err != nil {
				t.Fatal(err)
			}
			if !slices.IsSortedFunc(q.Hurts, time.Time.Compare) {
				t.Fatal("hurts out of order")
			}
			p = q
		}
	})
}

func clone(p Profile) Profile {
	p.Retired, p.Enabled, p.Hurts = slices.Clone(p.Retired), slices.Clone(p.Enabled), slices.Clone(p.Hurts)
	answers := map[string]Answer{}
	for tag, a := range p.Screening {
		answers[tag] = a
	}
	p.Screening = answers
	return p
}

func equal(p, q Profile) bool {
	same := len(p.Screening) == len(q.Screening) && slices.Equal(p.Retired, q.Retired) && slices.Equal(p.Enabled, q.Enabled) &&
		slices.Equal(p.Hurts, q.Hurts) && p.Level == q.Level && p.OnlyWalking == q.OnlyWalking
	for tag, a := range p.Screening {
		same = same && q.Screening[tag] == a
	}
	return same
}
