package client_test

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
)

// The routes of the history are asked for what the design says.
func TestHistoryRoutes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "api.sock")
	socket, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		asked = append(asked, r.Method+" "+r.URL.RequestURI()+" "+string(body))
		answer := any(api.State{Rev: 9})
		if r.Method == http.MethodGet {
			answer = api.History{Period: "week", Since: "2026-11-01"}
		}
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			t.Error(err)
		}
	})}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(socket) }()
	t.Cleanup(func() { server.Close(); <-done })

	c := client.New(path)
	h, err := c.History(t.Context(), "week")
	if err != nil || h.Since != "2026-11-01" {
		t.Errorf("history: %+v, %v", h, err)
	}
	if s, err := c.Erase(t.Context()); err != nil || s.Rev != 9 {
		t.Errorf("erase: %+v, %v", s, err)
	}
	if s, err := c.Feeling(t.Context(), "better"); err != nil || s.Rev != 9 {
		t.Errorf("feeling: %+v, %v", s, err)
	}
	want := []string{
		"GET /v1/history?period=week ", "POST /v1/history/erase ", `POST /v1/session/feeling {"feeling":"better"}`,
	}
	if !slices.Equal(asked, want) {
		t.Errorf("asked for %q, want %q", asked, want)
	}
}
