package config

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/watch"
)

// patience is how long a test waits for what must come; quiet, for what must not.
const (
	patience = 10 * time.Second
	quiet    = 4 * watch.Settle
)

// follow watches the file, and returns what it calls once the first, unasked call is over.
func follow(t *testing.T, path string) <-chan string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	saw := make(chan string)
	done := make(chan error, 1)
	go func() {
		done <- watch.Watch(ctx, Watched(path, func() {
			data, _ := os.ReadFile(path)
			select {
			case saw <- string(data):
			case <-ctx.Done():
			}
		}))
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Watch ended with %v", err)
		}
	})
	receive(t, saw)
	return saw
}

func receive(t *testing.T, saw <-chan string) string {
	t.Helper()
	select {
	case text := <-saw:
		return text
	case <-time.After(patience):
		t.Fatal("the change was not noticed")
		return ""
	}
}

func expect(t *testing.T, saw <-chan string, what, want string) {
	t.Helper()
	if got := receive(t, saw); got != want {
		t.Errorf("%s: saw %q, want %q", what, got, want)
	}
}

func expectNothing(t *testing.T, saw <-chan string, what string) {
	t.Helper()
	select {
	case got := <-saw:
		t.Errorf("%s: called for nothing, seeing %q", what, got)
	case <-time.After(quiet):
	}
}

func do(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestWatchEditors(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config.toml")
	write(t, path, "one")
	saw := follow(t, path)

	write(t, path, "two")
	expect(t, saw, "written in place", "two")

	write(t, filepath.Join(dir, "new"), "three")
	do(t, os.Rename(filepath.Join(dir, "new"), path))
	expect(t, saw, "renamed over", "three")

	do(t, os.Rename(path, path+"~"))
	write(t, path, "four")
	expect(t, saw, "moved away and written anew", "four")

	do(t, os.Chtimes(path, time.Time{}, time.Unix(1, 0)))
	write(t, filepath.Join(dir, "other"), "x")
	write(t, path, "four")
	expectNothing(t, saw, "touched, and a neighbour written")

	do(t, os.Remove(path))
	expect(t, saw, "removed", "")

	do(t, Set(path, "hold.call", "false"))
	expect(t, saw, "set", "[hold]\ncall = false\n")
}

func TestWatchDirectoryComesAndGoes(t *testing.T) {
	home := t.TempDir()
	dir := filepath.Join(home, "config", "unhunch")
	path := filepath.Join(dir, "config.toml")
	saw := follow(t, path)

	do(t, Init(path))
	expect(t, saw, "made with all its directories", explained())

	do(t, os.RemoveAll(filepath.Dir(dir)))
	expect(t, saw, "removed with its directories", "")

	do(t, os.MkdirAll(dir, 0o700))
	write(t, path, "back")
	expect(t, saw, "back again", "back")

	// The kernel's watch goes along with the directory that is moved away.
	do(t, os.Rename(dir, dir+".old"), os.Mkdir(dir, 0o700))
	write(t, path, "another")
	expect(t, saw, "in another directory of the same name", "another")
	write(t, filepath.Join(dir+".old", "config.toml"), "stale")
	expectNothing(t, saw, "the old directory's file written")
	write(t, path, "still here")
	expect(t, saw, "in that directory, later", "still here")
}

func TestWatchLinks(t *testing.T) {
	home := t.TempDir()
	first, second := filepath.Join(home, "first"), filepath.Join(home, "second")
	do(t, os.Mkdir(first, 0o700), os.Mkdir(second, 0o700), os.Mkdir(filepath.Join(home, "config"), 0o700))
	write(t, filepath.Join(first, "config.toml"), "one")
	write(t, filepath.Join(second, "config.toml"), "two")
	dir := filepath.Join(home, "config", "unhunch")
	path := filepath.Join(dir, "config.toml")
	do(t, os.Symlink(first, dir))
	saw := follow(t, path)

	write(t, filepath.Join(first, "config.toml"), "one more")
	expect(t, saw, "the target written", "one more")

	do(t, os.Symlink(second, dir+".new"), os.Rename(dir+".new", dir))
	expect(t, saw, "the directory's link pointed elsewhere", "two")

	write(t, filepath.Join(second, "real.toml"), "three")
	do(t, os.Remove(path), os.Symlink("real.toml", path))
	expect(t, saw, "the file became a link", "three")

	write(t, filepath.Join(second, "real.toml"), "four")
	expect(t, saw, "that link's target written", "four")
}
