package main

import (
	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon/api"
)

func (v *invocation) sitCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "sit [DURATION]",
		Short: "Say that you are sitting, though no input tells",
		Long: `Say that you are sitting and will be for DURATION (an hour unless told
otherwise), though no input tells: reading a book at the desk, say. It also ends
“stand”.`,
		Example: "  unhunch sit 45m",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := durationArg(args)
			if err != nil {
				return err
			}
			return v.act(cmd.Context(), "sit", api.DurationRequest{Duration: d})
		},
	}
}
