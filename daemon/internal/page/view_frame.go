package page

import (
	"encoding/json"
	"io"
	"net/url"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/unhunch/unhunch/daemon/words"
)

// A content is what a view shows in the frame.
type content interface{ main(d viewData) g.Node }

// An svg is a picture of our own making, in which all text is escaped already.
type svg string

// node puts the picture into a view as it is. Nothing else goes there unescaped.
func (s svg) node() g.Node { return g.Raw(string(s)) }

const brand svg = `<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="4.6" r="2.4"/>` +
	`<path d="M4.5 4.500 8 9.500h8l3.500-5M12 9.500v6M12 15.500l-4.500 6M12 15.500l4.500 6"/></svg>`

// frame is the whole of a page, with the content of a view in it.
func frame(d viewData) g.Node {
	return h.Doctype(el("html",
		attr("lang", "en"), attr("data-view", d.View),
		frameHead(d),
		el("body",
			el("a", attr("class", "skip"), attr("href", "#main"), text(words.Page.Skip)),
			frameTop(d.View),
			frameNews(d.Wrong),
			el("main",
				attr("id", "main"), attr("tabindex", "-1"),
				el("h1", g.If(d.View == "session", attr("class", "unseen")), text(d.Title)),
				d.What.main(d),
			),
			el("dialog",
				attr("id", "moved"), attr("class", "plain"), attr("aria-labelledby", "moved-title"),
				el("h2", attr("id", "moved-title"), text(words.Page.Moved)),
				el("p", text(words.Page.MovedHint)),
			),
			el("script", attr("type", "application/json"), attr("id", "state"), stateText(d.State)),
		),
	))
}

func frameHead(d viewData) g.Node {
	return el("head",
		el("meta", attr("charset", "utf-8")),
		el("meta", attr("name", "viewport"), attr("content", "width=device-width, initial-scale=1")),
		el("meta", attr("name", "color-scheme"), attr("content", "light dark")),
		el("title", text(d.Title+" · "+words.Page.Name)),
		el("link", attr("rel", "icon"), attr("href", "/asset/icon.svg"), attr("type", "image/svg+xml")),
		el("link", attr("rel", "stylesheet"), attr("href", "/asset/page.css")),
		g.If(d.Figures, el("link", attr("rel", "stylesheet"), attr("href", "/figure.css"))),
		el("script", attr("type", "module"), attr("src", "/asset/"+d.Script+".js")),
	)
}

// frameTop is the name, and the ways to all views.
func frameTop(view string) g.Node {
	w := &words.Page
	return el("header", el("div",
		attr("class", "top"),
		el("p", attr("class", "brand"), brand.node(), text(w.Name)),
		el("nav", attr("aria-label", w.Name), el("ul",
			entry("/today", w.Today, view == "today"),
			entry("/session", w.Session, view == "session"),
			entry("/exercises", w.Moves, view == "exercises" || view == "exercise" || view == "read"),
			entry("/history", w.History, view == "history"),
			entry("/you", w.You, view == "you"),
			entry("/settings", w.Settings, view == "settings"),
		)),
	))
}

// frameNews is told above every view: that nobody answers, and why the last form did nothing.
func frameNews(wrong string) g.Node {
	w := &words.Page
	return el("div",
		attr("class", "news"), attr("role", "status"),
		el("p", attr("id", "lost"), attr("class", "banner"), hidden(true), el("strong", text(w.Lost)), text(" "+w.LostHint)),
		el("p", attr("id", "back"), attr("class", "banner good"), hidden(true), text(w.Again)),
		el("p", attr("id", "wrong"), attr("class", "banner"), hidden(wrong == ""), text(wrong)),
	)
}

// stateText is the state for the scripts. In JSON as it is written here no text can end the element.
func stateText(s stateView) g.Node {
	return g.NodeFunc(func(w io.Writer) error {
		state, err := json.Marshal(s)
		if err != nil {
			return err
		}
		_, err = w.Write(state)
		return err
	})
}

