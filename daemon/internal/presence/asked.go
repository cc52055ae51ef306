package presence

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Asked is a Sensor of input and session on a system that tells of neither by itself: Windows and macOS. It has to ask, and
// does so as seldom as the answer allows: never more often than a new answer would matter, and ever less often the
// longer nobody has been there.
type Asked struct {
	source  string
	how     string // how it asks, for the doctor
	system  system
	input   func(Input)
	session func(Session)
	log     *slog.Logger

	changed chan struct{} // capacity 1: threshold has a new value

	mu        sync.Mutex
	threshold time.Duration
}

// A system is what is asked.
type system struct {
	// ask is how things are at this moment. It waits no longer than ctx allows.
	ask func(ctx context.Context) (answer, error)
	// soon and late bound the time between two questions. A question in this process may come every second, one that
	// takes a process of its own may not.
	soon, late time.Duration
}

// An answer is how things are at one moment.
type answer struct {
	idle    time.Duration // since the last input
	session Session
}

const (
	// askTimeout bounds one question.
	askTimeout = 5 * time.Second
	// idleShare is how long after the person's return it may take to notice, as a part of their absence: whoever was
	// away for a minute is not missed for more than three seconds.
	idleShare = 20
	// askAnew is the pause after a question without an answer.
	askAnew = 30 * time.Second
)

func newAsked(source, how string, s system, input func(Input), session func(Session), log *slog.Logger) *Asked {
	return &Asked{
		source: source, how: how, system: s, input: input, session: session, log: log,
		changed: make(chan struct{}, 1), threshold: defaultThreshold,
	}
}

// Watch sets how long input must be quiet to be reported as Idle. It may be called at any time and from any goroutine.
// A threshold that has already passed is reported at once; the one in force changes nothing.
func (a *Asked) Watch(threshold time.Duration, _ ...time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if threshold == a.threshold {
		return
	}
	a.threshold = threshold
	select {
	case a.changed <- struct{}{}:
	default: // Run has yet to see the last change, and will see this one with it
	}
}

func (a *Asked) watched() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.threshold
}

// Idle asks once how long there has been no input.
func (a *Asked) Idle(ctx context.Context) (time.Duration, error) {
	now, err := a.system.ask(ctx)
	return now.idle, err
}

// Run senses until ctx ends, and then returns nil.
func (a *Asked) Run(ctx context.Context) error {
	t := teller{Asked: a}
	next := time.NewTimer(0)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-a.changed:
			t.told = false
		case <-next.C:
		}
		next.Reset(t.look(ctx))
	}
}

// A teller is what has been reported.
type teller struct {
	*Asked
	state   string // empty before anything was
	told    bool   // Idle was reported for the threshold in force
	idle    time.Duration
	session *Session
	why     string
}

// look asks, reports what is new, and says how long nothing new can be.
func (t *teller) look(ctx context.Context) time.Duration {
	asking, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	now, err := t.system.ask(asking)
	if ctx.Err() != nil {
		return askAnew
	}
	if err != nil {
		t.lost(err)
		return askAnew
	}
	if t.session == nil || *t.session != now.session {
		t.session = &now.session
		t.Asked.session(now.session)
	}
	threshold := t.watched()
	if t.state != Active && (t.state != Idle || now.idle < t.idle) { // unknown before, or touched since
		t.report(Input{State: Active})
	}
	t.idle = now.idle
	if now.idle >= threshold && (t.state != Idle || !t.told) {
		t.told = true
		t.report(Input{State: Idle, Idle: now.idle})
	}
	wait := t.system.late
	if t.state == Idle {
		wait = min(wait, max(now.idle/idleShare, t.system.soon))
	}
	if left := threshold - now.idle; left > 0 {
		wait = min(wait, max(left, t.system.soon))
	}
	return wait
}

func (t *teller) report(in Input) {
	t.state, t.why, in.Source, in.How = in.State, "", t.source, t.how
	t.input(in)
}

func (t *teller) lost(err error) {
	why := err.Error()
	if errors.Is(err, context.DeadlineExceeded) {
		why = fmt.Sprintf("no answer within %v", askTimeout)
	}
	if t.state == Unknown && t.why == why {
		return
	}
	t.log.Warn("the system does not tell of input", "source", t.source, "why", why)
	t.state, t.why, t.told = Unknown, why, false
	t.input(Input{State: Unknown, Source: t.source, Why: why})
	if t.session == nil || t.session.Known {
		t.session = &Session{Why: why}
		t.Asked.session(*t.session)
	}
}
