package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon/api"
)

func (v *invocation) standCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "stand [off]",
		Short: "Say that you work standing now",
		Long: `Say that you work standing now. It ends with “stand off”, with “sit”, when you are
away for long enough, on suspend and with the day.`,
		Example:   "  unhunch stand\n  unhunch stand off",
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: []string{"off"},
		RunE: func(cmd *cobra.Command, args []string) error {
			body := api.DurationRequest{}
			if len(args) == 1 {
				if args[0] != "off" {
					return &usageError{fmt.Sprintf("cannot stand %q", args[0]), "leave it out, or say: unhunch stand off"}
				}
				body.Duration = "off"
			}
			return v.act(cmd.Context(), "stand", body)
		},
	}
}
