package main

import "github.com/spf13/cobra"

func (v *invocation) meetingCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "meeting [DURATION|off]",
		Short: "No reminders during a meeting; it counts as sitting",
		Long: `No reminders during a meeting of DURATION (an hour unless told otherwise), which
counts as sitting. A break that came up meanwhile waits for its end.`,
		Example:   "  unhunch meeting 45m\n  unhunch meeting off",
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: []string{"off"},
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := durationOrWord(args, "off")
			if err != nil {
				return err
			}
			return v.act(cmd.Context(), "meeting", body)
		},
	}
}
