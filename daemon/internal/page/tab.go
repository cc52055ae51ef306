package page

import (
	"context"
	"sync"
	"sync/atomic"
)

// maxTabs bounds what a browser gone wild can take of the daemon. A browser itself opens six connections at most.
const maxTabs = 16

// A tab is an open page that listens to events.
type tab struct {
	id      string // of its own making
	tell    chan string
	visible bool // somebody can see it, by its own word
	inert   bool // it was replaced and no longer counts
}

// What a tab is told, as names of events.
const (
	tellForward = "forward" // come into sight
	tellSession = "session" // come into sight with the session
	tellRetire  = "retire"  // another tab has taken over: show that this one may be closed
)

// tabState is who is connected.
type tabState struct {
	expecting atomic.Bool // the next page is opened for a session that is about to begin

	mu    sync.Mutex
	tabs  map[*tab]struct{}
	moved chan struct{} // closed and replaced when something of a tab changes
}

func (s *tabState) changedLocked() {
	close(s.moved)
	s.moved = make(chan struct{})
}

// connect adds a tab, or is nil where there are too many.
func (l *live) connect(id string) *tab {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.tabs) >= maxTabs {
		return nil
	}
	t := &tab{id: id, tell: make(chan string, 1)}
	l.tabs[t] = struct{}{}
	l.linger.Stop()
	l.changedLocked()
	return t
}

func (l *live) leave(t *tab) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.tabs, t)
	if len(l.tabs) == 0 {
		l.linger.Reset(l.page.Stays)
	}
	l.changedLocked()
}

// isOpen says whether any page is connected.
func (l *live) isOpen() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.tabs) > 0
}

// sees takes in a tab's word on whether it can be seen.
func (l *live) sees(id string, visible bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for t := range l.tabs {
		if t.id == id {
			t.visible = visible && !t.inert
		}
	}
	l.changedLocked()
}

// forward asks all tabs to come into sight, and retires them when none does in time.
func (l *live) forward(ctx context.Context, session bool) bool {
	event := tellForward
	if session {
		event = tellSession
	}
	l.mu.Lock()
	some := false
	for t := range l.tabs {
		if !t.inert {
			some, t.visible = true, false
			t.say(event)
		}
	}
	l.mu.Unlock()
	if !some {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, forwardTime)
	defer cancel()
	if l.await(ctx, func(t *tab) bool { return t.visible }) {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for t := range l.tabs {
		t.inert = true
		t.say(tellRetire)
	}
	return false
}

// say tells the tab something, in place of what it has not heard yet.
func (t *tab) say(event string) {
	select {
	case <-t.tell:
	default:
	}
	t.tell <- event // only tabState's owner of the lock sends, so there is room
}

// await waits until ok holds of a tab that counts.
func (l *live) await(ctx context.Context, ok func(*tab) bool) bool {
	for {
		l.mu.Lock()
		for t := range l.tabs {
			if !t.inert && ok(t) {
				l.mu.Unlock()
				return true
			}
		}
		moved := l.moved
		l.mu.Unlock()
		select {
		case <-moved:
		case <-ctx.Done():
			return false
		case <-l.requests.Done():
			return false
		}
	}
}
