// Package profile keeps what a person has told of themselves, and what has hurt them, in a private file that it alone
// writes.
package profile

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/files"
	"github.com/unhunch/unhunch/routines"
)

// A Store is one profile, in memory and on disk. Its methods may be called from several goroutines at once.
type Store struct {
	path    string
	barred  bool        // the file is a newer program's, or cannot be moved out of the way: it is left alone
	failing func(error) // told of each change between nil and an error of writing

	current atomic.Pointer[routines.Profile] // never changed, only replaced

	writing sync.Mutex // held while the file is written
	written *routines.Profile
	failed  bool
	closed  bool
	retry   *time.Timer    // while failed; nothing else wakes a disk that was full
	late    sync.WaitGroup // writes that nobody waits for
}

// retryAfter is how long after a failure writing is tried again by itself: what hurt is not to be lost with the next
// power cut because nothing has hurt since the disk was full.
const retryAfter = 10 * time.Second

// Open reads the profile at path. It always gives a store: the error says that what is there is a newer program's, in
// which case nothing is written ([ErrNewer]), or what became of a file that could not be read ([Unreadable]). Of both,
// what only takes exercises away is kept as far as it can be made out.
func Open(path string, now time.Time, failing func(error)) (*Store, error) {
	s := &Store{path: path, failing: failing}
	p, err := load(path, now)
	lost, unreadable := errors.AsType[*Unreadable](err)
	s.barred = errors.Is(err, ErrNewer) || unreadable && lost.Aside == ""
	s.current.Store(&p)
	if err == nil {
		s.written = s.current.Load()
	}
	return s, err
}

// Profile is the profile as it is now. It does not wait for anything.
func (s *Store) Profile() routines.Profile { return *s.current.Load() }

// Change puts what f makes of the profile in its place once that is on disk. If f or the disk fails, all stays as it was.
func (s *Store) Change(f func(routines.Profile) (routines.Profile, error)) error {
	if s.barred {
		return errBarred()
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	for {
		was := s.current.Load()
		p, err := f(*was)
		if err != nil {
			return err
		}
		if err := s.write(&p); err != nil {
			return err
		}
		if s.current.CompareAndSwap(was, &p) {
			return nil
		} // something hurt meanwhile: once more, on top of that
	}
}

// Take puts what f makes of the profile in its place at once and writes it later: it never waits for the disk, and what
// it takes holds even where the disk fails. f may be called more than once.
func (s *Store) Take(f func(routines.Profile) routines.Profile) {
	for {
		was := s.current.Load()
		p := f(*was)
		if s.current.CompareAndSwap(was, &p) {
			break
		}
	}
	s.late.Go(s.Flush)
}

// Flush writes what is not on disk yet. It may wait for the disk; a failure is told, and writing is tried again from
// time to time.
func (s *Store) Flush() {
	if s.barred {
		return
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	if p := s.current.Load(); p != s.written {
		_ = s.write(p) // told of by failing
	}
}

// Close waits for what is being written. Nothing may be changed after.
func (s *Store) Close() {
	s.late.Wait()
	s.Flush()
	s.writing.Lock()
	defer s.writing.Unlock()
	s.closed = true
	if s.retry != nil {
		s.retry.Stop()
	}
}

// again writes what could not be written.
func (s *Store) again() {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.failed && !s.closed {
		_ = s.write(s.current.Load()) // told of by failing
	}
}

// write writes p, with writing held.
func (s *Store) write(p *routines.Profile) error {
	data, err := encode(*p)
	if err == nil {
		err = files.WriteAtomic(s.path, data)
	}
	if err == nil {
		s.written = p
	}
	if failed := err != nil; failed != s.failed {
		s.failed = failed
		s.failing(err)
	}
	switch {
	case err == nil && s.retry != nil:
		s.retry.Stop()
		s.retry = nil
	case err != nil && s.retry == nil:
		s.retry = time.AfterFunc(retryAfter, s.again)
	case err != nil:
		s.retry.Reset(retryAfter)
	}
	return err
}
