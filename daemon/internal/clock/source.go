package clock

import (
	"context"
	"sync/atomic"
	"time"
)

// An Alarm fires at a boot time; see [Timer], which is the machine's.
type Alarm interface {
	C() <-chan struct{}
	Arm(boot time.Duration) error
	Close() error
}

// A Source is where the time comes from in place of this machine: libfaketime has no hold on a Go program, synctest has
// one clock where a suspend needs three, and a month is longer than a test may take.
type Source interface {
	Now() Reading
	NewAlarm() Alarm
	WatchSteps(ctx context.Context, stepped func())
	BootID() string
	LocalZone() Zone
}

// simulated is nil but in a simulation.
var simulated atomic.Pointer[Source]

// Simulate makes s the time of the whole process until end is called. One place for all clocks means that no room can
// forget to look at the simulated one.
func Simulate(s Source) (end func()) {
	simulated.Store(&s)
	return func() { simulated.Store(nil) }
}

// Now reads the three clocks together.
func Now() Reading {
	if s := simulated.Load(); s != nil {
		return (*s).Now()
	}
	return machineNow()
}

// NewAlarm is a disarmed alarm.
func NewAlarm() (Alarm, error) {
	if s := simulated.Load(); s != nil {
		return (*s).NewAlarm(), nil
	}
	return NewTimer()
}

// WatchSteps calls stepped whenever the wall clock may have been set, until ctx ends; then it returns nil. Resuming
// from suspend counts, for then the kernel sets the clock. NTP's slow corrections do not.
func WatchSteps(ctx context.Context, stepped func()) error {
	if s := simulated.Load(); s != nil {
		(*s).WatchSteps(ctx, stepped)
		return nil
	}
	return watchSteps(ctx, stepped)
}

// BootID is the machine's random name for the time since boot, within which Boot readings can be compared. It is empty
// where there is none.
func BootID() string {
	if s := simulated.Load(); s != nil {
		return (*s).BootID()
	}
	return machineBootID()
}

// LocalZone is the zone of $TZ, or else of the machine. Where that can't be told it is UTC, and the error says why; a
// machine without any zone is in UTC by custom.
func LocalZone() (Zone, error) {
	if s := simulated.Load(); s != nil {
		return (*s).LocalZone(), nil
	}
	return localZone()
}
