package server

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
)

// hostName is the Host that our clients send. A browser that was led here sends another.
const hostName = "unhunch"

// A handler answers a request with a value that becomes JSON, or with an error. A nil value means that it has
// written its answer itself.
type handler func(w http.ResponseWriter, r *http.Request) (any, error)

// A route is the handlers of one path by method.
type route map[string]handler

// table is every route there is. A path is matched whole, so nothing is cleaned, redirected or captured.
func (s *Server) table() map[string]route {
	routes := map[string]route{
		api.PathState:  {http.MethodGet: s.state},
		api.PathEvents: {http.MethodGet: s.events},
		api.PathDoctor: {http.MethodGet: s.doctor},
		api.PathLog:    {http.MethodGet: s.eventLog},
		api.PathRout:   {http.MethodGet: s.catalogue},
		api.PathConfig: {http.MethodGet: s.settings, http.MethodPatch: s.set},
		api.PathPlan:   {http.MethodPost: s.plan},
		api.PathPage:   {http.MethodPost: s.page},
		api.PathQuit:   {http.MethodPost: s.quit},

		api.PathHistory: {http.MethodGet: s.history},
		api.PathErase:   {http.MethodPost: s.erase},
		api.PathProfile: {http.MethodGet: s.profile, http.MethodPatch: s.setProfile},
	}
	routes[api.PathFeeling] = route{http.MethodPost: s.do("session/feeling", decodeFeeling)}
	for name, decode := range actions {
		routes[api.PathActions+name] = route{http.MethodPost: s.do(name, decode)}
	}
	for _, name := range []string{"next", "back", "pause", "resume", "stop", "hurt"} {
		routes[api.PathSession+name] = route{http.MethodPost: s.do("session/"+name, decodeNothing)}
	}
	return routes
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	value, err := s.answer(w, r)
	switch {
	case err != nil:
		writeError(w, err)
	case value != nil:
		writeJSON(w, http.StatusOK, value)
	}
}

// answer finds the handler for r and runs it.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) (any, error) {
	if err := checkRequest(r); err != nil {
		s.log.Warn("request refused", "why", err)
		w.Header().Set("Connection", "close")
		return nil, err
	}
	methods, ok := s.routes[r.URL.Path]
	if !ok {
		return nil, &wrong{http.StatusNotFound, fmt.Sprintf("nothing at %q", r.URL.Path)}
	}
	h, ok := methods[r.Method]
	if !ok {
		w.Header().Set("Allow", methods.allow())
		return nil, &wrong{http.StatusMethodNotAllowed, fmt.Sprintf("%s takes %s", r.URL.Path, methods.allow())}
	}
	if err := receive(w, r); err != nil {
		return nil, err
	}
	return h(w, r)
}

// receive takes the whole body off the wire, within patience and maxBody. The deadline must be gone before the
// handler runs: net/http goes on reading, to learn when the client leaves, and would take it for that.
func receive(w http.ResponseWriter, r *http.Request) error {
	rc := http.NewResponseController(w)
	_ = rc.SetReadDeadline(time.Now().Add(patience))
	defer func() { _ = rc.SetReadDeadline(time.Time{}) }()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return complain(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// allow lists the methods of a route, in an order that does not change.
func (r route) allow() string {
	var all []string
	for _, m := range []string{http.MethodGet, http.MethodPatch, http.MethodPost} {
		if r[m] != nil {
			all = append(all, m)
		}
	}
	return strings.Join(all, ", ")
}

// wrong is a request that is not one of ours.
type wrong struct {
	status  int
	message string
}

func (e *wrong) Error() string { return e.message }

func (e *wrong) Detail() api.ErrorDetail {
	return api.ErrorDetail{Code: api.CodeInvalid, Message: e.message}
}

// detailed is an error that knows how it goes over the wire.
type detailed interface {
	error
	Detail() api.ErrorDetail
}

// writeError sends err as {"error": …} with the status of its code.
func writeError(w http.ResponseWriter, err error) {
	detail := api.ErrorDetail{Code: api.CodeFailed, Message: err.Error()}
	var d detailed
	if errors.As(err, &d) {
		detail = d.Detail()
	}
	status := http.StatusInternalServerError
	switch detail.Code {
	case api.CodeInvalid:
		status = http.StatusBadRequest
	case api.CodeRefused:
		status = http.StatusConflict
	case api.CodeForbidden:
		status = http.StatusForbidden
	}
	var own *wrong
	if errors.As(err, &own) {
		status = own.status
	}
	writeJSON(w, status, api.Error{Error: detail})
}

// writeJSON sends v. A client that has gone is no error of ours.
func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":{"code":"failed","message":"answer not encodable"}}`)
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(patience))
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}

