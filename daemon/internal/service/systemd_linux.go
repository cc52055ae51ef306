package service

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kardianos/service"
)

// packaged are the directories in which a package's unit is, in the order in which systemd looks.
var packaged = []struct{ dir, by string }{
	{"/etc/systemd/user", ByAdmin},
	{"/usr/local/lib/systemd/user", ByAdmin},
	{"/usr/lib/systemd/user", ByPackage},
	{"/lib/systemd/user", ByPackage},
}

// targets are those that want the unit.
var targets = []string{"default.target", "graphical-session.target"}

// callTime is how long systemctl may take. Starting waits until the daemon answers; the unit gives up on that earlier.
const callTime = time.Minute

// systemd keeps the daemon by a unit of the person's service manager.
type systemd struct {
	*Service
	dir string // where the person's units are: ~/.config/systemd/user, whatever XDG_CONFIG_HOME says in this shell
}

func (systemd) name() string { return "systemd" }

// library is kardianos/service for our unit. It writes the file, enables it and has the manager look.
func (s systemd) library(text string) (service.Service, error) {
	return service.New(nil, &service.Config{
		Name: program, Description: description, Executable: s.Program, Arguments: []string{"daemon"},
		Option: service.KeyValue{"UserService": true, "SystemdScript": text},
	})
}

// file is where the person's own unit is.
func (s systemd) file() string { return filepath.Join(s.dir, unitName) }

// provided is the unit of a package or an administrator, and whose it is.
func provided() (path, by string) {
	for _, p := range packaged {
		path := filepath.Join(p.dir, unitName)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, p.by
		}
	}
	return "", ""
}

// systemctl runs `systemctl --user` and returns what it printed.
func systemctl(ctx context.Context, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, "systemctl", append([]string{"--user", "--no-pager"}, args...)...)
	cmd.Env = append(cmd.Environ(), "LC_ALL=C", "SYSTEMD_COLORS=0")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if ctx.Err() != nil {
		return out.String(), fmt.Errorf("systemctl --user %s does not return", args[0])
	}
	if text := firstLine(errs.String()); err != nil && text != "" {
		err = errors.New(text)
	}
	return out.String(), err
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// reach makes sure that the person's manager answers. Where only the environment does not name its bus, as after su
// or in a cron job, it is named.
func reach(ctx context.Context) error {
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir == "" {
		if usual := fmt.Sprintf("/run/user/%d", os.Geteuid()); exists(filepath.Join(usual, "systemd", "private")) {
			if err := os.Setenv("XDG_RUNTIME_DIR", usual); err != nil {
				return err
			}
		}
	}
	if _, err := systemctl(ctx, "show-environment"); err != nil {
		return &Error{
			Message: "your service manager (systemd --user) does not answer", Cause: err,
			Hint: "log in as yourself, rather than by su or sudo, and try again there",
		}
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// properties asks the manager about the unit.
func properties(ctx context.Context) (map[string]string, error) {
	out, err := systemctl(ctx, "show", unitName, "-p",
		"LoadState,FragmentPath,UnitFileState,ActiveState,SubState,MainPID,Result,NRestarts,ExecMainStatus,NeedDaemonReload")
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for line := range strings.Lines(out) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			found[key] = value
		}
	}
	return found, nil
}

func (s systemd) status(ctx context.Context) (Status, error) {
	st := Status{Kept: s.name()}
	st.File, st.By = provided()
	if exists(s.file()) {
		st.File, st.By = s.file(), ByYou
	}
	st.Installed = st.File != ""
	if err := reach(ctx); err != nil {
		return st, err
	}
	p, err := properties(ctx)
	if err != nil {
		return st, err
	}
	st.Enabled = slices.Contains([]string{"enabled", "enabled-runtime"}, p["UnitFileState"]) && st.Installed
	st.PID, _ = strconv.Atoi(p["MainPID"])
	st.Running = st.PID != 0 && slices.Contains([]string{"active", "activating", "reloading"}, p["ActiveState"])
	st.State = p["ActiveState"]
	if sub := p["SubState"]; sub != "" && sub != st.State {
		st.State += " (" + sub + ")"
	}
	st.Trouble = s.trouble(st, p)
	return st, nil
}

// trouble is what is half about an installation, and what to do.
func (s systemd) trouble(st Status, p map[string]string) string {
	switch {
	case p["LoadState"] == "masked":
		return "the unit is masked; to allow it again: systemctl --user unmask " + unitName
	case !st.Installed && st.Running:
		return "it runs, but its unit is gone; to put it back: unhunch service install"
	case !st.Installed && len(s.links()) > 0:
		return "it is enabled, but its unit is gone; to put it back: unhunch service install"
	case !st.Installed:
		return ""
	case !st.Enabled:
		return "it does not start at login; to have it do so: unhunch service install"
	case p["Result"] == "start-limit-hit":
		return "it crashed five times in a row and was given up; to see why: unhunch service logs"
	case p["ActiveState"] == "failed" && p["ExecMainStatus"] == "4":
		return "another daemon was running when it was to start; to have the service run it: unhunch service start"
	case p["ActiveState"] == "failed":
		return fmt.Sprintf("it ended with %s (%s); to see why: unhunch service logs", p["Result"], p["ExecMainStatus"])
	}
	return ""
}

