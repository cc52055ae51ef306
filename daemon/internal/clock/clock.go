// Package clock reads the wall, monotonic and boot clocks together and holds the one timer of the daemon.
//
// Three clocks are needed to tell apart what one cannot: the boot clock counts suspend and the monotonic clock
// does not, so ΔBoot−ΔMono is time asleep, and ΔWall−ΔBoot is somebody setting the clock. Go's own timers and
// time.Since stand still during suspend (golang/go#24595), so nothing else in the daemon reads the time.
package clock

import "time"

// A Reading is the three clocks at one moment. The zero Reading is no moment at all.
type Reading struct {
	Boot time.Duration `json:"boot"` // since boot, suspend counted (CLOCK_BOOTTIME)
	Mono time.Duration `json:"mono"` // since boot, suspend not counted (CLOCK_MONOTONIC)
	Wall time.Time     `json:"wall"` // UTC, may be stepped (CLOCK_REALTIME)
}

// sleepNoise is how far boot and monotonic time may drift apart between two readings without a suspend: the two
// are read one after the other, and a real suspend takes seconds.
const sleepNoise = 500 * time.Millisecond

// Since splits the time from earlier to r into time awake and time asleep. Neither is ever negative; a reading
// taken before earlier gives zeroes. A stopped process or a slow machine is time awake.
func (r Reading) Since(earlier Reading) (awake, asleep time.Duration) {
	total := r.Boot - earlier.Boot
	if total <= 0 {
		return 0, 0
	}
	asleep = total - (r.Mono - earlier.Mono)
	if asleep < sleepNoise {
		return total, 0
	}
	return total - min(asleep, total), min(asleep, total)
}

// A Zone is a time zone as a value: its name and its TZif data, so that pure rooms need no zone database.
type Zone struct {
	Name string `json:"name"`
	TZif []byte `json:"tzif,omitempty"` // empty: UTC
}
