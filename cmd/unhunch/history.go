package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/words"
)

// periods are what can be reported on. The first is meant where none is named.
var periods = []string{"today", "week", "month", "year"}

// historyOptions say which report, and how it is to look.
type historyOptions struct {
	period string
	csv    bool
	plain  bool
}

func (v *invocation) historyCommand() *cobra.Command {
	var o historyOptions
	c := &cobra.Command{
		Use:   "history [today|week|month|year]",
		Short: "What your days were like: sitting, standing, breaks and stretches",
		Long: `What your days were like: time in the chair, on your feet and away, breaks
offered and taken, stretches, and how that compares with the time before.
A week, a month or a year ends with today and has 7, 30 or 365 days.

It is drawn on a terminal, and told in words elsewhere or with --plain. Away
is the time between your first and last minute at the desk. Nothing leaves
this computer.`,
		Example:   "  unhunch history\n  unhunch history week\n  unhunch history year --csv > days.csv\n  unhunch history erase",
		ValidArgs: periods,
		Args:      onePeriod,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.period = periods[0]
			if len(args) > 0 {
				o.period = args[0]
			}
			if v.json && (o.csv || o.plain) || o.csv && o.plain {
				return &usageError{"--json, --csv and --plain exclude each other", "choose one of them"}
			}
			return v.showHistory(cmd.Context(), o)
		},
	}
	c.Flags().BoolVar(&o.csv, "csv", false, "print comma-separated values, one line a day, times in seconds")
	c.Flags().BoolVar(&o.plain, "plain", false, "words and figures in place of a drawing")
	c.AddCommand(v.historyEraseCommand())
	return c
}

// onePeriod takes the name of a period, or nothing.
func onePeriod(_ *cobra.Command, args []string) error {
	const hint = "one of: today, week, month, year; or: unhunch history erase"
	switch {
	case len(args) > 1:
		return &usageError{"one period at a time", hint}
	case len(args) == 1 && !slices.Contains(periods, args[0]):
		return &usageError{fmt.Sprintf("there is no history of %q", args[0]), hint}
	}
	return nil
}

func (v *invocation) showHistory(ctx context.Context, o historyOptions) error {
	c, err := client.Default()
	if err != nil {
		return err
	}
	h, err := c.History(ctx, o.period)
	if err != nil {
		return err
	}
	switch {
	case v.json:
		return v.printJSON(h)
	case o.csv:
		return words.HistoryCSV(v.out, h)
	}
	width, _ := terminalSize(v.out)
	if o.plain || !isTerminal(v.out) || os.Getenv("TERM") == "dumb" || width < narrowest {
		return v.print(strings.Join(plainHistory(h, localZone(), width), "\n"))
	}
	return v.print(strings.Join(drawnHistory(h, localZone(), width, shadesFor(v.out)), "\n"))
}

func (v *invocation) historyEraseCommand() *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:   "erase",
		Short: "Erase everything that is on record",
		Long: `Erase everything that is on record of your days. It cannot be brought back.
On a terminal it asks first.`,
		Example: "  unhunch history erase\n  unhunch history erase --yes",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return v.eraseHistory(cmd.Context(), yes) },
	}
	c.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return c
}

func (v *invocation) eraseHistory(ctx context.Context, yes bool) error {
	if !yes {
		if !isTerminal(v.in) {
			return &usageError{"nobody is there to be asked", "to erase without being asked: unhunch history erase --yes"}
		}
		if err := v.mayErase(ctx); err != nil {
			return err
		}
	}
	c, err := client.Default()
	if err != nil {
		return err
	}
	s, err := c.Erase(ctx)
	if err != nil {
		return err
	}
	if v.json {
		return v.printJSON(s)
	}
	return v.print(words.HistoryErased)
}

// mayErase asks the person. Anything but a clear yes is an error, so that what a script would do next is not done.
func (v *invocation) mayErase(ctx context.Context) error {
	fmt.Fprint(v.err, words.HistoryEraseAsk)
	// Nothing can call the read back; it ends with the program, which has nothing else to do after Ctrl-C.
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(v.in).ReadString('\n')
		answer <- line
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(v.err)
		return ctx.Err()
	case line := <-answer:
		if !strings.EqualFold(strings.TrimSpace(line), words.HistoryEraseYes) {
			return errors.New(words.HistoryNotErased)
		}
		return nil
	}
}
