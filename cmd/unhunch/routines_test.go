package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/unhunch/unhunch/daemon"
)

// TestFiguresOfTheArticle: what the article that the catalogue carries says of each exercise, transcribed by hand with
// the line it stands in, is what scripts read. Where it gives no figure there is ours, or none.
func TestFiguresOfTheArticle(t *testing.T) {
	type figures struct {
		Kind      string   `json:"kind"`
		Place     string   `json:"place"`
		Hold      [2]int   `json:"-"`
		Reps      int      `json:"reps"`
		Sides     int      `json:"sides"`
		Week      [2]int   `json:"-"`
		Equipment []string `json:"equipment"`
	}
	none, mat := []string{}, []string{"mat"} // line 113: a yoga mat or a soft carpet
	once := [2]int{}
	tests := []struct {
		line int // of its figure, or where there is none of its name
		id   string
		says string
		want figures
	}{
		{93, "marching", "3-5 minutes", figures{"warmup", "standing", [2]int{180, 300}, 0, 1, once, none}},
		{94, "shoulder-rolls", "10 forward and 10 backward", figures{"warmup", "chair", [2]int{0, 0}, 10, 1, once, none}},
		{95, "neck-tilts", "in each direction, 10 seconds", figures{"warmup", "chair", [2]int{10, 10}, 0, 2, once, none}},
		{95, "neck-tilt-back", "in each direction, 10 seconds", figures{"warmup", "chair", [2]int{10, 10}, 0, 1, once, none}},
		{131, "childs-pose", "30 seconds to 1 minute", figures{"stretch", "floor", [2]int{30, 60}, 0, 1, once, mat}},
		{143, "knee-to-chest", "15-20 seconds, then switch legs", figures{"stretch", "floor", [2]int{15, 20}, 0, 2, once, mat}},
		{153, "pelvic-tilt", "a count of three", figures{"stretch", "floor", [2]int{3, 3}, 0, 1, once, mat}},
		{162, "supine-twist", "20-30 seconds, both sides", figures{"stretch", "floor", [2]int{20, 30}, 0, 2, once, mat}},
		{171, "sphinx", "30 seconds to 1 minute", figures{"stretch", "floor", [2]int{30, 60}, 0, 1, once, mat}},
		{180, "standing-forward-bend", "30 seconds", figures{"stretch", "standing", [2]int{30, 30}, 0, 1, once, none}},
		{190, "cat-cow", "1 minute, moving", figures{"stretch", "floor", [2]int{60, 60}, 0, 1, once, mat}},
		{199, "downward-dog", "30 seconds to 1 minute", figures{"stretch", "floor", [2]int{30, 60}, 0, 1, once, mat}},
		{208, "cobra", "15 to 30 seconds", figures{"stretch", "floor", [2]int{15, 30}, 0, 1, once, mat}},
		{219, "pigeon", "1 minute, then switch sides", figures{"stretch", "floor", [2]int{60, 60}, 0, 2, once, mat}},
		{272, "bridge-leg-extension", "2-3 times a week, each leg 15-30 seconds", figures{"strength", "floor", [2]int{15, 30}, 0, 2, [2]int{2, 3}, mat}},
		{280, "foam-roller-extension", "3-4 times weekly", figures{"stretch", "floor", [2]int{30, 60}, 0, 1, [2]int{3, 4}, []string{"mat", "foam-roller"}}},
		{288, "hanging", "2-3 times weekly", figures{"traction", "bar", [2]int{5, 15}, 0, 1, [2]int{2, 3}, []string{"bar"}}},
		{236, "inversion", "an inversion table", figures{"traction", "table", [2]int{30, 60}, 0, 1, once, []string{"inversion-table"}}},
	}
	ours := []string{"foam-roller-extension", "hanging", "inversion"} // the article gives no time for them
	type span struct{ Min, Max int }
	var list struct {
		Exercises []struct {
			ID     string
			Hold   span  `json:"hold_s"`
			Week   *span `json:"per_week"`
			Source []string
			figures
		}
		Routines, Cards []struct{ ID string }
	}
	printed := printedBy(t, "routines", "list", "--json")
	if err := json.Unmarshal([]byte(printed), &list); err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		found := false
		for _, e := range list.Exercises {
			if e.ID != tt.id {
				continue
			}
			found = true
			got := e.figures
			got.Hold = [2]int{e.Hold.Min, e.Hold.Max}
			if e.Week != nil {
				got.Week = [2]int{e.Week.Min, e.Week.Max}
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%s: got %+v; line %d says %q: %+v", tt.id, got, tt.line, tt.says, tt.want)
			}
			sources := strings.Join(e.Source, "\n")
			if !strings.Contains(sources, "article, ") || slices.Contains(ours, e.ID) != strings.Contains(sources, "source: ours (time") {
				t.Errorf("%s: the sources are %q", e.ID, e.Source)
			}
		}
		if !found {
			t.Errorf("line %d: no exercise %s", tt.line, tt.id)
		}
	}
	if len(list.Routines) < 8 || len(list.Cards) < 12 {
		t.Errorf("%d routines and %d cards", len(list.Routines), len(list.Cards))
	}
}

