package profile

import (
	"maps"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/routines"
)

// gym is a catalogue with what is off until enabled.
var gym = &routines.Catalogue{Exercises: []routines.Exercise{
	{ID: "neck-tilts", Name: "Neck tilts", Level: "gentle", Place: "chair"},
	{
		ID: "hanging", Name: "Hanging", Level: "advanced", Place: "bar", Equipment: []string{"bar"}, OptIn: true,
		AvoidWith: []string{"shoulder", "heart"}, Needs: []string{"overhead"},
	},
	{ID: "inversion", Name: "Inversion", Level: "advanced", Place: "table", OptIn: true, AvoidWith: []string{"eyes"}},
}}

// all is every question answered.
func all(a string) map[string]string {
	m := map[string]string{}
	for _, tag := range routines.Tags() {
		m["screening."+tag] = a
	}
	return m
}

func plus(m map[string]string, more ...string) map[string]string {
	m = maps.Clone(m)
	for i := 0; i < len(more); i += 2 {
		m[more[i]] = more[i+1]
	}
	return m
}

func TestApply(t *testing.T) {
	told := routines.Profile{Retired: []string{"neck-tilts", "gone"}, Enabled: []string{"gone"}}
	for _, test := range []struct {
		name    string
		changes map[string]string
		want    func(*routines.Profile)
	}{
		{"an answer", map[string]string{"screening.bone": "yes"}, func(p *routines.Profile) { p.Screening = map[string]routines.Answer{"bone": "yes"} }},
		{"rather not", map[string]string{"screening.bone": "unsaid"}, func(p *routines.Profile) { p.Screening = map[string]routines.Answer{"bone": "unsaid"} }},
		{"a level", map[string]string{"level": "moderate"}, func(p *routines.Profile) { p.Level, p.LevelAt = "moderate", now }},
		{"a list", map[string]string{"places": " floor, bar,floor"}, func(p *routines.Profile) { p.Places = []string{"floor", "bar"} }},
		{"an empty list", map[string]string{"abilities": "none"}, func(*routines.Profile) {}},
		{"things", map[string]string{"equipment": "bar,mat"}, func(p *routines.Profile) { p.Equipment = []string{"bar", "mat"} }},
		{"allowed again", map[string]string{"retired.neck-tilts": "no"}, func(p *routines.Profile) { p.Retired = []string{"gone"} }},
		{"what is gone", map[string]string{"retired.gone": "no", "enable.gone": "no"}, func(p *routines.Profile) {
			p.Retired, p.Enabled = []string{"neck-tilts"}, []string{}
		}},
		{"all of it at once", plus(all("no"), "equipment", "bar", "enable.hanging", "yes"), func(p *routines.Profile) {
			p.Screening = map[string]routines.Answer{}
			for _, tag := range routines.Tags() {
				p.Screening[tag] = routines.No
			}
			p.Equipment, p.Enabled = []string{"bar"}, []string{"gone", "hanging"}
		}},
	} {
		want := told
		test.want(&want)
		if got, err := Apply(told, test.changes, gym, now); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v; want %+v", test.name, got, err, want)
		}
	}
}

