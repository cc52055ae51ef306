package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon"
	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

func (v *invocation) profileSetCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "set KEY=VALUE...",
		Short: "Tell something of yourself; several things at once are all taken, or none",
		Long: `Tell something of yourself. Several things at once are all taken, or none.

  screening.TAG=yes|no|unsaid   an answer; see the tags with: unhunch profile show --json
  level=gentle|moderate|advanced
                                the highest that is planned; said again after
                                something hurt, it means “go on”
  places=LIST                   besides chair and standing: floor, bar, table
  equipment=LIST                what there is, such as foam-roller,bar
  abilities=LIST                cannot-stand, cannot-kneel,
                                cannot-reach-overhead, one-arm, wheelchair
  enable.ID=yes|no              an exercise that is off until you say so
  retired.ID=yes|no             no allows an exercise again that has hurt

A list is written with commas; “none” is an empty one.`,
		Example: "  unhunch profile set level=moderate\n  unhunch profile set screening.bone=no screening.eyes=unsaid\n" +
			"  unhunch profile set retired.neck-tilts=no",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: profileKeys,
		RunE: func(cmd *cobra.Command, args []string) error {
			changes, err := parseChanges(args)
			if err != nil {
				return err
			}
			return v.setProfile(cmd.Context(), changes)
		},
	}
}

// parseChanges takes KEY=VALUE apart.
func parseChanges(args []string) (map[string]string, error) {
	const example = "for example: unhunch profile set level=moderate"
	if len(args) == 0 {
		return nil, &usageError{"nothing was said to change", example}
	}
	changes := map[string]string{}
	for _, arg := range args {
		key, value, ok := strings.Cut(arg, "=")
		if !ok || key == "" {
			return nil, &usageError{fmt.Sprintf("%q is not KEY=VALUE", arg), example}
		}
		if _, twice := changes[key]; twice {
			return nil, &usageError{fmt.Sprintf("%s is said twice", key), "say it once"}
		}
		changes[key] = value
	}
	return changes, nil
}

func (v *invocation) setProfile(ctx context.Context, changes map[string]string) error {
	c, err := client.Default()
	if err != nil {
		return err
	}
	p, err := c.SetProfile(ctx, changes)
	if err != nil {
		return err
	}
	if v.json {
		return v.printJSON(p)
	}
	return v.print(strings.Join(changedLines(p, changes), "\n"))
}

// changedLines say what is so now, and what follows from it that is good to know.
func changedLines(p api.Profile, changes map[string]string) []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(changes)) {
		out = append(out, fmt.Sprintf("%s = %s", key, profileValue(p, key, changes[key])))
	}
	if level := changes["level"]; level != "" && level != routines.Levels()[0] && unanswered(p) {
		out = append(out, words.SetFirstAnswers)
	}
	if changes["screening."+routines.TagLeg] == "yes" {
		out = append(out, hurtLines()...)
	}
	catalogue, _ := daemon.Catalogue() // what is wrong with own files is for routines check to say
	for _, key := range slices.Sorted(maps.Keys(changes)) {
		id, enabled := strings.CutPrefix(key, "enable.")
		if e, ok := catalogue.Exercise(id); ok && enabled && changes[key] == "yes" {
			out = append(out, words.SetBefore)
			for _, caution := range e.Cautions {
				out = append(out, "  - "+caution)
			}
			out = append(out, "  - "+daemon.Safety().Rule)
			if slices.Index(routines.Levels(), e.Level) > slices.Index(routines.Levels(), p.Level) {
				out = append(out, words.SetAbove)
			}
		}
	}
	return out
}

func unanswered(p api.Profile) bool {
	for _, answer := range p.Screening {
		if answer != "unsaid" {
			return false
		}
	}
	return true
}

// profileValue is what a key is now, as one would type it.
func profileValue(p api.Profile, key, said string) string {
	list := map[string][]string{"places": p.Places, "equipment": p.Equipment, "abilities": p.Abilities}
	if all, ok := list[key]; ok {
		if len(all) == 0 {
			return "none"
		}
		return strings.Join(all, ",")
	}
	return strings.TrimSpace(said)
}

// profileKeys completes KEY=VALUE.
func profileKeys(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var all []string
	for _, level := range routines.Levels() {
		all = append(all, "level="+level)
	}
	for _, tag := range routines.Tags() {
		all = append(all, fmt.Sprintf("screening.%s=\t%s", tag, words.Questions[tag].Ask))
	}
	catalogue, _ := daemon.Catalogue()
	for _, e := range catalogue.Exercises {
		all = append(all, fmt.Sprintf("retired.%s=\t%s", e.ID, e.Name))
		if e.OptIn {
			all = append(all, fmt.Sprintf("enable.%s=\t%s", e.ID, e.Name))
		}
	}
	return append(all, "places=", "equipment=", "abilities="), cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
}
