package daemon_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// TestPageLooks takes pictures of every view for a person to look at.
func TestPageLooks(t *testing.T) {
	if os.Getenv("SCREENSHOTS") == "" {
		t.Skip("pictures are for people: SCREENSHOTS names where to put them")
	}
	desk := desktest.New(t, desktest.Options{})
	aQuarter(t, desk)
	d := desk.Start(desktest.Build(t), guideSettings)
	desk.Person().Key()
	p := newBrowser(t).open(pageLink(t, d))
	run(t, d, "stretch", "--in", "background")
	for _, width := range []int64{1280, 390} {
		for _, colours := range []string{"light", "dark"} {
			p.run(size(width, map[int64]int64{1280: 800, 390: 844}[width]), scheme(colours))
			for _, view := range []string{
				"session", "today", "history", "settings", "you", "exercises", "exercise?id=neck-tilts", "exercise?id=hanging", "read",
			} {
				if view == "session" && colours == "light" {
					run(t, d, "session", "next")
				}
				p.run(chromedp.Navigate(eval[string](p, "location.origin") + "/" + view))
				p.connected()
				<-time.After(300 * time.Millisecond)
				p.shot(fmt.Sprintf("%s-%s-%d", view, colours, width))
			}
			run(t, d, "session", "stop")
			for name, at := range map[string]string{"choose": "", "choose-floor": "?routine=floor-reset"} {
				p.run(chromedp.Navigate(eval[string](p, "location.origin") + "/session" + at))
				p.connected()
				<-time.After(300 * time.Millisecond)
				p.shot(fmt.Sprintf("%s-%s-%d", name, colours, width))
			}
			run(t, d, "stretch", "--in", "background")
		}
	}
	p.noComplaint()
}
