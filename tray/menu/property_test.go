package menu_test

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/tray/icon"
	"github.com/unhunch/unhunch/tray/menu"
)

// anyFacts are facts of any kind, also of kinds that no daemon sends.
func anyFacts(t *rapid.T) menu.Facts {
	f := menu.Facts{
		Now: sunday.Add(time.Duration(rapid.Int64Range(0, int64(8*24*time.Hour)).Draw(t, "now"))), Zone: anyZone(t),
		Starting: rapid.Bool().Draw(t, "starting"),
	}
	if rapid.IntRange(0, 3).Draw(t, "trouble?") == 0 {
		f.Trouble = anyWords(t, "trouble")
	}
	if rapid.IntRange(0, 9).Draw(t, "down") > 0 {
		f.State = anyState(t, f.Now)
	}
	return f
}

func anyZone(t *rapid.T) *time.Location {
	if rapid.Bool().Draw(t, "no zone") {
		return nil
	}
	return zone
}

func anyWords(t *rapid.T, name string) string {
	return rapid.StringMatching(`[A-Za-zäß_.:;]{1,12}( [A-Za-zäß_.:;\n]{1,12}){0,14}`).Draw(t, name)
}

func anyState(t *rapid.T, now time.Time) *api.State {
	limit := rapid.SampledFrom([]float64{0.5, 20, 90, 150, 1500, 1800, 2700, 3600, 3601, 86400}).Draw(t, "limit")
	seconds := func(name string) float64 { return float64(rapid.IntRange(0, 9_000_000).Draw(t, name)) / 1000 }
	until := func(name string) *time.Time {
		if rapid.Bool().Draw(t, name+"?") {
			return nil
		}
		at := now.Add(time.Duration(rapid.IntRange(-3600, 7*86400).Draw(t, name)) * time.Second)
		return &at
	}
	s := &api.State{
		At:       now,
		Presence: api.Presence{Source: rapid.SampledFrom([]string{"x11", "timer", "none"}).Draw(t, "source")},
		Posture:  rapid.SampledFrom([]string{"sitting", "standing", "away", "undecided", "unknown"}).Draw(t, "posture"),
		Sitting: api.Sitting{
			LoadS: seconds("load"), LimitS: limit, DueInS: seconds("due"), StreakS: seconds("streak"),
			Rate: rapid.SampledFrom([]float64{1, 0, -6, -1.5, -1. / 3}).Draw(t, "rate"),
		},
		Standing: api.Standing{
			LoadS: seconds("standing load"), LimitS: rapid.SampledFrom([]float64{30, 3600, 7200}).Draw(t, "stand limit"),
			DueInS: seconds("standing due"), Rate: rapid.SampledFrom([]float64{0, 1}).Draw(t, "standing rate"),
		},
		Reminder: api.Reminder{
			Phase: rapid.SampledFrom([]string{
				"in_session", "paused", "off_hours", "snoozed", "held", "prompted", "due", "quiet", "of another daemon",
			}).Draw(t, "phase"),
			Reason: rapid.SampledFrom([]string{
				"", "patience", "away", "locked", "grace", "do_not_disturb", "fullscreen", "call", "meeting", "user", "ignored",
			}).Draw(t, "reason"),
			Until: until("until"), SnoozesLeft: rapid.IntRange(0, 3).Draw(t, "snoozes"),
			SnoozeS: rapid.SliceOfN(rapid.Float64Range(0.001, 4000), 0, 7).Draw(t, "snooze"),
		},
		PausedUntil: until("paused until"), MeetingUntil: until("meeting until"),
	}
	if rapid.Bool().Draw(t, "silent") {
		s.Sitting.Silence = &api.Silence{
			S: seconds("silence"), CountedAs: rapid.SampledFrom([]string{"undecided", "away", "sitting"}).Draw(t, "as"),
		}
	}
	if rapid.IntRange(0, 2).Draw(t, "session") == 0 {
		s.Session = anySession(t)
	}
	if rapid.IntRange(0, 3).Draw(t, "problems") == 0 {
		s.Problems = []api.Problem{{
			Code:    rapid.SampledFrom([]string{"", "config_broken", "sensor_lost", "state_newer"}).Draw(t, "code"),
			Message: anyWords(t, "message"),
		}}
	}
	return s
}

func anySession(t *rapid.T) *api.Session {
	p := &api.Session{
		Name: anyWords(t, "name"), Step: rapid.IntRange(1, 12).Draw(t, "step"), Steps: 12,
		Side:  rapid.SampledFrom([]string{"", "left", "right"}).Draw(t, "side"),
		Phase: rapid.SampledFrom([]string{"ready", "work", "paused", "done"}).Draw(t, "session phase"),
		LeftS: 60, StepLeftS: 20, StepS: 20,
	}
	if rapid.Bool().Draw(t, "more") {
		p.Next = anyWords(t, "next")
	}
	p.Hurt = p.Phase == "paused" && rapid.Bool().Draw(t, "hurt")
	return p
}

