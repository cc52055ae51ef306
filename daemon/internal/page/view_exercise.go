package page

import (
	g "maragu.dev/gomponents"

	"github.com/unhunch/unhunch/daemon/words"
)

// main is one exercise.
func (v moveView) main(viewData) g.Node {
	w := &words.Page.Catalogue
	return g.Group{
		el("p", attr("class", "crumb"), el("a", attr("href", "/exercises"), text(w.Back))),
		g.If(v.Gone, moveBanner(w.Retired, "/you#retired")),
		g.If(v.Off, moveBanner(w.Off, "/you#off")),
		el("div",
			attr("class", "move"),
			el("div", attr("class", "picture card"), v.Figure.node()),
			el("div",
				attr("class", "about"),
				facts(v.Facts),
				el("h2", text(w.Steps)),
				el("ol", attr("class", "steps"), g.Map(v.Steps, item)),
			),
		),
		el("div",
			attr("class", "pair"),
			moveCard(w.GoodFor, v.Benefits),
			el("section", attr("class", "card"), el("h2", text(w.Care)), v.care(), moveHint(v.Rule, "/read#stop-signs", w.Stop)),
			moveCard(w.NotWith, v.NotWith, moveHint(w.AnswersFirst, "/you", w.Change)),
			moveCard(w.Need, v.Needs),
			el("section",
				attr("class", "card"), el("h2", text(w.Sources)), el("ul", attr("class", "dashes muted"), g.Map(v.Source, item)),
			),
		),
	}
}

// care is what to take care of.
func (v moveView) care() g.Node {
	all := v.Cautions
	if v.EndRange {
		all = append(all[:len(all):len(all)], words.Page.Catalogue.Later)
	}
	return dashes(all)
}

// moveBanner says why the exercise does not come, and leads to where that is changed.
func moveBanner(why, change string) g.Node {
	return el("div",
		attr("class", "banner"),
		el("p", text(why+" "), el("a", attr("href", change), text(words.Page.Catalogue.Change))),
	)
}

// moveCard is a list under its title, nothing where it is empty.
func moveCard(title string, all []string, more ...g.Node) g.Node {
	if len(all) == 0 {
		return nil
	}
	return el("section", attr("class", "card"), el("h2", text(title)), dashes(all), g.Group(more))
}

func moveHint(hint, to, label string) g.Node {
	return el("p", attr("class", "muted stop"), text(hint+" "), el("a", attr("href", to), text(label)))
}
