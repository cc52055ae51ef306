package main

import (
	"fmt"
	"slices"

	"github.com/unhunch/unhunch/daemon/words"
)

// cardWidth is how wide a terminal must be for a card: no question may be cut off. A narrower one is asked in lines.
const cardWidth = 74

// A card is a list to tick, of which the last lines each stand alone: to tick one unticks all others.
type card struct {
	title, intro string
	lines        []string
	ticked       []bool
	alone        int  // index of the first line that stands alone
	optional     bool // nothing ticked is an answer, too

	at   int    // the line the cursor is on
	note string // why Enter was not enough
	done bool
	left bool // without an answer
}

// press does what a key means.
func (c *card) press(key int) {
	c.note = ""
	switch key {
	case keyUp, 'k':
		c.at = (c.at + len(c.lines) - 1) % len(c.lines)
	case keyDown, 'j', '\t':
		c.at = (c.at + 1) % len(c.lines)
	case ' ', 'x':
		c.tick(c.at)
	case '\r', '\n':
		c.enter()
	case 'q', 'Q', ctrlC:
		c.left = true
	}
}

func (c *card) tick(i int) {
	now := !c.ticked[i]
	for j := range c.ticked {
		if i >= c.alone || j >= c.alone {
			c.ticked[j] = false
		}
	}
	c.ticked[i] = now
}

// enter takes the answer. On a line that stands alone, with nothing ticked, it means that one.
func (c *card) enter() {
	if !slices.Contains(c.ticked, true) && c.at >= c.alone {
		c.tick(c.at)
	}
	if c.done = c.optional || slices.Contains(c.ticked, true); !c.done {
		c.note = words.CardOneOrOther
	}
}

// rows is the picture of the card, at most width by height. Where it is too low the list scrolls, and the introduction
// goes first.
func (c *card) rows(width, height, page, pages int, p palette) []string {
	width = max(width-2*len(margin), 1)
	put := func(rows []string, paint func(string) string, text string) []string {
		if text == "" {
			return rows
		}
		for _, line := range wrap(text, width) {
			rows = append(rows, margin+paint(line))
		}
		return rows
	}
	above := put([]string{""}, p.bold, c.title)
	long := append(slices.Clone(above), put(nil, p.dim, c.intro)...)
	long = append(long, "")
	below := []string{""}
	if c.note != "" {
		below = put(below, p.yellow, c.note)
	}
	below = put(below, p.dim, fmt.Sprintf("%s · %d/%d", words.CardMove, page, pages))
	list, at := c.list(width, p)
	if len(long)+len(list)+len(below) <= height {
		above = long
	}
	room := max(height-len(above)-len(below), 1)
	if from := at - room/2; len(list) > room {
		from = min(max(from, 0), len(list)-room)
		list = list[from : from+room]
	}
	return slices.Concat(above, list, below)
}

// list is the lines with their ticks, and the row the cursor is on. A gap stands before those that stand alone.
func (c *card) list(width int, p palette) (rows []string, at int) {
	for i, line := range c.lines {
		if i == c.alone {
			rows = append(rows, "")
		}
		box := "[ ]"
		if c.ticked[i] {
			box = "[x]"
		}
		text := fit(fmt.Sprintf("%s %s", box, line), width-2)
		switch {
		case i == c.at:
			at = len(rows)
			rows = append(rows, p.green("> ")+p.bold(text))
		case c.ticked[i]:
			rows = append(rows, margin+p.green(text))
		default:
			rows = append(rows, margin+text)
		}
	}
	return rows, at
}

// plain is the card in lines, each with the number to type.
func (c *card) plain() []string {
	rows := wrap(c.title, plainWidth)
	if c.intro != "" {
		rows = append(rows, wrap(c.intro, plainWidth)...)
	}
	rows = append(rows, "")
	for i, line := range c.lines[:c.alone] {
		rows = append(rows, fmt.Sprintf("%3d  %s", i+1, line))
	}
	rows = append(rows, fmt.Sprintf("%3d  %s", 0, c.lines[c.alone+cardNone]))
	if !c.optional {
		rows = append(rows, fmt.Sprintf("%3s  %s", "-", c.lines[c.alone+cardUnsaid]))
	}
	return append(append(rows, ""), wrap(c.how(), plainWidth)...)
}

func (c *card) how() string {
	if c.optional {
		return words.CardPlainAbility
	}
	return words.CardPlainHow
}

// Keys of more than one byte, and what means nothing.
const (
	keyUp = 0x100 + iota
	keyDown
	noKey
)

// arrows makes one key of the bytes of an arrow key. Other sequences mean nothing.
type arrows struct{ typed escape }

func (a *arrows) read(key byte) int {
	was := a.typed
	if !a.typed.swallows(key) {
		return int(key)
	}
	if (was == escapeCSI || was == escapeOnce) && a.typed == noEscape {
		switch key {
		case 'A':
			return keyUp
		case 'B':
			return keyDown
		}
	}
	return noKey
}
