package daemon_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// TestTimingFlood: whatever the person's own programs do to the socket, the loop is on time, the orders of others get
// through, and the memory stays small. `make bench ONLY=flood` does it for a minute.
func TestTimingFlood(t *testing.T) {
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	d := desk.Start(desktest.Build(t), "")
	got := d.Flood(desktest.Flood{For: 10 * time.Second, Calls: 1000, Streams: 200, Slow: 20, HalfOpen: 20, Bodies: 2})
	median, longest := got.Order()
	_, late := got.Late()
	usual, busy := got.Busy()
	t.Logf("%d MB of its own memory", memoryOf(t, d.Pid(), "RssAnon"))
	t.Logf("%d calls answered, %d refused, %d bodies turned away; an order took %v, %v at most; the loop was late by at most %v "+
		"of %d times, where the machine was by %v", got.Answered, got.Refused, got.Turned, median, longest, late, len(got.Alarms), busy)
	// It is two cores that have to do the flooding, too, and perhaps other things.
	if median > 20*time.Millisecond+usual || late > 100*time.Millisecond+busy {
		t.Error("the loop is held up")
	}
	if got.Answered < 1000 || got.Refused > got.Answered/10 || got.Turned == 0 || len(got.Alarms) < 10 {
		t.Error("hardly anything of the flood has got through")
	}
	must(t, d, "status")
	// 20 MB are what it needs at most for other things; a body alone would be 100.
	if now := memoryOf(t, d.Pid(), "RssAnon"); now > 20 {
		t.Errorf("%d MB of its own memory", now)
	}
}

// memoryOf is a figure of /proc/PID/status in megabytes.
func memoryOf(t *testing.T, pid int, what string) int {
	t.Helper()
	for line := range strings.Lines(string(read(t, fmt.Sprintf("/proc/%d/status", pid)))) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == what+":" {
			kb, err := strconv.Atoi(f[1])
			if err != nil {
				t.Fatal(err)
			}
			return kb >> 10
		}
	}
	t.Fatalf("no %s", what)
	return 0
}
