package daemon_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
)

// reconnects is how often everything is lost: `make leaks` sets it to 500.
func reconnects(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("UNHUNCH_TEST_RECONNECTS"))
	if err != nil {
		return 12
	}
	return n
}

// held is what a daemon holds.
type held struct{ files, threads, goroutines, megabytes int }

func holds(t *testing.T, d *desktest.Daemon) (h held) {
	t.Helper()
	fds, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", d.Pid()))
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", d.Pid()))
	return held{files: len(fds), threads: len(tasks), megabytes: memoryOf(t, d.Pid(), "RssAnon")}
}

var goroutine = regexp.MustCompile(`(?m)^goroutine \d+ `)

// goroutines ends the daemon by the signal that has Go tell of all its goroutines, and counts them.
func goroutines(t *testing.T, d *desktest.Daemon) int {
	t.Helper()
	before := len(goroutine.FindAllString(d.Log(), -1))
	if err := syscall.Kill(d.Pid(), syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	desktest.Until(t, 10*time.Second, "the daemon to end", func() bool { return !d.Alive() })
	return len(goroutine.FindAllString(d.Log(), -1)) - before
}

// TestLeaks: both buses, the display and the programs that follow the daemon come and go, time and again, and it holds no
// more than at first: files, threads, goroutines and memory.
func TestLeaks(t *testing.T) {
	desk := desktest.New(t, desktest.Options{Logind: true})
	cables := desk.Cables()
	d := desk.Start(desktest.Build(t), "")
	rounds := reconnects(t)
	round := func() {
		t.Helper()
		var seen []int64
		for _, c := range cables {
			seen = append(seen, c.Reached())
		}
		desktest.Cut(cables...)
		follow(t, desk)
		desktest.Until(t, 20*time.Second, "both buses and the display to be reached again", func() bool {
			for i, c := range cables {
				if c.Reached() <= seen[i] {
					return false
				}
			}
			return true
		})
		d.WaitState(20*time.Second, "the sensor", func(s api.State) bool { return s.Presence.Source == "x11" && s.Presence.State != "unknown" })
	}
	settled := func(what string, ok func(held) bool) (h held) {
		t.Helper()
		desktest.Until(t, 10*time.Second, what, func() bool { h = holds(t, d); return ok(h) })
		return h
	}
	for range max(3, rounds/10) {
		round()
	}
	first := holds(t, d)
	for range rounds {
		round()
	}
	// A connection or two may be about to end.
	last := settled("files and threads to be as before", func(h held) bool {
		return h.files <= first.files+2 && h.threads <= first.threads+3
	})
	last.goroutines = goroutines(t, d)

	d.Restart()
	round()
	first.goroutines = goroutines(t, d)
	t.Logf("%d times: %+v became %+v", rounds, first, last)
	if last.goroutines > first.goroutines+max(4, rounds/20) { // a few come and go
		t.Errorf("%d goroutines, and after %d times %d\n%s", first.goroutines, rounds, last.goroutines, d.Log())
	}
	// The last 5,000 events are kept; that, and what the collector leaves lying about, is a few megabytes. So a few times
	// more or less say nothing.
	if rounds >= 100 && last.megabytes > first.megabytes+4 {
		t.Errorf("%d MB of its own memory, and after %d times %d", first.megabytes, rounds, last.megabytes)
	}
}

// follow is a program that follows the daemon for one state and is gone, and one that never asks anything.
func follow(t *testing.T, desk *desktest.Desk) {
	t.Helper()
	for _, says := range []string{"GET /v1/events HTTP/1.1\r\nHost: unhunch\r\n\r\n", "GET /v"} {
		c, err := net.Dial("unix", desk.SocketPath())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write([]byte(says)); err != nil {
			t.Error(err)
		}
		if says[len(says)-1] == '\n' {
			_ = c.SetDeadline(time.Now().Add(10 * time.Second))
			if _, err := c.Read(make([]byte, 1<<16)); err != nil {
				t.Errorf("nothing to follow: %v", err)
			}
		}
		c.Close()
	}
}
