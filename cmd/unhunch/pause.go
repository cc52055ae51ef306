package main

import "github.com/spf13/cobra"

func (v *invocation) pauseCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "pause [DURATION|tomorrow]",
		Short: "No reminders for a while",
		Long: `No reminders for a while, until tomorrow, or with no argument until you say
resume. Sitting goes on being counted. A pause outlasts restarts and suspend.`,
		Example:   "  unhunch pause 1h\n  unhunch pause tomorrow\n  unhunch pause",
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: []string{"tomorrow"},
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := durationOrWord(args, "tomorrow")
			if err != nil {
				return err
			}
			return v.act(cmd.Context(), "pause", body)
		},
	}
}
