package main

import (
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/routines/figure"
)

// A drawer draws the figure of a session's step in at most so many columns and rows; nothing if there is none.
type drawer func(p api.Session, cols, rows int) []string

// drawFigure is the drawer for what the terminal can show. A still one does not move.
//
// Where the loop has got to follows from the step's own clock: a pause stops the figure too, the window may change in
// the middle of a movement, and work begins where the movement does.
func drawFigure(set figure.Charset, still bool) drawer {
	var id string
	var f figure.Figure
	var drawn bool
	return func(p api.Session, cols, rows int) []string {
		if p.Exercise != id {
			id = p.Exercise
			f, drawn = figure.Of(id)
		}
		if !drawn {
			return nil // an exercise of the person's own
		}
		var text string
		if still {
			text = f.Still(p.Side, set, cols, rows)
		} else {
			at := time.Duration((p.StepS - p.StepLeftS) * float64(time.Second))
			text = f.Text(p.Side, max(at, 0), set, cols, rows)
		}
		text = strings.ReplaceAll(text, "\u2800", " ") // an empty cell of braille is eight circles in some fonts
		return strings.Split(strings.TrimRight(text, "\n"), "\n")
	}
}

// keepsStill says whether the person wants no movement on the screen. There is no word for it that all programs know;
// this one is made like NO_COLOR.
func keepsStill() bool { return os.Getenv("NO_MOTION") != "" }

// charset is what the terminal can show, by the locale. A locale that is not named is taken to be UTF-8, as the
// terminals of today are; the Linux console has half blocks in its fonts but no braille.
func charset() figure.Charset {
	locale := ""
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} { // the first that is set counts, says locale(7)
		if locale = os.Getenv(name); locale != "" {
			break
		}
	}
	locale = strings.ReplaceAll(strings.ToLower(locale), "-", "")
	switch {
	case locale != "" && !strings.Contains(locale, "utf8"):
		return figure.ASCII
	case os.Getenv("TERM") == "linux":
		return figure.Blocks
	}
	return figure.Braille
}

// lookAlikes stand in where the locale is not UTF-8, each as wide as what it replaces.
var lookAlikes = strings.NewReplacer(
	"█", "#", "░", ".", "·", "|", "…", "~", "“", `"`, "”", `"`, "‘", "'", "’", "'", "–", "-", "—", "-",
)

const (
	// wordsBeside is how wide the words are beside a figure: as wide as the bar and the keys of most steps need.
	wordsBeside = 38
	// figureGap is between the words and the figure.
	figureGap = 3
	// leastFigureCols and leastFigureRows are the smallest figure in which arms can be told from legs.
	leastFigureCols, leastFigureRows = 24, 10
	// mostFigureCols and mostFigureRows are the largest: one that can be seen from a mat, and is drawn in a millisecond or two.
	mostFigureCols, mostFigureRows = 72, 32
)

// illustrated is the page of a step with its figure: beside the words where the window is wide enough, else above them
// where it is high enough. ok is false where there is room for the words alone.
func (pg page) illustrated(draw drawer) (rows []string, ok bool) {
	if draw == nil {
		return nil, false
	}
	if rows, ok = pg.beside(draw); ok {
		return rows, true
	}
	return pg.above(draw)
}

func (pg page) beside(draw drawer) ([]string, bool) {
	left := len(margin) + wordsBeside + figureGap
	upper, lower := sheet{width: wordsBeside, steady: true}, sheet{width: pg.textWidth()}
	upper.moment(pg.session, pg.words, pg.height, pg.colour)
	lower.gap()
	lower.foot(pg.words, pg.colour)
	lower.put(first, pg.colour.red, pg.note)
	cols, rows := pg.width-left-len(margin), pg.height-len(lower.rows)-1
	if cols < leastFigureCols || rows < leastFigureRows || rows+1 < len(upper.rows) {
		return nil, false
	}
	picture := draw(pg.session, min(cols, mostFigureCols), min(rows, mostFigureRows))
	if picture == nil {
		return nil, false
	}
	for len(upper.rows) < len(picture)+1 {
		upper.gap()
	}
	for i, line := range picture {
		r := &upper.rows[i+1] // the first stays empty
		if line != "" {
			r.text += strings.Repeat(" ", left-r.width) + line
		}
	}
	upper.rows = append(upper.rows, lower.rows...)
	return upper.lines(), true
}

func (pg page) above(draw drawer) ([]string, bool) {
	all := sheet{width: pg.textWidth()}
	all.step(pg.session, pg.words, pg.height, pg.colour)
	all.put(first, pg.colour.red, pg.note)
	cols, rows := min(pg.textWidth(), mostFigureCols), min(pg.height-len(all.rows)-1, mostFigureRows)
	if cols < leastFigureCols || rows < leastFigureRows {
		return nil, false
	}
	picture := draw(pg.session, cols, rows)
	if picture == nil {
		return nil, false
	}
	over := sheet{width: pg.textWidth()}
	over.gap()
	for _, line := range picture {
		over.draw(drawing, asIs, line)
	}
	over.rows = append(over.rows, all.rows...)
	return over.lines(), true
}

// columns is how wide text is on the screen; all that the guide says is one column a character.
func columns(text string) int { return utf8.RuneCountInString(text) }
