package main_test

import (
	"os"
	"strings"
	"testing"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/words"
)

// TestMouse is a person who uses no bus: the icon on the panel, the menu and its submenus are clicked where they are
// drawn.
func TestMouse(t *testing.T) {
	t.Parallel()
	s := open(t, brisk)
	s.tray.MouseClick(words.TrayStretch)
	s.until("a session", session(func(p *api.Session) bool { return p.Place == "standing" }))
	s.tray.MouseClick(words.GuideStop)
	s.until("its end", noSession)
	s.tray.MouseClick(words.TrayAnother, words.TrayChair)
	s.until("a session in the chair", session(func(p *api.Session) bool { return p.Place == "chair" }))
	s.tray.MouseClick(words.GuideStop)
	s.until("its end", noSession)
	s.sitUntilDue()
	s.tray.MouseClick(words.TraySnooze, "5 min")
	s.until("a snooze", inPhase("snoozed"))
	s.tray.MouseClick(words.TrayIStand)
	s.until("standing", func(st api.State) bool { return st.Posture == "standing" })
	s.ticked(true, words.TrayIStand)
	s.tray.MouseClick(words.TrayHide)
	s.ended(0)
}

// TestDaemonKilled has the menu say so, start it on request, and be right again.
func TestDaemonKilled(t *testing.T) {
	t.Parallel()
	s := open(t, brisk)
	s.tray.Click(words.TrayPause, words.TrayPauseOpen)
	s.until("no reminders", inPhase("paused"))
	s.sees(words.TrayResume)
	s.daemon.Kill()
	s.reads(words.TrayNotRunning)
	for _, gone := range []string{words.TrayStretch, words.TrayResume, words.TrayStop} {
		s.gone(gone)
	}
	s.tray.Click(words.TrayStart)
	s.daemon = s.desk.Adopt(s.daemon.Binary)
	s.sees(words.TrayResume) // it knows what was asked of the one before
	s.tray.Click(words.TrayResume)
	s.until("reminders again", func(st api.State) bool { return st.Reminder.Phase != "paused" })
	s.upToDate()
	s.daemon.Term() // and again, the gentle way
	s.sees(words.TrayStart)
	s.tray.Click(words.TrayHide)
	s.ended(0)
}

// TestDaemonOutlivesTrayThatStartedIt: the daemon is nobody's child.
func TestDaemonOutlivesTrayThatStartedIt(t *testing.T) {
	t.Parallel()
	s := open(t, brisk)
	s.daemon.Term()
	s.tray.Click(words.TrayStart)
	s.daemon = s.desk.Adopt(s.daemon.Binary)
	s.upToDate()
	s.tray.Kill()
	s.tray = s.desk.StartTray(s.tray.Binary)
	s.upToDate()
	if !s.daemon.Alive() {
		t.Error("the daemon has ended with the tray that started it")
	}
}

// TestTrayKilled: the daemon does not notice, and the next tray finds everything as it is.
func TestTrayKilled(t *testing.T) {
	t.Parallel()
	s := open(t, brisk)
	s.tray.Click(words.TrayStretch)
	before := s.until("a session", session(func(*api.Session) bool { return true }))
	s.sees(words.GuideStop)
	old := s.tray.IconFile()
	s.tray.Kill()
	if after := s.daemon.State(); after.Boot != before.Boot || after.Session == nil || after.Session.ID != before.Session.ID {
		t.Errorf("the daemon noticed: %s, boot %s, was %s", inShort(after), after.Boot, before.Boot)
	}
	if len(s.icons()) == 0 {
		t.Error("a killed tray leaves no icon behind, and this test shows nothing")
	}
	s.tray = s.desk.StartTray(s.tray.Binary)
	s.sees(words.GuideStop)
	s.wholeIcon()
	if icons := s.icons(); len(icons) != 1 || icons[0] == old {
		t.Errorf("the icons there are: %q; the killed tray's was %s", icons, old)
	}
	s.tray.Click(words.GuideStop)
	s.until("its end", noSession)
}

// TestTrayTerminated: it ends as it does by itself.
func TestTrayTerminated(t *testing.T) {
	t.Parallel()
	s := open(t, brisk)
	if code := s.tray.Term(); code != 0 {
		t.Errorf("exit code %d:\n%s", code, s.tray.Log())
	}
	s.ended(0)
	s.daemon.State()
}

