package daemon_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
	past "github.com/unhunch/unhunch/daemon/internal/history"
)

// guideSettings keep prompts away from a session that a busy machine makes slow.
const guideSettings = "sitting.limit = \"30m\"\n"

// TestGuidedByNotes goes through a session that notifications guide, by their buttons. There is one note for each phase
// and no more, and each takes the place of the one before.
func TestGuidedByNotes(t *testing.T) {
	t.Parallel()
	together(t, map[string]func(*testing.T){
		"dunst": func(t *testing.T) { guidedByNotes(t, desktest.Dunst) },
		"xfce":  func(t *testing.T) { guidedByNotes(t, desktest.Xfce) },
	})
}

func guidedByNotes(t *testing.T, notifyd string) {
	desk := desktest.New(t, desktest.Options{Notifyd: notifyd})
	d := desk.Start(desktest.Build(t), guideSettings)
	p := desk.Person()
	p.Key()
	seen := 0
	sees := func(what, title string, buttons []string, wants ...string) {
		t.Helper()
		// Getting ready takes 5 s by itself.
		desktest.Until(t, 2*soon, what, func() bool { n := desk.Prompt(); return n != nil && n.Title == title })
		n := desk.Prompt()
		picture(desk, p, fmt.Sprintf("guide-%s-%d.png", notifyd, seen))
		seen++
		if !slices.Equal(n.Labels(), buttons) {
			t.Errorf("%s: the buttons are %q, want %q", what, n.Labels(), buttons)
		}
		for _, want := range wants {
			if !strings.Contains(n.Body, want) {
				t.Errorf("%s: %q is not in %q", what, want, n.Body)
			}
		}
		if all := desk.Notifications(); len(all) != seen {
			t.Errorf("%s: %d notes so far, want %d: the last is %q", what, len(all), seen, all[len(all)-1].Title)
		}
	}
	pictured := func(before string) string {
		t.Helper()
		return figureIn(t, desk.Prompt(), before)
	}
	const stopRule = "Stop at sharp pain"
	working := []string{"Next", "Pause", "That hurt", "Stop"}

	run(t, d, "stretch", "chair-reset", "--in", "background")
	sees("the first step", "Get ready: Shoulder rolls", working, "5 s", "step 1 of 5", stopRule)
	rolls := pictured("")
	sees("its work", "Shoulder rolls", working, "Roll both shoulders slowly forward.", "Now roll them slowly backward.", stopRule)
	desk.Press("Next")
	sees("the next step", "Get ready: Neck tilts, left side", working, "step 2 of 5")
	sees("its work", "Neck tilts, left side", working, "left shoulder")
	left := pictured(rolls)
	desk.Press("Next")
	sees("the other side", "Get ready: Neck tilts, right side", working, "Now the other side.")
	pictured(left)
	desk.Press("Pause")
	sees("a pause", "Paused", []string{"Go on", "That hurt", "Stop"}, "Neck tilts, right side")
	desk.Press("That hurt")
	sees("what to look out for", "Stopped", []string{"Stop here", "Go on gently"}, "Come up slowly", "Call 112", "chest pain", "lasts for weeks")
	if _, ok := desk.Prompt().Hints["image-data"]; ok {
		t.Error("there is a picture beside the stop signs")
	}
	desk.Press("Go on gently")
	sees("something else", "Get ready: Seated pelvic rocking", working, "step 4 of 5")
	desk.Press("Stop")
	d.WaitState(soon, "the end", func(s api.State) bool { return s.Session == nil })
	desktest.Until(t, soon, "the last note to go", func() bool { return desk.Prompt() == nil })
	if all := desk.Notifications(); len(all) != seen {
		t.Errorf("after the end came %q", all[len(all)-1].Title)
	}
}

// figureIn is the pixels of the picture in a note, which differ from those before.
func figureIn(t *testing.T, n *desktest.Notification, before string) string {
	t.Helper()
	var p struct {
		Width, Height, RowStride int32
		Alpha                    bool
		Bits, Channels           int32
		Pixels                   []byte
	}
	if err := dbus.Store([]any{n.Hints["image-data"].Value()}, &p); err != nil {
		t.Fatalf("%q has no picture: %v", n.Title, err)
	}
	if p.Width < 64 || p.Width != p.Height || p.RowStride != 4*p.Width || len(p.Pixels) != int(p.Height*p.RowStride) {
		t.Errorf("the picture is %d by %d with %d bytes", p.Width, p.Height, len(p.Pixels))
	}
	if string(p.Pixels) == before {
		t.Errorf("%q shows the picture of another", n.Title)
	}
	return string(p.Pixels)
}