// skeleton is what of the entries must never change: ids, order, submenus and which of them can have a tick.
func skeleton(entries []menu.Entry) (all []string) {
	for _, e := range entries {
		all = append(all, fmt.Sprintf("%s tick=%t parent=%t", e.ID, e.Tick, e.Children != nil))
		all = append(all, skeleton(e.Children)...)
	}
	return all
}

// inside are the words of the code, which are of no use to the person.
var inside = regexp.MustCompile(`(?i)\b(loads?|limits?|rest|holds?|held|due)\b`)

// TestMenu holds what trays ask of a menu, for whatever state there may be.
func TestMenu(t *testing.T) {
	always := skeleton(menu.Build(menu.Facts{}).Entries)
	ids := leaves(menu.Build(menu.Facts{}).Entries)
	slices.Sort(ids)
	if once := slices.Compact(slices.Clone(ids)); len(once) != len(ids) {
		t.Fatalf("ids are given twice: %q", ids)
	}
	rapid.Check(t, func(t *rapid.T) {
		m := menu.Build(anyFacts(t))
		if got := skeleton(m.Entries); !slices.Equal(got, always) {
			t.Fatalf("the entries are others:\n%q\nwant\n%q", got, always)
		}
		if m.Icon < 0 || m.Icon >= icon.Count {
			t.Fatalf("icon %d", m.Icon)
		}
		checkTitle(t, m.Title)
		checkSeparators(t, m.Entries)
		for _, e := range m.Entries {
			checkEntry(t, e)
		}
	})
}

// checkSeparators: they cannot be hidden, so there is always something visible before, between and after them.
func checkSeparators(t *rapid.T, entries []menu.Entry) {
	visible := 0
	for _, e := range entries {
		switch {
		case e.ID != "" && !e.Hidden:
			visible++
		case e.ID == "" && visible == 0:
			t.Fatal("a separator has nothing before it")
		case e.ID == "":
			if !reflect.DeepEqual(e, menu.Entry{}) {
				t.Fatalf("a separator has something: %+v", e)
			}
			visible = 0
		}
	}
	if visible == 0 {
		t.Fatal("a separator is the last that is to be seen")
	}
}

func checkEntry(t *rapid.T, e menu.Entry) {
	if e.Hidden || e.ID == "" {
		return
	}
	checkTitle(t, e.Title)
	switch {
	case e.Ticked && !e.Tick:
		t.Fatalf("%s is ticked and cannot be", e.ID)
	case e.Children != nil && e.Click != nil:
		t.Fatalf("%s is both a parent and to be clicked", e.ID)
	case e.Children != nil:
		some := false
		for _, c := range e.Children {
			checkEntry(t, c)
			some = some || !c.Hidden
			if c.Children != nil || c.ID == "" {
				t.Fatalf("%s is more than one level deep or has a separator", e.ID)
			}
		}
		if !some && !e.Disabled {
			t.Fatalf("%s opens an empty submenu", e.ID)
		}
	case !e.Disabled:
		if e.Click == nil {
			t.Fatalf("a click on %s does nothing", e.ID)
		}
		checkClick(t, e.ID, *e.Click)
	}
}

// checkTitle holds a title to one short line in the person's words. Longer words of others are cut short.
func checkTitle(t *rapid.T, title string) {
	const width = 48
	switch n := utf8.RuneCountInString(title); {
	case n == 0:
		t.Fatal("something to be seen has no title")
	case n > width:
		t.Fatalf("%q is %d characters wide", title, n)
	case regexp.MustCompile(`[\n%]`).MatchString(title):
		t.Fatalf("%q is badly filled in", title)
	}
}

// bodies are what the daemon takes with each order. It refuses a body of another kind.
var bodies = map[string]any{
	"stretch": api.StretchRequest{}, "snooze": api.DurationRequest{}, "pause": api.DurationRequest{},
	"stand": api.DurationRequest{}, "meeting": api.DurationRequest{}, "was": api.WasRequest{},
	"skip": nil, "resume": nil, "session/next": nil, "session/back": nil, "session/pause": nil,
	"session/resume": nil, "session/stop": nil, "session/hurt": nil,
}

func checkClick(t *rapid.T, id string, c menu.Click) {
	n := 0
	for _, set := range []bool{c.Do != "", c.Key != "", c.Page, c.Start, c.Hide, c.Stop} {
		if set {
			n++
		}
	}
	if n != 1 || c.Do == "" && c.Body != nil || (c.Key == "") != (c.Value == "") {
		t.Fatalf("%s orders more or less than one thing: %+v", id, c)
	}
	if c.Do == "" {
		return
	}
	body, known := bodies[c.Do]
	if !known || reflect.TypeOf(body) != reflect.TypeOf(c.Body) {
		t.Fatalf("%s orders %q with a %T", id, c.Do, c.Body)
	}
	if d, ok := c.Body.(api.DurationRequest); ok && !readable(c.Do, d.Duration) {
		t.Fatalf("%s orders %q for %q", id, c.Do, d.Duration)
	}
	if r, ok := c.Body.(api.StretchRequest); ok && !readable(c.Do, r.Length) {
		t.Fatalf("%s asks for a stretch of %q", id, r.Length)
	}
}

