package daemon

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/internal/files"
	"github.com/unhunch/unhunch/daemon/internal/service"
)

// What the command line needs of the service.
type (
	// A Service installs, starts, stops and removes what keeps the daemon running.
	Service = service.Service
	// ServiceStatus is what there is of it.
	ServiceStatus = service.Status
	// A ServiceError is what is wrong and what to try.
	ServiceError = service.Error
)

// NewService is the service of this person, for the program that runs and the tray beside it. What it does is told to
// log.
func NewService(log io.Writer) (*Service, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &Service{Program: program, Log: log, Daemon: runningDaemon{}}
	tray := filepath.Join(filepath.Dir(program), "unhunch-tray")
	if runtime.GOOS == "windows" {
		tray += ".exe"
	}
	if info, err := os.Stat(tray); err == nil && info.Mode().IsRegular() {
		s.Tray = tray
	}
	if socket, err := files.SocketPath(); err == nil && runtime.GOOS != "windows" {
		s.RunDir = filepath.Dir(socket)
	}
	return s, nil
}

// A runningDaemon is whichever answers on the person's socket.
type runningDaemon struct{}

const (
	// answers is how long a daemon may take to answer whether it is there.
	answers = 3 * time.Second
	// ends is how long it may take to save its state and go.
	ends = 10 * time.Second
	// askEvery is how often it is asked meanwhile.
	askEvery = 20 * time.Millisecond
)

func (runningDaemon) Alive() bool {
	c, err := client.Default()
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), answers)
	defer cancel()
	_, err = c.State(ctx)
	_, absent := errors.AsType[*client.NotRunning](err)
	return !absent
}

func (r runningDaemon) Quit(ctx context.Context) error {
	c, err := client.Default()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, ends)
	defer cancel()
	if err := c.Quit(ctx); err != nil {
		if _, absent := errors.AsType[*client.NotRunning](err); absent {
			return nil
		}
		return &ServiceError{Message: "the running daemon does not end", Cause: err, Hint: "end it by hand"}
	}
	for r.Alive() || locked() { // it closes its door first, and saves last
		select {
		case <-time.After(askEvery):
		case <-ctx.Done():
			return &ServiceError{Message: "the running daemon does not end", Hint: "end it by hand"}
		}
	}
	return nil
}

// locked tells whether a daemon still has the lock, which would keep the next one from starting.
func locked() bool {
	dir, err := files.StateDir()
	if err != nil {
		return false
	}
	lock, err := files.TakeLock(filepath.Join(dir, "lock"))
	if _, held := errors.AsType[files.ErrHeld](err); held {
		return true
	}
	if err == nil {
		_ = lock.Release()
	}
	return false
}

// firstSight is how long a daemon that has just started gets to find its way about the desktop.
const firstSight = 3 * time.Second

// FirstLook is what a person who has just installed the service wants to know: whether it sees them, how it will ask,
// and who else does.
func FirstLook(ctx context.Context, st ServiceStatus) []api.Check {
	ctx, cancel := context.WithTimeout(ctx, firstSight)
	defer cancel()
	checks := daemonChecks(ctx)
	return append(append(checks, trayCheck(ctx, st)), remindersLook(ctx)...)
}

// daemonChecks asks the daemon until it has found its sensors, or time is up.
func daemonChecks(ctx context.Context) []api.Check {
	var found []api.Check
	c, err := client.Default()
	for err == nil {
		var report api.Doctor
		report, err = c.Doctor(ctx)
		if err != nil {
			break
		}
		found = found[:0]
		well := true
		for _, check := range report.Checks {
			if check.Part == "presence" || check.Part == "notify" {
				if check.Part == "notify" {
					check.Detail, _, _ = strings.Cut(check.Detail, " (") // what the server can do is for the doctor
				}
				found = append(found, check)
				well = well && check.Status == checkOK
			}
		}
		select {
		case <-ctx.Done():
			return found
		case <-time.After(10 * askEvery):
		}
		if well || os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" { // else it may be on its way there
			return found
		}
	}
	if found == nil && err != nil {
		found = []api.Check{{Part: "daemon", Status: checkMissing, Detail: err.Error(), Hint: "see: unhunch doctor"}}
	}
	return found
}

// trayCheck says whether there is an icon, and a panel to show it.
func trayCheck(ctx context.Context, st ServiceStatus) api.Check {
	c := api.Check{Part: "tray", Status: checkDegraded}
	const elsewhere = "the application's own menu offers the same: Stretch now, Today, Off until tomorrow"
	switch {
	case !st.Tray.Found:
		c.Detail, c.Hint = "there is no unhunch-tray beside this program", "without an icon, "+elsewhere
	case !st.Tray.Running && !st.Tray.Enabled:
		c.Detail, c.Hint = "the icon does not start with the desktop", "without an icon, "+elsewhere
	case !trayHost(ctx):
		c.Detail = "no panel here shows tray icons"
		c.Hint = "on GNOME that takes the AppIndicator extension; until then, " + elsewhere
	case !st.Tray.Running:
		c.Detail, c.Hint = "the icon comes with the next login", "for one now: unhunch-tray"
	default:
		c.Status, c.Detail = checkOK, "the icon is in the panel, and comes back at login"
	}
	return c
}

// Purge removes settings, state and history of this person. Nothing may be running.
func Purge() (removed []string, err error) {
	state, err := files.StateDir()
	if err != nil {
		return nil, err
	}
	settings, err := files.ConfigDir()
	if err != nil {
		return nil, err
	}
	if path, pathErr := config.Path(); pathErr == nil && filepath.Dir(path) != settings {
		settings = "" // somewhere else, and not ours to clear
	}
	for _, dir := range []string{state, settings} {
		if dir == "" {
			continue
		}
		if _, statErr := os.Lstat(dir); statErr != nil {
			continue
		}
		if removeErr := os.RemoveAll(dir); removeErr != nil {
			err = errors.Join(err, removeErr)
			continue
		}
		removed = append(removed, dir)
	}
	return removed, err
}
