package page

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/unhunch/unhunch/daemon/words"
)

// events sends the state now and after each change, and what the tab is told besides. A tab that reads slowly misses
// states, never the newest.
func (l *live) events(w http.ResponseWriter, r *http.Request) {
	t := l.connect(r.URL.Query().Get("tab"))
	if t == nil {
		refuse(w, closedDoor{http.StatusTooManyRequests, words.PageTooMany})
		return
	}
	defer l.leave(t)
	rc := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = w.Write([]byte("retry: 500\n\n")) // a daemon that restarts is back within a second
	var sent uint64
	for first := true; ; first = false {
		changed := l.backend.Changed() // before State, so that no change falls between the two
		s := l.backend.State(r.Context())
		if r.Context().Err() != nil {
			return
		}
		if first || s.Rev != sent {
			sent = s.Rev
			if writeEvent(w, rc, "state", l.stateView(s)) != nil {
				return
			}
		}
		select {
		case <-changed:
		case event := <-t.tell:
			if writeEvent(w, rc, event, struct{}{}) != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-l.requests.Done():
			return
		}
	}
}

func writeEvent(w http.ResponseWriter, rc *http.ResponseController, event string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_ = rc.SetWriteDeadline(time.Now().Add(patience))
	if _, err := w.Write([]byte("event: " + event + "\ndata: " + string(body) + "\n\n")); err != nil {
		return err
	}
	return rc.Flush()
}

// tabTells takes in whether a tab can be seen, and whether it shows a session.
func (l *live) tabTells(w http.ResponseWriter, r *http.Request) {
	visible := r.PostFormValue("visible") == "true"
	l.sees(r.PostFormValue("tab"), visible)
	if id := r.PostFormValue("session"); visible && id != "" {
		l.backend.Seen(id)
	}
	w.WriteHeader(http.StatusNoContent)
}
