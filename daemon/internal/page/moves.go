package page

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// A movesView is the catalogue, or what of it is looked for.
type movesView struct {
	Filters []filter
	Moves   []moveItem
	None    bool // nothing is as it is looked for
}

// A filter is one thing to look for by.
type filter struct {
	Name, Label string
	Choices     []choice
}

// A moveItem is an exercise in the list. What is not looked for is hidden, so that it can be looked for without a new page.
type moveItem struct {
	ID, Name, Where, Dose string
	Level, LevelID        string
	Places, Directions    []string
	Off, Own, Hidden      bool
	Figure                svg
}

func (l *live) moves(r *http.Request, _ api.State) (content, error) {
	all, w := l.backend.Routines(), words.Page.Catalogue
	query := r.URL.Query()
	place, level, direction := query.Get("place"), query.Get("level"), query.Get("direction")
	v := movesView{None: true}
	slices.SortStableFunc(all.Exercises, func(a, b api.Exercise) int {
		return cmp.Or(slices.Index(levels, a.Level)-slices.Index(levels, b.Level), strings.Compare(a.Name, b.Name))
	})
	var places, theirs, directions []string
	for _, e := range all.Exercises {
		at := append([]string{e.Place}, e.Also...)
		places, theirs, directions = append(places, at...), append(theirs, e.Level), append(directions, e.Direction...)
		item := moveItem{
			ID: e.ID, Name: e.Name, Where: words.PageWhere(e), Dose: words.Dose(e), Level: words.PageLevel(e.Level), LevelID: e.Level, Places: at,
			Directions: e.Direction, Off: e.OptIn, Own: e.Own, Figure: l.still(e.ID),
			Hidden: place != "" && !slices.Contains(at, place) || level != "" && level != e.Level ||
				direction != "" && !slices.Contains(e.Direction, direction),
		}
		v.None = v.None && item.Hidden
		v.Moves = append(v.Moves, item)
	}
	order := func(all []string, first ...string) []string {
		slices.Sort(all)
		return slices.DeleteFunc(slices.Concat(first, slices.Compact(all)), func(s string) bool { return !slices.Contains(all, s) })
	}
	once := func(all []string) (kept []string) {
		for _, s := range all {
			if !slices.Contains(kept, s) {
				kept = append(kept, s)
			}
		}
		return kept
	}
	v.Filters = []filter{
		{"place", w.Place, choices(once(order(places, "chair", "standing", "floor", "bar", "table")), place, words.PagePlace)},
		{"level", w.Level, choices(once(order(theirs, levels...)), level, words.PageLevel)},
		{"direction", w.Direction, choices(once(order(directions)), direction, words.PageDirection)},
	}
	return v, nil
}

// choices are what to choose from, after everything.
func choices(values []string, picked string, name func(string) string) []choice {
	all := []choice{{"", words.Page.Catalogue.Any, picked == ""}}
	for _, v := range values {
		all = append(all, choice{v, name(v), v == picked})
	}
	return all
}

// A moveView is one exercise.
type moveView struct {
	api.Exercise
	Figure  svg
	Facts   []fact
	NotWith []string
	Needs   []string
	Off     bool // and not switched on
	Gone    bool // it hurt
	Rule    string
}

// title is what the view is called.
func (v moveView) title() string { return v.Name }

type fact struct{ Label, Text string }

func (l *live) move(r *http.Request, _ api.State) (content, error) {
	id, w := r.URL.Query().Get("id"), words.Page.Catalogue
	for _, e := range l.backend.Routines().Exercises {
		if e.ID != id {
			continue
		}
		p := l.backend.Profile(r.Context())
		v := moveView{
			Exercise: e, Figure: l.moving(e.ID), NotWith: words.PageNotFor(e), Needs: words.PageNeeds(e),
			Off: e.OptIn && p.Enable[e.ID] == "", Gone: p.Retired[e.ID] != "", Rule: l.backend.Safety().Rule,
		}
		add := func(label, text string) {
			if text != "" {
				v.Facts = append(v.Facts, fact{label, text})
			}
		}
		add(w.Level, words.PageLevel(e.Level))
		add(w.Where, words.PageWhere(e))
		add(w.How, words.Dose(e))
		add(w.Often, words.PageOften(e))
		add(w.Moves, words.PageDirections(e.Direction))
		add(w.By, e.Author)
		return v, nil
	}
	return nil, errNothingHere
}

// errNothingHere is told as an address that is none.
var errNothingHere = &complaint{words.PageNothingHere}

// A readView is everything to read beside the exercises.
type readView struct {
	Shelves []shelf
}

// A shelf is a heading with its cards.
type shelf struct {
	ID, Title string
	Cards     []card
}

// A card is a page to read.
type card struct {
	ID, Title, From string
	Parts           []part
}

// A part is a thought, or a list.
type part struct {
	Text  string
	Items []string
}

func (l *live) read(*http.Request, api.State) (content, error) {
	all := l.backend.Routines().Cards
	put := map[string]bool{}
	var v readView
	for _, s := range words.PageShelves() {
		made := shelf{ID: s.ID, Title: s.Title}
		for _, c := range all {
			if s.Cards == nil && !put[c.ID] || slices.Contains(s.Cards, c.ID) {
				put[c.ID] = true
				made.Cards = append(made.Cards, card{c.ID, c.Title, words.Sources(c.Source), parts(c.Lines)})
			}
		}
		v.Shelves = append(v.Shelves, made)
	}
	return v, nil
}

// parts are lines of which those that begin with a dash are a list under the line before.
func parts(lines []string) (all []part) {
	for _, line := range lines {
		if len(line) > 2 && line[:2] == "- " && len(all) > 0 {
			last := &all[len(all)-1]
			last.Items = append(last.Items, line[2:])
			continue
		}
		all = append(all, part{Text: line})
	}
	return all
}
