package service

import (
	"slices"
	"strings"
	"testing"
)

func TestReminderIn(t *testing.T) {
	for line, want := range map[string]string{
		"/usr/bin/workrave":                                 "Workrave",
		"/app/bin/workrave --minimized":                     "Workrave",
		"/usr/bin/python3 /usr/bin/safeeyes":                "Safe Eyes",
		"/usr/bin/python3 -B /usr/bin/safeeyes -d":          "Safe Eyes",
		"python3.12 -m safeeyes":                            "Safe Eyes",
		"/opt/Stretchly/stretchly --type=renderer":          "Stretchly",
		"/tmp/.mount_StretcXyz/stretchly":                   "Stretchly",
		"/home/x/Apps/Stretchly-1.17.2.AppImage":            "Stretchly",
		"/usr/lib/electron27/electron /usr/lib/stretchly/a": "Stretchly",
		"electron27 --no-sandbox /usr/lib/stretchly/a":      "Stretchly",
		"rsibreak":                              "RSIBreak",
		"/usr/libexec/gnome-break-timer-daemon": "Break Timer",
		"sane-break":                            "Sane Break",

		"vim workrave.c":                    "",
		"man workrave":                      "",
		"/usr/bin/apt install workrave":     "",
		"less /usr/share/doc/safeeyes":      "",
		"/usr/bin/python3 -m x workrave":    "",
		"python3 test.py safeeyes":          "",
		"grep -r rsibreak":                  "",
		"workraved":                         "",
		"/usr/bin/electron":                 "",
		"electron /usr/lib/code/stretchly2": "",
		"bash":                              "",
		"-bash":                             "",
	} {
		if got := reminderIn(strings.Split(line, " ")); got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
	if got := reminderIn([]string{"/opt/x/stretchly --type=zygote"}); got != "Stretchly" { // all in one, as Chromium writes it
		t.Errorf("got %q", got)
	}
	if got := reminderIn(nil); got != "" {
		t.Errorf("nothing is %q", got)
	}
}

func TestIsDaemon(t *testing.T) {
	for line, want := range map[string]bool{
		"/usr/bin/unhunch daemon":        true,
		"unhunch --config x.toml daemon": false, // the value of a flag looks like a command: the lock tells of it
		"unhunch --config=x.toml daemon": true,
		"unhunch doctor":                 false,
		"unhunch-tray daemon":            false,
		"vim unhunch daemon":             false,
		"unhunch":                        false,
	} {
		if got := isDaemon(strings.Split(line, " ")); got != want {
			t.Errorf("%q: got %v, want %v", line, got, want)
		}
	}
}

func TestRemindersOnBus(t *testing.T) {
	names := []string{":1.2", "org.gnome.BreakTimer", "org.workrave.Workrave", "org.gnome.BreakTimer.Daemon", "org.kde.KWin"}
	if got, want := RemindersOnBus(names), []string{"Break Timer", "Workrave"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
