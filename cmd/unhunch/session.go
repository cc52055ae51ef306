package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon"
	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
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
	c.AddCommand(v.feelingCommand())
	return c
}

func (v *invocation) feelingCommand() *cobra.Command {
	feelings := []string{"better", "same", "worse"}
	return &cobra.Command{
		Use:       "feeling better|same|worse",
		Short:     "Say how the last stretch has left you, when that was asked",
		Example:   "  unhunch session feeling better",
		Args:      cobra.ExactArgs(1),
		ValidArgs: feelings,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(feelings, args[0]) {
				return &usageError{fmt.Sprintf("a feeling cannot be %q", args[0]), "one of: " + strings.Join(feelings, ", ")}
			}
			return v.feeling(cmd.Context(), args[0])
		},
	}
}

// feeling says how the session has left the person.
func (v *invocation) feeling(ctx context.Context, feeling string) error {
	c, err := client.Default()
	if err != nil {
		return err
	}
	s, err := c.Feeling(ctx, feeling)
	switch {
	case err != nil:
		return err
	case v.json:
		return v.printJSON(s)
	}
	thanks := words.FeelingThanks(feeling, s.WorseRunning, daemon.Safety())
	return v.print(strings.Join(append([]string{thanks}, gentlerLines(s)...), "\n"))
}

func (v *invocation) control(ctx context.Context, name string) error {
	if v.json || name != "hurt" {
		return v.act(ctx, "session/"+name, nil)
	}
	c, err := client.Default()
	if err != nil {
		return err
	}
	s, err := c.Do(ctx, "session/"+name, nil)
	if err != nil {
		return err
	}
	lines := []string{words.StatusLineShort(s, s.At, localZone()), "", words.GuideStopped, ""}
	lines = append(lines, hurtLines()...)
	lines = append(lines, "", words.HurtCommands)
	if p := s.Session; p != nil && p.Hurt {
		lines = append(lines, words.Retired(p.Name, p.Exercise))
	}
	return v.print(strings.Join(append(lines, gentlerLines(s)...), "\n"))
}

// gentlerLines offer to go more gently, where there is reason to.
func gentlerLines(s api.State) []string {
	o := s.ProfileOffer
	if o == nil || o.Code != words.OfferBelow && o.Code != words.OfferOnlyWalking {
		return nil
	}
	return []string{o.Message, margin + o.Hint}
}