// links are what the targets' directories say of our unit, links that lead nowhere included.
func (s systemd) links() []string {
	var found []string
	for _, t := range targets {
		if link := filepath.Join(s.dir, t+".wants", unitName); exists(link) {
			found = append(found, link)
		}
	}
	return found
}

func (s systemd) install(ctx context.Context) error {
	if strings.ContainsAny(s.Program, "\"'\\") {
		return &Error{
			Message: "systemd starts no program with quotes or backslashes in its path: " + s.Program, Refused: true,
			Hint: "move it elsewhere, such as by: sudo make install",
		}
	}
	if err := reach(ctx); err != nil {
		return err
	}
	undo, changed, err := s.place(ctx)
	if err != nil {
		undo()
		return err
	}
	if err := s.startFresh(ctx, changed); err != nil {
		undo()
		return err
	}
	return nil
}

// place sees to it that the unit is there and enabled. undo puts back what was before, also after an error.
func (s systemd) place(ctx context.Context) (undo func(), changed bool, err error) {
	undo = func() {}
	path, by := provided()
	mine, there, err := ours(s.file())
	switch {
	case err != nil:
		return undo, false, cannotWrite(s.file(), err)
	case there && isMask(s.file()):
		return undo, false, &Error{
			Message: "the unit is masked", Refused: true, Hint: "to allow it again: systemctl --user unmask " + unitName,
		}
	case there && !mine:
		return undo, false, &Error{
			Message: s.file() + " was not written by `unhunch service install`", Refused: true,
			Hint: "it is left alone; move it away, and try again",
		}
	}
	old, _ := os.ReadFile(s.file())
	want := mark + "\n" + UnitText(s.Program, s.environment(ctx))
	if by != "" {
		want = ""
	}
	if mine && string(old) == want {
		_, err := systemctl(ctx, "enable", unitName) // which may be missing
		return undo, false, s.enabled(err)
	}
	made, err := makeDirs(s.dir)
	undo = func() { s.undo(old, made) }
	if err != nil {
		return undo, false, cannotWrite(s.file(), err)
	}
	if err := s.clear(); err != nil {
		return undo, false, err
	}
	if want == "" {
		s.say("enabling %s", path)
		_, err = systemctl(ctx, "daemon-reload")
		if err == nil {
			_, err = systemctl(ctx, "enable", unitName)
		}
		return undo, mine, s.enabled(err)
	}
	s.say("writing %s", s.file())
	lib, err := s.library(want)
	if err == nil {
		err = lib.Install()
	}
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return undo, false, cannotWrite(s.file(), p)
	}
	return undo, true, s.enabled(err)
}

// enabled says in words that systemd did not enable the unit, or did not find what was just written.
func (s systemd) enabled(err error) error {
	if err == nil {
		return nil
	}
	return &Error{
		Message: "systemd does not take the unit", Cause: err,
		Hint: "look at the permissions of " + s.dir + "; nothing was installed",
	}
}

// clear takes away what would keep the library from installing: an older unit of ours, which it refuses to replace, and
// links that lead nowhere, which `enable` refuses to replace.
func (s systemd) clear() error {
	for _, path := range append(s.links(), s.file()) {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return cannotWrite(path, err)
		}
	}
	return nil
}

// undo puts back the unit that was there before, or none.
func (s systemd) undo(old []byte, made []string) {
	ctx := context.Background() // also after Ctrl-C
	if old != nil {
		_ = os.WriteFile(s.file(), old, 0o644)
		_, _ = systemctl(ctx, "daemon-reload")
		return
	}
	_, _ = s.uninstall(ctx)
	removeEmpty(made)
}

// isMask tells whether path is a link to nothing, which is how systemd notes that a unit must not be used.
func isMask(path string) bool {
	target, err := os.Readlink(path)
	return err == nil && target == os.DevNull
}

// environment is what this shell says about where our files are and the manager does not: the daemon and the command
// line must agree on it.
func (s systemd) environment(ctx context.Context) map[string]string {
	theirs, err := managerEnvironment(ctx)
	env := map[string]string{}
	for _, name := range []string{"XDG_CONFIG_HOME", "XDG_STATE_HOME"} {
		if value := os.Getenv(name); err == nil && filepath.IsAbs(value) && theirs[name] != value && !usual(name, value) {
			env[name] = value
		}
	}
	return env
}

// usual tells whether value is where name points by default.
func usual(name, value string) bool {
	under := map[string]string{"XDG_CONFIG_HOME": ".config", "XDG_STATE_HOME": ".local/state"}[name]
	return filepath.Clean(value) == filepath.Join(os.Getenv("HOME"), under)
}

