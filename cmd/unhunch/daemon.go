package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon"
)

func (v *invocation) daemonCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "daemon",
		Short: "Run the daemon in the foreground, as the service does",
		Long: `Run the daemon in the foreground until Ctrl-C, as the service does. A second one
is refused (exit code 4).`,
		Example: "  unhunch daemon\n  unhunch daemon --config ~/try.toml",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return v.daemon(cmd.Context()) },
	}
}

// engineCommand is the history's database, in a process that the daemon starts when it needs it.
func (v *invocation) engineCommand() *cobra.Command {
	return &cobra.Command{
		Use:     engineName,
		Short:   "Run the history's database for the daemon that starts this",
		Example: "  unhunch daemon",
		Hidden:  true,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			// It comes and goes: what it leaves lying about is small, and a second processor is of no use to it.
			runtime.GOMAXPROCS(1)
			debug.SetGCPercent(25)
			return daemon.ServeEngine(v.in, v.out)
		},
	}
}

const engineName = "history-engine"

// engine is the command that runs engineCommand, of the very program that runs now: the file it came from may be
// another by then. It is empty where we do not know ourselves.
func engine() []string {
	if runtime.GOOS == "linux" {
		return []string{"/proc/self/exe", engineName}
	}
	self, err := os.Executable()
	if err != nil {
		return nil
	}
	return []string{self, engineName}
}

func (v *invocation) daemon(ctx context.Context) error {
	opts := daemon.Options{
		ConfigPath: v.configFile,
		Version:    buildVersion(),
		Log:        slog.New(slog.NewTextHandler(v.err, nil)),
		Engine:     engine(),
	}
	for _, f := range []*os.File{v.err, v.out} {
		if isTerminal(f) {
			opts.Terminal = f
			break
		}
	}
	// All it does is short and waits for nothing. A second processor would only be woken to look for work: idle on a
	// desktop with two, that was 0.6 context switches a second in place of 0.03.
	runtime.GOMAXPROCS(1)
	// A heap of two megabytes is collected at three and not at four: a little more work a day, a little less memory.
	debug.SetGCPercent(50)
	err := daemon.Run(ctx, opts)
	if again, ok := errors.AsType[*daemon.Again](err); ok {
		return again.Exec()
	}
	return err
}
