package presence

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/wayland"
)

// The sources that a Wayland connection can be.
const (
	sourceWayland = "wayland" // ext-idle-notify-v1
	sourceKDE     = "kde"     // org_kde_kwin_idle, the older protocol; wlroots before 0.16 has it, too
	sourceNone    = "none"
)

// A Wayland senses input by what a compositor tells of its seats. It implements Sensor.
//
// The compositor sends a word when input has been quiet for a time that was asked for, and another when it is back; in
// between the sensor sleeps. Each time is counted from when it was asked for, or from the last input after that, so all
// that may be of interest are asked for as soon as there is a connection. Of the moment of the last input a
// compositor says nothing while there is any.
type Wayland struct {
	path   string
	input  func(Input)
	screen func(Screen)
	log    *slog.Logger
	source string // the protocol in use, or last in use; of Run's goroutine
	breath time.Duration

	windows lookout

	mu      sync.Mutex
	pauses  []time.Duration // the threshold, and what it may be later
	changed bool            // pauses has a new value
	conn    *wayland.Conn   // nil while not connected
	why     error           // why not
	last    time.Time       // the last input, zero where that is not known
}

// NewWayland returns a sensor for the compositor that listens at a path. Its reports come from Run's goroutine, which
// waits until input and screen return.
func NewWayland(path string, input func(Input), screen func(Screen), log *slog.Logger) *Wayland {
	return &Wayland{
		path: path, input: input, screen: screen, log: log, source: sourceWayland, breath: breath,
		windows: lookout{path: path, watchers: map[*func()]bool{}},
		pauses:  []time.Duration{defaultThreshold},
		why:     errors.New("the Wayland compositor has not been looked at yet"),
	}
}

// Run senses until ctx ends and then returns nil. It connects again whenever the compositor went away, and reports
// Unknown meanwhile.
func (w *Wayland) Run(ctx context.Context) error {
	defer w.windows.shut()
	for {
		s, found := reach(ctx, w.path, w.dial, w.lost)
		if !found {
			return nil
		}
		began := time.Now()
		err := s.follow(ctx)
		s.close()
		switch {
		case ctx.Err() != nil:
			w.unplug(errors.New("the sensor was stopped"))
			return nil
		case !errors.Is(err, wayland.ErrSeats): // of those the next look tells
			w.lost(err)
			breathe(ctx, began, w.breath)
		}
	}
}

// Watch implements Sensor.
func (w *Wayland) Watch(threshold time.Duration, later ...time.Duration) {
	pauses := []time.Duration{max(threshold, time.Millisecond)} // the protocols count milliseconds
	for _, p := range later {
		pauses = append(pauses, max(p, time.Millisecond))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pauses, w.changed = pauses, true
	if w.conn != nil {
		w.conn.Interrupt()
	}
}

// Idle implements Sensor. What it tells is remembered, not asked for.
func (w *Wayland) Idle(context.Context) (time.Duration, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.conn == nil:
		return 0, w.why
	case w.last.IsZero():
		return 0, ErrUntold
	}
	return time.Since(w.last), nil
}

// seats are the seats of a live compositor, as far as it tells of them.
type seats struct {
	w    *Wayland
	conn *wayland.Conn
	idle *wayland.Idle
	why  error            // why it does not
	outs *wayland.Outputs // nil where it does not tell of the screens
	dark bool             // as last reported

	threshold time.Duration
	state     string          // Active or Idle, as last reported; empty before
	silence   wayland.Silence // the one that goes on, as far as any watch has told; zero for none
}

