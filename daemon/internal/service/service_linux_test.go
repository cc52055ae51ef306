package service

import (
	"os"
	"strings"
	"testing"
)

func TestParseEnvironment(t *testing.T) {
	got := parseEnvironment("DISPLAY=:0\nXAUTHORITY=$'/run/my dir/it\\'s'\nEMPTY=\nnonsense\n")
	want := map[string]string{"DISPLAY": ":0", "XAUTHORITY": "/run/my dir/it's", "EMPTY": ""}
	if len(got) != len(want) {
		t.Errorf("got %q", got)
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s is %q, want %q", name, got[name], value)
		}
	}
}

func TestReminderIn(t *testing.T) {
	for line, want := range map[string]string{
		"/usr/bin/workrave":                        "Workrave",
		"/usr/bin/python3 /usr/bin/safeeyes":       "Safe Eyes",
		"/opt/Stretchly/stretchly --type=renderer": "Stretchly",
		"rsibreak":                       "RSIBreak",
		"vim workrave.c":                 "",
		"/usr/bin/python3 -m x workrave": "",
		"grep -r rsibreak":               "",
		"":                               "",
	} {
		if got := reminderIn([]byte(strings.ReplaceAll(line, " ", "\x00") + "\x00")); got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}

// Root is refused before anything is looked at.
func TestRoot(t *testing.T) {
	err := refuseRoot()
	if e, ok := err.(*Error); (os.Geteuid() == 0) != (ok && e.Refused && e.Hint != "") {
		t.Errorf("user id %d: %v", os.Geteuid(), err)
	}
}
