package page

import (
	"fmt"
	"math"
	"strconv"

	g "maragu.dev/gomponents"

	"github.com/unhunch/unhunch/daemon/words"
)

// main is the view of a session: all its moments, of which data-phase picks the one that shows.
func (v sessionPage) main(d viewData) g.Node {
	return el("div",
		attr("class", "session"), attr("id", "session"),
		attr("data-voice", strconv.FormatBool(v.Voice)), attr("data-sound", strconv.FormatBool(v.Sound)),
		attr("data-phase", v.phase(d.State.Session)),
		el("section",
			attr("class", "play"), attr("aria-labelledby", "name"),
			v.stage(d.State.Session),
			sessionStep(d.State.Session),
			sessionControls(),
			sessionExtras(),
		),
		v.hurt(),
		sessionDone(d.State.Session),
		sessionStopped(),
		sessionSoon(),
		v.none(),
		el("p", attr("class", "unseen"), attr("id", "say"), attr("aria-live", "assertive")),
		el("dialog",
			attr("id", "signs"), attr("aria-labelledby", "signs-head"),
			el("h2", attr("id", "signs-head"), text(words.Page.WhenToStop)),
			tiers(v.Safety),
			el("form",
				attr("method", "dialog"), attr("class", "actions"),
				el("button", attr("class", "primary"), text(words.Page.Close)),
			),
		),
	)
}

// phase is the moment to show first.
func (v sessionPage) phase(s *sessionView) string {
	switch {
	case s != nil:
		return s.Phase
	case v.Expecting:
		return "soon"
	}
	return "none"
}

// stage is the figure in the ring of the time that is left.
func (v sessionPage) stage(s *sessionView) g.Node {
	digits := ""
	if s != nil {
		digits = clock(s.StepLeftS)
	}
	label := attr("aria-label", words.Page.Ring)
	return el("div",
		attr("class", "stage"),
		ring(v.Ring, attr("class", "ring"), label),
		el("div", attr("class", "figure"), attr("id", "figure")),
		el("p", attr("class", "digits"), attr("id", "digits"), attr("role", "timer"), label, text(digits)),
	)
}

// sessionStep is what to do now. Where no session runs it is empty, to be filled in.
func sessionStep(running *sessionView) g.Node {
	var s sessionView
	most, left := "1", ""
	if running != nil {
		s = *running
		most, left = fmt.Sprint(s.LengthS), clock(s.LeftS)
	}
	return el("div",
		attr("class", "step"),
		el("p",
			attr("class", "above"),
			el("span", attr("id", "above"), text(s.Above)),
			el("span", attr("class", "side"), attr("id", "side"), hidden(s.SideWords == ""), text(s.SideWords)),
		),
		el("h2", attr("id", "name"), text(s.Name)),
		el("p", attr("class", "cue"), attr("id", "cue"), text(s.Cue)),
		el("div",
			attr("class", "way"),
			el("progress", attr("id", "progress"), attr("max", most), attr("value", "0"), attr("aria-labelledby", "where")),
			el("p",
				attr("class", "where"),
				el("span", attr("id", "where"), text(s.Progress)),
				el("span", el("span", attr("id", "left"), text(left)), text(" "+words.Page.Left)),
			),
		),
		el("p", attr("class", "next"), attr("id", "next"), text(s.Next)),
	)
}

// order is a button that a script makes a request of, with the key that does the same.
func order(does, key, label string, more ...g.Node) g.Node {
	return el("button", attr("data-do", does), attr("aria-keyshortcuts", key), text(label), g.Group(more))
}

func sessionControls() g.Node {
	w := &words.Page
	return el("div",
		attr("class", "controls"), attr("role", "group"), attr("aria-label", w.Controls),
		order("session/back", "b", w.Back),
		order("session/pause", "Space", w.Pause, attr("class", "primary"), attr("id", "pause")),
		order("session/resume", "Space", w.GoOn, attr("class", "primary"), attr("id", "resume"), hidden(true)),
		order("session/next", "n", w.Next),
		order("session/hurt", "h", w.Hurt, attr("class", "care")),
		order("session/stop", "q", w.Stop, attr("class", "quiet")),
	)
}

