//go:build !linux

package notify

import "github.com/gen2brain/beeep"

// play beeps: there is one sound where the desktop has no theme of them.
func play(string) error { return beeep.Beep(beeep.DefaultFreq, beeep.DefaultDuration) }
