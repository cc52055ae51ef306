package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon"
	"github.com/unhunch/unhunch/routines"
)

func (v *invocation) routinesCommand() *cobra.Command {
	return v.group(&cobra.Command{
		Use:     "routines",
		Short:   "The exercises and routines there are",
		Example: "  unhunch routines list\n  unhunch routines show shoulder-rolls",
	}, &cobra.Command{
		Use:     "list",
		Short:   "List every exercise and routine",
		Example: "  unhunch routines list --json",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return v.listRoutines() },
	}, &cobra.Command{
		Use:     "show ID",
		Short:   "Show one exercise or routine",
		Example: "  unhunch routines show shoulder-rolls",
		Args:    cobra.ExactArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return v.showRoutine(args[0]) },
	}, v.checkRoutinesCommand())
}

func (v *invocation) listRoutines() error {
	all, faults := daemon.Catalogue()
	v.leftOut(faults)
	if v.json {
		return v.printJSON(daemon.Routines())
	}
	var lines []string
	for _, e := range all.Exercises {
		lines = append(lines, fmt.Sprintf("%-24s %-28s %-9s %s", e.ID, e.Name, e.Level, e.Place))
	}
	if len(all.Routines) > 0 {
		lines = append(lines, "")
	}
	for _, r := range all.Routines {
		lines = append(lines, fmt.Sprintf("%-24s %-28s %-9s %s", r.ID, r.Name, "routine", r.Place))
	}
	return v.print(strings.Join(lines, "\n"))
}

func (v *invocation) showRoutine(id string) error {
	all, faults := daemon.Catalogue()
	e, isExercise := all.Exercise(id)
	r, isRoutine := all.Routine(id)
	switch {
	case isExercise && v.json:
		return v.printJSON(e)
	case isExercise:
		return v.print(strings.Join(exerciseLines(e), "\n"))
	case isRoutine && v.json:
		return v.printJSON(r)
	case isRoutine:
		return v.print(strings.Join(routineLines(all, r), "\n"))
	}
	v.leftOut(faults)
	return &usageError{fmt.Sprintf("no exercise or routine is called %q", id), "see: unhunch routines list"}
}

func exerciseLines(e routines.Exercise) []string {
	lines := []string{fmt.Sprintf("%s (%s, %s)", e.Name, e.Level, e.Place), ""}
	for i, step := range e.Steps {
		lines = append(lines, fmt.Sprintf("%2d. %s", i+1, step))
	}
	lines = append(lines, listed("Good for", e.Benefits)...)
	lines = append(lines, listed("Take care", e.Cautions)...)
	lines = append(lines, listed("Not with", e.AvoidWith)...)
	if e.Own {
		lines = append(lines, listed("Written by", []string{e.Author})...)
	}
	return append(lines, "", routines.StopRule)
}

// listed is a heading with points below, or nothing.
func listed(heading string, points []string) []string {
	if len(points) == 0 {
		return nil
	}
	lines := []string{"", heading}
	for _, p := range points {
		lines = append(lines, "  - "+p)
	}
	return lines
}

func routineLines(all *routines.Catalogue, r routines.Routine) []string {
	lines := []string{fmt.Sprintf("%s (%s)", r.Name, r.Place), ""}
	for i, m := range r.Moves {
		name := m.Exercise
		if e, ok := all.Exercise(m.Exercise); ok {
			name = e.Name
		}
		lines = append(lines, fmt.Sprintf("%2d. %-28s %3d s", i+1, name, m.WorkS))
	}
	return lines
}
