package client_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/client/clienttest"
)

// follow follows the daemon at path for the length of a test and returns what it is told, one after another.
func follow(t *testing.T, path string) (next func() (*api.State, error)) {
	type word struct {
		state *api.State
		why   error
	}
	ctx, cancel := context.WithCancel(t.Context())
	words, done := make(chan word), make(chan struct{})
	go func() {
		defer close(done)
		client.New(path).Follow(ctx, func(s *api.State, why error) {
			select {
			case words <- word{s, why}:
			case <-ctx.Done():
			}
		})
	}()
	t.Cleanup(func() { cancel(); <-done })
	return func() (*api.State, error) {
		t.Helper()
		select {
		case w := <-words:
			return w.state, w.why
		case <-time.After(10 * time.Second):
			t.Fatal("nothing was told")
			return nil, nil
		}
	}
}

// TestFollowThroughRestarts is a day of a tray: it is there before the daemon, which is started, changes, and is
// replaced, some times properly and some times after a crash that leaves its socket behind.
func TestFollowThroughRestarts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run", "api.sock")
	next := follow(t, path)
	for round := range 6 {
		s, why := next()
		if _, absent := errors.AsType[*client.NotRunning](why); s != nil || !absent {
			t.Fatalf("round %d: without a daemon: got %v, %v", round, s, why)
		}
		f := clienttest.New(api.State{Rev: uint64(100 * round)})
		stop, err := clienttest.Serve(path, f)
		if err != nil {
			t.Fatal(err)
		}
		if s, why := next(); s == nil || s.Rev != uint64(100*round) {
			t.Fatalf("round %d: started: got %v, %v", round, s, why)
		}
		f.Set(func(*api.State) {})
		if s, why := next(); s == nil || s.Rev != uint64(100*round+1) {
			t.Fatalf("round %d: changed: got %v, %v", round, s, why)
		}
		stop()
		if round%2 == 1 {
			leaveSocket(t, path)
		}
	}
}

// leaveSocket leaves at path what a killed daemon does: a socket that nobody listens on.
func leaveSocket(t *testing.T, path string) {
	t.Helper()
	stop, err := clienttest.Serve(path+".2", clienttest.New(api.State{}))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Link(path+".2", path); err != nil {
		t.Fatal(err)
	}
	stop()
}

func TestTrayDirLiesBesideTheSocket(t *testing.T) {
	run := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", run)
	dir, err := client.TrayDir()
	if err != nil || dir != filepath.Join(run, "unhunch", "tray") {
		t.Fatalf("got %q, %v", dir, err)
	}
	for d := dir; d != run; d = filepath.Dir(d) {
		if info, err := os.Stat(d); err != nil || !info.IsDir() || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", d, info, err)
		}
	}
}
