package daemon_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/wayland/waylandtest"
)

// sensing are the desks that tell of input in different ways, each with the source that is to be seen in the status.
var sensing = map[string]struct {
	options desktest.Options
	source  string
}{
	"X server": {desktest.Options{Notifyd: desktest.None}, "x11"},
	"mutter":   {desktest.Options{Compositor: desktest.Mutter}, "mutter"},
	"kwin":     {desktest.Options{Compositor: desktest.KWin}, "wayland"},
	"sway":     {desktest.Options{Compositor: desktest.Sway}, "kde"},
}

// onEachDesk runs a test on all of them side by side.
func onEachDesk(
	t *testing.T, settings string, test func(t *testing.T, desk *desktest.Desk, d *desktest.Daemon, source string),
) {
	t.Helper()
	tests := map[string]func(*testing.T){}
	for name, s := range sensing {
		tests[name] = func(t *testing.T) {
			desk := desktest.New(t, s.options)
			test(t, desk, desk.Start(desktest.Build(t), settings), s.source)
		}
	}
	together(t, tests)
}

// slowRest are settings under which no break comes due, and 4.5 s away clear 9 s.
const slowRest = `
sitting.limit = "40s"
sitting.rest = "20s"
sitting.away_after = "2s"
sitting.sure_after = "4s"
reminder.pause_in_input = "1s"
`

// The same person gives the same load on every desk: typing, reading what is taken for sitting, a silence that is not
// counted, and one that is a break.
func TestTimingSensors(t *testing.T) {
	onEachDesk(t, slowRest, func(t *testing.T, desk *desktest.Desk, d *desktest.Daemon, source string) {
		p, zero := sitDown(desk, d)
		if s := d.State(); s.Presence.Source != source || s.Presence.State != "active" {
			t.Errorf("presence %+v, want %s", s.Presence, source)
		}
		typeUntil(p, zero.Add(6*time.Second))
		p.Away(1500 * time.Millisecond) // reading
		p.Key()
		typeUntil(p, zero.Add(10*time.Second))
		p.Away(3 * time.Second) // undecided
		p.Type(2*time.Second, keystroke)
		p.Key()
		left := p.LastInput()
		p.Away(time.Until(left.Add(4500 * time.Millisecond)))
		idle := d.State()
		if idle.Presence.State != "idle" || idle.Posture != "away" || idle.Presence.IdleS == nil {
			t.Errorf("%s, presence %+v, want away and idle", idle.Posture, idle.Presence)
		} else {
			near(t, "idle_s", *idle.Presence.IdleS, idle.At.Sub(left).Seconds(), counted)
		}
		back := time.Now()
		p.Type(2*time.Second, keystroke)
		s := d.State()
		const sat, cleared = 12, 9 // and 3 seconds were not counted
		near(t, "load when back", loadAt(s, back), sat-cleared, counted)
		if silence := s.Sitting.Silence; silence == nil || silence.CountedAs != "away" {
			t.Errorf("the silence: %+v", silence)
		}
		if s.Presence.State == "active" && source != "x11" && source != "mutter" && s.Presence.IdleS != nil {
			t.Errorf("idle_s is %v, which %s cannot know", *s.Presence.IdleS, source)
		}
		costsNothingWithout(t, desk, d, source)
	})
}

// costsNothingWithout takes the display away for good.
func costsNothingWithout(t *testing.T, desk *desktest.Desk, d *desktest.Daemon, source string) {
	t.Helper()
	crash(desk, source)
	d.WaitState(soon, "unknown", func(s api.State) bool { return s.Presence.State == "unknown" })
	<-time.After(time.Second)
	before := cpuUsed(t, d.Pid())
	<-time.After(2 * time.Second)
	used := cpuUsed(t, d.Pid()) - before
	t.Logf("%v of CPU in 2 s without a display", used)
	if used > 20*time.Millisecond {
		t.Errorf("%v of CPU in 2 s without a display", used)
	}
}

// crash ends the display without a word.
func crash(desk *desktest.Desk, source string) {
	if source == "x11" {
		desk.StopX()
	} else {
		desk.StopCompositor()
	}
}

// rounds is how often each compositor is killed: a few times, or as many as $ROUNDS says.
func rounds() int {
	if n, err := strconv.Atoi(os.Getenv("ROUNDS")); err == nil {
		return n
	}
	return 2
}

