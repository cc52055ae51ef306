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
		// Not here, where the command line would stay in memory for as long as the daemon runs.
		Run: func(*cobra.Command, []string) { v.then = v.daemon },
	}
}

// serveEngine is `unhunch history-engine`: the history's database, in a process that the daemon starts when it needs it.
// It comes and goes, so it takes no time over a command line, has little lie about, and no use for a second processor.
func serveEngine(in, out *os.File) error {
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(10)
	return daemon.ServeEngine(in, out)
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
	// So a heap of less than a megabyte is collected when it has grown by one, which is the least that Go lets it, and not
	// only when it has come to two or four.
	debug.SetGCPercent(25)
	err := daemon.Run(ctx, opts)
	if again, ok := errors.AsType[*daemon.Again](err); ok {
		return again.Exec()
	}
	return err
}
