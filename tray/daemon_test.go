package tray_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/client/clienttest"
	"github.com/unhunch/unhunch/tray"
	"github.com/unhunch/unhunch/tray/icon"
)

// until waits for a condition, with a deadline far above what it needs.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for late := time.Now().Add(10 * time.Second); !ok(); <-time.After(time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// TestAgainstARealServer goes through the socket: the daemon is started from the menu, answers, refuses, is restarted,
// and is stopped from the menu.
func TestAgainstARealServer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run", "api.sock")
	f := clienttest.New(due(1))
	stop := func() {}
	serve := func() {
		var err error
		if stop, err = clienttest.Serve(path, f); err != nil {
			t.Error(err)
		}
	}
	start := func(ctx context.Context) error {
		serve()
		<-ctx.Done()
		return nil
	}
	s, ended := newShower(), make(chan error, 1)
	go func() {
		ended <- tray.Run(t.Context(), tray.Options{Daemon: client.New(path), Shower: s, Start: start, Zone: time.UTC})
	}()
	shows := func(what string, want icon.ID) {
		t.Helper()
		until(t, what, func() bool { m, n := s.last(); return n > 0 && m.Icon == want })
	}

	shows("the absence", icon.Down)
	s.clicks <- "start"
	shows("the start", icon.Slumped)

	f.Refuse("no snooze is left", "skip it")
	s.clicks <- "snooze-1"
	until(t, "the refusal", func() bool { return s.trouble() == "No snooze is left" })
	f.Refuse("", "")
	f.React(func(_ string, s *api.State) { s.Reminder.Phase = "snoozed" })
	s.clicks <- "snooze-1"
	var did []string
	until(t, "the snooze", func() bool { did = append(did, f.Did()...); return len(did) > 0 && s.trouble() == "" })
	if !slices.Equal(did, []string{"snooze 5m0s"}) {
		t.Errorf("did %q", did)
	}

	stop()
	shows("the end", icon.Down)
	f.Set(func(s *api.State) { s.Posture, s.Boot = "away", "c" })
	serve()
	shows("the restart", icon.Away)

	s.clicks <- "stop"
	if err := <-ended; err != nil || !f.HasQuit() {
		t.Errorf("stopped: %v, the daemon too: %v", err, f.HasQuit())
	}
	stop()
}
