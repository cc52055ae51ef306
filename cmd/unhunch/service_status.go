package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon"
)

func (v *invocation) serviceStatusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Whether it is installed, starts at login and runs",
		Long: `Whether it is installed and by whom, whether it starts at login, and whether it
runs. The exit code is 0 whatever is found.`,
		Example: "  unhunch service status\n  unhunch service status --json | jq .running",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := v.service()
			if err != nil {
				return err
			}
			return v.printServiceStatus(cmd.Context(), s)
		},
	}
}

func (v *invocation) printServiceStatus(ctx context.Context, s *daemon.Service) error {
	st, err := s.Status(ctx)
	if err != nil {
		return serviceFault(err)
	}
	if v.json {
		return v.printJSON(st)
	}
	return v.print(strings.Join(serviceLines(st, paletteFor(v.out)), "\n"))
}

// serviceLines are a status for people to read.
func serviceLines(st daemon.ServiceStatus, p palette) []string {
	mark := func(ok bool) string {
		if ok {
			return p.green("✓")
		}
		return p.red("✗")
	}
	if !st.Installed {
		lines := []string{mark(false) + " not installed", "  " + p.dim("install it with: unhunch service install")}
		if st.Trouble != "" {
			lines = append(lines, p.yellow("!")+" "+st.Trouble)
		}
		return lines
	}
	by := map[string]string{"you": "by you", "package": "by a package", "administrator": "by an administrator"}[st.By]
	lines := []string{
		mark(true) + " installed " + by + ": " + st.File,
		mark(st.Enabled) + " " + yes(st.Enabled, "starts at login", "does not start at login"),
		mark(st.Running) + " " + running(st),
	}
	if st.Tray.Found || st.Tray.Enabled {
		icon := "the icon starts with the desktop"
		if !st.Tray.Enabled {
			icon = "the icon does not start with the desktop"
		}
		lines = append(lines, mark(st.Tray.Enabled)+" "+icon+yes(st.Tray.Running, ", and is there", ""))
	}
	if st.Trouble != "" {
		lines = append(lines, p.yellow("!")+" "+st.Trouble)
	}
	return lines
}

func running(st daemon.ServiceStatus) string {
	switch {
	case st.Running && st.PID != 0:
		return fmt.Sprintf("runs as process %d", st.PID)
	case st.Running:
		return "runs"
	case st.State != "":
		return "does not run: " + st.State
	}
	return "does not run"
}

func yes(is bool, then, otherwise string) string {
	if is {
		return then
	}
	return otherwise
}

func (v *invocation) serviceLogsCommand() *cobra.Command {
	var follow bool
	var lines int
	c := &cobra.Command{
		Use:     "logs",
		Short:   "What the daemon has logged",
		Long:    "What the daemon has logged lately, from the journal. It holds no keys, titles or names.",
		Example: "  unhunch service logs\n  unhunch service logs --follow",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if lines < 1 {
				return &usageError{"--lines must be 1 or more", "see: unhunch service logs --help"}
			}
			s, err := v.service()
			if err != nil {
				return err
			}
			return serviceFault(s.Logs(cmd.Context(), follow, lines, v.out))
		},
	}
	c.Flags().BoolVarP(&follow, "follow", "f", false, "stay, and show what comes until Ctrl-C")
	c.Flags().IntVarP(&lines, "lines", "n", usualLines, "how many of the last lines")
	return c
}

// usualLines are about two screens.
const usualLines = 100
