package daemon

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

// ownRoutine is a routine that needs nothing but what comes with the program.
func ownRoutine(id string) string {
	return fmt.Sprintf("id = %q\nname = %[1]q\nplace = \"standing\"\n[[moves]]\nexercise = \"marching\"\nwork_s = 60\n", id)
}

// ownHome gives the test a home without own files, and returns where they would be.
func ownHome(t *testing.T) string {
	t.Helper()
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	folder, err := OwnFolder()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestNoOwnFilesKeepNothing(t *testing.T) {
	ownHome(t)
	d := &daemon{opts: Options{Log: slog.New(slog.DiscardHandler)}}
	if events := d.loadOwn(); len(events) > 0 || d.own.Load() != nil || d.catalogue() != routines.Default() {
		t.Errorf("%v, %v", events, d.own.Load())
	}
}

func TestOwnFilesComeAndGo(t *testing.T) {
	folder := ownHome(t)
	d := &daemon{opts: Options{Log: slog.New(slog.DiscardHandler)}}
	put(t, filepath.Join(folder, "good.toml"), ownRoutine("good"))
	if events := d.loadOwn(); len(events) > 0 {
		t.Errorf("a good file: %v", events)
	}
	if _, ok := d.catalogue().Routine("good"); !ok {
		t.Error("is not in use")
	}
	put(t, filepath.Join(folder, "bad.toml"), ownRoutine("walk")+"colour = 1\n")
	events := d.loadOwn()
	if len(events) != 1 || events[0].Problems.Part != "routines" || len(events[0].Problems.List) != 1 {
		t.Fatalf("a bad file beside it: %v", events)
	}
	p := events[0].Problems.List[0]
	if p.Code != words.ProblemRoutinesBroken || !strings.Contains(p.Message, "bad.toml, line 1, column 6: id: ") {
		t.Errorf("said %+v", p)
	}
	if _, ok := d.catalogue().Routine("good"); !ok {
		t.Error("the good one went with the bad one")
	}
	if again := d.loadOwn(); len(again) > 0 {
		t.Errorf("said again: %v", again)
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	events = d.loadOwn()
	if len(events) != 1 || len(events[0].Problems.List) > 0 || d.catalogue() != routines.Default() {
		t.Errorf("all removed: %v", events)
	}
}

// The first answer of a daemon that has just started knows the own files already.
func TestOwnFilesAreThereFromTheStart(t *testing.T) {
	folder := ownHome(t)
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	put(t, filepath.Join(folder, "good.toml"), ownRoutine("good"))
	put(t, filepath.Join(folder, "bad.toml"), "x")
	d, problems, err := build(t.TempDir(), Options{Log: slog.New(slog.DiscardHandler)}, func() {})
	if err != nil {
		t.Fatal(err)
	}
	defer d.closeHistory()
	if _, ok := d.catalogue().Routine("good"); !ok || len(problems) != 1 {
		t.Errorf("known %v, said %v", ok, problems)
	}
}

// A folder is read without being hurt by what is in it.
func TestOwnFolderOfOddThings(t *testing.T) {
	folder := ownHome(t)
	put(t, filepath.Join(folder, "good.toml"), ownRoutine("good"))
	put(t, filepath.Join(folder, ".hidden.toml"), "x")
	put(t, filepath.Join(folder, "good.toml~"), "x")
	put(t, filepath.Join(folder, "notes.txt"), "x")
	put(t, filepath.Join(folder, "dir.toml", "inside.toml"), "x")
	put(t, filepath.Join(folder, "large.toml"), strings.Repeat("#", 10*routines.MaxFileSize))
	put(t, filepath.Join(folder, "red\x1b[31m\n.toml"), "x")
	for _, link := range [][2]string{{"/nowhere", "dangling.toml"}, {"/dev/zero", "endless.toml"}, {"endless.toml", "deep.toml"}} {
		if err := os.Symlink(link[0], filepath.Join(folder, link[1])); err != nil {
			t.Fatal(err)
		}
	}
	c, faults := Catalogue()
	if _, ok := c.Routine("good"); !ok {
		t.Error("the good one is not in use")
	}
	said := map[string]string{}
	for _, f := range faults {
		said[strings.TrimPrefix(f.File, folder+"/")] = f.Message
	}
	for name, want := range map[string]string{
		"dir.toml": "not a regular file", "endless.toml": "not a regular file", "deep.toml": "not a regular file",
		"dangling.toml": "no such file", "large.toml": "larger than 16 KiB",
	} {
		if !strings.Contains(said[name], want) {
			t.Errorf("%s: said %q, want %q", name, said[name], want)
		}
		delete(said, name)
	}
	for name := range said {
		if len(said) != 1 || strings.ContainsAny(name, "\x1b\n") {
			t.Errorf("said of %q: %q", name, said[name])
		}
	}
}

func TestTooManyOwnFiles(t *testing.T) {
	folder := ownHome(t)
	for i := range routines.MaxFiles + 5 {
		put(t, filepath.Join(folder, fmt.Sprintf("%03d.toml", i)), ownRoutine(fmt.Sprintf("own-%d", i)))
	}
	c, faults := Catalogue()
	if got := len(c.Routines) - len(routines.Default().Routines); got != routines.MaxFiles {
		t.Errorf("%d are in use, want %d", got, routines.MaxFiles)
	}
	if len(faults) != 1 || !strings.Contains(faults[0].Error(), "has 105 files, of which the first 100 are read") {
		t.Errorf("said %v", faults)
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	put(t, folder, "not a folder")
	if c, faults := Catalogue(); c != routines.Default() || len(faults) != 1 {
		t.Errorf("a file in place of the folder: %v", faults)
	}
}

// A file is judged as if it were in the folder already, in the place of the one of its name.
func TestCheckOwn(t *testing.T) {
	folder, here := ownHome(t), t.TempDir()
	put(t, filepath.Join(folder, "mine.toml"), ownRoutine("mine"))
	put(t, filepath.Join(folder, "broken.toml"), "x")
	for name, want := range map[string]string{
		"mine.toml":   "",
		"copy.toml":   "id: \"mine\" is also in " + filepath.Join(folder, "mine.toml"),
		"copy.tml":    "only files that end in .toml",
		".copy.toml":  "begin with no dot",
		"broken.toml": "",
	} {
		path := filepath.Join(here, name)
		id := "mine"
		if name == "broken.toml" {
			id = "mended"
		}
		put(t, path, ownRoutine(id))
		faults, err := CheckOwn(path)
		if err != nil || (len(faults) == 0) != (want == "") || len(faults) > 0 && !strings.Contains(faults[0].Error(), want) {
			t.Errorf("%s: %v, %v, want %q", name, faults, err, want)
		}
	}
	if faults, err := CheckOwn(filepath.Join(folder, "mine.toml")); err != nil || len(faults) > 0 {
		t.Errorf("in its place: %v, %v", faults, err)
	}
	if faults, err := CheckOwn(folder); err != nil || len(faults) == 0 {
		t.Errorf("the folder: %v, %v", faults, err)
	}
	if _, err := CheckOwn(filepath.Join(here, "none.toml")); !os.IsNotExist(err) {
		t.Errorf("what is not there: %v", err)
	}
}
