package page

import (
	"strconv"

	g "maragu.dev/gomponents"

	"github.com/unhunch/unhunch/daemon/words"
)

// main is the record of days.
func (v historyView) main(viewData) g.Node {
	w := &words.Page
	return g.Group{
		el("p", attr("class", "lead"), text(v.Report.Well)),
		el("div",
			attr("class", "grid"),
			v.week(),
			chartCard("trend-head", w.TrendTitle, w.TrendHint, v.Trend, nil),
			chartCard("calendar-head", w.CalendarTitle, w.CalendarHint, v.Calendar, scale()),
			chartCard("hours-head", w.HoursTitle, w.HoursHint, v.Hours, scale()),
			chartCard("breaks-head", w.BreaksTitle, w.CalendarTitle, v.Breaks, keys(v.Breakup)),
			historyExport(),
		),
	}
}

// week is the chart of it, or that there is nothing to draw.
func (v historyView) week() g.Node {
	w := &words.Page
	in := g.Group{el("p", text(w.NothingYet+" "+w.NothingYetHint))}
	if !v.Week.Empty {
		in = g.Group{chartFigure(v.Week, keys(v.WeekKeys)), reportFacts(v.Report), table(w.WeekTitle, v.Week)}
	}
	return el("section",
		attr("class", "card"), attr("aria-labelledby", "week-head"),
		el("h2", attr("id", "week-head"), text(w.WeekTitle)),
		el("p", attr("class", "muted"), text(v.Report.Title)),
		in,
	)
}

// chartCard is a chart with its title, its key and its table; nothing where it is empty.
func chartCard(id, title, hint string, c chart, caption g.Node) g.Node {
	if c.Empty {
		return nil
	}
	return el("section",
		attr("class", "card"), attr("aria-labelledby", id),
		el("h2", attr("id", id), text(title)),
		el("p", attr("class", "muted"), text(hint)),
		chartFigure(c, caption),
		table(title, c),
	)
}

func chartFigure(c chart, caption g.Node) g.Node {
	return el("figure", c.SVG.node(), g.If(caption != nil, el("figcaption", caption)))
}

// scale explains the shades of a map.
func scale() g.Node {
	shades := make(g.Group, heats+1)
	for i := range shades {
		shades[i] = el("span", attr("class", "swatch heat"+strconv.Itoa(i)))
	}
	return el("p", attr("class", "scale"), text(words.Page.Less+" "), shades, text(" "+words.Page.More))
}

// historyExport is how to take the record along, and how to be rid of it.
func historyExport() g.Node {
	w := &words.Page
	save := func(to, label string) g.Node {
		return el("a", attr("class", "button"), attr("href", to), attr("download"), text(label))
	}
	return el("section",
		attr("class", "card"), attr("aria-labelledby", "export-head"),
		el("h2", attr("id", "export-head"), text(w.ExportTitle)),
		el("p", text(w.ExportHint)),
		el("p", attr("class", "actions"), save("/export.json", w.ExportJSON), save("/export.csv", w.ExportCSV)),
		el("h2", text(w.EraseTitle)),
		el("p", text(w.EraseHint)),
		el("details",
			attr("class", "erase"), el("summary", attr("class", "button"), text(w.Erase)),
			post(
				"/erase",
				el("p", el("strong", text(w.EraseSure))),
				sent("sure", "yes"),
				el("div", attr("class", "actions"), el("button", attr("class", "care"), text(w.EraseYes))),
			),
		),
	)
}
