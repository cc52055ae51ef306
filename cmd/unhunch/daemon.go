package main

import (
	"context"
	"log/slog"

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

func (v *invocation) daemon(ctx context.Context) error {
	opts := daemon.Options{
		ConfigPath: v.configFile,
		Version:    buildVersion(),
		Log:        slog.New(slog.NewTextHandler(v.err, nil)),
	}
	if isTerminal(v.err) {
		opts.Terminal = v.err
	}
	return daemon.Run(ctx, opts)
}
