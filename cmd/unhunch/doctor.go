package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon"
	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
)

func (v *invocation) doctorCommand() *cobra.Command {
	var events string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "What works here, what does not, and what to do about it",
		Long: `Which sensors and services are in use, which are not and why, and what to do about
it. Also without a daemon. The exit code is 0 whenever the report could be made.

--events writes what the running daemon saw and did lately to FILE, for a bug
report. It holds times and states, no keys, titles or names.`,
		Example: "  unhunch doctor\n  unhunch doctor --events unhunch-events.jsonl",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if events != "" {
				return v.saveEvents(cmd.Context(), events)
			}
			return v.doctor(cmd.Context())
		},
	}
	c.Flags().StringVar(&events, "events", "", "write the event log to `FILE`")
	return c
}

// doctor asks the daemon, which alone knows what it uses, or else looks around itself.
func (v *invocation) doctor(ctx context.Context) error {
	c, err := client.Default()
	if err != nil {
		return err
	}
	report, err := c.Doctor(ctx)
	if _, absent := errors.AsType[*client.NotRunning](err); absent {
		var path string
		if path, err = v.configPath(); err == nil {
			report = daemon.Diagnose(ctx, path, buildVersion())
		}
	}
	if err != nil {
		return err
	}
	if v.json {
		return v.printJSON(report)
	}
	if err := v.print(strings.Join(doctorLines(report, paletteFor(v.out)), "\n")); err != nil {
		return err
	}
	v.compareVersions(report.Version)
	return nil
}

func doctorLines(d api.Doctor, p palette) []string {
	return append([]string{"unhunch " + d.Version}, checkLines(d.Checks, p)...)
}

// checkLines are checks for people to read: each a line, and what to do below it.
func checkLines(checks []api.Check, p palette) []string {
	var lines []string
	for _, check := range checks {
		mark := p.green("✓")
		switch check.Status {
		case "degraded":
			mark = p.yellow("!")
		case "missing":
			mark = p.red("✗")
		}
		lines = append(lines, fmt.Sprintf("%s %s: %s", mark, check.Part, check.Detail))
		if check.Hint != "" {
			lines = append(lines, "  "+p.dim(check.Hint))
		}
	}
	return lines
}

// saveEvents writes the event log to a file that only this user can read. An older file stays until all has come.
func (v *invocation) saveEvents(ctx context.Context, path string) error {
	c, err := client.Default()
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("cannot write the events: %w", err)
	}
	defer os.Remove(f.Name()) // nothing is there any more once it has its name
	if err := errors.Join(c.EventLog(ctx, io.Writer(f)), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("cannot write the events: %w", err)
	}
	return v.print("the event log is in " + path)
}
