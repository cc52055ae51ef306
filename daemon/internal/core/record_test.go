package core

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/unhunch/unhunch/daemon/internal/sitting"
)

// A tb is a test or a property.
type tb interface{ Fatalf(string, ...any) }

// A ledger is a history that believes all it is told: the last word on any moment wins.
type ledger struct {
	lived   []Lived
	asked   map[time.Time]Asked
	unasked []Asked
	natural []time.Time
	trained []Trained
	felt    []Felt
}

func (l *ledger) take(t tb, out []Effect) {
	for _, e := range out {
		switch r := e.Record; {
		case r == nil:
		case r.Lived != nil:
			l.live(t, r.Lived)
			l.natural = append(l.natural, r.Natural...)
		case r.Asked != nil:
			l.ask(t, *r.Asked)
		case r.Trained != nil:
			l.trained = append(l.trained, *r.Trained)
		case r.Felt != nil:
			if n := len(l.trained); n == 0 || !l.trained[n-1].At.Equal(r.Felt.At) {
				t.Fatalf("%+v of a session that is not the last on record", *r.Felt)
			}
			l.felt = append(l.felt, *r.Felt)
		}
	}
}

func (l *ledger) live(t tb, fresh []Lived) {
	from := fresh[0].From
	l.lived = slices.DeleteFunc(l.lived, func(s Lived) bool { return !s.From.Before(from) })
	for i := range l.lived {
		if s := &l.lived[i]; s.From.Add(s.For).After(from) {
			s.For = from.Sub(s.From)
		}
	}
	l.natural = slices.DeleteFunc(l.natural, func(at time.Time) bool { return !at.Before(from) })
	for i, s := range fresh {
		last := i == len(fresh)-1
		switch {
		case s.For <= 0, s.Open && !last: // the one that goes on may have no length yet
			t.Fatalf("told of %+v", fresh)
		case !last && !s.From.Add(s.For).Equal(fresh[i+1].From):
			t.Fatalf("a gap or an overlap: %+v", fresh)
		}
		if n := len(l.lived); n > 0 && l.lived[n-1].From.Add(l.lived[n-1].For).After(s.From) {
			t.Fatalf("%+v overlaps %+v", s, l.lived[n-1])
		}
		l.lived = append(l.lived, s)
	}
}

func (l *ledger) ask(t tb, a Asked) {
	if a.Unasked {
		l.unasked = append(l.unasked, a)
		return
	}
	if l.asked == nil {
		l.asked = map[time.Time]Asked{}
	}
	if old, known := l.asked[a.At]; known && (old.Outcome != "" || a.Outcome == "") {
		t.Fatalf("%+v after %+v", a, old)
	}
	l.asked[a.At] = a
}

func (l *ledger) sum(kinds ...sitting.Posture) (d time.Duration) {
	for _, s := range l.lived {
		if slices.Contains(kinds, s.Kind) {
			d += s.For
		}
	}
	return d
}

func (l *ledger) count(outcome string) (n int) {
	for _, a := range l.asked {
		if outcome == "" || a.Outcome == outcome {
			n++
		}
	}
	for _, a := range l.unasked {
		if a.Outcome == outcome {
			n++
		}
	}
	return n
}

// agrees says whether the history comes to what the status says of the same day.
func (l *ledger) agrees(t tb, s State) {
	v, today := s.Sit.View(s.T), View(s, s.At).Today
	type figures struct {
		sat, stood, gone                            time.Duration
		prompts, snoozes, skips, natural, completed int
	}
	got := figures{
		l.sum(sitting.Sitting), l.sum(sitting.Standing), l.sum(sitting.Away, sitting.Asleep),
		l.count(""), l.count(OutcomeSnoozed), l.count(OutcomeSkipped), len(l.natural), 0,
	}
	for _, s := range l.trained {
		if s.Outcome == "finished" {
			got.completed++
		}
	}
	want := figures{v.Sat, v.Stood, v.Gone, today.Prompts, today.Snoozes, today.Skips, today.NaturalBreaks, today.Sessions}
	if got != want {
		t.Fatalf("the history comes to %+v,\nthe status says     %+v", got, want)
	}
}

