package daemon_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
	past "github.com/unhunch/unhunch/daemon/internal/history"
	"github.com/unhunch/unhunch/daemon/words"
)

// pageLink is a fresh link to the page.
func pageLink(t *testing.T, d *desktest.Daemon) string {
	t.Helper()
	return strings.TrimSpace(run(t, d, "page", "--no-browser"))
}

// aQuarter is a quarter of a year of somebody who works five days a week, ever a little less in the chair.
func aQuarter(t *testing.T, desk *desktest.Desk) {
	t.Helper()
	dir := filepath.Join(desk.Getenv("XDG_STATE_HOME"), "unhunch")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	store := past.Open(filepath.Join(dir, "history.db"), past.Options{})
	store.SetDays(past.Days{Zone: time.UTC, Starts: 4 * time.Hour})
	rnd := rand.New(rand.NewPCG(1, 1))
	now := time.Now().UTC()
	for back := 90; back >= 0; back-- {
		day := now.AddDate(0, 0, -back).Truncate(24 * time.Hour).Add(9 * time.Hour)
		if wd := day.Weekday(); back > 0 && (wd == time.Saturday || wd == time.Sunday) {
			continue
		}
		var rows []past.Row
		for at, end := day, day.Add(8*time.Hour); at.Before(end) && at.Before(now); {
			sit := time.Duration(20+rnd.IntN(30)) * time.Minute
			away := time.Duration(4+rnd.IntN(14)) * time.Minute
			if at.Hour() == 12 {
				away = 40 * time.Minute
			}
			rows = append(rows, past.Span{From: at, For: sit, Posture: past.Sitting})
			at = at.Add(sit)
			stood := time.Duration(0)
			if rnd.IntN(100) < 20+(90-back)/2 {
				stood = time.Duration(10+rnd.IntN(20)) * time.Minute
				rows = append(rows, past.Span{From: at, For: stood, Posture: past.Standing})
				at = at.Add(stood)
			}
			outcome := []past.Outcome{past.Taken, past.Taken, past.Taken, past.Snoozed, past.Skipped, past.Ignored}[rnd.IntN(6)]
			rows = append(rows, past.Prompt{At: at, Outcome: outcome, Answered: at.Add(time.Second)})
			if outcome == past.Taken {
				rows = append(rows,
					past.Session{At: at, Routine: "two-minutes", Place: "standing", Outcome: past.Finished},
					past.Span{From: at, For: 2 * time.Minute, Posture: past.InSession})
				at = at.Add(2 * time.Minute)
			}
			rows = append(rows, past.NaturalBreak{At: at}, past.Span{From: at, For: away, Posture: past.Away})
			at = at.Add(away)
		}
		if err := store.Put(context.Background(), rows...); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

// phase waits until the page shows a session in that phase.
func (p *webPage) phase(phase string) {
	p.t.Helper()
	p.wait("the phase "+phase, fmt.Sprintf("document.getElementById('session').dataset.phase === %q", phase))
}

// stretchOnPage has the command line begin a session of 30 s that the page guides, and opens the link that it asks the
// desk's browser to open.
func stretchOnPage(t *testing.T, desk *desktest.Desk, d *desktest.Daemon, b *webBrowser) *webPage {
	t.Helper()
	before := len(desk.Links())
	cmd := desk.Command(d.Binary, "stretch", "chair-reset", "--in", "page")
	out := &strings.Builder{}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	desktest.Until(t, soon, "a link", func() bool { return len(desk.Links()) > before })
	p := b.open(desk.Links()[before])
	if err := cmd.Wait(); err != nil || !strings.Contains(out.String(), "The page in your browser guides it") {
		t.Fatalf("%v\n%s", err, out)
	}
	p.phase("ready")
	return p
}

// listens are the addresses that a process listens on by TCP, as hexadecimal numbers.
func listens(t *testing.T, pid int) (all []string) {
	t.Helper()
	mine := map[string]bool{}
	fds, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	for _, fd := range fds {
		if to, err := os.Readlink(fd); err == nil {
			mine[strings.TrimSuffix(strings.TrimPrefix(to, "socket:["), "]")] = true
		}
	}
	for _, table := range []string{"tcp", "tcp6", "udp", "udp6"} {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, table))
		if err != nil {
			continue // no such protocol here
		}
		for line := range strings.Lines(string(text)) {
			if f := strings.Fields(line); len(f) > 9 && mine[f[9]] && (f[3] == "0A" || strings.HasPrefix(table, "udp")) {
				all = append(all, f[1])
			}
		}
	}
	return all
}

