package client

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
)

// FuzzAnswer: whatever comes back from the socket, a question ends with an answer or an error in words.
func FuzzAnswer(f *testing.F) {
	state := `{"rev":1,"presence":{"state":"active"},"posture":"sitting"}`
	f.Add("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: " + state + "\n\n")
	f.Add(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(state), state))
	f.Add("HTTP/1.1 409 Conflict\r\n\r\n" + `{"error":{"code":"refused","message":"no","hint":"later"}}`)
	f.Add("HTTP/1.1 500 \x1b[2J\r\n\r\n")
	f.Add("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n")
	f.Add("SSH-2.0-OpenSSH\r\n")
	f.Fuzz(func(t *testing.T, wire string) {
		path := filepath.Join(t.TempDir(), "s")
		l, err := net.Listen("unix", path)
		if err != nil {
			t.Skip(err) // the test's directory has too long a name
		}
		defer l.Close()
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				_ = c.SetDeadline(time.Now().Add(time.Second))
				_, _ = c.Write([]byte(wire))
				_, _ = c.Read(make([]byte, 4096)) // the question, so that closing resets nothing
				c.Close()
			}
		}()
		c := New(path)
		_, err = c.State(t.Context())
		if err != nil && err.Error() == "" {
			t.Error("an error without a word")
		}
		_, err = call[api.Plan](t.Context(), c, http.MethodPost, api.PathPlan, api.PlanRequest{})
		if err != nil && err.Error() == "" {
			t.Error("an error without a word")
		}
		enough, states := errors.New("enough"), 0
		err = c.Watch(t.Context(), func(api.State) error {
			if states++; states > 100 {
				return enough
			}
			return nil
		})
		if err == nil {
			t.Error("watching ended without a reason")
		}
	})
}
