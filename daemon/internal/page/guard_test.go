package page

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// A fake is a daemon that notes down what it is asked to do.
type fake struct {
	mu      sync.Mutex
	state   api.State
	changed chan struct{}
	did     []string
	days    map[string]api.History

	catalogue api.Routines
	profile   api.Profile
}

func newFake() *fake {
	return &fake{changed: make(chan struct{}), state: api.State{Rev: 1, Boot: "a", Posture: "sitting", Problems: []api.Problem{}}}
}

func (f *fake) note(did string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.did = append(f.did, did)
}

func (f *fake) done() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.did)
}

func (f *fake) State(context.Context) api.State {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state
}

func (f *fake) Changed() <-chan struct{}            { return f.changed }
func (f *fake) Do(_ context.Context, o Order) error { f.note(o.Name + " " + o.Word); return nil }
func (f *fake) Seen(session string)                 { f.note("seen " + session) }
func (f *fake) Settings() api.Settings              { return api.Settings{} }
func (f *fake) Erase(context.Context) error         { f.note("erase"); return nil }
func (f *fake) Zone() *time.Location                { return time.UTC }
func (f *fake) Safety() words.Safety                { return words.Safety{Rule: "Stop."} }
func (f *fake) Figure(exercise, side string) []byte {
	if exercise != "neck-tilts" {
		return nil
	}
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg" class="fig"><title>` + side + `</title></svg>`)
}

func (f *fake) FigureStyle() string { return ".fig{}" }

func (f *fake) StillFigure(exercise string) []byte { return f.Figure(exercise, "") }

func (f *fake) Routines() api.Routines { return f.catalogue }

func (f *fake) Plan(_ context.Context, r api.PlanRequest) (api.Plan, error) {
	return api.Plan{LengthS: 60, Steps: []api.PlanStep{{Exercise: "neck-tilts", WorkS: 60, Why: "not done lately"}}}, nil
}

func (f *fake) Profile(context.Context) api.Profile { return f.profile }

func (f *fake) SetProfile(_ context.Context, changes map[string]string) error {
	for _, key := range slices.Sorted(maps.Keys(changes)) {
		f.note(key + "=" + changes[key])
	}
	return nil
}

func (f *fake) SetSetting(_ context.Context, key, value string) error {
	f.note(key + "=" + value)
	return nil
}

func (f *fake) History(_ context.Context, period string) (api.History, error) {
	return f.days[period], nil
}

func (f *fake) Ribbons(context.Context, int) ([][]api.HistorySlot, error) { return nil, nil }

// serve runs a page that answers for f, until the test ends.
func serve(t *testing.T, f *fake) *Page {
	t.Helper()
	p := New(Options{Backend: f, Log: slog.New(slog.DiscardHandler)})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = p.Run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-ended })
	return p
}

// A browser keeps cookies and follows where it is led.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Jar: jar, Transport: transport, Timeout: 5 * time.Second}
}

