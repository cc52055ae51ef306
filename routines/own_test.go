package routines

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
)

// readmeExamples are the exercise and the routine that the README shows.
func readmeExamples(t testing.TB) (exercise, routine string) {
	t.Helper()
	data, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(data), "\n## Exercises of your own\n")
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllStringSubmatch(section, -1)
	if len(blocks) != 2 {
		t.Fatalf("%d examples in the README, want 2", len(blocks))
	}
	return blocks[0][1], blocks[1][1]
}

func files(text ...string) []File {
	all := make([]File, len(text))
	for i, s := range text {
		all[i] = File{fmt.Sprintf("%c.toml", 'a'+i), []byte(s)}
	}
	return all
}

func TestReadmeExamples(t *testing.T) {
	exercise, routine := readmeExamples(t)
	c, faults := Default().With(files(exercise, routine))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if c == Default() || len(c.Exercises) != len(Default().Exercises)+1 || len(c.Routines) != len(Default().Routines)+1 {
		t.Error("not both were added")
	}
	e, _ := c.Exercise("desk-circles")
	if !e.Own || e.Author != "Kim Example" || e.Sides != 2 || len(e.Cues.Right) != 2 {
		t.Errorf("got %+v", e)
	}
	if _, known := Default().Exercise("desk-circles"); known {
		t.Error("the catalogue of the program was changed")
	}
	p, err := c.Plan(Request{Routine: "before-lunch"})
	if err != nil || !slices.Contains(p.Moves(), "desk circles") {
		t.Errorf("planned %v, %v", p.Moves(), err)
	}
	// Either comes first in the folder.
	if c, faults := Default().With(files(routine, exercise)); len(faults) > 0 || len(c.Routines) != len(Default().Routines)+1 {
		t.Errorf("the routine before its exercise: %v", faults)
	}
}

