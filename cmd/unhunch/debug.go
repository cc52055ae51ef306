package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon"
)

// debugCommand is for those who look for a fault: it is not in the help.
func (v *invocation) debugCommand() *cobra.Command {
	c := v.group(&cobra.Command{
		Use:    "debug",
		Short:  "Look for faults in unhunch itself",
		Hidden: true,
	}, &cobra.Command{
		Use:   "replay FILE",
		Short: "Play an event log again and judge it by what unhunch promises",
		Long: `Play the events of FILE, as doctor --events writes them or as a failed
simulation leaves them, through the machines of this program; say which promise
was broken at which line, and whether the same came of them as before. No daemon
is needed and nothing is changed. The exit code is 1 if anything is amiss.`,
		Example: "  unhunch doctor --events events.jsonl\n  unhunch debug replay events.jsonl",
		Args:    cobra.ExactArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return v.replay(args[0]) },
	})
	return c
}

// replayed is the verdict as --json prints it.
type replayed struct {
	Events  int      `json:"events"`
	Broken  []string `json:"broken"`
	Differs string   `json:"differs,omitempty"`
}

func (v *invocation) replay(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("cannot read the event log: %w", err)
	}
	defer f.Close()
	verdict, err := daemon.Replay(f)
	if err != nil {
		return fmt.Errorf("cannot play the event log: %w", err)
	}
	if v.json {
		if err := v.printJSON(replayed{verdict.Events, append([]string{}, verdict.Broken...), verdict.Differs}); err != nil {
			return err
		}
	} else if err := v.printVerdict(verdict); err != nil {
		return err
	}
	if n := len(verdict.Broken); n > 0 {
		return fmt.Errorf("promises were broken: %d times", n)
	}
	if verdict.Differs != "" {
		return fmt.Errorf("what came of the events is not what it was")
	}
	return nil
}

func (v *invocation) printVerdict(verdict daemon.Verdict) error {
	for _, line := range append(verdict.Broken, verdict.Differs) {
		if line == "" {
			continue
		}
		if err := v.print(line); err != nil {
			return err
		}
	}
	kept := "every promise was kept"
	if len(verdict.Broken) > 0 {
		kept = "not every promise was kept"
	}
	return v.print(fmt.Sprintf("%d events played: %s", verdict.Events, kept))
}
