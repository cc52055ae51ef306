package client

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
)

// patience is how long a test waits for what takes milliseconds.
const patience = 10 * time.Second

// A fakeWord is one call of Follow's function.
type fakeWord struct {
	state *api.State
	why   error
}

// TestFollowOnceSaysWhenTheDaemonIsMute is a daemon that is stopped when it is called, and goes on a minute later.
func TestFollowOnceSaysWhenTheDaemonIsMute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		dial := func(context.Context) (net.Conn, error) { return here, nil }
		c := &Client{dial: dial, http: &http.Client{Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) },
		}}}
		ctx, cancel := context.WithCancel(t.Context())
		words, begin := make(chan fakeWord), time.Now()
		go func() {
			_ = c.followOnce(ctx, func(s *api.State, why error) { words <- fakeWord{s, why} })
			close(words)
		}()
		mute := <-words
		if e, ok := errors.AsType[*Error](mute.why); !ok || mute.state != nil || e.Error() != silent().Error() {
			t.Errorf("got %v, %v", mute.state, mute.why)
		}
		if took := time.Since(begin); took != firstWord {
			t.Errorf("said after %v, want %v", took, firstWord)
		}
		time.Sleep(time.Minute)
		go func() {
			_, _ = there.Read(make([]byte, 4096))
			_, _ = there.Write([]byte("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {\"rev\":7}\n\n"))
		}()
		if w := <-words; w.state == nil || w.state.Rev != 7 {
			t.Errorf("after it went on: got %+v, %v", w.state, w.why)
		}
		cancel()
		there.Close()
		for range words {
			t.Error("something was told after the end")
		}
	})
}

// TestSocketIsSeenAsItAppears waits with a delay of an hour, so that only the file system can end the wait.
func TestSocketIsSeenAsItAppears(t *testing.T) {
	base := t.TempDir()
	tests := []struct {
		name   string
		path   string
		before func(path string)
	}{
		{"no directory yet", filepath.Join(base, "a", "b", "api.sock"), func(string) {}},
		{"an empty directory", filepath.Join(base, "c", "api.sock"), func(path string) {
			must(t, os.Mkdir(filepath.Dir(path), 0o700))
		}},
		{"a directory that is removed and made again", filepath.Join(base, "d", "api.sock"), func(path string) {
			must(t, os.Mkdir(filepath.Dir(path), 0o700))
		}},
		{"a dead socket in its place", filepath.Join(base, "e", "api.sock"), func(path string) {
			must(t, os.Mkdir(filepath.Dir(path), 0o700))
			must(t, os.WriteFile(path, nil, 0o600))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.before(tt.path)
			w := watchSocket(tt.path)
			defer w.close()
			done := make(chan time.Duration)
			go func() { done <- w.await(t.Context(), time.Hour) }()
			_ = os.RemoveAll(filepath.Dir(tt.path))
			must(t, os.MkdirAll(filepath.Dir(tt.path), 0o700))
			l, err := net.Listen("unix", tt.path)
			must(t, err)
			defer l.Close()
			select {
			case next := <-done:
				if next != firstLook {
					t.Errorf("the next look after %v, want %v", next, firstLook)
				}
			case <-time.After(patience):
				t.Fatal("not seen")
			}
		})
	}
}

// TestWhatElseHappensThereWakesNobody: the tray's own files lie beside the socket.
func TestWhatElseHappensThereWakesNobody(t *testing.T) {
	dir := t.TempDir()
	w := watchSocket(filepath.Join(dir, "api.sock"))
	defer w.close()
	done := make(chan time.Duration)
	go func() { done <- w.await(t.Context(), 10*firstLook) }()
	must(t, os.Mkdir(filepath.Join(dir, "tray"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "api.sock.old"), nil, 0o600))
	if next := <-done; next != 20*firstLook {
		t.Errorf("the next look after %v, want %v", next, 20*firstLook)
	}
}

// TestAbsenceIsToldOnce however often is looked.
func TestAbsenceIsToldOnce(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*firstLook)
	defer cancel()
	told := 0
	New(filepath.Join(t.TempDir(), "api.sock")).Follow(ctx, func(*api.State, error) { told++ })
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}

func TestLooksBecomeRarer(t *testing.T) {
	w := watchSocket(filepath.Join(t.TempDir(), "api.sock"))
	defer w.close()
	if next := w.await(t.Context(), time.Millisecond); next != 2*time.Millisecond {
		t.Errorf("after a millisecond: %v", next)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if next := w.await(ended, slowLook); next != slowLook {
		t.Errorf("interrupted: %v", next)
	}
	blind := &socketWatch{path: w.path}
	if next := blind.await(t.Context(), time.Millisecond); next > blindLook {
		t.Errorf("where nothing can be watched: %v", next)
	}
}

// TestRudeDaemonIsNotAskedWithoutEnd takes connections and closes them. Four looks need the three growing delays
// between them.
func TestRudeDaemonIsNotAskedWithoutEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "api.sock")
	l, err := net.Listen("unix", path)
	must(t, err)
	defer l.Close()
	var asked atomic.Int32
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			asked.Add(1)
			conn.Close()
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 6*firstLook)
	defer cancel()
	told := 0
	New(path).Follow(ctx, func(s *api.State, why error) {
		told++
		if _, absent := errors.AsType[*NotRunning](why); s != nil || why == nil || absent {
			t.Errorf("got %v, %v", s, why)
		}
	})
	// Each look asks, and looks once more why it had no answer.
	if n := asked.Load(); n > 3*2 {
		t.Errorf("asked %d times in %v", n, 6*firstLook)
	}
	if told == 0 {
		t.Error("nothing was told")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
