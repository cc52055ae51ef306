package bus

import (
	"context"
	"slices"
	"sync"

	"github.com/godbus/dbus/v5"
)

// An ear is somebody who listens for a while.
type ear struct {
	matches []Match
	heard   func()
}

// ears are those who listen, whatever the connection.
type ears struct {
	mu  sync.Mutex
	all []*ear
}

func (e *ears) hear(s *dbus.Signal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, one := range e.all {
		if fitsAny(one.matches, s) {
			one.heard()
		}
	}
}

// Listen calls heard when a signal comes that fits one of the matches, until stop is called. It is for news that is worth a
// look only now and then: there is no goroutine to it, nothing says what the signal was, and when the connection is
// lost, so is what it listened for. heard must not block.
func (b *Bus) Listen(heard func(), matches ...Match) (stop func()) {
	one := &ear{matches, heard}
	b.ears.mu.Lock()
	b.ears.all = append(b.ears.all, one)
	b.ears.mu.Unlock()
	b.subscribe("AddMatch", matches)
	return func() {
		b.ears.mu.Lock()
		b.ears.all = slices.DeleteFunc(b.ears.all, func(other *ear) bool { return other == one })
		b.ears.mu.Unlock()
		b.subscribe("RemoveMatch", matches)
	}
}

// subscribe adds or removes matches. A bus that refuses tells of nothing.
func (b *Bus) subscribe(method string, matches []Match) {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	for _, m := range matches {
		if err := b.Call(ctx, driver, driverPath, driver+"."+method, m.rule()).Err; err != nil {
			b.log.Debug("not heard from now on", "method", method, "match", m.rule(), "err", err)
		}
	}
}
