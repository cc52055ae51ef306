package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/unhunch/unhunch/daemon"
	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
	"github.com/unhunch/unhunch/routines/figure"
)

const (
	openAlternate  = "\x1b[?1049h\x1b[?25l" // another screen, no cursor
	closeAlternate = "\x1b[?25h\x1b[?1049l" // the cursor and the screen as they were
	clearAll       = "\x1b[2J"
	margin         = "  "
	frameBar       = 40
)

// A screen is the view that takes the whole terminal and gives it back as it was.
type screen struct {
	out           io.Writer
	size          func() (width, height int)
	colour        palette
	figure        drawer
	ascii         bool     // the locale is not UTF-8
	width, height int      // of the frame before
	last          []string // its rows
	hurt          bool     // it showed the signs that call for help
	retired       string   // and this is what became of what hurt
}

func openScreen(out *os.File) *screen {
	fmt.Fprint(out, openAlternate)
	set := charset()
	return &screen{
		out: out, size: func() (int, int) { return terminalSize(out) }, colour: paletteFor(out),
		figure: drawFigure(set, keepsStill()), ascii: set == figure.ASCII,
	}
}

func (s *screen) lingers() time.Duration { return doneStays }

// show draws a frame over the one before, and only the rows in which they differ: nothing flickers, and a slow line is
// not kept busy by what stands still.
func (s *screen) show(p api.Session, signs bool, note string) error {
	width, height := s.size()
	if s.hurt = p.Hurt; p.Hurt {
		s.retired = words.Retired(p.Name, p.Exercise)
	}
	rows := frame(p, signs, note, width, height, s.colour, s.figure)
	if s.ascii {
		for i, row := range rows {
			rows[i] = lookAlikes.Replace(row)
		}
	}
	picture := s.changes(rows)
	if width != s.width || height != s.height {
		s.width, s.height = width, height
		// Raw mode needs the carriage return. Terminals differ in what they leave of a picture that they have resized.
		picture = clearAll + "\x1b[H" + strings.Join(rows, "\x1b[K\r\n") + "\x1b[K\x1b[J"
	}
	s.last = rows
	if picture == "" {
		return nil
	}
	_, err := io.WriteString(s.out, picture)
	return err
}

// changes turn the frame before into this one. A row is written first and then cleared to its end, as clearing first
// would be seen.
func (s *screen) changes(rows []string) string {
	var b strings.Builder
	for i := range max(len(rows), len(s.last)) {
		now, before := "", ""
		if i < len(rows) {
			now = rows[i]
		}
		if i < len(s.last) {
			before = s.last[i]
		}
		if now != before {
			fmt.Fprintf(&b, "\x1b[%d;1H%s\x1b[K", i+1, now)
		}
	}
	return b.String()
}

// close leaves the screen; the last words stay on the ordinary one, and the signs that were on the screen with them.
func (s *screen) close(farewell string) error {
	if farewell != "" {
		if s.hurt {
			farewell += "\n" + strings.Join(hurtLines(), "\n") + "\n" + s.retired
		}
		if s.ascii {
			farewell = lookAlikes.Replace(farewell)
		}
		farewell = strings.ReplaceAll(farewell, "\n", "\r\n") + "\r\n"
	}
	_, err := io.WriteString(s.out, closeAlternate+farewell)
	return err
}

// frame is the picture of a moment of a session, at most width by height. draw, if not nil, adds the figure where
// there is room for it.
func frame(p api.Session, signs bool, note string, width, height int, c palette, draw drawer) []string {
	pg := page{p, words.SessionFrame(p), note, width, height, c}
	all := sheet{width: pg.textWidth()}
	switch {
	case p.Hurt:
		all.signs(pg.words, height, c)
	case signs:
		all.signs(words.SignsFrame(), height, c)
	case p.Phase == "done":
		all.done(pg.words, c)
	default:
		if rows, ok := pg.illustrated(draw); ok {
			return rows
		}
		all.step(p, pg.words, height, c)
	}
	all.put(first, c.red, note)
	return all.fit(height)
}

// A page is what a frame is made of.
type page struct {
	session       api.Session
	words         words.Frame
	note          string // why the last key did nothing
	width, height int    // of the window
	colour        palette
}

func (pg page) textWidth() int { return max(pg.width-len(margin), 1) }

// The ranks of what is on a sheet, the most important first. A window too low shows the first of them.
const (
	first     = iota // what went wrong
	title            // what to do
	counter          // for how long still
	cue              // and how
	keys             // what can be pressed
	stopRule         // when to stop
	progress         // of the step, drawn
	place            // in the session
	following        // what comes next
	list             // the signs, from the top
	drawing          // of the exercise; it is only there where all has room
	gaps             // between all these
)

// A sheet collects rows of at most a width.
type sheet struct {
	width  int
	steady bool // what follows the instruction stays in its place when that changes
	rows   []row
}

// A row is a line of a sheet.
type row struct {
	rank  int
	text  string
	width int // in columns, without the colours
}

