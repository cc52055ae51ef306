//go:build windows || cgo

// Command unhunch-tray shows the icon and menu of Unhunch in the panel.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

func main() {
	// It sleeps nearly all of the time, and all it does is short. A second processor would only be woken to look for
	// work.
	runtime.GOMAXPROCS(1)
	// A heap of two megabytes is collected at three and not at four, as the daemon's.
	debug.SetGCPercent(50)
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}
