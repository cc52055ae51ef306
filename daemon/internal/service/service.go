package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// The name of the unit and of the program.
const (
	program  = "unhunch"
	trayName = "unhunch-tray"
)

// An Error is what is wrong and what to try.
type Error struct {
	Message string
	Hint    string
	Refused bool // a rule says no: exit code 4
	Absent  bool // there is no service
	Cause   error
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return e.Message + ": " + e.Cause.Error()
	}
	return e.Message
}

func (e *Error) Unwrap() error { return e.Cause }

// ErrNotInstalled is the error of starting what is not there.
var ErrNotInstalled = &Error{
	Message: "the service is not installed", Hint: "install it with: unhunch service install", Absent: true,
}

// A Status is what there is of a service.
type Status struct {
	Kept      string `json:"kept_by"` // what starts it: "systemd", "autostart", "launchd", "logon"
	Installed bool   `json:"installed"`
	By        string `json:"installed_by,omitempty"` // "you", "package", "administrator"
	File      string `json:"file,omitempty"`         // the unit or the entry in force
	Enabled   bool   `json:"enabled"`                // it starts at login
	Running   bool   `json:"running"`
	State     string `json:"state,omitempty"` // in the keeper's own words
	PID       int    `json:"pid,omitempty"`
	Tray      Tray   `json:"tray"`
	Trouble   string `json:"trouble,omitempty"` // what is half, and why
}

// A Tray is what there is of the tray icon.
type Tray struct {
	Found   bool `json:"found"` // there is a program beside ours
	Enabled bool `json:"enabled"`
	Running bool `json:"running"`
}

// Who installed it.
const (
	ByYou     = "you"
	ByPackage = "package"
	ByAdmin   = "administrator"
)

// A Daemon is the running one, whoever has started it.
type Daemon interface {
	// Alive says whether one holds the lock.
	Alive() bool
	// Quit ends it and returns when it is gone. No daemon is none to end.
	Quit(ctx context.Context) error
}

// A Service is unhunch as it is, or could be, installed for this person.
type Service struct {
	Program string    // absolute path of what is to run
	Tray    string    // absolute path of the tray program, empty where there is none
	Daemon  Daemon    // the running one
	RunDir  string    // where the daemon has its socket and the tray its lock while they run
	Log     io.Writer // what is done, a line each, for the person to read; nil for nobody
}

// A keeper is what starts the daemon at login and again after a crash.
type keeper interface {
	name() string
	// install makes it start at login, starts it now, and takes back what it has done when it fails.
	install(ctx context.Context) error
	// uninstall stops it and removes what install has made, from any half state. It says whether there was anything.
	uninstall(ctx context.Context) (found bool, err error)
	start(ctx context.Context) error
	stop(ctx context.Context) error
	restart(ctx context.Context) error
	status(ctx context.Context) (Status, error)
	logs(ctx context.Context, follow bool, lines int, out io.Writer) error
}

// Installed are what an installation found and did beyond the service itself.
type Installed struct {
	Already bool // everything was in place
	Status  Status
	Notes   []string // what the person should know
}

// Install makes the daemon and the tray start at every login, and starts both. What is in place already is left so.
// When it fails nothing is left of it.
func (s *Service) Install(ctx context.Context) (Installed, error) {
	if err := refuseRoot(); err != nil {
		return Installed{}, err
	}
	if err := s.checkProgram(); err != nil {
		return Installed{}, err
	}
	k, err := s.keeper()
	if err != nil {
		return Installed{}, err
	}
	before, err := k.status(ctx)
	if err != nil {
		return Installed{}, err
	}
	undo, changed, err := s.writeEntries(before.By == ByPackage || before.By == ByAdmin)
	if err != nil {
		return Installed{}, err
	}
	if err := k.install(ctx); err != nil {
		undo()
		return Installed{}, err
	}
	done := Installed{Already: before.Installed && before.Enabled && before.Running && !changed}
	if err := s.startTray(ctx); err != nil {
		done.Notes = append(done.Notes, err.Error())
	}
	done.Status, err = s.statusOf(ctx, k)
	return done, err
}

