package daemon

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

func TestMask(t *testing.T) {
	env := map[string]string{
		"HOME": "/home/marta", "USER": "marta", "LOGNAME": "marta", "HOSTNAME": "kestrel.example.org", "DISPLAY": "farhost:10.0",
	}
	m := maskFor(func(name string) string { return env[name] })
	for text, want := range map[string]string{
		"/home/marta/.local/state/x: permission denied": "~/.local/state/x: permission denied",
		"open /home/marta":                     "open ~",
		"/home/martacus/x":                     "/home/martacus/x",
		"/srv/marta/state, (marta) and MARTA":  "/srv/<user>/state, (<user>) and <user>",
		"marta marta":                          "<user> <user>",
		"martagon":                             "martagon",
		"kestrel and kestrel.example.org":      "<computer> and <computer>",
		"the X server at farhost:10.0 is gone": "the X server at <computer>:10.0 is gone",
		"now: unhunch service install":         "now: unhunch service install",
	} {
		if got := m.text(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// A name that is a word of ours is hidden where it is a name, and leaves our sentences alone.
func TestMaskOfPlainNames(t *testing.T) {
	env := map[string]string{"HOME": "/home/user", "USER": "user", "LOGNAME": "me"}
	m := maskFor(func(name string) string { return env[name] })
	for text, want := range map[string]string{
		"systemctl --user unmask": "systemctl --user unmask",
		"/media/user/disk":        "/media/<user>/disk",
		"/media/me":               "/media/<user>",
		"tell me":                 "tell me",
	} {
		if got := m.text(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// What the person's own files are called, and what is in them, is in no report.
func TestDoctorNamesNoOwnFile(t *testing.T) {
	facts := words.ProblemFacts{NoticeFacts: words.NoticeFacts{Path: "secret-knee.toml", Line: 3, Column: 1, Message: `id "my-knee"`}}
	for _, c := range partCheck(ownPart, []api.Problem{problem(ownPart, words.ProblemRoutinesBroken, facts)}) {
		if c.Status != checkDegraded || strings.Contains(c.Detail+c.Hint, "knee") {
			t.Errorf("got %+v", c)
		}
	}
}

func TestLooksThatHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		end := make(chan struct{})
		stuck := func(context.Context) []api.Check { <-end; return nil }
		quick := func(context.Context) []api.Check { return []api.Check{{Part: "quick"}} }
		patient := func(ctx context.Context) []api.Check { <-ctx.Done(); return []api.Check{{Part: "patient"}} }
		wait := begin(t.Context(), look{"a", stuck}, look{"b", quick}, look{"c", stuck}, look{"d", patient})
		time.Sleep(lookAround) // the daemon is asked meanwhile
		got := wait()
		if took := time.Since(began); took > lookAtMost+lateness {
			t.Errorf("it took %v", took)
		}
		var parts []string
		for _, c := range got {
			parts = append(parts, c.Part+"="+c.Status)
		}
		if got, want := strings.Join(parts, " "), "a=degraded quick= c=degraded patient="; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		close(end)
	})
}

func TestDaemonsBeside(t *testing.T) {
	for _, test := range []struct {
		name        string
		pid, holder int
		silent      bool
		running     []int
		want        string
	}{
		{"one that answers", 10, 10, false, []int{10}, ""},
		{"none", 0, 0, false, nil, ""},
		{"a second one", 10, 10, false, []int{10, 11}, "as process 11, and would ask"},
		{"one on another socket", 0, 12, false, []int{12}, "as process 12, and cannot be reached"},
		{"one on another desktop has our lock", 0, 12, false, nil, "as process 12, and cannot be reached"},
		{"one that hangs", 0, 13, true, []int{13}, ""},
	} {
		var got []string
		for _, c := range daemonsBeside(test.pid, test.silent, test.holder, test.running) {
			got = append(got, c.Detail)
		}
		if text := strings.Join(got, "; "); (test.want == "") != (text == "") || !strings.Contains(text, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, text, test.want)
		}
	}
}

func TestServiceFinding(t *testing.T) {
	for _, test := range []struct {
		st                   ServiceStatus
		status, detail, hint string
	}{
		{ServiceStatus{Installed: true, Enabled: true, Kept: "systemd"}, checkOK, "after a crash", ""},
		{ServiceStatus{Installed: true, Enabled: true, Kept: "autostart"}, checkOK, "at every login", ""},
		{ServiceStatus{Kept: "systemd"}, checkMissing, "not installed", "unhunch service install"},
		{
			ServiceStatus{Installed: true, Trouble: "it does not start at login; to have it do so: unhunch service install"},
			checkDegraded, "it does not start at login", "to have it do so: unhunch service install",
		},
	} {
		c := serviceFinding(test.st)
		if c.Status != test.status || !strings.Contains(c.Detail, test.detail) || !strings.HasSuffix(c.Hint, test.hint) {
			t.Errorf("%+v: got %+v", test.st, c)
		}
	}
}

func TestLookAtFile(t *testing.T) {
	if !permissionsCount {
		t.Skip("the mode of a file says nothing here")
	}
	dir := t.TempDir()
	for _, test := range []struct {
		is, want os.FileMode
		read     bool
		code     string
	}{
		{0o600, 0o600, false, ""},
		{0o644, 0o600, false, words.DoctorFileOpen},
		{0o640, 0o600, false, words.DoctorFileOpen},
		{0o400, 0o600, false, words.DoctorFileShut},
		{0o644, 0o600, true, ""},
		{0o664, 0o600, true, words.DoctorFileWritten},
		{0o666, 0o600, true, words.DoctorFileWritten},
	} {
		path := filepath.Join(dir, "file")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, test.is); err != nil {
			t.Fatal(err)
		}
		code, facts := lookAtFile(keptFile{path, test.want, test.read})
		if code != test.code || code != "" && facts.Mode != uint32(test.is) {
			t.Errorf("%o for %o (others may read: %v): got %q %+v, want %q", test.is, test.want, test.read, code, facts, test.code)
		}
	}
	if code, _ := lookAtFile(keptFile{filepath.Join(dir, "none"), 0o600, false}); code != "" {
		t.Errorf("what is not there is wrong: %q", code)
	}
	below := filepath.Join(dir, "file", "below")
	if code, facts := lookAtFile(keptFile{below, 0o600, false}); code != words.DoctorFileUnseen || facts.Detail == "" {
		t.Errorf("what cannot be looked at: %q %+v", code, facts)
	}
}
