package daemon

import (
	"context"
	"sync"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/clock"
)

// A machine is a simulated computer as far as its clocks go: inside a synctest bubble, whose one clock is the time
// awake, it can be suspended, restarted, carried to another time zone and have its clock set. It is a clock.Source.
type machine struct {
	began time.Time // in the bubble
	epoch time.Time // what the clock on the wall showed then

	mu      sync.Mutex
	asleep  time.Duration // so far, by all suspends
	stepped time.Duration // how far the wall clock was set forward, in sum
	zone    clock.Zone
	boots   int
	upSince clock.Reading // what the clocks counted at the last boot
	alarms  map[*alarm]bool
	stopped bool // the daemon gets no processor: SIGSTOP, or a machine that thrashes
	steps   chan struct{}
}

// firstUptime is how long the machine has been up when the daemon first starts.
const firstUptime = time.Hour

func newMachine(epoch time.Time, zone clock.Zone) *machine {
	return &machine{
		began: time.Now(), epoch: epoch, zone: zone, alarms: map[*alarm]bool{}, steps: make(chan struct{}, 1),
		upSince: clock.Reading{Boot: -firstUptime, Mono: -firstUptime},
	}
}

func (m *machine) Now() clock.Reading {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.nowLocked()
}

func (m *machine) nowLocked() clock.Reading {
	awake := time.Since(m.began)
	return clock.Reading{
		Boot: awake + m.asleep - m.upSince.Boot, Mono: awake - m.upSince.Mono,
		Wall: m.epoch.Add(awake + m.asleep + m.stepped),
	}
}

func (m *machine) BootID() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return "boot" + string(rune('A'+m.boots))
}

func (m *machine) LocalZone() clock.Zone {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.zone
}

// WatchSteps is the timer that the kernel cancels when the clock is set.
func (m *machine) WatchSteps(ctx context.Context, stepped func()) {
	for {
		select {
		case <-m.steps:
			stepped()
		case <-ctx.Done():
			return
		}
	}
}

// sleep suspends the machine.
func (m *machine) sleep(d time.Duration) {
	m.mu.Lock()
	m.asleep += d
	for a := range m.alarms {
		a.setLocked()
	}
	m.mu.Unlock()
	m.tellStep()
}

// step sets the wall clock.
func (m *machine) step(d time.Duration) {
	m.mu.Lock()
	m.stepped += d
	m.mu.Unlock()
	m.tellStep()
}

func (m *machine) tellStep() {
	select {
	case m.steps <- struct{}{}:
	default:
	}
}

// reboot is that the machine was off for d: its wall clock ran on a battery. Nothing of ours may run.
func (m *machine) reboot(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asleep += d
	m.boots++
	m.upSince = clock.Reading{}
	now := m.nowLocked()
	m.upSince = clock.Reading{Boot: now.Boot - 20*time.Second, Mono: now.Mono - 20*time.Second} // 20 s to the desktop
}

// stop keeps alarms from being heard for d.
func (m *machine) stop(d time.Duration) {
	m.mu.Lock()
	m.stopped = true
	m.mu.Unlock()
	time.Sleep(d)
	m.mu.Lock()
	m.stopped = false
	for a := range m.alarms {
		a.setLocked()
	}
	m.mu.Unlock()
}

// An alarm is a timer on the boot clock.
type alarm struct {
	machine *machine
	c       chan struct{}
	timer   *time.Timer
	at      time.Duration // 0 for disarmed
}

// NewAlarm is the machine's timerfd.
func (m *machine) NewAlarm() clock.Alarm {
	m.mu.Lock()
	defer m.mu.Unlock()
	a := &alarm{machine: m, c: make(chan struct{}, 1)}
	a.timer = time.AfterFunc(time.Hour, a.fire)
	a.timer.Stop()
	m.alarms[a] = true
	return a
}

func (a *alarm) C() <-chan struct{} { return a.c }

func (a *alarm) Arm(at time.Duration) error {
	a.machine.mu.Lock()
	defer a.machine.mu.Unlock()
	a.at = max(at, 1)
	a.setLocked()
	return nil
}

func (a *alarm) setLocked() {
	a.timer.Stop()
	if a.at != 0 && !a.machine.stopped {
		a.timer.Reset(max(0, a.at-a.machine.nowLocked().Boot))
	}
}

func (a *alarm) fire() {
	a.machine.mu.Lock()
	defer a.machine.mu.Unlock()
	if a.at == 0 || a.machine.stopped || a.machine.nowLocked().Boot < a.at {
		return
	}
	a.at = 0
	select {
	case a.c <- struct{}{}:
	default:
	}
}

func (a *alarm) Close() error {
	a.machine.mu.Lock()
	defer a.machine.mu.Unlock()
	a.timer.Stop()
	delete(a.machine.alarms, a)
	return nil
}
