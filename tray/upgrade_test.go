package tray_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/tray"
)

// TestOtherVersion: a daemon of another version is told of, and a tray whose program was replaced ends to start anew. It
// is looked for once for each daemon.
func TestOtherVersion(t *testing.T) {
	tests := []struct {
		name, daemon string
		replaced     bool
		want         error
		line         string
		looks        int
	}{
		{"the same", "1.0", true, nil, "", 0},
		{"a daemon built without one", "dev", true, nil, "", 0},
		{"a newer daemon, our program replaced", "1.1", true, tray.ErrReplaced, "", 1},
		{"our program is still the same", "1.1", false, nil, words.TrayOtherVersion, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				b := &bench{newShower(), newDaemon(), make(chan error, 1), cancel}
				looks := 0
				o := tray.Options{Daemon: b, Shower: b, Zone: time.UTC, Version: "1.0"}
				o.Replaced = func(context.Context) bool { looks++; return tt.replaced }
				go func() { b.ended <- tray.Run(ctx, o) }()
				for rev := range uint64(3) {
					if s := sitting(rev+1, 0); !b.hasEnded() {
						s.Version = tt.daemon
						b.tell(s)
					}
				}
				if e := b.entry("problem"); tt.want == nil && e.Title != tt.line {
					t.Errorf("the menu says %q, want %q", e.Title, tt.line)
				}
				synctest.Wait()
				cancel()
				if err := <-b.ended; err != tt.want || looks != tt.looks {
					t.Errorf("ended with %v after %d looks, want %v after %d", err, looks, tt.want, tt.looks)
				}
			})
		})
	}
}
