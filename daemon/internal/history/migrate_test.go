package history

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/vN.db for the newest version, where it is missing")

// TestEveryPastVersion opens a file that each version of the schema has left. The files are made once, with the program
// of their time, and never again: go test -run TestEveryPastVersion -update
func TestEveryPastVersion(t *testing.T) {
	newest := len(migrations())
	for version := 1; version <= newest; version++ {
		fixture := fmt.Sprintf("testdata/v%d.db", version)
		if !exists(fixture) && *update && version == newest {
			makeFixture(t, fixture)
		}
		path := filepath.Join(t.TempDir(), "history.db")
		writeFile(t, path, readFile(t, fixture))
		s := openedAt(t, path, Options{})
		if got := today(t, s, at("12:00")); got != everythingSum {
			t.Errorf("version %d: got %+v", version, got)
		}
		put(t, s, sat("13:00", 10))
		if all := s.Problems(); len(all) > 0 {
			t.Errorf("version %d: %+v", version, all)
		}
		if got, err := read(t.Context(), s, (*database).version); err != nil || got != newest {
			t.Errorf("version %d became %d, %v", version, got, err)
		}
	}
}

func makeFixture(t *testing.T, path string) {
	t.Helper()
	s := opened(t, Options{})
	put(t, s, everything...)
	if err := s.Close(); err != nil { // folds the log into the file
		t.Fatal(err)
	}
	writeFile(t, path, readFile(t, s.path))
}

// TestMigration: the sums are made anew after the last, and one that fails changes nothing.
func TestMigration(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	writeFile(t, path, readFile(t, "testdata/v1.db"))
	wrong := append(migrations()[:1:1], migration{"0002_wrong.sql", "DELETE FROM spans; INSERT INTO nowhere VALUES (1)"})
	s := openedAt(t, path, Options{migrations: wrong})
	if err := s.Flush(t.Context()); err == nil || !strings.Contains(err.Error(), "0002_wrong.sql") {
		t.Errorf("got %v", err)
	}
	if got := today(t, s, at("12:00")); got != everythingSum { // by reading
		t.Errorf("got %+v", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	right := append(migrations()[:1:1],
		migration{"0002_more.sql", "ALTER TABLE spans ADD COLUMN more INTEGER; UPDATE days SET sitting_ms = 7, prompts = 7"},
		migration{"0003_less.sql", "ALTER TABLE spans DROP COLUMN more; DELETE FROM days WHERE sitting_ms <> 7"})
	s = openedAt(t, path, Options{migrations: right})
	if got := today(t, s, at("12:00")); got != everythingSum {
		t.Errorf("got %+v", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openedAt(t, path, Options{})
	if err := s.Flush(t.Context()); err == nil || s.Problems()[0].Code != ProblemNewer {
		t.Errorf("the older program: %v", err)
	}
}