// The exercises that come with the program pass as own ones, once they have another name and an author: the rules for
// own files ask for nothing that ours do not have.
func TestOwnFilesHaveTheFormOfOurs(t *testing.T) {
	entries, err := embedded.ReadDir("exercises")
	if err != nil {
		t.Fatal(err)
	}
	var ours []File
	for _, entry := range entries {
		data, err := embedded.ReadFile("exercises/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		text := regexp.MustCompile(`(?m)^(id|name) = "`).ReplaceAllString(string(data), `${0}my-`)
		ours = append(ours, File{entry.Name(), []byte("author = \"us\"\n" + text)})
	}
	if _, faults := Default().With(ours); len(faults) > 0 {
		for _, f := range faults {
			t.Error(f)
		}
	}
}

func TestNoOwnFilesCostNothing(t *testing.T) {
	for _, own := range [][]File{nil, files("nonsense")} {
		if c, _ := Default().With(own); c != Default() {
			t.Errorf("%d files, none of them good, made another catalogue", len(own))
		}
	}
}

// Each case is the example with something replaced, and all that is said of it.
func TestOwnFaults(t *testing.T) {
	exercise, routine := readmeExamples(t)
	fourteen := "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
	tests := []struct {
		name, old, new string
		want           []string
	}{
		{"misspelt", "reps = 0", "repz = 0", []string{`14:1: unknown key "repz"; did you mean reps?`}},
		{"misspelt and needed", "avoid_with = []", "avoid_wiht = []", []string{
			`10:1: unknown key "avoid_wiht"; did you mean avoid_with?`,
		}},
		{"upper case", "reps = 0", "REPS = 0", []string{`14:1: unknown key "REPS"; one of: also author`}},
		{"inside a table", "left = [", "lift = [", []string{`22:1: unknown key "cues.lift"; did you mean left?`}},
		{"unknown table", "[cues]", "[colours]", []string{`cues.left: missing`, `cues.right: missing`, `21:2: unknown key "colours"`}},
		{"two at once", "sides = 2", "sides = \"2\"\nlevle = 1", []string{
			`15:9: sides: is not a whole number; write digits without quotes`, `16:1: unknown key "levle"; did you mean level?`,
		}},
		{"long cue", "The other way round.", fourteen, []string{
			`22:44: cues.left[1]: "one two three four five six seven eight …" has 14 words, at most 12 can be read while moving`,
		}},
		{"long cue on a line of its own", `["Slow circles with the left arm.", "The`, "[\n  # first\n  \"Slow.\",\n\t\"" + fourteen + "\",\n\"The", []string{
			`25:2: cues.left[1]: "one two`,
		}},
		{"no screening", "avoid_with = []", "", []string{`1:1: avoid_with: missing, [] means that it forbids nobody`}},
		{"unknown tag", "avoid_with = []", `avoid_with = ["hart"]`, []string{
			`7:9: level: gentle and an empty avoid_with go together`, `10:15: avoid_with[0]: "hart" is none of surgery`,
		}},
		{"no author", `author = "Kim Example"`, "", []string{`1:1: author: missing; who wrote it`}},
		{"nobody's author", `author = "Kim Example"`, `author = ""`, []string{`4:10: author: missing`}},
		{"no source", `["my physiotherapist, spring 2026"]`, "[]", []string{`5:1: source: missing or empty`}},
		{"ours", `id = "desk-circles"`, `id = "marching"`, []string{
			`1:6: id: "marching" is an exercise that comes with the program; choose another`,
		}},
		{"our routine", `id = "desk-circles"`, `id = "walk"`, []string{`1:6: id: "walk" is a routine that comes with the program`}},
		{"our name", `name = "Desk circles"`, `name = "marching ON the spot"`, []string{`2:8: name: "marching ON the spot" is an exercise`}},
		{"a path for an id", `id = "desk-circles"`, `id = "../x"`, []string{`1:6: id: "../x" must be`}},
		{"traction", `kind = "stretch"`, `kind = "traction"`, []string{`6:8: kind`}},
		{"moderate without a cap", "level = \"gentle\"", "level = \"moderate\"", []string{
			`1:1: per_day: a moderate exercise says how often`, `7:9: level: gentle and an empty`,
		}},
		{"set twice", "sides = 2", "sides = 2\nsides = 1", []string{`16:1: sides: "sides" is there twice, first on line 15; remove one of them`}},
		{"table twice", "[cues]", "[cues]\nboth = []\n[cues]", []string{`23:2: cues: "cues" is there twice, first on line 21`, "cues.left: missing", "cues.right: missing"}},
		{"no table", "[cues]", "[cues.left]", []string{"21:7: cues.left: is not a list", "cues.right: missing"}},
		{"out of range", "reps = 0", "reps = 99999999999999999999", []string{`14:8: reps: "99999999999999999999" is out of range`}},
		{"too many", "reps = 0", "reps = 51", []string{`14:8: reps: 51 is more than 50`}},
		{"negative", "reps = 0", "reps = -1", []string{`14:8: reps: -1 must not be negative`}},
		{"too long", "max = 40 }", "max = 301 }", []string{`13:12: work_s: min 15 and max 301 must be in order, from 10 to 300`}},
		{"fraction", "min = 15,", "min = 15.5,", []string{`13:18: work_s.min: is not a whole number`}},
		{"date", "reps = 0", "reps = 2026-11-22", []string{`14:8: reps: is not a whole number`}},
		{"bare text", "sides = 2", "sides = two", []string{`15:9: not TOML: `}},
		{"unfinished", `right = ["`, `right = "`, []string{`23:9: cues.right: is not a list`, `23:43: not TOML: `}},
		{"escape", "Small circles", `Small \u001b[31mcircles`, []string{`19:13: cautions[0]: has the control character U+001B; remove it`}},
		{"raw escape", "Small circles", "Small \x1b[31mcircles", []string{`19:20: has the control character U+001B; remove it`}},
		{"markup", "Small circles", "Small <b>circles</b>", []string{`19:13: cautions[0]: has '<', which could be taken for markup`}},
		{"entity", "Small circles", "Small &lt;circles", []string{`19:13: cautions[0]: has "&lt;", which could be taken for markup`}},
		{"turned round", "Small circles", `Small \u202ecircles`, []string{`19:13: cautions[0]: has U+202E, which changes the direction of the text`}},
		{"turned round, raw", "Small circles", "Small \u202ecircles", []string{`19:20: has U+202E, which changes the direction of the text; remove it`}},
		{"turned round in a comment", "# or warmup", "# \u2067 warmup", []string{`6:36: has U+2067, which changes the direction`}},
		{"line break", "Small circles", `Small\ncircles`, []string{`19:13: cautions[0]: has a line break`}},
		{"nothing to see", "Small circles", `Small\u2063circles`, []string{`has U+2063, a character that cannot be seen`}},
		{"accents", "Small circles", "Sma" + strings.Repeat("\u0301", 5) + "ll", []string{`has more than 4 accents on one letter`}},
		{"blank name", `name = "Desk circles"`, `name = "…"`, []string{`2:8: name: has no letter`}},
		{"long name", `name = "Desk circles"`, `name = "` + strings.Repeat("x", 41) + `"`, []string{`2:8: name: has 41 letters; write at most 40`}},
		{"long text", "Small circles", strings.Repeat("ä", 301), []string{`19:13: cautions[0]: has 323 letters; write at most 300`}},
		{"long list", `["Let the free arm hang."`, `["1","2","3","4","5","6","7","8","9","10","11"`, []string{`17:1: steps: has 13 entries; write at most 12`}},
		{"not UTF-8", "Small circles", "Sm\xe4ll", []string{`19:16: not UTF-8; save the file as UTF-8`}},
		{"byte order mark", `id = "desk`, "\ufeff" + `id = "desk`, []string{`1:1: begins with a byte order mark`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(exercise, tt.old, tt.new, 1)
			if text == exercise {
				t.Fatalf("%q is not in the example", tt.old)
			}
			if tt.name == "traction" {
				tt.want = []string{
					`1:1: opt_in: must be true for traction`, `7:9: level: what has to be enabled`,
				}
			}
			checkFaults(t, text, tt.want)
		})
	}
	moves := []struct {
		name, old, new string
		want           []string
	}{
		{"unknown exercise", `"marching"`, `"marchign"`, []string{`6:12: moves[0].exercise: no exercise "marchign"; did you mean marching?`}},
		{"no such exercise", `"marching"`, `"somersault"`, []string{`6:12: moves[0].exercise: no exercise "somersault"; see: unhunch routines list`}},
		{"not there", `place = "standing"`, `place = "chair"`, []string{`moves[1].exercise: desk-circles cannot be done in place chair`}},
		{"longer than it may be", "work_s = 20", "work_s = 41", []string{`11:10: moves[1].work_s: desk-circles cannot take 41 s, only 15 to 40`}},
		{"looser", "work_s = 30", "work_s = 3000", []string{`7:10: moves[0].work_s: "3000" is out of range`}},
		{"our name", `"Before lunch"`, `"A walk"`, []string{`2:8: name: "A walk" is a routine that comes with the program`}},
		{"misspelt", "[[moves]]\nexercise = \"marching\"", "[[mooves]]\nexercise = \"marching\"", []string{`5:3: unknown key "mooves"; did you mean moves?`}},
		{"an exercise's key", `place = "standing"`, "place = \"standing\"\nlevel = \"gentle\"", []string{`4:1: unknown key "level"; one of: about author id moves name place`}},
	}
	for _, tt := range moves {
		t.Run("routine, "+tt.name, func(t *testing.T) {
			text := strings.Replace(routine, tt.old, tt.new, 1)
			if text == routine {
				t.Fatalf("%q is not in the example", tt.old)
			}
			checkFaults(t, text, tt.want, exercise)
		})
	}
}

// checkFaults wants these beginnings of faults of the last of the files, and none else.
func checkFaults(t *testing.T, text string, want []string, before ...string) {
	t.Helper()
	all := files(append(slices.Clone(before), text)...)
	last := all[len(all)-1].Name
	c, faults := Default().With(all)
	for _, f := range faults {
		said := f.Error()
		i := slices.IndexFunc(want, func(w string) bool { return strings.Contains(said, w) })
		if f.File != last || i < 0 {
			t.Errorf("said %s", said)
			continue
		}
		want = slices.Delete(slices.Clone(want), i, i+1)
	}
	for _, missing := range want {
		t.Errorf("did not say %s", missing)
	}
	if len(c.Exercises)+len(c.Routines) != len(Default().Exercises)+len(Default().Routines)+len(before) {
		t.Error("came into the catalogue")
	}
}

func TestOwnFilesAmongEachOther(t *testing.T) {
	exercise, routine := readmeExamples(t)
	c, faults := Default().With(files(exercise, exercise, strings.ReplaceAll(routine, "before-lunch", "desk-circles")))
	if len(faults) != 2 || faults[0].Error() != `b.toml:1:6: id: "desk-circles" is also in a.toml; choose another` ||
		faults[1].Error() != `c.toml:1:6: id: "desk-circles" is also in a.toml; choose another` {
		t.Errorf("said %v", faults)
	}
	if len(c.Exercises) != len(Default().Exercises)+1 {
		t.Error("the first is not in use")
	}
	// A routine goes with the exercise it needs, and its neighbours stay.
	bad := strings.Replace(exercise, "sides = 2", "sides = 3", 1)
	other := strings.NewReplacer("desk-circles", "other-circles", "Desk circles", "Other circles").Replace(exercise)
	c, faults = Default().With(files(bad, routine, other))
	if len(c.Exercises) != len(Default().Exercises)+1 || len(c.Routines) != len(Default().Routines) || len(faults) != 4 {
		t.Errorf("%d exercises, %d routines, %v", len(c.Exercises), len(c.Routines), faults)
	}
}

func TestOwnFileLimits(t *testing.T) {
	exercise, routine := readmeExamples(t)
	for name, tt := range map[string]struct{ text, want string }{
		"size":        {exercise + strings.Repeat("#", MaxFileSize), "a.toml: the file is larger than 16 KiB; leave out what is not needed"},
		"nothing":     {"", "a.toml:1:1: neither an exercise nor a routine: the file is empty"},
		"only a note": {"# later\n", "a.toml:1:1: neither an exercise nor a routine"},
		"moves": {
			routine + strings.Repeat("[[moves]]\nexercise = \"marching\"\nwork_s = 30\n", maxMoves),
			"a.toml:5:3: moves: has 32 entries; write at most 30",
		},
		"length": {
			`id = "long"` + "\nname = \"Long\"\nplace = \"standing\"\n" + strings.Repeat("[[moves]]\nexercise = \"window-walk\"\nwork_s = 300\n", 4),
			"a.toml:4:3: moves: 1225 s in all",
		},
		"depth": {"a = " + strings.Repeat("[", MaxFileSize-4), "not TOML"},
	} {
		_, faults := Default().With(files(tt.text))
		if !slices.ContainsFunc(faults, func(f Fault) bool { return strings.Contains(f.Error(), tt.want) }) {
			t.Errorf("%s: said %v, want %s", name, faults, tt.want)
		}
	}
}

// What only exercises that are off until enabled need cannot be had by another way.
func TestOwnFilesAreNotLaxer(t *testing.T) {
	exercise, _ := readmeExamples(t)
	hanging := Exercise{
		ID: "hanging", Name: "Hanging", Level: "advanced", Place: "bar", Equipment: []string{"bar", "towel"}, OptIn: true,
	}
	builtin := &Catalogue{Exercises: []Exercise{hanging, {ID: "x", Equipment: []string{"towel"}}}}
	for equipment, refused := range map[string]bool{`"bar"`: true, `"towel"`: false, ``: false, `"towel", "bar"`: true} {
		text := strings.Replace(exercise, "equipment = []", "equipment = ["+equipment+"]", 1)
		if _, faults := builtin.With(files(text)); (len(faults) > 0) != refused {
			t.Errorf("with %s: %v", equipment, faults)
		}
	}
	text := strings.NewReplacer(
		"equipment = []", "equipment = [\"bar\"]\nopt_in = true\nper_day = 1",
		"avoid_with = []", `avoid_with = ["shoulder"]`, `"gentle"`, `"advanced"`,
	).Replace(exercise)
	if c, faults := builtin.With(files(text)); len(faults) > 0 || !c.Exercises[2].OptIn {
		t.Errorf("as strict as ours: %v", faults)
	}
}

func FuzzOwnFile(f *testing.F) {
	for _, dir := range []string{"exercises", "routines"} {
		entries, err := embedded.ReadDir(dir)
		if err != nil {
			f.Fatal(err)
		}
		for _, entry := range entries[:3] {
			data, err := embedded.ReadFile(dir + "/" + entry.Name())
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	exercise, routine := readmeExamples(f)
	f.Add([]byte(exercise))
	f.Add([]byte(routine))
	f.Add([]byte(strings.ReplaceAll(routine, "[[moves]]", "[moves]")))
	// What TOML forbids in ways that only show across lines.
	for _, more := range []string{
		"both = []\n[cues]\n", "[cues.left]\nx = 1\n", "[[cues]]\n", "[work_s]\nmin = 1\n", "[[steps]]\n", "[hold_s.min]\n",
		"cues.left = []\n", "[a.b]\n[a]\nb = 1\n", "[[a]]\n[a]\n", "a.b = 1\na.b.c = 2\n", "x = {a = 1, a = 2}\n", "x = [[], {}, [{y = [{}]}]]\n",
		"\"\" = 1\n", "'a.b[0]' = nan\n", "x = 1979-05-27T07:32:00Z\n", "x = 0xff\n", "x = +inf\n", "x = \"\"\"\na\\\n  b\"\"\"\n", "\r\n",
	} {
		f.Add([]byte(exercise + more))
		f.Add([]byte(more + exercise))
		f.Add([]byte(routine + more))
	}
	builtin := Default()
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		c, faults := builtin.With([]File{{"x.toml", data}})
		if !bytes.Equal(data, before) {
			t.Fatal("the file was written to")
		}
		added := len(c.Exercises) + len(c.Routines) - len(builtin.Exercises) - len(builtin.Routines)
		if (added == 1) == (len(faults) > 0) {
			t.Fatalf("%d added, %v", added, faults)
		}
		for _, fault := range faults {
			checkFault(t, data, fault)
		}
		if added == 0 {
			return
		}
		if !reflect.DeepEqual(c.Exercises[:len(builtin.Exercises)], builtin.Exercises) ||
			!reflect.DeepEqual(c.Routines[:len(builtin.Routines)], builtin.Routines) {
			t.Fatal("what comes with the program has changed")
		}
		checkOwn(t, builtin, c, data)
	})
}

// checkFault wants a fault to have a place in the file, and to be fit to be shown.
func checkFault(t *testing.T, data []byte, f Fault) {
	t.Helper()
	if len(data) > MaxFileSize {
		return
	}
	lines := bytes.Split(data, []byte("\n"))
	if f.Line < 1 || f.Line > len(lines) || f.Column < 1 || f.Column > utf8.RuneCount(lines[f.Line-1])+1 {
		t.Errorf("%v is not in the file", f)
	}
	if said := f.Error(); !utf8.ValidString(said) || strings.ContainsFunc(said, func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Errorf("%q cannot be shown", said)
	}
}

// checkOwn wants what has come in to be what the library reads, with nothing in it that is not text.
func checkOwn(t *testing.T, builtin, c *Catalogue, data []byte) {
	t.Helper()
	var shown []string
	strict := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if len(c.Exercises) > len(builtin.Exercises) {
		e := c.Exercises[len(c.Exercises)-1]
		want := Exercise{Own: true}
		if err := strict.Decode(&want); err != nil || !reflect.DeepEqual(e, want) {
			t.Fatalf("got %+v, want %+v, %v", e, want, err)
		}
		if _, taken := builtin.Exercise(e.ID); taken || e.AvoidWith == nil || e.Author == "" || len(e.Source) == 0 || len(e.faults()) > 0 {
			t.Fatalf("accepted %+v", e)
		}
		shown = texts(reflect.ValueOf(e))
	} else {
		r := c.Routines[len(c.Routines)-1]
		want := Routine{Own: true}
		if err := strict.Decode(&want); err != nil || !reflect.DeepEqual(r, want) {
			t.Fatalf("got %+v, want %+v, %v", r, want, err)
		}
		if faults := c.moveFaults(r); len(faults) > 0 {
			t.Fatalf("accepted with %v", faults)
		}
		shown = texts(reflect.ValueOf(r))
	}
	for _, s := range shown {
		if odd := oddText(s); odd != "" || strings.ContainsAny(s, "\n\r\x1b<>\u202e") {
			t.Fatalf("%q %s", s, odd)
		}
	}
}
