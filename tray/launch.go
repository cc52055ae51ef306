package tray

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/unhunch/unhunch/daemon/api"
)

// refused is the exit code of a daemon that found another one running.
const refused = 4

// Launch makes a starter of the daemon, by the program beside ours and with the environment env: `unhunch service start`
// where the service is installed, so that it is the service's daemon, and else `unhunch daemon`. The daemon is on its own
// from the beginning: the end of the tray or of its terminal is not the daemon's.
func Launch(env []string) func(context.Context) error {
	return func(ctx context.Context) error {
		program, err := sibling("unhunch" + programSuffix)
		if err != nil {
			return err
		}
		installed, err := startService(ctx, program, env)
		switch {
		case !installed:
			return launch(ctx, program, env)
		case err != nil:
			return err
		}
		<-ctx.Done() // the state is on its way
		return nil
	}
}

// startService has the service start the daemon, if it is installed. A program that does not tell has none.
func startService(ctx context.Context, program string, env []string) (installed bool, err error) {
	cmd := exec.CommandContext(ctx, program, "service", "start", "--json")
	cmd.Env = env
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err == nil || ctx.Err() != nil {
		return true, nil
	}
	var answer api.Error
	if json.Unmarshal(said.Bytes(), &answer) != nil || answer.Error.Code != api.CodeFailed {
		return false, nil // not installed, or root's, who has none
	}
	return true, errors.New(answer.Error.Message)
}

// sibling is the path of another program of ours, in the directory that the running one is in.
func sibling(name string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("cannot tell where this program is: %w", err)
	}
	if target, err := filepath.EvalSymlinks(self); err == nil {
		self = target
	}
	path := filepath.Join(filepath.Dir(self), name)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("there is no %s beside unhunch-tray to start", name)
	}
	return path, nil
}

// launch returns when the daemon has ended, with the reason, or when ctx has, with nil.
func launch(ctx context.Context, program string, env []string) error {
	cmd := exec.Command(program, "daemon")
	cmd.Env, cmd.SysProcAttr = env, detached()
	cmd.Stdout, cmd.Stderr = lasting(os.Stdout), lasting(os.Stderr)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("cannot start the daemon: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-ctx.Done():
		return nil
	case err := <-ended:
		if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == refused {
			return errors.New("a daemon is running already, but it does not answer")
		}
		return errors.New("the daemon ended at once; to see why, run in a terminal: unhunch daemon")
	}
}

// lasting is f where the daemon may write to it as long as it lives: a file, or the journal. A terminal is not: with one,
// a daemon that sees no display takes the person to be sitting at it. Nor is a pipe, which kills those who write to it
// when its reader is gone.
func lasting(f *os.File) io.Writer {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() && info.Mode().Type() != fs.ModeSocket {
		return nil
	}
	return f
}
