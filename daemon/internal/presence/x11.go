package presence

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

const (
	sourceX11 = "x11"

	// defaultThreshold holds until Watch is called: three minutes without input is more than reading a page takes.
	defaultThreshold = 3 * time.Minute

	// answerTimeout is how long the sensor lets the X server take for one answer. It has nothing to wait for but the
	// server, so this only bounds how late a frozen one is noticed.
	answerTimeout = 5 * time.Second

	// returnPoll is how often a server without the SYNC extension is asked whether the person is back.
	returnPoll = time.Second

	// firstRetry to lastRetry, doubling, is the pause between attempts to connect. With nobody listening on a socket
	// that is watched they end after settleRetry: a server listens within milliseconds of making its socket.
	firstRetry  = 250 * time.Millisecond
	settleRetry = 500 * time.Millisecond
	lastRetry   = 5 * time.Second
)

// X11 senses input on one X display.
//
// The server itself tells when input has been quiet for the threshold and when it is back, by alarms on the SYNC
// extension's IDLETIME counter, so X11 sleeps while a person types and while nobody is there. Only where SYNC is
// missing must it ask: once per threshold while there is input, and every second while there is none.
type X11 struct {
	display string
	input   func(Input)
	screen  func(Screen)
	log     *slog.Logger

	threshold atomic.Int64  // a time.Duration
	changed   chan struct{} // capacity 1: threshold has a new value

	mu     sync.Mutex
	server *server // nil while not connected
	why    error   // why not
}

// NewX11 returns a sensor for the X display of that name (":0"). Its reports come from Run's goroutine, which waits
// until input and screen return.
func NewX11(display string, input func(Input), screen func(Screen), log *slog.Logger) *X11 {
	x := &X11{
		display: display, input: input, screen: screen, log: log,
		changed: make(chan struct{}, 1),
		why:     errors.New("the X display has not been looked at yet"),
	}
	x.threshold.Store(int64(defaultThreshold))
	return x
}

// Run senses until ctx ends and then returns nil. It connects again whenever the server went away, and reports Unknown
// meanwhile. Its error is for good: the display's name makes no sense.
func (x *X11) Run(ctx context.Context) error {
	d, err := parseDisplay(x.display)
	if err != nil {
		x.lost(err)
		return err
	}
	for {
		s := x.connect(ctx, d)
		if s == nil {
			return nil
		}
		err := x.follow(ctx, s)
		s.close()
		if ctx.Err() != nil {
			x.unplug(errors.New("the sensor was stopped"))
			return nil
		}
		x.lost(err)
	}
}

// Watch sets how long input must be quiet to be reported as Idle. It may be called at any time and from any goroutine.
// A new threshold that has already passed is reported at once; the one in force changes nothing.
func (x *X11) Watch(threshold time.Duration) {
	threshold = max(threshold, time.Millisecond) // the server counts milliseconds
	if x.threshold.Swap(int64(threshold)) == int64(threshold) {
		return
	}
	select {
	case x.changed <- struct{}{}:
	default: // Run has yet to see the last change, and will see this one with it
	}
}

// Idle asks the server once how long there has been no input. It waits no longer than ctx allows.
func (x *X11) Idle(ctx context.Context) (time.Duration, error) {
	x.mu.Lock()
	s, why := x.server, x.why
	x.mu.Unlock()
	if s == nil {
		return 0, why
	}
	idle, err := s.idle(ctx)
	if err != nil {
		return 0, x.explain(err)
	}
	return idle, nil
}

// connect tries until it has a server or ctx ends, when it returns nil.
func (x *X11) connect(ctx context.Context, d display) *server {
	arrivals := watchSocket(d)
	defer arrivals.close()
	for delay := firstRetry; ; delay = min(2*delay, lastRetry) {
		s, err := dial(ctx, d)
		if ctx.Err() != nil {
			if err == nil {
				s.close()
			}
			return nil
		}
		if err == nil {
			return s
		}
		x.lost(err)

		var retry <-chan time.Time
		if delay <= settleRetry || !arrivals.cover(err) {
			retry = time.After(delay)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-retry:
		case <-arrivals.next():
			delay = firstRetry / 2
		}
	}
}

