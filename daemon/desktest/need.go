// Package desktest is the virtual desktop for tests: a real X server, window manager, panel and notification
// daemon on private buses, and a person who types, reads, walks away and presses buttons.
package desktest

import (
	"os"
	"os/exec"
	"testing"
)

// Need skips the test when one of the named programs is missing, and fails it under CI=true, where `make test`
// has installed them all.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err == nil {
			continue
		}
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is missing: `make test` should have installed it", p)
		}
		t.Skipf("%s is missing: `make test` installs it", p)
	}
}