// readable says whether the daemon can read the duration of that order.
func readable(order, duration string) bool {
	switch {
	case duration == "":
		return order != "snooze"
	case order == "pause" && duration == "tomorrow", (order == "meeting" || order == "stand") && duration == "off":
		return true
	}
	_, err := config.ParseDuration(duration)
	return err == nil
}

// TestWords: what the machines are called inside is not said. The words of others are not ours to choose.
func TestWords(t *testing.T) {
	for _, s := range stories {
		f := afternoon()
		s.change(&f)
		if found := inside.FindString(text(menu.Build(f))); found != "" {
			t.Errorf("%s: the menu says %q", s.name, found)
		}
	}
}

// TestNextChange: until then the menu stays as it is, and then it is another.
func TestNextChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts(t)
		now := menu.Build(f)
		next := menu.NextChange(f)
		switch {
		case next < 0:
			t.Fatalf("in %v", next)
		case f.State == nil && next != 0:
			t.Fatalf("a daemon that is not running changes in %v", next)
		case f.State == nil:
			return
		case next > 0:
			if then := menu.Build(later(f, next)); reflect.DeepEqual(then, now) {
				t.Fatalf("nothing has changed in %v:\n%s", next, text(now))
			}
		}
		span := next
		if span == 0 {
			span = 7 * 24 * time.Hour
		}
		for range 8 {
			d := time.Duration(rapid.Int64Range(0, int64(span)-1).Draw(t, "before"))
			if then := menu.Build(later(f, d)); !reflect.DeepEqual(then, now) {
				t.Fatalf("said to stay for %v, but in %v:\n%s\nwas\n%s", next, d, text(then), text(now))
			}
		}
	})
}

func later(f menu.Facts, d time.Duration) menu.Facts {
	s := client.Ahead(*f.State, d)
	f.State, f.Now = &s, f.Now.Add(d)
	return f
}

// TestNextChangeOf covers what moves by itself, and that nothing ticks that does not.
func TestNextChangeOf(t *testing.T) {
	tests := []struct {
		story string
		want  time.Duration
	}{
		{"sitting", time.Minute},
		{"just sat down", 59600 * time.Millisecond},
		{"the last second before a break", 500 * time.Millisecond},
		{"every 45 min", time.Minute},
		{"standing", time.Minute},
		{"away", 3 * time.Minute}, // until all is cleared; nobody is there to watch it fall
		{"away for long", 0},
		{"quiet for a while", 0},
		{"nobody can tell", 0},
		{"prompted", time.Minute},
		{"session, at work", 0},
		{"session, that hurt", 0},
		{"session, done", 0},
		{"not running", 0},
	}
	for _, tt := range tests {
		if got := menu.NextChange(story(t, tt.story)); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.story, got, tt.want)
		}
	}
}

// TestDaysGoBy: a time of another day loses its weekday when that day begins, however far that is.
func TestDaysGoBy(t *testing.T) {
	for days, want := range map[int]time.Duration{
		0: 10 * time.Hour, // it is today's, and is told with its weekday from midnight on
		1: 10 * time.Hour, 2: 34 * time.Hour, 3: 58 * time.Hour, 4: 82 * time.Hour, 5: 106 * time.Hour,
		6: 130 * time.Hour, 7: 154 * time.Hour,
	} {
		f := story(t, "paused until tomorrow")
		f.State.Posture, f.State.Sitting.Rate = "away", 0
		f.State.PausedUntil = in(time.Duration(days)*24*time.Hour + time.Hour)
		if got := menu.NextChange(f); got != want {
			t.Errorf("%d days ahead: got %v, want %v", days, got, want)
		}
	}
}

// TestFigureSlumpsWithinAMinute: where a quarter of the time is no whole minute, the icon changes alone.
func TestFigureSlumpsWithinAMinute(t *testing.T) {
	f := afternoon()
	f.State.Sitting = api.Sitting{LoadS: 370, LimitS: 1500, DueInS: 1130, Rate: 1}
	if got, want := menu.NextChange(f), 5*time.Second; got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func BenchmarkBuild(b *testing.B) {
	f := afternoon()
	for b.Loop() {
		menu.Build(f)
	}
}

func BenchmarkNextChange(b *testing.B) {
	f := afternoon()
	for b.Loop() {
		menu.NextChange(f)
	}
}
