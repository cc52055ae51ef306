package client_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/client/clienttest"
)

// start puts a fake daemon on a socket and returns a client of it.
func start(t *testing.T) (*clienttest.Fake, *client.Client) {
	t.Helper()
	f := clienttest.New(api.State{Rev: 1, Boot: "b"})
	return f, client.New(clienttest.Start(t, f))
}

func TestEachQuestionHasItsAnswer(t *testing.T) {
	f, c := start(t)
	f.Answer(api.Plan{Routine: "desk"}, api.Routines{Routines: []api.Routine{{ID: "desk"}}}, api.Doctor{Version: "v"})
	ctx := t.Context()
	if s, err := c.State(ctx); err != nil || s.Rev != 1 {
		t.Errorf("state: %+v, %v", s, err)
	}
	if p, err := c.Plan(ctx, api.PlanRequest{StretchRequest: api.StretchRequest{Length: "2m"}}); err != nil || p.Routine != "desk" {
		t.Errorf("plan: %+v, %v", p, err)
	}
	if r, err := c.Routines(ctx); err != nil || len(r.Routines) != 1 {
		t.Errorf("routines: %+v, %v", r, err)
	}
	if d, err := c.Doctor(ctx); err != nil || d.Version != "v" {
		t.Errorf("doctor: %+v, %v", d, err)
	}
	if _, err := c.Settings(ctx); err != nil {
		t.Errorf("settings: %v", err)
	}
	if _, err := c.Set(ctx, "sitting.limit", "45m"); err != nil {
		t.Errorf("set: %v", err)
	}
	var log bytes.Buffer
	if err := c.EventLog(ctx, &log); err != nil || log.String() != "{\"format\":1}\n" {
		t.Errorf("event log: %q, %v", log.String(), err)
	}
	if err := c.Quit(ctx); err != nil || !f.HasQuit() {
		t.Errorf("quit: %v, done: %v", err, f.HasQuit())
	}
}

func TestDoAnswersWithTheStateAfterIt(t *testing.T) {
	f, c := start(t)
	for name, body := range map[string]any{
		"snooze": api.DurationRequest{Duration: "10m"}, "skip": nil, "session/next": nil,
		"was": api.WasRequest{Posture: "away"}, "stretch": api.StretchRequest{Place: "chair"},
	} {
		before, err := c.State(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		after, err := c.Do(t.Context(), name, body)
		if err != nil || after.Rev != before.Rev+1 {
			t.Errorf("%s: rev %d after %d, %v", name, after.Rev, before.Rev, err)
		}
	}
	want := []string{
		"session/next", "skip", "snooze 10m0s", "stretch routine= length= place=chair guide=", "was away 0s",
	}
	if got := slices.Sorted(slices.Values(f.Did())); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRefusalsKeepTheirWords(t *testing.T) {
	f, c := start(t)
	f.Refuse("no snooze is left", "skip it")
	_, err := c.Do(t.Context(), "snooze", nil)
	refused, ok := errors.AsType[*client.Error](err)
	want := api.ErrorDetail{Code: api.CodeRefused, Message: "no snooze is left", Hint: "skip it"}
	if !ok || refused.Detail() != want {
		t.Errorf("got %v", err)
	}
}

// TestNotRunning is every way in which there is no daemon.
func TestNotRunning(t *testing.T) {
	dir := t.TempDir()
	stale := filepath.Join(dir, "stale.sock")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	for _, path := range []string{filepath.Join(dir, "none.sock"), filepath.Join(dir, "no", "dir.sock"), stale} {
		_, err := client.New(path).State(t.Context())
		absent, ok := errors.AsType[*client.NotRunning](err)
		if !ok || absent.Detail().Code != api.CodeNotRunning || absent.Detail().Hint != "start it with: unhunch service install, or for this once: unhunch daemon" {
			t.Errorf("%s: got %v", path, err)
		}
	}
}

func TestWhatIsNoDaemonIsNotTakenForNone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "api.sock")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	// A plain file refuses connections as a dead socket does.
	if _, err := client.New(path).State(t.Context()); err == nil {
		t.Error("a file answered")
	}
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "rude.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	_, err = client.New(l.Addr().String()).State(t.Context())
	if _, absent := errors.AsType[*client.NotRunning](err); err == nil || absent {
		t.Errorf("somebody who hangs up: got %v", err)
	}
}

// TestDaemonEndsBeforeItAnswers takes the question, or only the connection, and is gone. How that sounds depends on
// how far the client had come, so it is tried often.
func TestDaemonEndsBeforeItAnswers(t *testing.T) {
	for range 200 {
		daemonEnds(t)
	}
}

func daemonEnds(t *testing.T) {
	t.Helper()
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "dying.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		c, err := l.Accept()
		l.Close()
		if err == nil {
			c.Close()
		}
	}()
	_, err = client.New(l.Addr().String()).State(t.Context())
	if absent, ok := errors.AsType[*client.NotRunning](err); !ok || !absent.Ended {
		t.Fatalf("got %v", err)
	}
}

// TestSilentDaemonIsGivenUp is a stopped daemon: the kernel takes the connection and nobody answers.
func TestSilentDaemonIsGivenUp(t *testing.T) {
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "mute.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = client.New(l.Addr().String()).State(ctx)
	if err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("got %v", err)
	}
}

func TestWatchFollows(t *testing.T) {
	f, c := start(t)
	enough := errors.New("enough")
	want := uint64(1)
	err := c.Watch(t.Context(), func(s api.State) error {
		if s.Rev != want {
			t.Errorf("got rev %d, want %d", s.Rev, want)
		}
		want++
		if s.Rev == 5 {
			return enough
		}
		f.Set(func(*api.State) {})
		return nil
	})
	if !errors.Is(err, enough) {
		t.Errorf("ended with %v", err)
	}
}

func TestWatchSaysHowItEnds(t *testing.T) {
	f := clienttest.New(api.State{})
	path := t.TempDir() + "/run/api.sock"
	stop, err := clienttest.Serve(path, f)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	ctx, cancel := context.WithCancel(t.Context())
	err = client.New(path).Watch(ctx, func(api.State) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
	err = client.New(path).Watch(t.Context(), func(api.State) error { go stop(); return nil })
	if absent, ok := errors.AsType[*client.NotRunning](err); !ok || !absent.Ended {
		t.Errorf("the daemon ended: got %v", err)
	}
}
