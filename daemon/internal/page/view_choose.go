package page

import (
	g "maragu.dev/gomponents"

	"github.com/unhunch/unhunch/daemon/words"
)

// nodes are the view before a stretch: what can be chosen, and what comes of it on paper.
func (v *chooseView) nodes() g.Group {
	w := &words.Page.ToChoose
	return g.Group{
		el("h2", attr("id", "none-head"), attr("class", "hello"), text(w.Title)),
		el("p", attr("class", "lead"), text(w.Lead)),
		post(
			"/do/stretch", attr("class", "chooser"), attr("id", "choose"),
			el("div", attr("class", "what card"), v.which()),
			el("div",
				attr("class", "paper card"),
				el("div",
					attr("class", "begin"),
					el("button", attr("class", "primary big"), attr("id", "start"), text(w.Start)),
					el("button", attr("formmethod", "get"), attr("formaction", "/session"), attr("id", "look"), text(w.Look)),
				),
				el("div", attr("id", "plan"), attr("aria-live", "polite"), v.Plan.node()),
			),
		),
	}
}

// which is the choice between a composed stretch, with a place and a length, and those with names.
func (v *chooseView) which() g.Node {
	w := &words.Page.ToChoose
	places := make([]choice, len(v.Places))
	for i, p := range v.Places {
		places[i] = p.choice
	}
	return el("fieldset",
		attr("class", "which"), el("legend", attr("class", "unseen"), text(w.Which)),
		g.Map(v.Routines[:1], routineOption),
		el("div",
			attr("class", "composed"),
			chips("at", w.Place, "place", places),
			chips("long", w.Length, "length", v.Lengths),
		),
		el("p", attr("class", "or"), text(w.OrNamed)),
		g.Map(v.Routines[1:], routineOption),
	)
}

// chips are choices beside each other, of which one is picked.
func chips(id, label, name string, all []choice) g.Node {
	return el("div",
		attr("class", "chips"), attr("role", "group"), attr("aria-labelledby", id),
		el("p", attr("id", id), text(label)),
		g.Map(all, func(c choice) g.Node {
			return g.Group{
				el("label",
					attr("class", "chip"),
					el("input", attr("type", "radio"), attr("name", name), attr("value", c.Value), checked(c.Picked)),
					el("span", text(c.Label)),
				),
				text(" "), // where a line may break
			}
		}),
	)
}

func routineOption(r routineChoice) g.Node {
	return el("label",
		attr("class", "option"),
		el("input", attr("type", "radio"), attr("name", "routine"), attr("value", r.Value), checked(r.Picked)),
		el("span",
			el("b", text(r.Label)),
			g.If(r.Facts != "", g.Group{text(" "), el("i", text(r.Facts))}),
			el("small", text(r.About)),
		),
	)
}

// node is a stretch on paper, or why there is none.
func (v planView) node() g.Node {
	w := &words.Page.ToChoose
	change := el("a", attr("href", "/you"), text(words.Page.AboutYou.Title))
	if v.Wrong != "" {
		return el("p", attr("class", "banner"), attr("data-wrong"), el("strong", text(w.Wrong)), text(" "+v.Wrong+". "), change)
	}
	return g.Group{
		el("h3", text(w.What)),
		el("p", attr("class", "muted"), text(v.Head)),
		g.If(v.Note != "", el("p", attr("class", "banner"), text(v.Note+" "), change)),
		el("ol", attr("class", "plan"), g.Map(v.Steps, planned)),
	}
}

func planned(s planStep) g.Node {
	return el("li", el("a",
		toExercise(s.ID),
		el("span", attr("class", "thumb"), s.Figure.node()),
		el("span",
			attr("class", "words"),
			el("b", text(s.Name)), text(" "), el("i", text(s.Dose)), el("small", text(s.Why)),
		),
	))
}
