package client

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/unhunch/unhunch/daemon/api"
)

const (
	// A daemon that went away is looked for again after firstLook, then twice as long later each time, up to slowLook.
	// That is only for what the file system does not tell: as soon as a socket appears it is looked at.
	firstLook = 50 * time.Millisecond
	slowLook  = 30 * time.Second
	// blindLook takes the place of slowLook where nothing can be watched.
	blindLook = 2 * time.Second
	// firstWord is how long a daemon may take to send its first state before it is said not to answer. It needs
	// milliseconds.
	firstWord = 3 * time.Second
	// steady is how long a connection must last for the daemon to count as well: one that ends each connection at once
	// is not asked again at once, for ever.
	steady = 5 * time.Second
)

// Follow calls f with the state now and after each change, and with nil and the reason (a *NotRunning, or an *Error
// when there is a daemon that does not answer) whenever there is none to be had. It goes on when the daemon ends and
// starts again, until ctx ends. f is never called twice at once; states may be left out when it is slow, the newest
// always comes. While nothing changes Follow sleeps; without a daemon it looks for one twice a minute, and at once
// when its socket appears.
func (c *Client) Follow(ctx context.Context, f func(s *api.State, why error)) {
	told := "" // the reason told last, so that each is told once
	tell := func(s *api.State, why error) {
		if why == nil {
			told = ""
		} else if told == why.Error() {
			return
		} else {
			told = why.Error()
		}
		f(s, why)
	}
	delay := firstLook
	for ctx.Err() == nil {
		// The watch is armed before the attempt, so that no start falls between the two.
		socket := watchSocket(c.path)
		begin := time.Now()
		err := c.followOnce(ctx, tell)
		if ctx.Err() == nil {
			tell(nil, reason(err))
			if time.Since(begin) >= steady {
				delay = firstLook
			}
			delay = socket.await(ctx, delay)
		}
		socket.close()
	}
}

// reason keeps apart, in the words told, only what the person can do something about: that a daemon has ended is told
// once, and not again when the next look finds none.
func reason(err error) error {
	if _, ok := errors.AsType[*NotRunning](err); ok {
		return &NotRunning{}
	}
	return err
}

// followOnce follows one connection to its end.
func (c *Client) followOnce(ctx context.Context, tell func(*api.State, error)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	states, ended := make(chan api.State), make(chan error, 1)
	go func() {
		ended <- c.Watch(ctx, func(s api.State) error {
			select {
			case states <- s:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	// A daemon that is stopped and goes on later answers then, on the same connection: asking again would only leave
	// it more to answer.
	late := time.NewTimer(firstWord)
	defer late.Stop()
	for {
		select {
		case s := <-states:
			late.Stop()
			tell(&s, nil)
		case <-late.C:
			tell(nil, silent())
		case err := <-ended:
			return err
		}
	}
}

// A socketWatch waits for a socket to appear.
type socketWatch struct {
	path    string
	watcher *fsnotify.Watcher // nil when the system has no more watches to give
}

func watchSocket(path string) *socketWatch {
	w := &socketWatch{path: path}
	var err error
	if w.watcher, err = fsnotify.NewWatcher(); err != nil {
		w.watcher = nil
		return w
	}
	w.watchNearest()
	return w
}

func (w *socketWatch) close() {
	if w.watcher != nil {
		w.watcher.Close()
	}
}

// watchNearest watches the socket's directory, or the nearest one above it that exists, and says whether the socket
// is there: what appears in a directory before it is watched makes no event.
func (w *socketWatch) watchNearest() (there bool) {
	for dir := filepath.Dir(w.path); ; dir = filepath.Dir(dir) {
		if w.watcher.Add(dir) == nil || dir == filepath.Dir(dir) {
			break
		}
	}
	_, err := os.Lstat(w.path)
	return err == nil
}

// await returns after delay, with the delay for the next time, or with the shortest one as soon as a socket appears.
func (w *socketWatch) await(ctx context.Context, delay time.Duration) (next time.Duration) {
	slowest := blindLook
	var events <-chan fsnotify.Event
	var lost <-chan error
	if w.watcher != nil {
		if len(w.watcher.WatchList()) == 0 && w.watchNearest() { // the directory was removed meanwhile
			return firstLook
		}
		slowest, events, lost = slowLook, w.watcher.Events, w.watcher.Errors
	}
	timer := time.NewTimer(min(delay, slowest))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return delay
		case <-timer.C:
			return min(2*delay, slowest)
		case <-lost: // events were lost: look for ourselves
			return firstLook
		case e := <-events:
			if within(w.path, e.Name) && w.watchNearest() {
				return firstLook
			}
		}
	}
}

// within says whether path is dir or lies below it.
func within(path, dir string) bool {
	below, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(below)
}
