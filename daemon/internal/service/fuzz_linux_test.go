package service

import (
	"strings"
	"testing"
)

// FuzzUnit: whatever stands in a path, what is written for the service manager and the desktop has the lines that it is
// meant to have, and no others: a line of its own would be a command of its own.
func FuzzUnit(f *testing.F) {
	f.Add("/usr/bin/unhunch", "/home/desk/.config")
	f.Add(`/home/a "b" c\d%h$HOME/unhunch`, "/tmp/{{x}};'y'")
	f.Add("/a\nExecStartPre=/bin/evil", "/b\r\n[Service]\nExecStart=/bin/evil")
	f.Add("/\x1b[2J\u2028", "\\")
	f.Fuzz(func(t *testing.T, program, value string) {
		lines := func(s string) int { return strings.Count(s, "\n") + strings.Count(s, "\r") }
		env := map[string]string{"XDG_CONFIG_HOME": value}
		for name, texts := range map[string][2]string{
			"unit":   {UnitText(program, env), UnitText("/p", map[string]string{"XDG_CONFIG_HOME": "/v"})},
			"tray":   {TrayEntry(program), TrayEntry("/p")},
			"daemon": {DaemonEntry(program), DaemonEntry("/p")},
			"app":    {AppEntry(program), AppEntry("/p")},
		} {
			if lines(texts[0]) != lines(texts[1]) {
				t.Errorf("%s: %q and %q make other lines:\n%s", name, program, value, texts[0])
			}
		}
	})
}

// FuzzEnvironment: the environment of the service manager is read whatever stands in them.
func FuzzEnvironment(f *testing.F) {
	f.Add("DISPLAY=:0\nXDG_CONFIG_HOME=$'/home/a\\'b\\n'\n")
	f.Add("=\n$'\nA=$'")
	f.Fuzz(func(t *testing.T, text string) {
		for name, value := range parseEnvironment(text) {
			if strings.ContainsAny(name, "=\n") {
				t.Errorf("%q is called %q, %q", text, name, value)
			}
		}
		env := strings.Split(text, "\n")
		for _, v := range moved([]string{"DISPLAY=:0", "PATH=/bin"}, env) {
			if name, _, _ := strings.Cut(v, "="); !isDisplay(name) && v != "PATH=/bin" {
				t.Errorf("%q was taken from the manager's environment", v)
			}
		}
	})
}