// sessionExtras are wished for once, or seldom.
func sessionExtras() g.Node {
	w := &words.Page
	toggle := func(id, key, label string) g.Node {
		return el("button",
			attr("class", "quiet toggle"), attr("id", id), attr("aria-pressed", "false"),
			attr("aria-keyshortcuts", key), text(label),
		)
	}
	return el("div",
		attr("class", "extras"),
		el("button",
			attr("class", "quiet"), attr("id", "signs-open"), attr("aria-haspopup", "dialog"), attr("aria-keyshortcuts", "?"),
			text(w.WhenToStop),
		),
		toggle("voice", "v", w.Voice),
		toggle("sound", "m", w.Sound),
		el("details",
			attr("class", "keylist"),
			el("summary", text(w.Keys)),
			el("label",
				attr("class", "check"),
				el("input", attr("type", "checkbox"), attr("id", "keys-on"), attr("checked")), text(" "+w.KeysOn),
			),
			el("dl",
				keyMeans(w.KeySpace, "space"), keyMeans(w.KeyNext, "n", "→"), keyMeans(w.KeyBack, "b", "←"),
				keyMeans(w.KeyHurt, "h"), keyMeans(w.KeySigns, "?"), keyMeans(w.KeyStop, "q"),
				keyMeans(w.KeyVoice, "v"), keyMeans(w.KeySound, "m"),
			),
		),
	)
}

// keyMeans says what keys do, any one of them.
func keyMeans(what string, names ...string) g.Node {
	var pressed g.Group
	for i, key := range names {
		if i > 0 {
			pressed = append(pressed, text(" "))
		}
		pressed = append(pressed, el("kbd", text(key)))
	}
	return el("div", el("dt", pressed), el("dd", text(what)))
}

// hurt is shown after “that hurt”.
func (v sessionPage) hurt() g.Node {
	w := &words.Page
	return el("section",
		attr("class", "card hurt"), attr("aria-labelledby", "hurt-head"),
		el("h2", attr("id", "hurt-head"), text(w.Stopped)),
		tiers(v.Safety),
		el("div",
			attr("class", "actions"),
			order("session/stop", "Enter", w.StopHere, attr("class", "primary"), attr("id", "stop-here")),
			order("session/resume", "g", w.Gently),
		),
	)
}

// sessionDone is the end, which may ask how it was.
func sessionDone(s *sessionView) g.Node {
	w := &words.Page
	done, asks := "", false
	if s != nil {
		done, asks = s.Done, s.CheckIn
	}
	feel := func(how, label string) g.Node { return el("button", attr("data-feel", how), text(label)) }
	return el("section",
		attr("class", "card end"), attr("aria-labelledby", "done-head"),
		el("h2", attr("id", "done-head"), attr("tabindex", "-1"), text(w.Done)),
		el("p", attr("class", "lead"), el("span", attr("id", "done-what"), text(done)), text(" "+w.DoneBody)),
		el("div",
			attr("id", "feeling"), hidden(!asks),
			el("p", attr("id", "feeling-ask"), text(w.Feeling)),
			el("div",
				attr("class", "actions"), attr("role", "group"), attr("aria-labelledby", "feeling-ask"),
				feel("better", w.Better), feel("same", w.Same), feel("worse", w.Worse),
			),
		),
		el("p", attr("id", "thanks"), attr("role", "status"), attr("class", "pre")),
		el("p", attr("class", "muted"), text(w.MayClose)),
	)
}

// sessionStopped is the end that the person has made.
func sessionStopped() g.Node {
	w := &words.Page
	return el("section",
		attr("class", "card stopped"), attr("aria-labelledby", "stopped-head"),
		el("h2", attr("id", "stopped-head"), attr("tabindex", "-1"), text(w.Stopped)),
		el("p", attr("class", "lead"), text(w.StoppedHint)),
		el("p", attr("class", "muted"), text(w.MayClose)),
		el("p", attr("class", "actions"), el("a", attr("class", "button"), attr("href", "/session"), text(w.ToChoose.Other))),
	)
}

// sessionSoon is shown until the session begins.
func sessionSoon() g.Node {
	return el("section",
		attr("class", "card soon"), attr("aria-labelledby", "soon-head"),
		el("h2", attr("id", "soon-head"), text(words.Page.Wait)),
		el("p", attr("class", "lead"), text(words.Page.Getting)),
	)
}

// none is what to choose from while no session runs.
func (v sessionPage) none() g.Node {
	in := g.Group{
		el("h2", attr("id", "none-head"), text(words.Page.NoSession)),
		el("p",
			attr("class", "actions"),
			el("a", attr("class", "button primary"), attr("href", "/session"), text(words.Page.ToChoose.Other)),
		),
	}
	if v.Choose != nil {
		in = v.Choose.nodes()
	}
	return el("section", attr("class", "none"), attr("aria-labelledby", "none-head"), in)
}

// clock is a time that is left, as it counts down.
func clock(s float64) string {
	left := int(math.Ceil(s))
	return fmt.Sprintf("%d:%02d", left/60, left%60)
}
