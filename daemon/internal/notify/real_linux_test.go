package notify

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/bus/bustest"
)

var shots = flag.String("shots", "", "directory for screenshots of the real notification servers")

// A screen is an X server with a window manager and a notification server on a private bus.
type screen struct {
	*bustest.Daemon
	t      *testing.T
	dir    string
	env    []string
	server *exec.Cmd
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	desktest.Need(t, "Xvfb", "openbox", "xdotool")
	s := &screen{Daemon: bustest.New(t), t: t, dir: t.TempDir()}
	s.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "XDG_RUNTIME_DIR=" + s.dir, "LC_ALL=C.UTF-8",
		"NO_AT_BRIDGE=1", "GSETTINGS_BACKEND=memory", "DBUS_SESSION_BUS_ADDRESS=" + s.Address,
	}
	s.Start(t)
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-noreset", "-screen", "0", "1024x700x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{out}
	s.spawn(x)
	_ = out.Close()
	defer in.Close()
	var display int
	if _, err := fmt.Fscan(in, &display); err != nil {
		t.Fatalf("Xvfb: %v", err)
	}
	s.env = append(s.env, fmt.Sprintf("DISPLAY=:%d", display))
	s.spawn(exec.Command("openbox"))
	return s
}

// spawn starts a program that ends with the test.
func (s *screen) spawn(cmd *exec.Cmd) {
	s.t.Helper()
	cmd.Env = s.env
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

// run runs a program to its end.
func (s *screen) run(program string, args ...string) (string, error) {
	cmd := exec.Command(program, args...)
	cmd.Env = s.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (s *screen) dunst() {
	s.t.Helper()
	desktest.Need(s.t, "dunst", "dunstctl")
	pick := filepath.Join(s.dir, "pick.sh") // in place of dmenu: takes the line named in the file pick
	s.write(pick, "#!/bin/sh\ngrep -m1 -F \"$(cat "+s.dir+"/pick)\"\n", 0o700)
	rc := "[global]\n width = 340\n origin = top-right\n offset = 10x45\n font = DejaVu Sans 11\n dmenu = " + pick + "\n"
	s.write(filepath.Join(s.dir, "dunstrc"), rc, 0o600)
	s.server = exec.Command("dunst", "-conf", filepath.Join(s.dir, "dunstrc"))
	s.spawn(s.server)
}

func (s *screen) xfce() {
	s.t.Helper()
	const lib = "/usr/lib/*/xfce4/"
	desktest.Need(s.t, "/usr/lib/*/xfce4/notifyd/xfce4-notifyd", "/usr/lib/*/xfce4/xfconf/xfconfd")
	for _, program := range []string{"xfconf/xfconfd", "notifyd/xfce4-notifyd"} {
		found, _ := filepath.Glob(lib + program)
		s.server = exec.Command(found[0])
		s.spawn(s.server)
	}
}

func (s *screen) write(path, text string, mode os.FileMode) {
	s.t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		s.t.Fatal(err)
	}
}

// shoot takes a screenshot when the test was asked for one.
func (s *screen) shoot(name string) {
	s.t.Helper()
	if *shots == "" {
		return
	}
	<-time.After(time.Second) // for the eye, not for the test: let it fade in
	if out, err := s.run("import", "-window", "root", filepath.Join(*shots, name+".png")); err != nil {
		s.t.Errorf("import: %v %s", err, out)
	}
}

// displayed is how many notes dunst shows.
func (s *screen) displayed() string {
	out, _ := s.run("dunstctl", "count", "displayed")
	return strings.TrimSpace(out)
}

// oddNote has everything that a server might take for markup.
func oddNote() Note {
	return Note{
		Slot: "notice", Title: "Tom & <b>Jerry</b>", Expire: 30 * time.Second,
		Body: "Waiting for <b>AT&T</b> & co. to end &amp; more <img src=x>",
	}
}

func TestDunst(t *testing.T) {
	s := newScreen(t)
	s.dunst()
	r := newRig(t, s.Daemon, false)
	r.until("dunst", func() bool { return strings.HasPrefix(r.Check().Detail, "dunst 1") })
	untilDisplayed := func(want string) {
		t.Helper()
		r.until(want+" notes on the screen", func() bool { return s.displayed() == want })
	}
	press := func(args ...string) {
		t.Helper()
		if out, err := s.run("dunstctl", args...); err != nil {
			t.Fatalf("dunstctl %q: %v %s", args, err, out)
		}
	}

	r.Show(prompt())
	untilDisplayed("1")
	s.shoot("dunst")
	press("action", "0") // a click on the body
	want := []Answer{{"prompt", Pressed, "start"}}
	r.wantAnswers(want...)
	untilDisplayed("0")

	r.Show(prompt())
	untilDisplayed("1")
	s.write(filepath.Join(s.dir, "pick"), "In 5 min", 0o600)
	press("context")
	want = append(want, Answer{"prompt", Pressed, "snooze"})
	r.wantAnswers(want...)

	r.Show(prompt())
	untilDisplayed("1")
	press("close")
	want = append(want, Answer{"prompt", Closed, ""})
	r.wantAnswers(want...)

	brief := prompt()
	brief.Expire = 300 * time.Millisecond
	r.Show(brief)
	want = append(want, Answer{"prompt", Expired, ""})
	r.wantAnswers(want...)

	r.Show(oddNote())
	untilDisplayed("1")
	s.shoot("dunst-markup")
	r.Withdraw("notice")
	untilDisplayed("0")
	r.wantAnswers(want...)
}

func TestDunstFrozen(t *testing.T) {
	s := newScreen(t)
	s.dunst()
	r := newRig(t, s.Daemon, false)
	r.until("dunst", func() bool { return strings.HasPrefix(r.Check().Detail, "dunst 1") })
	if err := s.server.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	r.Show(prompt())
	r.untilStatus(degraded)
	r.wantAnswers(Answer{"prompt", Failed, ""})
	for range 3 {
		r.Show(prompt())
	}
	newest := prompt()
	newest.Title = "The newest"
	r.Show(newest)
	if err := s.server.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	r.untilStatus(ok)
	r.until("the newest note alone", func() bool { return s.displayed() == "1" })
	s.shoot("dunst-after-freeze")
	if out, err := s.run("dunstctl", "action", "0"); err != nil {
		t.Fatalf("dunstctl: %v %s", err, out)
	}
	r.until("the button", func() bool {
		got := r.got()
		return got[len(got)-1] == Answer{"prompt", Pressed, "start"}
	})
}

func TestDunstRestarts(t *testing.T) {
	s := newScreen(t)
	s.dunst()
	// It is there before the Notifier is: its name is owned, which does not mean that the bus could start it.
	desktest.Until(t, 10*time.Second, "dunst", func() bool {
		_, err := s.run("dunstctl", "count")
		return err == nil
	})
	r := newRig(t, s.Daemon, false)
	r.until("dunst", func() bool { return strings.HasPrefix(r.Check().Detail, "dunst 1") })
	r.Show(prompt())
	r.until("the prompt", func() bool { return s.displayed() == "1" })
	if err := s.server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	r.untilStatus(missing)
	s.dunst()
	r.until("the prompt on the new server", func() bool { return s.displayed() == "1" })
	if out, err := s.run("dunstctl", "action", "0"); err != nil {
		t.Fatalf("dunstctl: %v %s", err, out)
	}
	r.wantAnswers(Answer{"prompt", Pressed, "start"})
}

// window is the place of the only notification window of xfce4-notifyd; ok is false while there is none, or more.
func (s *screen) window() (x, y, width, height int, ok bool) {
	ids, err := s.run("xdotool", "search", "--onlyvisible", "--class", "notifyd")
	if err != nil || strings.Count(ids, "\n") != 1 {
		return 0, 0, 0, 0, false
	}
	geometry, _ := s.run("xdotool", "getwindowgeometry", "--shell", strings.TrimSpace(ids))
	var id, at int
	n, _ := fmt.Sscanf(geometry, "WINDOW=%d\nX=%d\nY=%d\nWIDTH=%d\nHEIGHT=%d\nSCREEN=%d", &id, &x, &y, &width, &height, &at)
	return x, y, width, height, n == 6
}

func TestXfce(t *testing.T) {
	s := newScreen(t)
	s.xfce()
	r := newRig(t, s.Daemon, false)
	r.until("xfce4-notifyd", func() bool { return strings.HasPrefix(r.Check().Detail, "Xfce Notify Daemon") })

	// click clicks into the note, at shares of its width and height, once it stands still.
	click := func(across, down float64) {
		t.Helper()
		var x, y, width, height int
		r.until("a note that stands still", func() (ok bool) {
			oldX, oldY := x, y
			x, y, width, height, ok = s.window()
			return ok && x == oldX && y == oldY
		})
		px, py := x+int(across*float64(width)), y+int(down*float64(height))
		if out, err := s.run("xdotool", "mousemove", strconv.Itoa(px), strconv.Itoa(py), "click", "1"); err != nil {
			t.Fatalf("xdotool: %v %s", err, out)
		}
	}
	var want []Answer
	for _, test := range []struct {
		across, down float64
		want         Answer
	}{
		{1. / 6, .75, Answer{"prompt", Pressed, "start"}},
		{.5, .75, Answer{"prompt", Pressed, "snooze"}},
		{5. / 6, .75, Answer{"prompt", Pressed, "skip"}},
		{.5, .3, Answer{"prompt", Closed, ""}}, // the body: 0.7 knows no default action there
	} {
		r.Show(prompt())
		r.until("the prompt", func() bool { _, _, _, _, ok := s.window(); return ok })
		s.shoot("xfce")
		click(test.across, test.down)
		want = append(want, test.want)
		r.wantAnswers(want...)
		r.until("the prompt to be gone", func() bool { _, _, _, _, ok := s.window(); return !ok })
	}
	r.Show(oddNote())
	s.shoot("xfce-markup")
	r.Withdraw("notice")
	r.wantAnswers(want...)
}

// TestMako: notes on a Wayland compositor, their buttons pressed as `makoctl invoke` does.
func TestMako(t *testing.T) {
	desk := desktest.New(t, desktest.Options{Notifyd: desktest.Mako})
	desktest.Need(t, "makoctl")
	r := newRigAt(t, desk.Getenv("DBUS_SESSION_BUS_ADDRESS"), false)
	r.until("mako", func() bool { return strings.HasPrefix(r.Check().Detail, "mako ") })
	if detail := r.Check().Detail; !strings.Contains(detail, "body, body-markup, actions, icon-static") {
		t.Errorf("mako says that it can: %s", detail)
	}
	mako := func(args ...string) string {
		t.Helper()
		out, err := desk.Command("makoctl", args...).CombinedOutput()
		if err != nil {
			t.Fatalf("makoctl %q: %v %s", args, err, out)
		}
		return string(out)
	}
	shows := func(want bool) {
		t.Helper()
		r.until("what mako shows", func() bool { return strings.Contains(mako("list"), prompt().Title) == want })
	}
	var want []Answer
	for _, press := range []struct {
		args []string
		Answer
	}{
		{[]string{"invoke"}, Answer{"prompt", Pressed, "start"}}, // a click on the body
		{[]string{"invoke", "-n", "0", "snooze"}, Answer{"prompt", Pressed, "snooze"}},
		{[]string{"dismiss"}, Answer{"prompt", Closed, ""}},
	} {
		r.Show(prompt())
		shows(true)
		mako(press.args...)
		want = append(want, press.Answer)
		r.wantAnswers(want...)
		shows(false)
	}
	brief := prompt()
	brief.Expire = 300 * time.Millisecond
	r.Show(brief)
	want = append(want, Answer{"prompt", Expired, ""})
	r.wantAnswers(want...)
	r.Show(oddNote())
	r.until("a note with markup in it", func() bool { return strings.Contains(mako("list"), "AT&amp;T") })
	r.Withdraw("notice")
	r.until("the note to be gone", func() bool { return !strings.Contains(mako("list"), "AT&amp;T") })
	r.wantAnswers(want...)
}
