package service

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// others are programs that ask for breaks, by the name of their process. Some are scripts: then it is in the second
// word of the command line.
var others = map[string]string{
	"workrave": "Workrave", "safeeyes": "Safe Eyes", "stretchly": "Stretchly", "rsibreak": "RSIBreak",
	"sane-break": "Sane Break", "breaktimer": "BreakTimer", "gnome-break-timer": "Break Timer",
}

// OtherReminders are the names of other programs of this person that remind of breaks.
func OtherReminders() []string {
	seen := map[string]bool{}
	var found []string
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err != nil || !mine(info) {
			continue
		}
		cmdline, err := os.ReadFile(filepath.Join(dir, "cmdline"))
		if err != nil {
			continue
		}
		if name := reminderIn(cmdline); name != "" && !seen[name] {
			seen[name] = true
			found = append(found, name)
		}
	}
	if gnomeReminds() {
		found = append(found, "GNOME")
	}
	return found
}

// reminderIn is the reminder whose command line that is, or "".
func reminderIn(cmdline []byte) string {
	words := bytes.SplitN(cmdline, []byte{0}, 3)
	for i, word := range words {
		if i == 2 {
			break
		}
		if name := others[filepath.Base(string(word))]; name != "" {
			return name
		}
	}
	return ""
}

func mine(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

// gsettingsTime is how long GNOME's settings may take to be read.
const gsettingsTime = time.Second

// gnomeReminds tells whether the desktop is GNOME and its own reminders are chosen.
func gnomeReminds() bool {
	if !strings.Contains(os.Getenv("XDG_CURRENT_DESKTOP"), "GNOME") {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), gsettingsTime)
	defer cancel()
	out, err := exec.CommandContext(ctx, "gsettings", "get", "org.gnome.desktop.break-reminders", "selected-breaks").Output()
	return err == nil && strings.Contains(string(out), "'")
}
