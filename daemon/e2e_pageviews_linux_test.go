package daemon_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
)

// at goes to a view.
func (p *webPage) at(view string) {
	p.t.Helper()
	p.run(chromedp.Navigate(eval[string](p, "location.origin") + view))
	p.connected()
}

// planned are the exercises that the page says a stretch would have.
const planned = `[...document.querySelectorAll("#plan li a")].map((a) => new URL(a.href).searchParams.get("id")).join(" ")`

// TestPageBeforeASession chooses a stretch, sees why it is this one, and starts it.
func TestPageBeforeASession(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{})
	d := desk.Start(desktest.Build(t), guideSettings)
	p := newBrowser(t).open(pageLink(t, d))
	p.at("/session")
	var dry api.Plan
	if err := json.Unmarshal([]byte(run(t, d, "stretch", "--dry-run", "--json")), &dry); err != nil {
		t.Fatal(err)
	}
	for i, step := range dry.Steps {
		if got := eval[string](p, fmt.Sprintf(`new URL(document.querySelectorAll("#plan li a")[%d].href).searchParams.get("id")`, i)); got != step.Exercise {
			t.Errorf("step %d is %s, want %s", i+1, got, step.Exercise)
		}
		if why := eval[string](p, fmt.Sprintf(`document.querySelectorAll("#plan li small")[%d].textContent`, i)); why == "" {
			t.Errorf("step %d does not say why it is there", i+1)
		}
	}
	p.click(`.chip:has([name="place"][value="chair"])`)
	p.wait("a plan for the chair", planned+` !== "" && !`+planned+`.includes("desk-lean")`)
	p.click(`.option:has([value="neck-and-shoulders"])`)
	p.wait("the routine on paper", planned+`.startsWith("shoulder-rolls")`)
	p.click(`.option:has([value="floor-reset"])`)
	p.wait("why not", `document.querySelector("#plan [data-wrong]") !== null && document.getElementById("start").disabled`)
	p.click(`.chip:has([name="length"][value="1m"])`) // which is of a stretch that is composed
	p.wait("a plan of a minute", `document.querySelector("#plan .muted")?.textContent.startsWith("1:00")`)
	p.click("#start")
	p.phase("ready")
	if s := d.State().Session; s == nil || s.LengthS > 63 || s.Guide != "page" {
		t.Errorf("started %+v", s)
	}
	p.click(`[data-do="session/stop"]`)
	p.phase("stopped")

	// A page that comes late takes over from notifications.
	p.at("/today")
	run(t, d, "stretch", "--in", "background")
	note := desk.WaitNotify(soon)
	p.at("/session")
	d.WaitState(soon, "the page to guide", func(s api.State) bool { return s.Session != nil && s.Session.Guide == "page" })
	desk.WaitGone(note, soon)
	p.noComplaint()
}

