package routines

import (
	"embed"
	"errors"
	"path"
)

// A Card is a short page to read: what is worth knowing round the exercises, in a few lines.
type Card struct {
	ID     string   `json:"id" toml:"id"`
	Title  string   `json:"title" toml:"title"`
	Lines  []string `json:"lines" toml:"lines"` // a thought each
	Source []string `json:"source" toml:"source"`
}

// The files are numbered in the order to read them in.
//
//go:embed cards/*.toml
var cardFiles embed.FS

// ClaimsCard is the id of the card that says what is often claimed and not shown, the one place for such words.
const ClaimsCard = "often-claimed"

// Cards are all cards in the order to read them in, the stop signs last. They are read anew each time: nobody looks
// at them often enough for them to stay in memory. A test proves that they are valid.
func Cards() []Card {
	cards, err := parseCards()
	if err != nil {
		panic(err)
	}
	return append(cards, stopCard())
}

func parseCards() ([]Card, error) {
	const dir = "cards"
	entries, err := cardFiles.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var cards []Card
	var errs []error
	for _, entry := range entries {
		data, err := cardFiles.ReadFile(path.Join(dir, entry.Name()))
		errs = append(errs, err)
		var c Card
		errs = append(errs, decode(entry.Name(), data, &c), located(entry.Name(), c.faults()))
		cards = append(cards, c)
	}
	return cards, errors.Join(errs...)
}

func (c Card) faults() faults {
	var f faults
	f.id(c.ID)
	f.unless(c.Title != "", "title", "missing")
	f.text("lines", c.Lines)
	f.text("source", c.Source)
	return f
}

// stopCard is [StopSigns] as a card, so that they are found wherever cards are.
func stopCard() Card {
	c := Card{ID: "stop-signs", Title: "Stop signs", Lines: []string{StopRule}, Source: []string{"public warning lists for back pain"}}
	for _, tier := range StopSigns {
		c.Lines = append(c.Lines, tier.Help+":")
		for _, sign := range tier.Signs {
			c.Lines = append(c.Lines, "- "+sign)
		}
	}
	return c
}