// printedBy runs the program and returns what it prints.
func printedBy(t *testing.T, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "out")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if code := run(args, os.Stdin, out, os.Stderr); code != 0 {
		t.Fatalf("%v: exit code %d", args, code)
	}
	printed, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(printed)
}

// The list and a page of each sort, as a file or a pipe gets them.
func TestRoutinesGolden(t *testing.T) {
	var pages []string
	for _, args := range [][]string{
		{"routines", "list"},
		{"routines", "show", "neck-turns"},
		{"routines", "show", "bridge-leg-extension"},
		{"routines", "show", "floor-reset"},
		{"routines", "show", "often-claimed"},
		{"routines", "show", "stop-signs"},
	} {
		pages = append(pages, "$ unhunch "+strings.Join(args, " ")+"\n"+printedBy(t, args...))
	}
	golden(t, "testdata/routines.golden", strings.Join(pages, "\n"))
}

// Colour says nothing that the words do not.
func TestRoutinesColourAddsNothing(t *testing.T) {
	all := daemon.Routines()
	escape := regexp.MustCompile("\x1b\\[[0-9]*m")
	for _, width := range []int{40, 80} {
		plain, coloured := listing(all, width, false), listing(all, width, true)
		for _, e := range all.Exercises {
			plain = append(plain, exercisePage(e, width, false)...)
			coloured = append(coloured, exercisePage(e, width, true)...)
		}
		for _, r := range all.Routines {
			plain = append(plain, routinePage(r, all.Exercises, width, false)...)
			coloured = append(coloured, routinePage(r, all.Exercises, width, true)...)
		}
		for _, c := range all.Cards {
			plain = append(plain, cardPage(c, width, false)...)
			coloured = append(coloured, cardPage(c, width, true)...)
		}
		for i, line := range coloured {
			if got := escape.ReplaceAllString(line, ""); got != plain[i] {
				t.Errorf("at %d columns: got %q, want %q", width, got, plain[i])
			}
		}
	}
}

// Whatever is shown fits the window, down to a narrow one. Ids are never cut, nor addresses, which would lead nowhere.
func TestRoutinesFitTheWindow(t *testing.T) {
	all := daemon.Routines()
	for _, width := range []int{40, 52, 60, 80, 200} {
		pages := map[string][]string{"list": listing(all, width, false)}
		for _, e := range all.Exercises {
			pages[e.ID] = exercisePage(e, width, false)
		}
		for _, r := range all.Routines {
			pages[r.ID] = routinePage(r, all.Exercises, width, false)
		}
		for _, c := range all.Cards {
			pages[c.ID] = cardPage(c, width, false)
		}
		for id, lines := range pages {
			for _, line := range lines {
				if n := utf8.RuneCountInString(line); n > width && !strings.HasPrefix(line, "https://") {
					t.Errorf("%s at %d columns: %d in %q", id, width, n, line)
				}
				if width >= 80 && strings.Contains(line, "…") {
					t.Errorf("%s at %d columns: cut off is %q", id, width, line)
				}
			}
		}
		for id := range pages {
			if id != "list" && !slices.ContainsFunc(pages["list"], func(line string) bool {
				return line == id || strings.HasPrefix(line, id+" ")
			}) {
				t.Errorf("at %d columns %s is not in the list", width, id)
			}
		}
	}
}
