package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

// nobody is somebody who has said nothing.
func nobody() api.Profile {
	p := api.Profile{
		Screening: map[string]string{}, Level: "gentle", Progress: api.ProfileProgress{Of: 10, Next: "moderate"},
		Names: map[string]string{"childs-pose": "Child's pose", "cobra": "Cobra", "hanging": "Hanging", "inversion": "Inversion table", "bridge": "Bridge", "roller": "Foam roller"},
	}
	for _, tag := range routines.Tags() {
		p.Screening[tag] = "unsaid"
		q := api.ProfileQuestion{Tag: tag, Ask: words.Questions[tag].Ask, Means: words.Questions[tag].Means}
		if tag == "bone" || tag == "surgery" {
			q.TakesAway = []string{"childs-pose", "cobra"}
		}
		p.Questions = append(p.Questions, q)
	}
	p.Off = []api.ProfileOff{{ID: "hanging", Message: "Hanging needs answers first: shoulder", Hint: "answer the questions: unhunch profile ask"}}
	return p
}

// somebody has said a lot.
func somebody() api.Profile {
	p := nobody()
	for tag := range p.Screening {
		p.Screening[tag] = "no"
	}
	p.Screening["bone"], p.Screening["eyes"], p.Screening["leg"] = "yes", "unsaid", "yes"
	p.Level, p.Progress = "moderate", api.ProfileProgress{Days: 4, Of: 10, Next: "advanced"}
	p.Places, p.Equipment, p.Abilities = []string{"floor"}, []string{"bar"}, []string{"cannot-kneel", "one-arm"}
	p.Retired = map[string]string{"gone": "yes", "cobra": "yes"}
	p.Off = []api.ProfileOff{
		{ID: "hanging", Enabled: true},
		{ID: "inversion", Message: "Inversion table is not for you: you answered yes to eyes", Hint: "if that has changed: unhunch profile ask"},
		{ID: "bridge"},
		{ID: "roller", Enabled: true, Message: "Foam roller needs equipment that you have not listed: foam-roller", Hint: "if you have it: unhunch profile set equipment=foam-roller"},
	}
	p.Offer = &api.Problem{Message: "It may be time to go more gently: gentle in place of moderate", Hint: "to do so: unhunch profile set level=gentle"}
	return p
}

// What profile show says, for people to read.
func TestProfileShow(t *testing.T) {
	clean, walking, top := nobody(), somebody(), nobody()
	for tag := range clean.Screening {
		clean.Screening[tag] = "no"
	}
	walking.OnlyWalking = true
	top.Level, top.Progress = "advanced", api.ProfileProgress{Days: 10, Of: 10}
	var b strings.Builder
	for _, story := range []struct {
		name string
		p    api.Profile
	}{{"nobody", nobody()}, {"no to all", clean}, {"somebody", somebody()}, {"only walking", walking}, {"the last level", top}} {
		fmt.Fprintf(&b, "== %s\n%s\n", story.name, strings.Join(profileLines(story.p, plainWidth, false), "\n"))
	}
	for _, line := range strings.Split(b.String(), "\n") {
		if utf8.RuneCountInString(line) > plainWidth {
			t.Errorf("wider than %d: %s", plainWidth, line)
		}
	}
	golden(t, "testdata/profile.golden", b.String())
}

