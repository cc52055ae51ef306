package routines

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What each exercise of the article is kept away from, by the evidence there is: its level, the questions whose yes
// forbids it, and what was added to be on the safe side. No tag goes away without a source.
func TestTagsOfTheEvidence(t *testing.T) {
	tests := []struct{ id, level, tags string }{
		{"marching", "gentle", ""},
		{"shoulder-rolls", "gentle", ""},
		{"neck-tilts", "gentle", ""},
		{"neck-tilt-back", "moderate", "surgery bone dizzy +leg"},
		{"childs-pose", "moderate", "surgery bone pregnancy disc reflux eyes joints leg"},
		{"knee-to-chest", "moderate", "surgery bone pregnancy disc leg"},
		{"pelvic-tilt", "moderate", "surgery pregnancy leg"},
		{"supine-twist", "moderate", "surgery bone pregnancy disc slip leg"},
		{"sphinx", "moderate", "surgery pregnancy slip reflux leg"},
		{"standing-forward-bend", "moderate", "surgery bone pregnancy heart eyes reflux disc dizzy leg"},
		{"cat-cow", "moderate", "surgery bone joints leg"},
		{"downward-dog", "moderate", "surgery pregnancy heart eyes reflux shoulder dizzy joints leg"},
		{"cobra", "moderate", "surgery pregnancy slip reflux joints leg"},
		{"pigeon", "moderate", "surgery bone pregnancy disc joints leg"},
		{"bridge-leg-extension", "advanced", "surgery pregnancy heart slip reflux leg"},
		{"foam-roller-extension", "advanced", "surgery bone pregnancy slip blood shoulder leg"},
		{"hanging", "advanced", "surgery bone pregnancy heart shoulder dizzy leg"},
		{"inversion", "advanced", "surgery bone pregnancy heart eyes reflux dizzy blood leg"},
		{"bridge", "moderate", "surgery pregnancy heart slip reflux leg"}, // as its harder form
	}
	for _, tt := range tests {
		e, ok := Default().Exercise(tt.id)
		if !ok {
			t.Errorf("no exercise %s", tt.id)
			continue
		}
		want := strings.Fields(strings.ReplaceAll(tt.tags, "+", ""))
		got := slices.Clone(e.AvoidWith)
		slices.Sort(got)
		slices.Sort(want)
		if e.Level != tt.level || !slices.Equal(got, want) {
			t.Errorf("%s is %s without %v, want %s without %v", tt.id, e.Level, got, tt.level, want)
		}
	}
}

// Whoever has pain running down a limb now gets gentle exercises only. And a gentle one asks nobody to get down to the
// floor, for up again is the hard part with bad knees, late in a pregnancy or when dizzy; nor to bend as far as it goes.
func TestWhatGentleMeans(t *testing.T) {
	for _, e := range Default().Exercises {
		switch {
		case e.Level != gentle && !slices.Contains(e.AvoidWith, "leg"):
			t.Errorf("%s is %s and does not ask about pain down a limb", e.ID, e.Level)
		case e.Level == gentle && (!e.in(Chair) && !e.in(Standing) || slices.Contains(e.Needs, "getting-down")):
			t.Errorf("%s is gentle, and on the floor", e.ID)
		case e.Level == gentle && (e.EndRange || e.OptIn || len(e.Equipment) > 0 || e.PerDay > 0 || e.PerWeek != nil):
			t.Errorf("%s is gentle, and not for everybody at any time", e.ID)
		case e.Place == Floor && (!slices.Contains(e.Needs, "getting-down") || !slices.Contains(e.Equipment, "mat")):
			t.Errorf("%s is on the floor, and needs %v and %v", e.ID, e.Needs, e.Equipment)
		}
	}
}

// The most a day of what is not gentle, and what is off until it is enabled.
func TestCapsAndWhatIsOff(t *testing.T) {
	off := []string{"bridge", "bridge-leg-extension", "foam-roller-extension", "hanging", "inversion"}
	for _, e := range Default().Exercises {
		if want := map[string]int{"moderate": 3, "advanced": 1}[e.Level]; e.PerDay != want {
			t.Errorf("%s, %s: %d times a day, want %d", e.ID, e.Level, e.PerDay, want)
		}
		if want := slices.Contains(off, e.ID); e.OptIn != want {
			t.Errorf("%s: off until enabled is %v, want %v", e.ID, e.OptIn, want)
		}
	}
}

// In each place there is enough that forbids nobody for ten breaks in a row to differ, and every direction comes more
// than one way where the place allows it.
func TestGentleIsEnough(t *testing.T) {
	for place, least := range map[string]int{Chair: 12, Standing: 10} {
		var ids, quiet, everybody []string
		covered := map[string]int{}
		for _, e := range Default().Exercises {
			if e.Level != gentle || !e.in(place) {
				continue
			}
			ids = append(ids, e.ID)
			if e.Discreet {
				quiet = append(quiet, e.ID)
			}
			if len(e.Needs) == 0 {
				everybody = append(everybody, e.ID)
			}
			for _, d := range e.Direction {
				covered[d]++
			}
		}
		if len(ids) < least || len(quiet) < 8 {
			t.Errorf("%s: %d exercises, %d of them quiet: %v", place, len(ids), len(quiet), ids)
		}
		if place == Chair && len(everybody) < 12 {
			t.Errorf("for who cannot stand, reach up or use legs or both arms there are only %v", everybody)
		}
		want := []string{
			"extension", "side-bending", "rotation", "unloading", "reclining", "hinge", "reaching", "shoulders", "legs", "walking",
			"breathing",
		}
		for _, d := range want {
			if covered[d] == 0 {
				t.Errorf("%s: nothing in the direction %s", place, d)
			}
		}
	}
}

