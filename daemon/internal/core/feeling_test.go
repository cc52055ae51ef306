package core

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/unhunch/unhunch/daemon/api"
)

// finish does a whole session, by pressing on.
func (w *world) finish() {
	w.Helper()
	if refused := w.command(Command{Name: "stretch", Plan: plan("standing")}); refused != "" {
		w.Fatal(refused)
	}
	w.pass(sec)
	for w.Player.Running() {
		w.do("session/next", 0)
	}
}

func (w *world) feel(feeling string) (refused string) {
	return w.command(Command{Name: "session/feeling", Feeling: feeling})
}

func (w *world) session() api.Session {
	if s := View(w.State, w.now).Session; s != nil {
		return *s
	}
	return api.Session{}
}

// toNextDay lets time pass to the next noon, at the desk but for the night.
func (w *world) toNextDay() {
	w.lock(true)
	w.pass(24 * time.Hour)
	w.lock(false)
	w.key()
}

func (w *world) wantAsked(want bool) {
	w.Helper()
	if s := w.session(); s.Phase != "done" || s.CheckIn != want {
		w.Errorf("in phase %q, asks %t, want %t", s.Phase, s.CheckIn, want)
	}
}

func TestCheckInOnceADay(t *testing.T) {
	w := newWorld(t, quick())
	if got := w.feel(FeelingSame); got != NothingAsked {
		t.Errorf("before any session: %q", got)
	}
	w.command(Command{Name: "stretch", Plan: plan("standing")})
	w.pass(sec)
	if w.session().CheckIn || w.feel(FeelingSame) != NothingAsked {
		t.Error("asked during the session")
	}
	w.do("session/stop", 0)
	if w.feel(FeelingSame) != NothingAsked {
		t.Error("a stopped session was asked about")
	}
	w.finish()
	w.wantAsked(true)
	w.pass(61 * sec) // nobody answers
	if w.session().Phase != "" {
		t.Error("the question keeps the session on")
	}
	w.finish()
	w.wantAsked(false)
	w.toNextDay()
	w.finish()
	w.wantAsked(true)
}

func TestAnswerClosesTheSession(t *testing.T) {
	w := newWorld(t, quick())
	w.finish()
	began := w.BeganAt
	for _, nonsense := range []string{"", "Better", "splendid"} {
		if got := w.feel(nonsense); got != NothingAsked {
			t.Errorf("%q was taken: %q", nonsense, got)
		}
	}
	w.lines = nil
	if got := w.feel(FeelingBetter); got != "" || w.session().Phase != "" {
		t.Errorf("refused: %q, now in phase %q", got, w.session().Phase)
	}
	want := Felt{At: began, Feeling: FeelingBetter}
	if got := felts(w.lines); len(got) != 1 || got[0] != want {
		t.Errorf("recorded %+v, want %+v", got, want)
	}
	if got := w.feel(FeelingBetter); got != NothingAsked {
		t.Errorf("a second answer: %q", got)
	}
}

// TestLateAnswer: a minute is short for somebody who types; until the next session there is no doubt what is meant.
func TestLateAnswer(t *testing.T) {
	w := newWorld(t, quick())
	w.finish()
	began := w.BeganAt
	w.types(70 * sec)
	w.lines = nil
	if got := w.feel(FeelingSame); got != "" {
		t.Errorf("refused: %q", got)
	}
	if got := felts(w.lines); len(got) != 1 || !got[0].At.Equal(began) {
		t.Errorf("recorded %+v", got)
	}
	w.toNextDay()
	w.finish()
	w.command(Command{Name: "stretch", Plan: plan("standing")})
	if got := w.feel(FeelingSame); got != NothingAsked {
		t.Errorf("during the next session: %q", got)
	}
}

func TestWorseTwiceRunning(t *testing.T) {
	for _, tt := range []struct {
		answers []string // "" for none
		told    int
	}{
		{[]string{FeelingWorse}, 0},
		{[]string{FeelingWorse, FeelingWorse}, 1},
		{[]string{FeelingWorse, "", FeelingWorse}, 1},
		{[]string{FeelingWorse, FeelingSame, FeelingWorse}, 0},
		{[]string{FeelingWorse, FeelingBetter, FeelingWorse}, 0},
		{[]string{FeelingWorse, FeelingWorse, FeelingBetter, FeelingWorse}, 1},
		{[]string{FeelingWorse, FeelingWorse, FeelingWorse}, 2},
	} {
		w := newWorld(t, quick())
		for _, answer := range tt.answers {
			w.finish()
			if answer != "" && w.feel(answer) != "" {
				t.Fatalf("%q: %q was refused", tt.answers, answer)
			}
			w.toNextDay()
		}
		if got := notices(w.lines, NoticeWorse); got != tt.told {
			t.Errorf("%q: told %d times to go gently, want %d", tt.answers, got, tt.told)
		}
	}
}

