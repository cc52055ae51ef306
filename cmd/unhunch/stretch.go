package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon"
	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

// Guides that can be asked for with --in.
const (
	inTerminal   = "terminal"
	inPage       = "page"
	inBackground = "background"
)

func (v *invocation) stretchCommand() *cobra.Command {
	var request api.StretchRequest
	var whyNot string
	var dryRun, plain bool
	c := &cobra.Command{
		Use:   "stretch [ROUTINE]",
		Short: "Start a short stretch",
		Long: `Start a session: composed for this moment, or the routine named.

On a terminal it is guided right here; Ctrl-C stops it, closing the terminal does
not. Elsewhere, and with --json, it runs in the background and notifications
guide it. The figure on the terminal keeps still where NO_MOTION is set.
--in page opens the page in your browser; where no browser can be opened it
prints a link to it, and guides here.

--dry-run only says what the session would be and why, also without a daemon. With
--why-not EXERCISE it says too why that one is not in it.`,
		Example: "  unhunch stretch\n  unhunch stretch --length 90s --place chair\n  unhunch stretch --dry-run --why-not cobra",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				request.Routine = args[0]
			}
			if err := checkStretch(request); err != nil {
				return err
			}
			if dryRun {
				return v.dryRun(cmd.Context(), api.PlanRequest{StretchRequest: request, WhyNot: whyNot})
			}
			if whyNot != "" {
				return &usageError{"--why-not asks about a session that is not started", "add: --dry-run"}
			}
			return v.stretch(cmd.Context(), request, plain)
		},
		ValidArgsFunction: routineNames,
	}
	c.Flags().StringVar(&request.Length, "length", "", "how long, 30s to 15m")
	c.Flags().StringVar(&request.Place, "place", "", "chair, standing or floor")
	c.Flags().StringSliceVar(&request.Equipment, "with", nil, "also what is done at a bar or a table: bar, table")
	c.Flags().StringVar(&whyNot, "why-not", "", "with --dry-run: say why this exercise is not in it")
	c.Flags().StringVar(&request.Guide, "in", "", "where it is guided: terminal, page or background")
	c.Flags().BoolVar(&dryRun, "dry-run", false, "say what it would be and start nothing")
	c.Flags().BoolVar(&plain, "plain", false, "guide by plain lines, for screen readers and pipes")
	_ = c.RegisterFlagCompletionFunc("why-not", exerciseNames) // the flag exists
	return c
}

// checkStretch finds what no daemon could make sense of.
func checkStretch(r api.StretchRequest) error {
	if r.Length != "" {
		if _, err := durationArg([]string{r.Length}); err != nil {
			return err
		}
	}
	if err := flagWord("place", r.Place, routines.Chair, routines.Standing, routines.Floor); err != nil {
		return err
	}
	if err := flagWord("in", r.Guide, inTerminal, inPage, inBackground); err != nil {
		return err
	}
	return nil
}

// flagWord checks a flag that takes one of a few words.
func flagWord(flag, word string, allowed ...string) error {
	if word == "" || slices.Contains(allowed, word) {
		return nil
	}
	return &usageError{fmt.Sprintf("--%s cannot be %q", flag, word), "one of: " + strings.Join(allowed, ", ")}
}

// stretch starts a session and guides it, if that is to happen here.
func (v *invocation) stretch(ctx context.Context, r api.StretchRequest, plain bool) error {
	if v.json && r.Guide == inTerminal {
		return &usageError{"--json and --in terminal do not go together", "leave one of them out"}
	}
	if r.Guide == "" {
		r.Guide = v.usualGuide(plain)
	}
	c, err := client.Default()
	if err != nil {
		return err
	}
	if r.Guide == inPage {
		if r.Guide, err = v.guideOnPage(ctx, c, plain); err != nil {
			return err
		}
	}
	s, err := c.Do(ctx, "stretch", r)
	switch {
	case err != nil:
		return err
	case v.json:
		return v.printJSON(s)
	case s.Session == nil:
		return errors.New("the daemon started no session")
	case r.Guide == inTerminal:
		return v.guide(ctx, c, s, plain)
	case s.Session.Guide == inPage:
		return v.print(words.PageStarted(*s.Session))
	}
	return v.print(words.GuideStarted(*s.Session))
}

