package history

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Erase leaves nothing: neither rows, nor the log, nor free pages, nor damaged files that were set aside, nor what
// waits in memory. It removes the files, so that it works on a full disk and with a file that cannot be read, too.
// Spans that began before now are recorded from now on only. A new file is begun when there is something to record.
func (s *Store) Erase(ctx context.Context, now time.Time) error {
	s.mu.Lock()
	if s.closing {
		s.mu.Unlock()
		return ErrClosed
	}
	s.floor = now
	s.mu.Unlock()
	return s.ask(ctx, func(error) error { return s.erase() })
}

func (s *Store) erase() error {
	if s.db != nil {
		_ = s.db.close() // the files go anyway
		s.db = nil
	}
	var paths []string
	for _, beside := range besides {
		paths = append(paths, s.path+beside)
	}
	damaged, err := s.setAsides()
	for _, path := range append(paths, damaged...) {
		if e := os.Remove(path); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	if err != nil {
		return err
	}
	if dir, err := os.Open(filepath.Dir(s.path)); err == nil { // so that a power cut does not bring them back, where that can be
		_ = dir.Sync()
		_ = dir.Close()
	}
	s.damaged, s.failure = nil, nil
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows.list = slices.DeleteFunc(s.rows.list, func(w waiting) bool { return !w.floor.Equal(s.floor) })
	return nil
}

// Keep forgets the days, and all that lies in them, that ended more than d before now. Call it at start and when a day
// begins.
func (s *Store) Keep(ctx context.Context, now time.Time, d time.Duration) error {
	s.mu.Lock()
	first := s.days.Of(now.Add(-d))
	s.mu.Unlock()
	return s.change(ctx, func(d *database) error { return d.forget(first) })
}

// forget deletes what lies before a day, and leaves no trace of it in the file or the log.
func (d *database) forget(before Date) error {
	day, some, err := d.first()
	if err != nil || !some || day >= before {
		return err
	}
	err = d.change(true, func() error {
		for _, query := range []string{
			"DELETE FROM steps WHERE at_ms IN (SELECT at_ms FROM sessions WHERE day < ?)",
			"DELETE FROM sessions WHERE day < ?", "DELETE FROM natural_breaks WHERE day < ?",
			"DELETE FROM prompts WHERE day < ?", "DELETE FROM days WHERE day < ?",
		} {
			if err := d.exec(query, int(before)); err != nil {
				return err
			}
		}
		// Nothing before this is of a later day: see ofDay.
		const msADay = secondsADay * 1000
		return d.exec("DELETE FROM spans WHERE day < ? AND from_ms < ?", int(before), (int64(before)+2)*msADay)
	})
	if err != nil {
		return err
	}
	return d.exec("PRAGMA wal_checkpoint(TRUNCATE)") // the pages in the file were overwritten: secure_delete
}
