package daemon_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/service"
)

// waits are the brisk settings, under which a call and a film may keep a break back for long enough to see that they do.
const waits = brisk + `
reminder.sound = true
hold.call_at_most = "5s"
hold.fullscreen_at_most = "5s"
`

// atMost is the ceiling of these settings.
const atMost = 5 * time.Second

// A waiting desk is one at which a break waits for something to end.
type waiting struct {
	*testing.T
	*desktest.Desk
	d      *desktest.Daemon
	person *desktest.Person
}

func startWaiting(t *testing.T, o desktest.Options) *waiting {
	t.Helper()
	desk := desktest.New(t, o)
	return &waiting{t, desk, nil, desk.Person()}
}

// works starts the daemon and has the person work until the break is waiting for that reason.
func (w *waiting) works(reason, words string) {
	w.Helper()
	if w.d == nil {
		w.d = w.Start(desktest.Build(w), waits)
	}
	for end := time.Now().Add(20 * time.Second); ; {
		w.person.Type(300*time.Millisecond, keystroke)
		if s := w.d.State(); s.Reminder.Phase == "held" {
			if s.Reminder.Reason != reason {
				w.Fatalf("the break waits for %q, want %q", s.Reminder.Reason, reason)
			}
			break
		}
		if time.Now().After(end) {
			w.Fatalf("the break never waited: %+v\n%s", w.d.State().Reminder, w.d.Log())
		}
	}
	mention(w.T, "the status", must(w.T, w.d, "status"), words)
}

// stays has the person work on. Nobody is asked anything meanwhile.
func (w *waiting) stays(d time.Duration) {
	w.Helper()
	w.person.Type(d, keystroke)
	if n := w.Prompt(); n != nil {
		w.Errorf("asked in spite of it: %s %s", n.Title, n.Body)
	}
	if s := w.d.State(); s.Reminder.Phase != "held" || s.Today.Prompts != 0 {
		w.Errorf("after %v: %+v, %d prompts", d, s.Reminder, s.Today.Prompts)
	}
}

// comes is the prompt for the break that was owed.
func (w *waiting) comes() *desktest.Notification {
	w.Helper()
	n := sitUntilAsked(w.T, w.Desk, w.d)
	if low(n) || len(n.Hints) == 0 {
		w.Errorf("the prompt is of low urgency: %v", n.Hints)
	}
	return n
}

func low(n *desktest.Notification) bool { return n.Hints["urgency"].Value() == byte(0) }

// comesSilently is the one prompt that comes although the program goes on, and names it.
func (w *waiting) comesSilently(names string) {
	w.Helper()
	began := time.Now()
	n := sitUntilAsked(w.T, w.Desk, w.d)
	if took := time.Since(began); took > atMost+5*time.Second {
		w.Errorf("it came after %v", took)
	}
	mention(w.T, "the prompt", n.Body, names)
	if _, sound := n.Hints["sound-name"]; !low(n) || sound || n.Hints["suppress-sound"].Value() != true {
		w.Errorf("the prompt is not silent: %v", n.Hints)
	}
	picture(w.Desk, w.person, "over.png")
	pressSkip(w.T, w.Desk, w.d)
}

// TestWaits is every reason to stay quiet, on a real desktop: the break waits, tells why, and comes afterwards.
func TestWaits(t *testing.T) {
	t.Parallel()
	together(t, map[string]func(*testing.T){
		"do-not-disturb of dunst": func(t *testing.T) { disturbs(t, desktest.Dunst, "dunst 1") },
		"do-not-disturb of Xfce":  func(t *testing.T) { disturbs(t, desktest.Xfce, "Xfce Notify Daemon") },
		"do-not-disturb of mako":  func(t *testing.T) { disturbs(t, desktest.Mako, "mako") },
		"a film":                  film,
		"a film on sway": func(t *testing.T) {
			waylandFilm(t, desktest.Options{Compositor: desktest.Sway}, "zwlr_foreign_toplevel_manager_v1")
		},
		"a film on KWin": func(t *testing.T) {
			waylandFilm(t, desktest.Options{Compositor: desktest.KWin, Strict: true}, "org_kde_plasma_window_management")
		},
		"a call":                 phoneCall,
		"a call behind the lock": fixture,
		"a camera":               camera,
		"a meeting":              meeting,
		"a sound server that hangs": func(t *testing.T) {
			w := startWaiting(t, desktest.Options{})
			w.StartSound()
			w.Record()
			w.FreezeSound()
			w.d = w.Start(desktest.Build(t), waits)
			w.comes()
		},
		"switched off": func(t *testing.T) {
			w := startWaiting(t, desktest.Options{})
			w.StartSound()
			w.Record()
			w.FullScreen("Film")
			w.d = w.Start(desktest.Build(t), waits+"hold.call = false\nhold.ignore_apps = [\"film\"]\n")
			w.comes()
			mention(t, "the doctor", doctor(w.d), "Film is no reason to wait, by your settings")
		},
	})
}

// doctor is the doctor's report; that something in it is not well is usual on a desk.
func doctor(d *desktest.Daemon) string {
	stdout, _, _ := d.Unhunch("doctor")
	return stdout
}

