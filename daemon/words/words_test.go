package words_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

func TestSpan(t *testing.T) {
	tests := []struct {
		d    time.Duration
		want string
	}{
		{0, "0 s"},
		{20 * time.Second, "20 s"},
		{time.Minute, "1 min"},
		{90 * time.Second, "90 s"},
		{2*time.Minute + 59*time.Second, "2 min"},
		{41*time.Minute + 13*time.Second, "41 min"},
		{time.Hour, "1 h"},
		{65 * time.Minute, "1 h 5 min"},
		{26 * time.Hour, "26 h"},
	}
	for _, tt := range tests {
		if got := words.Span(tt.d); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.d, got, tt.want)
		}
	}
}

// The design gives these words.
func TestBreakPrompt(t *testing.T) {
	got := words.BreakPrompt(words.PromptFacts{
		InChair: 41 * time.Minute, Length: 2 * time.Minute, NextSnooze: 5 * time.Minute,
		Moves: []string{"shoulder rolls", "desk lean", "calf raises"},
	})
	want := words.Prompt{
		Title: "A good moment to get up",
		Body: "41 min in the chair. Two minutes: shoulder rolls, desk lean, calf raises. " +
			"Fetching water counts too.",
		Plain: "41 min in the chair. Two minutes: shoulder rolls, desk lean, calf raises. " +
			"Fetching water counts too.\nTo begin: unhunch stretch. In 5 min: unhunch snooze 5m. Not now: unhunch skip.",
		Start: "Start", Snooze: "In 5 min", Skip: "Skip",
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// A command in a sentence is typed as it stands.
func TestCommandsTakeTheirDurations(t *testing.T) {
	for _, d := range []time.Duration{
		4 * time.Second, 90 * time.Second, 5 * time.Minute, time.Hour, 90 * time.Minute, 61 * time.Second, 10 * time.Second,
	} {
		p := words.BreakPrompt(words.PromptFacts{NextSnooze: d})
		found := regexp.MustCompile(`unhunch snooze (\S+)\.`).FindStringSubmatch(p.Plain)
		if found == nil {
			t.Fatalf("%s: no command in %q", d, p.Plain)
		}
		if got, err := time.ParseDuration(found[1]); err != nil || got != d {
			t.Errorf("%s: told as %q: %v", d, found[1], err)
		}
	}
}

// sentences are all there are outside the status, each with the case it is for.
func sentences() string {
	var b strings.Builder
	writePrompts(&b)
	writeGuide(&b)
	writeRefusals(&b)
	writeNotices(&b)
	writeProblems(&b)
	return b.String()
}

func writePrompts(b *strings.Builder) {
	moves := []string{"marching", "desk lean", "calf raises", "reaching up"}
	base := words.PromptFacts{
		InChair: 41 * time.Minute, Length: 2 * time.Minute, Moves: moves, NextSnooze: 5 * time.Minute,
	}
	for _, c := range []struct {
		name   string
		change func(*words.PromptFacts)
	}{
		{"sitting", func(*words.PromptFacts) {}},
		{"sitting, nothing to offer", func(f *words.PromptFacts) { f.Moves = nil }},
		{"long in the chair", func(f *words.PromptFacts) { f.InChair, f.LeadGetUp = 65*time.Minute, true }},
		{"long in the chair, nothing to offer", func(f *words.PromptFacts) {
			f.InChair, f.LeadGetUp, f.Moves = time.Hour, true, nil
		}},
		{"standing", func(f *words.PromptFacts) { f.InChair, f.Standing = time.Hour, true }},
		{"standing, nothing to offer", func(f *words.PromptFacts) {
			f.InChair, f.Standing, f.Moves = time.Hour, true, nil
		}},
		{"perhaps up already", func(f *words.PromptFacts) { f.OfferUp = true }},
		{"perhaps up already, no snooze left", func(f *words.PromptFacts) { f.OfferUp, f.NextSnooze = true, 0 }},
		{"no snooze left", func(f *words.PromptFacts) { f.NextSnooze = 0 }},
		{"half a minute", func(f *words.PromptFacts) { f.Length, f.Moves = 30*time.Second, moves[:1] }},
		{"odd length", func(f *words.PromptFacts) { f.Length = 100 * time.Second }},
		{"seconds", func(f *words.PromptFacts) { f.InChair, f.NextSnooze = 20*time.Second, 4*time.Second }},
	} {
		f := base
		c.change(&f)
		p := words.BreakPrompt(f)
		fmt.Fprintf(b, "== prompt: %s\n%s\n%s\n[%s] [%s] [%s]\n-- without buttons\n%s\n\n",
			c.name, p.Title, p.Body, p.Start, p.Snooze, p.Skip, p.Plain)
	}
}

func writeGuide(b *strings.Builder) {
	note := func(name string, n words.Note) {
		fmt.Fprintf(b, "== guide: %s\n%s\n%s\n-- without buttons\n%s\n\n", name, n.Title, n.Body, n.Plain)
	}
	s := api.Session{Name: "Neck tilts", Cue: "Breathe out.", StepS: 20, Step: 2, Steps: 5}
	safety := words.Safety{
		ComeUp: "Come up slowly.", Rule: "Stop at sharp pain.", Signs: []string{"Call 112: chest pain", "Doctor: fever"},
	}
	for _, c := range []struct{ phase, side string }{
		{"ready", ""}, {"ready", "left"}, {"work", ""}, {"work", "left"}, {"work", "right"}, {"paused", ""}, {"done", ""},
	} {
		s.Phase, s.Side = c.phase, c.side
		note(strings.TrimSpace(c.phase+" "+c.side), words.SessionNote(s, safety))
	}
	s.Phase, s.Hurt = "paused", true
	note("hurt", words.SessionNote(s, safety))
	fmt.Fprintf(b, "== guide: buttons\n[%s] [%s] [%s] [%s] [%s] [%s] [%s]\n\n", words.GuidePause, words.GuideResume,
		words.GuideNext, words.GuideStop, words.GuideHurt, words.GuideStopHere, words.GuideGently)
}

func writeRefusals(b *strings.Builder) {
	for _, c := range []struct {
		code  string
		facts words.RefusalFacts
	}{
		{words.NothingDue, words.RefusalFacts{}},
		{words.NothingDue, words.RefusalFacts{DueIn: 12 * time.Minute}},
		{words.NoSnoozesLeft, words.RefusalFacts{Snoozes: 3}},
		{words.NoSnoozesLeft, words.RefusalFacts{Snoozes: 1}},
		{words.NoSnoozesLeft, words.RefusalFacts{Snoozes: 0}},
		{words.TooLong, words.RefusalFacts{Most: time.Hour}},
		{words.TooLong, words.RefusalFacts{}},
		{words.SessionRunning, words.RefusalFacts{}},
		{words.NoSession, words.RefusalFacts{}},
		{words.NothingToCorrect, words.RefusalFacts{}},
		{words.TooFarBack, words.RefusalFacts{}},
		{words.NoExercises, words.RefusalFacts{}},
		{words.NoPage, words.RefusalFacts{}},
		{words.SecondDaemon, words.RefusalFacts{}},
		{"moon_phase", words.RefusalFacts{}},
	} {
		message, hint := words.Refusal(c.code, c.facts)
		fmt.Fprintf(b, "== refusal: %s\n%s\n%s\n\n", c.code, message, hint)
	}
}

func writeNotices(b *strings.Builder) {
	file := words.NoticeFacts{Path: "~/.config/unhunch/config.toml", Message: `unknown key "lmit"`}
	located := file
	located.Line, located.Column = 3, 1
	for _, c := range []struct {
		code  string
		facts words.NoticeFacts
	}{
		{words.NoticePhantomInput, words.NoticeFacts{}},
		{words.NoticeTrayOnly, words.NoticeFacts{}},
		{words.NoticePauseRecalled, words.NoticeFacts{}},
		{words.NoticeConfigBroken, located},
		{words.NoticeConfigBroken, file},
		{words.NoticeTimerMode, words.NoticeFacts{}},
	} {
		title, body := words.Notice(c.code, c.facts)
		fmt.Fprintf(b, "== notice: %s\n%s\n%s\n\n", c.code, title, body)
	}
}

func writeProblems(b *strings.Builder) {
	for _, posture := range []string{"sitting", "away", "standing"} {
		message, hint := words.Suggestion(posture, 6*time.Minute)
		fmt.Fprintf(b, "== suggestion: %s\n%s\n%s\n\n", posture, message, hint)
	}
	for _, code := range []string{
		words.ProblemConfigBroken, words.ProblemTimerMode, words.ProblemNoSensor, words.ProblemSensorLost,
		words.ProblemPhantomInput, words.ProblemNoNotifications, words.ProblemNotSaved, words.ProblemStateUnreadable,
		words.ProblemStateNewer, "moon_phase",
	} {
		message, hint := words.Problem(code, words.ProblemFacts{
			NoticeFacts: words.NoticeFacts{Path: "config.toml", Line: 3, Column: 1, Message: `unknown key "lmit"`},
			Detail:      "no space on the device",
		})
		fmt.Fprintf(b, "== problem: %s\n%s\n%s\n\n", code, message, hint)
	}
}

// TestGolden keeps the sentences where they can be reviewed as a set.
func TestGolden(t *testing.T) {
	golden := filepath.Join("testdata", "words.golden")
	got := sentences()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the sentences differ from %s; read them, then run with -update:\n%s", golden, got)
	}
}

// What the evidence does not carry is not said, nor are the words of the code.
var (
	claim = regexp.MustCompile(`(?i)\b(treat(s|ed|ing|ment)?|heal(s|ed|ing)?|cur(e|es|ed|ing)|prevent(s|ed|ing|ion)?|` +
		`re-?align(s|ed|ing|ment)?|decompress\w*|reliev\w*|relief|fix(es|ed|ing)?|repair(s|ed)?|pain[- ]free|therap\w+|` +
		`detox\w*|instant(ly)?|guarantee\w*|injur\w+)\b`)
	jargon = regexp.MustCompile(`(?i)\b(loads?|limits?|rest|holds?|held|due)\b`)
)

func TestNoClaimAndNoJargonIsSaid(t *testing.T) {
	for line := range strings.Lines(sentences()) {
		if strings.HasPrefix(line, "==") {
			continue
		}
		if found := claim.FindString(line); found != "" {
			t.Errorf("%q claims %q", line, found)
		}
		if found := jargon.FindString(line); found != "" {
			t.Errorf("%q says %q", line, found)
		}
		if strings.Contains(line, "%!") || !utf8.ValidString(line) {
			t.Errorf("%q is badly filled in", line)
		}
	}
}
