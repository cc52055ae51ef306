package words_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

var update = flag.Bool("update", false, "write the golden files anew")

// statusNow is a Sunday, 14:00 in the zone of the tests.
var (
	statusNow = time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC)
	statusLoc = time.FixedZone("CET", 3600)
)

func statusAt(hours float64) *time.Time {
	t := statusNow.Add(time.Duration(hours * float64(time.Hour)))
	return &t
}

// statusStory is a sitting afternoon with one thing changed.
func statusStory(change func(*api.State)) api.State {
	idle := 0.4
	s := api.State{
		At:       statusNow,
		Presence: api.Presence{State: "active", Source: "x11", IdleS: &idle},
		Posture:  "sitting",
		Sitting:  api.Sitting{LoadS: 1080, LimitS: 1800, DueInS: 720, StreakS: 1200, Rate: 1},
		Standing: api.Standing{LimitS: 3600, DueInS: 3600},
		Reminder: api.Reminder{Phase: "quiet", SnoozesLeft: 3},
		Today:    api.Today{SittingS: 9000, AwayS: 1200, Prompts: 4, Sessions: 2, NaturalBreaks: 1},
	}
	change(&s)
	return s
}

func phase(name, reason string, until *time.Time) func(*api.State) {
	return func(s *api.State) {
		s.Sitting.LoadS, s.Sitting.DueInS = 1860, 0
		s.Reminder.Phase, s.Reminder.Reason, s.Reminder.Until = name, reason, until
	}
}

func session(p api.Session) func(*api.State) {
	return func(s *api.State) {
		s.Reminder.Phase = "in_session"
		s.Session = &p
	}
}

