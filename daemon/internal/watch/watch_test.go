package watch

import (
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// patience is how long a test waits for what must come; quiet, for what must not.
const (
	patience = 10 * time.Second
	quiet    = 4 * Settle
)

// A folder is one that is watched, and what was seen of it: the text of its files, in order.
type folder struct {
	t    *testing.T
	path string
	saw  chan string
}

func (f folder) files() []string {
	found, _ := filepath.Glob(filepath.Join(f.path, "*.toml"))
	return found
}

func (f folder) text() string {
	var all []string
	for _, file := range f.files() {
		data, _ := os.ReadFile(file)
		all = append(all, string(data))
	}
	return strings.Join(all, " ")
}

// follow watches the folder beside another subject, which never changes.
func follow(t *testing.T, path string) folder {
	t.Helper()
	f := folder{t, path, make(chan string)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	still := Subject{
		Path:    filepath.Join(t.TempDir(), "still"),
		Look:    func() [sha256.Size]byte { return sha256.Sum256(nil) },
		Changed: func() {},
	}
	go func() {
		done <- Watch(ctx, still, Subject{
			Path: path, Files: f.files,
			Look: func() [sha256.Size]byte { return sha256.Sum256([]byte(f.text())) },
			Changed: func() {
				select {
				case f.saw <- f.text():
				case <-ctx.Done():
				}
			},
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Watch ended with %v", err)
		}
	})
	return f
}

func (f folder) expect(what, want string) {
	f.t.Helper()
	for end := time.After(patience); ; {
		select {
		case got := <-f.saw:
			if got == want {
				return
			}
			f.t.Logf("%s: saw %q first", what, got) // between two steps of a change
		case <-end:
			f.t.Fatalf("%s: %q was not seen", what, want)
		}
	}
}

func (f folder) expectNothing(what string) {
	f.t.Helper()
	select {
	case got := <-f.saw:
		f.t.Errorf("%s: called for nothing, seeing %q", what, got)
	case <-time.After(quiet):
	}
}

func (f folder) do(errs ...error) {
	f.t.Helper()
	for _, err := range errs {
		if err != nil {
			f.t.Fatal(err)
		}
	}
}

func write(path, text string) error { return os.WriteFile(path, []byte(text), 0o600) }

func TestFolder(t *testing.T) {
	home := t.TempDir()
	path := filepath.Join(home, "share", "unhunch", "routines")
	f := follow(t, path)
	f.expect("at first", "")

	f.do(os.MkdirAll(path, 0o700), write(filepath.Join(path, "a.toml"), "one"))
	f.expect("made with all its directories", "one")
	f.do(write(filepath.Join(path, "b.toml"), "two"))
	f.expect("one more file", "one two")
	f.do(write(filepath.Join(path, "b.toml.new"), "2"), os.Rename(filepath.Join(path, "b.toml.new"), filepath.Join(path, "b.toml")))
	f.expect("renamed over", "one 2")
	f.do(write(filepath.Join(path, "b.toml~"), "x"), write(filepath.Join(home, "share", "c.toml"), "x"))
	f.expectNothing("files that do not belong")
	f.do(os.Remove(filepath.Join(path, "a.toml")))
	f.expect("one file less", "2")

	f.do(os.RemoveAll(filepath.Join(home, "share")))
	f.expect("removed with its directories", "")
	f.do(os.MkdirAll(path, 0o700), write(filepath.Join(path, "a.toml"), "back"))
	f.expect("back again", "back")
}

// People keep such files in a repository elsewhere and link them here, one by one or all.
func TestFolderOfLinks(t *testing.T) {
	home, elsewhere := t.TempDir(), t.TempDir()
	path := filepath.Join(home, "routines")
	real := filepath.Join(elsewhere, "real.toml")
	f := folder{t: t}
	f.do(os.Symlink(elsewhere, path), write(real, "one"))
	f = follow(t, path)
	f.expect("behind a link to the folder", "one")
	f.do(write(real, "two"))
	f.expect("written there", "two")

	f.do(os.Remove(path), os.Mkdir(path, 0o700), os.Symlink(real, filepath.Join(path, "a.toml")), write(real, "three"))
	f.expect("a folder with a link to the file", "three")
	f.do(write(real, "four"))
	f.expect("written behind that link", "four")
	if !slices.Contains(f.files(), filepath.Join(path, "a.toml")) {
		t.Error("the link is gone")
	}
}
