package service

import (
	"context"
	"io"
	"os"
	"path/filepath"
)

// autostart keeps the daemon by an entry of the desktop, on machines without systemd. A daemon that crashes is then
// started again at the next login, or by hand.
type autostart struct{ *Service }

func (*autostart) name() string { return "autostart" }

func (a *autostart) install(ctx context.Context) error {
	path, err := daemonEntryPath()
	if err != nil {
		return err
	}
	a.say("there is no systemd here: the desktop starts the daemon at login, and nobody starts it again after a crash")
	back, wrote, err := put(entry{path, DaemonEntry(a.Program)})
	if err != nil {
		return err
	}
	if mine, _, err := ours(path); err == nil && !mine {
		return &Error{
			Message: path + " was not written by `unhunch service install`", Refused: true,
			Hint: "it is left alone; move it away, and try again",
		}
	}
	if err := a.start(ctx); err != nil {
		if wrote {
			back()
		}
		return err
	}
	return nil
}

func (a *autostart) uninstall(ctx context.Context) (found bool, err error) {
	path, err := daemonEntryPath()
	if err != nil {
		return false, err
	}
	found, err = removeOurs(path)
	if found {
		removeEmpty([]string{filepath.Dir(path)})
	}
	return found, err // whatever daemon runs is ended by the caller
}

func (a *autostart) start(ctx context.Context) error {
	if a.Daemon.Alive() {
		return nil
	}
	if err := spawn(a.Program, "daemon"); err != nil {
		return &Error{Message: "the daemon does not start", Cause: err, Hint: "to see why, run: unhunch daemon"}
	}
	return a.awaitDaemon(ctx)
}

func (a *autostart) stop(ctx context.Context) error { return a.Daemon.Quit(ctx) }

func (a *autostart) restart(ctx context.Context) error {
	if err := a.stop(ctx); err != nil {
		return err
	}
	return a.start(ctx)
}

func (a *autostart) status(context.Context) (Status, error) {
	st := Status{Kept: a.name(), Running: a.Daemon.Alive()}
	path, err := daemonEntryPath()
	if err != nil {
		return st, err
	}
	if _, err := os.Stat(path); err == nil {
		st.Installed, st.Enabled, st.By, st.File = true, true, ByYou, path
	}
	st.State = map[bool]string{true: "running", false: "stopped"}[st.Running]
	return st, nil
}

func (a *autostart) logs(context.Context, bool, int, io.Writer) error {
	return &Error{
		Message: "without systemd nobody keeps the daemon's log", Hint: "to see what it says, run it in a terminal: unhunch daemon",
	}
}