// A compositor that crashes makes presence unknown, and one that comes back makes it known, each within seconds, with
// nothing left behind.
func TestSensorsRestarted(t *testing.T) {
	t.Parallel()
	onEachDesk(t, quick, func(t *testing.T, desk *desktest.Desk, d *desktest.Daemon, source string) {
		again := desk.StartCompositor
		if source == "x11" {
			again = desk.StartX
		}
		sitDown(desk, d)
		files, threads := 0, 0
		for round := range rounds() {
			crash(desk, source)
			d.WaitState(soon, "unknown", func(s api.State) bool { return s.Presence.State == "unknown" && s.Presence.IdleS == nil })
			if s := d.State(); !hasProblem("sensor_lost")(s) || s.Sitting.Rate != 0 || s.Presence.Source != source {
				t.Errorf("problems %v, presence %+v, rate %v", s.Problems, s.Presence, s.Sitting.Rate)
			}
			again()
			desk.Person().Key()
			d.WaitState(soon, "active", func(s api.State) bool {
				return s.Presence.State == "active" && s.Presence.Source == source && s.Sitting.Rate == 1
			})
			if round == 0 { // all that is made once has been made
				files, threads = open(t, d.Pid())
			}
		}
		var f, th int
		desktest.Until(t, soon, "as few files and threads as after the first round", func() bool {
			f, th = open(t, d.Pid()) // some for a moment: of the question for the state, or of a checkpoint
			return f <= files && th <= threads+2
		})
		t.Logf("%d files and %d threads, and %d and %d after the first of %d rounds", f, th, files, threads, rounds())
	})
}

// open are the files and threads of a process.
func open(t *testing.T, pid int) (files, threads int) {
	t.Helper()
	fds, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil {
		t.Fatal(err)
	}
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	if err != nil {
		t.Fatal(err)
	}
	return len(fds), len(tasks)
}

// An X server inside a Wayland session is never believed: it sees the input of X windows alone.
func TestXwaylandIsNotBelieved(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{Compositor: desktest.Sway})
	display := desk.StartXwayland()
	desk.Env = append(desk.Env, "DISPLAY="+display, "XDG_SESSION_TYPE=x11", "WAYLAND_DISPLAY=")
	want := "the X server at " + display + " belongs to a Wayland session and sees only part of the input"
	wantChecks(t, examine(t, desk, desktest.Build(t)), map[string]string{"presence": "missing not seen: " + want})
	d := desk.Start(desktest.Build(t), quick)
	s := d.WaitState(soon, "the problem", hasProblem("no_sensor"))
	if s.Presence.State != "unknown" || s.Presence.IdleS != nil || s.Sitting.Rate != 0 {
		t.Errorf("presence %+v, rate %v", s.Presence, s.Sitting.Rate)
	}
	wantChecks(t, examine(t, desk, d.Binary), map[string]string{"presence": "degraded not seen: " + want})
}

// A compositor that tells of nothing is named as such, and may learn: here the newest protocol, by which input alone
// counts.
func TestCompositorThatTellsNothing(t *testing.T) {
	t.Parallel()
	f := waylandtest.Start(t, waylandtest.NoIdle...)
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	desk.Env = append(desk.Env, "WAYLAND_DISPLAY="+f.Path, "XDG_SESSION_TYPE=wayland")
	const why = "this Wayland compositor tells no program how long there was no input"
	wantChecks(t, examine(t, desk, desktest.Build(t)), map[string]string{"presence": "missing not seen: " + why})
	d := desk.Start(desktest.Build(t), quick)
	s := d.WaitState(soon, "the problem", hasProblem("no_sensor"))
	if s.Presence.State != "unknown" || s.Presence.Source != "none" || s.Sitting.Rate != 0 {
		t.Errorf("presence %+v, rate %v", s.Presence, s.Sitting.Rate)
	}
	wantChecks(t, examine(t, desk, d.Binary), map[string]string{"presence": "degraded not seen: " + why})

	f.Offer(waylandtest.Global{Interface: "ext_idle_notifier_v1", Version: 2})
	d.WaitState(soon, "sitting", func(s api.State) bool {
		return s.Presence.State == "active" && s.Presence.Source == "wayland" && s.Sitting.Rate == 1 && s.Presence.IdleS == nil
	})
	wantChecks(t, examine(t, desk, d.Binary), map[string]string{
		"presence": "ok seen by wayland: ext_idle_notifier_v1 version 2, input alone",
	})
	desktest.Until(t, soon, "both pauses to be watched for", func() bool {
		watched := f.Watched() // by the quick settings
		return watched[1000] != "" && watched[2000] != "" && len(watched) == 2
	})
	f.Pass(2000)
	d.WaitState(soon, "a silence", func(s api.State) bool { return s.Presence.State == "idle" })
	f.Touch()
	d.WaitState(soon, "the return", func(s api.State) bool { return s.Presence.State == "active" })
}

