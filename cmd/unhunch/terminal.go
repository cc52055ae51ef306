package main

import (
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/term"
)

// plainWidth is the width of what is printed into files and pipes, in columns.
const plainWidth = 80

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// terminalSize is the size of f in columns and rows, 80 by 24 where it has none.
func terminalSize(f *os.File) (width, height int) {
	width, height, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 || height <= 0 {
		return plainWidth, 24
	}
	return width, height
}

// localZone is where the person is.
func localZone() *time.Location { return time.Local }

// A palette colours text, or leaves it alone where colour is not wanted.
type palette bool

// paletteFor says whether f shows colours and the person likes them (no-color.org).
func paletteFor(f *os.File) palette {
	return palette(isTerminal(f) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb")
}

func (p palette) bold(s string) string   { return p.wrap("1", s) }
func (p palette) dim(s string) string    { return p.wrap("2", s) }
func (p palette) green(s string) string  { return p.wrap("32", s) }
func (p palette) yellow(s string) string { return p.wrap("33", s) }
func (p palette) red(s string) string    { return p.wrap("31", s) }

func (p palette) wrap(code, s string) string {
	if !p || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// bar draws a fraction, cut to 0…1, as blocks.
func bar(fraction float64, width int) string {
	full := min(max(int(fraction*float64(width)+0.5), 0), width)
	return strings.Repeat("█", full) + strings.Repeat("░", width-full)
}

// fit cuts s to a width in columns, with an ellipsis in place of what is lost.
func fit(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	return string([]rune(s)[:max(width-1, 0)]) + "…"
}

// wrap breaks s into lines of at most width columns, between words where it can. Lines after the first are indented
// as the first is, and past its bullet.
func wrap(s string, width int) []string {
	lines := fold(s, width)
	for i, line := range lines {
		lines[i] = fit(line, width)
	}
	return lines
}

// fold is wrap for text that may be copied: a word that is too long for a line stays whole.
func fold(s string, width int) []string {
	words := strings.TrimLeft(s, " ")
	indent := strings.Repeat(" ", len(s)-len(words))
	lead := indent
	if strings.HasPrefix(words, "- ") {
		indent += "  "
	}
	var lines []string
	line := lead
	for i, word := range strings.Fields(words) {
		switch {
		case i == 0:
			line += word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = indent + word
		}
	}
	return append(lines, line)
}
