package profile

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

// A Fault is why a change is not made: it makes no sense, or a rule says no.
type Fault struct {
	code          string // of package api
	message, hint string
}

func (f *Fault) Error() string { return f.message }

// Detail is the fault as it goes over the wire.
func (f *Fault) Detail() api.ErrorDetail {
	return api.ErrorDetail{Code: f.code, Message: f.message, Hint: f.hint}
}

func senseless(code string, f words.ProfileFacts) error {
	message, hint := words.ProfileFault(code, f)
	return &Fault{api.CodeInvalid, message, hint}
}

func errBarred() error {
	message, hint := words.ProfileFault(words.FaultBarred, words.ProfileFacts{})
	return &Fault{api.CodeRefused, message, hint}
}

// none is how an empty list is written, beside nothing at all.
const none = "none"

// Apply makes the changes, keys and values as a person writes them, all of them or none. What is to be enabled is looked
// at last, so that one command may answer the questions, list the equipment and enable.
func Apply(p routines.Profile, changes map[string]string, c *routines.Catalogue, now time.Time) (routines.Profile, error) {
	if len(changes) == 0 {
		return p, senseless(words.FaultNothing, words.ProfileFacts{})
	}
	e := editor{p, c, now}
	for _, last := range []bool{false, true} {
		for _, key := range slices.Sorted(maps.Keys(changes)) {
			if strings.HasPrefix(key, "enable.") != last {
				continue
			}
			if err := e.set(key, strings.TrimSpace(changes[key])); err != nil {
				return p, err
			}
		}
	}
	return e.p, nil
}

// An editor changes a profile key by key.
type editor struct {
	p   routines.Profile
	c   *routines.Catalogue
	now time.Time
}

func (e *editor) set(key, value string) error {
	table, name, dotted := strings.Cut(key, ".")
	switch {
	case dotted && table == "screening":
		return e.answer(key, name, value)
	case dotted && table == "enable":
		return e.enable(key, name, value)
	case dotted && table == "retired":
		return e.retire(key, name, value)
	case key == "level":
		if err := oneOf(key, value, routines.Levels()); err != nil {
			return err
		}
		e.p = e.p.AtLevel(value, e.now)
		return nil
	case key == "places":
		return list(key, value, routines.Places(), &e.p.Places)
	case key == "equipment":
		return list(key, value, e.c.Equipment(), &e.p.Equipment)
	case key == "abilities":
		return list(key, value, routines.Abilities, &e.p.Abilities)
	}
	near := append([]string{"level", "places", "equipment", "abilities"}, prefixed("screening.", routines.Tags())...)
	return senseless(words.FaultNoKey, words.ProfileFacts{Key: key, Near: nearest(key, near)})
}

func (e *editor) answer(key, tag, value string) error {
	if !slices.Contains(routines.Tags(), tag) {
		near := nearest(tag, routines.Tags())
		if near != "" {
			near = "screening." + near
		}
		return senseless(words.FaultNoTag, words.ProfileFacts{Key: tag, Near: near, Allowed: routines.Tags()})
	}
	if err := oneOf(key, value, []string{string(routines.Yes), string(routines.No), string(routines.Unsaid)}); err != nil {
		return err
	}
	e.p = e.p.Answered(tag, routines.Answer(value))
	return nil
}

func (e *editor) enable(key, id, value string) error {
	if err := oneOf(key, value, []string{"yes", "no"}); err != nil {
		return err
	}
	exercise, err := e.exercise(id, e.p.Enabled)
	switch {
	case err != nil:
		return err
	case value == "no":
		e.p = e.p.Disable(id)
		return nil
	case !exercise.OptIn:
		var off []string
		for _, other := range e.c.Exercises {
			if other.OptIn {
				off = append(off, other.ID)
			}
		}
		return senseless(words.FaultNotOptIn, words.ProfileFacts{ID: id, Allowed: off})
	}
	if message, hint, cannot := CannotEnable(e.p, exercise); cannot {
		return &Fault{api.CodeRefused, message, hint}
	}
	e.p = e.p.Enable(id)
	return nil
}

// CannotEnable says why the exercise cannot be enabled, and what to do about it.
func CannotEnable(p routines.Profile, e routines.Exercise) (message, hint string, cannot bool) {
	lack, cannot := lacks(p, e)
	if cannot {
		message, hint = words.CannotEnable(e.Name, lack)
	}
	return message, hint, cannot
}

// lacks is what keeps an exercise from being enabled. Its level does not: who enables it now may come to that.
func lacks(p routines.Profile, e routines.Exercise) (l words.Lack, any bool) {
	for _, tag := range p.Against(e) {
		if p.Screening[tag] == routines.Yes {
			l.Yes = append(l.Yes, tag)
		} else {
			l.Unanswered = append(l.Unanswered, tag)
		}
	}
	l.Equipment, l.Have, l.Places = p.Missing(e), p.Equipment, p.Places
	l.Abilities = len(p.Unable(e)) > 0
	if !p.HasPlace(e) {
		l.Place = e.Place
	}
	return l, len(l.Yes)+len(l.Unanswered)+len(l.Equipment) > 0 || l.Abilities || l.Place != ""
}

func (e *editor) retire(key, id, value string) error {
	if err := oneOf(key, value, []string{"yes", "no"}); err != nil {
		return err
	}
	if _, err := e.exercise(id, e.p.Retired); err != nil {
		return err
	}
	if value == "yes" {
		e.p = e.p.Retire(id)
	} else {
		e.p = e.p.Allow(id)
	}
	return nil
}

// exercise finds an exercise. One that is gone from the catalogue may still be on a list, and be taken off it.
func (e *editor) exercise(id string, listed []string) (routines.Exercise, error) {
	exercise, ok := e.c.Exercise(id)
	if ok || slices.Contains(listed, id) {
		return exercise, nil
	}
	var ids []string
	for _, other := range e.c.Exercises {
		ids = append(ids, other.ID)
	}
	return exercise, senseless(words.FaultNoExercise, words.ProfileFacts{ID: id, Near: nearest(id, ids)})
}

// list sets a list, written with commas between; nothing, or “none”, is an empty one.
func list(key, value string, allowed []string, into *[]string) error {
	var all []string
	for _, item := range strings.Split(value, ",") {
		item = strings.TrimSpace(item)
		if item == "" || value == none {
			continue
		}
		if err := oneOf(key, item, allowed); err != nil {
			return err
		}
		if !slices.Contains(all, item) {
			all = append(all, item)
		}
	}
	*into = all
	return nil
}

func oneOf(key, value string, allowed []string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return senseless(words.FaultNotOneOf, words.ProfileFacts{Key: key, Value: value, Near: nearest(value, allowed), Allowed: allowed})
}

func nearest(word string, candidates []string) string {
	near, ok := config.Nearest(word, candidates)
	if !ok || word == "" {
		return ""
	}
	return near
}

func prefixed(prefix string, all []string) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = prefix + s
	}
	return out
}
