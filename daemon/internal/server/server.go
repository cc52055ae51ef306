// Package server lets the person's own programs talk to the daemon: HTTP and JSON on a private unix socket, closed
// to browsers and to other users.
package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
)

// Backend is what the server needs of the daemon. All methods may be called from several goroutines at once.
// An error with a method `Detail() api.ErrorDetail` (Refusal, Invalid) is sent as that; any other is a failure.
type Backend interface {
	// State is the newest state, its live figures counted up to now.
	State(ctx context.Context) api.State
	// Changed is closed when a state newer than those handed out so far exists; ask again after.
	Changed() <-chan struct{}
	// Do carries out what the person asked and returns when it is done and would survive a crash.
	Do(ctx context.Context, c Command) error
	// Plan is the session that the request would start, and why.
	Plan(ctx context.Context, r api.PlanRequest) (api.Plan, error)
	// Routines is the catalogue.
	Routines() api.Routines
	// Settings are those in force.
	Settings() api.Settings
	// SetSetting changes one key in the person's file. The value is as one would type it.
	SetSetting(ctx context.Context, key, value string) error
	// Page brings the page into sight.
	Page(ctx context.Context, r api.PageRequest) (api.PageLink, error)
	// Links are those that somebody who can is to open in the person's browser.
	Links() <-chan string
	// Doctor examines all parts.
	Doctor(ctx context.Context) api.Doctor
	// History is what happened in a period: "today", "week", "month" or "year".
	History(ctx context.Context, period string) (api.History, error)
	// Profile is what is known of the person.
	Profile(ctx context.Context) api.Profile
	// SetProfile changes it, all of the changes or none, and returns when they would survive a crash. Keys and values are
	// as one would type them.
	SetProfile(ctx context.Context, changes map[string]string) error
	// Erase forgets the history for ever.
	Erase(ctx context.Context) error
	// EventLog writes the last events as JSON lines.
	EventLog(w io.Writer) error
	// Quit asks the daemon to end; it does not wait for that.
	Quit()
}

// A Command is one action or session control, decoded and checked in form but not against the rules.
type Command struct {
	Name     string             // as after /v1/: "snooze", "was", "session/next"
	Duration time.Duration      // of snooze, pause, sit, meeting and was; 0 when none was given
	Tomorrow bool               // pause until the next day starts
	Off      bool               // the meeting is over
	Posture  string             // of was: sitting standing away
	Stretch  api.StretchRequest // of stretch
	Feeling  string             // of session/feeling: better same worse
}

// A Refusal is a rule saying no to something well formed: exit code 4, HTTP 409.
type Refusal struct{ Message, Hint string }

func (r *Refusal) Error() string { return r.Message }

// Detail is the refusal as it goes over the wire.
func (r *Refusal) Detail() api.ErrorDetail {
	return api.ErrorDetail{Code: api.CodeRefused, Message: r.Message, Hint: r.Hint}
}

// Invalid is a request that makes no sense, such as an unknown routine: exit code 2, HTTP 400.
type Invalid struct{ Message, Hint string }

func (i *Invalid) Error() string { return i.Message }

// Detail is the complaint as it goes over the wire.
func (i *Invalid) Detail() api.ErrorDetail {
	return api.ErrorDetail{Code: api.CodeInvalid, Message: i.Message, Hint: i.Hint}
}

const (
	// maxBody is far above any request of ours and far below what would hurt.
	maxBody = 64 << 10
	// maxHeader leaves room for what curl sends.
	maxHeader = 16 << 10
	// patience is how long a client may take to send its request or to read its answer. Clients are on the same
	// machine: one that needs longer is stopped.
	patience = 5 * time.Second
	// idle is how long an unused connection stays open.
	idle = 30 * time.Second
	// goodbye is how long running requests get when the daemon ends.
	goodbye = 2 * time.Second
)

// A Server answers the local API.
type Server struct {
	backend  Backend
	log      *slog.Logger
	routes   map[string]route
	watchers chan struct{} // a place for each; see maxWatchers
	last     atomic.Pointer[encoded]
}

// New makes a server for b. The log hears of connections that broke the rules.
func New(b Backend, log *slog.Logger) *Server {
	s := &Server{backend: b, log: log, watchers: make(chan struct{}, maxWatchers)}
	s.routes = s.table()
	return s
}

// Serve answers requests on l until ctx ends, and closes l. It returns nil when ctx ended it.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	// Requests that wait (events) end with stop, so that Shutdown has nothing to wait for.
	requests, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	h := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: patience,
		IdleTimeout:       idle,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
		BaseContext:       func(net.Listener) context.Context { return requests },
		ConnContext:       rememberPeer,
	}
	ended := make(chan struct{})
	defer context.AfterFunc(ctx, func() {
		defer close(ended)
		stop()
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
		defer cancel()
		if h.Shutdown(late) != nil {
			h.Close()
		}
	})()
	if err := h.Serve(newGate(l)); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	<-ended
	return nil
}
