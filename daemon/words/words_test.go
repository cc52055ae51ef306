package words_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
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
	writeTray(&b)
	writeProfile(&b)
	writePage(&b)
	writeService(&b)
	writeDoctor(&b)
	return b.String()
}

// writePage writes the labels of the page, and its sentences for the moments of a session.
func writePage(b *strings.Builder) {
	fmt.Fprintf(b, "== page: labels\n")
	writeLabels(b, reflect.ValueOf(words.Page))
	for _, s := range []string{
		words.PageForeignHost, words.PageNoCookie, words.PageForeignOrigin, words.PageCodeUsed, words.PageNothingHere,
		words.PageTooMany, words.PageOpened, words.PageLink, words.PageSnooze(5 * time.Minute), words.PageOf(1800), words.PageOf(20),
		words.PageCell(api.HistoryDay{Date: "2026-11-16"}), words.PageHour("Mon", 9, 1800),
		words.PageCell(api.HistoryDay{Date: "2026-11-16", HistoryFigures: api.HistoryFigures{SittingS: 15000}}),
	} {
		fmt.Fprintln(b, s)
	}
	for _, table := range []string{"sitting", "reminder", "hours", "hold", "session", "history"} {
		fmt.Fprintln(b, words.PageSections[table])
	}
	s := api.Session{Name: "Neck tilts", Side: "right", Cue: "Breathe out.", StepS: 20, Step: 2, Steps: 5, LengthS: 120, Next: "Marching"}
	for _, phase := range []string{"ready", "work", "paused", "done"} {
		s.Phase, s.StepLeftS = phase, 10
		fmt.Fprintf(b, "\n-- %s\n%s | %s | %s | %s\n%s\n%s\n%s\n", phase, words.PagePhase(s), words.PageSide(s), words.PageStep(s),
			words.PageNext(s), words.PageSay(s), words.PageDone(s), words.PageStarted(s))
	}
	s.Phase, s.StepLeftS, s.Side = "paused", 20, "left"
	fmt.Fprintf(b, "\n-- waits\n%s | %s\n%s\n", words.PagePhase(s), words.PageSide(s), words.PageSay(s))
	s.Hurt = true
	fmt.Fprintf(b, "-- hurt\n%s\n", words.PageSay(s))
	s = api.Session{Phase: "ready", Waiting: true}
	fmt.Fprintf(b, "-- about to begin\n%s\n\n", words.PagePhase(s))
}

func writeLabels(b *strings.Builder, labels reflect.Value) {
	for i := range labels.NumField() {
		name, value := labels.Type().Field(i).Name, labels.Field(i)
		if value.Kind() == reflect.Struct {
			fmt.Fprintf(b, "-- %s\n", name)
			writeLabels(b, value)
			continue
		}
		fmt.Fprintf(b, "%s: %s\n", name, value)
	}
}

