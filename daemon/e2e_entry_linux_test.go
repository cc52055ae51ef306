package daemon_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/service"
)

// launcher starts an application, or one of its actions, as GNOME and other desktops do.
const launcher = `
import sys
from gi.repository import Gio
app = Gio.DesktopAppInfo.new_from_filename(sys.argv[1])
assert app, "it is no entry"
if sys.argv[2]:
	assert sys.argv[2] in app.list_actions(), app.list_actions()
	app.launch_action(sys.argv[2], None)
else:
	assert app.launch([], None)
`

// TestActionsOfTheApplication clicks the entry among the applications, and each of its actions, which are the one click of
// a desktop without a tray.
func TestActionsOfTheApplication(t *testing.T) {
	t.Parallel()
	desktest.Need(t, "/usr/bin/python3")
	desk := desktest.New(t, desktest.Options{})
	program := desktest.Build(t)
	d := desk.Start(program, guideSettings)
	desk.Person().Key()
	bin, shown := filepath.Join(desk.Dir, "bin"), filepath.Join(desk.Dir, "shown")
	terminal := filepath.Join(bin, "xdg-terminal-exec")
	write(t, terminal, "#!/bin/sh\n\"$@\" </dev/null >"+shown+".new; mv "+shown+".new "+shown+"\n")
	if err := os.Chmod(terminal, 0o700); err != nil {
		t.Fatal(err)
	}
	entry := filepath.Join(desk.Dir, "unhunch.desktop")
	write(t, entry, service.AppEntry(program))
	click := func(action string) {
		t.Helper()
		cmd := desk.Command("/usr/bin/python3", "-c", launcher, entry, action)
		cmd.Env = append(cmd.Env, "PATH="+bin+":"+desk.Getenv("PATH"))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%q: %v\n%s", action, err, out)
		}
	}
	for _, action := range []string{"", "stretch"} {
		click(action)
		d.WaitState(soon, "a stretch", func(s api.State) bool { return s.Session != nil })
		must(t, d, "session", "stop")
	}
	click("standing")
	d.WaitState(soon, "somebody standing", func(s api.State) bool { return s.Posture == "standing" })
	click("tomorrow")
	d.WaitState(soon, "a pause", func(s api.State) bool { return s.Reminder.Phase == "paused" && s.PausedUntil != nil })
	click("today")
	desktest.Until(t, soon, "the day in a terminal", func() bool {
		text, _ := os.ReadFile(shown)
		return strings.HasPrefix(string(text), "Today, ") && strings.Contains(string(text), "Enter closes this window.")
	})
}
