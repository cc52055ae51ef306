package server_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/server"
)

// fake is a backend that keeps no rules and remembers what it was asked.
type fake struct {
	mu      sync.Mutex
	rev     uint64
	changed chan struct{}
	did     []server.Command
	set     []string
	fail    error
	quit    bool
	padding string // makes states large
	links   chan string
	after   func() // runs once, right after a state was taken
	states  int    // how many were taken
}

func newFake() *fake { return &fake{rev: 1, changed: make(chan struct{})} }

func (f *fake) bump() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rev++
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *fake) State(context.Context) api.State {
	f.mu.Lock()
	f.states++
	s := api.State{Rev: f.rev, Boot: "b", Version: f.padding}
	after := f.after
	f.after = nil
	f.mu.Unlock()
	if after != nil {
		after()
	}
	return s
}

func (f *fake) Changed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}

func (f *fake) Do(_ context.Context, c server.Command) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return f.fail
	}
	f.did = append(f.did, c)
	return nil
}

func (f *fake) Plan(_ context.Context, r api.PlanRequest) (api.Plan, error) {
	return api.Plan{Routine: r.Routine}, f.fail
}
func (f *fake) Routines() api.Routines { return api.Routines{} }
func (f *fake) Settings() api.Settings { return api.Settings{Path: "/c"} }
func (f *fake) SetSetting(_ context.Context, key, value string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.set = append(f.set, key+"="+value)
	return f.fail
}

func (f *fake) History(_ context.Context, period string) (api.History, error) {
	return api.History{Period: period}, f.fail
}

func (f *fake) Profile(context.Context) api.Profile { return api.Profile{Level: "gentle"} }

func (f *fake) SetProfile(_ context.Context, changes map[string]string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(changes)) {
		f.set = append(f.set, key+"="+changes[key])
	}
	return f.fail
}

func (f *fake) Erase(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.set = append(f.set, "erased")
	return f.fail
}
func (f *fake) Links() <-chan string { return f.links }
func (f *fake) Page(_ context.Context, r api.PageRequest) (api.PageLink, error) {
	return api.PageLink{Opened: r.Session, Link: "http://127.0.0.1:1/open"}, f.fail
}
func (f *fake) Doctor(context.Context) api.Doctor { return api.Doctor{Version: "v"} }
func (f *fake) EventLog(w io.Writer) error {
	_, err := io.WriteString(w, "{}\n")
	return errors.Join(err, f.fail)
}

func (f *fake) Quit() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.quit = true
}

// touched says whether f was asked to change anything.
func (f *fake) touched() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.did) > 0 || len(f.set) > 0 || f.quit
}

// serve puts f on a socket for the length of the test and returns the socket's path.
func serve(t *testing.T, f *fake) string {
	t.Helper()
	path := t.TempDir() + "/run/api.sock"
	l, err := server.Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.New(f, slog.New(slog.DiscardHandler)).Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return path
}

// ask sends one request and returns the status, the headers and the body.
func ask(t *testing.T, path, method, url, body string, header ...string) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://unhunch"+url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := transport(path).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(text)
}

func transport(path string) *http.Transport {
	return &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}}
}

