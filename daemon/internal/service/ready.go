package service

import (
	"context"
	"os"
	"strconv"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// Ready tells the service manager that started us that the daemon answers now. Without one it does nothing.
func Ready() error { return tell(daemon.SdNotifyReady) }

// Stopping tells the service manager that the daemon is on its way out.
func Stopping() error { return tell(daemon.SdNotifyStopping) }

func tell(state string) error {
	_, err := daemon.SdNotify(false, state)
	return err
}

// Watchdog tells the service manager twice in the time it asks for that alive has returned without an error, until ctx
// ends. Where nobody asks it returns at once.
func Watchdog(ctx context.Context, alive func(context.Context) error) error {
	every := watchdogTime() / 2
	if every <= 0 {
		return nil
	}
	timer := time.NewTimer(every)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		// A loop that never answers is the manager's to end: what waits for it here waits until then.
		if err := alive(ctx); err == nil {
			if err := tell(daemon.SdNotifyWatchdog); err != nil {
				return err
			}
		}
		timer.Reset(every)
	}
}

// watchdogTime is how long the service manager waits for a sign of life, 0 where it does not.
func watchdogTime() time.Duration {
	if pid := os.Getenv("WATCHDOG_PID"); pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return 0
	}
	usec, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	if err != nil || usec <= 0 {
		return 0
	}
	return time.Duration(usec) * time.Microsecond
}

// Managed tells whether a service manager has started this process.
func Managed() bool { return os.Getenv("NOTIFY_SOCKET") != "" }