// TestPageGuides clicks through a session from the command that begins it to the end. Before it nothing listens.
func TestPageGuides(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{Browser: true})
	d := desk.Start(desktest.Build(t), guideSettings)
	if l := listens(t, d.Pid()); len(l) > 0 {
		t.Errorf("listens on %q before the page is wanted", l)
	}
	p := stretchOnPage(t, desk, d, newBrowser(t))
	if l := listens(t, d.Pid()); len(l) != 1 || !strings.HasPrefix(l[0], "0100007F:") {
		t.Errorf("listens on %q, want 127.0.0.1 alone", l)
	}
	if at := eval[string](p, "location.pathname + location.search"); at != "/session" {
		t.Errorf("the address is %s", at)
	}
	if s := d.State().Session; s == nil || s.Guide != "page" {
		t.Fatalf("the session is %+v", s)
	}
	if name := p.text("#name"); name != "Shoulder rolls" {
		t.Errorf("the first step is %q", name)
	}
	p.wait("the picture", `document.querySelector("#figure svg.fig title")?.textContent === "Shoulder rolls"`)
	left := p.text("#digits")
	p.wait("the count", fmt.Sprintf("document.getElementById('digits').textContent !== %q", left))

	p.click("#pause")
	p.phase("paused")
	p.wait("the picture to stand still", `document.querySelector("#figure svg").animationsPaused()`)
	p.click("#resume")
	p.wait("the session to go on", `["ready", "work"].includes(document.getElementById("session").dataset.phase)`)
	p.click(`[data-do="session/next"]`)
	p.wait("the next step", `document.getElementById("name").textContent === "Neck tilts"`)
	if side := p.text("#side"); side != "Left side" {
		t.Errorf("the side is %q", side)
	}
	p.wait("the side to be announced", `document.getElementById("say").textContent.startsWith("Get ready: Neck tilts, left side.")`)
	p.click(`[data-do="session/back"]`)
	p.wait("the step before", `document.getElementById("name").textContent === "Shoulder rolls"`)
	for i := d.State().Session.Step; i <= d.State().Session.Steps; i++ {
		p.click(`[data-do="session/next"]`)
		p.wait("a step on", fmt.Sprintf(`document.getElementById("where").textContent !== "Step %d of 5" || document.getElementById("session").dataset.phase === "done"`, i))
		if d.State().Session.Phase == "done" {
			break
		}
	}
	p.phase("done")
	if text := p.text("main"); !strings.Contains(text, "Nicely done") || !strings.Contains(text, "You may close this tab.") {
		t.Errorf("the end says %q", text)
	}
	p.click(`[data-feel="better"]`)
	p.wait("thanks", `document.getElementById("thanks").textContent.startsWith("Good to hear.")`)
	d.WaitState(soon, "the end", func(s api.State) bool { return s.Session == nil && s.Today.Sessions == 1 })
	p.phase("done") // and stays: nobody is sent anywhere
	p.noComplaint()
}

// TestPageByKeyboard goes through a session without a mouse.
func TestPageByKeyboard(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{})
	d := desk.Start(desktest.Build(t), guideSettings)
	p := newBrowser(t).open(pageLink(t, d))
	p.connected()
	p.tabTo(`[action="/do/stretch"] button`)
	p.key(kb.Enter)
	p.wait("the session", `location.pathname === "/session"`)
	p.phase("ready")
	p.connected()
	first := p.text("#name")
	p.key(" ")
	p.phase("paused")
	p.key(" ")
	p.wait("the session to go on", `document.getElementById("session").dataset.phase !== "paused"`)
	p.key("n")
	p.wait("the next step", fmt.Sprintf(`document.getElementById("name").textContent !== %q`, first))
	p.key(kb.ArrowLeft)
	p.wait("the step before", fmt.Sprintf(`document.getElementById("name").textContent === %q`, first))
	p.key("?")
	p.wait("when to stop", `document.getElementById("signs").open`)
	p.phase("paused")
	if text := p.text("#signs"); !strings.Contains(text, "112") {
		t.Errorf("the signs are %q", text)
	}
	p.key(kb.Escape)
	p.wait("the signs to go", `!document.getElementById("signs").open`)
	p.key("H") // Caps Lock is no reason not to be heard
	p.phase("hurt")
	if focus := eval[string](p, "document.activeElement.id"); focus != "stop-here" {
		t.Errorf("after “that hurt” the focus is on %q", focus)
	}
	p.key("g")
	p.wait("the session to go on gently", `document.getElementById("session").dataset.phase === "ready"`)
	p.tabTo(`[data-do="session/stop"]`)
	p.key(kb.Enter)
	p.phase("stopped")
	d.WaitState(soon, "the end", func(s api.State) bool { return s.Session == nil })
	p.noComplaint()
}

