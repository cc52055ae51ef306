package presence

import (
	"context"
	"errors"
	"hash/maphash"
	"strconv"
	"sync"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/wayland"
)

// ErrNoWindows is that a desktop tells us of no windows but our own, so that nothing is to be repaired.
var ErrNoWindows = errors.New("this desktop does not tell which window is in front")

// stays is how long what has seen a full screen goes on to look, for whoever wants to hear of its end. Whenever we connect
// to KWin it reads our whole program to be sure of us, and draws nothing for up to a fifth of a second: once for each break
// is enough.
const stays = 5 * time.Second

// A lookout sees the windows of a compositor, over a connection of its own, while anybody wants to know of them. In between
// there is none: the compositor would tell of each window that comes, and of each change of a title.
type lookout struct {
	path string

	mu       sync.Mutex
	view     *view // nil while nobody wants to know
	looks    int   // how many wait for it
	watchers map[*func()]bool
	late     *time.Timer // ends the view that nobody has taken over
	how      string      // the protocol in use, or last in use
}

// A view is what a lookout sees from one connection.
type view struct {
	end   context.CancelFunc
	ready chan struct{} // closed when it is known what there is to see, or that nothing is
	// Under the lookout's lock:
	app  string
	full bool
	err  error // why nothing is known, or nothing any more
}

// programs are told from each other by numbers that say nothing to anybody else.
var programs = maphash.MakeSeed()

// FullScreen tells whether the window in front fills the screen, and which program it is of, by its app id: on compositors
// with wlroots' protocol for panels, and on KWin, which lets those see that its desktop entries name. A window of the same
// program that takes over is the same to it.
func (w *Wayland) FullScreen(ctx context.Context) (program, id string, full bool, err error) {
	app, full, err := w.windows.look(ctx)
	if errors.Is(err, wayland.ErrNoWindows) {
		return "", "", false, ErrNoWindows
	}
	if err != nil {
		return "", "", false, w.explain(err)
	}
	if !full {
		return "", "", false, nil
	}
	return app, strconv.FormatUint(maphash.String(programs, app), 16), true, nil
}

// WatchFullScreen calls changed, on a goroutine of its own, whenever FullScreen may have come to tell something else, until
// stop is called; once more may be under way then. It is for while a full screen is waited for.
func (w *Wayland) WatchFullScreen(changed func()) (stop func()) { return w.windows.watch(changed) }

// WindowsBy is the protocol that tells of windows, empty before the first look.
func (w *Wayland) WindowsBy() string {
	w.windows.mu.Lock()
	defer w.windows.mu.Unlock()
	return w.windows.how
}

// look sees which window is in front.
func (l *lookout) look(ctx context.Context) (app string, full bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.looks++
	v := l.open()
	l.mu.Unlock()
	select {
	case <-v.ready:
	case <-ctx.Done():
	}
	l.mu.Lock()
	l.looks--
	select {
	case <-v.ready:
		app, full, err = v.app, v.full, v.err
	default:
		err = ctx.Err()
	}
	if full && l.view == v {
		l.late.Reset(stays)
	} else {
		l.close()
	}
	return app, full, err
}

// watch has changed hear of what is new.
func (l *lookout) watch(changed func()) (stop func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	watcher := &changed
	l.watchers[watcher] = true
	v := l.open()
	select {
	case <-v.ready:
		if !v.full { // it has ended since it was seen
			go changed()
		}
	default:
	}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.watchers, watcher)
		l.close()
	}
}

// open is the view that there is, or a new one. The lock is held, as for all below unless they say otherwise.
func (l *lookout) open() *view {
	if l.view != nil {
		return l.view
	}
	if l.late == nil {
		l.late = time.AfterFunc(time.Hour, func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.close()
		})
	}
	l.late.Stop()
	ctx, end := context.WithCancel(context.Background())
	v := &view{end: end, ready: make(chan struct{})}
	l.view = v
	go func() {
		defer end()
		err := l.follow(ctx, v)
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.view == v {
			l.view = nil // whoever looks next tries anew
		}
		v.err = err
		l.see(v, "", false)
	}()
	return v
}

// close ends the view, unless somebody wants it.
func (l *lookout) close() {
	if l.view == nil || l.looks > 0 || len(l.watchers) > 0 {
		return
	}
	l.view.end()
	l.view = nil
}

// shut ends all looking, for whomever. The lock is not held.
func (l *lookout) shut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.looks = 0
	clear(l.watchers)
	l.close()
}

// follow sees what there is until ctx ends or the compositor tells no more. The lock is not held.
func (l *lookout) follow(ctx context.Context, v *view) error {
	soon, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	conn, err := wayland.Dial(soon, l.path)
	if err != nil {
		return err
	}
	defer conn.Close()
	windows, err := wayland.NewWindows(conn)
	if err != nil {
		return err
	}
	if err := windows.Settle(soon); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, conn.Close)
	defer stop()
	news := func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.how = windows.Interface
		app, full := windows.FullScreen()
		l.see(v, app, full)
	}
	news()
	windows.OnChange = news
	for {
		if err := windows.Dispatch(); err != nil {
			return err
		}
	}
}

// see takes down what there is to see, and tells.
func (l *lookout) see(v *view, app string, full bool) {
	news := v.app != app || v.full != full
	select {
	case <-v.ready:
	default:
		news = !full // whoever watches does so because of one
		close(v.ready)
	}
	v.app, v.full = app, full
	if news {
		for watcher := range l.watchers {
			go (*watcher)()
		}
	}
}
