package service

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/kardianos/service"
)

// launchd keeps the daemon by a LaunchAgent of the person's. It cross-builds and follows the documentation of launchd;
// nobody has run it yet.
type launchd struct{ *Service }

// agent names the daemon among the agents.
const agent = "io.github.unhunch"

func (s *Service) keeper() (keeper, error) { return launchd{s}, nil }

func (launchd) name() string { return "launchd" }

func (l launchd) library() (service.Service, error) {
	return service.New(nil, &service.Config{
		Name: agent, Executable: l.Program, Arguments: []string{"daemon"},
		Option: service.KeyValue{"UserService": true, "RunAtLoad": true, "KeepAlive": true, "SessionCreate": false},
	})
}

func (l launchd) file() string {
	return filepath.Join(os.Getenv("HOME"), "Library", "LaunchAgents", agent+".plist")
}

func (l launchd) log() string {
	return filepath.Join(os.Getenv("HOME"), "Library", "Logs", agent+".log")
}

func (l launchd) install(ctx context.Context) error {
	lib, err := l.library()
	if err != nil {
		return err
	}
	_ = lib.Stop() // and again below, by what is written now
	if err := os.Remove(l.file()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return cannotWrite(l.file(), err)
	}
	if err := lib.Install(); err != nil {
		return cannotWrite(l.file(), err)
	}
	if err := l.start(ctx); err != nil {
		_, _ = l.uninstall(ctx)
		return err
	}
	return nil
}

func (l launchd) uninstall(context.Context) (found bool, err error) {
	lib, err := l.library()
	if err != nil {
		return false, err
	}
	if _, err := os.Stat(l.file()); err != nil {
		return false, nil
	}
	_ = lib.Stop()
	return true, lib.Uninstall()
}

func (l launchd) start(ctx context.Context) error {
	lib, err := l.library()
	if err == nil {
		err = lib.Start()
	}
	if err != nil {
		return &Error{Message: "launchd does not start the daemon", Cause: err, Hint: "to see why, run: unhunch daemon"}
	}
	return l.awaitDaemon(ctx)
}

func (l launchd) stop(context.Context) error {
	lib, err := l.library()
	if err != nil {
		return err
	}
	return lib.Stop()
}

func (l launchd) restart(ctx context.Context) error {
	if err := l.stop(ctx); err != nil {
		return err
	}
	return l.start(ctx)
}

func (l launchd) status(context.Context) (Status, error) {
	st := Status{Kept: l.name(), Running: l.Daemon.Alive()}
	if _, err := os.Stat(l.file()); err == nil {
		st.Installed, st.Enabled, st.By, st.File = true, true, ByYou, l.file()
	}
	return st, nil
}

func (l launchd) logs(ctx context.Context, follow bool, lines int, out io.Writer) error {
	args := []string{"-n", strconv.Itoa(lines)}
	if follow {
		args = append(args, "-f")
	}
	cmd := exec.CommandContext(ctx, "tail", append(args, l.log())...)
	cmd.Stdout = out
	if err := cmd.Run(); err != nil && ctx.Err() == nil {
		return &Error{Message: "there is no log", Cause: err, Hint: "to see what the daemon says, run: unhunch daemon"}
	}
	return nil
}

func refuseRoot() error {
	if os.Geteuid() != 0 {
		return nil
	}
	return &Error{
		Message: "root sits at no desk: the service belongs to a person", Refused: true,
		Hint: "run it as the person who sits at the desk, without sudo",
	}
}

// There are no desktop entries here, and the tray does not cross-build.
func (s *Service) entries(bool) []entry { return nil }
func (s *Service) allEntries() []entry  { return nil }
func (s *Service) trayEnabled() bool    { return false }
