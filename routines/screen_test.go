package routines

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var screenNow = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// answers are all that a question can have. The empty one is that it has none.
var answers = []Answer{Yes, No, Unsaid, ""}

// able is a person of whom everything is known and who may do everything in the catalogue.
func able(c *Catalogue) Profile {
	p := Profile{Screening: map[string]Answer{}, Level: "advanced", Places: slices.Clone(places)}
	for _, tag := range tags {
		p.Screening[tag] = No
	}
	for _, e := range c.Exercises {
		p.Equipment = append(p.Equipment, e.Equipment...)
		p.Enabled = append(p.Enabled, e.ID)
	}
	return p
}

// tried are the exercises of the catalogue, and made-up ones of which each names one question, or none.
func tried() *Catalogue {
	c := &Catalogue{Exercises: slices.Clone(Default().Exercises)}
	for _, level := range append(slices.Clone(levels), "expert") {
		c.Exercises = append(c.Exercises, Exercise{ID: level + "-plain", Level: level, Place: Chair})
		for _, tag := range tags {
			c.Exercises = append(c.Exercises, Exercise{ID: level + "-" + tag, Level: level, Place: Chair, AvoidWith: []string{tag}})
		}
	}
	return c
}

// The truth table of screening: every question, every answer to it, every exercise. With all other questions answered
// with no, an exercise is forbidden exactly if it names the question, or is above gentle and the question is the leg's,
// and the answer is anything but no.
func TestScreeningTruthTable(t *testing.T) {
	c := tried()
	for _, tag := range tags {
		for _, answer := range answers {
			p := able(c)
			p.Screening[tag] = answer
			if answer == "" {
				delete(p.Screening, tag)
			}
			for _, e := range c.Exercises {
				if e.Level == "expert" {
					continue // nobody's: see TestLevels
				}
				names := slices.Contains(e.AvoidWith, tag) || tag == TagLeg && e.Level != gentle
				want := ""
				switch {
				case names && answer == Yes:
					want = WhyScreening
				case names && answer != No:
					want = WhyUnanswered
				}
				if why, forbidden := p.Forbids(e, screenNow); why != want || forbidden != (want != "") {
					t.Errorf("%s answered with %q: %s is %q %v, want %q", tag, answer, e.ID, why, forbidden, want)
				}
			}
		}
	}
}

// Who has said nothing gets what is gentle, and all of that which is neither off nor at a place or with a thing of its own.
func TestWhoHasSaidNothing(t *testing.T) {
	c := tried()
	for _, p := range []Profile{{}, {Level: "advanced", Places: places}} {
		for _, e := range c.Exercises {
			why, forbidden := p.Forbids(e, screenNow)
			if want := e.Level != gentle || len(e.AvoidWith) > 0; forbidden != want {
				t.Errorf("%s (%s): %q", e.ID, e.Level, why)
			}
		}
	}
}

func TestLevels(t *testing.T) {
	c := tried()
	for i, level := range []string{"", "gentle", "moderate", "advanced", "expert"} {
		p := able(c)
		p.Level = level
		highest := []string{"gentle", "gentle", "moderate", "advanced", "gentle"}[i]
		for _, e := range c.Exercises {
			_, forbidden := p.Forbids(e, screenNow)
			if want := slices.Index(append(levels, "expert"), e.Level) > slices.Index(levels, highest); forbidden != want {
				t.Errorf("at level %q, %s of level %s: forbidden %v", level, e.ID, e.Level, forbidden)
			}
		}
	}
}

// What is off stays off unless it is screened, enabled, and what it needs is listed: any one missing is enough.
func TestOptIn(t *testing.T) {
	hang := Exercise{
		ID: "hanging", Level: "advanced", Place: "bar", Equipment: []string{"bar"}, OptIn: true,
		AvoidWith: []string{"shoulder", "heart"},
	}
	c := &Catalogue{Exercises: []Exercise{hang}}
	for _, test := range []struct {
		name   string
		change func(*Profile)
		want   string
	}{
		{"everything there", func(*Profile) {}, ""},
		{"no place ticked: the bar is listed", func(p *Profile) { p.Places = nil }, ""},
		{"a yes", func(p *Profile) { p.Screening["heart"] = Yes }, WhyScreening},
		{"rather not said", func(p *Profile) { p.Screening["heart"] = Unsaid }, WhyUnanswered},
		{"never asked", func(p *Profile) { p.Screening = nil }, WhyUnanswered},
		{"no bar", func(p *Profile) { p.Equipment = []string{"foam-roller"} }, WhyEquipment},
		{"not enabled", func(p *Profile) { p.Enabled = []string{"inversion"} }, WhyOff},
		{"level", func(p *Profile) { p.Level = "moderate" }, WhyLevel},
		{"retired", func(p *Profile) { p.Retired = []string{"hanging"} }, WhyRetired},
		{"another question", func(p *Profile) { p.Screening["eyes"] = Yes }, ""},
	} {
		p := able(c)
		test.change(&p)
		if why, forbidden := p.Forbids(hang, screenNow); why != test.want || forbidden != (test.want != "") {
			t.Errorf("%s: %q %v, want %q", test.name, why, forbidden, test.want)
		}
	}
	bare := Exercise{ID: "table", Level: gentle, Place: "table"}
	if why, _ := (Profile{}).Forbids(bare, screenNow); why != WhyPlace {
		t.Errorf("a table that nobody ticked: %q", why)
	}
	if why, _ := (Profile{Places: []string{"table"}}).Forbids(bare, screenNow); why != "" {
		t.Errorf("a table that was ticked: %q", why)
	}
}