func link(t *testing.T, p *Page) string {
	t.Helper()
	l, err := p.Link()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// letIn is a browser that has opened the page.
func letIn(t *testing.T, p *Page) (c *http.Client, base string) {
	t.Helper()
	c = browser(t)
	if status, body := ask(t, c, request(t, http.MethodGet, link(t, p))); status != http.StatusOK {
		t.Fatalf("the link leads to %d: %s", status, body)
	}
	return c, "http://" + p.Listening()
}

func request(t *testing.T, method, address string, headers ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

func ask(t *testing.T, c *http.Client, r *http.Request) (int, string) {
	t.Helper()
	answer, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// refused says that a request is answered with that status, in words, and does nothing.
func refused(t *testing.T, f *fake, c *http.Client, r *http.Request, status int, says string) {
	t.Helper()
	before := f.done()
	got, body := ask(t, c, r)
	if got != status || strings.TrimSpace(body) != says {
		t.Errorf("%s %s: %d %q, want %d %q", r.Method, r.URL.Path, got, body, status, says)
	}
	if after := f.done(); !slices.Equal(after, before) {
		t.Errorf("%s %s did %q", r.Method, r.URL.Path, after[len(before):])
	}
}

// TestForeignHost: a name that somebody else's server gives to 127.0.0.1 (DNS rebinding) opens nothing, not even with
// the cookie.
func TestForeignHost(t *testing.T) {
	f := newFake()
	p := serve(t, f)
	c, base := letIn(t, p)
	_, port, _ := net.SplitHostPort(p.Listening())
	for _, host := range []string{"evil.example", "evil.example:" + port, "127.0.0.1", "127.0.0.1:1", "[::1]:" + port, "127.0.0.1." + ":" + port} {
		for _, path := range []string{"/today", "/do/skip", "/open?code=x"} {
			r := request(t, http.MethodPost, base+path)
			r.Host = host
			refused(t, f, c, r, http.StatusMisdirectedRequest, words.PageForeignHost)
		}
	}
}

// TestForeignOrigin: another site cannot use the person's cookie, neither for doing nor for reading.
func TestForeignOrigin(t *testing.T) {
	f := newFake()
	p := serve(t, f)
	c, base := letIn(t, p)
	for _, headers := range [][]string{
		{"Origin", "https://evil.example"},
		{"Origin", "null"},
		{"Origin", "http://127.0.0.1:1"},
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
	} {
		refused(t, f, c, request(t, http.MethodPost, base+"/do/skip", headers...), http.StatusForbidden, words.PageForeignOrigin)
	}
	for _, site := range []string{"cross-site", "same-site"} {
		refused(t, f, c, request(t, http.MethodGet, base+"/export.csv", "Sec-Fetch-Site", site), http.StatusForbidden, words.PageForeignOrigin)
	}
	if status, _ := ask(t, c, request(t, http.MethodPost, base+"/do/skip", "Origin", base, "Sec-Fetch-Site", "same-origin")); status != http.StatusOK {
		t.Errorf("our own page is answered %d", status)
	}
}

// TestNoCookie: without the cookie, or with another, there is nothing to be had at all.
func TestNoCookie(t *testing.T) {
	f := newFake()
	p := serve(t, f)
	_, base := letIn(t, p)
	l := p.live
	for path, rt := range l.routes {
		if path == pathOpen {
			continue
		}
		for _, cookie := range []string{"", "unhunch=", "unhunch=guess", "unhunch=" + l.guard.cookie[1:]} {
			method := http.MethodGet
			if rt.get == nil {
				method = http.MethodPost
			}
			r := request(t, method, base+path)
			if cookie != "" {
				r.Header.Set("Cookie", cookie)
			}
			refused(t, f, browser(t), r, http.StatusForbidden, words.PageNoCookie)
		}
	}
}

// TestCodeUsedTwice: a link opens the page once; who finds it in a history or over a shoulder has nothing of it.
func TestCodeUsedTwice(t *testing.T) {
	f := newFake()
	p := serve(t, f)
	address := link(t, p)
	if status, body := ask(t, browser(t), request(t, http.MethodGet, address)); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	refused(t, f, browser(t), request(t, http.MethodGet, address), http.StatusForbidden, words.PageCodeUsed)
	refused(t, f, browser(t), request(t, http.MethodGet, "http://"+p.Listening()+pathOpen), http.StatusForbidden, words.PageCodeUsed)
}

// A link that is not opened within half a minute is worth nothing.
func TestCodeTooOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuard(nil, secret())
		early, late := g.newCode(time.Now()), g.newCode(time.Now())
		time.Sleep(codeLives - time.Nanosecond)
		if !g.use(early, time.Now()) {
			t.Error("a fresh code does not work")
		}
		time.Sleep(time.Nanosecond)
		if g.use(late, time.Now()) || g.waiting(time.Now()) {
			t.Error("an old code works")
		}
	})
}

// The code is not in the address that the browser shows and remembers.
func TestCodeLeavesTheAddress(t *testing.T) {
	p := serve(t, newFake())
	c := browser(t)
	var seen []string
	c.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		seen = append(seen, r.URL.RequestURI())
		return nil
	}
	answer, err := c.Do(request(t, http.MethodGet, link(t, p)))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if !slices.Equal(seen, []string{"/", "/today"}) {
		t.Errorf("led to %q", seen)
	}
	u, _ := url.Parse("http://" + p.Listening())
	if cookies := c.Jar.Cookies(u); len(cookies) != 1 || strings.Contains(answer.Request.URL.String(), cookies[0].Value) {
		t.Errorf("cookies %q at %s", cookies, answer.Request.URL)
	}
}

// TestGETChangesNothing: whatever changes something takes POST alone, so that no image or link does it.
func TestGETChangesNothing(t *testing.T) {
	f := newFake()
	f.catalogue.Exercises = []api.Exercise{{ID: "neck-tilts", Name: "Neck tilts", Level: "gentle", Place: "chair"}}
	p := serve(t, f)
	c, base := letIn(t, p)
	for path, rt := range p.live.routes {
		if path == pathOpen || path == "/events" {
			continue
		}
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions} {
			status, _ := ask(t, c, request(t, method, base+path+"?word=better&sure=yes&key=a&value=b&visible=true&session=s&exercise=neck-tilts&id=neck-tilts"))
			if want := method == http.MethodGet && rt.get != nil; want != (status == http.StatusOK) {
				t.Errorf("%s %s: %d", method, path, status)
			}
		}
	}
	if did := f.done(); len(did) > 0 {
		t.Errorf("did %q", did)
	}
}

