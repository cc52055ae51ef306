package main

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines/figure"
)

// TestIllustratedFrames is what a step looks like with its figure, where there is room for it and where there is not.
func TestIllustratedFrames(t *testing.T) {
	work := func(left float64) api.Session {
		p := *exercise(2, "work")
		p.StepLeftS = left
		return p
	}
	own := work(20)
	own.Exercise = "my-own-move"
	hurt := work(20)
	hurt.Phase, hurt.Hurt = "paused", true
	other := work(20)
	other.Side = "right"
	var b strings.Builder
	for _, f := range []struct {
		name          string
		session       api.Session
		note          string
		width, height int
		set           figure.Charset
		drawn         bool
	}{
		{"80 by 24", work(23), "", 80, 24, figure.Braille, true},
		{"the other side", other, "", 80, 24, figure.Braille, true},
		{"refused", work(23), "the daemon is busy", 80, 24, figure.Braille, true},
		{"half blocks", work(20), "", 80, 24, figure.Blocks, true},
		{"ASCII", work(20), "", 80, 24, figure.ASCII, true},
		{"low", work(23), "", 80, 15, figure.Braille, true},
		{"large", work(20), "", 140, 50, figure.Braille, true},
		{"narrow and high", work(20), "", 50, 40, figure.Braille, true},
		{"narrow", work(20), "", 50, 24, figure.Braille, false},
		{"too low", work(20), "", 80, 12, figure.Braille, false},
		{"an exercise of one's own", own, "", 80, 24, figure.Braille, false},
		{"hurt", hurt, "", 80, 24, figure.Braille, false},
	} {
		rows := frame(f.session, false, f.note, f.width, f.height, palette(false), drawFigure(f.set, false))
		fmt.Fprintf(&b, "# %s\n%s\n", f.name, strings.Join(rows, "\n"))
		alone := frame(f.session, false, f.note, f.width, f.height, palette(false), nil)
		if drawn := strings.Join(rows, "\n") != strings.Join(alone, "\n"); drawn != f.drawn {
			t.Errorf("%s: the figure is drawn: %t", f.name, drawn)
		}
		fits(t, f.name, rows, f.width, f.height)
	}
	golden(t, "testdata/guide-figure.golden", b.String())
}

func fits(t *testing.T, name string, rows []string, width, height int) {
	t.Helper()
	if len(rows) > height {
		t.Errorf("%s: %d rows in a window of %d", name, len(rows), height)
	}
	for _, row := range rows {
		if n := utf8.RuneCountInString(row); n > width {
			t.Errorf("%s: %q is %d columns wide in a window of %d", name, row, n, width)
		}
	}
}

// TestFigureLeavesNothingOut: in windows of all sizes a frame with its figure says all that one without it says, and
// fits.
func TestFigureLeavesNothingOut(t *testing.T) {
	marked := func(_ api.Session, cols, rows int) []string {
		return strings.Split(strings.TrimSuffix(strings.Repeat(strings.Repeat("@", cols)+"\n", rows), "\n"), "\n")
	}
	said := func(rows []string) string {
		text := strings.NewReplacer("@", "", "█", "", "░", "", "0:20", "").Replace(strings.Join(rows, " "))
		return strings.Join(strings.Fields(text), " ")
	}
	for width := 20; width <= 160; width += 14 {
		for height := 4; height <= 60; height++ {
			p := *exercise(2, "work")
			p.Name = "A move with a name so long that it takes two rows" // and all that is beside the figure many
			name := fmt.Sprintf("%d by %d", width, height)
			rows := frame(p, false, "refused for a reason", width, height, palette(false), marked)
			fits(t, name, rows, width, height)
			drawn := strings.Contains(strings.Join(rows, ""), "@")
			if got, want := said(rows), said(frame(p, false, "refused for a reason", width, 200, palette(false), nil)); drawn && got != want {
				t.Errorf("%s: says %q, without a figure %q", name, got, want)
			}
			if !drawn && width >= 80 && height >= 24 {
				t.Errorf("%s: no figure", name)
			}
		}
	}
}