func TestActionsAreDecoded(t *testing.T) {
	tests := []struct {
		url, body string
		want      server.Command
	}{
		{"actions/stretch", "", server.Command{Name: "stretch"}},
		{"actions/stretch", `{"routine":"desk","length":"90s","place":"chair","guide":"terminal"}`, server.Command{
			Name:    "stretch",
			Stretch: api.StretchRequest{Routine: "desk", Length: "90s", Place: "chair", Guide: "terminal"},
		}},
		{"actions/snooze", `{}`, server.Command{Name: "snooze"}},
		{"actions/snooze", `{"duration":"10m"}`, server.Command{Name: "snooze", Duration: 10 * time.Minute}},
		{"actions/skip", "", server.Command{Name: "skip"}},
		{"actions/pause", "", server.Command{Name: "pause"}},
		{"actions/pause", `{"duration":"1d"}`, server.Command{Name: "pause", Duration: 24 * time.Hour}},
		{"actions/pause", `{"duration":"tomorrow"}`, server.Command{Name: "pause", Tomorrow: true}},
		{"actions/resume", "", server.Command{Name: "resume"}},
		{"actions/sit", `{"duration":"1h"}`, server.Command{Name: "sit", Duration: time.Hour}},
		{"actions/stand", "", server.Command{Name: "stand"}},
		{"actions/meeting", `{"duration":"off"}`, server.Command{Name: "meeting", Off: true}},
		{"actions/was", `{"posture":"away"}`, server.Command{Name: "was", Posture: "away"}},
		{
			"actions/was", `{"posture":"sitting","duration":"8m"}`,
			server.Command{Name: "was", Posture: "sitting", Duration: 8 * time.Minute},
		},
		{"session/next", "", server.Command{Name: "session/next"}},
		{"session/hurt", "", server.Command{Name: "session/hurt"}},
		{"session/feeling", `{"feeling":"worse"}`, server.Command{Name: "session/feeling", Feeling: "worse"}},
	}
	f := newFake()
	path := serve(t, f)
	for _, tt := range tests {
		status, _, answer := ask(t, path, "POST", "/v1/"+tt.url, tt.body)
		if status != http.StatusOK || !strings.Contains(answer, `"rev":1`) {
			t.Errorf("%s %s: got %d %s", tt.url, tt.body, status, answer)
			continue
		}
		if got := f.did[len(f.did)-1]; !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s %s: got %+v, want %+v", tt.url, tt.body, got, tt.want)
		}
	}
}

func TestWrongRequestsAreNamed(t *testing.T) {
	long := `{"duration":"` + strings.Repeat("x", 70<<10) + `"}`
	tests := []struct {
		name, method, url, body string
		status                  int
		says                    string
	}{
		{"unknown field", "POST", "/v1/actions/snooze", `{"durration":"5m"}`, 400, `unknown field \"durration\"`},
		{"wrong type", "POST", "/v1/actions/snooze", `{"duration":5}`, 400, `field \"duration\" has the wrong type: number`},
		{"no unit", "POST", "/v1/actions/snooze", `{"duration":"5"}`, 400, "no unit"},
		{"no time", "POST", "/v1/actions/snooze", `{"duration":"0s"}`, 400, "duration"},
		{"tomorrow is only for pause", "POST", "/v1/actions/snooze", `{"duration":"tomorrow"}`, 400, "tomorrow"},
		{"off is only for meeting", "POST", "/v1/actions/pause", `{"duration":"off"}`, 400, "off"},
		{"two values", "POST", "/v1/actions/skip", `{}{}`, 400, "goes on"},
		{"no JSON", "POST", "/v1/actions/skip", `skip`, 400, "body"},
		{"an array", "POST", "/v1/actions/skip", `[]`, 400, "wrong type: array"},
		{"too long", "POST", "/v1/actions/snooze", long, 413, "longer than 65536"},
		{"no posture", "POST", "/v1/actions/was", `{}`, 400, "posture"},
		{"no such feeling", "POST", "/v1/session/feeling", `{"feeling":"splendid"}`, 400, "splendid"},
		{"no feeling", "POST", "/v1/session/feeling", `{}`, 400, "missing"},
		{"no such posture", "POST", "/v1/actions/was", `{"posture":"lying"}`, 400, "lying"},
		{"no such place", "POST", "/v1/plan", `{"place":"roof"}`, 400, "roof"},
		{"no such guide", "POST", "/v1/actions/stretch", `{"guide":"dog"}`, 400, "dog"},
		{"two settings", "PATCH", "/v1/config", `{"a":"1","b":"2"}`, 400, "one setting at a time"},
		{"no such action", "POST", "/v1/actions/explode", ``, 404, "explode"},
		{"no such page", "GET", "/", ``, 404, "nothing at"},
		{"a path that needs cleaning", "GET", "/v1/../v1/state", ``, 404, "nothing at"},
	}
	f := newFake()
	path := serve(t, f)
	for _, tt := range tests {
		status, _, answer := ask(t, path, tt.method, tt.url, tt.body)
		if status != tt.status || !strings.Contains(answer, tt.says) || !strings.Contains(answer, `"code":"invalid"`) {
			t.Errorf("%s: got %d %s; want %d with %s", tt.name, status, answer, tt.status, tt.says)
		}
	}
	if f.touched() {
		t.Errorf("a wrong request did something: %v %v", f.did, f.set)
	}
}

