package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/words"
)

func (v *invocation) statusCommand() *cobra.Command {
	var watch bool
	c := &cobra.Command{
		Use:   "status",
		Short: "How long you have been sitting, and when the next break comes",
		Long: `How long you have been sitting, when the next break comes or what it waits for,
the running session and today's figures.

With --watch it stays and follows: redrawn in place on a terminal, a line for
each change elsewhere, and with --json one object a line.`,
		Example: "  unhunch status\n  unhunch status --json | jq .sitting.load_s\n  unhunch status --watch",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if watch {
				return v.watchStatus(cmd.Context())
			}
			return v.showStatus(cmd.Context())
		},
	}
	c.Flags().BoolVarP(&watch, "watch", "w", false, "follow what changes until Ctrl-C")
	return c
}

func (v *invocation) showStatus(ctx context.Context) error {
	c, err := client.Default()
	if err != nil {
		return err
	}
	s, err := c.State(ctx)
	if err != nil {
		return err
	}
	if v.json {
		return v.printJSON(s)
	}
	if err := v.print(strings.Join(statusLines(s, localZone(), paletteFor(v.out)), "\n")); err != nil {
		return err
	}
	v.compareVersions(s.Version)
	return nil
}

// compareVersions tells the person of a daemon of another version than this program. Those that were built without a
// version cannot be told apart.
func (v *invocation) compareVersions(daemon string) {
	own := buildVersion()
	if daemon == own || daemon == "" || own == unversioned || daemon == unversioned {
		return
	}
	message, hint := words.Versions(daemon, own)
	fmt.Fprintf(v.err, "\n%s\n%s\n", message, hint)
}

// watchStatus follows the state until ctx ends, which is how it is meant to end.
func (v *invocation) watchStatus(ctx context.Context) error {
	c, err := client.Default()
	if err != nil {
		return err
	}
	show := v.printChange()
	switch {
	case v.json:
		lines := json.NewEncoder(v.out)
		show = func(s api.State) error { return lines.Encode(s) }
	case isTerminal(v.out):
		return untilInterrupted(ctx, v.redraw(ctx, c))
	}
	return untilInterrupted(ctx, c.Watch(ctx, show))
}

// untilInterrupted says that being interrupted is no failure.
func untilInterrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// printChange writes a line for each change that can be told from the one before.
func (v *invocation) printChange() func(api.State) error {
	last := ""
	return func(s api.State) error {
		line := words.StatusLineShort(s, s.At, localZone())
		if line == last {
			return nil
		}
		last = line
		return v.print(s.At.In(localZone()).Format(time.TimeOnly) + "  " + line)
	}
}

// redraw keeps the status on a terminal up to date: at each change, and each second while figures grow.
func (v *invocation) redraw(ctx context.Context, c *client.Client) error {
	states, ended := follow(ctx, c)
	second := time.NewTicker(time.Second)
	defer second.Stop()
	var s api.State
	var at time.Time
	var drawn []string
	for {
		select {
		case s = <-states:
			at = time.Now()
		case <-second.C:
			if at.IsZero() {
				continue
			}
		case err := <-ended:
			return err
		}
		lines := statusLines(client.Ahead(s, time.Since(at)), localZone(), paletteFor(v.out))
		if err := v.replace(drawn, lines); err != nil {
			return err
		}
		drawn = lines
	}
}

// replace writes lines over the ones drawn before.
func (v *invocation) replace(drawn, lines []string) error {
	up := ""
	if len(drawn) > 0 {
		up = fmt.Sprintf("\x1b[%dA\x1b[J", len(drawn))
	}
	_, err := fmt.Fprint(v.out, up+strings.Join(lines, "\n")+"\n")
	return err
}

// follow hands out the states of the daemon, and then why there are no more.
func follow(ctx context.Context, c *client.Client) (<-chan api.State, <-chan error) {
	states, ended := make(chan api.State), make(chan error, 1)
	go func() {
		ended <- c.Watch(ctx, func(s api.State) error {
			select {
			case states <- s:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	return states, ended
}

// barWidth leaves room beside the bar for “next break in 1 h 30 min”.
const barWidth = 30

// statusLines lays the status out for a terminal of 80 columns.
func statusLines(s api.State, zone *time.Location, p palette) []string {
	var out []string
	for _, line := range words.Status(s, s.At, zone) {
		switch line.Role {
		case words.StatusHead:
			out = append(out, paintAll(p.bold, fold(line.Text, plainWidth))...)
		case words.StatusNext, words.StatusSession:
			out = append(out, besideBar(s, line.Text, p)...)
		case words.StatusProblem:
			out = append(out, marked(p.yellow("!"), line.Text)...)
		case words.StatusTip:
			out = append(out, marked(p.green("*"), line.Text)...)
		case words.StatusHint:
			out = append(out, paintAll(p.dim, fold("  "+line.Text, plainWidth))...)
		case words.StatusNote:
			out = append(out, fold(line.Text, plainWidth)...)
		case words.StatusToday:
			out = append(out, paintAll(p.dim, fold(line.Text, plainWidth))...)
		}
	}
	return out
}

// marked puts a mark before a text, in a column of its own. The mark alone is coloured: what is wrong is to be read on any
// ground, and yellow on white is not.
func marked(mark, text string) []string {
	rows := fold("  "+text, plainWidth)
	rows[0] = mark + rows[0][1:]
	return rows
}

// besideBar puts text to the right of the bar it belongs to, or below where it is too long.
func besideBar(s api.State, text string, p palette) []string {
	done := fraction(s.Sitting.LoadS, s.Sitting.LimitS)
	switch {
	case s.Session != nil:
		done = 1 - fraction(s.Session.LeftS, s.Session.LengthS)
	case s.Posture == "standing":
		done = fraction(s.Standing.LoadS, s.Standing.LimitS)
	}
	drawn := bar(done, barWidth)
	if done >= 1 && s.Session == nil {
		drawn = p.yellow(drawn)
	} else {
		drawn = p.green(drawn)
	}
	if barWidth+2+utf8.RuneCountInString(text) > plainWidth {
		return []string{drawn, text}
	}
	return []string{drawn + "  " + text}
}

func fraction(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return part / whole
}
