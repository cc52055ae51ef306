package daemon_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
)

// The prompt comes when the first pause in input after the limit has lasted long enough, or when patience runs out,
// and never to an empty chair.
func TestTimingPrompt(t *testing.T) {
	together(t, map[string]func(*testing.T){
		"typing without a pause": func(t *testing.T) {
			desk, d := start(t, desktest.Options{}, "")
			p, zero := sitDown(desk, d)
			typeUntil(p, zero.Add(limit+patience+time.Second))
			promptAt(t, desk.WaitNotify(time.Second), zero.Add(limit+patience), zero)
			picture(desk, p, "e2e-prompt-dunst.png")
		},
		"a pause after the limit": func(t *testing.T) {
			desk, d := start(t, desktest.Options{Notifyd: desktest.Xfce}, "")
			p, zero := sitDown(desk, d)
			typeUntil(p, zero.Add(limit+time.Second))
			promptAt(t, desk.WaitNotify(3*time.Second), p.LastInput().Add(pauseInInput), zero)
			picture(desk, p, "e2e-prompt-xfce.png")
		},
		"a pause across the limit": func(t *testing.T) {
			desk, d := start(t, desktest.Options{}, "")
			p, zero := sitDown(desk, d)
			typeUntil(p, zero.Add(limit-pauseInInput/2))
			promptAt(t, desk.WaitNotify(3*time.Second), p.LastInput().Add(pauseInInput), zero)
		},
		"reading, a pause young at the limit": func(t *testing.T) { testReading(t, 200*time.Millisecond) },
		"reading, a pause over at the limit":  func(t *testing.T) { testReading(t, 750*time.Millisecond) },
		"an empty chair": func(t *testing.T) {
			desk, d := start(t, desktest.Options{}, "")
			p, zero := sitDown(desk, d)
			typeUntil(p, zero.Add(limit-pauseInInput-500*time.Millisecond))
			p.Away(10 * time.Second)
			if n := desk.Notifications(); len(n) > 0 {
				t.Errorf("%q, %v after the person had left", n[0].Title, n[0].At.Sub(p.LastInput()))
			}
			if s := d.State(); s.Posture != "away" || s.Sitting.LoadS != 0 {
				t.Errorf("%s with a load of %v s, want away and none", s.Posture, s.Sitting.LoadS)
			}
		},
	})
}

// testReading moves the pointer in a rhythm that began when the load was first. Every pause between two moves is long
// enough for a prompt; the one to be taken is the first to become so after the limit.
func testReading(t *testing.T, first time.Duration) {
	const moves = 1500 * time.Millisecond // between two, by Person.Read
	desk, d := start(t, desktest.Options{}, "")
	p, zero := sitDown(desk, d)
	begin, want := zero.Add(first), zero.Add(first+pauseInInput)
	for begin.Before(time.Now()) {
		begin = begin.Add(moves)
	}
	for want.Before(zero.Add(limit)) {
		want = want.Add(moves)
	}
	p.Away(time.Until(begin))
	p.Read(time.Until(want.Add(moves)))
	promptAt(t, desk.WaitNotify(time.Second), want, zero)
}

// A silence is counted by its length, a lock at once, and the person's word on a silence is the last.
func TestTimingCount(t *testing.T) {
	t.Parallel()
	together(t, map[string]func(*testing.T){
		"undecided silence": func(t *testing.T) { testSilence(t, 3*time.Second, "undecided", 10, 13) },
		"long silence":      func(t *testing.T) { testSilence(t, 4500*time.Millisecond, "away", 0, 14.5) },
		"locks":             testLocks,
		"gone when asked":   testGoneWhenAsked,
	})
}

// testSilence types for 10 s and stops; want is the load when the person is back, and corrected what it is after
// they have said that they were sitting.
func testSilence(t *testing.T, silence time.Duration, as string, want, corrected float64) {
	desk, d := start(t, desktest.Options{}, "")
	p, zero := sitDown(desk, d)
	typeUntil(p, zero.Add(10*time.Second))
	back := p.LastInput().Add(silence)
	p.Away(time.Until(back))
	p.Type(time.Second, keystroke)
	s := d.State()
	near(t, "load when back", loadAt(s, back), want, counted)
	told := s.Sitting.Silence
	if told == nil {
		t.Fatal("the silence is not offered for correction")
	}
	near(t, "length of the silence", told.S, silence.Seconds(), counted)
	if told.CountedAs != as {
		t.Errorf("the silence is counted as %s, want %s", told.CountedAs, as)
	}
	run(t, d, "was", "sitting")
	near(t, "load when corrected", loadAt(d.State(), back), corrected, counted)
}

