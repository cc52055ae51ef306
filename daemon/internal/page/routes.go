package page

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	g "maragu.dev/gomponents"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

const (
	pathOpen = "/open"
	// maxForm is far above any form of ours.
	maxForm = 16 << 10
)

// A route is the handlers of one path by method. What answers GET changes nothing.
type route struct {
	get, post func(http.ResponseWriter, *http.Request)
}

// table is every route there is. A path is matched whole.
func (l *live) table() map[string]route {
	routes := map[string]route{
		pathOpen:       {get: l.open},
		"/":            {get: l.home},
		"/today":       {get: l.view("today", l.today)},
		"/session":     {get: l.view("session", l.session)},
		"/history":     {get: l.view("history", l.history)},
		"/exercises":   {get: l.view("exercises", l.moves)},
		"/exercise":    {get: l.view("exercise", l.move)},
		"/read":        {get: l.view("read", l.read)},
		"/you":         {get: l.view("you", l.you), post: l.tell},
		"/you/allow":   {post: l.allow},
		"/plan":        {get: l.plan},
		"/settings":    {get: l.view("settings", l.settings), post: l.set},
		"/events":      {get: l.events},
		"/values":      {get: l.values},
		"/figure":      {get: l.figure},
		"/figure.css":  {get: l.figureStyle},
		"/export.json": {get: l.exportJSON},
		"/export.csv":  {get: l.exportCSV},
		"/tab":         {post: l.tabTells},
		"/erase":       {post: l.erase},
	}
	for name := range orders {
		routes["/do/"+name] = route{post: l.do(name)}
	}
	for _, name := range assetNames() {
		routes["/asset/"+name] = route{get: asset(name)}
	}
	return routes
}

// orders are what can be asked for on the page, each with the words it may take; nil: none.
var orders = map[string][]string{
	"stretch": nil, "snooze": {""}, "skip": nil, "pause": {"1h", "tomorrow"}, "resume": nil, "was": {"sitting", "away"},
	"session/next": nil, "session/back": nil, "session/pause": nil, "session/resume": nil, "session/stop": nil,
	"session/hurt": nil, "session/feeling": {"better", "same", "worse"},
}

// ServeHTTP answers one request.
func (l *live) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	harden(w.Header())
	if closed := l.guard.check(r); closed != nil {
		l.page.Log.Debug("a request to the page was refused", "why", closed.words)
		refuse(w, *closed)
		return
	}
	l.touch()
	rt, known := l.routes[r.URL.Path]
	switch {
	case !known:
		refuse(w, closedDoor{http.StatusNotFound, words.PageNothingHere})
	case r.Method == http.MethodGet && rt.get != nil:
		rt.get(w, r)
	case r.Method == http.MethodPost && rt.post != nil:
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		rt.post(w, r)
	default:
		w.Header().Set("Allow", rt.allow())
		refuse(w, closedDoor{http.StatusMethodNotAllowed, words.PageNothingHere})
	}
}

func (rt route) allow() string {
	if rt.get == nil {
		return http.MethodPost
	}
	if rt.post == nil {
		return http.MethodGet
	}
	return http.MethodGet + ", " + http.MethodPost
}

// figure is the picture of an exercise, which the view of the session puts into itself.
func (l *live) figure(w http.ResponseWriter, r *http.Request) {
	picture := l.backend.Figure(r.URL.Query().Get("exercise"), r.URL.Query().Get("side"))
	if picture == nil {
		w.WriteHeader(http.StatusNoContent) // no mistake: not every movement has one
		return
	}
	send(w, http.StatusOK, kinds[".svg"], picture)
}

func (l *live) figureStyle(w http.ResponseWriter, _ *http.Request) {
	send(w, http.StatusOK, kinds[".css"], []byte(l.backend.FigureStyle()))
}

