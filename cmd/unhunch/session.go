package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon/words"
)

func (v *invocation) sessionCommand() *cobra.Command {
	c := v.group(&cobra.Command{
		Use:     "session",
		Short:   "Control the running stretch",
		Example: "  unhunch session next\n  unhunch session hurt",
	})
	for _, control := range []struct{ name, short string }{
		{"next", "Go on to the next step; after the last one it is finished"},
		{"back", "Go back a step; on the first one it starts anew"},
		{"pause", "Stop the clock"},
		{"resume", "Go on; after “hurt”, gently"},
		{"stop", "End it here"},
		{"hurt", "Say that it hurt: stops at once and shows what to look out for"},
	} {
		c.AddCommand(&cobra.Command{
			Use:     control.name,
			Short:   control.short,
			Example: "  unhunch session " + control.name,
			Args:    cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				return v.control(cmd.Context(), control.name)
			},
		})
	}
	return c
}

func (v *invocation) control(ctx context.Context, name string) error {
	if err := v.act(ctx, "session/"+name, nil); err != nil || v.json || name != "hurt" {
		return err
	}
	return v.print(fmt.Sprintf("\n%s\n\n%s\n\n%s",
		words.GuideStopped, strings.Join(hurtLines(), "\n"), words.HurtCommands))
}
