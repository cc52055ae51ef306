package service

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// How long a process may take to come up, and to go away when asked to.
const (
	comeUp = 10 * time.Second
	goAway = 5 * time.Second
)

// look is how often a process is looked at while it comes or goes, by a command that somebody waits for.
const look = 20 * time.Millisecond

// awaitDaemon waits until the daemon has its lock.
func (s *Service) awaitDaemon(ctx context.Context) error {
	if !await(ctx, comeUp, s.Daemon.Alive) {
		return &Error{Message: "the daemon does not come up", Hint: "to see why, run it in a terminal: unhunch daemon"}
	}
	return nil
}

func await(ctx context.Context, most time.Duration, ok func() bool) bool {
	timeout, every := time.NewTimer(most), time.NewTicker(look)
	defer timeout.Stop()
	defer every.Stop()
	for !ok() {
		select {
		case <-every.C:
		case <-timeout.C:
			return ok()
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// spawn starts a program that outlives this one and its terminal.
func spawn(path string, args ...string) error {
	cmd := exec.Command(path, args...)
	cmd.SysProcAttr = detached()
	cmd.Dir = os.Getenv("HOME")
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Process.Release()
}

// startTray starts the icon where there is a desktop to show it and none is there yet.
func (s *Service) startTray(ctx context.Context) error {
	if s.Tray == "" || !onDesktop() || s.trayPID() != 0 {
		return nil
	}
	if err := spawn(s.Tray); err != nil {
		return errors.New("the tray icon does not start: " + err.Error())
	}
	if runtime.GOOS != "windows" && !await(ctx, goAway, func() bool { return s.trayPID() != 0 }) {
		return errors.New("the tray icon does not come up; to see why, run in a terminal: unhunch-tray")
	}
	return nil
}

// stopTray ends the icon.
func (s *Service) stopTray(ctx context.Context) (stopped bool, err error) {
	pid := s.trayPID()
	if pid == 0 {
		return false, nil
	}
	if err := terminate(pid); err != nil {
		return false, &Error{Message: "the tray icon does not end", Cause: err, Hint: "end it by its menu: Hide this icon"}
	}
	if !await(ctx, goAway, func() bool { return s.trayPID() == 0 }) {
		return false, &Error{Message: "the tray icon does not end", Hint: "end it by its menu: Hide this icon"}
	}
	return true, nil
}