// TestGuidedBySound listens to a session from one side to the other, on a desk whose notification server plays nothing
// itself.
func TestGuidedBySound(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{})
	hears := listen(t, desk)
	d := desk.Start(desktest.Build(t), guideSettings+"session.sound = true\n")
	desk.Person().Key()
	run(t, d, "stretch", "chair-reset", "--in", "background")
	run(t, d, "session", "next")
	d.WaitState(2*soon, "the work", func(s api.State) bool { return s.Session.Step == 2 && s.Session.Phase == "work" })
	hears("the end of the side", time.Minute, "--id=bell")
	s := d.State()
	if s.Session.Step != 2 || s.Session.StepLeftS > 3 || s.Session.StepLeftS < 1 {
		t.Errorf("heard with %.1f s left of step %d", s.Session.StepLeftS, s.Session.Step)
	}
	hears("the other side", 2*soon, "--id=bell", "--id=message")
	run(t, d, "session", "stop")
	desktest.Until(t, soon, "the note to go", func() bool { return desk.Prompt() == nil })
}

// listen puts a player of the sound theme on the desk. What it returns waits until these sounds, and no others, were heard.
func listen(t *testing.T, desk *desktest.Desk) (hears func(what string, within time.Duration, want ...string)) {
	t.Helper()
	played, players := filepath.Join(desk.Dir, "played"), filepath.Join(desk.Dir, "players")
	if err := os.Mkdir(players, 0o700); err != nil {
		t.Fatal(err)
	}
	player := filepath.Join(players, "canberra-gtk-play")
	write(t, player, "#!/bin/sh\necho \"$@\" >>"+played+"\n")
	if err := os.Chmod(player, 0o700); err != nil {
		t.Fatal(err)
	}
	desk.Env = append(desk.Env, "PATH="+players+":"+os.Getenv("PATH"))
	return func(what string, within time.Duration, want ...string) {
		t.Helper()
		desktest.Until(t, within, what, func() bool {
			all, _ := os.ReadFile(played)
			return string(all) == strings.Join(want, "\n")+"\n"
		})
	}
}

// TestPromptIsPicturedAndHeard asks for a break with the figure of the first move, and a sound where that is wanted.
func TestPromptIsPicturedAndHeard(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{})
	hears := listen(t, desk)
	desk.Start(desktest.Build(t), brisk+"reminder.sound = true\n")
	desk.Person().Type(4*time.Second, keystroke) // past the limit
	figureIn(t, desk.WaitNotify(2*soon), "")
	hears("the prompt", soon, "--id=message-new-instant")
	picture(desk, desk.Person(), "prompt-dunst.png")
}

// TestGuidedToTheEnd leaves a session alone: it says what to do, and that it is done.
func TestGuidedToTheEnd(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{})
	d := desk.Start(desktest.Build(t), guideSettings)
	desk.Person().Key()
	run(t, d, "stretch", "--in", "background", "--length", "30s", "--place", "chair")
	d.WaitState(time.Minute, "the end", func(s api.State) bool { return s.Session != nil && s.Session.Phase == "done" })
	desktest.Until(t, soon, "the last note", func() bool { n := desk.Prompt(); return n != nil && n.Title == "Nicely done" })
	picture(desk, desk.Person(), "guide-done.png")
	notes := desk.Notifications()
	var titles []string
	for i, n := range notes {
		titles = append(titles, n.Title)
		if i > 0 && n.Replaces == 0 {
			t.Errorf("%q is a note beside %q, not in its place", n.Title, notes[i-1].Title)
		}
	}
	if len(titles) != 3 {
		t.Errorf("one exercise took the notes %q", titles)
	}
}

// TestCountdownWaitsForTheNote starts a session while the notification server hangs: the countdown begins after 3
// seconds all the same, as tray and status show it.
func TestCountdownWaitsForTheNote(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{})
	d := desk.Start(desktest.Build(t), guideSettings)
	desk.Person().Key()
	begins := func(what string, atLeast, atMost time.Duration) {
		t.Helper()
		started := time.Now()
		run(t, d, "stretch", "chair-reset", "--in", "background")
		s := d.WaitState(soon, what, func(s api.State) bool { return s.Session != nil && !s.Session.Waiting })
		took := s.At.Sub(started)
		t.Logf("%s: after %v", what, took)
		if took < atLeast || took > atMost || s.Session.Phase != "ready" {
			t.Errorf("%s: after %v, in %q", what, took, s.Session.Phase)
		}
		run(t, d, "session", "stop")
	}
	begins("a countdown with a note", 0, 2500*time.Millisecond)
	desk.FreezeNotifyd()
	defer desk.ThawNotifyd()
	begins("a countdown without one", 3*time.Second, 8*time.Second)
}

