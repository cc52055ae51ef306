package service

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/unhunch/unhunch/daemon/internal/files"
)

// mark is the first line of every file that is ours to change and to remove.
const mark = "# Written by: unhunch service install. It is removed by: unhunch service uninstall"

// An entry is a file in the format of desktop entries.
type entry struct {
	path string
	text string
}

// ours tells whether the file at path is one that Install has written. missing is no error, and not ours.
func ours(path string) (is, exists bool, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		_, err = os.Lstat(path)
		return false, err == nil, nil // a link that leads nowhere exists, too
	}
	if err != nil {
		return false, true, err
	}
	return bytes.HasPrefix(text, []byte(mark)), true, nil
}

// execLine quotes a command for the Exec key of a desktop entry, where a backslash is undone twice and a percent sign
// begins a field. A line that ends within a path is written as such: the rest of it would be a key of its own.
func execLine(args ...string) string {
	var quoted []string
	for _, arg := range args {
		if strings.ContainsAny(arg, " \t\n\r\"'\\><~|&;$*?#()`") {
			arg = `"` + strings.NewReplacer(`\`, `\\\\`, `"`, `\\"`, "`", "\\\\`", `$`, `\\$`, "\n", `\n`, "\r", `\r`).Replace(arg) + `"`
		}
		quoted = append(quoted, strings.ReplaceAll(arg, "%", "%%"))
	}
	return strings.Join(quoted, " ")
}

// TrayEntry starts the tray icon with the desktop. It waits for nothing: the icon says by itself when no daemon runs.
func TrayEntry(tray string) string {
	return mark + `
[Desktop Entry]
Type=Application
Name=Unhunch tray icon
Comment=Shows how long you have been sitting, and offers a stretch
Exec=` + execLine(tray) + `
Icon=unhunch
Terminal=false
NoDisplay=true
`
}

// DaemonEntry starts the daemon with the desktop, where there is no service manager to do so.
func DaemonEntry(program string) string {
	return mark + `
[Desktop Entry]
Type=Application
Name=Unhunch
Comment=Knows how long you have been sitting
Exec=` + execLine(program, "daemon") + `
Icon=unhunch
Terminal=false
NoDisplay=true
`
}

// lingering shows the day in a terminal, which else would close before anybody has read it.
const lingering = `"$0" history today; printf "\nEnter closes this window. "; read line`

// inTerminal runs a script in the person's terminal. An action of an entry cannot say Terminal=true, as whole entries
// can; these are the names under which terminals of distributions and desktops are found, with what a command follows.
const inTerminal = `for t in xdg-terminal-exec "x-terminal-emulator -e" "gnome-terminal --" "konsole -e" ` +
	`"xfce4-terminal -x" "xterm -e"; do command -v ${t%% *} >/dev/null && exec $t sh -c "$1" "$0"; done`

// windowList is what KWin offers to programs alone that ask for it in a desktop entry: which window is in front, and
// whether it fills the screen. It goes by the first word of Exec, which must be the path of the program that runs.
const windowList = "org_kde_plasma_window_management"

// AppEntry puts Unhunch among the applications. Its actions are the one click of a desktop without a tray: they are in
// the menu of the application's icon.
func AppEntry(program string) string {
	var b strings.Builder
	b.WriteString(mark + `
[Desktop Entry]
Type=Application
Name=Unhunch
GenericName=Break reminder
Comment=Asks at a good moment for a two-minute stretch
Exec=` + execLine(program, "stretch", "--in", "background") + `
Icon=unhunch
Terminal=false
Categories=Utility;
Keywords=break;stretch;sitting;posture;back;reminder;
StartupNotify=false
X-KDE-Wayland-Interfaces=` + windowList + `
Actions=stretch;today;tomorrow;standing;
`)
	for _, action := range []struct {
		id, name, exec string
	}{
		{"stretch", "Stretch now", execLine(program, "stretch", "--in", "background")},
		{"today", "Today", execLine("sh", "-c", inTerminal, program, lingering)},
		{"tomorrow", "Off until tomorrow", execLine(program, "pause", "tomorrow")},
		{"standing", "I'm standing", execLine(program, "stand")},
	} {
		fmt.Fprintf(&b, "\n[Desktop Action %s]\nName=%s\nExec=%s\n", action.id, action.name, action.exec)
	}
	return b.String()
}

// writeEntries writes the entries of this system that are missing or out of date. undo takes that back. packaged says
// that somebody else provides for them.
func (s *Service) writeEntries(packaged bool) (undo func(), changed bool, err error) {
	var mu sync.Mutex
	var undos []func()
	undo = func() {
		mu.Lock()
		defer mu.Unlock()
		for i := len(undos) - 1; i >= 0; i-- {
			undos[i]()
		}
		undos = nil
	}
	for _, e := range s.entries(packaged) {
		back, wrote, err := put(e)
		if err != nil {
			undo()
			return func() {}, false, err
		}
		if wrote {
			changed = true
			undos = append(undos, back)
		}
	}
	return undo, changed, nil
}

// put writes one file that is ours, and returns what takes that back.
func put(e entry) (back func(), wrote bool, err error) {
	mine, exists, err := ours(e.path)
	if err != nil {
		return nil, false, cannotWrite(e.path, err)
	}
	if exists && !mine {
		return nil, false, nil // the person's own: their word stands
	}
	old, _ := os.ReadFile(e.path)
	if string(old) == e.text {
		return nil, false, nil
	}
	made, err := makeDirs(filepath.Dir(e.path))
	if err == nil {
		err = files.WriteAtomicMode(e.path, []byte(e.text), 0o644)
	}
	back = func() {
		if exists {
			_ = files.WriteAtomicMode(e.path, old, 0o644)
			return
		}
		_ = os.Remove(e.path)
		removeEmpty(made)
	}
	if err != nil {
		back()
		return nil, false, cannotWrite(e.path, err)
	}
	return back, true, nil
}

func cannotWrite(path string, err error) error {
	cause := err
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		cause = p.Err
	}
	return &Error{
		Message: "cannot write " + path, Cause: cause,
		Hint: "look at the permissions of " + nearest(filepath.Dir(path)) + "; nothing was installed",
	}
}

// nearest is dir, or the closest above it that exists.
func nearest(dir string) string {
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(dir); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	return dir
}

// makeDirs makes dir and returns the directories it had to make, the deepest first.
func makeDirs(dir string) (made []string, err error) {
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(d); err == nil || d == filepath.Dir(d) {
			break
		}
		made = append(made, d)
	}
	return made, os.MkdirAll(dir, 0o755)
}

// removeEmpty removes directories in which nothing is left.
func removeEmpty(dirs []string) {
	for _, d := range dirs {
		if info, err := os.Lstat(d); err == nil && info.IsDir() {
			_ = os.Remove(d) // fails where something is in it
		}
	}
}

// removeEntries removes the entries that are ours, and the directories that are empty then.
func (s *Service) removeEntries() (removed bool, err error) {
	for _, e := range s.allEntries() {
		gone, removeErr := removeOurs(e.path)
		removed = removed || gone
		err = errors.Join(err, removeErr)
		if gone {
			removeEmpty([]string{filepath.Dir(e.path)})
		}
	}
	return removed, err
}

// removeOurs removes the file at path if it says that it is ours.
func removeOurs(path string) (removed bool, err error) {
	mine, _, err := ours(path)
	if err != nil || !mine {
		return false, err
	}
	if err := os.Remove(path); err != nil {
		return false, &Error{Message: "cannot remove " + path, Cause: err, Hint: "remove it by hand"}
	}
	return true, nil
}
