package main

import (
	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon/api"
)

func (v *invocation) snoozeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "snooze [DURATION]",
		Short: "Ask again a little later",
		Long: `Ask again a little later: after DURATION, at most an hour, or after the first
time in the settings. Each break can be put off a few times only; what you have
been sitting goes on counting.`,
		Example: "  unhunch snooze\n  unhunch snooze 10m",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := durationArg(args)
			if err != nil {
				return err
			}
			return v.act(cmd.Context(), "snooze", api.DurationRequest{Duration: d})
		},
	}
}
