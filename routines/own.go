package routines

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/pelletier/go-toml/v2"
)

// A File is an exercise or a routine of the person's own, as it was read: TOML in the form of the files that come
// with the program.
type File struct {
	Name string // as it is to be named in a Fault
	Data []byte
}

// A Fault is one thing wrong with one own file, or with the folder.
type Fault struct {
	File    string `json:"file"`
	Line    int    `json:"line"`   // from 1; 0 where it is not about the text of a file
	Column  int    `json:"column"` // from 1, in characters
	Key     string `json:"key"`    // in full, as in cues.left[1]; empty where it is about no one key
	Message string `json:"message"`
	Hint    string `json:"hint"` // what to try; may be empty
}

// Error is the fault on one line.
func (f Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.File + ":")
	if f.Line > 0 {
		fmt.Fprintf(&b, "%d:%d:", f.Line, f.Column)
	}
	b.WriteString(" " + f.Text())
	if f.Hint != "" {
		b.WriteString("; " + f.Hint)
	}
	return b.String()
}

// Text is what is wrong, without where.
func (f Fault) Text() string {
	if f.Key == "" {
		return f.Message
	}
	return f.Key + ": " + f.Message
}

// With is the catalogue together with the own files, and everything that is wrong with them. A file with a fault is
// left out whole. What the catalogue has already can neither be replaced nor be made laxer; of two own files with one
// id the first counts. Without any file to add it is the catalogue itself.
func (c *Catalogue) With(files []File) (*Catalogue, []Fault) {
	own := owner{builtin: c, all: *c, byID: map[string]string{}}
	own.all.Exercises = slices.Clip(c.Exercises)
	own.all.Routines = slices.Clip(c.Routines)
	sources := make([]*source, len(files))
	for i, file := range files {
		sources[i] = read(file)
	}
	for _, s := range sources {
		if s.exercise != nil {
			own.addExercise(s)
		}
	}
	for _, s := range sources { // now that every exercise is known
		if s.routine != nil {
			own.addRoutine(s)
		}
	}
	var wrong []Fault
	for _, s := range sources {
		wrong = append(wrong, s.faults()...)
	}
	if len(own.byID) == 0 {
		return c, wrong
	}
	return &own.all, wrong
}

// A source is an own file on its way into the catalogue. It is an exercise or a routine, or neither.
type source struct {
	file File
	reading
	exercise *Exercise
	routine  *Routine
}

func read(file File) *source {
	s := &source{file: file, reading: reading{refused: map[string]bool{}}}
	if len(file.Data) > MaxFileSize {
		s.document = &document{root: newTable(0)}
		s.fail(0, "", fmt.Sprintf("the file is larger than %d KiB", MaxFileSize>>10), "leave out what is not needed")
		return s
	}
	s.document = parseDocument(file.Data)
	switch {
	case len(s.root.fields) == 0:
		if len(s.wrong) == 0 {
			s.fail(0, "", "neither an exercise nor a routine: the file is empty", "start from: unhunch routines check --help")
		}
	case isRoutine(s.root):
		s.routine = &Routine{Own: true}
		s.fill(s.root, reflect.ValueOf(s.routine).Elem(), "")
		s.add(s.routine.faults())
		s.add(s.routine.ownFaults())
	default:
		s.exercise = &Exercise{Own: true}
		s.fill(s.root, reflect.ValueOf(s.exercise).Elem(), "")
		s.add(s.exercise.faults())
		s.add(s.exercise.ownFaults())
	}
	return s
}

// isRoutine tells a routine, which has moves, from an exercise, which has nearly everything else.
func isRoutine(root *value) bool {
	if root.field("moves") != nil {
		return true
	}
	ours := keysOf(reflect.TypeFor[Routine]())
	theirs := keysOf(reflect.TypeFor[Exercise]())
	return !slices.ContainsFunc(root.fields, func(f *field) bool {
		_, routine := ours[f.name]
		_, exercise := theirs[f.name]
		return exercise && !routine
	})
}