// Every answer, errors too, keeps out frames, foreign files and caches.
func TestHeaders(t *testing.T) {
	p := serve(t, newFake())
	c, base := letIn(t, p)
	for _, path := range []string{"/today", "/nothing", "/asset/page.css", "/asset/../page.go", "/do/skip", "/open"} {
		answer, err := c.Do(request(t, http.MethodGet, base+path))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
		} {
			if got := answer.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		policy := answer.Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: the policy %q lacks %s", path, policy, want)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
			t.Errorf("%s: the policy is %q", path, policy)
		}
	}
}

// What the daemon knows is shown as text, whatever it contains.
func TestTextIsText(t *testing.T) {
	const bad = `"><img src=x onerror=alert(1)><script>alert(1)</script>{{.}}`
	f := newFake()
	all := []string{bad}
	f.state.Problems = []api.Problem{{Message: bad, Hint: bad}}
	f.catalogue = api.Routines{ // a file of the person's own may come from anybody
		Exercises: []api.Exercise{{
			ID: bad, Name: bad, Kind: bad, Level: bad, Place: bad, Also: all, Equipment: all, Direction: all, Steps: all, Benefits: all,
			Cautions: all, AvoidWith: all, Source: all, Author: bad, Own: true,
		}},
		Routines: []api.Routine{{ID: bad, Name: bad, About: bad, Place: bad}},
		Cards:    []api.Card{{ID: bad, Title: bad, Lines: []string{bad, "- " + bad}, Source: all}},
	}
	f.profile = api.Profile{
		Level: bad, Questions: []api.ProfileQuestion{{Tag: bad, Ask: bad, Means: bad}}, Retired: map[string]string{bad: "yes"},
		Off: []api.ProfileOff{{ID: bad, Message: bad, Hint: bad}}, Offer: &api.Problem{Message: bad}, Names: map[string]string{bad: bad},
	}
	p := serve(t, f)
	c, base := letIn(t, p)
	query := url.Values{"wrong": all, "routine": all, "place": all, "length": all, "level": all, "direction": all, "id": all}.Encode()
	for _, path := range []string{"/today", "/session", "/exercises", "/exercise", "/read", "/you", "/history", "/settings", "/plan"} {
		status, body := ask(t, c, request(t, http.MethodGet, base+path+"?"+query))
		if status != http.StatusOK || path != "/plan" && !strings.Contains(body, "alert(") {
			t.Errorf("%s: %d, or it shows nothing of what is bad", path, status)
		}
		for _, bad := range []string{"<script>alert", "<img"} {
			if strings.Contains(body, bad) {
				t.Errorf("%q is in %s", bad, path)
			}
		}
	}
}

// Nothing listens before a link is asked for, or after the page has been closed for long enough; a page that is open
// keeps it.
func TestListensOnlyWhileWanted(t *testing.T) {
	p := New(Options{Backend: newFake(), Log: slog.New(slog.DiscardHandler), Stays: time.Second})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = p.Run(ctx)
	}()
	defer func() { cancel(); <-ended }()
	if a := p.Listening(); a != "" {
		t.Fatalf("listens on %s before it is wanted", a)
	}
	c, base := letIn(t, p)
	if !strings.HasPrefix(base, "http://127.0.0.1:") {
		t.Errorf("listens on %s", base)
	}
	answer, err := c.Do(request(t, http.MethodGet, base+"/events?tab=a"))
	if err != nil {
		t.Fatal(err)
	}
	const first = "retry: 500\n\nevent: state\n"
	begin := make([]byte, len(first))
	if _, err := io.ReadFull(answer.Body, begin); err != nil || string(begin) != first {
		t.Fatalf("%q %v", begin, err)
	}
	for range 12 { // an open page outlives Stays
		<-time.After(100 * time.Millisecond)
		if p.Listening() == "" {
			t.Fatal("the listener went while a page was open")
		}
	}
	answer.Body.Close()
	for deadline := time.Now().Add(5 * time.Second); p.Listening() != ""; <-time.After(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the listener stays after the last page was closed")
		}
	}
	if conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://")); err == nil {
		conn.Close()
		t.Error("somebody still listens")
	}
}
