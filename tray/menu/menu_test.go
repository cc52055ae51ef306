package menu_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/tray/icon"
	"github.com/unhunch/unhunch/tray/menu"
)

var update = flag.Bool("update", false, "write the golden file anew")

// sunday is 14:00 in the zone of the tests.
var (
	sunday = time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC)
	zone   = time.FixedZone("CET", 3600)
)

func in(d time.Duration) *time.Time {
	t := sunday.Add(d)
	return &t
}

// afternoon is a sitting one with nothing special about it.
func afternoon() menu.Facts {
	return menu.Facts{Now: sunday, Zone: zone, State: &api.State{
		At:       sunday,
		Presence: api.Presence{State: "active", Source: "x11"},
		Posture:  "sitting",
		Sitting:  api.Sitting{LoadS: 1080, LimitS: 1800, DueInS: 720, StreakS: 1200, Rate: 1},
		Standing: api.Standing{LimitS: 3600, DueInS: 3600},
		Reminder: api.Reminder{Phase: "quiet", SnoozesLeft: 3, SnoozeS: []float64{300, 600, 1200}},
	}}
}

func owed(phase, reason string, until *time.Time) func(*menu.Facts) {
	return func(f *menu.Facts) {
		f.State.Sitting.LoadS, f.State.Sitting.DueInS = 1860, 0
		f.State.Reminder.Phase, f.State.Reminder.Reason, f.State.Reminder.Until = phase, reason, until
	}
}

func session(p api.Session) func(*menu.Facts) {
	return func(f *menu.Facts) {
		f.State.Posture, f.State.Sitting.Rate = "standing", 0
		f.State.Reminder.Phase, f.State.Session = "in_session", &p
	}
}

func both(changes ...func(*menu.Facts)) func(*menu.Facts) {
	return func(f *menu.Facts) {
		for _, c := range changes {
			c(f)
		}
	}
}

func problem(code, message string) func(*menu.Facts) {
	return func(f *menu.Facts) {
		f.State.Problems = []api.Problem{{Part: "test", Code: code, Message: message}, {Message: "another"}}
	}
}

func paused(until *time.Time) func(*menu.Facts) {
	return both(owed("paused", "", until), func(f *menu.Facts) { f.State.PausedUntil = until })
}