// testLocks locks the screen for less and for more than clears half a limit.
func testLocks(t *testing.T) {
	desk, d := start(t, desktest.Options{Logind: true}, "")
	p, zero := sitDown(desk, d)
	for _, lock := range []struct {
		load   float64 // when it begins
		length time.Duration
		want   float64 // load when it ends
		breaks int     // natural ones until then
	}{
		{10, 1000 * time.Millisecond, 5, 0},
		{12, 1800 * time.Millisecond, 3, 0},
		{12, 2200 * time.Millisecond, 1, 1},
	} {
		typeUntil(p, zero.Add(seconds(lock.load)))
		locked := time.Now()
		desk.Lock()
		p.Away(time.Until(locked.Add(lock.length)))
		back := time.Now()
		desk.Unlock()
		p.Type(time.Second, keystroke)
		s := d.State()
		what := fmt.Sprintf("load of %v after a lock of %v", lock.load, lock.length)
		near(t, what, loadAt(s, back), lock.want, counted)
		if s.Today.NaturalBreaks != lock.breaks {
			t.Errorf("%s: %d natural breaks, want %d", what, s.Today.NaturalBreaks, lock.breaks)
		}
		zero = zeroOf(s)
	}
}

// testGoneWhenAsked leaves as soon as the prompt is there, for a time that would else be undecided.
func testGoneWhenAsked(t *testing.T) {
	desk, d := start(t, desktest.Options{}, "")
	p, zero := sitDown(desk, d)
	typeUntil(p, zero.Add(limit+patience+keystroke))
	left := p.LastInput()
	prompt := desk.WaitNotify(time.Second)
	before := loadAt(d.State(), left)
	back := left.Add(3 * time.Second)
	p.Away(time.Until(back))
	p.Type(time.Second, keystroke)
	s := d.State()
	near(t, "recovered", before-loadAt(s, back), 15, counted)
	if s.Today.NaturalBreaks != 1 || s.Reminder.Phase != "quiet" {
		t.Errorf("%d natural breaks in phase %s, want 1 in quiet", s.Today.NaturalBreaks, s.Reminder.Phase)
	}
	if gone := desk.WaitGone(prompt, time.Second); gone.Ended != desktest.Withdrawn {
		t.Errorf("the prompt for somebody who has left: %s, want %s", gone.Ended, desktest.Withdrawn)
	}
}

// Nobody is asked while the screen is locked, reminders are snoozed or paused, in a meeting, or out of hours. What
// came due meanwhile is asked for as soon afterwards as patience allows, which the person tries by typing on.
func TestTimingNotNow(t *testing.T) {
	t.Parallel()
	together(t, map[string]func(*testing.T){
		"locked": func(t *testing.T) {
			desk, d := start(t, desktest.Options{Logind: true}, "")
			p, zero := sitDown(desk, d)
			// Due, and locked when patience runs out; a longer lock would be a break.
			typeUntil(p, zero.Add(limit+patience-300*time.Millisecond))
			desk.Lock()
			d.WaitState(time.Second, "the lock to be seen", due("locked"))
			p.Away(time.Until(zero.Add(limit + patience + 300*time.Millisecond)))
			ends := time.Now()
			desk.Unlock()
			d.WaitState(time.Second, "grace", due("grace"))
			asked(t, desk, p, ends, ends.Add(wakeGrace+patience), zero)
		},
		"paused": func(t *testing.T) {
			desk, d := start(t, desktest.Options{}, "")
			p, zero := sitDown(desk, d)
			typeUntil(p, zero.Add(2*time.Second)) // when the other desks are up, so that the command takes no time
			ends := time.Now().Add(23 * time.Second)
			run(t, d, "pause", "23s")
			typeUntil(p, ends.Add(-time.Second))
			owedIn(t, d, "paused", "")
			asked(t, desk, p, ends, ends.Add(patience), zero)
		},
		"in a meeting": func(t *testing.T) {
			desk, d := start(t, desktest.Options{}, "")
			p, zero := sitDown(desk, d)
			run(t, d, "meeting")
			typeUntil(p, zero.Add(limit+patience+2*time.Second))
			owedIn(t, d, "held", "meeting")
			ends := time.Now()
			run(t, d, "meeting", "off")
			asked(t, desk, p, ends, ends.Add(patience), zero)
		},
		"out of hours": func(t *testing.T) {
			binary, desk := desktest.Build(t), desktest.New(t, desktest.Options{})
			ends := time.Now().Truncate(time.Second).Add(limit + patience + 3*time.Second)
			desk.Env = append(desk.Env, "TZ="+zoneWhere(ends, 9*time.Hour))
			d := desk.Start(binary, quick+`hours = {`+strings.Join(nineToFive(), ", ")+"}\n")
			p, zero := sitDown(desk, d)
			typeUntil(p, ends.Add(-time.Second))
			owedIn(t, d, "off_hours", "")
			asked(t, desk, p, ends, ends.Add(patience), zero)
		},
		"snoozed": testSnooze,
	})
}

