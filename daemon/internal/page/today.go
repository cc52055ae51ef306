package page

import (
	"net/http"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// A todayView is the day: how long in the chair now, and how it went so far.
type todayView struct {
	Arc    arc
	Report words.HistoryReport
	Ribbon svg
	Hours  []string // the same in words
	Keys   []key
}

func (l *live) today(r *http.Request, s api.State) (content, error) {
	h, err := l.backend.History(r.Context(), "today")
	if err != nil {
		return nil, err
	}
	v := l.stateView(s)
	return todayView{
		Arc: newArc(v), Report: words.History(h, l.backend.Zone(), true), Ribbon: ribbon(h.Ribbon),
		Hours: words.HistoryHours(h.Ribbon), Keys: ribbonKeys,
	}, nil
}

// session is the session itself, which is in the state; beside it stands when to stop, or what to choose from.
func (l *live) session(r *http.Request, s api.State) (content, error) {
	v := sessionPage{Safety: l.backend.Safety(), Expecting: l.expecting.Load(), Ring: arc{Length: ringLength}}
	set := l.backend.Settings().Values
	v.Voice, v.Sound = typed(set["session.voice"]) == "true", typed(set["session.sound"]) == "true"
	if s.Session == nil && !v.Expecting {
		choose := l.choose(r)
		v.Choose = &choose
	}
	return v, nil
}

// A sessionPage is what there is beside the session itself.
type sessionPage struct {
	Safety    words.Safety
	Expecting bool // a session is about to begin
	Ring      arc
	Voice     bool // steps are read out, and a change is heard, where this browser has no wish of its own
	Sound     bool
	Choose    *chooseView // while none runs
}
