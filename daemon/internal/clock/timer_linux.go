package clock

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Timer fires at a boot time, also one that passes during suspend: then as soon as the machine wakes. Its methods may
// be called from any goroutine.
type Timer struct {
	file *os.File
	c    chan struct{}
}

// NewTimer returns a disarmed timer. It costs a file descriptor and a goroutine until it is closed.
func NewTimer() (*Timer, error) {
	file, err := newTimerFile(unix.CLOCK_BOOTTIME)
	if err != nil {
		return nil, fmt.Errorf("no timer on the boot clock: %w", err)
	}
	t := &Timer{file: file, c: make(chan struct{}, 1)}
	go t.run()
	return t, nil
}

// C delivers once for each time the timer fires, unless it still holds the last one. What it holds may be from before
// the last Arm, so look at the clock.
func (t *Timer) C() <-chan struct{} { return t.c }

// Arm sets the timer to fire at a boot time, in place of the one set before. A time in the past fires at once.
func (t *Timer) Arm(boot time.Duration) error {
	return setTimer(t.file, unix.TFD_TIMER_ABSTIME, max(boot, 1)) // 0 would disarm it
}

// Disarm keeps the timer from firing until it is armed again.
func (t *Timer) Disarm() error { return setTimer(t.file, 0, 0) }

// Close stops the timer for good.
func (t *Timer) Close() error { return t.file.Close() }

func (t *Timer) run() {
	var expirations [8]byte
	for {
		if _, err := t.file.Read(expirations[:]); err != nil {
			return // closed
		}
		select {
		case t.c <- struct{}{}:
		default:
		}
	}
}

// watchSteps waits for the kernel to say that the clock was set.
func watchSteps(ctx context.Context, stepped func()) error {
	file, err := newTimerFile(unix.CLOCK_REALTIME)
	if err != nil {
		return fmt.Errorf("steps of the wall clock go unnoticed: %w", err)
	}
	defer file.Close()
	defer context.AfterFunc(ctx, func() { file.Close() })()

	var expirations [8]byte
	for {
		// The timer itself never fires: what counts is that the kernel cancels it when the clock is set.
		const cancelled = unix.TFD_TIMER_ABSTIME | unix.TFD_TIMER_CANCEL_ON_SET
		err := setTimer(file, cancelled, math.MaxInt64)
		if err == nil {
			_, err = file.Read(expirations[:])
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, unix.ECANCELED):
			stepped()
		case err != nil:
			return fmt.Errorf("steps of the wall clock go unnoticed: %w", err)
		}
	}
}

// newTimerFile makes a timer whose reads Go's poller waits for, so that they hold no thread.
func newTimerFile(clock int) (*os.File, error) {
	fd, err := unix.TimerfdCreate(clock, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("timerfd_create", err)
	}
	return os.NewFile(uintptr(fd), "timer"), nil
}

func setTimer(file *os.File, flags int, at time.Duration) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var set error
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(at))}
	if err := raw.Control(func(fd uintptr) { set = unix.TimerfdSettime(int(fd), flags, &spec, nil) }); err != nil {
		return err
	}
	return os.NewSyscallError("timerfd_settime", set)
}