func (s *sheet) add(rank int, paint func(string) string, line string) {
	s.rows = append(s.rows, row{rank, margin + paint(line), columns(margin + line)})
}

// put adds text in a colour, on as many rows as it needs. What is said here may matter, so nothing is cut off.
func (s *sheet) put(rank int, paint func(string) string, text string) {
	if text == "" {
		return
	}
	for _, line := range wrap(text, s.width) {
		s.add(rank, paint, line)
	}
}

// putKeys adds what can be pressed; a key and its meaning stay on one row.
func (s *sheet) putKeys(paint func(string) string, text string) {
	const between = " · "
	line := ""
	for _, key := range strings.Split(text, between) {
		switch {
		case line == "":
			line = key
		case utf8.RuneCountInString(line+between+key) <= s.width:
			line += between + key
		default:
			s.draw(keys, paint, line)
			line = key
		}
	}
	s.draw(keys, paint, line)
}

// draw adds one row of a drawing, which is cut where it does not fit.
func (s *sheet) draw(rank int, paint func(string) string, line string) {
	s.add(rank, paint, fit(line, s.width))
}

func (s *sheet) gap() { s.rows = append(s.rows, row{rank: gaps}) }

// fit leaves out what matters least until the rest fits into the height: gaps and signs one by one from the bottom, all
// else whole, as half a sentence helps nobody.
func (s *sheet) fit(height int) []string {
	for len(s.rows) > height {
		least := 0
		for i, r := range s.rows {
			if r.rank >= s.rows[least].rank {
				least = i
			}
		}
		switch rank := s.rows[least].rank; {
		case rank == gaps || rank == first:
			s.rows = slices.Delete(s.rows, least, least+1)
		case rank == list:
			s.rows = slices.Delete(s.rows, least, least+1)
			if s.rows[least-1].rank == list {
				s.rows[least-1].text = margin + fit(words.GuideMoreSigns, s.width)
			}
		default:
			s.rows = slices.DeleteFunc(s.rows, func(r row) bool { return r.rank == rank })
		}
	}
	return s.lines()
}

func (s *sheet) lines() []string {
	lines := make([]string, 0, len(s.rows))
	for _, r := range s.rows {
		lines = append(lines, r.text)
	}
	return lines
}

// step is what to do, how long still, what comes next, and what can be done about it.
func (s *sheet) step(p api.Session, f words.Frame, height int, c palette) {
	s.moment(p, f, height, c)
	s.gap()
	s.foot(f, c)
}

// cueRows are enough for the twelve words of an instruction beside a figure.
const cueRows = 2

func (s *sheet) moment(p api.Session, f words.Frame, height int, c palette) {
	s.gap()
	s.put(place, c.dim, f.Progress)
	s.gap()
	s.put(title, c.bold, f.Title)
	above := len(s.rows)
	s.put(cue, asIs, f.Cue)
	for s.steady && height >= enoughRows && len(s.rows) < above+cueRows {
		s.gap()
	}
	s.gap()
	s.countdown(p, f, height, c)
	s.gap()
	s.put(following, c.dim, f.Next)
}

func (s *sheet) foot(f words.Frame, c palette) {
	s.putKeys(asIs, f.Keys)
	s.put(stopRule, c.dim, routines.StopRule)
}

// enoughRows is the lowest window in which the large digits leave room for all else.
const enoughRows = 20

func (s *sheet) countdown(p api.Session, f words.Frame, height int, c palette) {
	if digits := bigDigits(f.Left); height >= enoughRows && len([]rune(digits[0])) <= s.width {
		for _, line := range digits {
			s.draw(counter, c.green, line)
		}
		s.gap()
	} else {
		s.put(counter, c.bold, f.Left)
	}
	s.draw(progress, c.green, bar(1-fraction(p.StepLeftS, p.StepS), min(frameBar, s.width)))
}

// signs come up after “that hurt”, or when asked for. What to press stands first, so that no window is too low to show it. The signs are
// told briefly where there is no room for all; the person who stops here finds them all on the ordinary screen.
func (s *sheet) signs(f words.Frame, height int, c palette) {
	s.gap()
	s.put(title, c.bold, f.Title)
	s.putKeys(c.bold, f.Keys)
	s.gap()
	above := len(s.rows)
	for _, lines := range [][]string{hurtLines(), words.HurtLinesBrief(daemon.Safety())} {
		s.rows = s.rows[:above]
		for _, line := range lines {
			s.put(list, asIs, line)
		}
		if len(s.rows) <= height {
			return
		}
	}
}

// done is the end of it.
func (s *sheet) done(f words.Frame, c palette) {
	s.gap()
	s.put(title, c.bold, f.Title)
	s.put(cue, asIs, f.Cue)
	if f.Ask != "" {
		s.gap()
		s.put(keys, asIs, f.Ask)
	}
	s.gap()
	s.putKeys(c.dim, f.Keys)
}

func asIs(s string) string { return s }

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