func TestApplyFaults(t *testing.T) {
	hanging := plus(all("no"), "equipment", "bar", "enable.hanging", "yes")
	for _, test := range []struct {
		name           string
		changes        map[string]string
		code           string
		message, hints string
	}{
		{"nothing", nil, api.CodeInvalid, "nothing was said", "screening.TAG"},
		{"no such key", map[string]string{"levl": "gentle"}, api.CodeInvalid, `"levl"`, "did you mean level?"},
		{"no such table", map[string]string{"screen.bone": "yes"}, api.CodeInvalid, `"screen.bone"`, "did you mean screening.bone?"},
		{"nothing like it", map[string]string{"colour": "red"}, api.CodeInvalid, `"colour"`, "the keys:"},
		{"no such question", map[string]string{"screening.bones": "yes"}, api.CodeInvalid, `"bones"`, "did you mean screening.bone?"},
		{"nothing like that question", map[string]string{"screening.": "yes"}, api.CodeInvalid, `no question ""`, "surgery, bone"},
		{"no such answer", map[string]string{"screening.bone": "maybe"}, api.CodeInvalid, `cannot be "maybe"`, "one of: yes, no, unsaid"},
		{"no such level", map[string]string{"level": "modrate"}, api.CodeInvalid, "modrate", "did you mean moderate?"},
		{"an empty level", map[string]string{"level": ""}, api.CodeInvalid, `level cannot be ""`, "gentle, moderate, advanced"},
		{"no such place", map[string]string{"places": "floor,sofa"}, api.CodeInvalid, "sofa", "chair, standing, floor, bar, table"},
		{"no such thing", map[string]string{"equipment": "barr"}, api.CodeInvalid, "barr", "did you mean bar?"},
		{"no such ability", map[string]string{"abilities": "wheel-chair"}, api.CodeInvalid, "wheel-chair", "did you mean wheelchair?"},
		{"no such exercise", map[string]string{"retired.neck-tilt": "no"}, api.CodeInvalid, "neck-tilt", "did you mean neck-tilts?"},
		{"retired how", map[string]string{"retired.neck-tilts": "later"}, api.CodeInvalid, "later", "one of: yes, no"},
		{"no need", map[string]string{"enable.neck-tilts": "yes"}, api.CodeInvalid, "needs no enabling", "hanging, inversion"},
		{"one bad spoils all", map[string]string{"level": "moderate", "screening.bone": "si"}, api.CodeInvalid, "si", "yes, no"},

		{"a yes", plus(hanging, "screening.heart", "yes"), api.CodeRefused, "answered yes to heart", "profile ask"},
		{"unsaid", plus(hanging, "screening.heart", "unsaid"), api.CodeRefused, "answers first: heart", "profile ask"},
		{"never asked", map[string]string{"enable.hanging": "yes"}, api.CodeRefused, "answers (heart, shoulder, leg) and equipment (bar)", "equipment=bar"},
		{"no bar", plus(hanging, "equipment", ""), api.CodeRefused, "not listed: bar", "equipment=bar"},
		{"no table", plus(all("no"), "enable.inversion", "yes"), api.CodeRefused, "place that you have not listed: table", "places=table"},
		{"arms", plus(hanging, "abilities", "cannot-reach-overhead"), api.CodeRefused, "do not do", "profile ask"},
	} {
		p := routines.Profile{Level: "gentle"}
		got, err := Apply(p, test.changes, gym, now)
		fault, ok := err.(*Fault)
		if !ok {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		d := fault.Detail()
		if d.Code != test.code || !strings.Contains(d.Message, test.message) || !strings.Contains(d.Hint, test.hints) {
			t.Errorf("%s: %+v", test.name, d)
		}
		if !reflect.DeepEqual(got, p) {
			t.Errorf("%s: half done: %+v", test.name, got)
		}
	}
}

// Whatever is typed, in any combination: it is done in whole or not at all, what comes of it is a profile, and nothing is
// enabled that is forbidden for another reason than the level.
func TestApplyAnything(t *testing.T) {
	keys := []string{
		"level", "places", "equipment", "abilities", "enable.hanging", "enable.inversion", "retired.neck-tilts",
		"screening.heart", "screening.shoulder", "screening.eyes", "screening.leg", "x", "enable.x", "",
	}
	values := []string{"yes", "no", "unsaid", "gentle", "advanced", "bar", "table,bar", "none", "", "one-arm", "?"}
	rapid.Check(t, func(t *rapid.T) {
		p := routines.Profile{}
		for range rapid.IntRange(1, 6).Draw(t, "commands") {
			changes := rapid.MapOfN(rapid.SampledFrom(keys), rapid.SampledFrom(values), 0, 4).Draw(t, "changes")
			q, err := Apply(p, changes, gym, now)
			if err != nil && !reflect.DeepEqual(p, q) {
				t.Fatalf("half done: %+v", q)
			}
			if err := q.Check(); err != nil {
				t.Fatal(err)
			}
			for id, v := range changes {
				e, ok := gym.Exercise(strings.TrimPrefix(id, "enable."))
				if err != nil || !ok || v != "yes" || !strings.HasPrefix(id, "enable.") {
					continue
				}
				if why, forbidden := q.Forbids(e, now); forbidden && why != routines.WhyLevel {
					t.Fatalf("%s enabled, though: %s", id, why)
				}
			}
			p = q
		}
	})
}
