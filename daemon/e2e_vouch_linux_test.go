package daemon_test

import (
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
)

// A video that keeps the screen on makes a silence sitting, for as long as it lasts and as it is believed.
func TestTimingVideo(t *testing.T) {
	t.Parallel()
	together(t, map[string]func(*testing.T){
		"watched":          testVideo,
		"believed so long": testVideoAtMost,
		"behind a lock":    testVideoFixture,
	})
}

// A call makes a silence sitting until it ends, and no longer.
func TestTimingCallInSilence(t *testing.T) {
	t.Parallel()
	together(t, map[string]func(*testing.T){
		"until its end": testCallInSilence,
		"ignored":       testCallIgnored,
	})
}

// testCallInSilence has a real sound server tell of the end of the call, half a minute before it would be asked.
func testCallInSilence(t *testing.T) {
	desk := desktest.New(t, desktest.Options{})
	desk.StartSound()
	hangUp := desk.Record()
	d := desk.Start(desktest.Build(t), quick)
	p, zero := sitDown(desk, d)
	typeUntil(p, zero.Add(3*time.Second))
	p.Away(time.Until(p.LastInput().Add(6 * time.Second)))
	if s := d.State(); s.Posture != "sitting" {
		t.Errorf("silent in a call: %s", s.Posture)
	}
	says(t, d, "because of Talk")
	hangUp()
	ended := time.Now()
	s := d.WaitState(soon, "nobody to vouch", func(s api.State) bool { return s.Posture != "sitting" })
	if took := s.At.Sub(ended); took > 10*time.Second {
		t.Errorf("the end of the call was known after %v", took)
	}
}

// testCallIgnored has a program record that the settings name.
func testCallIgnored(t *testing.T) {
	desk := desktest.New(t, desktest.Options{})
	desk.StartSound()
	desk.Record()
	d := desk.Start(desktest.Build(t), quick+`hold.ignore_apps = ["talk"]`)
	p, zero := sitDown(desk, d)
	typeUntil(p, zero.Add(3*time.Second))
	d.WaitState(soon, "doubt", func(s api.State) bool { return s.Posture == "undecided" })
	says(t, d, "nothing just now")
}

// testVideo holds a real lock of the real logind's for ten units of silence.
func testVideo(t *testing.T) {
	desk := desktest.New(t, desktest.Options{})
	desk.StartLogind()
	d := desk.Start(desktest.Build(t), quick)
	p, zero := sitDown(desk, d)
	typeUntil(p, zero.Add(3*time.Second))
	video := desk.Play("mpv")
	p.Away(time.Until(p.LastInput().Add(10 * time.Second)))
	s := d.State()
	near(t, "load after the video", loadAt(s, p.LastInput().Add(10*time.Second)), 13, counted)
	if s.Posture != "sitting" || s.Today.NaturalBreaks != 0 || s.Presence.State != "idle" {
		t.Errorf("%s, %d natural breaks, presence %s; want sitting, none, idle", s.Posture, s.Today.NaturalBreaks, s.Presence.State)
	}
	says(t, d, "because of mpv")
	video.Stop()
	ended := time.Now()
	s = d.WaitState(soon, "nobody to vouch", func(s api.State) bool { return s.Posture == "undecided" })
	near(t, "load when it is no longer known", s.Sitting.LoadS, ended.Sub(zero).Seconds(), counted)
	near(t, "undecided after the end", s.At.Sub(ended).Seconds(), 2, counted)
	d.WaitState(soon, "an absence", func(s api.State) bool { return s.Posture == "away" })
	says(t, d, "nothing just now")
}

func testVideoAtMost(t *testing.T) {
	desk, d := start(t, desktest.Options{Logind: true}, `sitting.inhibit_at_most = "5s"`)
	p, zero := sitDown(desk, d)
	desk.SetInhibitors("mpv")
	typeUntil(p, zero.Add(3*time.Second))
	left := p.LastInput()
	s := d.WaitState(10*time.Second, "the end of belief", func(s api.State) bool {
		return s.Posture == "undecided" && s.At.Sub(left) > 5*time.Second
	})
	near(t, "believed for", s.Sitting.LoadS, 8, counted)
	d.WaitState(soon, "an absence", func(s api.State) bool { return s.Posture == "away" })
	p.Key()
	near(t, "load after the absence", d.WaitState(soon, "the person", func(s api.State) bool { return s.Posture == "sitting" }).
		Sitting.LoadS, 0, counted)
}

// testVideoFixture has something keep the screen on through a lock.
func testVideoFixture(t *testing.T) {
	desk, d := start(t, desktest.Options{Logind: true}, "")
	p, _ := sitDown(desk, d)
	desk.SetInhibitors("caffeine")
	desk.Lock()
	d.WaitState(soon, "the lock", func(s api.State) bool { return s.Presence.State == "locked" })
	p.Away(time.Second)
	desk.Unlock()
	p.Key()
	zero := zeroOf(d.WaitState(soon, "the person", func(s api.State) bool { return s.Posture == "sitting" }))
	desktest.Until(t, soon, "the fixture to be named", func() bool {
		out, _, _ := d.Unhunch("doctor")
		return strings.Contains(flat(out), "while the screen is locked: caffeine")
	})
	typeUntil(p, zero.Add(3*time.Second))
	left := p.LastInput()
	s := d.WaitState(soon, "doubt", func(s api.State) bool { return s.Posture == "undecided" })
	near(t, "load in doubt", s.Sitting.LoadS, left.Sub(zero).Seconds(), counted)
	d.WaitState(soon, "an absence", func(s api.State) bool { return s.Posture == "away" })
}

// says fails the test unless the doctor says so.
func says(t *testing.T, d *desktest.Daemon, what string) {
	t.Helper()
	if out, _, _ := d.Unhunch("doctor"); !strings.Contains(flat(out), what) {
		t.Errorf("the doctor does not say %q:\n%s", what, out)
	}
}

// flat is text without its line breaks.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }
