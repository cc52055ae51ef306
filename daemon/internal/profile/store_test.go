package profile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/files"
	"github.com/unhunch/unhunch/routines"
)

var now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// open opens a store whose failures are counted.
func open(t *testing.T, path string) (*Store, *[]error) {
	t.Helper()
	var mu sync.Mutex
	failures := &[]error{}
	s, err := Open(path, now, func(err error) {
		mu.Lock()
		defer mu.Unlock()
		*failures = append(*failures, err)
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, failures
}

func answer(tag string, a routines.Answer) func(routines.Profile) (routines.Profile, error) {
	return func(p routines.Profile) (routines.Profile, error) { return p.Answered(tag, a), nil }
}

func hurts(id string) func(routines.Profile) routines.Profile {
	return func(p routines.Profile) routines.Profile { return p.Hurt(id, now) }
}

func TestWhatIsToldSurvives(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.json")
	s, _ := open(t, path)
	if _, err := os.Stat(path); err == nil {
		t.Error("there is a file though nothing was said")
	}
	if err := s.Change(answer("bone", routines.Yes)); err != nil {
		t.Fatal(err)
	}
	s.Take(hurts("marching"))
	s.Flush()
	want := s.Profile()
	again, _ := open(t, path) // without closing, as after a kill
	if got := again.Profile(); !reflect.DeepEqual(got, want) || got.Screening["bone"] != routines.Yes || len(got.Retired) != 1 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	s.Close()
}

// A change that is refused, or cannot be written, leaves everything as it was.
func TestARefusedChangeChangesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "profile.json")
	s, failures := open(t, path)
	no := errors.New("no")
	if err := s.Change(func(p routines.Profile) (routines.Profile, error) { return p.Retire("a"), no }); !errors.Is(err, no) {
		t.Errorf("got %v", err)
	}
	if err := os.Rename(dir, dir+"-gone"); err != nil {
		t.Fatal(err)
	}
	if err := s.Change(answer("bone", routines.No)); err == nil || len(s.Profile().Screening) != 0 {
		t.Errorf("written to nowhere: %v, %+v", err, s.Profile())
	}
	s.Take(hurts("marching")) // that is care, and holds at once
	s.late.Wait()
	if len(s.Profile().Retired) != 1 || len(*failures) != 1 || (*failures)[0] == nil {
		t.Errorf("retired %v, told of %v", s.Profile().Retired, *failures)
	}
	if err := os.Rename(dir+"-gone", dir); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if len(*failures) != 2 || (*failures)[1] != nil {
		t.Errorf("told of %v", *failures)
	}
	if again, _ := open(t, path); len(again.Profile().Retired) != 1 {
		t.Error("what hurt while the disk failed is lost")
	}
}

// Changes and hurts at the same time: none is lost.
func TestNothingIsLostBetweenTwoChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.json")
	s, _ := open(t, path)
	var all sync.WaitGroup
	for i := range 5 {
		all.Go(func() { s.Take(hurts(fmt.Sprint("hurt-", i))) })
		all.Go(func() {
			if err := s.Change(answer(routines.Tags()[i], routines.No)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s.Close()
	again, _ := open(t, path)
	for _, p := range []routines.Profile{s.Profile(), again.Profile()} {
		if len(p.Retired) != 5 || len(p.Screening) != 5 {
			t.Errorf("%+v", p)
		}
	}
}

// What takes exercises away is made out of a file that cannot be used otherwise; what allows them is not.
const strange = `{"format": "unhunch-profile", "version": 2, "profile": {
	"screening": {"bone": "yes", "eyes": "no", "teeth": "yes"}, "level": "advanced", "enabled": ["hanging"],
	"abilities": ["one-arm", "no-ears"], "retired": ["cobra"], "only_walking": true, "hurts": "often"}}`

func wantRestrictions(t *testing.T, p routines.Profile) {
	t.Helper()
	want := routines.Profile{
		Screening: map[string]routines.Answer{"bone": routines.Yes}, Abilities: []string{"one-arm"},
		Retired: []string{"cobra"}, OnlyWalking: true,
	}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("made out %+v, want %+v", p, want)
	}
}

func TestANewerFileIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.json")
	if err := os.WriteFile(path, []byte(strange), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, now, func(error) { t.Error("tried to write") })
	if !errors.Is(err, ErrNewer) {
		t.Errorf("got %v", err)
	}
	wantRestrictions(t, s.Profile())
	if err := s.Change(answer("bone", routines.No)); err == nil {
		t.Error("changed")
	}
	s.Take(hurts("marching"))
	s.Close()
	if got := s.Profile().Retired; len(got) != 2 {
		t.Errorf("retired: %v", got)
	}
	if data, _ := os.ReadFile(path); string(data) != strange {
		t.Errorf("the file is now %s", data)
	}
}

func TestAnUnreadableFileIsSetAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.json")
	bad := strings.Replace(strange, `"version": 2`, `"version": 1`, 1)
	aside := map[string]bool{}
	for range 2 { // in the same second
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, now, func(err error) { t.Error(err) })
		lost, ok := errors.AsType[*Unreadable](err)
		if !ok || aside[lost.Aside] || !strings.Contains(lost.Aside, "unreadable-20261122-100000") {
			t.Fatalf("got %v", err)
		}
		aside[lost.Aside] = true
		wantRestrictions(t, s.Profile())
		s.Close()
		if data, err := os.ReadFile(lost.Aside); string(data) != bad {
			t.Errorf("put aside: %s, %v", data, err)
		}
	}
	again, _ := open(t, path)
	wantRestrictions(t, again.Profile())
}

// A file that can neither be read nor moved is not written over. Its name leaves room for that of a file that is being
// written beside it, and not for the longer one that it would be put aside under; a directory's mode does not stop root.
func TestAFileThatCannotBeMovedIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), strings.Repeat("p", 230))
	if err := files.WriteAtomic(path, []byte("{")); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, now, func(error) {})
	if lost, ok := errors.AsType[*Unreadable](err); !ok || lost.Aside != "" || !strings.Contains(err.Error(), "nor be set aside") {
		t.Fatalf("got %v", err)
	}
	s.Take(hurts("marching"))
	if err := s.Change(answer("bone", routines.No)); err == nil {
		t.Error("changed")
	}
	s.Close()
	if data, _ := os.ReadFile(path); string(data) != "{" {
		t.Errorf("written over with %s", data)
	}
}

// What no profile can hold is not taken for one: who edits the file by hand is told.
func TestImpossibleProfiles(t *testing.T) {
	for _, p := range []string{
		`{"level": "expert"}`, `{"screening": {"bone": "maybe"}}`, `{"screening": {"teeth": "no"}}`, `{"places": ["sofa"]}`, `{"abilities": ["none"]}`,
	} {
		data := fmt.Sprintf(`{"format": "unhunch-profile", "version": 1, "profile": %s}`, p)
		if got, err := decode([]byte(data)); err == nil {
			t.Errorf("%s is taken for %+v", p, got)
		}
	}
}

// Every prefix of a file is what a crash half-way through a write of another program may leave.
func TestTruncatedFiles(t *testing.T) {
	dir := t.TempDir()
	p := routines.Profile{Level: "moderate"}.Answered("bone", routines.Yes).Hurt("cobra", now)
	data, err := encode(p)
	if err != nil {
		t.Fatal(err)
	}
	for n := range data {
		path := filepath.Join(dir, "profile.json")
		if err := files.WriteAtomic(path, data[:n]); err != nil {
			t.Fatal(err)
		}
		if s, err := Open(path, now, func(error) {}); err == nil && n < len(data)-1 {
			t.Fatalf("%d of %d bytes were taken for a profile: %+v", n, len(data), s.Profile())
		}
	}
}

// FuzzProfileFile reads anything at all. What is accepted is a profile, and says the same when written and read again;
// what is not is put aside, and no more is made of it than what takes exercises away.
func FuzzProfileFile(f *testing.F) {
	good, _ := encode(routines.Profile{Level: "moderate", Asked: now}.Answered("bone", routines.Yes).Hurt("cobra", now))
	for _, seed := range []string{string(good), strange, "", "null", "{}", `{"format":"unhunch-profile","version":1}`, "[1]"} {
		f.Add([]byte(seed))
	}
	dir := f.TempDir() // of one worker: they are processes of their own
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := decode(data)
		if err == nil {
			if err := p.Check(); err != nil {
				t.Fatal(err)
			}
			once, err := encode(p)
			if err != nil {
				t.Fatalf("read but not writable: %v", err)
			}
			q, err := decode(once)
			if err != nil {
				t.Fatalf("written but not readable: %v\n%s", err, once)
			}
			if twice, _ := encode(q); !bytes.Equal(once, twice) {
				t.Fatalf("%s\nand then\n%s", once, twice)
			}
			return
		}
		made := salvage(data)
		if made.Level != "" || len(made.Enabled)+len(made.Equipment)+len(made.Places) > 0 || made.Check() != nil {
			t.Fatalf("made out of %q: %+v", data, made)
		}
		for _, a := range made.Screening {
			if a != routines.Yes {
				t.Fatalf("made out of %q: %+v", data, made)
			}
		}
		path := filepath.Join(dir, "profile.json")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, failed := Open(path, now, func(error) {})
		if errors.Is(failed, ErrNewer) {
			return
		}
		lost, ok := errors.AsType[*Unreadable](failed)
		if !ok {
			t.Fatalf("got %v", failed)
		}
		if kept, err := os.ReadFile(lost.Aside); err != nil || !bytes.Equal(kept, data) {
			t.Fatalf("put aside: %q, %v", kept, err)
		}
		if err := os.Remove(lost.Aside); err != nil {
			t.Fatal(err)
		}
	})
}

func TestFormat(t *testing.T) {
	data, err := encode(routines.Profile{}.Answered("bone", routines.No))
	var got map[string]any
	if err != nil || json.Unmarshal(data, &got) != nil || got["format"] != "unhunch-profile" || got["version"] != 1.0 {
		t.Errorf("%s, %v", data, err)
	}
}

// TestWhatHurtIsWrittenOnceItCanBe: by itself, as it may be weeks before something else is to be written.
func TestWhatHurtIsWrittenOnceItCanBe(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	synctest.Test(t, func(t *testing.T) {
		s, failures := open(t, filepath.Join(dir, "profile.json"))
		s.Take(hurts("marching"))
		time.Sleep(time.Minute) // the disk is not there
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		time.Sleep(retryAfter)
		synctest.Wait()
		again, _ := open(t, s.path) // without closing, as after a kill
		if got := again.Profile().Retired; len(got) != 1 {
			t.Errorf("retired: %v", got)
		}
		if got := *failures; len(got) != 2 || got[0] == nil || got[1] != nil {
			t.Errorf("told of %v", got)
		}
		s.Close()
	})
}
