package routines

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
)

//go:embed exercises/*.toml routines/*.toml
var embedded embed.FS

// Default is the catalogue that comes with the program, read once. A test proves that it is valid.
var Default = sync.OnceValue(func() *Catalogue {
	c, err := parseEmbedded()
	if err != nil {
		panic(err)
	}
	return c
})

func parseEmbedded() (*Catalogue, error) {
	var c Catalogue
	err := errors.Join(
		eachFile("exercises", func(name string, data []byte) error {
			e, err := parseExercise(name, data)
			c.Exercises = append(c.Exercises, e)
			return err
		}),
		eachFile("routines", func(name string, data []byte) error {
			r, err := parseRoutine(name, data)
			c.Routines = append(c.Routines, r)
			return err
		}),
	)
	if err != nil {
		return nil, err
	}
	return &c, c.check()
}

func eachFile(dir string, parse func(name string, data []byte) error) error {
	entries, err := embedded.ReadDir(dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, entry := range entries {
		data, err := embedded.ReadFile(path.Join(dir, entry.Name()))
		errs = append(errs, err, parse(entry.Name(), data))
	}
	return errors.Join(errs...)
}

// parseExercise reads one exercise. The error lists every fault found, each on a line that begins with the name
// of the file.
func parseExercise(name string, data []byte) (Exercise, error) {
	var e Exercise
	if err := decode(name, data, &e); err != nil {
		return Exercise{}, err
	}
	return e, located(name, e.faults())
}

// parseRoutine reads one named routine, like [parseExercise]. Whether its exercises exist is for the catalogue.
func parseRoutine(name string, data []byte) (Routine, error) {
	var r Routine
	if err := decode(name, data, &r); err != nil {
		return Routine{}, err
	}
	return r, located(name, r.faults())
}

func decode(name string, data []byte, into any) error {
	err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(into)
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) {
		errs := make([]error, 0, len(unknown.Errors))
		for _, u := range unknown.Errors {
			line, column := u.Position()
			errs = append(errs, fmt.Errorf("%s:%d:%d: unknown key %q", name, line, column, strings.Join(u.Key(), ".")))
		}
		return errors.Join(errs...)
	}
	var wrong *toml.DecodeError
	if errors.As(err, &wrong) {
		line, column := wrong.Position()
		return fmt.Errorf("%s:%d:%d: %s", name, line, column, strings.TrimPrefix(wrong.Error(), "toml: "))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func located(name string, found faults) error {
	errs := make([]error, 0, len(found))
	for _, fault := range found {
		errs = append(errs, fmt.Errorf("%s: %s: %s", name, fault.key, fault.message))
	}
	return errors.Join(errs...)
}

var (
	idForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9-]{1,39}$`) })

	kinds      = []string{warmup, "stretch", "strength", "traction"}
	levels     = []string{gentle, "moderate", "advanced"}
	places     = []string{Chair, Standing, Floor, "bar", "table"}
	directions = []string{
		"flexion", "extension", "side-bending", "rotation", "unloading", "reclining",
		"hinge", "reaching", "shoulders", "legs", "walking", "arms", "hips", "bracing", "breathing",
	}
	// tags are the screening questions an exercise can be forbidden by.
	tags = []string{
		"surgery", "bone", "pregnancy", "heart", "eyes", "reflux", "disc", "slip", "shoulder", "dizzy", "blood",
		"joints", "leg",
	}
	// needs are what an exercise can ask of the body. Each is missing with one or more of [Abilities].
	needs = []string{"standing", "kneeling", "overhead", "both-arms", "legs", "getting-down"}
)

const (
	cueWords    = 12  // a cue is read at a glance, in the middle of moving
	minWorkS    = 10  // shorter is over before it began
	maxWorkS    = 300 // the longest the article asks for: five minutes of walking
	spokenRunes = 32  // a prompt names three or four in one line
)

// A fault is what is wrong with one key, before it is known where that stands: the key in full, as in cues.left[1].
type fault struct{ key, message, hint string }

// faults collects what is wrong.
type faults []fault

func (f *faults) unless(ok bool, key, format string, args ...any) {
	if !ok {
		*f = append(*f, fault{key: key, message: fmt.Sprintf(format, args...)})
	}
}

// item is the key of an entry of a list.
func item(key string, i int) string { return fmt.Sprintf("%s[%d]", key, i) }

func (f *faults) oneOf(key, value string, allowed []string) {
	if slices.Contains(allowed, value) {
		return
	}
	wrong := fault{key: key, message: fmt.Sprintf("%s is none of %s", shown(value), strings.Join(allowed, " "))}
	if near, ok := nearest(value, allowed); ok {
		wrong.hint = fmt.Sprintf("did you mean %s?", near)
	}
	*f = append(*f, wrong)
}

func (f *faults) each(key string, values, allowed []string) {
	for i, v := range values {
		f.oneOf(item(key, i), v, allowed)
	}
}

func (f *faults) text(key string, lines []string) {
	f.unless(len(lines) > 0, key, "missing or empty")
	for i, line := range lines {
		f.unless(line != "", item(key, i), "an empty line")
	}
}

func (f *faults) span(key string, r Range, least, most int) {
	f.unless(least <= r.Min && r.Min <= r.Max && r.Max <= most, key,
		"min %d and max %d must be in order, from %d to %d", r.Min, r.Max, least, most)
}

func (f *faults) cues(key string, lines []string) {
	f.text(key, lines)
	for i, line := range lines {
		f.cue(item(key, i), line)
	}
}

func (f *faults) cue(key, line string) {
	n := len(strings.Fields(line))
	f.unless(n <= cueWords, key, "%s has %d words, at most %d can be read while moving", shown(line), n, cueWords)
}

func (e Exercise) faults() faults {
	var f faults
	f.id(e.ID)
	f.unless(e.Name != "", "name", "missing")
	f.unless(e.Spoken != "", "spoken", "missing")
	f.unless(e.Spoken == strings.ToLower(e.Spoken), "spoken", "%s must be lower case", shown(e.Spoken))
	f.unless(utf8.RuneCountInString(e.Spoken) <= spokenRunes, "spoken",
		"%s is longer than %d letters", shown(e.Spoken), spokenRunes)
	f.oneOf("kind", e.Kind, kinds)
	f.oneOf("level", e.Level, levels)
	f.oneOf("place", e.Place, places)
	f.each("also", e.Also, places)
	f.each("direction", e.Direction, directions)
	f.each("avoid_with", e.AvoidWith, tags)
	f.each("needs", e.Needs, needs)
	f.unless(len(e.Direction) > 0, "direction", "missing or empty")
	f.unless(e.Equipment != nil, "equipment", "missing, [] means none")
	f.unless(e.AvoidWith != nil, "avoid_with", "missing, [] means that it forbids nobody")
	f.unless(e.AvoidWith == nil || (e.Level == gentle) == (len(e.AvoidWith) == 0), "level", "gentle and an empty avoid_with go together")
	f.unless(e.Reps >= 0, "reps", "%d must not be negative", e.Reps)
	f.unless(e.PerDay >= 0, "per_day", "%d must not be negative", e.PerDay)
	f.span("hold_s", e.HoldS, 0, maxWorkS)
	f.span("work_s", e.WorkS, minWorkS, maxWorkS)
	if e.PerWeek != nil {
		f.span("per_week", *e.PerWeek, 1, 7)
	}
	f.text("steps", e.Steps)
	f.text("benefits", e.Benefits)
	f.text("cautions", e.Cautions)
	f.text("source", e.Source)
	f.unless(e.Setup != "", "setup", "missing")
	f.cue("setup", e.Setup)
	f.sides(e)
	return f
}

func (f *faults) id(id string) {
	f.unless(idForm().MatchString(id), "id", "%s must be 2 to 40 lower case letters, digits and dashes", shown(id))
}

// sides checks that there are cues for the sides there are, and for no other.
func (f *faults) sides(e Exercise) {
	f.unless(e.Sides == 1 || e.Sides == 2, "sides", "%d must be 1 or 2", e.Sides)
	if e.Sides == 2 {
		f.cues("cues.left", e.Cues.Left)
		f.cues("cues.right", e.Cues.Right)
		f.unless(len(e.Cues.Both) == 0, "cues.both", "an exercise with two sides has cues.left and cues.right")
		return
	}
	f.cues("cues.both", e.Cues.Both)
	f.unless(len(e.Cues.Left)+len(e.Cues.Right) == 0, "cues", "an exercise with one side has cues.both only")
}

func (r Routine) faults() faults {
	var f faults
	f.id(r.ID)
	f.unless(r.Name != "", "name", "missing")
	f.oneOf("place", r.Place, []string{Chair, Standing, Floor})
	f.unless(len(r.Moves) > 0, "moves", "missing or empty")
	return f
}

// check holds what no single file can tell: ids are unique, and routines name exercises that exist, fit their
// place, and are given seconds that the exercise allows.
func (c *Catalogue) check() error {
	var errs []error
	seen := map[string]bool{}
	once := func(id string) {
		if seen[id] {
			errs = append(errs, fmt.Errorf("catalogue: there are two of the id %s", id))
		}
		seen[id] = true
	}
	for _, e := range c.Exercises {
		once(e.ID)
	}
	for _, r := range c.Routines {
		once(r.ID)
		errs = append(errs, located("routine "+r.ID, c.moveFaults(r)))
	}
	return errors.Join(errs...)
}

// moveFaults is what is wrong with the moves of a routine among these exercises.
func (c *Catalogue) moveFaults(r Routine) faults {
	var f faults
	for i, m := range r.Moves {
		key := item("moves", i)
		e, ok := c.Exercise(m.Exercise)
		f.unless(ok, key+".exercise", "no exercise %s", shown(m.Exercise))
		if !ok {
			continue
		}
		f.unless(e.fits(r), key+".exercise", "%s cannot be done in place %s", e.ID, r.Place)
		f.unless(e.WorkS.clamp(m.WorkS) == m.WorkS, key+".work_s", "%s cannot take %d s, only %d to %d",
			e.ID, m.WorkS, e.WorkS.Min, e.WorkS.Max)
	}
	return f
}

// shown is a text of any length and any characters as it may stand in a message.
func shown(s string) string {
	const most = 40 // characters
	if r := []rune(s); len(r) > most {
		return strconv.Quote(string(r[:most]) + "…")
	}
	return strconv.Quote(s)
}
