package main

import (
	"slices"
	"strings"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// The columns of a list. Ids stand at the very left, where scripts find them.
const (
	idColumn   = 24
	nameColumn = 29
)

// listing is the catalogue for reading, in at most width columns where ids leave room for that.
func listing(all api.Routines, width int, p palette) []string {
	var lines []string
	for _, g := range exerciseGroups(all.Exercises) {
		head := words.CatalogueGroup(g[0].Level, where(g[0]))
		asked := ""
		if room := width - len(head); g[0].Level != levels[0] && room > len(words.CatalogueAsked) {
			asked = "  " + fit(words.CatalogueAsked, room-2)
		}
		lines = append(lines, p.bold(head)+p.dim(asked))
		for _, e := range g {
			lines = append(lines, listRow(e.ID, e.Name, exerciseNote(e), width, p))
		}
		lines = append(lines, "")
	}
	lines = append(lines, p.bold(words.CatalogueRoutines))
	for _, r := range byLevel(all.Routines) {
		lines = append(lines, listRow(r.ID, r.Name, words.RoutineLength(r)+", "+r.Level, width, p))
	}
	lines = append(lines, "", p.bold(words.CatalogueCards))
	for _, c := range all.Cards {
		lines = append(lines, fit(padRight(c.ID, idColumn)+c.Title, width))
	}
	lines = append(lines, "")
	for _, note := range []string{words.CatalogueMore, words.CatalogueStart, words.CatalogueQuiet, words.CatalogueOff} {
		lines = append(lines, paintAll(p.dim, wrap(note, width))...)
	}
	return lines
}

// levels are those of exercises and routines, the gentlest first.
var levels = []string{"gentle", "moderate", "advanced"}

func byLevel(all []api.Routine) []api.Routine {
	return slices.SortedStableFunc(slices.Values(all), func(a, b api.Routine) int {
		return slices.Index(levels, a.Level) - slices.Index(levels, b.Level)
	})
}

// exerciseGroups puts together what is of one level and done in the same places, the gentlest and nearest first.
func exerciseGroups(exercises []api.Exercise) [][]api.Exercise {
	places := []string{"in the chair", "in the chair or standing", "standing", "on the floor", "at a bar", "on an inversion table"}
	rank := func(e api.Exercise) int {
		return slices.Index(levels, e.Level)*len(places) + slices.Index(places, where(e))
	}
	sorted := slices.Clone(exercises)
	slices.SortStableFunc(sorted, func(a, b api.Exercise) int { return rank(a) - rank(b) })
	var groups [][]api.Exercise
	for i, e := range sorted {
		if i == 0 || rank(e) != rank(sorted[i-1]) {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], e)
	}
	return groups
}

func where(e api.Exercise) string { return words.Where(e.Place, e.Also) }

func exerciseNote(e api.Exercise) string {
	notes := []string{words.Dose(e)}
	if e.Discreet {
		notes = append(notes, "quiet")
	}
	if e.OptIn {
		notes = append(notes, "off")
	}
	return strings.Join(notes, ", ")
}

// listRow is an id, a name and a note. In a narrow window the note goes first, then the name.
func listRow(id, name, note string, width int, p palette) string {
	row := padRight(id, idColumn)
	if width < idColumn+nameColumn {
		return strings.TrimRight(fit(row+name, max(width, len(id))), " ")
	}
	row += padRight(name, nameColumn)
	return strings.TrimRight(row+p.dim(fit(note, width-idColumn-nameColumn)), " ")
}