func writeService(b *strings.Builder) {
	now := time.Date(2026, 11, 22, 23, 45, 0, 0, time.UTC)
	for _, limit := range []time.Duration{10 * time.Minute, 30 * time.Minute} {
		w := words.WelcomeNote(limit, now.Add(limit), now, time.UTC)
		fmt.Fprintf(b, "== welcome: %s\n%s\n%s\n%s\n\n", limit, w.Title, w.Plain, w.Try)
	}
	title, body := words.WelcomeSet(45)
	fmt.Fprintf(b, "== welcome: set\n%s\n%s\n\n", title, body)
	message, hint := words.Versions("1.0", "1.1")
	fmt.Fprintf(b, "== versions\n%s\n%s\n%s\n\n", message, hint, words.TrayOtherVersion)
	for _, name := range []string{"GNOME", "Workrave"} {
		message, hint := words.OtherReminder(name)
		fmt.Fprintf(b, "== other reminder\n%s\n%s\n\n", message, hint)
	}
	fmt.Fprintf(b, "== installed\n%s\n%s\n%s\n%s\n%s\n\n", words.ServiceInstalled(true, "systemd"),
		words.ServiceInstalled(false, "systemd"), words.ServiceInstalled(false, "autostart"),
		words.ServiceNext(true, 30*time.Minute), words.ServiceNext(false, 30*time.Minute))
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
		{"a call that goes on", func(f *words.PromptFacts) { f.OverBy, f.OverProgram = "microphone", "Zoom" }},
		{"a call of no name", func(f *words.PromptFacts) { f.OverBy = "microphone" }},
		{"a camera that stays on", func(f *words.PromptFacts) { f.OverBy, f.OverProgram = "camera", "cheese" }},
		{"a camera of no name", func(f *words.PromptFacts) { f.OverBy = "camera" }},
		{"a long film", func(f *words.PromptFacts) { f.OverBy, f.OverProgram = "screen", "Videos" }},
		{"a long film of no name", func(f *words.PromptFacts) { f.OverBy, f.Standing = "screen", true }},
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
		ComeUp: "Come up slowly.", Rule: "Stop at sharp pain.", Tiers: []words.StopTier{
			{Help: "Call 112", Signs: []string{"Chest pain"}, Brief: []string{"Call 112: chest pain."}},
			{Help: "See a doctor", Signs: []string{"Fever", "Other"}, Brief: []string{"Doctor: fever, other."}},
		},
	}
	cues := []string{"Breathe out.", "And in."}
	for _, c := range []struct{ phase, side string }{
		{"ready", ""}, {"ready", "left"}, {"work", ""}, {"work", "left"}, {"work", "right"}, {"paused", ""}, {"done", ""},
	} {
		s.Phase, s.Side = c.phase, c.side
		note(strings.TrimSpace(c.phase+" "+c.side), words.SessionNote(s, cues, safety))
	}
	s.Phase, s.StepLeftS = "paused", s.StepS
	note("done, asks", words.SessionNote(api.Session{Phase: "done", CheckIn: true}, nil, safety))
	note("waits for a key", words.SessionNote(s, cues, safety))
	s.Phase, s.Hurt = "paused", true
	note("hurt", words.SessionNote(s, cues, safety))
	fmt.Fprintf(b, "== guide: answers\n[%s] [%s] [%s]\n\n", words.FeelingBetter, words.FeelingSame, words.FeelingWorse)
	fmt.Fprintf(b, "== guide: buttons\n[%s] [%s] [%s] [%s] [%s] [%s] [%s] [%s]\n\n", words.GuidePause, words.GuideResume,
		words.GuideNext, words.GuideBack, words.GuideStop, words.GuideHurt, words.GuideStopHere, words.GuideGently)
	writeTerminalGuide(b, s, safety)
}