// home is the session while one runs or is about to begin, and else the day.
func (l *live) home(w http.ResponseWriter, r *http.Request) {
	to := "/today"
	if l.expecting.Load() || l.backend.State(r.Context()).Session != nil {
		to = "/session"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// do carries out an order.
func (l *live) do(name string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		o := Order{Name: name, Word: r.PostFormValue("word")}
		if name == "stretch" {
			o.Stretch = asked(r.PostForm)
		}
		if allowed := orders[name]; o.Word != "" && !slices.Contains(allowed, o.Word) && name != "snooze" {
			answer(w, r, &complaint{words.Page.Failed}, "/")
			return
		}
		err := l.backend.Do(r.Context(), o)
		switch {
		case wantsJSON(r) && err == nil && name == "session/feeling":
			s := l.backend.State(r.Context())
			writeJSON(w, http.StatusOK, map[string]string{
				"thanks": words.FeelingThanks(o.Word, s.WorseRunning, l.backend.Safety()),
			})
		case wantsJSON(r) && err == nil:
			writeJSON(w, http.StatusOK, l.stateView(l.backend.State(r.Context())))
		case name == "stretch" || strings.HasPrefix(name, "session/"):
			answer(w, r, err, "/session")
		default:
			answer(w, r, err, "/today")
		}
	}
}

// A complaint is what is wrong with a request, in words.
type complaint struct{ words string }

func (c *complaint) Error() string { return c.words }

func (c *complaint) Detail() api.ErrorDetail {
	return api.ErrorDetail{Code: api.CodeInvalid, Message: c.words}
}

// detailed is an error that knows how it is told.
type detailed interface {
	error
	Detail() api.ErrorDetail
}

// fault is err as it is told.
func fault(err error) (status int, told api.ErrorDetail) {
	d, ok := errors.AsType[detailed](err)
	if !ok {
		return http.StatusInternalServerError, api.ErrorDetail{Code: api.CodeFailed, Message: err.Error()}
	}
	told = d.Detail()
	switch told.Code {
	case api.CodeInvalid:
		return http.StatusBadRequest, told
	case api.CodeRefused:
		return http.StatusConflict, told
	}
	return http.StatusInternalServerError, told
}

// wantsJSON tells our scripts from a form that is sent without them.
func wantsJSON(r *http.Request) bool { return r.Header.Get("Accept") == "application/json" }

// answer ends a POST: to a script in JSON, to a form by leading on.
func answer(w http.ResponseWriter, r *http.Request, err error, next string) {
	if err == nil {
		if wantsJSON(r) {
			writeJSON(w, http.StatusOK, struct{}{})
			return
		}
		http.Redirect(w, r, next, http.StatusSeeOther)
		return
	}
	status, told := fault(err)
	if wantsJSON(r) {
		writeJSON(w, status, api.Error{Error: told})
		return
	}
	http.Redirect(w, r, next+"?"+url.Values{"wrong": {told.Message}}.Encode(), http.StatusSeeOther)
}

// writeJSON sends v. A browser that has gone is no error of ours.
func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{}`)
	}
	send(w, status, "application/json", body)
}

func send(w http.ResponseWriter, status int, kind string, body []byte) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(patience))
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// A viewData is what every view is made of; What is its own.
type viewData struct {
	View  string
	Title string
	State stateView
	Wrong string // why the last form did nothing

	Script  string // what moves it, named like a view
	Figures bool   // there are some on it
	What    content
}

// viewTitles are the views there are.
var viewTitles = map[string]string{
	"today": words.Page.Today, "session": words.Page.Session, "history": words.Page.History, "settings": words.Page.Settings,
	"exercises": words.Page.Catalogue.Title, "exercise": words.Page.Catalogue.Title, "read": words.Page.Catalogue.Reading,
	"you": words.Page.AboutYou.Title,
}

// view renders a page.
func (l *live) view(name string, what func(*http.Request, api.State) (content, error)) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		s := l.backend.State(r.Context())
		v := viewData{View: name, Title: viewTitles[name], State: l.stateView(s), Script: name}
		switch name {
		case "exercise", "read":
			v.Script = "base" // they only listen
		}
		v.Figures = name == "session" || name == "exercise" || name == "exercises"
		v.Wrong = clip(r.URL.Query().Get("wrong"))
		var err error
		switch v.What, err = what(r, s); {
		case errors.Is(err, errNothingHere):
			refuse(w, closedDoor{http.StatusNotFound, words.PageNothingHere})
			return
		case err != nil:
			l.failed(w, name, err)
			return
		}
		if named, ok := v.What.(interface{ title() string }); ok {
			v.Title = named.title()
		}
		l.render(w, name, frame(v))
	}
}

// render sends what a view is made of.
func (l *live) render(w http.ResponseWriter, view string, n g.Node) {
	var body bytes.Buffer
	if err := n.Render(&body); err != nil {
		l.failed(w, view, err)
		return
	}
	send(w, http.StatusOK, "text/html; charset=utf-8", body.Bytes())
}

// failed tells that a view cannot be made.
func (l *live) failed(w http.ResponseWriter, view string, err error) {
	l.page.Log.Error("the page cannot be shown", "view", view, "error", err)
	_, told := fault(err)
	refuse(w, closedDoor{http.StatusInternalServerError, told.Message})
}

// clip keeps what is told in an address short.
func clip(s string) string {
	const most = 300
	if len(s) > most {
		return s[:most]
	}
	return s
}
