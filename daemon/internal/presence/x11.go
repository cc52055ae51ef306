package presence

import (
	"cmp"
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
)

// X11 senses input on one X display. It implements Sensor.
//
// The server itself tells when input has been quiet for the threshold and when it is back, by alarms on the SYNC
// extension's IDLETIME counter, so X11 sleeps while a person types and while nobody is there. Only where SYNC is
// missing must it ask: once per threshold while there is input, and every second while there is none.
type X11 struct {
	display string
	input   func(Input)
	screen  func(Screen)
	log     *slog.Logger
	breath  time.Duration

	threshold atomic.Int64  // a time.Duration
	changed   chan struct{} // capacity 1: threshold has a new value

	mu     sync.Mutex
	server *server // nil while not connected
	why    error   // why not

	earsMu sync.Mutex // taken before mu; held while a server is told who listens
	ears   []*ear     // who wants to hear of what fills the screen
}

// NewX11 returns a sensor for the X display of that name (":0"). Its reports come from Run's goroutine, which waits
// until input and screen return.
func NewX11(display string, input func(Input), screen func(Screen), log *slog.Logger) *X11 {
	x := &X11{
		display: display, input: input, screen: screen, log: log, breath: breath,
		changed: make(chan struct{}, 1),
		why:     errors.New("the X display has not been looked at yet"),
	}
	x.threshold.Store(int64(defaultThreshold))
	return x
}

// Run senses until ctx ends and then returns nil. It connects again whenever the server went away, and reports Unknown
// meanwhile. Its error is for good: the display's name makes no sense, or the server is no desktop's own.
func (x *X11) Run(ctx context.Context) error {
	d, err := parseDisplay(x.display)
	if err != nil {
		x.lost(err)
		return err
	}
	for {
		s, found := reach(ctx, d.socket(), func(ctx context.Context) (*server, error) { return dial(ctx, d) }, x.lost)
		if !found {
			return nil
		}
		began := time.Now()
		err := x.follow(ctx, s)
		s.close()
		if ctx.Err() != nil {
			x.unplug(errors.New("the sensor was stopped"))
			return nil
		}
		x.lost(err)
		x.screenChanged() // it is gone with what filled it
		if errors.Is(err, errXwayland) {
			return err
		}
		breathe(ctx, began, x.breath)
	}
}

// Watch implements Sensor. The server counts for everybody, so what may be asked for later is of no interest.
func (x *X11) Watch(threshold time.Duration, _ ...time.Duration) {
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

// follow reports what s tells until it goes away or ctx ends.
func (x *X11) follow(ctx context.Context, s *server) error {
	if within, err := s.isXwayland(ctx); within || err != nil {
		return cmp.Or(err, errXwayland)
	}
	x.plug(s)
	dark := s.dark
	defer func() {
		if dark && ctx.Err() == nil { // nobody would ever say that it is light again
			x.screen(Screen{})
		}
	}()
	x.screen(s.shines(dark))

	watch := quiet{
		source: sourceX11, how: s.how(), input: x.input, counter: s, recheck: time.NewTimer(0),
		threshold: func() time.Duration { return time.Duration(x.threshold.Load()) },
	}
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
				x.screen(s.shines(dark))
				continue
			case s.isWindow(n):
				x.screenChanged()
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

func (x *X11) plug(s *server) {
	x.mu.Lock()
	x.server, x.why = s, nil
	x.mu.Unlock()
	x.watchWindows(s)
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
		x.input(Input{State: Unknown, Source: sourceX11, Why: why.Error(), Unfit: errors.Is(err, errXwayland)})
	}
}

// explain puts what went wrong with the server in words for status and doctor.
func (x *X11) explain(err error) error {
	switch {
	case errors.Is(err, errXwayland):
		return fmt.Errorf("the X server at %s belongs to a Wayland session and sees only part of the input", x.display)
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