// entry leads to a view.
func entry(path, label string, here bool) g.Node {
	return el("li", el("a", attr("href", path), g.If(here, attr("aria-current", "page")), text(label)))
}

// shelves lead from the exercises to what there is to read, and back.
func shelves(reading bool) g.Node {
	w := &words.Page.Catalogue
	return el("nav", attr("class", "shelves"), attr("aria-label", w.Title), el("ul",
		entry("/exercises", w.Exercises, !reading),
		entry("/read", w.Reading, reading),
	))
}

// tiers are the signs to stop for, by the help they call for.
func tiers(s words.Safety) g.Node {
	return g.Group{
		el("p", attr("class", "lead"), text(s.Rule)),
		g.Map(s.Tiers, func(t words.StopTier) g.Node {
			return el("div", attr("class", "tier"), el("h3", text(t.Help)), el("ul", g.Map(t.Signs, item)))
		}),
	}
}

// keys explain the colours of a picture.
func keys(all []key) g.Node {
	return el("ul", attr("class", "keys"), g.Map(all, func(k key) g.Node {
		return el("li", el("span", attr("class", "swatch "+k.Class)), text(k.Label))
	}))
}

// table is what a chart shows, in numbers.
func table(title string, c chart) g.Node {
	return el("details",
		attr("class", "data"),
		el("summary", text(words.Page.InNumbers)),
		el("div",
			attr("class", "scroll"), attr("tabindex", "0"), attr("role", "group"), attr("aria-label", title),
			el("table",
				el("caption", attr("class", "unseen"), text(title)),
				el("thead", el("tr", g.Map(c.Head, func(s string) g.Node { return el("th", attr("scope", "col"), text(s)) }))),
				el("tbody", g.Map(c.Rows, tableRow)),
			),
		),
	)
}

func tableRow(cells []string) g.Node {
	row := make(g.Group, 0, len(cells))
	for i, cell := range cells {
		if i == 0 {
			row = append(row, el("th", attr("scope", "row"), text(cell)))
			continue
		}
		row = append(row, el("td", text(cell)))
	}
	return el("tr", row)
}

// facts are labels with a text each; nothing where there are none.
func facts(all []fact) g.Node {
	if len(all) == 0 {
		return nil
	}
	return el("dl", attr("class", "facts"), g.Map(all, func(f fact) g.Node {
		return el("div", el("dt", text(f.Label)), el("dd", text(f.Text)))
	}))
}

// reportFacts are those of a report.
func reportFacts(r words.HistoryReport) g.Node {
	all := make([]fact, len(r.Facts))
	for i, f := range r.Facts {
		all[i] = fact(f)
	}
	return facts(all)
}

// dashes is a list of texts.
func dashes(all []string) g.Node { return el("ul", attr("class", "dashes"), g.Map(all, item)) }

func item(s string) g.Node { return el("li", text(s)) }

// options are the choices of a select.
func options(all []choice) g.Node {
	return g.Map(all, func(c choice) g.Node {
		return el("option", attr("value", c.Value), g.If(c.Picked, attr("selected")), text(c.Label))
	})
}

// sent is a value that a form sends and does not show.
func sent(name, value string) g.Node {
	return el("input", attr("type", "hidden"), attr("name", name), attr("value", value))
}

// post is a form that changes something. Attributes may be among what is in it.
func post(to string, in ...g.Node) g.Node {
	return el("form", attr("method", "post"), attr("action", to), g.Group(in))
}

// hidden hides the element that it is in.
func hidden(is bool) g.Node { return g.If(is, attr("hidden")) }

func checked(is bool) g.Node { return g.If(is, attr("checked")) }

// toExercise is the address of an exercise.
func toExercise(id string) g.Node { return attr("href", "/exercise?id="+url.QueryEscape(id)) }

// toHere is the address of an element of the same page.
func toHere(id string) g.Node { return attr("href", "#"+url.PathEscape(id)) }