// The bending of discs full from the night is what a morning does without.
func TestMorningDoesNotBendFar(t *testing.T) {
	r, _ := Default().Routine("morning")
	for _, m := range r.Moves {
		if e, _ := Default().Exercise(m.Exercise); e.EndRange || e.Level != gentle {
			t.Errorf("the morning holds %s", e.ID)
		}
	}
}

func TestNamedRoutinesAreThere(t *testing.T) {
	tests := []struct {
		id, place, level string
		seconds          float64
	}{
		{"chair-reset", Chair, "gentle", 120},
		{"standing-reset", Standing, "gentle", 120},
		{"floor-reset", Floor, "moderate", 300},
		{"neck-and-shoulders", Chair, "gentle", 120},
		{"morning", Standing, "gentle", 180},
		{"evening-wind-down", Chair, "gentle", 180},
		{"walk", Standing, "gentle", 120},
		{"five-minute-walk", Standing, "gentle", 300},
		{"advanced", Floor, "advanced", 450},
	}
	for _, tt := range tests {
		p, err := Default().AsWritten(tt.id)
		if err != nil {
			t.Error(err)
			continue
		}
		r, _ := Default().Routine(tt.id)
		if got := p.Length().Seconds(); got != tt.seconds || r.Place != tt.place || Default().LevelOf(r) != tt.level || r.About == "" {
			t.Errorf("%s: %s, %s, %v s, %q; want %+v", tt.id, r.Place, Default().LevelOf(r), got, r.About, tt)
		}
	}
	if got, want := len(Default().Routines), len(tests); got != want {
		t.Errorf("%d routines, %d looked at", got, want)
	}
	if _, err := Default().AsWritten("nothing"); err == nil {
		t.Error("a routine that there is not was written")
	}
}

func TestCards(t *testing.T) {
	cards, err := parseCards()
	if err != nil {
		t.Fatal(err)
	}
	says := map[string]string{} // what of the article has its place in which card
	for _, c := range Cards() {
		if _, ok := Default().Exercise(c.ID); ok || says[c.ID] != "" {
			t.Errorf("%s is the id of two things", c.ID)
		}
		if _, ok := Default().Routine(c.ID); ok {
			t.Errorf("%s is a routine too", c.ID)
		}
		says[c.ID] = c.Title + "\n" + strings.Join(c.Lines, "\n")
	}
	if len(says) != len(cards)+1 {
		t.Errorf("%d cards in files, %d in all", len(cards), len(says))
	}
	for id, want := range map[string][]string{
		"compression": {"discs", "sitting", "lifting", "older", "[Ss]tiff", "[Nn]umb"},
		"often-claimed": {
			"back pain", "mobility", "posture", "discs", "surgery", "may ease stiffness", // the five perks, and what we say
			"apart", "headaches", "sciatica", "organs", "blood moving", "nerves", "circulation", "later on", // of single stretches
		},
		"warming-up":          {"three to five minutes", "ten shoulder rolls", "ten seconds"},
		"before-the-floor":    {"quiet corner", "Room", "mat"},
		"how-to-move":         {"Slowly", "comfort", "In line"},
		"step-by-step":        {"more", "two or three days a week", "three or four"},
		"breathe-and-return":  {"Breathe", "every day", "overdo"},
		"three-mistakes":      {"too far", "pain", "Hurrying"},
		"your-desk":           {"Chair", "Screen", "eyes", "Lifting", "knees", "walk"},
		"food-water-calm":     {"Food", "Water", "yoga", "meditation", "breaths"},
		"moving-more":         {"morning", "evening", "planks", "bridges", "swimming", "walking", "cycling"},
		"a-clinicians-matter": {"belt", "Supervised", "Surgery", "blood pressure", "glaucoma"},
		"references":          {"Mayo", "Chiropractic", "Council", "Healthline", "College", "inversion", "Spine-health", "Orthopaedic", "Neurological"},
		"stop-signs":          {"bladder|pass water", "bowels", "both legs", "grows or spreads", "emergency number"},
	} {
		for _, pattern := range want {
			if !regexp.MustCompile(pattern).MatchString(says[id]) {
				t.Errorf("the card %s says nothing of %q", id, pattern)
			}
		}
		delete(says, id)
	}
	if len(says) > 0 {
		t.Errorf("nobody looked at %v", says)
	}
	if got := strings.Count(cards[len(cards)-1].Lines[0], "https://"); got != 1 || len(cards[len(cards)-1].Lines) != 9 {
		t.Errorf("the article has nine references, not %q", cards[len(cards)-1].Lines)
	}
}

func TestACardTellsItsFaults(t *testing.T) {
	if err := located("x", Card{ID: "a b", Lines: []string{""}}.faults()); err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("got %v, want four faults", err)
	}
}