func TestContentTypeIsChecked(t *testing.T) {
	f := newFake()
	path := serve(t, f)
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "json;;"} {
		status, _, _ := ask(t, path, "POST", "/v1/actions/skip", "{}", "Content-Type", kind)
		if status != http.StatusUnsupportedMediaType {
			t.Errorf("%s: got %d, want 415", kind, status)
		}
	}
	if f.touched() {
		t.Error("a form did something")
	}
	if status, _, _ := ask(t, path, "POST", "/v1/actions/skip", "{}", "Content-Type", "application/json; charset=utf-8"); status != 200 {
		t.Errorf("JSON with a charset: got %d", status)
	}
}

func TestErrorsOfTheBackend(t *testing.T) {
	tests := []struct {
		err    error
		status int
		want   api.ErrorDetail
	}{
		{&server.Refusal{Message: "no snooze left", Hint: "skip it"}, 409, api.ErrorDetail{Code: "refused", Message: "no snooze left", Hint: "skip it"}},
		{&server.Invalid{Message: "no such routine"}, 400, api.ErrorDetail{Code: "invalid", Message: "no such routine"}},
		{errors.New("disk full"), 500, api.ErrorDetail{Code: "failed", Message: "disk full"}},
	}
	f := newFake()
	path := serve(t, f)
	for _, tt := range tests {
		f.fail = tt.err
		status, header, answer := ask(t, path, "POST", "/v1/actions/snooze", "")
		var got api.Error
		if err := json.Unmarshal([]byte(answer), &got); err != nil {
			t.Fatal(err)
		}
		if status != tt.status || got.Error != tt.want || header.Get("Content-Type") != "application/json" {
			t.Errorf("%v: got %d %+v", tt.err, status, got)
		}
	}
}

func TestSettingsAreSetOneByOne(t *testing.T) {
	f := newFake()
	path := serve(t, f)
	status, _, answer := ask(t, path, "PATCH", "/v1/config", `{"sitting.limit":"45m"}`)
	if status != 200 || !strings.Contains(answer, `"path":"/c"`) || len(f.set) != 1 || f.set[0] != "sitting.limit=45m" {
		t.Errorf("got %d %s, set %v", status, answer, f.set)
	}
}

func TestQuitAnswersFirst(t *testing.T) {
	f := newFake()
	path := serve(t, f)
	if status, _, answer := ask(t, path, "POST", "/v1/quit", ""); status != 200 || !f.quit {
		t.Errorf("got %d %s, quit %v", status, answer, f.quit)
	}
}

// TestGETChangesNothing is for every link, prefetch and image tag there is: only a POST or PATCH may do anything.
func TestGETChangesNothing(t *testing.T) {
	f := newFake()
	path := serve(t, f)
	for _, url := range []string{
		"actions/stretch", "actions/snooze", "actions/skip", "actions/pause", "actions/resume", "actions/sit",
		"actions/stand", "actions/meeting", "actions/was", "session/next", "session/back", "session/pause",
		"session/resume", "session/stop", "session/hurt", "session/feeling", "plan", "quit",
	} {
		for _, method := range []string{"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"} {
			status, header, _ := ask(t, path, method, "/v1/"+url, "")
			if status != http.StatusMethodNotAllowed || header.Get("Allow") != "POST" {
				t.Errorf("%s %s: got %d, Allow %q", method, url, status, header.Get("Allow"))
			}
		}
	}
	for _, url := range []string{"state", "doctor", "routines", "config", "debug/events"} {
		if status, _, answer := ask(t, path, "GET", "/v1/"+url, ""); status != http.StatusOK {
			t.Errorf("GET %s: got %d %s", url, status, answer)
		}
	}
	if _, header, _ := ask(t, path, "POST", "/v1/config", "{}"); header.Get("Allow") != "GET, PATCH" {
		t.Errorf("config allows %q", header.Get("Allow"))
	}
	if f.touched() {
		t.Errorf("something was done: %v %v %v", f.did, f.set, f.quit)
	}
}

// TestHostCheck is DNS rebinding through whatever forwards to the socket.
func TestHostCheck(t *testing.T) {
	f := newFake()
	path := serve(t, f)
	for _, host := range []string{"localhost", "127.0.0.1:8080", "evil.example", "unhunch.evil.example", "unhunch:80", "UNHUNCH."} {
		status, _, answer := ask(t, path, "POST", "/v1/actions/skip", "{}", "Host", host)
		if status != http.StatusForbidden || !strings.Contains(answer, `"code":"forbidden"`) {
			t.Errorf("%s: got %d %s", host, status, answer)
		}
	}
	if f.touched() {
		t.Error("a foreign host did something")
	}
}

