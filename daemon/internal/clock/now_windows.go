package clock

import (
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var unbiasedTime = windows.NewLazySystemDLL("kernel32.dll").NewProc("QueryUnbiasedInterruptTime")

// machineNow reads the three clocks together. Boot comes in steps of some 16 ms.
func machineNow() Reading {
	return Reading{
		Boot: windows.DurationSinceBoot(),
		Mono: unbiased(),
		Wall: time.Now().UTC().Round(0),
	}
}

// unbiased is the time since boot without sleep.
func unbiased() time.Duration {
	var ticks uint64                                             // of 100 ns
	_, _, _ = unbiasedTime.Call(uintptr(unsafe.Pointer(&ticks))) // fails for a nil pointer only
	return time.Duration(ticks) * 100
}

// machineBootID is empty: Boot readings of two runs cannot be compared here.
func machineBootID() string { return "" }