func TestCard(t *testing.T) {
	n := len(routines.Tags())
	for _, test := range []struct {
		name   string
		keys   []int
		done   bool
		ticked []int
	}{
		{"two of them", []int{' ', keyDown, 'x', '\r'}, true, []int{0, 1}},
		{"taken back", []int{' ', ' ', '\r'}, false, nil},
		{"nothing is no answer", []int{'\r'}, false, nil},
		{"none of these", []int{keyUp, keyUp, ' ', '\r'}, true, []int{n}},
		{"enter on it is enough", []int{keyUp, '\r'}, true, []int{n + 1}},
		{"rather not say unticks", []int{' ', keyDown, ' ', 'k', 'k', ' ', '\r'}, true, []int{n + 1}},
		{"a tick unticks none", []int{keyUp, keyUp, ' ', 'j', 'j', ' ', '\r'}, true, []int{0}},
		{"enter there does not undo ticks", []int{' ', keyUp, '\r'}, true, []int{0}},
		{"other keys", []int{'z', noKey, 0x1b, '5', ' ', '\r'}, true, []int{0}},
	} {
		c := questionCard(nobody())
		for _, key := range test.keys {
			c.press(key)
		}
		var ticked []int
		for i, on := range c.ticked {
			if on {
				ticked = append(ticked, i)
			}
		}
		if c.done != test.done || c.left || !slices.Equal(ticked, test.ticked) || (c.note == "") != test.done && test.name != "taken back" {
			t.Errorf("%s: done %v, ticked %v, note %q", test.name, c.done, ticked, c.note)
		}
	}
	if c := questionCard(nobody()); !func() bool { c.press('q'); return c.left }() {
		t.Error("q does not leave")
	}
	if c := abilityCard(nobody()); !func() bool { c.press('\r'); return c.done }() {
		t.Error("nothing to say of how one moves is no answer")
	}
}

// Arrow keys come in several bytes; nothing else in a sequence is a key.
func TestArrows(t *testing.T) {
	var a arrows
	var got []int
	for _, b := range []byte("\x1b[A\x1bOBx\x1b[3~q\x1b[1;5Bq\xc3\x80 ") {
		if key := a.read(b); key != noKey {
			got = append(got, key)
		}
	}
	want := []int{keyUp, keyDown, 'x', 'q', keyDown, 'q', 0xc3, 0x80, ' '}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Whatever is pressed: what stands alone is ticked alone, the picture fits, and shows the line with the cursor.
func TestCardAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom([]*card{questionCard(nobody()), questionCard(somebody()), abilityCard(somebody())}).Draw(t, "card")
		for _, key := range rapid.SliceOfN(rapid.SampledFrom([]int{keyUp, keyDown, ' ', '\r', 'j', 'k', '?'}), 0, 40).Draw(t, "keys") {
			c.press(key)
			on := 0
			for i, ticked := range c.ticked {
				if ticked && i >= c.alone {
					on += len(c.ticked)
				} else if ticked {
					on++
				}
			}
			if on > len(c.ticked) {
				t.Fatalf("ticked: %v", c.ticked)
			}
			height := rapid.IntRange(7, 40).Draw(t, "height")
			rows := c.rows(80, height, 1, 2, false)
			if len(rows) > height {
				t.Fatalf("%d rows in %d:\n%s", len(rows), height, strings.Join(rows, "\n"))
			}
			if text := strings.Join(rows, "\n"); !strings.Contains(text, c.lines[c.at]) || !strings.Contains(text, "> [") {
				t.Fatalf("no cursor on %q:\n%s", c.lines[c.at], text)
			}
		}
	})
}

// No question may be cut off on a card.
func TestQuestionsFitTheirCard(t *testing.T) {
	for _, c := range []*card{questionCard(nobody()), abilityCard(nobody())} {
		if text := strings.Join(c.rows(cardWidth, 60, 1, 2, false), "\n"); strings.Contains(text, "…") {
			t.Error(text)
		}
		if rows := c.rows(80, 24, 1, 2, false); len(c.intro) > 0 && !strings.Contains(strings.Join(rows, " "), "stay on this") {
			t.Error("the introduction has no room on an ordinary terminal")
		}
	}
}

// A card shows what was answered last, so that asking again and pressing Enter changes nothing.
func TestCardsShowWhatWasAnswered(t *testing.T) {
	p := somebody()
	p.Screening["eyes"] = "no"
	got := answersOf(p, questionCard(p), abilityCard(p))
	for tag, answer := range p.Screening {
		if got["screening."+tag] != answer {
			t.Errorf("%s: got %s, want %s", tag, got["screening."+tag], answer)
		}
	}
	if got["abilities"] != "cannot-kneel,one-arm" {
		t.Errorf("abilities: %s", got["abilities"])
	}
	all := nobody()
	for tag := range all.Screening {
		all.Screening[tag] = "no"
	}
	if c := questionCard(all); !c.ticked[c.alone+cardNone] {
		t.Error("no to all is not shown as “None of these”")
	}
}