// dial connects, finds the protocol and asks for all pauses. A compositor that can tell nothing is an answer, too.
func (w *Wayland) dial(ctx context.Context) (*seats, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	conn, err := wayland.Dial(ctx, w.path)
	if err != nil {
		return nil, err
	}
	s := &seats{w: w, conn: conn}
	if s.outs, err = wayland.NewOutputs(conn); err != nil && !errors.Is(err, wayland.ErrNoPower) {
		conn.Close()
		return nil, err
	}
	s.idle, err = wayland.NewIdle(conn)
	switch {
	case errors.Is(err, wayland.ErrNoProtocol) || errors.Is(err, wayland.ErrNoSeat):
		s.why, err = err, nil
	case err == nil:
		s.idle.OnIdle, s.idle.OnReturn = s.quiet, s.back
		_, err = s.adjust()
	}
	if err == nil {
		err = conn.RoundTrip(ctx) // a mistake of ours shows here
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return s, nil
}

func (s *seats) close() { s.conn.Close() }

// follow reports what the compositor tells until it goes away or ctx ends.
func (s *seats) follow(ctx context.Context) (err error) {
	stop := context.AfterFunc(ctx, s.conn.Close)
	defer stop()
	defer func() {
		if s.dark && ctx.Err() == nil && !errors.Is(err, wayland.ErrSeats) { // nobody would ever say that it is light again
			s.w.screen(Screen{})
		}
	}()
	if s.outs != nil {
		s.outs.OnChange = s.shine
		s.shine(s.outs.Dark())
	}
	if s.why != nil {
		s.w.unfit(s.why)
		for {
			if err = s.next(); err != nil {
				return err
			}
		}
	}
	s.w.plug(s)
	if s.state == "" { // whoever has been away for long is told of by the first pause
		s.report(Input{State: Active})
	}
	for {
		if err = s.confirm(ctx); err == nil {
			err = s.next()
		}
		if err != nil {
			return err
		}
	}
}

// next hears one thing that the compositor tells.
func (s *seats) next() error {
	err := s.idle.Dispatch()
	if errors.Is(err, wayland.ErrInterrupted) {
		err = nil
	}
	if err == nil && s.outs != nil {
		err = s.outs.Err()
	}
	return err
}

// shine reports whether the screens are dark.
func (s *seats) shine(dark bool) {
	s.dark = dark
	s.w.screen(Screen{Dark: dark, How: s.outs.Interface})
}

// confirm sees to it that the compositor watches for what is to be known, and that it is alive. One that is frozen says
// nothing, and so does one whose person types on; when other pauses matter than before, as when a break has come due, is
// the time to tell them apart.
func (s *seats) confirm(ctx context.Context) error {
	changed, err := s.adjust()
	if err != nil || !changed {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	return s.conn.RoundTrip(ctx)
}

// adjust asks for the pauses that are new, and for those no more that are not wanted any longer.
func (s *seats) adjust() (changed bool, err error) {
	s.w.mu.Lock()
	pauses, changed := s.w.pauses, s.w.changed || s.threshold == 0
	s.w.changed = false
	s.w.mu.Unlock()
	if !changed {
		return false, nil
	}
	s.threshold = pauses[0]
	for _, p := range pauses {
		if err := s.idle.Watch(p); err != nil {
			return true, err
		}
	}
	if _, is := s.idle.Silence(s.threshold); is && s.state != Idle {
		s.report(Input{State: Idle, Idle: time.Since(s.silence.From)})
	}
	return true, s.idle.Keep(pauses...)
}

// quiet hears that there has been no input for that long. When the silence began is taken from the first word of it: KWin's
// timers are exact to a twentieth of what they count.
func (s *seats) quiet(pause time.Duration) {
	told, _ := s.idle.Silence(pause)
	now := s.silence
	if now.From.IsZero() || !now.Exact && (told.Exact || told.From.Before(now.From)) {
		s.silence = told
	}
	if s.silence.Exact {
		s.w.remember(s.silence.From)
	}
	if pause >= s.threshold && s.state != Idle {
		s.report(Input{State: Idle, Idle: time.Since(s.silence.From)})
	}
}

// back hears that there is input again.
func (s *seats) back(time.Duration) {
	s.silence = wayland.Silence{}
	s.w.remember(time.Time{})
	if s.state == Idle {
		s.report(Input{State: Active})
	}
}

func (s *seats) report(i Input) {
	s.state, s.w.source = i.State, sourceWayland
	i.How = fmt.Sprintf("%s version %d", s.idle.Protocol.Interface, s.idle.Protocol.Version)
	switch {
	case !s.idle.Protocol.Ext():
		s.w.source, i.How = sourceKDE, s.idle.Protocol.Interface
	case s.idle.Protocol.InputOnly:
		i.How += ", input alone"
	}
	i.Source = s.w.source
	s.w.input(i)
}

func (w *Wayland) remember(last time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = last
}

func (w *Wayland) plug(s *seats) {
	w.mu.Lock()
	w.conn, w.why, w.changed = s.conn, nil, true // what came between dialling and now is looked at, too
	w.mu.Unlock()
	w.log.Info("watching input by the Wayland compositor", "socket", w.path, "protocol", s.idle.Protocol.Interface,
		"version", s.idle.Protocol.Version)
}

func (w *Wayland) unplug(why error) (changed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	changed = w.why == nil || w.why.Error() != why.Error()
	w.conn, w.why, w.last = nil, why, time.Time{}
	return changed
}

// lost reports that nothing is known of the input, unless that was said for this very reason already.
func (w *Wayland) lost(err error) {
	why := w.explain(err)
	if w.unplug(why) {
		w.log.Warn("input on the Wayland display is unknown", "socket", w.path, "why", why, "error", err)
		w.input(Input{State: Unknown, Source: w.source, Why: why.Error()})
	}
}

// unfit reports that the compositor cannot tell.
func (w *Wayland) unfit(err error) {
	why := w.explain(err)
	if w.unplug(why) {
		w.log.Info("the Wayland compositor does not tell of input", "socket", w.path, "why", why)
		w.input(Input{State: Unknown, Source: sourceNone, Why: why.Error(), Unfit: true})
	}
}

// explain puts what went wrong with the compositor in words for status and doctor.
func (w *Wayland) explain(err error) error {
	var refused *wayland.ProtocolError
	switch {
	case errors.Is(err, wayland.ErrNoProtocol):
		return errors.New("this Wayland compositor tells no program how long there was no input")
	case errors.Is(err, wayland.ErrNoSeat):
		return errors.New("this Wayland compositor has neither keyboard nor mouse")
	case hungUp(err):
		return fmt.Errorf("the Wayland compositor at %s went away", w.path)
	case nobodyListens(err):
		return fmt.Errorf("there is no Wayland compositor at %s", w.path)
	case isTimeout(err):
		return fmt.Errorf("the Wayland compositor at %s does not answer", w.path)
	case errors.As(err, &refused):
		return fmt.Errorf("the Wayland compositor at %s does not want us: %s", w.path, refused.Message)
	}
	return fmt.Errorf("the Wayland compositor at %s cannot be used: %w", w.path, err)
}
