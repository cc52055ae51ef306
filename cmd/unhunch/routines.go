package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon"
)

func (v *invocation) routinesCommand() *cobra.Command {
	return v.group(&cobra.Command{
		Use:     "routines",
		Short:   "The exercises and routines there are",
		Example: "  unhunch routines list\n  unhunch routines show shoulder-rolls",
	}, &cobra.Command{
		Use:     "list",
		Short:   "List every exercise, routine and card",
		Example: "  unhunch routines list --json",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return v.listRoutines() },
	}, &cobra.Command{
		Use:     "show ID",
		Short:   "Show one exercise, routine or card",
		Example: "  unhunch routines show shoulder-rolls",
		Args:    cobra.ExactArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return v.showRoutine(args[0]) },
	}, v.checkRoutinesCommand())
}

func (v *invocation) listRoutines() error {
	_, faults := daemon.Catalogue()
	v.leftOut(faults)
	all := daemon.Routines()
	if v.json {
		return v.printJSON(all)
	}
	width, _ := terminalSize(v.out)
	return v.print(strings.Join(listing(all, width, paletteFor(v.out)), "\n"))
}

func (v *invocation) showRoutine(id string) error {
	all := daemon.Routines()
	width, _ := terminalSize(v.out)
	colour := paletteFor(v.out)
	for _, e := range all.Exercises {
		if e.ID == id {
			return v.printPage(e, exercisePage(e, width, colour))
		}
	}
	for _, r := range all.Routines {
		if r.ID == id {
			return v.printPage(r, routinePage(r, all.Exercises, width, colour))
		}
	}
	for _, c := range all.Cards {
		if c.ID == id {
			return v.printPage(c, cardPage(c, width, colour))
		}
	}
	_, faults := daemon.Catalogue()
	v.leftOut(faults) // it may be in one of these
	return &usageError{fmt.Sprintf("no exercise, routine or card is called %q", id), "see: unhunch routines list"}
}

// printPage prints the thing itself for scripts, or its page for people.
func (v *invocation) printPage(thing any, page []string) error {
	if v.json {
		return v.printJSON(thing)
	}
	return v.print(strings.Join(page, "\n"))
}