func writeTerminalGuide(b *strings.Builder, s api.Session, safety words.Safety) {
	s.LengthS, s.LeftS, s.StepLeftS, s.Hurt = 120, 80, 14.2, false
	for _, c := range []struct{ phase, side, next, nextSide string }{
		{"ready", "", "Desk lean", ""},
		{"work", "", "Neck stretch", "left"},
		{"work", "left", s.Name, "right"},
		{"work", "right", "", ""},
		{"paused", "", "Desk lean", ""},
		{"done", "", "", ""},
	} {
		s.Phase, s.Side, s.Next, s.NextSide = c.phase, c.side, c.next, c.nextSide
		f := words.SessionFrame(s)
		fmt.Fprintf(b, "== terminal: %s\n%s\n%s\n%s\n%s\n%s\n%s\n-- plain\n%s\n\n", strings.TrimSpace(c.phase+" "+c.side),
			f.Progress, f.Title, f.Cue, f.Left, f.Next, f.Keys, words.PlainLine(s))
	}
	s.Phase, s.StepLeftS = "paused", s.StepS
	fmt.Fprintf(b, "== terminal: waits for a key\n%s\n-- plain\n%s\n\n", words.SessionFrame(s).Title, words.PlainLine(s))
	s.Phase, s.Hurt = "paused", true
	f := words.SessionFrame(s)
	fmt.Fprintf(b, "== terminal: hurt\n%s\n%s\n%s\n%s\n%s\n\n", f.Title, f.Keys,
		strings.Join(words.HurtLines(safety), "\n"), words.GuideMoreSigns, words.HurtCommands)
	s.Phase, s.Hurt, s.CheckIn = "done", false, true
	f = words.SessionFrame(s)
	fmt.Fprintf(b, "== terminal: done, asks\n%s\n%s\n%s\n%s\n-- plain\n%s\n\n", f.Title, f.Cue, f.Ask, f.Keys, words.PlainFarewell(s))
	s.CheckIn = false
	for _, c := range []struct {
		feeling string
		worse   int
	}{{"better", 0}, {"same", 0}, {"worse", 1}, {"worse", 2}} {
		fmt.Fprintf(b, "== answered: %s %d\n%s\n\n", c.feeling, c.worse, words.FeelingThanks(c.feeling, c.worse, safety))
	}
	signs := words.SignsFrame()
	fmt.Fprintf(b, "== terminal: signs\n%s\n%s\n\n", signs.Title, signs.Keys)
	fmt.Fprintf(b, "== terminal: last words\n%s\n%s\n%s\n\n", words.GuideFarewell, words.GuideStopped, words.GuideEnded)
	for _, l := range []float64{30, 60, 90, 120, 150} {
		s.LengthS = l
		fmt.Fprintf(b, "== plain: beginning\n%s\n\n", words.PlainOpening(s, safety))
	}
	for steps := 1; steps <= 2; steps++ {
		s.Steps = steps
		fmt.Fprintf(b, "== started\n%s\n-- planned\n%s\n\n", words.GuideStarted(s),
			words.PlanHead(api.Plan{LengthS: s.LengthS, Steps: make([]api.PlanStep, steps)}))
	}
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
		{words.NothingAsked, words.RefusalFacts{}},
		{words.NothingToCorrect, words.RefusalFacts{}},
		{words.TooFarBack, words.RefusalFacts{}},
		{words.NoExercises, words.RefusalFacts{}},
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
		{words.NoticeQuestions, words.NoticeFacts{}},
		{words.NoticeHistory, words.NoticeFacts{Message: "the disk is full; your history waits in memory"}},
		{words.NoticeWorse, words.NoticeFacts{Safety: words.Safety{
			Rule: "Stop at sharp pain.", Tiers: []words.StopTier{{Brief: []string{"Call 112: chest pain."}}},
		}}},
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
	for _, sessions := range []int{0, 1, 12} {
		message, hint := words.TwoWeeks(words.TwoWeeksFacts{
			Sessions: sessions, Then: 100 * time.Minute, Now: 55 * time.Minute, Limit: 30 * time.Minute, Longer: 45 * time.Minute,
		})
		fmt.Fprintf(b, "== card: %d sessions\n%s\n%s\n\n", sessions, message, hint)
	}
	for _, code := range []string{
		words.ProblemConfigBroken, words.ProblemRoutinesBroken, words.ProblemTimerMode, words.ProblemNoSensor, words.ProblemSensorLost,
		words.ProblemPhantomInput, words.ProblemNoNotifications, words.ProblemNotSaved, words.ProblemStateUnreadable,
		words.ProblemStateNewer, words.ProblemHistoryFull, words.ProblemHistoryReadOnly, words.ProblemHistoryFailing,
		words.ProblemHistoryNewer, words.ProblemHistoryDamaged, words.ProblemProfileLost, words.ProblemProfileStuck,
		words.ProblemProfileNewer, words.ProblemProfileNotSaved, "moon_phase",
	} {
		message, hint := words.Problem(code, words.ProblemFacts{
			NoticeFacts: words.NoticeFacts{Path: "config.toml", Line: 3, Column: 1, Message: `unknown key "lmit"`},
			Detail:      "no space on the device", Aside: "history.db.damaged-2026-11-22",
		})
		fmt.Fprintf(b, "== problem: %s\n%s\n%s\n\n", code, message, hint)
	}
}

