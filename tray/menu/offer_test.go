package menu_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/tray/menu"
)

// find is the entry with that id, wherever it is.
func find(t *testing.T, entries []menu.Entry, id string) (e, parent menu.Entry) {
	t.Helper()
	for _, e := range entries {
		if e.ID == id {
			return e, menu.Entry{}
		}
		for _, c := range e.Children {
			if c.ID == id {
				return c, e
			}
		}
	}
	t.Fatalf("no entry is called %q", id)
	return menu.Entry{}, menu.Entry{}
}

// clickable says whether a person can click on the entry.
func clickable(t *testing.T, m menu.Menu, id string) bool {
	t.Helper()
	e, parent := find(t, m.Entries, id)
	return !e.Hidden && !e.Disabled && !parent.Hidden && !parent.Disabled
}

// TestOffers holds in which states the daemon would refuse what: `snooze` and `skip` unless a break is owed, a snooze
// when none is left or over an hour, a stretch during another, a control without a session.
func TestOffers(t *testing.T) {
	answers := []string{"snooze-1", "snooze-2", "snooze-3", "skip"}
	stretches := []string{"stretch", "another-chair", "another-standing", "another-walk", "another-one"}
	controls := []string{"session-pause", "session-next", "session-back", "session-hurt", "session-stop"}
	always := []string{"hide"}
	running := []string{
		"pause-30m", "pause-1h", "pause-2h", "pause-tomorrow", "pause-open", "standing", "meeting",
		"every-30m", "every-45m", "every-60m", "hide", "stop",
	}
	without := func(all []string, some ...string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
	}
	noPause := without(running, "pause-30m", "pause-1h", "pause-2h", "pause-tomorrow", "pause-open")
	tests := []struct {
		story string
		want  []string
	}{
		{"sitting", slices.Concat(stretches, running)},
		{"away", slices.Concat(stretches, running)},
		{"after a skip", slices.Concat(stretches, running)},
		{"off hours", slices.Concat(stretches, running)},
		{"no snooze left, nothing due", slices.Concat(stretches, running)},
		{"nobody can tell", slices.Concat(stretches, without(running, "standing"))},
		{"back from a silence", slices.Concat([]string{"silence-sitting", "silence-up"}, stretches, running)},
		{"due, in the middle of something", slices.Concat(stretches, answers, running)},
		{"due, away", slices.Concat(stretches, answers, running)},
		{"prompted", slices.Concat(stretches, answers, running)},
		{"held by a call", slices.Concat(stretches, answers, running)},
		{"snoozed", slices.Concat(stretches, answers, running)},
		{"not answered", slices.Concat(stretches, answers, running)},
		{"prompted, no snooze left", slices.Concat(stretches, []string{"off-until-tomorrow", "skip"}, running)},
		{"paused", slices.Concat(stretches, []string{"resume"}, noPause)},
		{"paused until resumed", slices.Concat(stretches, []string{"resume"}, noPause)},
		{"session, getting ready", slices.Concat(controls, without(running, "standing"))},
		{"session, at work", slices.Concat(controls, without(running, "standing"))},
		{"session, paused", slices.Concat(controls, without(running, "standing"))},
		{"session, that hurt", slices.Concat([]string{"session-stop-here", "session-gently"}, without(running, "standing"))},
		{"session, done", slices.Concat(stretches, without(running, "standing"))},
		{"not running", slices.Concat([]string{"start"}, always)},
		{"starting", always},
	}
	for _, tt := range tests {
		m := menu.Build(story(t, tt.story))
		var got []string
		for _, id := range leaves(m.Entries) {
			if clickable(t, m, id) {
				got = append(got, id)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.story, got, tt.want)
		}
	}
}