func TestFigureMovesWithTheStep(t *testing.T) {
	at := func(draw drawer, phase string, left float64) string {
		p := *exercise(1, phase)
		p.StepLeftS = left
		return strings.Join(draw(p, 36, 18), "\n")
	}
	moving, still := drawFigure(figure.Braille, false), drawFigure(figure.Braille, true)
	if at(moving, "work", 23) == at(moving, "work", 22.5) {
		t.Error("it does not move while the clock runs")
	}
	if at(moving, "work", 23) != at(moving, "paused", 23) {
		t.Error("it moves on in a pause")
	}
	f, _ := figure.Of("shoulder-rolls")
	want := strings.ReplaceAll(strings.TrimRight(f.Braille("", 36, 18), "\n"), "\u2800", " ")
	if at(still, "work", 23) != want || at(still, "work", 22.5) != want {
		t.Error("it does not keep still in the pose of the exercise")
	}
}

func TestCharset(t *testing.T) {
	for _, tt := range []struct {
		all, ctype, lang, term string
		want                   figure.Charset
	}{
		{"", "", "", "xterm", figure.Braille},
		{"", "", "en_GB.UTF-8", "xterm", figure.Braille},
		{"", "C.utf8", "C", "xterm", figure.Braille},
		{"C", "", "en_GB.UTF-8", "xterm", figure.ASCII},
		{"", "", "de_DE.ISO-8859-1", "xterm", figure.ASCII},
		{"", "", "de_DE.UTF-8", "linux", figure.Blocks},
		{"", "", "C", "linux", figure.ASCII},
	} {
		t.Setenv("LC_ALL", tt.all)
		t.Setenv("LC_CTYPE", tt.ctype)
		t.Setenv("LANG", tt.lang)
		t.Setenv("TERM", tt.term)
		if got := charset(); got != tt.want {
			t.Errorf("%+v: got %v", tt, got)
		}
	}
}

