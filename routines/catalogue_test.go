package routines

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestDefaultIsValid(t *testing.T) {
	c, err := parseEmbedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{
		"marching", "shoulder-rolls", "neck-tilts", // as the article's warm-ups are named for scripts
		"sit-tall", "shoulder-blade-squeeze", "pelvic-rocking", "weight-shift", "desk-lean", "calf-raises",
		"supported-recline", "window-walk", "reach-up",
	} {
		if _, ok := c.Exercise(id); !ok {
			t.Errorf("no exercise %s", id)
		}
	}
	for _, id := range []string{"chair-reset", "standing-reset", "walk"} {
		if _, ok := c.Routine(id); !ok {
			t.Errorf("no routine %s", id)
		}
	}
}

// Without screening nobody is asked to bend forward: at the desk the hips hinge, with the weight on the hands, and only
// the small rocking on the seat rounds the back.
func TestNoForwardBendBeforeScreening(t *testing.T) {
	for _, e := range Default().Exercises {
		if e.Level == gentle && slices.Contains(e.Direction, "flexion") && e.ID != "pelvic-rocking" {
			t.Errorf("%s bends the back forward", e.ID)
		}
	}
}

// A chair on castors rolls away under whoever moves in it. What is done in the chair by moving more than the arms and
// the head says so.
func TestCastorsAreWarnedOf(t *testing.T) {
	still := []string{
		"neck-tilts", "neck-turns", "chin-glide", "shoulder-rolls", "shoulder-drop", "shoulder-blade-squeeze",
		"elbow-circles", "open-arms", "wrist-circles", "reach-up", "seat-squeeze", "belly-breathing",
	}
	for _, e := range Default().Exercises {
		if e.in(Chair) && !slices.Contains(still, e.ID) && !strings.Contains(strings.Join(e.Cautions, " "), "castors") {
			t.Errorf("%s says nothing of castors: %q", e.ID, e.Cautions)
		}
	}
}

// Scripts rely on these names and on [] in place of null.
func TestExerciseJSON(t *testing.T) {
	want := []string{
		"avoid_with", "benefits", "cautions", "direction", "equipment", "hold_s", "id", "kind", "level", "name",
		"per_day", "per_week", "place", "reps", "sides", "source", "steps",
	}
	added := []string{"also", "discreet", "end_range", "needs", "opt_in"} // only where they say something
	for _, e := range Default().Exercises {
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var fields map[string]any
		if err := json.Unmarshal(data, &fields); err != nil {
			t.Fatal(err)
		}
		var got []string
		for name, value := range fields {
			if !slices.Contains(added, name) {
				got = append(got, name)
			}
			if value == nil && name != "per_week" {
				t.Errorf("%s: %s is null", e.ID, name)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: fields %v, want %v", e.ID, got, want)
		}
	}
}

func TestParseTellsEveryFault(t *testing.T) {
	good, err := embedded.ReadFile("exercises/neck-tilts.toml")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, old, new string
		want           []string
	}{
		{"unknown keys", "reps = 0", "reps = 0\nrepz = 1\ncolour = 2", []string{
			`x.toml:12:1: unknown key "repz"`, `x.toml:13:1: unknown key "colour"`,
		}},
		{"wrong type", "sides = 2", `sides = "2"`, []string{"x.toml:12:9: "}},
		{"no TOML", "sides = 2", "sides = ", []string{"x.toml:12:"}},
		{"several", "level = \"gentle\"\nplace = \"chair\"", "level = \"easy\"\nplace = \"roof\"", []string{
			`x.toml: level: "easy" is none of gentle moderate advanced`, `x.toml: place: "roof" is none of`,
		}},
		{"no screening", "avoid_with = []\n", "", []string{"avoid_with: missing, [] means that it forbids nobody"}},
		{"forbidding but gentle", "avoid_with = []", `avoid_with = ["bone"]`, []string{"level: gentle and an empty"}},
		{"unknown tag", "avoid_with = []", `avoid_with = ["gout"]`, []string{`avoid_with[0]: "gout" is none of`}},
		{"range upside down", "min = 10, max = 25", "min = 25, max = 10", []string{"work_s: min 25 and max 10"}},
		{"too short to do", "min = 10, max = 25", "min = 9, max = 25", []string{"work_s: min 9"}},
		{"one side without cues", "right = [", "both = [", []string{"cues.right: missing", "cues.both: an exercise"}},
		{"three sides", "sides = 2", "sides = 3", []string{"sides: 3 must be 1 or 2"}},
		{"long cue", "Breathe out. Come up", "Breathe out now and for as long as you can. Come up", []string{
			"words, at most 12",
		}},
		{"bad id", `id = "neck-tilts"`, `id = "../x"`, []string{"id: "}},
		{"loud", `spoken = "neck tilts"`, `spoken = "Neck tilts"`, []string{"spoken: "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(string(good), tt.old, tt.new, 1)
			if text == string(good) {
				t.Fatalf("%q is not in the file", tt.old)
			}
			_, err := parseExercise("x.toml", []byte(text))
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want %q in it", err, want)
				}
			}
		})
	}
}