func (s *Server) state(_ http.ResponseWriter, r *http.Request) (any, error) {
	return s.backend.State(r.Context()), nil
}

func (s *Server) doctor(_ http.ResponseWriter, r *http.Request) (any, error) {
	return s.backend.Doctor(r.Context()), nil
}

func (s *Server) catalogue(http.ResponseWriter, *http.Request) (any, error) {
	return s.backend.Routines(), nil
}

func (s *Server) settings(http.ResponseWriter, *http.Request) (any, error) {
	return s.backend.Settings(), nil
}

// set changes one setting. Several at once could end half done, so they are refused.
func (s *Server) set(_ http.ResponseWriter, r *http.Request) (any, error) {
	var change map[string]string
	if err := decode(r, &change); err != nil {
		return nil, err
	}
	if len(change) != 1 {
		return nil, &Invalid{fmt.Sprintf("one setting at a time, got %d", len(change)), `send {"sitting.limit": "30m"}`}
	}
	for key, value := range change {
		if err := s.backend.SetSetting(r.Context(), key, value); err != nil {
			return nil, err
		}
	}
	return s.backend.Settings(), nil
}

func (s *Server) profile(_ http.ResponseWriter, r *http.Request) (any, error) {
	return s.backend.Profile(r.Context()), nil
}

func (s *Server) setProfile(_ http.ResponseWriter, r *http.Request) (any, error) {
	var changes map[string]string
	if err := decode(r, &changes); err != nil {
		return nil, err
	}
	if err := s.backend.SetProfile(r.Context(), changes); err != nil {
		return nil, err
	}
	return s.backend.Profile(r.Context()), nil
}

func (s *Server) plan(_ http.ResponseWriter, r *http.Request) (any, error) {
	request, err := decodePlan(r)
	if err != nil {
		return nil, err
	}
	return s.backend.Plan(r.Context(), request)
}

func (s *Server) page(_ http.ResponseWriter, r *http.Request) (any, error) {
	var request api.PageRequest
	if err := decode(r, &request); err != nil {
		return nil, err
	}
	return s.backend.Page(r.Context(), request)
}

func (s *Server) history(_ http.ResponseWriter, r *http.Request) (any, error) {
	return s.backend.History(r.Context(), cmp.Or(r.URL.Query().Get("period"), "today"))
}

func (s *Server) erase(_ http.ResponseWriter, r *http.Request) (any, error) {
	if err := decode(r, &struct{}{}); err != nil {
		return nil, err
	}
	if err := s.backend.Erase(r.Context()); err != nil {
		return nil, err
	}
	return s.backend.State(r.Context()), nil
}

// quit answers before the daemon ends, which takes this connection with it.
func (s *Server) quit(w http.ResponseWriter, r *http.Request) (any, error) {
	if err := decode(r, &struct{}{}); err != nil {
		return nil, err
	}
	writeJSON(w, http.StatusOK, s.backend.State(r.Context()))
	s.backend.Quit()
	return nil, nil
}

// eventLog streams the log. Its length is known only at the end, so a failure half way can only break the
// connection off.
func (s *Server) eventLog(w http.ResponseWriter, _ *http.Request) (any, error) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(patience))
	if err := s.backend.EventLog(w); err != nil {
		s.log.Warn("event log not sent", "err", err)
		panic(http.ErrAbortHandler)
	}
	return nil, nil
}

// do makes the handler of one action: decode, carry out, answer with the new state.
func (s *Server) do(name string, decode func(*http.Request) (Command, error)) handler {
	return func(_ http.ResponseWriter, r *http.Request) (any, error) {
		c, err := decode(r)
		if err != nil {
			return nil, err
		}
		c.Name = name
		if err := s.backend.Do(r.Context(), c); err != nil {
			return nil, err
		}
		return s.backend.State(r.Context()), nil
	}
}
