// Package desktest is the virtual desktop for tests: a real X server, window manager, panel and notification
// daemon on private buses, and a person who types, reads, walks away, presses buttons and clicks in the menus of trays.
//
//	func TestPrompt(t *testing.T) {
//		desk := desktest.New(t, desktest.Options{Logind: true})
//		d := desk.Start(desktest.Build(t), `sitting.limit = "20s"`)
//		desk.Person().Type(21*time.Second, 200*time.Millisecond)
//		prompt := desk.WaitNotify(5 * time.Second)
//		desk.Press(prompt, "Start")
//		...
//	}
//
// Everything runs on addresses of its own, in real time, and is stopped by process id when the test ends; nothing
// reaches the developer's own desktop. After a failed test the logs of all parts are in the test's output.
//
// Tests that measure time are called TestTiming…, those with a large database TestLarge…: `make test` runs these
// two alone and without the race detector, and all others with it.
package desktest

import (
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// T is the part of testing.TB that desktest uses, so that the bench, which is no test, can have a desk too.
type T interface {
	Helper()
	Cleanup(func())
	Failed() bool
	Logf(format string, args ...any)
	Skipf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Need skips the test when one of the named programs is missing, and fails it under CI=true, where `make test`
// has installed them all. What is off the PATH is named by a pattern, as in
// /usr/lib/*/xfce4/xfconf/xfconfd.
// The names are written out where Need is called: TestPackages proves from the source that each is installed by
// the list of packages.
func Need(t T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := lookPath(p); err == nil {
			continue
		}
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is missing: `make test` should have installed it", p)
		}
		t.Skipf("%s is missing: `make test` installs it", p)
	}
}

// lookPath is exec.LookPath for programs and, by a pattern, for files off the PATH.
func lookPath(program string) (string, error) {
	if !filepath.IsAbs(program) {
		return exec.LookPath(program)
	}
	if found, _ := filepath.Glob(program); len(found) > 0 {
		return found[0], nil
	}
	return "", exec.ErrNotFound
}

// Until waits for a condition, looking every few milliseconds, and fails the test when it takes too long.
func Until(t T, timeout time.Duration, what string, ok func() bool) {
	t.Helper()
	if !until(timeout, ok) {
		t.Fatalf("waited %v in vain for %s", timeout, what)
	}
}

func until(timeout time.Duration, ok func() bool) bool {
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for deadline := time.Now().Add(timeout); !ok(); <-look.C {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}
