package clock

import (
	"time"

	"golang.org/x/sys/unix"
)

// machineNow reads the three clocks together. Darwin's names say the opposite of Linux's: its monotonic clock counts
// sleep.
func machineNow() Reading {
	return Reading{
		Boot: read(unix.CLOCK_MONOTONIC_RAW),
		Mono: read(unix.CLOCK_UPTIME_RAW),
		Wall: time.Now().UTC().Round(0),
	}
}

func read(clock int32) time.Duration {
	var ts unix.Timespec
	_ = unix.ClockGettime(clock, &ts) // fails for unknown clocks only
	return time.Duration(ts.Nano())
}

// machineBootID is empty: Boot readings of two runs cannot be compared here.
func machineBootID() string { return "" }
