package page

import (
	g "maragu.dev/gomponents"

	"github.com/unhunch/unhunch/daemon/words"
)

// main is the catalogue, to look for exercises in.
func (v movesView) main(viewData) g.Node {
	w := &words.Page.Catalogue
	return g.Group{
		el("p", attr("class", "lead"), text(w.Lead)),
		shelves(false),
		el("form",
			attr("class", "filters"), attr("method", "get"), attr("action", "/exercises"), attr("id", "filters"),
			g.Map(v.Filters, func(f filter) g.Node {
				id := "by-" + f.Name
				return el("p",
					attr("class", "pick"), el("label", attr("for", id), text(f.Label)), text(" "),
					el("select", attr("id", id), attr("name", f.Name), options(f.Choices)),
				)
			}),
			el("button", attr("id", "find"), text(w.Find)),
		),
		el("p", attr("class", "count"), attr("id", "count"), attr("role", "status")),
		el("ul", attr("class", "moves"), attr("id", "moves"), g.Map(v.Moves, moveItem.node)),
		el("p", attr("id", "none"), hidden(!v.None), text(w.NoneFits)),
	}
}

// node is an exercise in the list, with what it is looked for by.
func (m moveItem) node() g.Node {
	return el("li",
		attr("data-place", join(m.Places)), attr("data-level", m.LevelID), attr("data-direction", join(m.Directions)),
		hidden(m.Hidden),
		el("a",
			toExercise(m.ID),
			el("span", attr("class", "thumb"), m.Figure.node()), text(" "),
			el("span", attr("class", "name"), text(m.Name)),
			el("span", attr("class", "facts-line"), el("span", text(m.Where)), text(" "), el("span", text(m.Dose))),
		),
		el("p",
			attr("class", "tags"),
			el("span", attr("class", "tag "+m.LevelID), text(m.Level)),
			g.If(m.Own, el("span", attr("class", "tag"), text(words.Page.Catalogue.Own))),
		),
	)
}