// A dark screen explains a silence at once. sway's and KWin's screens here are none that could be switched off: they say
// that they are on, and a fake compositor goes dark in the ways of both.
func TestDarkScreen(t *testing.T) {
	t.Parallel()
	dark := func(t *testing.T, desk *desktest.Desk, how string, darken func(off bool), touch func()) {
		d := desk.Start(desktest.Build(t), quick)
		for range 2 {
			touch()
			d.WaitState(soon, "sitting", func(s api.State) bool { return s.Posture == "sitting" })
			wantChecks(t, examine(t, desk, d.Binary), map[string]string{"screen": "ok it is on, as " + how + " tells"})
			darken(true)
			d.WaitState(soon, "away", func(s api.State) bool { return s.Posture == "away" })
			wantChecks(t, examine(t, desk, d.Binary), map[string]string{"screen": "ok it is dark, as " + how + " tells"})
			darken(false)
		}
	}
	fake := func(how string, offers []waylandtest.Global) func(*testing.T) {
		return func(t *testing.T) {
			f := waylandtest.Start(t, offers...)
			desk := desktest.New(t, desktest.Options{NoDisplay: true})
			desk.Env = append(desk.Env, "WAYLAND_DISPLAY="+f.Path, "XDG_SESSION_TYPE=wayland")
			dark(t, desk, how, func(off bool) { f.Off(off, off) }, f.Touch) // its time stands still: there is no silence
		}
	}
	lit := func(how, compositor string) func(*testing.T) {
		return func(t *testing.T) {
			desk := desktest.New(t, desktest.Options{Compositor: compositor})
			d := desk.Start(desktest.Build(t), quick)
			sitDown(desk, d)
			wantChecks(t, examine(t, desk, d.Binary), map[string]string{"screen": "ok it is on, as " + how + " tells"})
			desk.StopCompositor()
			d.WaitState(soon, "unknown", func(s api.State) bool { return s.Presence.State == "unknown" })
			wantChecks(t, examine(t, desk, d.Binary), map[string]string{"presence": "degraded"})
		}
	}
	const wlroots, kde = "zwlr_output_power_manager_v1", "org_kde_kwin_dpms_manager"
	together(t, map[string]func(*testing.T){
		"mutter": func(t *testing.T) {
			desk := desktest.New(t, desktest.Options{Compositor: desktest.Mutter})
			dark(t, desk, "org.gnome.Mutter.DisplayConfig", desk.Darken, desk.Person().Key)
			out, _, _ := desk.Exec(desktest.Build(t), "doctor")
			mention(t, "the doctor", out, "this desktop does not tell which program fills the screen")
		},
		"as wlroots does": fake(wlroots, waylandtest.Wlroots),
		"as KWin does":    fake(kde, waylandtest.KWin),
		"sway":            lit(wlroots, desktest.Sway),
		"KWin":            lit(kde, desktest.KWin),
	})
}

// A compositor that freezes takes connections, hangs up on nobody and says nothing, as one does whose person types on. It
// is found out before anybody is asked, and believed again when it goes on.
func TestFrozenCompositor(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{Compositor: desktest.Sway})
	// It takes five seconds, and so a patience that is longer, as is everybody's.
	patient := strings.NewReplacer(`limit = "3s"`, `limit = "10s"`, `patience = "1s"`, `patience = "10s"`).Replace(brisk)
	d := desk.Start(desktest.Build(t), patient)
	sitDown(desk, d)
	desk.FreezeCompositor()
	s := d.WaitState(4*soon, "unknown", func(s api.State) bool { return s.Presence.State == "unknown" })
	if !hasProblem("sensor_lost")(s) || s.Sitting.Rate != 0 || s.Today.Prompts != 0 {
		t.Errorf("problems %v, rate %v, %d prompts", s.Problems, s.Sitting.Rate, s.Today.Prompts)
	}
	wantChecks(t, examine(t, desk, d.Binary), map[string]string{"presence": "degraded the connection that tells of keyboard and mouse is lost"})
	desk.ThawCompositor()
	desk.Person().Key()
	d.WaitState(4*soon, "active", func(s api.State) bool { return s.Presence.State == "active" })
}

// The doctor names the sensor with a daemon and without one.
func TestDoctorNamesTheSensor(t *testing.T) {
	t.Parallel()
	binary := desktest.Build(t)
	hows := map[string]string{
		"X server": "x11: SYNC alarms", "mutter": "mutter: org.gnome.Mutter.IdleMonitor",
		"kwin": "wayland: ext_idle_notifier_v1 version 1", "sway": "kde: org_kde_kwin_idle",
	}
	tests := map[string]func(*testing.T){}
	for name, s := range sensing {
		tests[name] = func(t *testing.T) {
			desk := desktest.New(t, s.options)
			var without map[string]api.Check
			desktest.Until(t, 3*soon, "the doctor to see it", func() bool { // on a busy machine a second may be too short
				without = examine(t, desk, binary)
				return without["presence"].Status == "ok"
			})
			wantChecks(t, without, map[string]string{"presence": "ok seen by " + hows[name]})
			d := desk.Start(binary, quick)
			d.WaitState(soon, "a sensor", func(s api.State) bool { return s.Presence.State != "unknown" })
			wantChecks(t, examine(t, desk, binary), map[string]string{"presence": "ok seen by " + hows[name]})
			if name != "X server" {
				wantChecks(t, examine(t, desk, binary), map[string]string{"display": "ok Wayland"})
			}
			if strings.Contains(d.Log(), "X display") != (name == "X server") {
				t.Errorf("the log: %s", d.Log())
			}
		}
	}
	together(t, tests)
}
