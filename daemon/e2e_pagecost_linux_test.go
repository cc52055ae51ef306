package daemon_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
)

const (
	pageWeight = 150_000 // bytes of everything that the view of a session is made of
	firstPaint = 200     // ms
	// mostLooks is how often a machine that is busy with something else may spoil the first paint.
	mostLooks = 30
)

// TestTimingPage measures how heavy the view of the session is, and how soon it is to be seen.
func TestTimingPage(t *testing.T) {
	desk := desktest.New(t, desktest.Options{})
	d := desk.Start(desktest.Build(t), guideSettings)
	p := newBrowser(t).open(pageLink(t, d))
	p.connected()
	p.click(`[action="/do/stretch"] button`)
	p.wait("the session", `location.pathname === "/session"`)
	var paints []float64
	weight := 0.0
	// The least tells of us, and what is more of what else the machine did.
	for len(paints) < 5 || slices.Min(paints) > firstPaint && len(paints) < mostLooks {
		p.run(chromedp.Reload())
		p.wait("the picture", `document.querySelector("#figure svg") !== null`)
		p.wait("the first paint", `performance.getEntriesByName("first-contentful-paint").length > 0`)
		weight = eval[float64](p, `performance.getEntries().reduce((sum, e) => sum + (e.decodedBodySize || 0), 0)`)
		paints = append(paints, math.Round(eval[float64](p, `performance.getEntriesByName("first-contentful-paint")[0].startTime`)))
	}
	t.Logf("the session weighs %.1f kB and is painted after %.0f ms", weight/1000, paints)
	if weight > pageWeight {
		t.Errorf("the session weighs %.0f bytes, more than %d", weight, pageWeight)
	}
	if slices.Min(paints) > firstPaint {
		t.Errorf("the first paint comes after %.0f ms at best, later than %d", slices.Min(paints), firstPaint)
	}
}

const (
	pageSessions = 10
	// pageGrowth is how much larger the daemon may be after that many sessions than after the first, in kB: what is kept
	// of a session is a row.
	pageGrowth = 2048
)

// TestLargeNumberOfPageSessions does ten sessions on the page. Nothing of them stays in the daemon's memory.
func TestLargeNumberOfPageSessions(t *testing.T) {
	desk := desktest.New(t, desktest.Options{})
	d := desk.Start(desktest.Build(t), guideSettings)
	before := ownMemory(t, d.Pid())
	p := newBrowser(t).open(pageLink(t, d))
	first := 0
	for n := range pageSessions {
		p.at("/session")
		p.click("#start")
		p.phase("ready")
		for d.State().Session.Phase != "done" {
			run(t, d, "session", "next")
		}
		p.phase("done")
		d.Unhunch("session", "stop") // how it was is not asked each time
		d.WaitState(soon, "the end", func(s api.State) bool { return s.Session == nil })
		if n == 0 {
			first = ownMemory(t, d.Pid())
		}
	}
	last := ownMemory(t, d.Pid())
	t.Logf("memory of the daemon's own: %d kB before, %d after one session on the page, %d after %d", before, first, last, pageSessions)
	if last-first > pageGrowth {
		t.Errorf("nine more sessions took %d kB, more than %d", last-first, pageGrowth)
	}
}

// ownMemory is what a process has that is in no file, in kB.
func ownMemory(t *testing.T, pid int) (kB int) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "RssAnon:")
	if _, err := fmt.Sscan(rest, &kB); err != nil {
		t.Fatal(err)
	}
	return kB
}
