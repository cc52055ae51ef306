package main

import (
	"strings"
	"unicode/utf8"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// The report is a table: a mark, what it is about, and what there is to say of it.
const (
	markWidth  = 4  // with the space on both sides
	titleWidth = 19 // of the longest title, with the space behind it
)

// doctorLines lays a report out for a terminal of 80 columns.
func doctorLines(d api.Doctor, p palette) []string {
	version := d.Version
	if version == "" {
		version = d.Program
	}
	lines := []string{p.bold("Unhunch " + version)}
	headings := append(words.DoctorParts(), words.DoctorHeading{Title: words.DoctorMore, Parts: strangers(d.Checks)})
	for _, heading := range headings {
		var part []string
		for _, known := range heading.Parts {
			for _, check := range d.Checks {
				if check.Part == known.Part {
					part = append(part, checkRow(check, known.Title, p)...)
				}
			}
		}
		if part != nil {
			lines = append(append(lines, "", p.bold(heading.Title)), part...)
		}
	}
	return append(lines, "", doctorSummary(d.Checks, p))
}

// strangers are the parts that have no place in the table yet, such as those of a newer daemon.
func strangers(checks []api.Check) []words.DoctorPart {
	seen := map[string]bool{}
	for _, heading := range words.DoctorParts() {
		for _, known := range heading.Parts {
			seen[known.Part] = true
		}
	}
	var out []words.DoctorPart
	for _, check := range checks {
		if !seen[check.Part] {
			seen[check.Part] = true
			out = append(out, words.DoctorPart{Part: check.Part, Title: check.Part})
		}
	}
	return out
}

// checkRow is one check: what it found, and what to do on a line of its own.
func checkRow(check api.Check, title string, p palette) []string {
	var lines []string
	room := plainWidth - markWidth - titleWidth
	for i, text := range fold(check.Detail, room) {
		if i > 0 {
			lines = append(lines, strings.Repeat(" ", markWidth+titleWidth)+text)
			continue
		}
		lines = append(lines, "  "+checkMark(check.Status, p)+" "+padded(title, titleWidth)+text)
	}
	for _, hint := range hints(check.Hint) {
		lead := "→ "
		for _, text := range foldCommand(hint, room-2) {
			lines = append(lines, strings.Repeat(" ", markWidth+titleWidth)+p.dim(lead+text))
			lead = "  "
		}
	}
	return lines
}

// hints are the things to do that a hint names: commands are each on a line of their own.
func hints(hint string) []string {
	if hint == "" {
		return nil
	}
	parts := strings.Split(hint, "; ")
	for _, part := range parts {
		if !strings.Contains(part, ": ") {
			return []string{hint}
		}
	}
	return parts
}

// foldCommand is fold for clauses that end in a command: those stay on one line, to be copied.
func foldCommand(s string, width int) []string {
	const glue = "\x00"
	clauses := strings.Split(s, "; ")
	for i, clause := range clauses {
		if at := strings.LastIndex(clause, ": "); at >= 0 {
			clauses[i] = clause[:at+2] + strings.ReplaceAll(clause[at+2:], " ", glue)
		}
	}
	lines := fold(strings.Join(clauses, "; "), width)
	for i, line := range lines {
		lines[i] = strings.ReplaceAll(line, glue, " ")
	}
	return lines
}

// checkMark tells the three apart by their shapes, too.
func checkMark(status string, p palette) string {
	switch status {
	case words.DoctorDegraded:
		return p.yellow("!")
	case words.DoctorMissing:
		return p.red("✗")
	}
	return p.green("✓")
}

func padded(s string, width int) string {
	return s + strings.Repeat(" ", max(1, width-utf8.RuneCountInString(s)))
}

func doctorSummary(checks []api.Check, p palette) string {
	count := map[string]int{}
	for _, check := range checks {
		count[check.Status]++
	}
	ok, degraded, missing := count[words.DoctorOK], count[words.DoctorDegraded], count[words.DoctorMissing]
	text := words.DoctorSummary(ok, degraded, missing)
	if missing == 0 && degraded == 0 {
		return p.green(text)
	}
	return p.bold(text)
}

// checkLines are a few checks for people to read: each a line, and what to do below it.
func checkLines(checks []api.Check, p palette) []string {
	var lines []string
	for _, check := range checks {
		lines = append(lines, checkMark(check.Status, p)+" "+check.Part+": "+check.Detail)
		if check.Hint != "" {
			lines = append(lines, "  "+p.dim(check.Hint))
		}
	}
	return lines
}