// Uninstall stops daemon and tray and removes what Install has made. It says whether there was anything.
func (s *Service) Uninstall(ctx context.Context) (found bool, err error) {
	if err := refuseRoot(); err != nil {
		return false, err
	}
	k, err := s.keeper()
	if err != nil {
		return false, err
	}
	found, err = k.uninstall(ctx)
	if s.Daemon.Alive() {
		found = true
		err = errors.Join(err, s.Daemon.Quit(ctx))
	}
	stopped, trayErr := s.stopTray(ctx)
	removed, entryErr := s.removeEntries()
	if s.RunDir != "" && !s.Daemon.Alive() && s.trayPID() == 0 {
		_ = os.RemoveAll(s.RunDir) // until the next login; it is gone after it anyway
	}
	return found || stopped || removed, errors.Join(err, trayErr, entryErr)
}

// Start starts the daemon, and does nothing where one runs.
func (s *Service) Start(ctx context.Context) error {
	return s.act(ctx, keeper.start)
}

// Stop stops the daemon, however it was started. It comes back at the next login.
func (s *Service) Stop(ctx context.Context) error {
	if err := refuseRoot(); err != nil {
		return err
	}
	k, err := s.keeper()
	if err != nil {
		return err
	}
	st, err := k.status(ctx)
	if err != nil {
		return err
	}
	if st.Installed || st.Running {
		err = k.stop(ctx)
	}
	if s.Daemon.Alive() { // one that somebody started by hand
		err = errors.Join(err, s.Daemon.Quit(ctx))
	}
	return err
}

// Restart starts the daemon anew.
func (s *Service) Restart(ctx context.Context) error { return s.act(ctx, keeper.restart) }

// act does something with a service that must be installed. A daemon that was started by hand makes way for it.
func (s *Service) act(ctx context.Context, do func(keeper, context.Context) error) error {
	if err := refuseRoot(); err != nil {
		return err
	}
	k, err := s.keeper()
	if err != nil {
		return err
	}
	st, err := k.status(ctx)
	switch {
	case !st.Installed:
		return ErrNotInstalled
	case err != nil:
		return err
	}
	if !st.Running && s.Daemon.Alive() {
		if err := s.Daemon.Quit(ctx); err != nil {
			return err
		}
	}
	return do(k, ctx)
}

// Status is what there is.
func (s *Service) Status(ctx context.Context) (Status, error) {
	k, err := s.keeper()
	if err != nil {
		return Status{}, err
	}
	return s.statusOf(ctx, k)
}

func (s *Service) statusOf(ctx context.Context, k keeper) (Status, error) {
	st, err := k.status(ctx)
	if err != nil {
		return st, err
	}
	st.Tray = Tray{Found: s.Tray != "", Enabled: s.trayEnabled(), Running: s.trayPID() != 0}
	if st.Trouble == "" && st.Installed && !st.Running && s.Daemon.Alive() {
		st.Trouble = "a daemon runs that was started by hand; to have the service run it: unhunch service start"
	}
	return st, nil
}

// Logs writes what the daemon has logged, the last lines of it, and what comes while follow.
func (s *Service) Logs(ctx context.Context, follow bool, lines int, out io.Writer) error {
	k, err := s.keeper()
	if err != nil {
		return err
	}
	return k.logs(ctx, follow, lines, out)
}

// say tells the person what is being done.
func (s *Service) say(format string, args ...any) {
	if s.Log != nil {
		fmt.Fprintf(s.Log, format+"\n", args...)
	}
}

// checkProgram refuses a program that will not be there at the next login.
func (s *Service) checkProgram() error {
	if !filepath.IsAbs(s.Program) {
		return &Error{Message: "cannot tell where this program is", Hint: "run it by its full path"}
	}
	if strings.Contains(s.Program, string(filepath.Separator)+"go-build") {
		return &Error{
			Message: "this program was built by `go run` and is removed when it ends", Refused: true,
			Hint: "build it with: make build",
		}
	}
	if strings.ContainsAny(s.Program, "\n\r") {
		return &Error{Message: "the path of this program has a line break in it", Hint: "move it elsewhere"}
	}
	if _, err := os.Stat(s.Program); err != nil {
		return &Error{Message: "this program is not where it was started from", Hint: "run it from where it is now", Cause: err}
	}
	return nil
}
