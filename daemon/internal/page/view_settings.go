package page

import (
	g "maragu.dev/gomponents"

	"github.com/unhunch/unhunch/daemon/words"
)

// main is every setting, each a form of its own.
func (v settingsView) main(viewData) g.Node {
	return g.Group{
		el("p", attr("class", "lead"), text(words.Page.SettingsHint)),
		el("p", attr("class", "muted"), text(words.Page.FileAt+": "), el("code", text(v.Path))),
		g.Map(v.Sections, section.node),
	}
}

func (s section) node() g.Node {
	id := "s-" + s.Name
	return el("section",
		attr("class", "card settings"), attr("aria-labelledby", id),
		el("h2", attr("id", id), text(s.Title)),
		g.Map(s.Rows, settingRow.node),
	)
}

func (r settingRow) node() g.Node {
	hint := " · " + words.Page.DefaultIs + ": " + r.DefaultLabel
	if len(r.Choices) == 0 {
		hint += " · " + r.Unit
	}
	return post(
		"/settings", attr("class", "setting"), attr("data-key", r.Key),
		sent("key", r.Key),
		el("label", attr("for", r.ID), text(r.Meaning)),
		el("div", attr("class", "field"), r.field(), el("button", text(words.Page.Save))),
		el("p", attr("class", "hint"), attr("id", r.ID+"-hint"), el("code", text(r.Key)), text(hint)),
		el("p", attr("class", "wrong"), attr("id", r.ID+"-wrong"), attr("aria-live", "polite")),
	)
}

// field is where the value is picked, or typed.
func (r settingRow) field() g.Node {
	described := attr("aria-describedby", r.ID+"-hint "+r.ID+"-wrong")
	if len(r.Choices) > 0 {
		return el("select", attr("id", r.ID), attr("name", "value"), described, options(r.Choices))
	}
	return el("input",
		attr("id", r.ID), attr("name", "value"), attr("type", "text"), attr("value", r.Value),
		attr("autocomplete", "off"), attr("spellcheck", "false"), described,
	)
}
