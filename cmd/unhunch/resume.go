package main

import "github.com/spf13/cobra"

func (v *invocation) resumeCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "resume",
		Short:   "End a pause",
		Example: "  unhunch resume",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return v.act(cmd.Context(), "resume", nil)
		},
	}
}
