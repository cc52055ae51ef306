package server

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
)

// maxWatchers bounds the connections that never end; what is left of maxConns stays free for commands.
const maxWatchers = 32

// events sends the state now and after each change, as server-sent events. Each is whole and the newest wins: what
// changed while a client was slow to read is left out, never queued, and no other client waits for it.
func (s *Server) events(w http.ResponseWriter, r *http.Request) (any, error) {
	select {
	case s.watchers <- struct{}{}:
		defer func() { <-s.watchers }()
	default:
		w.Header().Set("Connection", "close") // else it keeps one of the places that are for commands until it has been idle
		return nil, &Refusal{"too many programs are watching already", "close one of them"}
	}
	rc := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")

	var links <-chan string // nil for whoever cannot open any
	if r.URL.RawQuery == api.QueryOpens {
		links = s.backend.Links()
	}
	var sent uint64
	for first := true; ; first = false {
		changed := s.backend.Changed() // before State, so that no change falls between the two
		state := s.backend.State(r.Context())
		if r.Context().Err() != nil {
			return nil, nil
		}
		if first || state.Rev != sent {
			sent = state.Rev
			if writeEvent(w, rc, "", state) != nil {
				return nil, nil // the client has gone, or reads too slowly to be worth keeping
			}
		}
		select {
		case <-changed:
		case link := <-links:
			if writeEvent(w, rc, api.EventOpen, api.PageLink{Link: link}) != nil {
				return nil, nil
			}
		case <-r.Context().Done():
			return nil, nil
		}
	}
}

// writeEvent sends one value as a `data:` line and pushes it out. States are events without a name.
func writeEvent(w http.ResponseWriter, rc *http.ResponseController, name string, value any) error {
	line, err := json.Marshal(value)
	if err != nil {
		return err
	}
	_ = rc.SetWriteDeadline(time.Now().Add(patience))
	if name != "" {
		name = "event: " + name + "\n"
	}
	for _, part := range [][]byte{[]byte(name), []byte("data: "), line, []byte("\n\n")} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return rc.Flush()
}
