package service

import (
	"context"
	"errors"
	"io"
	"os"
	"syscall"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// logon keeps the daemon by the person's own list of programs to start at logon.
//
// Not by a service of the machine, which is all that kardianos/service can install here: such a service lives in session
// 0, where it sees the input of no keyboard and its notifications reach nobody. It cross-builds; nobody has run it yet.
type logon struct{ *Service }

// runKey is that list.
const runKey = `Software\Microsoft\Windows\CurrentVersion\Run`

// Names in the list.
const (
	daemonValue = "Unhunch"
	trayValue   = "Unhunch tray icon"
)

func (s *Service) keeper() (keeper, error) { return logon{s}, nil }

func (logon) name() string { return "logon" }

func (l logon) install(ctx context.Context) error {
	before, _ := l.status(ctx)
	if err := list(daemonValue, `"`+l.Program+`" daemon`); err != nil {
		return err
	}
	if l.Tray != "" {
		if err := list(trayValue, `"`+l.Tray+`"`); err != nil {
			return err
		}
	}
	if err := l.start(ctx); err != nil {
		if !before.Installed {
			_, _ = l.uninstall(ctx)
		}
		return err
	}
	return nil
}

func list(name, command string) error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return &Error{Message: "the list of programs to start at logon cannot be changed", Cause: err}
	}
	defer key.Close()
	return key.SetStringValue(name, command)
}

func listed(name string) bool {
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if err != nil {
		return false
	}
	defer key.Close()
	_, _, err = key.GetStringValue(name)
	return err == nil
}

func (l logon) uninstall(context.Context) (found bool, err error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return false, nil
	}
	defer key.Close()
	for _, name := range []string{daemonValue, trayValue} {
		removeErr := key.DeleteValue(name)
		switch {
		case removeErr == nil:
			found = true
		case !errors.Is(removeErr, registry.ErrNotExist):
			err = errors.Join(err, removeErr)
		}
	}
	return found, err
}

func (l logon) start(ctx context.Context) error {
	if l.Daemon.Alive() {
		return nil
	}
	if err := spawn(l.Program, "daemon"); err != nil {
		return &Error{Message: "the daemon does not start", Cause: err, Hint: "to see why, run: unhunch daemon"}
	}
	return l.awaitDaemon(ctx)
}

func (l logon) stop(ctx context.Context) error { return l.Daemon.Quit(ctx) }

func (l logon) restart(ctx context.Context) error {
	if err := l.stop(ctx); err != nil {
		return err
	}
	return l.start(ctx)
}

func (l logon) status(context.Context) (Status, error) {
	st := Status{Kept: l.name(), Running: l.Daemon.Alive()}
	if listed(daemonValue) {
		st.Installed, st.Enabled, st.By = true, true, ByYou
	}
	return st, nil
}

func (l logon) logs(context.Context, bool, int, io.Writer) error {
	return &Error{Message: "nobody keeps the daemon's log here", Hint: "to see what it says, run it in a terminal: unhunch daemon"}
}

// Administrators are people here, and what is installed is theirs alone.
func refuseRoot() error { return nil }

func (s *Service) entries(bool) []entry { return nil }
func (s *Service) allEntries() []entry  { return nil }
func (s *Service) trayEnabled() bool    { return listed(trayValue) }

// detached gives a process no console, and keeps Ctrl-C of ours from it.
func detached() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.DETACHED_PROCESS | windows.CREATE_NEW_PROCESS_GROUP}
}

func onDesktop() bool { return true }

// trayPID cannot tell: the tray says that it is there by a lock without a number.
func (s *Service) trayPID() int { return 0 }

func terminate(pid int) error {
	p, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	return p.Kill()
}
