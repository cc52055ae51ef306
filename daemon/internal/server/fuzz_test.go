package server_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/server"
)

// statuses are all that the server may ever answer a request of a working daemon with.
var statuses = []int{
	http.StatusOK, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
	http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
}

// FuzzRequest: whatever is asked, the answer is JSON with a status of ours, and what reaches the daemon has been
// checked: a word it knows, a duration that makes sense.
func FuzzRequest(f *testing.F) {
	for _, s := range [][3]string{
		{"GET", "/v1/state", ""},
		{"GET", "/v1/history?period=week", ""},
		{"GET", "/v1/state", `{}`},
		{"POST", "/v1/actions/snooze", `{"duration":"5m"}`},
		{"POST", "/v1/actions/pause", `{"duration":"tomorrow"}`},
		{"POST", "/v1/actions/was", `{"posture":"sitting","duration":"1h"}`},
		{"POST", "/v1/actions/meeting", `{"duration":"off"} {}`},
		{"POST", "/v1/actions/stretch", `{"length":"2m","place":"chair","guide":"terminal","routine":"../../etc"}`},
		{"POST", "/v1/actions/stretch", `{"length":"-9223372036854775808ns"}`},
		{"POST", "/v1/session/feeling", `{"feeling":"better"}`},
		{"POST", "/v1/session/next", "null"},
		{"POST", "/v1/plan", `{"length":"2m","why":true}`},
		{"PATCH", "/v1/config", `{"sitting.limit":"30m"}`},
		{"PATCH", "/v1/profile", `{"level":"gentle","places":"chair"}`},
		{"POST", "/v1/quit", "[[[[[[[["},
		{"GET", "/v1/\x00\x1b[2J%0a", ""},
	} {
		f.Add(s[0], s[1], "application/json", []byte(s[2]))
	}
	f.Fuzz(func(t *testing.T, method, target, kind string, body []byte) {
		if strings.HasSuffix(target, "/events") {
			return // does not end
		}
		path, query, _ := strings.Cut(target, "?")
		r := httptest.NewRequestWithContext(t.Context(), "GET", "http://unhunch/", strings.NewReader(string(body)))
		r.Method, r.URL.Path, r.URL.RawQuery = method, path, query
		r.Header.Set("Content-Type", kind)
		back := newFake()
		answer := httptest.NewRecorder()
		server.New(back, slog.New(slog.DiscardHandler)).ServeHTTP(answer, r)

		if !slices.Contains(statuses, answer.Code) {
			t.Errorf("status %d: %s", answer.Code, answer.Body)
		}
		if !json.Valid(answer.Body.Bytes()) {
			t.Errorf("not JSON: %q", answer.Body)
		}
		if answer.Code != http.StatusOK {
			checkComplaint(t, answer.Body.Bytes())
			if back.touched() {
				t.Errorf("refused with %d, and yet done: %+v %v", answer.Code, back.did, back.set)
			}
		}
		if method == http.MethodGet && back.touched() {
			t.Error("looking has changed something")
		}
		for _, c := range back.did {
			checkCommand(t, c)
		}
	})
}

// checkComplaint: an error has a code and words, and no raw control character that a terminal would obey.
func checkComplaint(t *testing.T, body []byte) {
	t.Helper()
	var e api.Error
	if err := json.Unmarshal(body, &e); err != nil || e.Error.Code == "" || e.Error.Message == "" {
		t.Fatalf("an error without code or words: %s", body)
	}
	if strings.ContainsFunc(e.Error.Message+e.Error.Hint, unicode.IsControl) {
		t.Errorf("control characters in %q %q", e.Error.Message, e.Error.Hint)
	}
}

func checkCommand(t *testing.T, c server.Command) {
	t.Helper()
	const years = 24 * time.Hour * 365 * 101 // the longest duration that is read is far below
	if c.Duration < 0 || c.Duration > years {
		t.Errorf("%s for %v", c.Name, c.Duration)
	}
	if !slices.Contains([]string{"", "sitting", "standing", "away"}, c.Posture) ||
		!slices.Contains([]string{"", "better", "same", "worse"}, c.Feeling) ||
		!slices.Contains([]string{"", "chair", "standing", "floor"}, c.Stretch.Place) ||
		!slices.Contains([]string{"", "terminal", "page", "background"}, c.Stretch.Guide) {
		t.Errorf("an unknown word in %+v", c)
	}
}