// TestPanelRestarts: the icon is back, and the menu works.
func TestPanelRestarts(t *testing.T) {
	t.Parallel()
	s := open(t, brisk)
	s.desk.KillPanel()
	s.daemon.Unhunch("stretch", "--in", "background") // what happens meanwhile is not lost
	s.desk.StartPanel()
	s.tray.WaitIcon()
	s.wholeIcon()
	s.tray.MouseClick(words.GuideStop)
	s.until("its end", noSession)

	s.tray.Term()
	s.desk.KillPanel()
	s.tray = s.desk.StartTray(s.tray.Binary) // a tray that is there before the panel
	s.desk.StartPanel()
	s.tray.WaitIcon()
	s.upToDate()
	s.tray.MouseClick(words.TrayHide)
	s.ended(0)
}

// TestPanelHangs: a panel that answers nobody keeps neither the tray nor the daemon from going on. When it does too, the
// menu is that of the moment.
func TestPanelHangs(t *testing.T) {
	t.Parallel()
	s := open(t, brisk)
	s.desk.FreezePanel()
	if _, stderr, code := s.daemon.Unhunch("stretch", "--in", "background"); code != 0 {
		t.Fatalf("with a frozen panel: %s", stderr)
	}
	s.until("the session", func(st api.State) bool { return st.Session != nil })
	s.desk.ThawPanel()
	s.sees(words.GuideStop)
	s.wholeIcon()
	s.tray.MouseClick(words.GuideStop)
	s.until("its end", noSession)

	s.desk.FreezePanel()
	if code := s.tray.Term(); code != 0 {
		t.Errorf("ended beside a frozen panel with exit code %d:\n%s", code, s.tray.Log())
	}
	s.desk.ThawPanel()
	s.ended(0)
}

// TestAnotherPanel: waybar collects icons by itself and is a Wayland program; it comes, goes and comes back. Before it
// there is no panel at all.
func TestAnotherPanel(t *testing.T) {
	t.Parallel()
	binary := desktest.BuildTray(t)
	desk := desktest.New(t, desktest.Options{})
	s := &scene{T: t, desk: desk, person: desk.Person()}
	s.daemon = desk.Start(unhunchBeside(binary), brisk)
	s.person.Key()
	s.tray = desk.StartTray(binary)
	for range 2 {
		bar := desk.StartBar()
		desktest.Until(t, soon, "waybar to show icons", bar.Hosts)
		s.tray.WaitIcon()
		s.upToDate()
		s.tray.Click(words.TrayStretch)
		s.until("the session", func(st api.State) bool { return st.Session != nil })
		s.sees(words.GuideStop)
		s.tray.Click(words.GuideStop)
		s.until("its end", noSession)
		bar.Kill()
		if !s.tray.Alive() {
			t.Fatalf("the tray went with the panel:\n%s", s.tray.Log())
		}
	}
}

// TestDisplayLost: the tray ends with a word and not with a crash, and the daemon goes on.
func TestDisplayLost(t *testing.T) {
	t.Parallel()
	s := open(t, brisk)
	s.desk.StopX()
	code, log := s.tray.Wait(), s.tray.Log()
	if code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	isWord(t, log, "display")
	if left := s.icons(); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	s.daemon.State()
	s.desk.StartX()
	s.tray = s.desk.StartTray(s.tray.Binary)
	s.upToDate()
}

// TestNoDisplay: without one the tray says so.
func TestNoDisplay(t *testing.T) {
	t.Parallel()
	binary := desktest.BuildTray(t)
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	stdout, stderr, code := desk.Exec(binary)
	if code != 1 || stdout != "" {
		t.Errorf("exit code %d, want 1; printed %q", code, stdout)
	}
	isWord(t, stderr, "display")
	desk.Env = append(desk.Env, "DISPLAY=:4095") // of nobody
	_, stderr, code = desk.Exec(binary)
	if code != 1 {
		t.Errorf("a display that is not there: exit code %d, want 1", code)
	}
	isWord(t, stderr, ":4095")
}

// isWord fails the test unless text is what a person is told of a mistake, and names it.
func isWord(t *testing.T, text, name string) {
	t.Helper()
	t.Logf("it says:\n%s", text)
	if !strings.Contains(text, "unhunch-tray: ") || !strings.Contains(text, name) {
		t.Errorf("nothing is said of %s:\n%s", name, text)
	}
	for _, crash := range []string{"goroutine", "SIG", "panic", "DATA RACE", "CRITICAL", "core dumped"} {
		if strings.Contains(text, crash) {
			t.Errorf("%q is no word for a person:\n%s", crash, text)
		}
	}
}