// TestPageReloadedAndTwice: the session is the daemon's, and every page shows the same of it.
func TestPageReloadedAndTwice(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{})
	d := desk.Start(desktest.Build(t), guideSettings)
	b := newBrowser(t)
	p := b.open(pageLink(t, d))
	p.connected()
	p.click(`[action="/do/stretch"] button`)
	p.wait("the session", `location.pathname === "/session"`)
	p.phase("ready")
	p.click(`[data-do="session/next"]`)
	p.wait("the next step", `document.getElementById("where").textContent.startsWith("Step 2 of")`)
	p.run(chromedp.Reload())
	p.connected()
	if where := p.text("#where"); !strings.HasPrefix(where, "Step 2 of") {
		t.Errorf("after a reload it is %q", where)
	}
	other := b.open(eval[string](p, "location.href"))
	other.connected()
	other.phase(eval[string](p, `document.getElementById("session").dataset.phase`))
	other.click("#pause")
	p.phase("paused")
	p.click("#resume")
	other.wait("the other page to go on", `document.getElementById("session").dataset.phase !== "paused"`)
	p.click(`[data-do="session/stop"]`)
	other.phase("stopped")
	p.noComplaint()
	other.noComplaint()
}

// TestPageSurvivesARestart: a daemon that goes is missed in words, and the next one answers the same page.
func TestPageSurvivesARestart(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{})
	d := desk.Start(desktest.Build(t), guideSettings)
	p := newBrowser(t).open(pageLink(t, d))
	p.connected()
	p.click(`[action="/do/stretch"] button`)
	p.wait("the session", `location.pathname === "/session"`)
	p.phase("ready")
	p.connected()
	p.expectComplaints(true) // of the connection
	d.Kill()
	p.wait("the daemon to be missed", `!document.getElementById("lost").hidden`)
	d.Restart()
	p.wait("the page to be connected again", `document.getElementById("lost").hidden && !document.getElementById("back").hidden`)
	p.expectComplaints(false)
	p.phase("paused") // as after any restart
	p.key(" ")
	p.wait("the session to go on", `document.getElementById("session").dataset.phase !== "paused"`)
	p.noComplaint()

	p.run(chromedp.Navigate("about:blank"))
	// With no page open, which a daemon that ends at once may not have noticed yet.
	desktest.Until(t, browserTime, "nothing to listen", func() bool { d.Restart(); return len(listens(t, d.Pid())) == 0 })
}

// TestPageIsReused: a page that is open comes forward, one that nobody sees makes room for a new one.
func TestPageIsReused(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{Browser: true})
	d := desk.Start(desktest.Build(t), guideSettings)
	b := newBrowser(t)
	run(t, d, "page")
	desktest.Until(t, soon, "a link", func() bool { return len(desk.Links()) == 1 })
	p := b.open(desk.Links()[0])
	p.connected()
	run(t, d, "page")
	run(t, d, "stretch", "--in", "page", "--length", "30s")
	p.wait("the session", `location.pathname === "/session"`)
	p.phase("ready")
	if links := desk.Links(); len(links) != 1 {
		t.Errorf("asked for %d more pages", len(links)-1)
	}
	p.connected()
	eval[bool](p, `Object.defineProperty(document, "visibilityState", { get: () => "hidden" }) && document.dispatchEvent(new Event("visibilitychange"))`)
	run(t, d, "page")
	p.wait("the page to say that it moved", `document.getElementById("moved").open`)
	if links := desk.Links(); len(links) != 2 {
		t.Fatalf("asked for %d pages, want another one", len(links))
	}
	p.key("n") // is nobody's business any more
	fresh := b.open(desk.Links()[1])
	fresh.connected()
	if step := d.State().Session.Step; step != 1 {
		t.Errorf("a page that has moved still controls: step %d", step)
	}
	p.noComplaint()
	fresh.noComplaint()
}