// TestErasingForgetsTheAnswers: nothing of them is left where it would come up again.
func TestErasingForgetsTheAnswers(t *testing.T) {
	w := newWorld(t, quick())
	w.finish()
	w.feel(FeelingWorse)
	w.toNextDay()
	w.finish()
	w.do("erase", 0)
	if got := w.feel(FeelingWorse); got != NothingAsked {
		t.Errorf("about an erased session: %q", got)
	}
	w.toNextDay()
	w.finish()
	if w.feel(FeelingWorse); notices(w.lines, NoticeWorse) != 0 {
		t.Error("an erased answer was counted")
	}
}

// TestCheckInSurvivesARestart: neither is it asked again, nor is the answer lost.
func TestCheckInSurvivesARestart(t *testing.T) {
	w := newWorld(t, quick())
	w.finish()
	w.tick(10 * time.Minute)
	w.step(Event{Start: &Start{BootID: "b", Settings: quick()}})
	if got := w.feel(FeelingSame); got != "" {
		t.Errorf("refused: %q", got)
	}
	w.finish()
	w.wantAsked(false)
}

func felts(out []Effect) (all []Felt) {
	for _, e := range out {
		if e.Record != nil && e.Record.Felt != nil {
			all = append(all, *e.Record.Felt)
		}
	}
	return all
}

func notices(out []Effect, code string) (n int) {
	for _, e := range out {
		if e.Notice == code {
			n++
		}
	}
	return n
}

// An asker is what a life knows of the question after a session.
type asker struct {
	today bool // it was asked
	open  bool
	worse int       // answers in a row
	about time.Time // when the session began that was finished last
}

// checkAsked: one question a day and no more, after a finished session; an answer is taken if one was asked for, once.
func (l *life) checkAsked(t *rapid.T, before State, e Event, out []Effect) {
	turned := !before.Rem.DayEnds.IsZero() && !l.now.Wall.Before(before.Rem.DayEnds)
	asks := func(s State) bool { v := View(s, s.At).Session; return v != nil && v.CheckIn }
	a, refused, finished := &l.asker, "", false
	for _, f := range out {
		refused += f.Refused
		if r := f.Record; r != nil && r.Trained != nil && r.Trained.Outcome == "finished" {
			a.about, finished = r.Trained.At, true
		}
	}
	asked := asks(l.State) && (finished || !asks(before))
	switch now := View(l.State, l.now).Session; {
	case asked && !finished:
		t.Fatalf("asked after no finished session: %s", mustJSON(t, now))
	case asked && a.today && !turned:
		t.Fatalf("asked twice on a day: %s", mustJSON(t, now))
	case finished && !asked && !a.today && !turned:
		t.Fatalf("not asked on this day: %s", mustJSON(t, now))
	case asks(l.State) && now.Phase != "done":
		t.Fatalf("asks in phase %s", now.Phase)
	}
	a.today = asked && !turned || a.today && !turned
	a.open = a.open || asked
	switch c := e.Command; {
	case c == nil || c.Name != "session/feeling":
		if len(felts(out)) > 0 || notices(out, NoticeWorse) > 0 {
			t.Fatalf("an answer that nobody gave: %s", mustJSON(t, out))
		}
		if c != nil && c.Name == "stretch" && refused == "" {
			a.open = false
		}
	case (refused == "") != a.open:
		t.Fatalf("asked: %t, and the answer is refused: %q", a.open, refused)
	case a.open:
		a.open = false
		if c.Feeling == FeelingWorse {
			a.worse++
		} else {
			a.worse = 0
		}
		if all := felts(out); !slices.Equal(all, []Felt{{a.about, c.Feeling}}) {
			t.Fatalf("%s about %s is recorded as %+v", c.Feeling, a.about, all)
		}
		if told := notices(out, NoticeWorse) == 1; told != (a.worse > 1) || View(l.State, l.now).WorseRunning != a.worse {
			t.Fatalf("worse %d times: told %t", a.worse, told)
		}
	}
}
