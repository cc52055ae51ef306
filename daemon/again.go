package daemon

import (
	"context"
	"os"

	"github.com/unhunch/unhunch/daemon/internal/files"
)

// An Again is Run's error when the daemon has ended in order to be started anew, by the same process: all is saved, and
// the socket and the lock are free.
type Again struct {
	Why string

	program string
	env     []string
}

func (a *Again) Error() string { return "the daemon starts anew: " + a.Why }

// restart ends the daemon so that it is started anew.
func (d *daemon) restart(a *Again) {
	d.opts.Log.Info("starting anew", "why", a.Why)
	d.again.Store(a)
	d.quit()
}

// onAnotherScreen starts anew where the person's desktop is now. Everything that goes by the environment (the display
// and its key, the kind of session, programs that are started) goes by the new one then, which nothing else achieves
// for sure. The count goes on: it is saved, and the gap is milliseconds.
func (d *daemon) onAnotherScreen(ctx context.Context, env []string) {
	if !d.between(ctx) {
		return
	}
	d.restart(&Again{Why: "the desktop is on another display", program: files.Self().Path(), env: env})
}

// between waits until no session runs, which a new start would interrupt. false means that ctx has ended.
func (d *daemon) between(ctx context.Context) bool {
	for {
		changed := d.Changed()
		if session := d.now().Session; session == nil || session.Phase == "done" {
			return ctx.Err() == nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// watchUpgrade starts anew when the program has been replaced and the person is away. It looks when they leave: that is
// often enough for something that nobody waits for. It never ends before ctx.
func (d *daemon) watchUpgrade(ctx context.Context, self files.Binary) error {
	wasAway := false
	for {
		changed := d.Changed()
		s := d.now()
		away := s.Posture == "away"
		if away && !wasAway && s.Session == nil && self.Replaced(ctx, "version") {
			d.restart(&Again{Why: "the program has been replaced, and nobody is at the desk", program: self.Path(), env: os.Environ()})
		}
		wasAway = away
		select {
		case <-changed:
		case <-ctx.Done():
			return nil
		}
	}
}
