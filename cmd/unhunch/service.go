package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon"
	"github.com/unhunch/unhunch/daemon/api"
)

func (v *invocation) serviceCommand() *cobra.Command {
	return v.group(&cobra.Command{
		Use:   "service",
		Short: "Run it at every login",
		Long: `Install the daemon and the tray icon so that they are there after every login,
crash and restart; and control them.

On Linux that is a unit of your own service manager (systemd --user), or, where
there is no systemd, an entry that the desktop starts; on macOS a LaunchAgent,
and on Windows your own logon start (both untested so far).`,
		Example: "  unhunch service install\n  unhunch service status\n  unhunch service uninstall",
	},
		v.serviceInstallCommand(), v.serviceUninstallCommand(),
		v.serviceAct("start", "Start the daemon that is installed", (*daemon.Service).Start,
			"", "the daemon runs"),
		v.serviceAct("stop", "Stop the daemon until the next login", (*daemon.Service).Stop,
			"The icon stays, and says that nothing runs.", "the daemon has stopped; it comes back at the next login"),
		v.serviceAct("restart", "Start the daemon anew, as after an upgrade", (*daemon.Service).Restart,
			"The count goes on where it was.", "the daemon was started anew"),
		v.serviceStatusCommand(), v.serviceLogsCommand(),
	)
}

// service is this person's. What is done is told on standard error, so that standard output is the outcome alone.
func (v *invocation) service() (*daemon.Service, error) {
	if v.json {
		return daemon.NewService(nil)
	}
	return daemon.NewService(v.err)
}

// serviceAct is a command that does one thing to the service and says so.
func (v *invocation) serviceAct(
	name, short string, do func(*daemon.Service, context.Context) error, long, done string,
) *cobra.Command {
	if long == "" {
		long = short
	} else {
		long = short + ". " + long
	}
	return &cobra.Command{
		Use: name, Short: short, Long: long, Example: "  unhunch service " + name, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := v.service()
			if err != nil {
				return err
			}
			if err := do(s, cmd.Context()); err != nil {
				return serviceFault(err)
			}
			if v.json {
				return v.printServiceStatus(cmd.Context(), s)
			}
			return v.print(done)
		},
	}
}

// A serviceError is one of the service's, with its exit code.
type serviceError struct{ *daemon.ServiceError }

func (e serviceError) Detail() api.ErrorDetail {
	code := api.CodeFailed
	switch {
	case e.Refused:
		code = api.CodeRefused
	case e.Absent:
		code = api.CodeNotInstalled
	}
	return api.ErrorDetail{Code: code, Message: e.Error(), Hint: e.Hint}
}

// serviceFault gives the errors of the service their hints and exit codes.
func serviceFault(err error) error {
	if e, ok := asServiceError(err); ok {
		return serviceError{e}
	}
	return err
}