// owedIn fails the test unless a break has come due, which is not asked for because of that phase.
func owedIn(t *testing.T, d *desktest.Daemon, phase, reason string) {
	t.Helper()
	s := d.State()
	if s.Sitting.LoadS < limit.Seconds() || s.Reminder.Phase != phase || s.Reminder.Reason != reason {
		t.Errorf("load %v s in phase %q by %q, want over the limit in %q by %q",
			s.Sitting.LoadS, s.Reminder.Phase, s.Reminder.Reason, phase, reason)
	}
}

// asked types on until the first prompt has come, which must not have been before ends.
func asked(t *testing.T, desk *desktest.Desk, p *desktest.Person, ends, want, zero time.Time) {
	t.Helper()
	typeUntil(p, want.Add(500*time.Millisecond))
	n := desk.WaitNotify(time.Second)
	promptAt(t, n, want, zero)
	if n.At.Before(ends) {
		t.Errorf("asked %v too early", ends.Sub(n.At))
	}
}

func due(reason string) func(api.State) bool {
	return func(s api.State) bool { return s.Reminder.Phase == "due" && s.Reminder.Reason == reason }
}

// zoneWhere is a time zone, as in $TZ, whose clocks show that time of day at the moment at.
func zoneWhere(at time.Time, clock time.Duration) string {
	utc := at.UTC()
	midnight := time.Date(utc.Year(), utc.Month(), utc.Day(), 0, 0, 0, 0, time.UTC)
	behind := utc.Sub(midnight) - clock // the sign of the rule: how far UTC is ahead
	sign := ""
	if behind < 0 {
		sign, behind = "-", -behind
	}
	return fmt.Sprintf("DESK%s%d:%02d:%02d", sign, int(behind.Hours()), int(behind.Minutes())%60, int(behind.Seconds())%60)
}

func nineToFive() []string {
	var days []string
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		days = append(days, day+` = ["09:00-17:00"]`)
	}
	return days
}

// testSnooze has the prompt taken away, and brought back on time, three times to a break.
func testSnooze(t *testing.T) {
	desk, d := start(t, desktest.Options{}, `reminder.snooze = ["5s", "10s"]`)
	p, zero := sitDown(desk, d)
	typeUntil(p, zero.Add(limit+patience+500*time.Millisecond))
	prompt := desk.WaitNotify(time.Second)
	promptAt(t, prompt, zero.Add(limit+patience), zero)
	for i, snooze := range []struct {
		length time.Duration
		do     func()
	}{
		{5 * time.Second, func() { desk.Press("In 5 s") }},
		{5 * time.Second, func() { run(t, d, "snooze") }},
		{2 * time.Second, func() { run(t, d, "snooze", "2s") }},
	} {
		snooze.do()
		gone := desk.WaitGone(prompt, time.Second)
		s := d.WaitState(time.Second, "the snooze", func(s api.State) bool { return s.Reminder.Phase == "snoozed" })
		if s.Reminder.SnoozesLeft != 2-i || s.Reminder.Reason != "user" {
			t.Errorf("%d snoozes left, reason %s; want %d, user", s.Reminder.SnoozesLeft, s.Reminder.Reason, 2-i)
		}
		typeUntil(p, gone.EndedAt.Add(snooze.length+patience+500*time.Millisecond))
		prompt = desk.WaitNotify(time.Second)
		promptAt(t, prompt, gone.EndedAt.Add(snooze.length+patience), gone.EndedAt)
	}
	if want := []string{"Start", "Off until tomorrow", "Skip"}; !slices.Equal(prompt.Labels(), want) {
		t.Errorf("after three snoozes the buttons are %q, want %q", prompt.Labels(), want)
	}
	_, stderr, code := d.Unhunch("snooze")
	if code != 4 || !strings.HasPrefix(stderr, "unhunch: this break has been put off 3 times already\n") {
		t.Errorf("the fourth snooze: exit code %d, %q", code, stderr)
	}
	if desk.Prompt() == nil {
		t.Error("the refused snooze has taken the prompt away")
	}
}

// soon is long enough for anything that takes no time of its own, where nobody measures how long it does take.
const soon = 5 * time.Second

