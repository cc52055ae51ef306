package main

import "github.com/spf13/cobra"

func (v *invocation) skipCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "skip",
		Short:   "Leave out the break that is waiting",
		Example: "  unhunch skip",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return v.act(cmd.Context(), "skip", nil)
		},
	}
}
