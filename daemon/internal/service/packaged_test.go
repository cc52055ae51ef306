package service

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestPackaged: what a package brings is not ours to remove, and starts the package's programs.
func TestPackaged(t *testing.T) {
	all := Packaged()
	if len(all) != 3 {
		t.Errorf("%d files", len(all))
	}
	for path, text := range all {
		if strings.Contains(text, mark) {
			t.Errorf("%s would be removed by `unhunch service uninstall`", path)
		}
		if !strings.HasPrefix(text, "[") || !strings.Contains(text, "=/usr/bin/unhunch") {
			t.Errorf("%s:\n%s", path, text)
		}
	}
}

// TestTodayInATerminal: the action of a desktop without a tray opens a window that stays until it was read.
func TestTodayInATerminal(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no desktop entries there")
	}
	bin := t.TempDir()
	for name, script := range map[string]string{
		"x-terminal-emulator": `[ "$1" = -e ] || exit 1; shift; echo window; exec "$@"`,
		"unhunch":             `echo "day: $*"`,
	} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/bin/sh", filepath.Join(bin, "sh")); err != nil { // and no terminal of this machine's
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", inTerminal, filepath.Join(bin, "unhunch"), lingering)
	cmd.Env = append(cmd.Environ(), "PATH="+bin)
	cmd.Stdin = strings.NewReader("\n")
	out, err := cmd.CombinedOutput()
	if want := "window\nday: history today\n\nEnter closes this window. "; string(out) != want || err != nil {
		t.Errorf("%v %q, not %q", err, out, want)
	}
	if strings.Contains(AppEntry("/usr/bin/unhunch"), "Terminal=true") {
		t.Error("Terminal is no key of an action: desktops ignore it, or the whole entry")
	}
}