// follow reports what s tells until it goes away or ctx ends.
func (x *X11) follow(ctx context.Context, s *server) error {
	x.plug(s)
	dark := s.dark
	defer func() {
		if dark && ctx.Err() == nil { // nobody would ever say that it is light again
			x.screen(Screen{})
		}
	}()
	x.screen(Screen{Dark: dark})

	watch := quiet{x: x, server: s, recheck: time.NewTimer(0)}
	defer watch.recheck.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-x.changed:
			watch.told = false
		case <-watch.recheck.C:
		case n, ok := <-s.notices:
			switch {
			case !ok:
				return s.err
			case s.isSaver(n):
				dark = saverDark(n)
				x.screen(Screen{Dark: dark})
				continue
			case !s.isAlarm(n):
				continue
			case s.isReturn(n):
				watch.back = watch.state == Idle // else a look has seen it already
			}
		}
		if err := watch.look(ctx); err != nil {
			return err
		}
	}
}

// quiet is what was reported of the current silence.
type quiet struct {
	x       *X11
	server  *server
	recheck *time.Timer // the first look; later ones only where the server has no alarms

	state string        // Active or Idle, as last reported; empty before
	told  bool          // Idle was reported for the threshold in force
	back  bool          // the alarm told of input after Idle was reported
	idle  time.Duration // the idle time at the last look
}

// look asks for the idle time, reports what is new and sees to it that the next change causes a look.
//
// An alarm is only a reason to look: it may have been overtaken by input, or by a new threshold. What it waits for is
// a level and not a transition, so the server fires it even when that came true between the question and the arming.
func (q *quiet) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	idle, err := q.server.idle(ctx)
	if err != nil {
		return err
	}
	threshold := time.Duration(q.x.threshold.Load())
	returned := q.state == Idle && (q.back || idle < q.idle)
	if returned || q.state == "" && idle < threshold {
		q.report(Input{State: Active})
		q.told, q.back = false, false
	}
	if idle >= threshold && !q.told {
		q.report(Input{State: Idle, Idle: idle})
		q.told = true
	}
	q.idle = idle
	return q.wake(idle, threshold)
}

func (q *quiet) report(i Input) {
	q.state, i.Source = i.State, sourceX11
	q.x.input(i)
}

// wake asks for a look when idle reaches the threshold, if it has yet to, and when a silence reported as Idle ends.
func (q *quiet) wake(idle, threshold time.Duration) error {
	if !q.server.hasAlarms() {
		rest := returnPoll
		if q.state == Active {
			rest = threshold - idle
		} else if !q.told {
			rest = min(threshold-idle, returnPoll)
		}
		q.recheck.Reset(rest)
		return nil
	}
	if !q.told {
		if err := q.server.alarmAt(threshold); err != nil {
			return err
		}
	}
	if q.state == Idle {
		return q.server.alarmBelow(idle)
	}
	return nil
}

func (x *X11) plug(s *server) {
	x.mu.Lock()
	x.server, x.why = s, nil
	x.mu.Unlock()
	x.log.Info("watching input on the X display", "display", x.display, "alarms", s.hasAlarms())
}

func (x *X11) unplug(why error) (changed bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	changed = x.why == nil || x.why.Error() != why.Error()
	x.server, x.why = nil, why
	return changed
}

// lost reports that nothing is known of the input, unless that was said for this very reason already.
func (x *X11) lost(err error) {
	why := x.explain(err)
	if x.unplug(why) {
		x.log.Warn("input on the X display is unknown", "display", x.display, "why", why, "error", err)
		x.input(Input{State: Unknown, Source: sourceX11, Why: why.Error()})
	}
}

// explain puts what went wrong with the server in words for status and doctor.
func (x *X11) explain(err error) error {
	switch {
	case errors.Is(err, errNoIdleTime):
		return fmt.Errorf("the X server at %s does not tell how long there was no input", x.display)
	case hungUp(err):
		return fmt.Errorf("the X server at %s went away", x.display)
	case nobodyListens(err):
		return fmt.Errorf("there is no X server at %s", x.display)
	case isTimeout(err):
		return fmt.Errorf("the X server at %s does not answer", x.display)
	}
	return fmt.Errorf("the X server at %s cannot be used: %w", x.display, err)
}