// TestAskedHowYouFeel answers the question after a session by a button. It is asked once a day; “worse” a second time
// brings up the stop signs.
func TestAskedHowYouFeel(t *testing.T) {
	t.Parallel()
	together(t, map[string]func(*testing.T){
		"dunst": func(t *testing.T) { askedHowYouFeel(t, desktest.Dunst) },
		"xfce":  func(t *testing.T) { askedHowYouFeel(t, desktest.Xfce) },
	})
}

func askedHowYouFeel(t *testing.T, notifyd string) {
	desk := desktest.New(t, desktest.Options{Notifyd: notifyd})
	d := desk.Start(desktest.Build(t), guideSettings)
	p := desk.Person()
	p.Key()
	finish := func(buttons ...string) {
		t.Helper()
		run(t, d, "stretch", "--in", "background", "--length", "30s", "--place", "chair")
		run(t, d, "session", "next")
		desktest.Until(t, soon, "the last note", func() bool { n := desk.Prompt(); return n != nil && n.Title == "Nicely done" })
		n := desk.Prompt()
		if !slices.Equal(n.Labels(), buttons) || strings.Contains(n.Body, "How do you feel now?") != (len(buttons) > 0) {
			t.Errorf("the buttons are %q under %q, want %q", n.Labels(), n.Body, buttons)
		}
	}
	answer := func() {
		t.Helper()
		finish("Better", "Same", "Worse")
		picture(desk, p, fmt.Sprintf("guide-%s-feeling.png", notifyd))
		desk.Press("Worse")
		d.WaitState(soon, "the end", func(s api.State) bool { return s.Session == nil })
	}

	answer()
	// The first stretch that is finished brings the offer of the questions, and no other does.
	desktest.Until(t, soon, "the offer of the questions", func() bool {
		n := desk.Prompt()
		return n != nil && n.Title == "A few questions, if you like"
	})
	picture(desk, p, fmt.Sprintf("profile-%s-questions.png", notifyd))
	desk.Dismiss()
	desktest.Until(t, soon, "the last note to go", func() bool { return desk.Prompt() == nil })
	finish()
	if _, stderr, code := d.Unhunch("session", "feeling", "better"); code != 4 {
		t.Errorf("an answer to nothing: exit code %d: %s", code, stderr)
	}
	d.Term()
	state, err := os.ReadFile(statePath(desk))
	if err != nil {
		t.Fatal(err)
	}
	tomorrow := strings.Replace(string(state), `"checked_in":true`, `"checked_in":false`, 1)
	if err := os.WriteFile(statePath(desk), []byte(tomorrow), 0o600); err != nil {
		t.Fatal(err)
	}
	d.Restart()
	p.Key()
	d.WaitState(soon, "the daemon", func(api.State) bool { return true })
	answer()
	desktest.Until(t, soon, "the stop signs", func() bool { n := desk.Prompt(); return n != nil && n.Title == "Go more gently" })
	if n := desk.Prompt(); !strings.Contains(n.Body, "Again worse after a stretch") || !strings.Contains(n.Body, "Call 112") {
		t.Errorf("the stop signs are %q", n.Body)
	}
	picture(desk, p, fmt.Sprintf("guide-%s-gentler.png", notifyd))
	d.Term()
	var felt []past.Feeling
	for _, s := range recorded(t, desk) {
		felt = append(felt, s.Feeling)
	}
	if want := []past.Feeling{past.Worse, "", past.Worse}; !slices.Equal(felt, want) {
		t.Errorf("the history says %q, want %q", felt, want)
	}
}

// recorded is the sessions in the history of a daemon that has ended.
func recorded(t *testing.T, desk *desktest.Desk) []past.Session {
	t.Helper()
	store := past.Open(filepath.Join(filepath.Dir(statePath(desk)), "history.db"), past.Options{})
	defer store.Close()
	now := time.Now()
	sessions, err := store.Sessions(t.Context(), now.Add(-time.Hour), now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return sessions
}
