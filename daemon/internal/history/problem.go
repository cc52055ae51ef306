package history

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	sqlite3 "modernc.org/sqlite/lib" // its constants alone

	"github.com/unhunch/unhunch/daemon/internal/history/engine"
)

// A Problem is why the history is not whole. The words for it are in package words.
type Problem struct {
	Code    string // one of those below
	Path    string // of the history
	Aside   string // Damaged: where the damaged file is now
	Waiting int    // rows that wait in memory to be written
	Dropped int    // rows that are lost because too many waited
	Err     error  // what the system says
}

// Codes of a Problem. Damaged is said until the Store is closed, the others until writing works again.
const (
	ProblemFull     = "history_full"      // the disk is full
	ProblemReadOnly = "history_read_only" // the disk, the directory or the file cannot be written
	ProblemFailing  = "history_failing"   // any other reason why nothing can be written
	ProblemNewer    = "history_newer"     // a newer program has written it: it can be read, until that one is back
	ProblemDamaged  = "history_damaged"   // it could not be read, was set aside, and a new one begun
)

// Problems are those of the moment. There are none in a good one.
func (s *Store) Problems() []Problem {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Clone(s.problems)
	for i := range all {
		if all[i].Code != ProblemDamaged {
			all[i].Waiting, all[i].Dropped = len(s.rows.list), s.rows.dropped
		}
	}
	return all
}

// report tells of the problems if they are others than before.
func (s *Store) report() {
	var now []Problem
	if s.failure != nil {
		now = append(now, Problem{Code: s.diagnose(s.failure), Path: s.path, Err: s.failure})
	}
	if s.damaged != nil {
		now = append(now, *s.damaged)
	}
	s.mu.Lock()
	same := slices.EqualFunc(now, s.problems, func(a, b Problem) bool { return a.Code == b.Code && a.Aside == b.Aside })
	s.problems = now
	if s.failure == nil {
		s.rows.dropped = 0
	}
	s.mu.Unlock()
	if !same && s.opts.Changed != nil {
		s.opts.Changed(s.Problems())
	}
}

// diagnose finds the code of a failure to write.
func (s *Store) diagnose(err error) string {
	switch {
	case errors.Is(err, errNewer):
		return ProblemNewer
	case errors.Is(err, syscall.ENOSPC), engine.Code(err) == sqlite3.SQLITE_FULL:
		return ProblemFull
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission), engine.Code(err) == sqlite3.SQLITE_READONLY:
		return ProblemReadOnly
	}
	// SQLite does not always know why: what does the system say to a small file in the same place?
	switch err := probe(filepath.Dir(s.path)); {
	case errors.Is(err, syscall.ENOSPC):
		return ProblemFull
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return ProblemReadOnly
	}
	// If it says nothing now, it may have changed since the failure: then what was wrong before was wrong still.
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.problems {
		if p.Code == ProblemFull || p.Code == ProblemReadOnly {
			return p.Code
		}
	}
	return ProblemFailing
}

// probe tries to write as much as SQLite needs to begin with.
func probe(dir string) error {
	f, err := os.CreateTemp(dir, ".history-probe-*")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 64<<10))
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

// isDamage says whether the file itself is the problem.
func isDamage(err error) bool {
	code := engine.Code(err)
	return errors.Is(err, errForeign) || code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB
}

// isRefusal says whether a row is the problem.
func isRefusal(err error) bool {
	code := engine.Code(err)
	return code == sqlite3.SQLITE_CONSTRAINT || code == sqlite3.SQLITE_MISMATCH
}

// isPatience says whether the same open file can be tried again later.
func isPatience(err error) bool {
	code := engine.Code(err)
	return code == sqlite3.SQLITE_FULL || code == sqlite3.SQLITE_BUSY
}

// setAside moves a damaged file out of the way, with its log, under a name with the date. It is never deleted.
func (s *Store) setAside(why error) error {
	if s.db != nil {
		_ = s.db.close() // it is damaged
		s.db = nil
	}
	base := s.path + ".damaged-" + s.opts.now().UTC().Format("2006-01-02-150405")
	aside := base
	for n := 'b'; exists(aside); n++ { // twice in a second
		aside = base + string(n)
	}
	for _, beside := range besides {
		if err := os.Rename(s.path+beside, aside+beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(why, err)
		}
	}
	s.damaged = &Problem{Code: ProblemDamaged, Path: s.path, Aside: aside, Err: why}
	return nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// setAsides are the damaged files that were set aside, with what belongs to them.
func (s *Store) setAsides() ([]string, error) {
	entries, err := os.ReadDir(filepath.Dir(s.path))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	var found []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), filepath.Base(s.path)+".damaged-") {
			found = append(found, filepath.Join(filepath.Dir(s.path), e.Name()))
		}
	}
	return found, err
}
