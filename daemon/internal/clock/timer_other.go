//go:build !linux

package clock

import (
	"context"
	"os"
	"sync"
	"time"
)

// Timer fires at a boot time. Here it is one of Go's timers, which stand still during suspend, so after that it fires
// late by as long as the suspend took. Its methods may be called from any goroutine.
type Timer struct {
	mu     sync.Mutex
	timer  *time.Timer
	closed bool
	c      chan struct{}
}

// NewTimer returns a disarmed timer.
func NewTimer() (*Timer, error) {
	t := &Timer{c: make(chan struct{}, 1)}
	t.timer = time.AfterFunc(time.Hour, t.fire)
	t.timer.Stop()
	return t, nil
}

// C delivers once for each time the timer fires, unless it still holds the last one. What it holds may be from before
// the last Arm, so look at the clock.
func (t *Timer) C() <-chan struct{} { return t.c }

// Arm sets the timer to fire at a boot time, in place of the one set before. A time in the past fires at once.
func (t *Timer) Arm(boot time.Duration) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return os.ErrClosed
	}
	t.timer.Reset(max(boot-Now().Boot, 0))
	return nil
}

// Disarm keeps the timer from firing until it is armed again.
func (t *Timer) Disarm() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return os.ErrClosed
	}
	t.timer.Stop()
	return nil
}

// Close stops the timer for good.
func (t *Timer) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return os.ErrClosed
	}
	t.closed = true
	t.timer.Stop()
	return nil
}

func (t *Timer) fire() {
	select {
	case t.c <- struct{}{}:
	default:
	}
}

// watchSteps waits until ctx ends: nothing tells of clock steps here. They show in the next Reading.
func watchSteps(ctx context.Context, _ func()) error {
	<-ctx.Done()
	return nil
}