func TestHistoryOfAMorning(t *testing.T) {
	w := newWorld(t, quick())
	w.lines = nil // from here on, all that is emitted
	aMorning(w)
	w.do("resume", 0) // whatever the person says is saved, and so told
	var l ledger
	l.take(t, w.lines)
	l.agrees(t, w.State)
	if len(l.trained) != 1 || len(l.trained[0].Steps) != 3 || !l.trained[0].Steps[0].Hurt || l.trained[0].Steps[1].Hurt {
		t.Errorf("sessions: %+v", l.trained)
	}
	if len(l.felt) != 1 {
		t.Errorf("feelings: %+v", l.felt)
	}
	if l.count(OutcomeSnoozed) != 1 || l.count(OutcomeTaken) != 1 {
		t.Errorf("prompts: %+v", l.asked)
	}
}

// TestHistoryAgreesWithTheStatus lives random days and holds the record against the status after each event.
func TestHistoryAgreesWithTheStatus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &world{State: New(quick())}
		w.now.Boot, w.now.Mono, w.now.Wall = time.Hour, time.Hour, noon
		w.step(Event{Start: &Start{BootID: "b", Settings: quick()}})
		w.step(Event{Desk: &Desk{Here: true}})
		w.step(Event{Input: &Input{State: "active", Source: "x11"}})
		w.input = w.now.Boot
		var l ledger
		length := rapid.SampledFrom([]time.Duration{sec / 3, sec, 3 * sec, 7 * sec, 25 * sec, 45 * sec})
		act := func(name string, do func()) (string, func(*rapid.T)) {
			return name, func(*rapid.T) {
				do()
				w.do("resume", 0)
				l.take(t, w.lines)
				w.lines = nil
				l.agrees(t, w.State)
			}
		}
		actions := map[string]func(*rapid.T){}
		for name, do := range map[string]func(){
			"type":  func() { w.works(length.Draw(t, "for"), sec/2) },
			"pass":  func() { w.pass(length.Draw(t, "for")) },
			"lock":  func() { w.lock(true); w.pass(length.Draw(t, "for")); w.lock(false) },
			"sleep": func() { w.sleep(length.Draw(t, "for")) },
			"was": func() {
				w.command(Command{Name: "was", Posture: rapid.SampledFrom([]sitting.Posture{"sitting", "standing", "away"}).Draw(t, "as")})
			},
			"was d":  func() { w.command(Command{Name: "was", Posture: "away", For: length.Draw(t, "for")}) },
			"stand":  func() { w.command(Command{Name: "stand", Off: rapid.Bool().Draw(t, "off")}) },
			"meet":   func() { w.do("meeting", length.Draw(t, "for")) },
			"sit":    func() { w.do("sit", length.Draw(t, "for")) },
			"snooze": func() { w.do("snooze", 0) },
			"skip":   func() { w.do("skip", 0) },
			"stretch": func() {
				w.command(Command{Name: "stretch", Plan: plan(rapid.SampledFrom([]string{"chair", "standing"}).Draw(t, "place"))})
			},
			"stop": func() { w.do("session/stop", 0) },
			"feel": func() { w.feel(FeelingWorse) },
			"next": func() { w.do("session/next", 0) },
		} {
			name, run := act(name, do)
			actions[name] = run
		}
		t.Repeat(actions)
	})
}

// TestSittingIsToldNowAndThen: the history hears of what goes on, but seldom: each word wakes the disk. What it has not
// heard yet it hears after a crash.
func TestSittingIsToldNowAndThen(t *testing.T) {
	w := newWorld(t, quick())
	w.do("pause", 0)
	w.lines = nil
	w.works(25*time.Minute, sec)
	told := 0
	for _, e := range w.lines {
		if e.Record != nil {
			told++
		}
	}
	if told != 2 {
		t.Errorf("told %d times in 25 minutes, want 2", told)
	}
	kept := w.State // as of the last checkpoint
	var l ledger
	l.take(t, w.lines)
	before := l.sum(sitting.Sitting)
	w.lines = nil
	w.step(Event{Start: &Start{BootID: "b", Settings: quick()}})
	w.do("resume", 0)
	l.take(t, w.lines)
	if got, want := l.sum(sitting.Sitting), before+kept.T-kept.Told; got < want-sec {
		t.Errorf("after a crash %v of %v are on record", got, want)
	}
}
