package page

import (
	g "maragu.dev/gomponents"

	"github.com/unhunch/unhunch/daemon/words"
)

// main is what a person has told of themselves, as one form.
func (v youView) main(viewData) g.Node {
	w := &words.Page.AboutYou
	return g.Group{
		el("p", attr("class", "lead"), text(w.Lead)),
		el("p", attr("class", "banner good"), attr("id", "saved"), attr("role", "status"), hidden(!v.Saved), text(w.Saved)),
		g.If(v.Offer != "", el("p", attr("class", "banner good"), text(v.Offer))),
		g.If(len(v.Retired) > 0, v.retired()),
		post(
			"/you", attr("id", "you"),
			el("section",
				attr("class", "card"),
				v.questions(),
				g.If(v.LegSaysYes, el("div", attr("class", "banner"), tiers(v.Safety))),
			),
			el("section", attr("class", "card"), v.abilities()),
			el("section", attr("class", "card"), v.levels()),
			el("section",
				attr("class", "card pairs"),
				group(nil, w.Places, w.PlacesHint, ticks("", g.Map(v.Places, ticksFor(fieldPlaces)))),
				group(nil, w.Equipment, w.EquipmentHint, ticks("", g.Map(v.Equipment, ticksFor(fieldEquipment)))),
			),
			el("section",
				attr("class", "card"),
				group(attr("id", "off"), w.Off, w.OffHint, ticks("", g.Map(v.Off, offChoice.node))),
			),
			g.If(len(v.Retired) == 0, retired(el("p", attr("class", "muted"), text(w.NothingRetired)))),
			el("div",
				attr("class", "savebar"),
				el("p", attr("class", "wrong"), attr("id", "you-wrong"), attr("role", "alert")),
				el("button", attr("class", "primary"), text(w.Save)),
			),
		),
	}
}

// retired are the exercises that hurt, to be allowed again.
func (v youView) retired() g.Node {
	w := &words.Page.AboutYou
	return retired(
		el("p", attr("class", "muted"), text(w.RetiredHint)),
		el("ul", attr("class", "rows"), g.Map(v.Retired, func(c choice) g.Node {
			return el("li",
				el("a", toExercise(c.Value), text(c.Label)), text(" "),
				post("/you/allow", sent("id", c.Value), el("button", text(w.Allow))),
			)
		})),
	)
}

func retired(in ...g.Node) g.Node {
	return el("section",
		attr("class", "card"), attr("aria-labelledby", "retired"),
		el("h2", attr("id", "retired"), text(words.Page.AboutYou.Retired)),
		g.Group(in),
	)
}

// questions are answered by a yes each, or by one answer to all of them.
func (v youView) questions() g.Node {
	w := &words.Page.AboutYou
	return group(
		attr("id", "questions"), w.Questions, w.Intro,
		g.If(v.Unanswered, el("p", attr("class", "banner"), text(w.Unanswered))),
		ticks("two", g.Map(v.Questions, func(q question) g.Node {
			return tick("tick", "checkbox", fieldYes, q.choice, nil, small(q.Means))
		})),
		ticks(
			"two alone",
			ticksFor(fieldAlone)(choice{"none", w.None, v.None}),
			ticksFor(fieldAlone)(choice{"unsaid", w.Unsaid, v.Unanswered}),
		),
		el("p", attr("class", "wrong"), attr("id", "questions-wrong"), attr("role", "alert")),
	)
}

func (v youView) abilities() g.Node {
	w := &words.Page.AboutYou
	return group(nil, w.Abilities, w.AbilitiesHint, ticks("two", g.Map(v.Abilities, ticksFor(fieldAbilities))))
}

func (v youView) levels() g.Node {
	w := &words.Page.AboutYou
	return group(nil, w.Level, w.LevelHint+" "+v.Progress, ticks("three", g.Map(v.Levels, func(l levelChoice) g.Node {
		return tick("tick box", "radio", fieldLevel, l.choice, nil, small(l.Hint))
	})))
}

// node is an exercise that is off, to be switched on where it can be.
func (o offChoice) node() g.Node {
	w := &words.Page.AboutYou
	return el("div",
		attr("class", "tick with"),
		tick("tick", "checkbox", fieldEnable, o.choice, g.If(o.Barred, attr("disabled")),
			g.If(o.Message != "", small(o.Message))),
		text(" "),
		el("a", toExercise(o.Value), attr("aria-label", w.Look+": "+o.Label), text(w.Look)),
	)
}

// group is fields under a title, with a hint. attribute is of the group, or nil.
func group(attribute g.Node, title, hint string, in ...g.Node) g.Node {
	return el("fieldset",
		attribute,
		el("legend", el("h2", text(title))),
		el("p", attr("class", "muted"), text(hint)),
		g.Group(in),
	)
}

// ticks are fields beside each other, in columns as their class says.
func ticks(class string, in ...g.Node) g.Node {
	if class != "" {
		class = " " + class
	}
	return el("div", attr("class", "ticks"+class), g.Group(in))
}

// ticksFor is a tick of a field for each choice.
func ticksFor(field string) func(choice) g.Node {
	return func(c choice) g.Node { return tick("tick", "checkbox", field, c, nil, nil) }
}

// tick is a choice to be ticked, with its attribute and with what is said after its label, or nil.
func tick(class, kind, field string, c choice, attribute, more g.Node) g.Node {
	return el("label",
		attr("class", class),
		el("input", attr("type", kind), attr("name", field), attr("value", c.Value), checked(c.Picked), attribute),
		el("span", text(c.Label), more),
	)
}

// small is said after a label, and smaller.
func small(s string) g.Node { return g.Group{text(" "), el("small", text(s))} }