// TestSecondTray: one icon is enough.
func TestSecondTray(t *testing.T) {
	t.Parallel()
	s := open(t, brisk)
	_, stderr, code := s.desk.Exec(s.tray.Binary)
	if code != 4 {
		t.Errorf("exit code %d, want 4", code)
	}
	isWord(t, stderr, "already")
	s.wholeIcon()
	s.tray.Click(words.TrayStretch)
	s.until("a session", session(func(*api.Session) bool { return true }))
}

// TestDaemonFrozen: the menu stays alive, says what is wrong, and recovers.
func TestDaemonFrozen(t *testing.T) {
	t.Parallel()
	s := open(t, brisk)
	s.daemon.Freeze()
	s.tray.Click(words.TrayPause, words.TrayPauseOpen)
	desktest.Until(t, soon, "a word about it in the menu", func() bool {
		return strings.Contains(desktest.Outline(s.tray.Menu()), "not answer")
	})
	t.Logf("the menu while the daemon is frozen:\n%s", desktest.Outline(s.tray.Menu()))
	s.tray.OpenMenu(words.TrayHide) // it still opens
	s.daemon.Thaw()
	s.until("an end of it", func(api.State) bool { return true })
	s.tray.Click(words.TrayHide)
	s.ended(0)
}

// TestTrayMeetsFrozenDaemon: a tray that never had a state says why.
func TestTrayMeetsFrozenDaemon(t *testing.T) {
	t.Parallel()
	s := open(t, brisk)
	s.daemon.Freeze()
	s.tray.Kill()
	s.tray = s.desk.StartTray(s.tray.Binary)
	desktest.Until(t, soon, "a word about it in the menu", func() bool {
		return strings.Contains(desktest.Outline(s.tray.Menu()), "not answer")
	})
	s.daemon.Thaw()
	s.upToDate()
	if menu := desktest.Outline(s.tray.Menu()); strings.Contains(menu, "not answer") {
		t.Errorf("it answers again:\n%s", menu)
	}
}

// TestNoGarbageIcon has the tray's memory collected all the time, and what is freed overwritten: GTK reads an icon some
// time after it was handed over, and must find it as it was.
func TestNoGarbageIcon(t *testing.T) {
	t.Parallel()
	s := open(t, calm, "GOMEMLIMIT=1", "GODEBUG=clobberfree=1")
	s.changeIcon(8, func(int) {})
}

// calm are settings under which the icon stays as it is, unless reminders are paused.
const calm = `
reminder.style = "tray"
sitting.limit = "2h"
`

// changeIcon changes the icon so many times, and fails the test unless each is whole and the one it should be. It calls
// after after each, counted from 1.
func (s *scene) changeIcon(times int, after func(n int)) {
	s.Helper()
	file, commands := s.tray.IconFile(), [2]string{"pause", "resume"}
	var pictures [2]string
	for n := range times {
		if _, stderr, code := s.daemon.Unhunch(commands[n%2]); code != 0 {
			s.Fatalf("change %d: %s", n, stderr)
		}
		file = s.nextIcon(file)
		picture, err := os.ReadFile(file)
		if err != nil {
			s.Fatalf("change %d: %v", n, err)
		}
		if s.tray.Icon() == nil || n > 1 && pictures[n%2] != string(picture) {
			s.Fatalf("change %d: the icon is another than the last time", n)
		}
		pictures[n%2] = string(picture)
		if files := s.icons(); len(files) != 1 {
			s.Fatalf("change %d: the icons there are: %q", n, files)
		}
		after(n + 1)
	}
	if pictures[0] == pictures[1] {
		s.Error("the icon does not show that reminders are paused")
	}
}

// nextIcon waits for another icon file than the last one.
func (s *scene) nextIcon(last string) (file string) {
	s.Helper()
	desktest.Until(s, soon, "another icon", func() bool {
		file = s.tray.IconFile()
		return file != last
	})
	return file
}

// reads waits until a line that is not to be clicked is in the menu.
func (s *scene) reads(line string) {
	s.Helper()
	s.tray.WaitItem(soon, func(i desktest.Item) bool { return !i.Enabled }, line)
}

// wholeIcon fails the test unless the picture on the panel is whole.
func (s *scene) wholeIcon() {
	s.Helper()
	desktest.Until(s, soon, "a whole icon", func() bool {
		_, drawn := s.desk.PanelIcon()
		return drawn && s.tray.Icon() != nil
	})
}