// The truth table of abilities: every one of them, every need.
func TestAbilitiesTruthTable(t *testing.T) {
	unmet := map[string][]string{
		CannotStand: {"standing", "getting-down"},
		CannotKneel: {"kneeling"},
		CannotReach: {"overhead"},
		OneArm:      {"both-arms"},
		Wheelchair:  {"standing", "legs", "getting-down", "kneeling"},
	}
	for _, ability := range Abilities {
		for _, need := range needs {
			e := Exercise{ID: "made-up", Level: gentle, Place: Chair, Needs: []string{need}}
			why, forbidden := Profile{Abilities: []string{ability}}.Forbids(e, screenNow)
			if want := slices.Contains(unmet[ability], need); forbidden != want || want && why != WhyAbility {
				t.Errorf("%s, an exercise that needs %s: %q %v", ability, need, why, forbidden)
			}
		}
	}
	for _, test := range []struct {
		e    Exercise
		want []string // of Abilities, those that rule it out
	}{
		{Exercise{Place: Standing}, []string{CannotStand, Wheelchair}},
		{Exercise{Place: Standing, Also: []string{Chair}}, nil},
		{Exercise{Place: "bar", Equipment: []string{"wall"}}, []string{CannotStand, Wheelchair}},
		{Exercise{Place: Floor}, []string{CannotStand, Wheelchair}},
		{Exercise{Place: Floor, Also: []string{Standing}}, nil},
		{Exercise{Place: Chair}, nil},
	} {
		test.e.Level = gentle
		for _, ability := range Abilities {
			_, forbidden := Profile{Abilities: []string{ability}}.Forbids(test.e, screenNow)
			if forbidden != slices.Contains(test.want, ability) {
				t.Errorf("%s: %v in %s: forbidden %v", ability, test.e.ID, test.e.Place, forbidden)
			}
		}
	}
	for place, want := range map[string][]string{Chair: nil, Standing: {CannotStand, Wheelchair}, Floor: {CannotStand, Wheelchair}} {
		for _, ability := range Abilities {
			if can := (Profile{Abilities: []string{ability}}).CanUse(place); can == slices.Contains(want, ability) {
				t.Errorf("%s: can use %s: %v", ability, place, can)
			}
		}
	}
}

func TestAfterThreeHurtsOnlyWalking(t *testing.T) {
	day := 24 * time.Hour
	ago := func(all ...time.Duration) (hurts []time.Time) {
		for _, d := range all {
			hurts = append(hurts, screenNow.Add(-d))
		}
		return hurts
	}
	for _, test := range []struct {
		name string
		p    Profile
		want bool
	}{
		{"two", Profile{Hurts: ago(2*day, day)}, false},
		{"three in seven days", Profile{Hurts: ago(7*day, 2*day, day)}, true},
		{"three in more", Profile{Hurts: ago(7*day+1, 2*day, day)}, false},
		{"the clock was set back", Profile{Hurts: ago(-day, -2*day, -3*day)}, true},
		{"long ago, and nothing said since", Profile{OnlyWalking: true}, true},
	} {
		if got := test.p.WalkingOnly(screenNow); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
		for _, e := range Default().Exercises {
			why, forbidden := test.p.Forbids(e, screenNow)
			walks := slices.Contains(e.Direction, "walking")
			if test.want && !walks && !forbidden || walks && e.Level == gentle && forbidden {
				t.Errorf("%s: %s is %q", test.name, e.ID, why)
			}
		}
	}
}

// Nobody is left without anything, and who does not walk is not told to.
func TestSomethingIsLeftAfterThreeHurts(t *testing.T) {
	for _, abilities := range [][]string{nil, {CannotStand}, {Wheelchair}, Abilities} {
		p := Profile{Abilities: abilities, OnlyWalking: true}
		var left []string
		for _, e := range Default().Exercises {
			if _, forbidden := p.Forbids(e, screenNow); forbidden {
				continue
			}
			left = append(left, e.ID)
			if !p.CanUse(Standing) && slices.Contains(e.Direction, "walking") {
				t.Errorf("%v: %s", abilities, e.ID)
			}
		}
		if len(left) == 0 {
			t.Errorf("%v: nothing is left", abilities)
		}
	}
}

// Saying less, or less that is good, never allows more: whatever is forbidden stays so.
func TestSayingLessNeverAllowsMore(t *testing.T) {
	c := tried()
	rapid.Check(t, func(t *rapid.T) {
		p := able(c)
		for _, tag := range tags {
			p.Screening[tag] = rapid.SampledFrom(answers).Draw(t, tag)
		}
		p.Level = rapid.SampledFrom(append(slices.Clone(levels), "")).Draw(t, "level")
		e := rapid.SampledFrom(c.Exercises).Draw(t, "exercise")
		_, before := p.Forbids(e, screenNow)
		tag := rapid.SampledFrom(tags).Draw(t, "tag")
		p.Screening[tag] = rapid.SampledFrom([]Answer{Yes, Unsaid, ""}).Draw(t, "less")
		p.Abilities = rapid.SliceOf(rapid.SampledFrom(Abilities)).Draw(t, "abilities")
		if _, after := p.Forbids(e, screenNow); before && !after {
			t.Fatalf("%s is allowed by saying less", e.ID)
		}
	})
}