func writeTray(b *strings.Builder) {
	b.WriteString("== tray: entries\n")
	for _, label := range []string{
		words.TrayNotRunning, words.TrayStarting, words.TrayStart, words.TrayStretch, words.TrayAnother, words.TrayChair,
		words.TrayStanding, words.TrayWalk, words.TrayOne, words.TraySnooze, words.TrayOffUntilTomorrow, words.TraySkip,
		words.TrayPause, words.TrayPause30, words.TrayPause60, words.TrayPause120,
		words.TrayPauseTomorrow, words.TrayPauseOpen, words.TrayResume, words.TrayIStand, words.TrayIWasSitting,
		words.TrayIWasUp, words.TrayHide, words.TrayStop, words.TraySpan(5 * time.Minute), words.TraySilence(290),
		words.TrayMeeting(nil, statusNow, statusLoc), words.TrayMeeting(statusAt(1), statusNow, statusLoc),
		words.TrayEvery(1800), words.TrayEvery(5400), words.TrayEvery(7200), words.TrayEvery(20), words.TrayEveryMinutes(45),
	} {
		fmt.Fprintf(b, "%s\n", label)
	}
	for _, story := range statusStories {
		s := statusStory(story.change)
		fmt.Fprintf(b, "\n== tray: %s\n%s\n%s\n%s\n", story.name, words.TrayTitle(s), words.TrayHead(s),
			words.TrayNext(s, statusNow, statusLoc))
	}
	b.WriteString("\n== tray: problems\n")
	for _, code := range []string{
		words.ProblemConfigBroken, words.ProblemRoutinesBroken, words.ProblemTimerMode, words.ProblemNoSensor, words.ProblemSensorLost,
		words.ProblemPhantomInput, words.ProblemNoNotifications, words.ProblemNotSaved, words.ProblemStateUnreadable,
		words.ProblemStateNewer, words.ProblemHistoryFull, words.ProblemHistoryReadOnly, words.ProblemHistoryFailing,
		words.ProblemHistoryNewer, words.ProblemHistoryDamaged, words.ProblemProfileLost, words.ProblemProfileNewer,
		words.ProblemProfileNotSaved,
	} {
		fmt.Fprintf(b, "%s\n", words.TrayProblem(api.Problem{Code: code}))
	}
	b.WriteString("\n== tray: words of others\n")
	for _, text := range []string{
		"", "no break is waiting", "no break is waiting; the next one comes after 12 min in the chair",
		"breaks cannot be put off: reminder.max_snoozes is 0", `reminder.snooze: "61m" is too long; the longest is "1h"`,
		"the daemon broke off before it answered:\nread unix @->/run/user/1000/unhunch/api.sock: connection reset by peer",
		"/home/me/.config/unhunch/configuration-that-goes-on-and-on.toml", "überall",
	} {
		first, second := words.TrayTrouble(text)
		fmt.Fprintf(b, "%s|%s\n%s\n", first, second, words.TrayProblem(api.Problem{Message: text}))
	}
	b.WriteString("\n")
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
	jargon = regexp.MustCompile(`(?i)\b(load(s|ed)?|limits?|rest(s|ed|ing)?|hold(s|ing)?|held|due)\b`)
)

func TestNoClaimAndNoJargonIsSaid(t *testing.T) {
	status, err := os.ReadFile(filepath.Join("testdata", "status.golden")) // TestStatus says that it is what is shown
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(sentences() + string(status)) {
		if strings.HasPrefix(line, "==") || strings.HasPrefix(line, "#") {
			continue
		}
		if found := claim.FindString(line); found != "" {
			t.Errorf("%q claims %q", line, found)
		}
		if found := jargon.FindString(strings.ReplaceAll(line, "config set sitting.limit", "")); found != "" {
			t.Errorf("%q says %q", line, found)
		}
		if strings.Contains(line, "%!") || !utf8.ValidString(line) {
			t.Errorf("%q is badly filled in", line)
		}
	}
}