var statusStories = []struct {
	name   string
	change func(*api.State)
}{
	{"sitting", func(*api.State) {}},
	{"just sat down", func(s *api.State) { s.Sitting = api.Sitting{LoadS: 20, LimitS: 1800, DueInS: 1780, StreakS: 20} }},
	{"one second before a break", func(s *api.State) { s.Sitting.LoadS, s.Sitting.DueInS = 1799.5, 0.5 }},
	{"a limit of seconds", func(s *api.State) { s.Sitting = api.Sitting{LoadS: 12.3, LimitS: 20, DueInS: 7.7, StreakS: 12} }},
	{"in the chair since yesterday", func(s *api.State) { s.Sitting.StreakS = 20 * 3600 }},
	{"standing", func(s *api.State) { s.Posture, s.Standing.LoadS, s.Standing.DueInS = "standing", 720, 2880 }},
	{"away", func(s *api.State) { s.Posture, s.Sitting.Rate = "away", -6 }},
	{"away and locked, all cleared", func(s *api.State) {
		s.Posture, s.Presence.State = "away", "locked"
		s.Sitting.LoadS, s.Sitting.DueInS = 0, 1800
	}},
	{"undecided", func(s *api.State) { s.Posture = "undecided" }},
	{"silence not counted", func(s *api.State) { s.Sitting.Silence = &api.Silence{S: 290, CountedAs: "undecided"} }},
	{"silence counted", func(s *api.State) { s.Sitting.Silence = &api.Silence{S: 600, CountedAs: "away"} }},
	{"unknown", func(s *api.State) {
		s.Posture, s.Presence = "unknown", api.Presence{State: "unknown", Source: "none"}
		s.Problems = []api.Problem{{
			Part: "presence", Message: "no sensor works: the X server does not answer",
			Hint: "unhunch doctor says what was tried",
		}}
	}},
	{"timer mode", func(s *api.State) { s.Presence = api.Presence{State: "unknown", Source: "timer"} }},
	{"due, patience", phase("due", "patience", nil)},
	{"due, away", phase("due", "away", nil)},
	{"due, locked", phase("due", "locked", nil)},
	{"due, grace", phase("due", "grace", nil)},
	{"prompted", phase("prompted", "", nil)},
	{"held by a call", phase("held", "call", nil)},
	{"held by full screen", phase("held", "fullscreen", nil)},
	{"held by do-not-disturb", phase("held", "do_not_disturb", nil)},
	{"held by a meeting", func(s *api.State) {
		phase("held", "meeting", statusAt(1))(s)
		s.MeetingUntil = statusAt(1)
	}},
	{"snoozed", phase("snoozed", "user", statusAt(0.25))},
	{"snoozed by silence", phase("snoozed", "ignored", nil)},
	{"paused", func(s *api.State) { phase("paused", "", statusAt(2))(s); s.PausedUntil = statusAt(2) }},
	{"paused until tomorrow", func(s *api.State) { phase("paused", "", statusAt(14))(s); s.PausedUntil = statusAt(14) }},
	{"paused until resumed", phase("paused", "", nil)},
	{"off hours", phase("off_hours", "", statusAt(19))},
	{"off hours for ever", phase("off_hours", "", nil)},
	{"tray only", func(s *api.State) { s.Reminder.TrayOnly = true }},
	{"session ready", session(api.Session{Name: "Shoulder rolls", Step: 1, Steps: 5, Phase: "ready", LeftS: 120})},
	{"session work", session(api.Session{Name: "Calf stretch", Side: "left", Step: 2, Steps: 5, Phase: "work", LeftS: 79.2})},
	{"session paused", session(api.Session{Name: "Calf stretch", Side: "right", Step: 3, Steps: 5, Phase: "paused", LeftS: 60})},
	{"session hurt", session(api.Session{Name: "Desk lean", Step: 3, Steps: 5, Phase: "paused", LeftS: 60, Hurt: true})},
	{"session done", session(api.Session{Name: "Desk lean", Step: 5, Steps: 5, Phase: "done"})},
	{"suggestion", func(s *api.State) {
		s.Suggestion = &api.Problem{
			Message: "You often read in silence: a longer away_after would fit",
			Hint:    "unhunch config set sitting.away_after 8m",
		}
	}},
	{"session done, asks", session(api.Session{Name: "Desk lean", Step: 5, Steps: 5, Phase: "done", CheckIn: true})},
	{"two weeks on", func(s *api.State) {
		message, hint := words.TwoWeeks(words.TwoWeeksFacts{
			Sessions: 12, Then: 100 * time.Minute, Now: 55 * time.Minute, Limit: 30 * time.Minute, Longer: 45 * time.Minute,
		})
		s.Card = &api.Problem{Message: message, Hint: hint}
	}},
	{"a new day", func(s *api.State) { s.Today = api.Today{} }},
	{"a long day", func(s *api.State) {
		s.Today = api.Today{SittingS: 8*3600 + 1, StandingS: 7200, Sessions: 1, NaturalBreaks: 9}
	}},
}

func TestStatus(t *testing.T) {
	var b strings.Builder
	for _, story := range statusStories {
		s := statusStory(story.change)
		b.WriteString("# " + story.name + "\n")
		for _, line := range words.Status(s, statusNow, statusLoc) {
			b.WriteString(line.Text + "\n")
		}
		b.WriteString("> " + words.StatusLineShort(s, statusNow, statusLoc) + "\n\n")
	}
	golden(t, "testdata/status.golden", b.String())
}

// TestStatusKeepsToThePersonsWords holds the status to the table of words: what the machines are called inside is
// of no use to the person.
func TestStatusKeepsToThePersonsWords(t *testing.T) {
	inside := regexp.MustCompile(`(?i)\b(load|limit|rest|hold|held|due)\b`)
	for _, story := range statusStories {
		for _, line := range words.Status(statusStory(story.change), statusNow, statusLoc) {
			if word := inside.FindString(strings.ReplaceAll(line.Text, "config set sitting.limit", "")); word != "" {
				t.Errorf("%s: %q says %q", story.name, line.Text, word)
			}
			if n := utf8.RuneCountInString(line.Text); n > 78 {
				t.Errorf("%s: %q is %d columns wide", story.name, line.Text, n)
			}
		}
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("differs from %s (run with -update and read the diff); got:\n%s", path, got)
	}
}
