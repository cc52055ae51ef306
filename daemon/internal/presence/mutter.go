package presence

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/internal/bus"
)

const sourceMutter = "mutter"

// The idle monitor of GNOME's compositor. It is not documented; GNOME's own session and power daemons live by it.
const (
	mutterName = "org.gnome.Mutter.IdleMonitor"
	mutterPath = "/org/gnome/Mutter/IdleMonitor/Core"
)

// A Mutter senses input by GNOME's idle monitor on the session bus. It implements Sensor.
//
// The monitor tells when input has been quiet for a time, and when it is back, by watches that it is given: the one goes
// off in each silence, the other once. It counts from the last input, for everybody.
type Mutter struct {
	session *bus.Bus
	input   func(Input)
	log     *slog.Logger

	pause struct { // apart from mu, which is held while the monitor is asked
		sync.Mutex
		threshold time.Duration
		looking   bool // a goroutine is about to look
	}

	mu     sync.Mutex
	up     context.Context // the connection's, nil while there is none
	owner  string          // the monitor's unique name, "" while there is none
	quiet  quiet
	watch  uint32        // set for at, 0 for none
	at     time.Duration // so long a silence
	active uint32        // set to go off at the next input, 0 for none
	fresh  bool          // active has only just been set
	why    string        // why it is not known, as last reported
	done   bool          // retired
	again  *time.Timer   // looks at a monitor that did not answer
}

// NewMutter attaches a Mutter to the session bus, which must not run yet. input is called by one goroutine at a time
// and holds up the sensor.
func NewMutter(session *bus.Bus, input func(Input), log *slog.Logger) *Mutter {
	m := &Mutter{session: session, input: input, log: log}
	m.pause.threshold = defaultThreshold
	m.again = time.AfterFunc(time.Hour, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.look()
	})
	m.again.Stop()
	session.Attach((*mutterTenant)(m), bus.OwnerChanges(mutterName),
		bus.Match{Sender: mutterName, Path: mutterPath, Interface: mutterName, Member: "WatchFired"})
	return m
}

// Run implements Sensor. The bus does the work.
func (m *Mutter) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// Watch implements Sensor.
func (m *Mutter) Watch(threshold time.Duration, _ ...time.Duration) {
	threshold = max(threshold, time.Millisecond) // the monitor counts milliseconds
	m.pause.Lock()
	defer m.pause.Unlock()
	if threshold == m.pause.threshold {
		return
	}
	m.pause.threshold = threshold
	if m.pause.looking {
		return
	}
	m.pause.looking = true
	go func() { // it ends with the answer, or when that takes too long
		m.mu.Lock()
		defer m.mu.Unlock()
		m.look()
	}()
}

// threshold is the one in force. Whoever changes it from now on has to see to it that it is looked at.
func (m *Mutter) threshold() time.Duration {
	m.pause.Lock()
	defer m.pause.Unlock()
	m.pause.looking = false
	return m.pause.threshold
}

// Idle implements Sensor.
func (m *Mutter) Idle(ctx context.Context) (time.Duration, error) {
	return (*mutterCounter)(m).idle(ctx)
}

// retire ends all sensing for good: another sensor is in use.
func (m *Mutter) retire() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done = true
	m.drop()
}

// A mutterTenant is a Mutter as the bus sees it.
type mutterTenant Mutter

func (t *mutterTenant) Connected(ctx context.Context) {
	m := (*Mutter)(t)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.up = ctx
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	owner, err := m.session.Owner(ctx, mutterName)
	if err != nil {
		m.lost("the session bus does not answer", err)
		return
	}
	m.ownedBy(owner)
}

func (t *mutterTenant) Lost(why error) {
	m := (*Mutter)(t)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.up = nil
	m.forget()
	m.lost("there is no session bus to ask GNOME by", why)
}

func (t *mutterTenant) Signal(_ context.Context, s *dbus.Signal) {
	m := (*Mutter)(t)
	m.mu.Lock()
	defer m.mu.Unlock()
	if owner, ok := bus.NewOwner(s, mutterName); ok {
		if owner != m.owner { // else Connected has seen it already
			m.ownedBy(owner)
		}
		return
	}
	if s.Sender != m.owner || len(s.Body) != 1 {
		return // anybody on the bus can send us a signal
	}
	switch id, _ := s.Body[0].(uint32); id {
	case 0:
	case m.watch:
		m.look()
	case m.active:
		m.active = 0
		m.quiet.back = m.quiet.state == Idle // else a look has seen it already
		m.look()
	}
}