// TestOriginRefused is a page of any origin, our own included: no browser has any business here.
func TestOriginRefused(t *testing.T) {
	f := newFake()
	path := serve(t, f)
	for _, header := range [][2]string{
		{"Origin", "http://unhunch"},
		{"Origin", "null"},
		{"Origin", ""},
		{"Referer", "http://unhunch/"},
		{"Cookie", "a=b"},
		{"Sec-Fetch-Site", "same-origin"},
		{"Sec-Fetch-Mode", "navigate"},
	} {
		for _, method := range []string{"GET", "POST"} {
			status, _, _ := ask(t, path, method, "/v1/actions/skip", "", header[0], header[1])
			if status != http.StatusForbidden {
				t.Errorf("%s with %s %q: got %d, want 403", method, header[0], header[1], status)
			}
		}
	}
	if f.touched() {
		t.Error("a browser did something")
	}
}

// watch opens the event stream and returns a function that reads the rev of the next state.
func watch(t *testing.T, path string) func() uint64 {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", "http://unhunch/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := transport(path).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	if kind := answer.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Errorf("content type %q", kind)
	}
	lines := bufio.NewReader(answer.Body)
	return func() uint64 {
		t.Helper()
		for {
			line, err := lines.ReadBytes('\n')
			if err != nil {
				t.Fatal(err)
			}
			if data, ok := bytes.CutPrefix(line, []byte("data: ")); ok {
				var s api.State
				if err := json.Unmarshal(data, &s); err != nil {
					t.Fatal(err)
				}
				return s.Rev
			}
		}
	}
}

func TestEventsBeginAtOnceAndFollow(t *testing.T) {
	f := newFake()
	next := watch(t, serve(t, f))
	for want := uint64(1); want < 5; want++ {
		if got := next(); got != want {
			t.Fatalf("got rev %d, want %d", got, want)
		}
		f.bump()
	}
}

// TestNoChangeIsLost has the state change at the worst moment: after it was taken and before it was sent.
func TestNoChangeIsLost(t *testing.T) {
	f := newFake()
	f.after = f.bump
	next := watch(t, serve(t, f))
	if first, second := next(), next(); first != 1 || second != 2 {
		t.Errorf("got revs %d and %d, want 1 and 2", first, second)
	}
}

// TestSlowWatcherMissesStatesAndDelaysNobody stops reading while thousands of large states go by.
func TestSlowWatcherMissesStatesAndDelaysNobody(t *testing.T) {
	f := newFake()
	f.padding = strings.Repeat("x", 32<<10)
	path := serve(t, f)
	slow, quick := watch(t, path), watch(t, path)
	slow()
	quick()
	const last = 2000
	for i := uint64(2); i <= last; i++ {
		f.bump()
		if i%500 == 0 {
			for quick() != i { // the reader that keeps up is not held back by the one that does not
			}
		}
	}
	read := 0
	for slow() != last {
		read++
	}
	if read > last/2 {
		t.Errorf("the slow watcher was sent %d of %d states: they were queued", read, last)
	}
}

func TestWatchersAreBounded(t *testing.T) {
	f := newFake()
	path := serve(t, f)
	for range 32 {
		watch(t, path)()
	}
	if status, _, answer := ask(t, path, "GET", "/v1/events", ""); status != http.StatusConflict {
		t.Errorf("watcher 33: got %d %s", status, answer)
	}
	if status, _, _ := ask(t, path, "POST", "/v1/actions/skip", ""); status != http.StatusOK {
		t.Errorf("a command beside 32 watchers: got %d", status)
	}
}

