package page

import (
	"html/template"
	"net/http"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// A todayView is the day: how long in the chair now, and how it went so far.
type todayView struct {
	Arc    arc
	Report words.HistoryReport
	Ribbon template.HTML
	Hours  []string // the same in words
	Keys   []key
}

func (l *live) today(r *http.Request, s api.State) (any, error) {
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

// session is the session itself, which is in the state; beside it stands when to stop.
func (l *live) session(*http.Request, api.State) (any, error) {
	safety := l.backend.Safety()
	return struct {
		Safety    words.Safety
		Expecting bool
		Ring      arc
	}{safety, l.expecting.Load(), arc{Length: ringLength}}, nil
}
