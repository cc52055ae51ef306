package service

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// procDir is where the kernel shows its processes.
const procDir = "/proc"

// OtherReminders are the names of other programs on this person's desktop that remind of breaks.
func OtherReminders(ctx context.Context) []string {
	var found []string
	for _, p := range processes(procDir) {
		if name := reminderIn(p.args); name != "" && !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	if gnomeReminds(ctx) {
		found = append(found, "GNOME")
	}
	return found
}

// Daemons are the processes of all daemons on this person's desktop.
func Daemons() []int {
	var found []int
	for _, p := range processes(procDir) {
		if isDaemon(p.args) {
			found = append(found, p.pid)
		}
	}
	return found
}

// IsDaemon tells whether a process is a daemon of this person, on whatever desktop.
func IsDaemon(pid int) bool {
	dir := filepath.Join(procDir, strconv.Itoa(pid))
	info, err := os.Stat(dir)
	return err == nil && mine(info) && isDaemon(arguments(dir))
}

// arguments are those of the process that dir is about, nil where it shows none.
func arguments(dir string) []string {
	cmdline, err := os.ReadFile(filepath.Join(dir, "cmdline"))
	if err != nil || len(cmdline) == 0 {
		return nil
	}
	return strings.Split(strings.TrimRight(string(cmdline), "\x00"), "\x00")
}

// processes are those of this person on this desktop.
func processes(proc string) []process {
	var all []process
	dirs, _ := filepath.Glob(filepath.Join(proc, "[0-9]*"))
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err != nil || !mine(info) {
			continue
		}
		args := arguments(dir)
		if args == nil || elsewhere(dir) {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(dir))
		all = append(all, process{pid, args})
	}
	return all
}

// elsewhere tells whether a process belongs to another desktop of the same person, such as a virtual one. There is one
// runtime directory for each. A process that names none, or does not show its environment, belongs here.
func elsewhere(dir string) bool {
	ours := os.Getenv("XDG_RUNTIME_DIR")
	env, err := os.ReadFile(filepath.Join(dir, "environ"))
	if err != nil || ours == "" {
		return false
	}
	for v := range bytes.SplitSeq(env, []byte{0}) {
		if theirs, ok := strings.CutPrefix(string(v), "XDG_RUNTIME_DIR="); ok {
			return theirs != "" && filepath.Clean(theirs) != filepath.Clean(ours)
		}
	}
	return false
}

func mine(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

// gnomeTime is how long GNOME's settings may take to be read.
const gnomeTime = time.Second

// gnomeReminds tells whether the desktop is GNOME and its own reminders are chosen.
func gnomeReminds(ctx context.Context) bool {
	if !strings.Contains(os.Getenv("XDG_CURRENT_DESKTOP"), "GNOME") {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, gnomeTime)
	defer cancel()
	for _, ask := range [][]string{
		{"gsettings", "get", "org.gnome.desktop.break-reminders", "selected-breaks"},
		{"dconf", "read", "/org/gnome/desktop/break-reminders/selected-breaks"},
	} {
		cmd := exec.CommandContext(ctx, ask[0], ask[1:]...)
		cmd.WaitDelay = 100 * time.Millisecond // for a child of its that keeps the pipe
		if out, err := cmd.Output(); err == nil {
			return bytes.ContainsRune(out, '\'') // a list of names: ['eyesight', 'movement']
		}
	}
	return false
}