// stories are the states that the golden file shows, each with what differs from the afternoon.
var stories = []struct {
	name   string
	change func(*menu.Facts)
}{
	{"sitting", func(*menu.Facts) {}},
	{"just sat down", func(f *menu.Facts) { f.State.Sitting.LoadS, f.State.Sitting.DueInS = 0.4, 1799.6 }},
	{"the last second before a break", func(f *menu.Facts) { f.State.Sitting.LoadS, f.State.Sitting.DueInS = 1799.5, 0.5 }},
	{"the daemon is about to ask", func(f *menu.Facts) { f.State.Sitting.LoadS, f.State.Sitting.DueInS = 1800, 0 }},
	{"after a skip", func(f *menu.Facts) { f.State.Sitting.LoadS, f.State.Sitting.DueInS = 2460, 1200 }},
	{"by the clock", both(problem("timer_mode", ""), func(f *menu.Facts) {
		f.State.Presence = api.Presence{State: "unknown", Source: "timer"}
	})},
	{"every 45 min", func(f *menu.Facts) { f.State.Sitting.LimitS, f.State.Sitting.DueInS = 2700, 1620 }},
	{"a time in force of the person's own", func(f *menu.Facts) { f.State.Sitting.LimitS, f.State.Sitting.DueInS = 7200, 6120 }},
	{"so short that seconds count", func(f *menu.Facts) {
		f.State.Sitting = api.Sitting{LoadS: 12, LimitS: 20, DueInS: 8, Rate: 1}
		f.State.Reminder.SnoozeS = []float64{4, 90}
	}},
	{"standing", func(f *menu.Facts) {
		f.State.Posture, f.State.Sitting.Rate = "standing", -6
		f.State.Standing = api.Standing{LoadS: 720, LimitS: 3600, DueInS: 2880, Rate: 1}
	}},
	{"standing for long", both(owed("prompted", "", nil), func(f *menu.Facts) {
		f.State.Posture = "standing"
		f.State.Standing = api.Standing{LoadS: 3900, LimitS: 3600, Rate: 1}
	})},
	{"away", func(f *menu.Facts) { f.State.Posture, f.State.Sitting.Rate = "away", -6 }},
	{"away for long", func(f *menu.Facts) {
		f.State.Posture, f.State.Sitting = "away", api.Sitting{LimitS: 1800, DueInS: 1800}
	}},
	{"quiet for a while", func(f *menu.Facts) { f.State.Posture, f.State.Sitting.Rate = "undecided", 0 }},
	{"back from a silence", func(f *menu.Facts) { f.State.Sitting.Silence = &api.Silence{S: 470, CountedAs: "undecided"} }},
	{"nobody can tell", both(problem("no_sensor", ""), func(f *menu.Facts) {
		f.State.Posture, f.State.Sitting.Rate = "unknown", 0
		f.State.Presence = api.Presence{State: "unknown", Source: "none"}
	})},
	{"due, in the middle of something", owed("due", "patience", nil)},
	{"due, away", both(owed("due", "away", nil), func(f *menu.Facts) { f.State.Posture, f.State.Sitting.Rate = "away", -6 })},
	{"prompted", owed("prompted", "", nil)},
	{"prompted, no snooze left", both(owed("prompted", "", nil), func(f *menu.Facts) { f.State.Reminder.SnoozesLeft = 0 })},
	{"no snooze left, nothing due", func(f *menu.Facts) { f.State.Reminder.SnoozesLeft = 0 }},
	{"held by a call", owed("held", "call", nil)},
	{"held by do-not-disturb", owed("held", "do_not_disturb", nil)},
	{"held by full screen", owed("held", "fullscreen", nil)},
	{"held by a meeting", both(owed("held", "meeting", in(time.Hour)), func(f *menu.Facts) { f.State.MeetingUntil = in(time.Hour) })},
	{"snoozed", owed("snoozed", "user", in(15*time.Minute))},
	{"not answered", owed("snoozed", "ignored", in(15*time.Minute))},
	{"paused", paused(in(2 * time.Hour))},
	{"paused until tomorrow", paused(in(14 * time.Hour))},
	{"paused until resumed", paused(nil)},
	{"off hours", owed("off_hours", "", in(19*time.Hour))},
	{"session, getting ready", session(api.Session{
		Name: "Shoulder rolls", Step: 1, Steps: 5, Phase: "ready", Next: "Calf stretch", NextSide: "left", LeftS: 120,
	})},
	{"session, at work", session(api.Session{
		Name: "Calf stretch", Side: "left", Step: 2, Steps: 5, Phase: "work", Next: "Calf stretch", NextSide: "right", LeftS: 90,
	})},
	{"session, last step", session(api.Session{Name: "Desk lean", Step: 5, Steps: 5, Phase: "work", LeftS: 10})},
	{"session, paused", session(api.Session{Name: "Calf stretch", Side: "right", Step: 3, Steps: 5, Phase: "paused", Next: "Desk lean"})},
	{"session, that hurt", session(api.Session{Name: "Desk lean", Step: 3, Steps: 5, Phase: "paused", Hurt: true})},
	{"session, done", session(api.Session{Name: "Desk lean", Step: 5, Steps: 5, Phase: "done"})},
	{"a problem", problem("config_broken", "")},
	{"a problem without words of its own", problem("moon_phase", "the moon stands where no daemon has ever seen it stand before")},
	{"a click that was refused", func(f *menu.Facts) { f.Trouble = "no break is waiting; the next one comes after 12 min in the chair" }},
	{"not running", func(f *menu.Facts) { f.State = nil }},
	{"starting", func(f *menu.Facts) { f.State, f.Starting = nil, true }},
	{"did not start", func(f *menu.Facts) { f.State, f.Trouble = nil, "unhunch is not installed beside unhunch-tray" }},
}

func story(t *testing.T, name string) menu.Facts {
	t.Helper()
	for _, s := range stories {
		if s.name == name {
			f := afternoon()
			s.change(&f)
			return f
		}
	}
	t.Fatalf("no story is called %q", name)
	return menu.Facts{}
}