// follows are keys that make no sense to judge where another has been refused.
var follows = map[string][]string{"level": {"avoid_with"}, "cues": {"sides"}, "per_day": {"level"}, "opt_in": {"kind", "place"}}

// add notes faults of the content, but for those of a key that is not even of the right kind, and for all where the
// file could not be read to its end.
func (s *source) add(found faults) {
	for _, f := range found {
		if !s.broken && !s.consequence(f.key) {
			s.fail(s.where(f.key), f.key, f.message, f.hint)
		}
	}
}

// consequence tells whether something has been refused that the judgement of the key depends on.
func (s *source) consequence(key string) bool {
	top, _, _ := strings.Cut(key, ".")
	for refused := range s.refused {
		if within(refused, key) || within(key, refused) || slices.Contains(follows[top], refused) {
			return true
		}
	}
	return false
}

// within tells whether a key is another or stands inside that.
func within(key, other string) bool {
	rest, ok := strings.CutPrefix(key, other)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// faults are those of the file, in its order.
func (s *source) faults() []Fault {
	slices.SortStableFunc(s.wrong, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	found := make([]Fault, len(s.wrong))
	for i, w := range s.wrong {
		found[i] = Fault{File: s.file.Name, Key: w.key, Message: w.message, Hint: w.hint}
		if s.data != nil {
			found[i].Line, found[i].Column = s.line(w.at), s.column(w.at)
		}
	}
	return found
}

// decode has the library read the whole file once more: what comes into the catalogue is what that says.
func (s *source) decode(into any) bool {
	if len(s.wrong) > 0 {
		return false
	}
	err := toml.Unmarshal(s.file.Data, into)
	if wrong, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, column := wrong.Position()
		s.fail(s.offset(line, column), "", printable(strings.TrimPrefix(wrong.Error(), "toml: ")), "")
	} else if err != nil {
		s.fail(0, "", printable(strings.TrimPrefix(err.Error(), "toml: ")), "")
	}
	return err == nil
}

// offset is where a line and column, both from 1, are.
func (s *source) offset(line, column int) int {
	at := 0
	for text := range strings.Lines(string(s.data)) {
		if line--; line == 0 {
			return at + min(max(column-1, 0), len(text))
		}
		at += len(text)
	}
	return len(s.data)
}

// An owner puts own files into a catalogue.
type owner struct {
	builtin *Catalogue
	all     Catalogue
	byID    map[string]string // the own file of an id
}

func (o *owner) addExercise(s *source) {
	e := s.exercise
	s.add(o.taken(e.ID, e.Name, s.file.Name))
	s.add(o.lax(*e))
	good := Exercise{Own: true}
	if s.decode(&good) {
		o.byID[good.ID] = s.file.Name
		o.all.Exercises = append(o.all.Exercises, good)
	}
}

func (o *owner) addRoutine(s *source) {
	r := s.routine
	s.add(o.taken(r.ID, r.Name, s.file.Name))
	moves := o.all.moveFaults(*r)
	o.suggest(moves, *r)
	s.add(moves)
	if !s.refused["moves"] && len(moves) == 0 {
		s.add(o.length(*r))
	}
	good := Routine{Own: true}
	if s.decode(&good) {
		o.byID[good.ID] = s.file.Name
		o.all.Routines = append(o.all.Routines, good)
	}
}

// taken says whether somebody has the id or the name already.
func (o *owner) taken(id, name, file string) faults {
	var f faults
	const hint = "choose another"
	for _, e := range o.builtin.Exercises {
		f.clash(id == e.ID, "id", "is an exercise that comes with the program", id, hint)
		f.clash(strings.EqualFold(name, e.Name), "name", "is an exercise that comes with the program", name, hint)
	}
	for _, r := range o.builtin.Routines {
		f.clash(id == r.ID, "id", "is a routine that comes with the program", id, hint)
		f.clash(strings.EqualFold(name, r.Name), "name", "is a routine that comes with the program", name, hint)
	}
	if other, ok := o.byID[id]; ok {
		f.clash(true, "id", "is also in "+other, id, hint)
	}
	return f
}

func (f *faults) clash(found bool, key, message, value, hint string) {
	if found {
		*f = append(*f, fault{key, shown(value) + " " + message, hint})
	}
}

// lax finds an own exercise that does without screening what the program never plans unasked: traction, and whatever
// needs a place or a thing that only such exercises use.
func (o *owner) lax(e Exercise) faults {
	var f faults
	risky := e.Kind == "traction" || e.Place == "bar" || e.Place == "table" ||
		slices.ContainsFunc(e.Equipment, o.forOptIn)
	if !risky {
		return nil
	}
	f.unless(e.OptIn, "opt_in", "must be true for traction, bar, table, and the equipment of exercises that are off until enabled")
	f.unless(e.Level != gentle, "level", "what has to be enabled is moderate or advanced, and says in avoid_with whom it is not for")
	return f
}

// forOptIn tells whether the equipment is used by exercises that are off until enabled, and by no other.
func (o *owner) forOptIn(equipment string) bool {
	used := false
	for _, e := range o.builtin.Exercises {
		if slices.Contains(e.Equipment, equipment) {
			if used = true; !e.OptIn {
				return false
			}
		}
	}
	return used
}

// suggest adds to each unknown exercise the known one that may have been meant.
func (o *owner) suggest(found faults, r Routine) {
	ids := make([]string, len(o.all.Exercises))
	for i, e := range o.all.Exercises {
		ids[i] = e.ID
	}
	for i := range found {
		for j, m := range r.Moves {
			if _, known := o.all.Exercise(m.Exercise); known || found[i].key != item("moves", j)+".exercise" {
				continue
			}
			found[i].hint = "see: unhunch routines list"
			if near, ok := nearest(m.Exercise, ids); ok {
				found[i].hint = fmt.Sprintf("did you mean %s?", near)
			}
		}
	}
}

// length finds a routine that is no session: too short, or longer than one may be.
func (o *owner) length(r Routine) faults {
	total := wholeSeconds(readyStand - readySame)
	for _, m := range r.Moves {
		e, _ := o.all.Exercise(m.Exercise)
		total += e.Sides * (m.WorkS + wholeSeconds(readySame))
	}
	var f faults
	least, most := wholeSeconds(MinLength), wholeSeconds(MaxLength)
	f.unless(least <= total && total <= most, "moves",
		"%d s in all, both sides and getting ready included; a session takes from %d to %d", total, least, most)
	return f
}

// Doses of the own: as cautious as those of the exercises that come with the program.
const (
	moderatePerDay = 3
	advancedPerDay = 1
	maxReps        = 50
)

// ownFaults is what is asked of own exercises beyond what is asked of ours, which a test looks at and a person has
// reviewed.
func (e Exercise) ownFaults() faults {
	var f faults
	f.unless(e.Author != "", "author", "missing; who wrote it")
	f.unless(e.Name == "" || hasLetter(e.Name), "name", "has no letter")
	f.unless(e.Spoken == "" || hasLetter(e.Spoken), "spoken", "has no letter")
	f.unless(e.Reps <= maxReps, "reps", "%d is more than %d", e.Reps, maxReps)
	f.unless(e.PerDay <= moderatePerDay || e.Level == gentle, "per_day", "%d is more than %d", e.PerDay, moderatePerDay)
	switch e.Level {
	case "moderate":
		f.unless(e.PerDay > 0, "per_day", "a moderate exercise says how often a day at most, from 1 to %d", moderatePerDay)
	case "advanced":
		f.unless(e.PerDay == advancedPerDay, "per_day", "an advanced exercise is done at most once a day: 1")
	}
	for i, tag := range e.AvoidWith {
		f.unless(!slices.Contains(e.AvoidWith[:i], tag), item("avoid_with", i), "%s is there twice", shown(tag))
	}
	return f
}

func (r Routine) ownFaults() faults {
	var f faults
	f.unless(r.Name == "" || hasLetter(r.Name), "name", "has no letter")
	return f
}

func hasLetter(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }
