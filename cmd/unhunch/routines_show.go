package main

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

// widestPage is how wide a page to read becomes at most: longer lines are hard to find the next of.
const widestPage = 78

// exercisePage is an exercise for reading.
func exercisePage(e api.Exercise, width int, p palette) []string {
	width = min(width, widestPage)
	facts := append([]string{e.Level, where(e), words.Dose(e)}, words.HowOften(e)...)
	lines := pageHead(e.Name, facts, width, p)
	for i, step := range e.Steps {
		lines = append(lines, behind(fmt.Sprintf("%3d. ", i+1), step, width)...)
	}
	lines = append(lines, points(words.ExerciseGoodFor, e.Benefits, width, p)...)
	var needed []string
	for _, thing := range e.Equipment {
		needed = append(needed, words.Thing(thing))
	}
	lines = append(lines, points(words.ExerciseNeeds, needed, width, p)...)
	care := e.Cautions
	if e.EndRange {
		care = append(care[:len(care):len(care)], words.ExerciseLater)
	}
	lines = append(lines, points(words.ExerciseCare, care, width, p)...)
	if len(e.AvoidWith) > 0 {
		var tags []string
		for _, tag := range e.AvoidWith {
			tags = append(tags, words.NotWith(tag))
		}
		lines = append(lines, points(words.ExerciseNotWith, tags, width, p)...)
		lines = append(lines, paintAll(p.dim, wrap("  "+words.ExerciseAsked, width))...)
	}
	if e.Own {
		lines = append(lines, points(words.ExerciseAuthor, []string{e.Author}, width, p)...)
	}
	lines = append(lines, "")
	if e.Discreet {
		lines = append(lines, wrap(words.ExerciseQuiet, width)...)
	}
	if e.OptIn {
		lines = append(lines, wrap(words.ExerciseOff(e.ID), width)...)
	}
	lines = append(lines, paintAll(p.bold, wrap(routines.StopRule, width))...)
	lines = append(lines, "")
	return append(lines, sources(e.Source, width, p)...)
}

// routinePage is a named routine for reading, its names looked up among the exercises.
func routinePage(r api.Routine, exercises []api.Exercise, width int, p palette) []string {
	width = min(width, widestPage)
	lines := pageHead(r.Name, []string{r.Level, words.Where(r.Place, nil), words.RoutineLength(r)}, width, p)
	if r.About != "" {
		lines = append(append(lines, wrap(r.About, width)...), "")
	}
	names := map[string]string{}
	for _, e := range exercises {
		names[e.ID] = e.Name
	}
	column := min(44, width-len("  1. ")-len(" 120 s"))
	for i, s := range r.Steps {
		name := words.StepName(names[s.Exercise], s.Side)
		lines = append(lines, fmt.Sprintf("%3d. %s%4.0f s", i+1, padRight(fit(name, column), column), s.WorkS))
	}
	lines = append(lines, "")
	if r.Level != "gentle" {
		lines = append(lines, wrap(words.RoutineScreened, width)...)
	}
	if r.Place == routines.Floor {
		lines = append(lines, wrap(words.RoutineFloor, width)...)
	}
	lines = append(lines, paintAll(p.dim, wrap(words.RoutineStart(r.ID), width))...)
	return append(lines, paintAll(p.bold, wrap(routines.StopRule, width))...)
}

// cardPage is a card for reading: a paragraph for each thought, addresses whole on lines of their own.
func cardPage(c api.Card, width int, p palette) []string {
	width = min(width, widestPage)
	lines := []string{p.bold(fit(c.Title, width))}
	for i, line := range c.Lines {
		bullet := strings.HasPrefix(line, "- ")
		if i == 0 || !bullet {
			lines = append(lines, "")
		}
		text, address := line, ""
		if at := strings.Index(line, "https://"); at > 0 {
			text, address = line[:at], line[at:]
		}
		if bullet {
			text = "  " + text
		}
		wrapped := wrap(text, width)
		wrapped[0] = boldTopic(wrapped[0], p)
		lines = append(lines, wrapped...)
		if address != "" {
			lines = append(lines, p.dim(address)) // a terminal makes a link of it only in one piece
		}
	}
	return append(append(lines, ""), sources(c.Source, width, p)...)
}

// boldTopic makes what a line is about stand out: the words before its colon, where they are few.
func boldTopic(line string, p palette) string {
	const few = 48 // letters; more before a colon is a sentence
	at := strings.IndexByte(line, ':')
	if at < 0 || at > few || strings.Contains(line[:at], ".") {
		return line
	}
	lead := len(line) - len(strings.TrimLeft(line, " -"))
	return line[:lead] + p.bold(line[lead:at+1]) + line[at+1:]
}

// pageHead is what a page begins with: its name, and the facts below.
func pageHead(name string, facts []string, width int, p palette) []string {
	first, size := utf8.DecodeRuneInString(facts[0])
	facts[0] = string(unicode.ToUpper(first)) + facts[0][size:]
	lines := []string{p.bold(fit(name, width))}
	lines = append(lines, paintAll(p.dim, wrap(strings.Join(facts, " · "), width))...)
	return append(lines, "")
}

// points is a heading with points below, or nothing.
func points(heading string, of []string, width int, p palette) []string {
	if len(of) == 0 {
		return nil
	}
	lines := []string{"", p.bold(heading)}
	for _, point := range of {
		lines = append(lines, wrap("  - "+point, width)...)
	}
	return lines
}

// behind is a text behind a lead, wrapped so that the lead stands alone at the left.
func behind(lead, text string, width int) []string {
	indent := strings.Repeat(" ", len(lead))
	lines := wrap(indent+text, width)
	lines[0] = lead + strings.TrimLeft(lines[0], " ")
	return lines
}

func sources(of []string, width int, p palette) []string {
	return paintAll(p.dim, wrap(words.Sources(of), width))
}
