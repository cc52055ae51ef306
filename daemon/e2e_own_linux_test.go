package daemon_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// TestOwnRoutine: a file that appears in a folder that was not there is in use at once, and a mistake in it is said
// until it is mended. The daemon is asked, not the disk.
func TestOwnRoutine(t *testing.T) {
	t.Parallel()
	desk, d := startBrisk(t, desktest.Options{})
	const good = "id = \"mine\"\nname = \"Mine\"\nplace = \"chair\"\n[[moves]]\nexercise = \"shoulder-rolls\"\nwork_s = 30\n"
	folder := filepath.Join(desk.Getenv("XDG_DATA_HOME"), "unhunch", "routines")
	path := filepath.Join(folder, "mine.toml")
	planned := func() bool {
		_, _, code := d.Unhunch("stretch", "mine", "--dry-run", "--json")
		return code == 0
	}
	if planned() {
		t.Fatal("planned before it is there")
	}
	write(t, path, good)
	desktest.Until(t, 5*time.Second, "the routine in use", planned)
	must(t, d, "stretch", "mine", "--in", "background")
	if s := d.State(); s.Session == nil || s.Session.Routine != "mine" {
		t.Errorf("the session is %+v", s.Session)
	}
	must(t, d, "session", "stop")

	write(t, path, strings.Replace(good, "work_s = 30", "work_s = 3", 1))
	d.WaitState(5*time.Second, "the mistake to be seen", hasProblem("routines_broken"))
	mention(t, "status", must(t, d, "status"), "mine.toml, line 6, column 10: moves[0].work_s")
	mention(t, "doctor", must(t, d, "doctor"), "a file with exercises of your own has a mistake", "unhunch routines check")
	if report := must(t, d, "doctor", "--json"); strings.Contains(report, "mine") {
		t.Errorf("the doctor names a file of the person's own:\n%s", report)
	}
	mention(t, "the log", d.Log(), "mine.toml:6:10")
	if planned() {
		t.Error("a bad routine is planned")
	}
	d.Restart()
	d.WaitState(5*time.Second, "the mistake at start", hasProblem("routines_broken"))

	write(t, path, good)
	d.WaitState(5*time.Second, "the mended file", noProblem)
	mention(t, "doctor", must(t, d, "doctor"), "the exercises are in order")
	if !planned() {
		t.Error("the mended routine is not planned")
	}
	if err := os.RemoveAll(filepath.Dir(folder)); err != nil {
		t.Fatal(err)
	}
	desktest.Until(t, 5*time.Second, "the routine to be gone", func() bool { return !planned() })
}
