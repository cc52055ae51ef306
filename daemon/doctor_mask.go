package daemon

import (
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// A mask takes out of a report what tells who the person is, so that it can be shown to anybody: the home becomes ~, the
// names of user and computer become what they are names of. What a check says of the person's own files it leaves out
// itself.
type mask struct {
	homes []string
	names []hiddenName
}

type hiddenName struct {
	find    *regexp.Regexp
	instead string
}

// Names that say nothing of a person. They may also be words of ours, so they are hidden in paths alone.
var plainNames = []string{
	"root", "user", "users", "admin", "daemon", "unhunch", "home", "desk", "desktop", "laptop", "computer", "localhost", "session",
	"display", "service", "tray", "history", "profile", "process", "systemd", "panel", "debian", "ubuntu", "fedora", "arch",
}

// shortName is as long as a name may be that is likely to be part of our sentences, too.
const shortName = 2

// maskFor makes the mask of the person in whose environment this process runs.
func maskFor(getenv func(string) string) mask {
	var m mask
	users := []string{getenv("USER"), getenv("LOGNAME"), getenv("USERNAME")}
	homes := []string{getenv("HOME"), getenv("USERPROFILE")}
	if u, err := user.Current(); err == nil {
		users, homes = append(users, u.Username), append(homes, u.HomeDir)
	}
	for _, home := range homes {
		if real, err := filepath.EvalSymlinks(home); err == nil {
			homes = append(homes, real)
		}
	}
	for _, home := range homes {
		if home = filepath.Clean(home); filepath.IsAbs(home) && filepath.Dir(home) != home && !slices.Contains(m.homes, home) {
			m.homes = append(m.homes, home)
		}
	}
	slices.SortFunc(m.homes, func(a, b string) int { return len(b) - len(a) }) // the longest first
	for _, name := range users {
		if i := strings.LastIndex(name, `\`); i >= 0 { // DOMAIN\name
			m.hide(name[:i], "<computer>")
			name = name[i+1:]
		}
		m.hide(name, "<user>")
	}
	host, _ := os.Hostname()
	far, _, _ := strings.Cut(getenv("DISPLAY"), ":")
	for _, name := range []string{host, getenv("HOSTNAME"), getenv("COMPUTERNAME"), far} {
		m.hide(name, "<computer>")
		short, _, _ := strings.Cut(name, ".")
		m.hide(short, "<computer>")
	}
	return m
}

// hide has a name replaced wherever it stands as a word.
func (m *mask) hide(name, instead string) {
	if name == "" || strings.HasPrefix(name, "/") {
		return
	}
	around := `(^|[^\pL\pN_])(?i:` + regexp.QuoteMeta(name) + `)($|[^\pL\pN_])`
	if len(name) <= shortName || slices.Contains(plainNames, strings.ToLower(name)) {
		around = `([/\\])` + regexp.QuoteMeta(name) + `($|[/\\])`
	}
	m.names = append(m.names, hiddenName{regexp.MustCompile(around), "${1}" + instead + "${2}"})
}

func (m mask) text(s string) string {
	for _, home := range m.homes {
		s = replacePath(s, home, "~")
	}
	for _, n := range m.names {
		// Twice, as two names beside one another share what is between them.
		s = n.find.ReplaceAllString(n.find.ReplaceAllString(s, n.instead), n.instead)
	}
	return s
}

// replacePath replaces the directory dir, and not one that merely begins like it.
func replacePath(s, dir, instead string) string {
	var out strings.Builder
	for {
		i := strings.Index(s, dir)
		if i < 0 {
			out.WriteString(s)
			return out.String()
		}
		rest := s[i+len(dir):]
		out.WriteString(s[:i])
		if goesOn(rest) {
			out.WriteString(dir)
		} else {
			out.WriteString(instead)
		}
		s = rest
	}
}

// goesOn tells whether the name before rest is longer than it seemed.
func goesOn(rest string) bool {
	return rest != "" && !strings.ContainsRune("/\\ :;,'\")", rune(rest[0]))
}

// report masks all that a report says of others, which is also made plain: it may go to any terminal.
func (m mask) report(d api.Doctor) api.Doctor {
	for i := range d.Checks {
		d.Checks[i].Detail, d.Checks[i].Hint = words.Plain(m.text(d.Checks[i].Detail)), words.Plain(m.text(d.Checks[i].Hint))
	}
	return d
}
