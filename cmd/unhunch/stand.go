package main

import "github.com/spf13/cobra"

func (v *invocation) standCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "stand",
		Short: "Say that you work standing now",
		Long: `Say that you work standing now. It ends with “sit”, when you are away for long
enough, on suspend and with the day.`,
		Example: "  unhunch stand",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return v.act(cmd.Context(), "stand", nil)
		},
	}
}
