package history

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/history/engine"
)

// Options are what a Store may be told. The zero Options will do.
type Options struct {
	// Changed is told, on the goroutine of the Store, when there is another problem than before, or none any more. It
	// must not call the Store.
	Changed func([]Problem)
	// Engine opens the database; nil: in this process, where it stays open. Any other is closed a little after it was
	// last needed.
	Engine engine.Open

	now        func() time.Time // of the wall clock
	retry      time.Duration
	idle       time.Duration // after which the file is closed; 0: never
	migrations []migration
}

// retryAfter is how long after a failure writing is tried again by itself. It is tried at once when somebody asks.
const retryAfter = 10 * time.Second

// closeAfter is how long after it was last needed the file is closed: what comes together, such as a session's end and
// the report that somebody looks at then, opens it once.
const closeAfter = 5 * time.Second

// batch is how many rows are written in one transaction at most, so that a long backlog does not hold up a question.
const batch = 500

// ErrClosed is what a Store answers after Close.
var ErrClosed = errors.New("the history is closed")

// A Store is the history on disk. Its methods can be called from everywhere and, but for those that take a context or
// close it, never wait for the disk.
type Store struct {
	path string
	opts Options
	wake chan struct{} // something is to be done
	done chan struct{} // closed when the goroutine has ended

	mu       sync.Mutex
	days     *Days
	floor    time.Time // of the last erasing: nothing before it is recorded
	rows     backlog
	asks     []ask
	closing  bool
	problems []Problem

	// Of the goroutine alone:
	db      *database // nil while it is not open
	failure error     // of the last attempt to write
	damaged *Problem  // said until the Store is closed
	ended   error     // of closing
}

// An ask is a question to the goroutine, put after everything that was added before has been written, or could not be.
type ask struct {
	do    func(written error) error
	reply chan error
}

// Open is the history kept in the file at path. It always works and touches no disk: the file is opened, and made, when
// it is needed first. SetDays is to be called before anything is added.
func Open(path string, opts Options) *Store {
	if opts.now == nil {
		opts.now = func() time.Time { return clock.Now().Wall }
	}
	if opts.retry == 0 {
		opts.retry = retryAfter
	}
	if opts.Engine == nil {
		opts.Engine = engine.Here
	} else if opts.idle == 0 {
		opts.idle = closeAfter
	}
	if opts.migrations == nil {
		opts.migrations = migrations()
	}
	s := &Store{
		path: path, opts: opts, days: &Days{},
		wake: make(chan struct{}, 1), done: make(chan struct{}),
	}
	go s.run()
	return s
}

// SetDays says where days begin and which zone the person is in, for what is added from now on.
func (s *Store) SetDays(d Days) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.days = &d
}

