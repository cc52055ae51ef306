package service

import (
	"os"
	"path/filepath"
	"testing"
)

// Those of another desktop of the same person are not here, and those that do not say where they are, are.
func TestProcesses(t *testing.T) {
	proc := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", "/run/user/1000")
	for pid, p := range map[string]struct{ args, env string }{
		"10":   {"workrave\x00--x\x00", "A=1\x00XDG_RUNTIME_DIR=/run/user/1000\x00"},
		"11":   {"safeeyes\x00", "XDG_RUNTIME_DIR=/tmp/elsewhere\x00"},
		"12":   {"stretchly\x00", "A=1\x00"},
		"13":   {"", "XDG_RUNTIME_DIR=/run/user/1000\x00"}, // the kernel's
		"self": {"rsibreak\x00", ""},
	} {
		dir := filepath.Join(proc, pid)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"cmdline": p.args, "environ": p.env} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	got := processes(proc)
	if len(got) != 2 || got[0].pid != 10 || got[1].pid != 12 || len(got[0].args) != 2 || got[0].args[0] != "workrave" {
		t.Errorf("got %+v", got)
	}
}