func TestCheckHoldsFilesTogether(t *testing.T) {
	e, _ := Default().Exercise("pelvic-rocking")
	c := Catalogue{
		Exercises: []Exercise{e, e},
		Routines: []Routine{{
			ID: "r", Name: "R", Place: Standing,
			Moves: []Move{{"pelvic-rocking", 500}, {"nothing", 20}},
		}},
	}
	err := c.check()
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{
		"two of the id", `no exercise "nothing"`, "cannot be done in place standing", "cannot take 500 s",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %q, want %q in it", err, want)
		}
	}
}

func FuzzParseExercise(f *testing.F) {
	entries, err := embedded.ReadDir("exercises")
	if err != nil {
		f.Fatal(err)
	}
	for _, entry := range entries {
		data, err := embedded.ReadFile("exercises/" + entry.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := parseExercise("x.toml", data)
		if err == nil && len(e.faults()) > 0 {
			t.Errorf("accepted with faults %q", e.faults())
		}
	})
}

// claim is what no text of ours may say: the evidence does not carry it. on screen, some words of the code are
// jargon.
var (
	claim = regexp.MustCompile(`(?i)\b(treat(s|ed|ing|ment)?|heal(s|ed|ing)?|cur(e|es|ed|ing)|prevent(s|ed|ing|ion)?|` +
		`re-?align(s|ed|ing|ment)?|decompress\w*|reliev\w*|relief|fix(es|ed|ing)?|correct(s|ed|ing)?|repair(s|ed)?|` +
		`pain[- ]free|therap\w+|detox\w*|instant(ly)?|guarantee\w*|injur\w+|slipped)\b`)
	address = regexp.MustCompile(`https://\S+`) // where somebody else says what they say
	jargon  = regexp.MustCompile(`(?i)\b(load(s|ed)?|limits?|rest(s|ed|ing)?|hold(s|ing)?|held|due)\b`)
)

func TestNoClaimAndNoJargonIsShown(t *testing.T) {
	shown := map[string][]string{"stop rule": {StopRule, ComeUpSlowly}}
	for _, tier := range StopSigns {
		shown[tier.Help] = texts(reflect.ValueOf(tier))
	}
	for _, e := range Default().Exercises {
		shown[e.ID] = texts(reflect.ValueOf(e))
	}
	for _, c := range Cards() {
		shown[c.ID] = texts(reflect.ValueOf(c))
	}
	for _, r := range Default().Routines {
		shown[r.ID] = texts(reflect.ValueOf(r))
		p, err := Default().AsWritten(r.ID)
		if err != nil {
			t.Fatal(err)
		}
		shown[r.ID] = append(shown[r.ID], texts(reflect.ValueOf(p))...)
	}
	for id, lines := range shown {
		if len(lines) == 0 {
			t.Errorf("%s: nothing looked at", id)
		}
		for _, line := range lines {
			line = address.ReplaceAllString(line, "")
			if found := claim.FindString(line); found != "" && id != ClaimsCard {
				t.Errorf("%s: %q claims %q", id, line, found)
			}
			if found := jargon.FindString(line); found != "" {
				t.Errorf("%s: %q says %q", id, line, found)
			}
		}
	}
}

// texts lists every string inside a value, whatever fields are added later.
func texts(v reflect.Value) []string {
	var found []string
	switch v.Kind() {
	case reflect.String:
		found = append(found, v.String())
	case reflect.Struct:
		for i := range v.NumField() {
			found = append(found, texts(v.Field(i))...)
		}
	case reflect.Slice:
		for i := range v.Len() {
			found = append(found, texts(v.Index(i))...)
		}
	}
	return found
}

func TestStopSignsHaveThreeTiers(t *testing.T) {
	if got, want := len(StopSigns), 3; got != want {
		t.Fatalf("%d tiers, want %d", got, want)
	}
	for i, want := range []string{"emergency number", "doctor today", "professional soon"} {
		got := StopSigns[i]
		if !strings.Contains(got.Help, want) || len(got.Signs) < 3 {
			t.Errorf("tier %d is %q with %d signs, want %q", i, got.Help, len(got.Signs), want)
		}
		const sixLines = 125 // letters that xfce4-notifyd shows of a paragraph at its narrowest
		for _, line := range got.Brief {
			if n := len([]rune(line)); n > sixLines {
				t.Errorf("%q has %d letters, a notification shows %d", line, n, sixLines)
			}
		}
		if len(got.Brief) == 0 {
			t.Errorf("tier %d has no brief form", i)
		}
	}
}