// Add records rows, in this order. It does not wait: see Put.
//
// An error is a row that makes no sense; none of them is recorded then.
func (s *Store) Add(rows ...Row) error {
	for _, r := range rows {
		if err := r.check(); err != nil {
			return fmt.Errorf("history: %w", err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return ErrClosed
	}
	for _, r := range rows {
		s.rows.add(waiting{r, s.days, s.floor})
	}
	s.poke()
	return nil
}

// Put records rows and waits until they are on disk. With an error other than ctx's or ErrClosed they still wait in
// memory and are written as soon as that is possible.
func (s *Store) Put(ctx context.Context, rows ...Row) error {
	if err := s.Add(rows...); err != nil {
		return err
	}
	return s.Flush(ctx)
}

// Flush waits until everything added before is on disk, or says why it cannot be.
func (s *Store) Flush(ctx context.Context) error {
	return s.ask(ctx, func(written error) error { return written })
}

// Close writes what it can and ends. The error says what could not be written.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closing = true
	s.mu.Unlock()
	s.poke()
	<-s.done
	return s.ended
}

// ask has the goroutine do something, and waits for it.
func (s *Store) ask(ctx context.Context, do func(written error) error) error {
	a := ask{do, make(chan error, 1)}
	s.mu.Lock()
	if s.closing {
		s.mu.Unlock()
		return ErrClosed
	}
	s.asks = append(s.asks, a)
	s.mu.Unlock()
	s.poke()
	select {
	case err := <-a.reply:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// change is ask for something that needs a file that can be written.
func (s *Store) change(ctx context.Context, do func(*database) error) error {
	return s.ask(ctx, func(written error) error {
		if written != nil {
			return written
		}
		return s.mend(do(s.db))
	})
}

// read is ask for a question about what is on disk. It is answered also when nothing can be written, from what was.
func read[T any](ctx context.Context, s *Store, do func(*database) (T, error)) (T, error) {
	answer := make(chan T, 1) // and no variable: who no longer waits must not read what is still being written
	err := s.ask(ctx, func(written error) error {
		if s.db == nil {
			return written
		}
		found, err := do(s.db)
		answer <- found
		return s.mend(err)
	})
	select {
	case found := <-answer:
		return found, err
	default:
		var none T
		return none, err
	}
}

// mend sets the file aside if err says that it is damaged.
func (s *Store) mend(err error) error {
	if isDamage(err) {
		return errors.Join(err, s.setAside(err))
	}
	return err
}

func (s *Store) poke() {
	select {
	case s.wake <- struct{}{}:
	default: // it is on its way
	}
}

// run is the goroutine.
func (s *Store) run() {
	defer close(s.done)
	var retry, idle <-chan time.Time
	for {
		again := false
		select {
		case <-s.wake:
		case <-idle:
			idle = nil
			s.rest()
			continue
		case <-retry:
			retry, again = nil, true
		}
		s.mu.Lock()
		asks, closing, some := s.asks, s.closing, len(s.rows.list) > 0
		s.asks = nil
		s.mu.Unlock()
		if again || len(asks) > 0 || some && (retry == nil || closing) {
			s.attempt()
		}
		for _, a := range asks {
			if s.db == nil && s.failure == nil { // the one before erased it, or found it damaged
				s.attempt()
			}
			err := a.do(s.failure)
			s.report()
			a.reply <- err
		}
		if closing {
			s.end()
			return
		}
		idle = nil
		if s.db != nil && s.opts.idle > 0 {
			idle = time.After(s.opts.idle)
		}
		switch {
		case s.failure == nil, errors.Is(s.failure, errNewer): // that will not change while we run
			retry = nil
		case retry == nil:
			retry = time.After(s.opts.retry)
		}
	}
}

// rest closes the file until it is needed again. It is not when something could not be written: what is to be tried
// again is tried with the open file.
func (s *Store) rest() {
	if s.db == nil || s.failure != nil && !s.db.frozen {
		return
	}
	_ = s.db.close() // what it was told to write is on disk
	s.db = nil
}

// attempt writes what waits, opening the file for it, and says so if that is new.
func (s *Store) attempt() {
	s.failure = s.drain()
	s.report()
}

// end answers those who asked too late and closes the file.
func (s *Store) end() {
	s.mu.Lock()
	asks, left := s.asks, len(s.rows.list)
	s.asks = nil
	s.mu.Unlock()
	for _, a := range asks {
		a.reply <- ErrClosed
	}
	if s.db != nil {
		s.ended = s.db.close()
	}
	if left > 0 {
		s.ended = errors.Join(fmt.Errorf("%d rows could not be written: %w", left, s.failure), s.ended)
	}
}

// drain writes everything that waits.
func (s *Store) drain() error {
	err := s.open()
	if isDamage(err) {
		if err = s.setAside(err); err == nil {
			err = s.open()
		}
	}
	if err != nil {
		return err
	}
	for {
		s.mu.Lock()
		rows := s.rows.take(batch)
		s.mu.Unlock()
		if len(rows) == 0 {
			return nil
		}
		err := s.write(rows)
		if err != nil {
			s.mu.Lock()
			s.rows.putBack(rows)
			s.mu.Unlock()
			return err
		}
	}
}

// write writes rows. A damaged file is set aside, and they go to the next one.
func (s *Store) write(rows []waiting) error {
	err := s.db.write(rows)
	switch {
	case err == nil:
		return nil
	case isDamage(err):
		if err := errors.Join(s.setAside(err), s.open()); err != nil {
			return err
		}
		return s.db.write(rows)
	case isRefusal(err):
		return s.writeSingly(rows, err)
	case !isPatience(err):
		// Whatever is wrong with the file, a new attempt begins by opening it.
		err = errors.Join(err, s.db.close())
		s.db = nil
	}
	return err
}

// writeSingly writes what can be written of rows of which the database refuses some. Those would be refused for ever,
// and nothing after them be written. It is a mistake of ours: the database refuses nothing that check lets pass.
func (s *Store) writeSingly(rows []waiting, refusal error) error {
	if len(rows) == 1 {
		s.mu.Lock()
		s.rows.dropped++
		s.mu.Unlock()
		return nil
	}
	for i := range rows {
		if err := s.write(rows[i : i+1]); err != nil {
			return errors.Join(refusal, err)
		}
	}
	return nil
}

// open opens the file for writing, if it is not; failing that, for reading.
func (s *Store) open() error {
	if s.db != nil && !s.db.there() {
		_ = s.db.close() // what it wrote to is gone
		s.db = nil
	}
	if s.db != nil && !s.db.frozen {
		return nil
	}
	db, err := openDatabase(s.opts.Engine, s.path, s.opts.migrations)
	if err == nil {
		if s.db != nil {
			_ = s.db.close() // the frozen one
		}
		s.db = db
		return nil
	}
	if s.db == nil && !isDamage(err) {
		s.db, _ = openFrozen(s.opts.Engine, s.path)
	}
	return err
}