var iconNames = [icon.Count]string{
	icon.Upright: "upright", icon.Easing: "easing", icon.Leaning: "leaning", icon.Slumping: "slumping",
	icon.Slumped: "slumped", icon.Standing: "standing", icon.Away: "away", icon.Session: "session",
	icon.Paused: "paused", icon.Unknown: "unknown", icon.Down: "down",
}

// text is a menu as one sees it, greyed entries in brackets.
func text(m menu.Menu) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<%s> %s\n", iconNames[m.Icon], m.Title)
	write(&b, m.Entries, "")
	return b.String()
}

func write(b *strings.Builder, entries []menu.Entry, indent string) {
	for _, e := range entries {
		if e.Hidden {
			continue
		}
		title := e.Title
		switch {
		case e.ID == "":
			title = "--------"
		case e.Disabled && e.Click == nil && e.Children == nil: // to be read
		case e.Disabled:
			title = "(" + title + ")"
		}
		if e.Ticked {
			title = "✓ " + title
		}
		if e.Children != nil {
			title += " ▸"
		}
		b.WriteString(indent + title + "\n")
		if !e.Disabled {
			write(b, e.Children, indent+"    ")
		}
	}
}

// TestGolden keeps the menus where they can be read as a person reads them.
func TestGolden(t *testing.T) {
	var b strings.Builder
	for _, s := range stories {
		f := afternoon()
		s.change(&f)
		fmt.Fprintf(&b, "# %s\n%s\n", s.name, text(menu.Build(f)))
	}
	golden := filepath.Join("testdata", "menus.golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the menus differ from %s; read them, then run with -update:\n%s", golden, b.String())
	}
}

// TestIcon covers the order in which what there is to show goes before what else there is.
func TestIcon(t *testing.T) {
	tests := []struct {
		change func(*menu.Facts)
		want   icon.ID
	}{
		{func(f *menu.Facts) { f.State.Sitting.LoadS = 0 }, icon.Upright},
		{func(f *menu.Facts) { f.State.Sitting.LoadS = 449.9 }, icon.Upright},
		{func(f *menu.Facts) { f.State.Sitting.LoadS = 450 }, icon.Easing},
		{func(f *menu.Facts) { f.State.Sitting.LoadS = 899.9 }, icon.Easing},
		{func(f *menu.Facts) { f.State.Sitting.LoadS = 900 }, icon.Leaning},
		{func(f *menu.Facts) { f.State.Sitting.LoadS = 1350 }, icon.Slumping},
		{func(f *menu.Facts) { f.State.Sitting.LoadS = 1799.9 }, icon.Slumping},
		{func(f *menu.Facts) { f.State.Sitting.LoadS = 1800 }, icon.Slumped},
		{func(f *menu.Facts) { f.State.Sitting.LoadS, f.State.Reminder.Phase = 1700, "held" }, icon.Slumped},
		{func(f *menu.Facts) { f.State.Posture, f.State.Reminder.Phase = "standing", "prompted" }, icon.Slumped},
		{func(f *menu.Facts) { f.State.Posture = "standing" }, icon.Standing},
		{func(f *menu.Facts) { f.State.Posture, f.State.Reminder.Phase = "away", "due" }, icon.Away},
		{func(f *menu.Facts) { f.State.Posture, f.State.Reminder.Phase = "unknown", "due" }, icon.Unknown},
		{func(f *menu.Facts) { f.State.Posture, f.State.Reminder.Phase = "away", "off_hours" }, icon.Paused},
		{func(f *menu.Facts) { f.State.Posture, f.State.Reminder.Phase = "unknown", "paused" }, icon.Paused},
		{func(f *menu.Facts) { f.State.PausedUntil, f.State.Session = in(time.Hour), &api.Session{} }, icon.Session},
		{func(f *menu.Facts) { f.State = nil }, icon.Down},
	}
	for i, tt := range tests {
		f := afternoon()
		tt.change(&f)
		if got := menu.Build(f).Icon; got != tt.want {
			t.Errorf("%d: got %s, want %s", i, iconNames[got], iconNames[tt.want])
		}
	}
}
