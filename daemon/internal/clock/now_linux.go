package clock

import (
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// machineNow reads the three clocks together.
func machineNow() Reading {
	// A suspend between two of them would look like somebody setting the clock, so a torn reading is taken again. On a
	// machine too busy for a whole one the last will do: it is off by the delay, and that is awake time.
	const whole, attempts = 10 * time.Millisecond, 5
	var r Reading
	for range attempts {
		start := read(unix.CLOCK_BOOTTIME)
		r.Mono = read(unix.CLOCK_MONOTONIC)
		r.Wall = time.Unix(0, int64(read(unix.CLOCK_REALTIME))).UTC()
		r.Boot = read(unix.CLOCK_BOOTTIME) // last, to be never less than Mono
		if r.Boot-start < whole {
			break
		}
	}
	return r
}

// read reads one of the clocks that every Linux has.
func read(clock int32) time.Duration {
	var ts unix.Timespec
	_ = unix.ClockGettime(clock, &ts) // fails for unknown clocks only
	return time.Duration(ts.Nano())
}

// machineBootID is the kernel's random name for the time since boot. It is empty where there is none.
func machineBootID() string {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(id))
}
