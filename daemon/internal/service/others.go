package service

import (
	"path"
	"slices"
	"strings"
)

// others are programs that ask for breaks, by the names of their programs.
var others = map[string]string{
	"workrave": "Workrave", "safeeyes": "Safe Eyes", "stretchly": "Stretchly", "rsibreak": "RSIBreak",
	"sane-break": "Sane Break", "breaktimer": "BreakTimer", "gnome-break-timer": "Break Timer",
	"gnome-break-timer-daemon": "Break Timer",
}

// othersOnBus are the same by the names they own on the session bus, as a sandbox may hide their processes.
var othersOnBus = map[string]string{
	"org.workrave.Workrave": "Workrave", "io.github.slgobinath.SafeEyes": "Safe Eyes", "org.kde.rsibreak": "RSIBreak",
	"org.gnome.BreakTimer": "Break Timer", "org.gnome.BreakTimer.Daemon": "Break Timer",
}

// RemindersOnBus are the programs that ask for breaks among the owners of names on the session bus.
func RemindersOnBus(names []string) []string {
	var found []string
	for _, name := range names {
		if other := othersOnBus[name]; other != "" && !slices.Contains(found, other) {
			found = append(found, other)
		}
	}
	return found
}

// A process is one of this person's, on this desktop.
type process struct {
	pid  int
	args []string
}

// reminderIn is the reminder that a process with these arguments is, or "".
func reminderIn(args []string) string {
	program := programOf(args)
	if name := others[program]; name != "" {
		return name
	}
	if image, ok := strings.CutSuffix(program, ".appimage"); ok { // Stretchly-1.17.2.AppImage
		stem, _, _ := strings.Cut(image, "-")
		return others[stem]
	}
	if strings.HasPrefix(program, "electron") { // electron27 /usr/lib/stretchly/app.asar
		for _, part := range strings.Split(firstWord(args[1:]), "/") {
			if name := others[strings.ToLower(part)]; name != "" {
				return name
			}
		}
	}
	return ""
}

// isDaemon tells whether a process with these arguments is a daemon of ours.
func isDaemon(args []string) bool {
	return programOf(args) == program && firstWord(args[1:]) == "daemon"
}

// programOf is the name of the program that runs, in small letters. Of a script it is the script's, of a module of
// Python the module's. That an argument of any other program is called like one of ours says nothing: somebody may be
// reading its manual.
func programOf(args []string) string {
	if len(args) == 0 {
		return ""
	}
	name := strings.ToLower(path.Base(args[0]))
	switch {
	case strings.HasPrefix(name, "python"):
		if i := slices.Index(args, "-m"); i > 0 && i+1 < len(args) {
			return strings.ToLower(args[i+1])
		}
		fallthrough
	case slices.Contains([]string{"sh", "bash", "dash", "node", "nodejs", "perl"}, name):
		return strings.ToLower(path.Base(firstWord(args[1:])))
	}
	name, _, _ = strings.Cut(name, " -") // some write all of their arguments into the first
	return name
}

// firstWord is the first argument that is no option, or "".
func firstWord(args []string) string {
	for _, arg := range args {
		if !strings.HasPrefix(arg, "-") {
			return arg
		}
	}
	return ""
}
