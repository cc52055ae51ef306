package page

import (
	"cmp"
	"fmt"

	g "maragu.dev/gomponents"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// main is the view of the day.
func (v todayView) main(d viewData) g.Node {
	return el("div",
		attr("class", "day"),
		el("section",
			attr("class", "card now"), attr("aria-labelledby", "now-head"),
			v.dial(d.State.Of),
			el("div",
				attr("class", "words"),
				el("h2", attr("id", "now-head"), text(d.State.Head)),
				el("p", attr("id", "now-next"), attr("class", "lead"), text(d.State.Next)),
				dayActions(d.State),
				dayQuestion(d.State.Silence),
			),
		),
		el("div", attr("id", "problems"), g.Map(d.State.Problems, problem)),
		v.soFar(),
	)
}

// dial is the ring of the time in the chair.
func (v todayView) dial(of string) g.Node {
	class := "dial"
	if v.Arc.Full {
		class += " full"
	}
	return el("div",
		attr("class", class), attr("id", "dial"),
		ring(v.Arc, attr("aria-label", words.Page.ArcAlt)),
		el("p",
			attr("class", "figures"),
			el("span", attr("id", "figure-number"), text(v.Arc.Figure)), text(" "),
			el("span", attr("id", "figure-of"), text(of)),
		),
	)
}

// ring draws an arc in its track.
func ring(a arc, attributes ...g.Node) g.Node {
	circle := func(more ...g.Node) g.Node {
		return el("circle", attr("cx", "100"), attr("cy", "100"), attr("r", fmt.Sprint(ringRadius)), g.Group(more))
	}
	return el("svg",
		attr("viewBox", "0 0 200 200"), attr("role", "img"), g.Group(attributes),
		circle(attr("class", "track")),
		circle(
			attr("class", "arc"), attr("id", "arc"), attr("stroke-dasharray", fmt.Sprint(a.Length)),
			attr("stroke-dashoffset", fmt.Sprint(a.Gap)), attr("transform", "rotate(-90 100 100)"),
		),
	)
}

// dayActions are all there ever are; those of the moment show.
func dayActions(s stateView) g.Node {
	w := &words.Page
	return el("div",
		attr("class", "actions"),
		el("a",
			attr("class", "button primary"), attr("href", "/session"), attr("id", "go"), hidden(!s.Running), text(w.ToSession),
		),
		post(
			"/do/stretch", attr("id", "stretch"), hidden(s.Running),
			el("button", attr("class", "primary"), text(w.StretchNow)),
		),
		post(
			"/do/snooze", attr("id", "snooze"), hidden(s.Snooze == ""), sent("word", ""),
			el("button", text(cmp.Or(s.Snooze, w.Snooze))),
		),
		post("/do/skip", attr("id", "skip"), hidden(!s.Waiting), el("button", text(w.SkipBreak))),
		post(
			"/do/pause", attr("id", "pause"), hidden(s.Paused), sent("word", "1h"),
			el("button", attr("class", "quiet"), text(w.PauseHour)),
		),
		post("/do/resume", attr("id", "resume"), hidden(!s.Paused), el("button", text(w.Resume))),
	)
}

// dayQuestion asks what a silence was.
func dayQuestion(silence string) g.Node {
	return el("div",
		attr("class", "silence"), attr("id", "silence"), hidden(silence == ""),
		el("p", attr("id", "silence-words"), text(silence)),
		post("/do/was", sent("word", "sitting"), el("button", text(words.Page.IWasSitting))),
		post("/do/was", sent("word", "away"), el("button", text(words.Page.IWasUp))),
	)
}

func problem(p api.Problem) g.Node {
	return el("div",
		attr("class", "banner"),
		el("p", el("strong", text(p.Message))),
		g.If(p.Hint != "", el("p", text(p.Hint))),
	)
}

// soFar is how the day went.
func (v todayView) soFar() g.Node {
	w := &words.Page
	return el("section",
		attr("class", "card"), attr("aria-labelledby", "day-head"), attr("id", "day"),
		el("h2", attr("id", "day-head"), text(w.DayTitle)),
		el("p", attr("class", "lead"), text(v.Report.Well)),
		g.If(v.Ribbon != "", el("figure", v.Ribbon.node(), el("figcaption", keys(v.Keys)))),
		reportFacts(v.Report),
		g.If(len(v.Hours) > 0, el("details",
			attr("class", "data"),
			el("summary", text(w.ByHour)),
			el("ul", attr("class", "hours"), g.Map(v.Hours, item)),
		)),
	)
}
