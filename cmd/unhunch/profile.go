package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon"
	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/words"
)

func (v *invocation) profileCommand() *cobra.Command {
	return v.group(&cobra.Command{
		Use:   "profile",
		Short: "What you have told of yourself, and what is planned for you because of it",
		Long: `What you have told of yourself: what does not agree with you, your level, places
and equipment, and what has hurt. It stays on this computer.`,
		Example: "  unhunch profile show\n  unhunch profile ask\n  unhunch profile set level=moderate",
	}, v.profileShowCommand(), v.profileAskCommand(), v.profileSetCommand())
}

func (v *invocation) profileShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Your level, what your answers take away, what is retired, and what is offered",
		Long: `Your level and how far you have come, what your answers take away, what is
retired because it hurt and how to allow it again, and what is offered.`,
		Example: "  unhunch profile show\n  unhunch profile show --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return v.withProfile(cmd.Context(), (*client.Client).Profile)
		},
	}
}

// withProfile shows the profile that get gives.
func (v *invocation) withProfile(ctx context.Context, get func(*client.Client, context.Context) (api.Profile, error)) error {
	c, err := client.Default()
	if err != nil {
		return err
	}
	p, err := get(c, ctx)
	if err != nil {
		return err
	}
	if v.json {
		return v.printJSON(p)
	}
	width, _ := terminalSize(v.out)
	return v.print(strings.Join(profileLines(p, width, paletteFor(v.out)), "\n"))
}

// profileLines lays the profile out for a terminal.
func profileLines(p api.Profile, width int, c palette) []string {
	var out []string
	for _, line := range words.Profile(p, daemon.Safety()) {
		paint, text := asIs, line.Text
		switch line.Role {
		case words.ProfileHead:
			paint = c.bold
		case words.ProfileDetail:
			text = margin + text
		case words.ProfileHint:
			paint, text = c.dim, margin+text
		case words.ProfileTip:
			paint, text = c.green, "* "+text
		case words.ProfileAlarm:
			paint, text = c.bold, margin+"- "+text
		}
		for _, row := range wrap(text, width) {
			out = append(out, paint(row))
		}
	}
	return out
}
