package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/routines"
)

const (
	openAlternate  = "\x1b[?1049h\x1b[?25l" // another screen, no cursor
	closeAlternate = "\x1b[?25h\x1b[?1049l" // the cursor and the screen as they were
	margin         = "  "
	frameBar       = 40
)

// A screen is the view that takes the whole terminal and gives it back as it was.
type screen struct {
	out    io.Writer
	size   func() (width, height int)
	colour palette
	last   string
}

func openScreen(out *os.File) *screen {
	fmt.Fprint(out, openAlternate)
	return &screen{out: out, size: func() (int, int) { return terminalSize(out) }, colour: paletteFor(out)}
}

// show draws a frame over the one before, and only where one differs: half the frames do not.
func (s *screen) show(p api.Session, note string) error {
	width, height := s.size()
	rows := frame(p, note, width, height, s.colour)
	// Raw mode needs the carriage return, and clearing to the end of each line spares the flicker of clearing all.
	picture := "\x1b[H" + strings.Join(rows, "\x1b[K\r\n") + "\x1b[K\x1b[J"
	if picture == s.last {
		return nil
	}
	s.last = picture
	_, err := io.WriteString(s.out, picture)
	return err
}

// close leaves the screen; the last words stay on the ordinary one.
func (s *screen) close(farewell string) error {
	if farewell != "" {
		farewell = strings.ReplaceAll(farewell, "\n", "\r\n") + "\r\n"
	}
	_, err := io.WriteString(s.out, closeAlternate+farewell)
	return err
}

// frame is the picture of a moment of a session, at most width by height.
func frame(p api.Session, note string, width, height int, c palette) []string {
	page := sheet{width: max(width-len(margin), 1)}
	if p.Hurt {
		page.hurt(c)
	} else {
		page.step(p, height, c)
	}
	page.put(c.yellow, note)
	return page.rows[:min(len(page.rows), height)]
}

// A sheet collects rows of at most a width.
type sheet struct {
	width int
	rows  []string
}

// put adds text in a colour, on as many rows as it needs. What is said here may matter, so nothing is cut off.
func (s *sheet) put(paint func(string) string, text string) {
	if text == "" {
		return
	}
	for _, row := range wrap(text, s.width) {
		s.rows = append(s.rows, margin+paint(row))
	}
}

// draw adds one row of a drawing, which is cut where it does not fit.
func (s *sheet) draw(paint func(string) string, row string) {
	s.rows = append(s.rows, margin+paint(fit(row, s.width)))
}

func (s *sheet) gap() { s.rows = append(s.rows, "") }

// step is what to do, how long still, and what comes next.
func (s *sheet) step(p api.Session, height int, c palette) {
	s.gap()
	s.put(c.dim, fmt.Sprintf("Step %d of %d · %s left in all", p.Step, p.Steps, countdown(p.LeftS)))
	s.gap()
	s.put(c.bold, stepTitle(p))
	s.put(asIs, p.Cue)
	s.gap()
	s.countdown(p, height, c)
	s.gap()
	next := "This is the last step"
	if p.Next != "" {
		next = "Next: " + p.Next
	}
	s.put(c.dim, next)
	s.gap()
	space := "space pause"
	if p.Phase == "paused" {
		space = "space go on"
	}
	s.put(asIs, space+" · n next · b back · h that hurt · q stop")
	s.put(c.dim, routines.StopRule)
}

// enoughRows is the lowest window in which the large digits leave room for all else.
const enoughRows = 20

func (s *sheet) countdown(p api.Session, height int, c palette) {
	if left := countdown(p.StepLeftS); height >= enoughRows {
		for _, row := range bigDigits(left) {
			s.draw(c.green, row)
		}
		s.gap()
	} else {
		s.put(c.bold, left)
	}
	s.draw(c.green, bar(1-fraction(p.StepLeftS, p.StepS), frameBar))
}

// hurt comes up after “that hurt”. What to press stands first, so that no window is too low to show it.
func (s *sheet) hurt(c palette) {
	s.gap()
	s.put(c.bold, "enter stop here · g go on gently")
	s.gap()
	for _, line := range hurtLines() {
		s.put(asIs, line)
	}
}

// hurtLines is what to do when something hurt, and the signs that call for help.
func hurtLines() []string {
	lines := []string{routines.ComeUpSlowly + " " + routines.StopRule}
	for _, tier := range routines.StopSigns {
		lines = append(lines, tier.Help+":")
		for _, sign := range tier.Signs {
			lines = append(lines, "  - "+sign)
		}
	}
	return lines
}

func asIs(s string) string { return s }

// stepTitle names what is going on: “Calf stretch, left side”.
func stepTitle(p api.Session) string {
	switch p.Phase {
	case "ready":
		return "Get ready: " + stepName(p)
	case "paused":
		return "Paused: " + stepName(p)
	}
	return stepName(p)
}

func stepName(p api.Session) string {
	if p.Side == "" {
		return p.Name
	}
	return p.Name + ", " + p.Side + " side"
}

// countdown is whole seconds as minutes and seconds, a begun second in full: “1:20”.
func countdown(s float64) string {
	left := int(math.Ceil(max(s, 0)))
	return fmt.Sprintf("%d:%02d", left/60, left%60)
}

// digitRows draws 0 to 9 and the colon, five rows high and each as wide as its strings.
var digitRows = [5][11]string{
	{"██████", "  ██  ", "██████", "██████", "██  ██", "██████", "██████", "██████", "██████", "██████", "  "},
	{"██  ██", "  ██  ", "    ██", "    ██", "██  ██", "██    ", "██    ", "    ██", "██  ██", "██  ██", "██"},
	{"██  ██", "  ██  ", "██████", "  ████", "██████", "██████", "██████", "   ██ ", "██████", "██████", "  "},
	{"██  ██", "  ██  ", "██    ", "    ██", "    ██", "    ██", "██  ██", "  ██  ", "██  ██", "    ██", "██"},
	{"██████", "  ██  ", "██████", "██████", "    ██", "██████", "██████", "  ██  ", "██████", "██████", "  "},
}

// bigDigits draws digits and colons large enough to be read from a mat.
func bigDigits(text string) []string {
	rows := make([]string, len(digitRows))
	for i := range rows {
		var glyphs []string
		for _, r := range text {
			glyphs = append(glyphs, digitRows[i][glyphIndex(r)])
		}
		rows[i] = strings.Join(glyphs, "  ")
	}
	return rows
}

// glyphIndex finds a character in a row: digits come in order, then the colon.
func glyphIndex(r rune) int {
	if r < '0' || r > '9' {
		return 10
	}
	return int(r - '0')
}