// disturbs: do-not-disturb is the person's word, and is never overridden. Its end is told by signals.
func disturbs(t *testing.T, notifyd, name string) {
	w := startWaiting(t, desktest.Options{Notifyd: notifyd})
	w.DoNotDisturb(true)
	w.works("do_not_disturb", "waiting for do-not-disturb to be switched off")
	mention(t, "the doctor", doctor(w.d), "do-not-disturb ("+strings.TrimSuffix(name, " 1")+")", "do-not-disturb is on")
	w.stays(atMost + 2*time.Second)
	w.DoNotDisturb(false)
	w.comes()
}

func film(t *testing.T) {
	w := startWaiting(t, desktest.Options{})
	end := w.FullScreen("Film")
	w.works("fullscreen", "waiting for the full-screen program to end")
	mention(t, "the doctor", doctor(w.d), "Film fills the screen")
	w.stays(time.Second)
	w.comesSilently("Film still fills the screen")
	w.works("fullscreen", "waiting for the full-screen program to end")
	end()
	w.comes()
}

// waylandFilm is a film on a compositor that tells of windows by that protocol. On KWin it does so because of the entry
// among the applications that is installed with the program.
func waylandFilm(t *testing.T, o desktest.Options, protocol string) {
	o.Notifyd = desktest.Mako
	w := startWaiting(t, o)
	w.Entry("unhunch", service.AppEntry(desktest.Build(t)))
	end := w.FullScreen("Film")
	w.works("fullscreen", "waiting for the full-screen program to end")
	mention(t, "the doctor", doctor(w.d), "Film fills the screen", "full screens ("+protocol+")")
	w.stays(time.Second)
	end()
	w.comes()
}

func phoneCall(t *testing.T) {
	w := startWaiting(t, desktest.Options{})
	w.StartSound()
	hangUp := w.Record()
	w.works("call", "waiting for your call to end")
	mention(t, "the doctor", doctor(w.d), "Talk is using the microphone", "microphones (pulseaudio 16")
	w.stays(time.Second)
	w.comesSilently("Talk is still using the microphone")
	w.works("call", "waiting for your call to end")
	hangUp()
	w.comes()
}

// fixture: what records on while the screen is locked is no call.
func fixture(t *testing.T) {
	w := startWaiting(t, desktest.Options{Logind: true})
	w.StartSound()
	w.Record()
	w.works("call", "waiting for your call to end")
	w.Lock()
	w.d.WaitState(5*time.Second, "the lock", func(s api.State) bool { return s.Presence.State == "locked" })
	w.Unlock()
	n := w.comes()
	if n.Title != promptTitle {
		t.Errorf("got %q", n.Title)
	}
	mention(t, "the doctor", doctor(w.d), "Talk uses the microphone all the time, so it is not taken for a call")
}

// meeting: nobody is asked in a declared meeting, however long a call or a film might keep a break back.
func meeting(t *testing.T) {
	w := startWaiting(t, desktest.Options{NoDisplay: false})
	w.d = w.Start(desktest.Build(t), waits)
	must(t, w.d, "meeting", "1h")
	w.works("meeting", "waiting for your meeting to end")
	w.stays(atMost + 2*time.Second)
	must(t, w.d, "meeting", "off")
	w.comes()
}

// camera has a program hold a video device open. The device is a stand-in, a file of that name in a /dev that only the
// program and the daemon see: a loopback device takes a kernel module that test machines do not have.
func camera(t *testing.T) {
	desktest.Need(t, "unshare", "mount", "sh", "tail")
	if os.Geteuid() != 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("a /dev of one's own takes root")
		}
		t.Skip("a /dev of one's own takes root")
	}
	w := startWaiting(t, desktest.Options{})
	film, filming := filepath.Join(w.Dir, "film"), filepath.Join(w.Dir, "filming")
	write(t, film, "")
	inside := fmt.Sprintf(`exec unshare --mount sh -ec '
		mkdir %[1]s/dev; mount --rbind /dev %[1]s/dev; mount -t tmpfs tmpfs /dev; : > /dev/video0; mkdir /dev/shm
		for f in null zero urandom random tty ptmx pts fd stdin stdout stderr; do
			if [ -L %[1]s/dev/$f ]; then cp -P %[1]s/dev/$f /dev/$f
			elif [ -d %[1]s/dev/$f ]; then mkdir /dev/$f; mount --rbind %[1]s/dev/$f /dev/$f
			elif [ -e %[1]s/dev/$f ]; then : > /dev/$f; mount --bind %[1]s/dev/$f /dev/$f; fi
		done
		(while [ -e %[1]s/film ]; do tail -n +1 -f --pid=$$ /dev/video0 & echo $! > %[1]s/filming; wait; break; done) > /dev/null 2>&1 &
		exec "$0" "$@"' $unhunch "$@"`, w.Dir)
	w.d = w.Start(wrap(t, w.Desk, inside), waits)
	w.works("call", "waiting for your call to end")
	mention(t, "the doctor", doctor(w.d), "tail is using a camera", "cameras")
	w.stays(time.Second)
	w.comesSilently("tail is still using the camera")
	pid := strings.TrimSpace(string(read(t, filming)))
	if out, err := exec.Command("kill", pid).CombinedOutput(); err != nil {
		t.Fatalf("ending the film: %v %s", err, out)
	}
	w.comes()
}