// TestWatchersShareAState: a change is not put into words for each program anew.
func TestWatchersShareAState(t *testing.T) {
	f := newFake()
	path := serve(t, f)
	var next []func() uint64
	for range 30 {
		rev := watch(t, path)
		rev()
		next = append(next, rev)
	}
	f.mu.Lock()
	before := f.states
	f.mu.Unlock()
	f.bump()
	for i, rev := range next {
		if got := rev(); got != 2 {
			t.Errorf("watcher %d got revision %d", i, got)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if taken := f.states - before; taken > 15 {
		t.Errorf("30 watchers took %d states", taken)
	}
}

// TestRefusedWatchersHoldNoPlace: a program that is refused and keeps its connection all the same, as HTTP lets it, takes
// none of the places that are for commands.
func TestRefusedWatchersHoldNoPlace(t *testing.T) {
	path := serve(t, newFake())
	for range 32 {
		watch(t, path)()
	}
	for i := range 40 {
		c, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(4 * time.Second))
		if _, err := io.WriteString(c, "GET /v1/events HTTP/1.1\r\nHost: unhunch\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		if answer, err := io.ReadAll(c); err != nil || !bytes.Contains(answer, []byte("409 Conflict")) {
			t.Fatalf("watcher %d beside 32: got %q, %v, and want a refusal that hangs up", i+1, answer, err)
		}
	}
	if status, _, _ := ask(t, path, "POST", "/v1/actions/skip", ""); status != http.StatusOK {
		t.Errorf("a command beside them: got %d", status)
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	path := serve(t, newFake())
	var open []net.Conn
	for range 64 {
		c, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		open = append(open, c)
	}
	c, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetReadDeadline(time.Now().Add(4 * time.Second))
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Fatalf("connection 65: got %v, want it closed", err)
	}
	open[0].Close()
	for end := time.Now().Add(4 * time.Second); ; {
		r, _ := http.NewRequestWithContext(t.Context(), "GET", "http://unhunch/v1/state", nil)
		answer, err := transport(path).RoundTrip(r)
		if err == nil {
			answer.Body.Close()
			return
		}
		if time.Now().After(end) {
			t.Fatalf("no place came free: %v", err)
		}
	}
}

func TestServeEndsWithWatchersOnTheLine(t *testing.T) {
	l, err := server.Listen(t.TempDir() + "/run/api.sock")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.New(newFake(), slog.New(slog.DiscardHandler)).Serve(ctx, l) }()
	watch(t, l.Addr().String())()
	begin := time.Now()
	cancel()
	if err := <-ended; err != nil || time.Since(begin) > time.Second {
		t.Errorf("ended after %v with %v", time.Since(begin), err)
	}
}

func TestHistory(t *testing.T) {
	f := &fake{}
	path := serve(t, f)
	for url, want := range map[string]string{"/v1/history": "today", "/v1/history?period=year": "year"} {
		if code, _, body := ask(t, path, http.MethodGet, url, ""); code != http.StatusOK || !strings.Contains(body, `"period":"`+want+`"`) {
			t.Errorf("%s: %d %s", url, code, body)
		}
	}
	if code, _, _ := ask(t, path, http.MethodGet, "/v1/history/erase", ""); code != http.StatusMethodNotAllowed || f.touched() {
		t.Errorf("a GET erased the history, or said %d", code)
	}
	if code, _, _ := ask(t, path, http.MethodPost, "/v1/history/erase", "{}", "Content-Type", "application/json"); code != http.StatusOK || !f.touched() {
		t.Errorf("erasing said %d", code)
	}
}

// The profile takes several changes at once, which are made together or not at all.
func TestProfile(t *testing.T) {
	f := newFake()
	path := serve(t, f)
	if code, _, body := ask(t, path, http.MethodGet, "/v1/profile", ""); code != http.StatusOK || f.touched() || !strings.Contains(body, `"level":"gentle"`) {
		t.Errorf("GET: %d %s", code, body)
	}
	for _, body := range []string{`{"level": 3}`, `["level"]`, `{"level": "gentle"} {}`, `"level"`} {
		if code, _, _ := ask(t, path, http.MethodPatch, "/v1/profile", body, "Content-Type", "application/json"); code != http.StatusBadRequest || f.touched() {
			t.Errorf("%s: %d, touched %v", body, code, f.touched())
		}
	}
	code, _, _ := ask(t, path, http.MethodPatch, "/v1/profile", `{"level": "moderate", "screening.bone": "no"}`, "Content-Type", "application/json")
	if want := []string{"level=moderate", "screening.bone=no"}; code != http.StatusOK || !slices.Equal(f.set, want) {
		t.Errorf("PATCH: %d, set %q", code, f.set)
	}
}
