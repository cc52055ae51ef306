package core

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/routines"
)

// sides is a session of one exercise on both sides and one without, 5+15 s each.
func sides() *routines.Plan {
	p := plan("standing")
	p.Steps[0].Exercise, p.Steps[0].Side = "neck-tilts", "left"
	p.Steps[1].Exercise, p.Steps[1].Side = "neck-tilts", "right"
	p.Steps[2].Exercise = "marching"
	return p
}

func audible(on bool) Settings {
	set := quick()
	set.Sound = on
	return set
}

// heard are the sounds that guides were told of while f went on.
func (w *world) heard(f func()) []string {
	var all []string
	since := len(w.lines)
	f()
	for _, e := range w.lines[since:] {
		if e.Guide != nil && e.Guide.Sound != "" {
			all = append(all, fmt.Sprintf("%d %s %s", e.Guide.Step, e.Guide.Phase, e.Guide.Sound))
		}
	}
	return all
}

func begin(w *world, guide string) {
	w.command(Command{Name: "stretch", Plan: sides(), Guide: guide})
	w.step(Event{Seen: w.Player.ID})
}

func TestSessionIsHeard(t *testing.T) {
	all := []string{"1 work ending", "2 ready side", "2 work ending", "3 work ending"}
	for _, tt := range []struct {
		name  string
		on    bool
		guide string
		first func(w *world)
		want  []string
	}{
		{"with sound", true, GuideBackground, func(*world) {}, all},
		{"without", false, GuideBackground, func(*world) {}, nil},
		{"the terminal has its own", true, "terminal", func(*world) {}, nil},
		{"in a meeting", true, GuideBackground, func(w *world) { w.do("meeting", time.Hour) }, nil},
		{"the meeting ends in between", true, GuideBackground, func(w *world) { w.do("meeting", 30*sec) }, all[2:]},
	} {
		for _, lazy := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, lazy %t", tt.name, lazy), func(t *testing.T) {
				w := newWorld(t, audible(tt.on))
				w.lazy = lazy
				tt.first(w)
				got := w.heard(func() { begin(w, tt.guide); w.pass(61 * sec) })
				if !slices.Equal(got, tt.want) {
					t.Errorf("heard %q, want %q", got, tt.want)
				}
			})
		}
	}
}

// TestEndingIsHeardInTime goes through the last seconds of a step one by one, with a pause within them.
func TestEndingIsHeardInTime(t *testing.T) {
	w := newWorld(t, audible(true))
	begin(w, GuideBackground)
	want := func(what string, f func(), sounds ...string) {
		t.Helper()
		if got := w.heard(f); !slices.Equal(got, sounds) {
			t.Errorf("%s: heard %q, want %q", what, got, sounds)
		}
	}
	want("until a moment before", func() { w.pass(17*sec - time.Millisecond) })
	want("a pause before", func() { w.do("session/pause", 0); w.pass(10 * sec); w.do("session/resume", 0) })
	rev := w.Rev
	want("then", func() { w.pass(time.Millisecond) }, "1 work ending")
	if w.Rev != rev {
		t.Error("a sound is no change that anybody is to be told of")
	}
	want("a pause within", func() { w.pass(sec); w.do("session/pause", 0); w.pass(10 * sec); w.do("session/resume", 0) })
	want("the rest", func() { w.pass(sec) })
	want("the other side", func() { w.pass(sec) }, "2 ready side")
	want("a pause while getting ready", func() { w.do("session/pause", 0); w.pass(sec); w.do("session/resume", 0); w.pass(sec) })
	want("back and on again", func() { w.do("session/back", 0); w.pass(sec); w.do("session/next", 0) }, "2 ready side")
	want("that hurt", func() { w.pass(18 * sec); w.do("session/hurt", 0); w.pass(20 * sec) }, "2 work ending")
}

// TestSilenceWakesNobody: without sound there is no deadline before the end of a step.
func TestSilenceWakesNobody(t *testing.T) {
	wakes := func(on bool) (n int) {
		w := newWorld(t, audible(on))
		begin(w, GuideBackground)
		for end := w.now.Boot + 60*sec; ; n++ {
			next := NextWake(&w.State)
			if next > end {
				return n
			}
			w.tick(next - w.now.Boot)
			w.step(Event{})
		}
	}
	if off, on := wakes(false), wakes(true); on != off+3 {
		t.Errorf("%d deadlines without sound, %d with, for three steps", off, on)
	}
}

// TestSoundIsStored: a daemon that starts again in the last seconds does not ring for them twice.
func TestSoundIsStored(t *testing.T) {
	w := newWorld(t, audible(true))
	begin(w, GuideBackground)
	w.pass(18 * sec)
	if data := string(mustJSON(t, w.State)); !strings.Contains(data, `"rung":`) || !strings.Contains(data, `"sound":true`) {
		t.Errorf("not in %s", data)
	}
	if strings.Contains(string(mustJSON(t, w.Guided)), SoundEnding) {
		t.Error("the sound has become part of where the guide is")
	}
}
