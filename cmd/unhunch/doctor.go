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
	"github.com/unhunch/unhunch/daemon/client"
)

func (v *invocation) doctorCommand() *cobra.Command {
	var events string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "What works here, what does not, and what to do about it",
		Long: `Which sensors, notifications, tray and service are in use, which are not and
why, and what to do about it; who can read your files; and who else asks for
breaks. With a daemon and without one, in two seconds at most.

  ✓  ok        in use and well
  !  degraded  works in part, or needs a look
  ✗  missing   is not there

It can be pasted into a bug report as it is: it names neither you nor your
computer, and nothing of your own exercises. The exit code is 0 whatever is
found.

--events writes what the running daemon saw and did lately to FILE. It holds
times and states, no keys, titles or names.`,
		Example: "  unhunch doctor\n  unhunch doctor --json | jq '.checks[] | select(.status != \"ok\")'\n" +
			"  unhunch doctor --events unhunch-events.jsonl",
		Args: cobra.NoArgs,
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

func (v *invocation) doctor(ctx context.Context) error {
	path, err := v.configPath()
	if err != nil {
		return err
	}
	report := daemon.Examine(ctx, path, buildVersion())
	if v.json {
		return v.printJSON(report)
	}
	return v.print(strings.Join(doctorLines(report, paletteFor(v.out)), "\n"))
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