// managerEnvironment is what the manager gives to what it starts.
func managerEnvironment(ctx context.Context) (map[string]string, error) {
	out, err := systemctl(ctx, "show-environment", "--output=json")
	if err != nil {
		return nil, err
	}
	return parseEnvironment(out), nil
}

// startFresh starts the unit, or starts it anew when it has changed. A daemon that somebody started by hand makes way.
func (s systemd) startFresh(ctx context.Context, changed bool) error {
	if err := s.lend(ctx); err != nil {
		s.say("the desktop's display could not be told to systemd: %v", err)
	}
	p, err := properties(ctx)
	if err != nil {
		return err
	}
	running := p["ActiveState"] == "active"
	if !running && s.Daemon.Alive() {
		s.say("ending the daemon that was started by hand")
		if err := s.Daemon.Quit(ctx); err != nil {
			return err
		}
	}
	if running && !changed {
		return nil
	}
	return s.run(ctx, "restart")
}

// lend tells the manager of the display that this command sees and the manager does not know: some desktops leave that
// to the person. What the manager knows already is left alone.
func (s systemd) lend(ctx context.Context) error {
	theirs, err := managerEnvironment(ctx)
	if err != nil || theirs["DISPLAY"] != "" || theirs["WAYLAND_DISPLAY"] != "" {
		return err
	}
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" || os.Getenv("SSH_CONNECTION") != "" {
		return nil
	}
	args := []string{"import-environment"}
	for _, name := range display {
		if os.Getenv(name) != "" {
			args = append(args, name)
		}
	}
	_, err = systemctl(ctx, args...)
	return err
}

// run has the manager start or restart the unit, and says why where the daemon does not come up.
func (s systemd) run(ctx context.Context, verb string) error {
	_, _ = systemctl(ctx, "reset-failed", unitName) // five failures long ago are not a reason not to try now
	_, err := systemctl(ctx, verb, unitName)
	if err == nil {
		return nil
	}
	why := firstLine(err.Error())
	if p, asked := properties(ctx); asked == nil && p["Result"] != "" && p["Result"] != "success" {
		why = fmt.Sprintf("it ended with %s (%s)", p["Result"], p["ExecMainStatus"])
	}
	return &Error{
		Message: "the daemon does not start: " + why, Hint: "to see why, run it in a terminal: unhunch daemon", Cause: nil,
	}
}

func (s systemd) start(ctx context.Context) error {
	if err := s.lend(ctx); err != nil {
		s.say("the desktop's display could not be told to systemd: %v", err)
	}
	return s.run(ctx, "start")
}

func (s systemd) restart(ctx context.Context) error { return s.run(ctx, "restart") }

func (s systemd) stop(ctx context.Context) error {
	_, err := systemctl(ctx, "stop", unitName)
	return err
}

func (s systemd) uninstall(ctx context.Context) (found bool, err error) {
	mine, there, err := ours(s.file())
	if err != nil {
		return false, cannotWrite(s.file(), err)
	}
	reached := reach(ctx)
	if reached == nil {
		st, _ := s.status(ctx)
		found = st.Running || st.Enabled
		_, _ = systemctl(ctx, "stop", unitName)
	}
	if there && !mine {
		return found, &Error{
			Message: s.file() + " was not written by `unhunch service install`", Hint: "it was stopped and is left in place",
		}
	}
	if reached == nil {
		_, _ = systemctl(ctx, "disable", unitName) // says no where the file is gone; the links are removed below
	}
	for _, path := range append(s.links(), s.file()) {
		if !exists(path) {
			continue
		}
		found = true
		if removeErr := os.Remove(path); removeErr != nil {
			err = errors.Join(err, &Error{Message: "cannot remove " + path, Cause: removeErr, Hint: "remove it by hand"})
		}
	}
	for _, t := range targets {
		removeEmpty([]string{filepath.Join(s.dir, t+".wants")})
	}
	removeEmpty([]string{s.dir, filepath.Dir(s.dir)})
	if reached == nil {
		_, _ = systemctl(ctx, "daemon-reload")
		_, _ = systemctl(ctx, "reset-failed", unitName)
	}
	if path, by := provided(); by != "" {
		s.say("%s belongs to a package or an administrator and stays, without starting for you", path)
	}
	return found, err
}

func (s systemd) logs(ctx context.Context, follow bool, lines int, out io.Writer) error {
	args := []string{"--user-unit=" + unitName, "--no-pager", "--output=short-iso", "--lines=" + strconv.Itoa(lines)}
	if follow {
		args = append(args, "--follow")
	}
	if _, err := exec.LookPath("journalctl"); err != nil {
		return &Error{Message: "there is no journalctl to show the log", Hint: "to see what it says, run: unhunch daemon"}
	}
	cmd := exec.CommandContext(ctx, "journalctl", args...)
	var errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = out, &errs
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil // Ctrl-C is how following ends
	}
	if err != nil {
		return &Error{
			Message: "the journal cannot be read: " + firstLine(errs.String()),
			Hint:    "to see what the daemon says, run: unhunch daemon",
		}
	}
	return nil
}
