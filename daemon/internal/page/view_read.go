package page

import (
	g "maragu.dev/gomponents"

	"github.com/unhunch/unhunch/daemon/words"
)

// main is everything to read, with its contents beside it.
func (v readView) main(viewData) g.Node {
	w := &words.Page.Catalogue
	return g.Group{
		el("p", attr("class", "lead"), text(w.ReadingLead)),
		shelves(true),
		el("div",
			attr("class", "reading"),
			el("nav", attr("class", "contents"), attr("aria-label", w.Contents), g.Map(v.Shelves, shelf.contents)),
			el("div", attr("class", "texts"), g.Map(v.Shelves, shelf.node)),
		),
	}
}

// contents are the ways to the cards of a shelf.
func (s shelf) contents() g.Node {
	return g.Group{
		el("p", el("a", toHere(s.ID), text(s.Title))),
		el("ul", g.Map(s.Cards, func(c card) g.Node { return el("li", el("a", toHere(c.ID), text(c.Title))) })),
	}
}

func (s shelf) node() g.Node {
	return el("section",
		attr("aria-labelledby", s.ID),
		el("h2", attr("id", s.ID), attr("class", "shelf"), text(s.Title)),
		g.Map(s.Cards, card.node),
	)
}

func (c card) node() g.Node {
	return el("article",
		attr("class", "card prose"), attr("aria-labelledby", c.ID),
		el("h3", attr("id", c.ID), text(c.Title)),
		g.Map(c.Parts, func(p part) g.Node {
			return g.Group{el("p", text(p.Text)), g.If(len(p.Items) > 0, dashes(p.Items))}
		}),
		el("p", attr("class", "from"), text(c.From)),
	)
}
