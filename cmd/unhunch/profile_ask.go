package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

func (v *invocation) profileAskCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "ask",
		Short: "A few questions, so that nothing is planned that is not for you",
		Long: `A few questions, once, so that nothing is planned that is not for you. Tick what
applies, “None of these”, or “Rather not say”. What is not answered counts as a
yes. The answers stay on this computer; ask again to change them.

Where there is no terminal it asks in lines and reads two lines of answers:
numbers of what applies, 0 for none, - for rather not say.`,
		Example: "  unhunch profile ask\n  printf '2 9\\n0\\n' | unhunch profile ask",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return v.askProfile(cmd.Context()) },
	}
}

// notAnswered is the end of asking where there was no answer. Nothing was changed.
func notAnswered() error {
	return &refusal{words.CardNotSaved, "whenever you like: unhunch profile ask"}
}

func (v *invocation) askProfile(ctx context.Context) error {
	c, err := client.Default()
	if err != nil {
		return err
	}
	p, err := c.Profile(ctx)
	if err != nil {
		return err
	}
	questions, abilities := questionCard(p), abilityCard(p)
	asked := v.askInLines
	width, _ := terminalSize(v.out)
	if isTerminal(v.in) && isTerminal(v.out) && os.Getenv("TERM") != "dumb" && !v.json && width >= cardWidth {
		asked = v.askOnScreen
	}
	if err := asked(ctx, questions, abilities); err != nil {
		return err
	}
	changes := answersOf(p, questions, abilities)
	if p, err = c.SetProfile(ctx, changes); err != nil {
		return err
	}
	if v.json {
		return v.printJSON(p)
	}
	lines := append([]string{words.CardSaved, ""}, profileLines(p, width, paletteFor(v.out))...)
	return v.print(strings.Join(lines, "\n"))
}

// The lines of the first card after the questions.
const (
	cardNone   = 0 // after the last question
	cardUnsaid = 1
)

// questionCard is the card of questions, ticked as they were answered last.
func questionCard(p api.Profile) *card {
	c := &card{title: words.CardTitle, intro: words.CardIntro}
	no, unsaid := 0, 0
	for _, q := range p.Questions {
		c.lines = append(c.lines, q.Ask)
		c.ticked = append(c.ticked, p.Screening[q.Tag] == "yes")
		switch p.Screening[q.Tag] {
		case "no":
			no++
		case "unsaid":
			unsaid++
		}
	}
	n := len(c.lines)
	c.alone = n
	c.lines = append(c.lines, words.CardNone, words.CardUnsaid)
	c.ticked = append(c.ticked, n > 0 && no == n, false)
	return c
}

// abilityCard asks how the person moves.
func abilityCard(p api.Profile) *card {
	c := &card{title: words.CardAbilities, alone: len(routines.Abilities)}
	for _, a := range routines.Abilities {
		c.lines = append(c.lines, words.AbilityAsk[a])
		ticked := false
		for _, had := range p.Abilities {
			ticked = ticked || had == a
		}
		c.ticked = append(c.ticked, ticked)
	}
	c.lines, c.ticked, c.optional = append(c.lines, words.CardAbilitiesNone), append(c.ticked, false), true
	return c
}

// answersOf are the two cards as changes to the profile. What is not ticked is a no, unless nothing was to be said.
func answersOf(p api.Profile, questions, abilities *card) map[string]string {
	changes := map[string]string{}
	for i, q := range p.Questions {
		switch {
		case questions.ticked[questions.alone+cardUnsaid]:
			changes["screening."+q.Tag] = string(routines.Unsaid)
		case questions.ticked[i]:
			changes["screening."+q.Tag] = string(routines.Yes)
		default:
			changes["screening."+q.Tag] = string(routines.No)
		}
	}
	var does []string
	for i, a := range routines.Abilities {
		if abilities.ticked[i] {
			does = append(does, a)
		}
	}
	changes["abilities"] = strings.Join(does, ",")
	return changes
}

// askOnScreen shows one card after the other on a screen of its own.
func (v *invocation) askOnScreen(ctx context.Context, cards ...*card) (err error) {
	before, err := term.MakeRaw(int(v.in.Fd()))
	if err != nil {
		return fmt.Errorf("cannot read single keys: %w", err)
	}
	fmt.Fprint(v.out, openAlternate)
	defer func() {
		fmt.Fprint(v.out, closeAlternate)
		_ = term.Restore(int(v.in.Fd()), before) // there is nothing left to try
	}()
	keys := readKeys(v.in)
	var typed arrows
	for i, c := range cards {
		for !c.done {
			width, height := terminalSize(v.out)
			fmt.Fprint(v.out, clearAll+"\x1b[H"+strings.Join(c.rows(width, height, i+1, len(cards), paletteFor(v.out)), "\r\n"))
			select {
			case key, open := <-keys:
				if !open {
					return notAnswered()
				}
				if c.press(typed.read(key)); c.left {
					return notAnswered()
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// askInLines asks where there are no single keys, and takes a line of numbers for each card.
func (v *invocation) askInLines(ctx context.Context, cards ...*card) error {
	out := v.out
	if v.json {
		out = v.err // what is printed is JSON
	}
	in := bufio.NewReader(v.in)
	for _, c := range cards {
		fmt.Fprintln(out, strings.Join(c.plain(), "\n"))
		for !c.done {
			line, err := lineFrom(ctx, in)
			if err != nil {
				return err
			}
			if !c.answer(line) {
				fmt.Fprintln(out, words.CardPlainAgain, c.how())
			}
		}
		fmt.Fprintln(out)
	}
	return nil
}

// lineFrom reads a line, unless ctx ends first: then the read goes on, until the program ends with it.
func lineFrom(ctx context.Context, in *bufio.Reader) (string, error) {
	type read struct {
		line string
		err  error
	}
	got := make(chan read, 1)
	go func() {
		line, err := in.ReadString('\n')
		if err == io.EOF && strings.TrimSpace(line) != "" {
			err = nil
		}
		got <- read{line, err}
	}()
	select {
	case r := <-got:
		if r.err != nil {
			return "", notAnswered()
		}
		return r.line, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// answer takes a line of numbers, or says that it makes no sense.
func (c *card) answer(line string) bool {
	fields := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" ,;\t\r\n", r) })
	ticked := make([]bool, len(c.ticked))
	switch {
	case len(fields) == 0:
		return false
	case len(fields) == 1 && fields[0] == "0":
		ticked[c.alone+cardNone] = true
	case len(fields) == 1 && fields[0] == "-" && !c.optional:
		ticked[c.alone+cardUnsaid] = true
	default:
		for _, f := range fields {
			n, err := strconv.Atoi(f)
			if err != nil || n < 1 || n > c.alone {
				return false
			}
			ticked[n-1] = true
		}
	}
	c.ticked, c.done = ticked, true
	return true
}