// TestScreenWritesWhatChanges draws moments of a session on a screen and plays what was written back on one of paper.
func TestScreenWritesWhatChanges(t *testing.T) {
	var out bytes.Buffer
	width, height := 80, 24
	s := &screen{out: &out, size: func() (int, int) { return width, height }, figure: drawFigure(figure.Braille, false)}
	paper := newPaper()
	show := func(left float64, change func(*api.Session)) {
		t.Helper()
		p := *exercise(2, "work")
		p.StepLeftS = left
		change(&p)
		out.Reset()
		if err := s.show(p, false, ""); err != nil {
			t.Fatal(err)
		}
		paper.write(t, out.String())
		want := frame(p, false, "", width, height, palette(false), s.figure)
		if got := paper.rows(); strings.Join(got, "\n") != strings.TrimRight(strings.Join(want, "\n"), "\n") {
			t.Fatalf("the screen shows\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	same := func(*api.Session) {}
	show(23, same)
	show(23, same)
	if out.Len() != 0 {
		t.Errorf("wrote %q though nothing has changed", out.String())
	}
	show(22.9, same)
	if strings.Contains(out.String(), "space pause") || strings.Contains(out.String(), "\x1b[J") {
		t.Errorf("wrote rows anew that stand still: %q", out.String())
	}
	show(22, func(p *api.Session) { p.Hurt, p.Phase = true, "paused" })
	show(21, same)
	width, height = 40, 12
	show(21, same)
	if !strings.HasPrefix(out.String(), clearAll) {
		t.Error("a resized window was not cleared")
	}
	width, height = 120, 50
	show(20, same)
}

// TestScreenWithoutUTF8 is a screen whose locale knows no more than ASCII.
func TestScreenWithoutUTF8(t *testing.T) {
	var out bytes.Buffer
	s := &screen{
		out: &out, size: func() (int, int) { return 80, 24 }, figure: drawFigure(figure.ASCII, false), ascii: true,
	}
	for _, phase := range []string{"ready", "work", "paused", "done"} {
		for _, hurt := range []bool{false, true} {
			p := *exercise(2, phase)
			p.Hurt = hurt
			if err := s.show(p, false, ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.close(words.GuideStopped); err != nil {
		t.Fatal(err)
	}
	for i, c := range out.Bytes() {
		if c >= utf8.RuneSelf {
			t.Fatalf("not ASCII: %q", out.String()[max(0, i-30):i+5])
		}
	}
}

func TestBell(t *testing.T) {
	var b bell
	var rang []string
	moment := func(step int, exercise, side, phase string, left float64) {
		if b.rings(api.Session{Step: step, Exercise: exercise, Side: side, Phase: phase, StepLeftS: left}) {
			rang = append(rang, fmt.Sprintf("%d %s %s %.0f", step, side, phase, math.Ceil(left)))
		}
	}
	work := func(step int, exercise, side string, from float64) {
		for left := from; left > 0.05; left -= 0.15 {
			moment(step, exercise, side, "work", left)
		}
	}
	moment(1, "shoulder-rolls", "", "ready", 5)
	work(1, "shoulder-rolls", "", 10)
	moment(2, "neck-tilts", "left", "ready", 5)
	work(2, "neck-tilts", "left", 5)
	moment(3, "neck-tilts", "right", "ready", 5)
	moment(3, "neck-tilts", "right", "ready", 1)
	moment(3, "neck-tilts", "right", "work", 2.5) // a slow machine
	moment(3, "neck-tilts", "right", "paused", 2.4)
	moment(3, "neck-tilts", "right", "work", 2.3)
	moment(3, "neck-tilts", "right", "work", 0.9)
	moment(3, "neck-tilts", "right", "done", 0)
	want := []string{
		"1  work 3", "1  work 2", "1  work 1",
		"2 left work 3", "2 left work 2", "2 left work 1",
		"3 right ready 5", "3 right work 3", "3 right work 1",
	}
	if strings.Join(rang, "|") != strings.Join(want, "|") {
		t.Errorf("rang at\n%q, want\n%q", rang, want)
	}
}

// TestGuideIsHeard goes from one side to the other in front of a daemon, with and without sound, and in a meeting.
func TestGuideIsHeard(t *testing.T) {
	for _, tt := range []struct {
		name    string
		on      bool
		meeting bool
		want    int
	}{{"on", true, false, 1}, {"off", false, false, 0}, {"in a meeting", true, true, 0}} {
		t.Run(tt.name, func(t *testing.T) {
			var sounds bytes.Buffer
			r := rehearse(t, func(r *rehearsal) {
				if tt.on {
					r.sounds = &sounds
				}
			})
			for i, side := range []string{"left", "right"} {
				s := r.now
				s.Rev += uint64(100 + i)
				s.Session = exercise(2, "ready")
				s.Session.Step, s.Session.Side = 2+i, side
				if tt.meeting {
					until := time.Now().Add(time.Hour)
					s.MeetingUntil = &until
				}
				r.states <- s
			}
			close(r.keys) // the guide has drawn both when it takes this
			<-r.done
			if got := strings.Count(sounds.String(), bel); got != tt.want {
				t.Errorf("rang %d times, want %d", got, tt.want)
			}
		})
	}
}

// Paper keeps what a terminal would show: enough of one for what the guide writes.
type paper struct {
	cells    [][]rune
	row, col int
}

func newPaper() *paper { return &paper{cells: make([][]rune, 100)} }

func (p *paper) rows() []string {
	var rows []string
	for _, r := range p.cells {
		rows = append(rows, strings.TrimRight(string(r), " "))
	}
	return strings.Split(strings.TrimRight(strings.Join(rows, "\n"), "\n"), "\n")
}

func (p *paper) write(t *testing.T, text string) {
	t.Helper()
	for text != "" {
		var n int
		switch {
		case strings.HasPrefix(text, clearAll):
			p.cells, n = make([][]rune, 100), len(clearAll)
		case strings.HasPrefix(text, "\x1b[H"):
			p.row, p.col, n = 0, 0, 3
		case strings.HasPrefix(text, "\x1b[K"):
			p.cells[p.row], n = p.cells[p.row][:min(p.col, len(p.cells[p.row]))], 3
		case strings.HasPrefix(text, "\x1b[J"):
			clear(p.cells[p.row+1:])
			n = 3
		case strings.HasPrefix(text, "\x1b["):
			end := strings.IndexByte(text, 'H')
			if _, err := fmt.Sscanf(text[:end+1], "\x1b[%d;%dH", &p.row, &p.col); err != nil {
				t.Fatalf("%q: %v", text[:min(len(text), 20)], err)
			}
			p.row, p.col, n = p.row-1, p.col-1, end+1
		case strings.HasPrefix(text, "\r\n"):
			p.row, p.col, n = p.row+1, 0, 2
		default:
			r, size := utf8.DecodeRuneInString(text)
			for len(p.cells[p.row]) <= p.col {
				p.cells[p.row] = append(p.cells[p.row], ' ')
			}
			p.cells[p.row][p.col] = r
			p.col, n = p.col+1, size
		}
		text = text[n:]
	}
}
