package server

import (
	"context"
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
		changed := s.backend.Changed() // before the state, so that no change falls between the two
		state, err := s.newest(r.Context(), changed)
		if err != nil || r.Context().Err() != nil {
			return nil, nil
		}
		if first || state.rev != sent {
			sent = state.rev
			if writeEvent(w, rc, "", state.line) != nil {
				return nil, nil // the client has gone, or reads too slowly to be worth keeping
			}
		}
		select {
		case <-changed:
		case link := <-links:
			line, err := json.Marshal(api.PageLink{Link: link})
			if err != nil || writeEvent(w, rc, api.EventOpen, line) != nil {
				return nil, nil
			}
		case <-r.Context().Done():
			return nil, nil
		}
	}
}

// An encoded state is shared by those who follow the states: they all want it at the same moment. It is never changed.
type encoded struct {
	changed <-chan struct{} // is closed when there is a newer one
	at      time.Time
	rev     uint64
	line    []byte
}

// shared is for how long a state is given to others, too: what it counts up to is a little earlier then.
const shared = 100 * time.Millisecond

// newest is the state, not older than changed.
func (s *Server) newest(ctx context.Context, changed <-chan struct{}) (*encoded, error) {
	if e := s.last.Load(); e != nil && e.changed == changed && time.Since(e.at) < shared {
		return e, nil
	}
	e := &encoded{changed: changed, at: time.Now()}
	state := s.backend.State(ctx)
	if err := ctx.Err(); err != nil { // it may be without what had to be asked for
		return nil, err
	}
	line, err := json.Marshal(state)
	if err != nil {
		return nil, err
	}
	e.rev, e.line = state.Rev, line
	s.last.Store(e)
	return e, nil
}

// writeEvent sends one line of JSON as `data:` and pushes it out. States are events without a name.
func writeEvent(w http.ResponseWriter, rc *http.ResponseController, name string, line []byte) error {
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
