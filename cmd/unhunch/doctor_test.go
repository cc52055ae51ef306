package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/unhunch/unhunch/daemon/api"
)

// examined is a report with one of everything.
func examined() api.Doctor {
	return api.Doctor{Version: "1.2.0", Program: "1.2.0", PID: 4242, Checks: []api.Check{
		{Part: "notify", Status: "degraded", Detail: "a server with a rather long name 1.9.0: no buttons", Hint: "use the tray or the unhunch command; with `unhunch daemon` in a terminal, breaks are asked for there"},
		{Part: "daemon", Status: "missing", Detail: "not running", Hint: "now and at every login: unhunch service install; for this once: unhunch daemon"},
		{Part: "files", Status: "degraded", Detail: "~/.local/state/unhunch/history.db is open to others (mode 0644)", Hint: "to close it: chmod 600 ~/.local/state/unhunch/history.db"},
		{Part: "files", Status: "degraded", Detail: "~/" + strings.Repeat("deep/", 14) + "lock is open to others (mode 0644)", Hint: "to close it: chmod 600 ~/lock"},
		{Part: "version", Status: "degraded", Detail: "the running daemon is version 1.1.0, this program is 1.2.0", Hint: "to run this one: unhunch service restart; it also changes over by itself while you are away"},
		{Part: "config", Status: "ok", Detail: "the settings are valid"},
		{Part: "from the future", Status: "ok", Detail: "whatever that is"},
	}}
}

func TestDoctorScreen(t *testing.T) {
	golden(t, "testdata/doctor.golden", strings.Join(doctorLines(examined(), false), "\n")+"\n")
}

// In 80 columns, but for a word that would be of no use in two pieces. Commands are never broken.
func TestDoctorFitsATerminal(t *testing.T) {
	text := strings.Join(doctorLines(examined(), false), "\n")
	for line := range strings.Lines(text) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > plainWidth && !strings.Contains(line, "deep") {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	for _, whole := range []string{
		"unhunch service install", "unhunch daemon", "chmod 600 ~/.local/state/unhunch/history.db", strings.Repeat("deep/", 14) + "lock",
	} {
		if !strings.Contains(text, whole) {
			t.Errorf("%q is broken in two:\n%s", whole, text)
		}
	}
}

// Colour says nothing that is not there without it.
func TestDoctorColours(t *testing.T) {
	if got, want := len(doctorLines(examined(), true)), len(doctorLines(examined(), false)); got != want {
		t.Errorf("%d lines in colour, %d without", got, want)
	}
	for status, want := range map[string]string{"ok": "\x1b[32m✓", "degraded": "\x1b[33m!", "missing": "\x1b[31m✗"} {
		if got := checkMark(status, true); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", status, got)
		}
	}
}