// guideOnPage opens the page for a session. Where that cannot be done the link is printed and another guide named.
func (v *invocation) guideOnPage(ctx context.Context, c *client.Client, plain bool) (string, error) {
	opened, err := v.openPage(ctx, c, api.PageRequest{Session: true, Here: true})
	switch {
	case err != nil:
		return "", err
	case opened.Opened:
		return inPage, nil
	}
	fmt.Fprintln(v.err, words.PageLink)
	fmt.Fprintln(v.err, opened.Link)
	if v.json || !plain && !isTerminal(v.out) {
		return inBackground, nil
	}
	return inTerminal, nil
}

// usualGuide is the terminal when there is one, unless the settings say otherwise. It asks for no valid settings:
// a mistake in the file must not keep anybody from stretching.
func (v *invocation) usualGuide(plain bool) string {
	if plain {
		return inTerminal
	}
	if v.json || !isTerminal(v.out) {
		return inBackground
	}
	if path, err := v.configPath(); err == nil {
		if settings, _ := config.Load(path); settings.Session.Guide != "" {
			return settings.Session.Guide
		}
	}
	return inTerminal
}

// dryRun prints the plan of the daemon, which knows the person and what was done lately, or else one that any fresh
// daemon makes.
func (v *invocation) dryRun(ctx context.Context, r api.PlanRequest) error {
	c, err := client.Default()
	if err != nil {
		return err
	}
	plan, err := c.Plan(ctx, r)
	if _, absent := errors.AsType[*client.NotRunning](err); absent {
		plan, err = v.planHere(r)
	}
	if err != nil {
		return err
	}
	if v.json {
		return v.printJSON(plan)
	}
	return v.print(strings.Join(planLines(plan), "\n"))
}

// planHere makes a plan without a daemon, by the settings and without a history.
func (v *invocation) planHere(r api.PlanRequest) (api.Plan, error) {
	path, err := v.configPath()
	if err != nil {
		return api.Plan{}, err
	}
	return daemon.Plan(path, r)
}

// planLines is a plan for reading.
func planLines(p api.Plan) []string {
	if len(p.Steps) == 0 && p.WhyNot != nil {
		return absenceLines(p)
	}
	all, _ := daemon.Catalogue()
	lines := []string{words.PlanHead(p)}
	if p.Note != "" {
		lines = append(lines, p.Note)
	}
	for i, step := range p.Steps {
		name := step.Exercise
		if e, ok := all.Exercise(step.Exercise); ok {
			name = e.Name
		}
		line := fmt.Sprintf("%2d  %-30s %4.0f s", i+1, words.StepName(name, step.Side), step.WorkS)
		if step.Why != "" {
			line += "   " + step.Why
		}
		lines = append(lines, line)
	}
	if p.WhyNot != nil {
		lines = append(append(lines, ""), absenceLines(p)...)
	}
	return lines
}

// absenceLines say why an exercise is not in the plan.
func absenceLines(p api.Plan) []string {
	lines := []string{p.WhyNot.Message}
	if p.WhyNot.Hint != "" {
		lines = append(lines, p.WhyNot.Hint)
	}
	return lines
}

// exerciseNames completes the flag why-not.
func exerciseNames(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	all, _ := daemon.Catalogue()
	for _, e := range all.Exercises {
		names = append(names, e.ID+"\t"+e.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// routineNames completes the argument of stretch.
func routineNames(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var names []string
	if len(args) == 0 {
		all, _ := daemon.Catalogue()
		for _, r := range all.Routines {
			names = append(names, r.ID+"\t"+r.Name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