// ownedBy begins anew with the monitor of that owner. It also comes when signals may have been missed.
func (m *Mutter) ownedBy(owner string) {
	if owner != m.owner {
		m.forget()
	}
	m.owner = owner
	if owner == "" {
		m.lost("GNOME's idle monitor is not running", nil)
		return
	}
	m.drop()
	if m.quiet.state == "" && !m.done {
		m.log.Info("watching input by GNOME's idle monitor")
	}
	m.look()
}

// forget drops all that a monitor has said. Its watches have gone with it.
func (m *Mutter) forget() {
	m.owner, m.watch, m.active = "", 0, 0
	m.quiet = quiet{
		source: sourceMutter, how: mutterName, input: m.input, threshold: m.threshold, counter: (*mutterCounter)(m),
	}
}

// look looks, and once more where the person may have come back before that was watched for.
func (m *Mutter) look() {
	m.threshold() // from here on a change has to be looked at again
	if m.owner == "" || m.up == nil || m.done {
		return
	}
	m.fresh = false
	m.again.Stop()
	err := m.quiet.look(m.up)
	if err == nil && m.fresh {
		err = m.quiet.look(m.up)
	}
	switch {
	case err == nil:
		m.why = ""
	case m.up.Err() == nil: // else Lost will say so
		why := "GNOME's idle monitor cannot be asked: " + err.Error()
		if errors.Is(err, context.DeadlineExceeded) {
			why = "GNOME's idle monitor does not answer"
		}
		m.lost(why, err)
		m.again.Reset(lastRetry) // of one that hangs, and goes on, nothing tells
	}
}

// lost reports that nothing is known of the input, unless that was said for this very reason already.
func (m *Mutter) lost(why string, err error) {
	m.quiet.state, m.quiet.told = "", false // whatever comes next is news
	if m.done || why == m.why {
		return
	}
	m.why = why
	m.log.Info("GNOME tells nothing of input", "why", why, "error", err)
	m.input(Input{State: Unknown, Source: sourceMutter, Why: why})
}

// drop takes the watches back, which also forgets those that went off unheard.
func (m *Mutter) drop() {
	for _, id := range []*uint32{&m.watch, &m.active} {
		if *id != 0 && m.owner != "" && m.up != nil {
			_ = (*mutterCounter)(m).call(m.up, "RemoveWatch", *id).Err
		}
		*id = 0
	}
}

// A mutterCounter is a Mutter as its quiet sees it.
type mutterCounter Mutter

func (c *mutterCounter) call(ctx context.Context, method string, args ...any) *dbus.Call {
	return c.session.Call(ctx, mutterName, mutterPath, mutterName+"."+method, args...)
}

func (c *mutterCounter) idle(ctx context.Context) (time.Duration, error) {
	var ms uint64
	if err := c.call(ctx, "GetIdletime").Store(&ms); err != nil {
		return 0, fmt.Errorf("GetIdletime: %w", err)
	}
	return time.Duration(min(ms, 1<<53)) * time.Millisecond, nil
}

func (c *mutterCounter) hasAlarms() bool { return true }

// alarmAt sets the watch that goes off in each silence of that length, at once in one that is longer already.
func (c *mutterCounter) alarmAt(ctx context.Context, idle time.Duration) error {
	if c.watch != 0 && c.at == idle {
		return nil
	}
	if c.watch != 0 {
		_ = c.call(ctx, "RemoveWatch", c.watch).Err
	}
	c.watch, c.at = 0, idle
	return c.call(ctx, "AddIdleWatch", uint64(idle.Milliseconds())).Store(&c.watch)
}

// alarmBelow sets the watch that goes off at the next input. One that has come since the idle time was asked for it does
// not see: hence fresh.
func (c *mutterCounter) alarmBelow(ctx context.Context, _ time.Duration) error {
	if c.active != 0 {
		return nil
	}
	c.fresh = true
	return c.call(ctx, "AddUserActiveWatch").Store(&c.active)
}