// TestPageSettings changes settings on the page and in the file.
func TestPageSettings(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{})
	const file = "# mine\nsitting.limit = \"30m\" # half an hour\n"
	d := desk.Start(desktest.Build(t), file)
	p := newBrowser(t).open(pageLink(t, d))
	p.run(chromedp.Navigate(eval[string](p, "location.origin") + "/settings"))
	p.connected()
	value := func(id string) string { return eval[string](p, fmt.Sprintf("document.getElementById(%q).value", id)) }
	enter := func(id, text string) {
		eval[bool](p, fmt.Sprintf("document.getElementById(%q).select() ?? true", id))
		p.key(text + kb.Enter)
	}
	if got := value("sitting-limit"); got != "30m" {
		t.Errorf("the page shows %q", got)
	}
	enter("sitting-limit", "soon")
	p.wait("what is wrong, beside the field", `document.getElementById("sitting-limit-wrong").textContent.includes("soon")`)
	if invalid := eval[string](p, `document.getElementById("sitting-limit").ariaInvalid`); invalid != "true" {
		t.Errorf("the field does not say that it is wrong: %q", invalid)
	}
	text, _ := os.ReadFile(desk.ConfigPath())
	if string(text) != file {
		t.Errorf("a mistake changed the file to %q", text)
	}
	enter("sitting-limit", "45m")
	d.WaitState(soon, "45 min", func(s api.State) bool { return s.Sitting.LimitS == 45*60 })
	p.wait("no more complaint", `document.getElementById("sitting-limit-wrong").textContent === ""`)
	text, _ = os.ReadFile(desk.ConfigPath())
	if want := strings.Replace(file, "30m", "45m", 1); string(text) != want {
		t.Errorf("the file is %q, want %q", text, want)
	}
	if err := os.WriteFile(desk.ConfigPath(), []byte(strings.Replace(file, "30m", "50m", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	p.wait("the file's change", `document.getElementById("sitting-limit").value === "50m"`)
	// The one thing said on the console is that the mistake was answered 400.
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.complaints) != 1 || !strings.Contains(p.complaints[0], "400") {
		t.Errorf("the browser says %q", p.complaints)
	}
}

// TestPageCharts holds what is drawn, and the tables behind it, against `history --json`. Nobody is seen meanwhile, as
// there is no display: today does not grow between two looks.
func TestPageCharts(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	aQuarter(t, desk)
	d := desk.Start(desktest.Build(t), guideSettings)
	p := newBrowser(t).open(pageLink(t, d))
	p.run(chromedp.Navigate(eval[string](p, "location.origin") + "/history"))
	p.connected()
	ask := func(period string) (h api.History) {
		if err := json.Unmarshal([]byte(run(t, d, "history", period, "--json")), &h); err != nil {
			t.Fatal(err)
		}
		return h
	}
	table := func(head string) [][]string {
		return eval[[][]string](p, fmt.Sprintf(
			"[...document.querySelectorAll('[aria-labelledby=%s] tbody tr')].map((r) => [...r.children].map((c) => c.textContent))", head))
	}
	week, year := ask("week"), ask("year")
	rows := table("week-head")
	for i, day := range week.Days {
		row := rows[len(rows)-1-i] // the newest is first
		want := []string{
			words.PageDate(day.Date), words.HistorySpan(day.SittingS), words.HistorySpan(day.StandingS),
			words.HistorySpan(day.LongestS), fmt.Sprint(day.Sessions), fmt.Sprint(day.NaturalBreaks),
		}
		if !slices.Equal(row, want) {
			t.Errorf("the week: %q, want %q", row, want)
		}
	}
	// Bars are as high as their days are long.
	heights := eval[[]float64](p, "[...document.querySelectorAll('[aria-labelledby=week-head] rect.sit')].map((r) => r.height.baseVal.value + 1)")
	sat := slices.DeleteFunc(slices.Clone(week.Days), func(d api.HistoryDay) bool { return d.SittingS == 0 })
	if len(heights) != len(sat) {
		t.Fatalf("%d bars for %d days", len(heights), len(sat))
	}
	for i, day := range sat {
		if got, want := heights[i]/heights[0], float64(day.SittingS)/float64(sat[0].SittingS); math.Abs(got-want) > .01 {
			t.Errorf("%s: the bar is %.3f of the first, want %.3f", day.Date, got, want)
		}
	}
	calendar := map[string]string{}
	for _, row := range table("calendar-head") {
		for _, cell := range row[1:] {
			if cell != "" && cell != "–" {
				calendar[cell] = row[0]
			}
		}
	}
	taken, own := 0, 0
	cells := eval[[]string](p, "[...document.querySelectorAll('[aria-labelledby=calendar-head] rect title')].map((t) => t.textContent)")
	for _, day := range year.Days[len(year.Days)-len(cells):] {
		taken += day.Taken
		own += day.NaturalBreaks
		if !slices.Contains(cells, words.PageCell(day)) {
			t.Errorf("the calendar lacks %q", words.PageCell(day))
		}
		if day.SittingS > 0 && calendar[words.HistorySpan(day.SittingS)] == "" {
			t.Errorf("the table of the calendar lacks %s", words.HistorySpan(day.SittingS))
		}
	}
	breaks := table("breaks-head")
	if breaks[0][1] != fmt.Sprint(taken) || breaks[1][1] != fmt.Sprint(own) {
		t.Errorf("breaks %q, want %d taken and %d own", breaks, taken, own)
	}
	if hours := table("hours-head"); len(hours) < 8 || hours[2][1] == "0" {
		t.Errorf("hours of the week %q", hours)
	}
	for name, command := range map[string][]string{"json": {"year", "--json"}, "csv": {"year", "--csv"}} {
		desktest.Until(t, browserTime, "the export as "+name+" to be the command's", func() bool {
			got := eval[string](p, fmt.Sprintf("fetch('/export.%s').then((r) => r.text())", name))
			return strings.TrimSpace(got) == strings.TrimSpace(run(t, d, append([]string{"history"}, command...)...))
		})
	}
	p.click(".erase summary")
	p.click(".erase button")
	p.wait("nothing to be left", `document.querySelectorAll("rect").length === 0`)
	if h := ask("year"); h.Sum.SittingS > 60 {
		t.Errorf("after erasing there are %d s", h.Sum.SittingS)
	}
	p.noComplaint()
}

// TestPageForAll has axe-core look for what keeps people from using the page, in every view and both schemes.
func TestPageForAll(t *testing.T) {
	t.Parallel()
	axe := axeCore(t)
	desk := desktest.New(t, desktest.Options{})
	aQuarter(t, desk)
	d := desk.Start(desktest.Build(t), guideSettings)
	p := newBrowser(t).open(pageLink(t, d))
	look := func(what string) {
		t.Helper()
		p.connected()
		for _, colours := range []string{"light", "dark"} {
			for _, width := range []int64{1280, 320} {
				p.run(scheme(colours), size(width, 800))
				if over := eval[bool](p, "document.documentElement.scrollWidth > document.documentElement.clientWidth"); over {
					t.Errorf("%s, %d wide: it has to be scrolled sideways", what, width)
				}
				if width < 1280 != (colours == "dark") {
					continue // nothing but the colours differs
				}
				found := eval[[]string](p, axe+`; axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] })
					.then((r) => r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.html + " " + n.failureSummary)))`)
				for _, v := range found {
					t.Errorf("%s, %s, %d wide: %s", what, colours, width, v)
				}
			}
		}
	}
	run(t, d, "profile", "set", "retired.cobra=yes")
	for _, view := range []string{"today", "history", "settings", "session", "you", "exercises", "exercise?id=hanging", "read"} {
		p.run(chromedp.Navigate(eval[string](p, "location.origin") + "/" + view))
		p.connected()
		eval[bool](p, `document.querySelectorAll("details").forEach((d) => { d.open = true; }) ?? true`)
		look(view)
	}
	p.run(chromedp.Navigate(eval[string](p, "location.origin") + "/session"))
	p.connected()
	p.click(`#start`)
	p.phase("ready")
	p.click("#pause")
	p.phase("paused")
	look("a session")
	p.click("#signs-open")
	p.wait("the signs", `document.getElementById("signs").open`)
	look("when to stop")
	p.key(kb.Escape)
	p.click(`[data-do="session/hurt"]`)
	p.phase("hurt")
	look("that hurt")
	p.click(`.hurt [data-do="session/resume"]`)
	p.phase("ready")
	for d.State().Session.Phase != "done" {
		run(t, d, "session", "next")
	}
	p.phase("done")
	look("the end")
}

// axeCore is the script of axe-core, which .ci/install fetches.
func axeCore(t *testing.T) string {
	t.Helper()
	desktest.Need(t, "chromium")
	found, _ := filepath.Glob("../bin/test/axe-*.js")
	if len(found) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("axe-core is missing: `make test` should have fetched it")
		}
		t.Skip("axe-core is missing: `make test` fetches it")
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
