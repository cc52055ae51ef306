package client_test

import (
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/desktest"
)

// TestReconnectsLeaveNothing: a program that has followed, asked and lost the daemon 500 times holds no more than at first.
func TestReconnectsLeaveNothing(t *testing.T) {
	dir, err := os.MkdirTemp("", "c") // with a short name, for a socket
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "s")
	serve := func() *http.Server {
		t.Helper()
		l, err := net.Listen("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == api.PathEvents {
				_, _ = w.Write([]byte("data: {\"rev\":1}\n\n"))
				_ = http.NewResponseController(w).Flush()
				<-r.Context().Done() // until the daemon ends, or the program has seen enough
				return
			}
			_, _ = w.Write([]byte(`{"rev":1}`))
		})}
		go func() { _ = s.Serve(l) }()
		return s
	}
	c := client.New(path)
	enough := errors.New("enough")
	round := func(ends bool) {
		t.Helper()
		s := serve()
		defer s.Close()
		if _, err := c.State(t.Context()); err != nil {
			t.Fatal(err)
		}
		err := c.Watch(t.Context(), func(api.State) error {
			if ends {
				s.Close()
				return nil
			}
			return enough
		})
		if ends == errors.Is(err, enough) {
			t.Fatalf("watching ended with %v", err)
		}
		s.Close()
		if _, err := c.State(t.Context()); err == nil {
			t.Fatal("nobody has answered")
		}
	}
	files := func() int {
		open, _ := filepath.Glob("/proc/self/fd/*")
		return len(open)
	}
	round(true)
	goroutines, opened := runtime.NumGoroutine(), files()
	for i := range 500 {
		round(i%2 == 0)
	}
	desktest.Until(t, 10*time.Second, "goroutines and files to be as many as before", func() bool {
		return runtime.NumGoroutine() <= goroutines+1 && files() <= opened+1
	})
}
