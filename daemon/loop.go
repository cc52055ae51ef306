package daemon

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
)

// A loop is the one goroutine that owns the state.
type loop struct {
	posts    chan post
	carry    func(core.State, core.Effect)                           // does what a step wants done, without waiting
	witness  func(core.State, core.Event, []core.Effect, core.State) // sees every step, from a state to a state; nil for nobody
	log      *core.Log
	snapshot atomic.Pointer[snapshot]
	ended    chan struct{} // closed when nothing will be taken any more

	state core.State // of run's goroutine alone
	timer clock.Alarm
	armed time.Duration
}

// A post is an event on its way to the loop, and where the outcome is awaited.
type post struct {
	event   core.Event
	outcome chan<- outcome // nil: nobody waits; else it has room for one
	look    func(*core.Log)
}

// An outcome is what became of a posted event.
type outcome struct {
	refused string // why the command was refused, empty for done
}

// A snapshot is the newest state. It is never changed; changed is closed when there is a newer revision.
type snapshot struct {
	state   core.State
	changed chan struct{}
}

var errEnding = errors.New("the daemon is ending")

// backlog is how many events may wait for the loop. It is emptied within microseconds; more than a few mean a flood.
const backlog = 64

func newLoop(s core.State, carry func(core.State, core.Effect)) (*loop, error) {
	timer, err := clock.NewAlarm()
	if err != nil {
		return nil, err
	}
	l := &loop{posts: make(chan post, backlog), carry: carry, log: core.NewLog(s), ended: make(chan struct{}), state: s, timer: timer}
	l.snapshot.Store(&snapshot{state: s, changed: make(chan struct{})})
	return l, nil
}

// run steps through events and deadlines until ctx ends.
func (l *loop) run(ctx context.Context) error {
	defer l.timer.Close()
	defer close(l.ended)
	for {
		select {
		case p := <-l.posts:
			l.serve(p)
		case <-l.timer.C():
			l.armed = 0
			l.step(core.Event{})
		case <-ctx.Done():
			l.step(core.Event{}) // so that the last checkpoint is of this moment, and the next start sees how short its gap is
			return nil
		}
	}
}

func (l *loop) serve(p post) {
	if p.look != nil {
		p.look(l.log)
		p.outcome <- outcome{}
		return
	}
	refused := l.step(p.event)
	if p.outcome != nil {
		p.outcome <- outcome{refused: refused}
	}
}

// step takes one step, publishes what came of it and arms the timer for the next deadline.
func (l *loop) step(e core.Event) (refused string) {
	e.At = clock.Now()
	next, effects := core.Step(l.state, e)
	if l.witness != nil {
		l.witness(l.state, e, effects, next)
	}
	l.log.Add(e, effects)
	l.state = next
	old := l.snapshot.Load()
	fresh := &snapshot{state: next, changed: old.changed}
	revised := false
	for _, f := range effects {
		revised = revised || f.Rev != 0
	}
	if revised {
		fresh.changed = make(chan struct{})
	}
	l.snapshot.Store(fresh)
	if revised {
		close(old.changed)
	}
	for _, f := range effects {
		if f.Refused != "" {
			refused = f.Refused
		}
		l.carry(next, f)
	}
	l.arm()
	return refused
}

func (l *loop) arm() {
	at := core.NextWake(&l.state)
	if at == l.armed {
		return
	}
	if err := l.timer.Arm(at); err == nil {
		l.armed = at
	}
}

// post hands e to the loop, unless that has ended.
func (l *loop) post(e core.Event) {
	select {
	case l.posts <- post{event: e}:
	case <-l.ended:
	}
}

// ask posts e and waits for what became of it.
func (l *loop) ask(ctx context.Context, e core.Event) (outcome, error) {
	return l.await(ctx, post{event: e})
}

// look lets f see the event log, on the loop's goroutine.
func (l *loop) look(ctx context.Context, f func(*core.Log)) error {
	_, err := l.await(ctx, post{look: f})
	return err
}

// alive returns once the loop has taken something off its queue. Nothing is stepped: looking changes no log.
func (l *loop) alive(ctx context.Context) error {
	return l.look(ctx, func(*core.Log) {})
}

func (l *loop) await(ctx context.Context, p post) (outcome, error) {
	done := make(chan outcome, 1)
	p.outcome = done
	select {
	case l.posts <- p:
	case <-l.ended:
		return outcome{}, errEnding
	case <-ctx.Done():
		return outcome{}, ctx.Err()
	}
	select {
	case o := <-done:
		return o, nil
	case <-l.ended:
		return outcome{}, errEnding
	case <-ctx.Done():
		return outcome{}, ctx.Err()
	}
}
