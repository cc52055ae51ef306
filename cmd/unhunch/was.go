package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon/api"
)

var postures = []string{"sitting", "standing", "away"}

func (v *invocation) wasCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "was sitting|standing|away [DURATION]",
		Short: "Correct how the last silence was counted",
		Long: `Say what you did while there was no input: during the last silence, or during
the last DURATION. It is counted anew, today's figures too.`,
		Example:   "  unhunch was sitting\n  unhunch was away 20m",
		Args:      cobra.RangeArgs(1, 2),
		ValidArgs: postures,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(postures, args[0]) {
				return &usageError{fmt.Sprintf("nobody was %q", args[0]), "one of: " + strings.Join(postures, ", ")}
			}
			d, err := durationArg(args[1:])
			if err != nil {
				return err
			}
			return v.act(cmd.Context(), "was", api.WasRequest{Posture: args[0], Duration: d})
		},
	}
}