// leaves are the ids of all that is no separator and no parent, in order.
func leaves(entries []menu.Entry) (ids []string) {
	for _, e := range entries {
		switch {
		case e.Children != nil:
			ids = append(ids, leaves(e.Children)...)
		case e.ID != "":
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// TestSnoozes covers the lengths on offer, which are the person's own.
func TestSnoozes(t *testing.T) {
	tests := []struct {
		name  string
		left  int
		s     []float64
		want  []string // what is offered
		until bool     // “Off until tomorrow” stands in its place
	}{
		{"as delivered", 3, []float64{300, 600, 1200}, []string{"5 min", "10 min", "20 min"}, false},
		{"one", 1, []float64{90}, []string{"90 s"}, false},
		{"six", 3, []float64{60, 120, 180, 240, 300, 3600}, []string{"1 min", "2 min", "3 min", "4 min", "5 min", "1 h"}, false},
		{"more than there is room for", 3, []float64{1, 2, 3, 4, 5, 6, 7}, []string{"1 s", "2 s", "3 s", "4 s", "5 s", "6 s"}, false},
		{"too long", 3, []float64{300, 3601}, []string{"5 min"}, false},
		{"all too long", 3, []float64{3601}, nil, false},
		{"a daemon that does not tell", 3, nil, nil, false},
		{"none left", 0, []float64{300}, nil, true},
	}
	for _, tt := range tests {
		f := story(t, "prompted")
		f.State.Reminder.SnoozesLeft, f.State.Reminder.SnoozeS = tt.left, tt.s
		m := menu.Build(f)
		snooze, _ := find(t, m.Entries, "snooze")
		var got []string
		for _, e := range snooze.Children {
			if clickable(t, m, e.ID) {
				got = append(got, e.Title)
			}
		}
		if !slices.Equal(got, tt.want) || clickable(t, m, "off-until-tomorrow") != tt.until {
			t.Errorf("%s: got %q, off until tomorrow %t", tt.name, got, clickable(t, m, "off-until-tomorrow"))
		}
		if len(got) == 0 && !snooze.Hidden && !snooze.Disabled {
			t.Errorf("%s: an empty submenu can be opened", tt.name)
		}
	}
}

// TestClicks covers what each entry orders where that depends on the state, and what is ticked.
func TestClicks(t *testing.T) {
	tests := []struct {
		story, id string
		want      menu.Click
		ticked    bool
	}{
		{"sitting", "stretch", menu.Click{Do: "stretch", Body: api.StretchRequest{Guide: "background"}}, false},
		{"sitting", "another-chair", menu.Click{Do: "stretch", Body: api.StretchRequest{Place: "chair", Guide: "background"}}, false},
		{"sitting", "another-standing", menu.Click{Do: "stretch", Body: api.StretchRequest{Place: "standing", Guide: "background"}}, false},
		{"sitting", "another-walk", menu.Click{Do: "stretch", Body: api.StretchRequest{Routine: "walk", Guide: "background"}}, false},
		{"sitting", "another-one", menu.Click{Do: "stretch", Body: api.StretchRequest{Length: "30s", Guide: "background"}}, false},
		{"sitting", "standing", menu.Click{Do: "stand", Body: api.DurationRequest{}}, false},
		{"standing", "standing", menu.Click{Do: "stand", Body: api.DurationRequest{Duration: "off"}}, true},
		{"sitting", "meeting", menu.Click{Do: "meeting", Body: api.DurationRequest{}}, false},
		{"held by a meeting", "meeting", menu.Click{Do: "meeting", Body: api.DurationRequest{Duration: "off"}}, true},
		{"back from a silence", "silence-sitting", menu.Click{Do: "was", Body: api.WasRequest{Posture: "sitting"}}, false},
		{"back from a silence", "silence-up", menu.Click{Do: "was", Body: api.WasRequest{Posture: "away"}}, false},
		{"sitting", "every-30m", menu.Click{Key: "sitting.limit", Value: "30m"}, true},
		{"sitting", "every-45m", menu.Click{Key: "sitting.limit", Value: "45m"}, false},
		{"every 45 min", "every-45m", menu.Click{Key: "sitting.limit", Value: "45m"}, true},
		{"a time in force of the person's own", "every-60m", menu.Click{Key: "sitting.limit", Value: "60m"}, false},
		{"prompted", "snooze-2", menu.Click{Do: "snooze", Body: api.DurationRequest{Duration: "10m0s"}}, false},
		{"prompted", "skip", menu.Click{Do: "skip"}, false},
		{"prompted, no snooze left", "off-until-tomorrow", menu.Click{Do: "pause", Body: api.DurationRequest{Duration: "tomorrow"}}, false},
		{"sitting", "pause-open", menu.Click{Do: "pause", Body: api.DurationRequest{}}, false},
		{"sitting", "pause-1h", menu.Click{Do: "pause", Body: api.DurationRequest{Duration: "1h"}}, false},
		{"paused", "resume", menu.Click{Do: "resume"}, false},
		{"session, at work", "session-pause", menu.Click{Do: "session/pause"}, false},
		{"session, paused", "session-pause", menu.Click{Do: "session/resume"}, false},
		{"session, at work", "session-hurt", menu.Click{Do: "session/hurt"}, false},
		{"session, that hurt", "session-stop-here", menu.Click{Do: "session/stop"}, false},
		{"session, that hurt", "session-gently", menu.Click{Do: "session/resume"}, false},
		{"not running", "start", menu.Click{Start: true}, false},
		{"not running", "hide", menu.Click{Hide: true}, false},
		{"sitting", "stop", menu.Click{Stop: true}, false},
	}
	for _, tt := range tests {
		m := menu.Build(story(t, tt.story))
		e, _ := find(t, m.Entries, tt.id)
		if !clickable(t, m, tt.id) || e.Click == nil || !reflect.DeepEqual(*e.Click, tt.want) || e.Ticked != tt.ticked {
			t.Errorf("%s, %s: got %+v, click %+v", tt.story, tt.id, e, e.Click)
		}
	}
}

// TestSilenceIsAskedAboutOnce: only where nobody could explain it, and not while one still goes on.
func TestSilenceIsAskedAboutOnce(t *testing.T) {
	for _, counted := range []string{"undecided", "away", "sitting", "standing"} {
		for _, posture := range []string{"sitting", "standing", "undecided", "unknown"} {
			f := afternoon()
			f.State.Posture, f.State.Sitting.Silence = posture, &api.Silence{S: 470, CountedAs: counted}
			want := counted == "undecided" && posture != "undecided"
			if got := clickable(t, menu.Build(f), "silence-up"); got != want {
				t.Errorf("counted as %s, now %s: offered %t, want %t", counted, posture, got, want)
			}
		}
	}
}

// TestPauseDuringASession: the phase tells of the session, the time of its end still tells of the pause.
func TestPauseDuringASession(t *testing.T) {
	f := story(t, "session, at work")
	f.State.PausedUntil = in(time.Hour)
	if m := menu.Build(f); !clickable(t, m, "resume") || clickable(t, m, "pause-1h") {
		t.Errorf("got\n%s", text(m))
	}
}