// What the person can do with a prompt.
func TestAnswers(t *testing.T) {
	t.Parallel()
	together(t, map[string]func(*testing.T){
		"start": testSession,
		"click": func(t *testing.T) {
			desk, d, _ := prompted(t, desktest.Dunst)
			desk.PressBody()
			d.WaitState(soon, "a session", inSession)
		},
		"skip": func(t *testing.T) {
			desk, d, p := prompted(t, desktest.Dunst)
			desk.Press("Skip")
			skipped(t, desk, d, p)
		},
		"close": func(t *testing.T) {
			desk, d, p := prompted(t, desktest.Dunst)
			desk.Dismiss()
			skipped(t, desk, d, p)
		},
		"close on xfce": func(t *testing.T) {
			desk, d, p := prompted(t, desktest.Xfce)
			desk.Dismiss()
			skipped(t, desk, d, p)
		},
		"start on xfce": func(t *testing.T) {
			desk, d, p := prompted(t, desktest.Xfce)
			desk.Press("Start")
			d.WaitState(soon, "a session", inSession)
			picture(desk, p, "e2e-session-xfce.png")
		},
		"snooze on xfce": func(t *testing.T) {
			desk, d, _ := prompted(t, desktest.Xfce)
			desk.Press("In 5 min")
			d.WaitState(soon, "the snooze", func(s api.State) bool {
				return s.Reminder.Phase == "snoozed" && s.Reminder.SnoozesLeft == 2
			})
			desk.WaitGone(desk.Notifications()[0], soon)
		},
	})
}

// unhurried are the quick settings, but for nobody being taken for away while a busy machine looks for a button.
var unhurried = strings.NewReplacer(`away_after = "2s"`, `away_after = "1m"`, `sure_after = "4s"`, `sure_after = "2m"`).
	Replace(quick)

// prompted is a person in front of a prompt.
func prompted(t *testing.T, notifyd string) (*desktest.Desk, *desktest.Daemon, *desktest.Person) {
	t.Helper()
	desk := desktest.New(t, desktest.Options{Notifyd: notifyd})
	d := desk.Start(desktest.Build(t), unhurried+`session.length = "30s"`)
	p, zero := sitDown(desk, d)
	typeUntil(p, zero.Add(limit+patience+500*time.Millisecond))
	n := desk.WaitNotify(soon)
	isPrompt(t, n)
	if want := []string{"Start", "In 5 min", "Skip"}; !slices.Equal(n.Labels(), want) {
		t.Errorf("the buttons are %q, want %q", n.Labels(), want)
	}
	return desk, d, p
}

// skipped fails the test unless the prompt has gone, to come back after another limit.
func skipped(t *testing.T, desk *desktest.Desk, d *desktest.Daemon, p *desktest.Person) {
	t.Helper()
	desk.WaitGone(desk.Notifications()[0], soon)
	s := d.WaitState(soon, "a skip", func(s api.State) bool { return s.Today.Skips == 1 })
	if s.Reminder.Phase != "quiet" {
		t.Errorf("phase %s, want quiet", s.Reminder.Phase)
	}
	near(t, "due in", s.Sitting.DueInS, limit.Seconds(), 2)
	p.Type(patience+time.Second, keystroke)
	if n := desk.Notifications(); len(n) > 1 {
		t.Errorf("after the skip came %q", n[1].Title)
	}
}

func inSession(s api.State) bool { return s.Reminder.Phase == "in_session" && s.Session != nil }

// testSession goes through a session from the prompt's button to the load that it clears.
func testSession(t *testing.T) {
	desk, d, p := prompted(t, desktest.Dunst)
	desk.Press("Start")
	begun := d.WaitState(soon, "a session", inSession)
	var s api.State
	if err := json.Unmarshal([]byte(run(t, d, "status", "--json")), &s); err != nil || !inSession(s) {
		t.Fatalf("status --json, in a session: %v, %v", s.Session, err)
	}
	if s.Session.Phase != "ready" || s.Session.LengthS < 28.5 || s.Session.LengthS > 31.5 {
		t.Errorf("it begins %s and is %v s long, want ready and 30 within 5 %%", s.Session.Phase, s.Session.LengthS)
	}
	phase := func(phase string) func(api.State) bool {
		return func(s api.State) bool { return s.Session != nil && s.Session.Phase == phase }
	}
	s = d.WaitState(20*time.Second, "the first exercise", phase("work"))
	picture(desk, p, "e2e-session-dunst.png")
	if s.Sitting.LoadS != begun.Sitting.LoadS || s.Session.Exercise == "" {
		t.Errorf("%q with a load of %v, want %v as at the start", s.Session.Exercise, s.Sitting.LoadS, begun.Sitting.LoadS)
	}
	s = d.WaitState(40*time.Second, "the end", phase("done"))
	if s.Sitting.LoadS != 0 || s.Today.Sessions != 1 {
		t.Errorf("done with a load of %v and %d sessions today, want 0 and 1", s.Sitting.LoadS, s.Today.Sessions)
	}
	ended := time.Now()
	run(t, d, "session", "stop")
	p.Key()
	s = d.WaitState(soon, "the session to leave the screen", func(s api.State) bool { return s.Session == nil })
	near(t, "load at the end", loadAt(s, ended), 0, counted)
	if s.Reminder.Phase != "quiet" || s.Posture != "sitting" {
		t.Errorf("afterwards %s and %s, want sitting and quiet", s.Posture, s.Reminder.Phase)
	}
}
