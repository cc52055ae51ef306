package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon"
	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/words"
)

func (v *invocation) serviceInstallCommand() *cobra.Command {
	var everybody bool
	c := &cobra.Command{
		Use:   "install",
		Short: "Have it start at every login, and start it now",
		Long: `Have the daemon and the tray icon start at every login, and start them now. To do
it again is no harm: what is in place stays, what is out of date is replaced.
When something fails, nothing is left half done.

It belongs to a person: root is refused (exit code 4). With --for-all-users root
enables it for everybody on the machine; it is there from their next login.
Where a package has brought the unit, it is enabled and no file is written.`,
		Example: "  unhunch service install\n  sudo unhunch service install --for-all-users",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if everybody {
				return v.installForAll()
			}
			return v.install(cmd.Context())
		},
	}
	c.Flags().BoolVar(&everybody, "for-all-users", false, "for everybody on this machine, as root")
	return c
}

func (v *invocation) install(ctx context.Context) error {
	s, err := v.service()
	if err != nil {
		return err
	}
	done, err := s.Install(ctx)
	if err != nil {
		return serviceFault(err)
	}
	checks := daemon.FirstLook(ctx, done.Status)
	if v.json {
		return v.printJSON(struct {
			Already bool                 `json:"already"`
			Service daemon.ServiceStatus `json:"service"`
			Checks  []api.Check          `json:"checks"`
		}{done.Already, done.Status, checks})
	}
	lines := []string{words.ServiceInstalled(done.Already, done.Status.Kept), ""}
	seen := false
	for _, check := range checks {
		seen = seen || check.Part == "presence" && check.Status == "ok"
	}
	lines = append(lines, checkLines(checks, paletteFor(v.out))...)
	lines = append(lines, done.Notes...)
	lines = append(lines, "", words.ServiceNext(seen, v.limit().Sitting.Limit))
	return v.print(strings.Join(lines, "\n"))
}

// limit are the settings, or the usual ones where they cannot be read: the daemon says what is wrong with them.
func (v *invocation) limit() config.Config {
	path, err := v.configPath()
	if err != nil {
		return config.Default()
	}
	c, err := config.Load(path)
	if err != nil {
		return config.Default()
	}
	return c
}

func (v *invocation) installForAll() error {
	s, err := v.service()
	if err != nil {
		return err
	}
	if err := s.InstallForAll(); err != nil {
		return serviceFault(err)
	}
	if v.json {
		return v.printJSON(map[string]bool{"for_all_users": true})
	}
	return v.print("Unhunch starts for everybody on this machine, from their next login on.")
}

func (v *invocation) serviceUninstallCommand() *cobra.Command {
	var everybody, purge bool
	c := &cobra.Command{
		Use:   "uninstall",
		Short: "Stop it, and have it start no more",
		Long: `Stop the daemon and the tray icon and remove what install has written, from any
half state. Your settings and your history stay, unless --purge removes them,
too. The program itself is removed as it came, such as by your package manager.`,
		Example: "  unhunch service uninstall\n  unhunch service uninstall --purge",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if everybody && purge {
				return &usageError{"--purge is about your own files alone", "leave out --for-all-users or --purge"}
			}
			return v.uninstall(cmd.Context(), everybody, purge)
		},
	}
	c.Flags().BoolVar(&everybody, "for-all-users", false, "what install --for-all-users has done, as root")
	c.Flags().BoolVar(&purge, "purge", false, "remove your settings and your history, too")
	return c
}

func (v *invocation) uninstall(ctx context.Context, everybody, purge bool) error {
	s, err := v.service()
	if err != nil {
		return err
	}
	var found bool
	if everybody {
		found, err = s.UninstallForAll()
	} else {
		found, err = s.Uninstall(ctx)
	}
	if err != nil {
		return serviceFault(err)
	}
	var removed []string
	if purge {
		if removed, err = daemon.Purge(); err != nil {
			return err
		}
	}
	if v.json {
		return v.printJSON(struct {
			Found   bool     `json:"found"`
			Removed []string `json:"removed"`
		}{found, append([]string{}, removed...)})
	}
	return v.print(uninstalled(found, everybody, removed))
}

func uninstalled(found, everybody bool, removed []string) string {
	line := "Unhunch no longer starts at login, and nothing of it runs."
	switch {
	case !found:
		line = "There was nothing to uninstall."
	case everybody:
		line = "Unhunch starts for nobody any more; where it runs, it does until they log out."
	}
	if len(removed) > 0 {
		return fmt.Sprintf("%s\nRemoved for good: %s", line, strings.Join(removed, ", "))
	}
	if found && !everybody {
		line += "\nYour settings and your history are still there; with --purge they go, too."
	}
	return line
}

// asServiceError finds the first error of the service's in err, which may be several.
func asServiceError(err error) (*daemon.ServiceError, bool) {
	return errors.AsType[*daemon.ServiceError](err)
}