// TestPageAboutYou tells of oneself what the command line would.
func TestPageAboutYou(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{})
	d := desk.Start(desktest.Build(t), guideSettings)
	run(t, d, "profile", "set", "retired.neck-tilts=yes", "equipment=desk")
	p := newBrowser(t).open(pageLink(t, d))
	save := func() {
		t.Helper()
		eval[bool](p, `delete document.documentElement.dataset.connected`)
		p.click("#you .savebar button")
		p.wait("it to be saved", `location.search === "?saved=" || location.search === "?saved"`)
		p.connected()
	}
	p.at("/you")
	if !eval[bool](p, `document.querySelector('[value="unsaid"]').checked`) {
		t.Error("who has told nothing is not shown so")
	}
	p.click(`.tick:has([value="unsaid"])`)
	p.click("#you .savebar button")
	p.wait("a hint", `document.getElementById("questions-wrong").textContent.includes("Tick what applies")`)
	p.click(`.tick:has([value="none"])`)
	p.click(`.tick:has([value="eyes"])`)
	if eval[bool](p, `document.querySelector('[value="none"]').checked`) {
		t.Error("“None of these” goes with one of these")
	}
	p.click(`.tick:has([name="level"][value="moderate"])`)
	p.click(`.tick:has([name="places"][value="floor"])`)
	p.click(`.tick:has([value="foam-roller"])`)
	p.click(`.tick:has([value="cannot-kneel"])`)
	save()
	got := profileOf(t, d)
	if got.Screening["eyes"] != "yes" || got.Screening["heart"] != "no" || got.Level != "moderate" || fmt.Sprint(got.Places) != "[floor]" ||
		fmt.Sprint(got.Equipment) != "[desk foam-roller]" || fmt.Sprint(got.Abilities) != "[cannot-kneel]" || got.Retired["neck-tilts"] != "yes" {
		t.Errorf("got %+v", got)
	}
	p.click(`.tick:has(> [name="enable"][value="foam-roller-extension"])`)
	save()
	if got := profileOf(t, d); got.Enable["foam-roller-extension"] != "yes" {
		t.Errorf("enabled %v", got.Enable)
	}
	p.click(`[action="/you/allow"] button`)
	p.wait("nothing to be retired", `document.querySelector('[action="/you/allow"]') === null`)
	if got := profileOf(t, d); len(got.Retired) > 0 {
		t.Errorf("retired %v", got.Retired)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.complaints) != 1 { // the mistake was answered 400
		t.Errorf("the browser says %q", p.complaints)
	}
}

// TestPageCatalogue looks for exercises and at one, and reads.
func TestPageCatalogue(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{})
	d := desk.Start(desktest.Build(t), guideSettings)
	var all api.Routines
	if err := json.Unmarshal([]byte(run(t, d, "routines", "list", "--json")), &all); err != nil {
		t.Fatal(err)
	}
	p := newBrowser(t).open(pageLink(t, d))
	p.at("/exercises")
	const shown = `[...document.querySelectorAll("#moves li")].filter((li) => !li.hidden).length`
	if n := eval[int](p, shown); n != len(all.Exercises) {
		t.Errorf("%d exercises are shown of %d", n, len(all.Exercises))
	}
	if ids := eval[int](p, `document.querySelectorAll("[id]").length - new Set([...document.querySelectorAll("[id]")].map((e) => e.id)).size`); ids != 0 {
		t.Errorf("%d ids are there twice", ids)
	}
	want := 0
	for _, e := range all.Exercises {
		if e.Level == "moderate" && e.Place == "floor" {
			want++
		}
	}
	eval[bool](p, `for (const [id, v] of [["by-place", "floor"], ["by-level", "moderate"]]) {
		const s = document.getElementById(id); s.value = v; s.dispatchEvent(new Event("change", { bubbles: true })); } true`)
	if n := eval[int](p, shown); n != want {
		t.Errorf("%d are shown that are moderate on the floor, want %d", n, want)
	}
	p.run(chromedp.Reload()) // the address tells what was looked for
	p.connected()
	if n := eval[int](p, shown); n != want {
		t.Errorf("%d after a reload, want %d", n, want)
	}
	for _, e := range all.Exercises[:3] {
		p.at("/exercise?id=" + e.ID)
		text := p.text("main")
		for _, lines := range [][]string{{e.Name}, e.Steps, e.Cautions, e.Source} {
			for _, line := range lines {
				if !eval[bool](p, fmt.Sprintf("document.querySelector('main').textContent.includes(%q)", line)) {
					t.Errorf("%s: %q is not in %q", e.ID, line, text)
				}
			}
		}
		if !eval[bool](p, `document.querySelector("main svg.fig .fig-move") !== null`) {
			t.Errorf("%s has no picture that moves", e.ID)
		}
	}
	p.at("/read")
	if n := eval[int](p, `document.querySelectorAll("article").length`); n != len(all.Cards) {
		t.Errorf("%d cards of %d", n, len(all.Cards))
	}
	p.noComplaint()
}
