package menu

import "github.com/unhunch/unhunch/daemon/words"

// reading is what the menu tells. Its first line is always there.
func (m moment) reading() []Entry {
	head, next, problem := words.TrayNotRunning, "", ""
	if m.Starting {
		head = words.TrayStarting
	}
	if m.running {
		head, next = words.TrayHead(m.s), words.TrayNext(m.s, m.Now, m.Zone)
		switch {
		case len(m.s.Problems) > 0: // the first matters most, the status has them all
			problem = words.TrayProblem(m.s.Problems[0])
		case Differ(m.s.Version, m.Version):
			problem = words.TrayOtherVersion
		}
	}
	trouble, more := words.TrayTrouble(m.Trouble)
	return []Entry{
		line("head", head),
		line("next", next),
		line("problem", problem),
		line("trouble", trouble),
		line("trouble-more", more),
	}
}

// Differ tells whether two versions are known and not the same. Programs that were built without one cannot be told
// apart.
func Differ(a, b string) bool {
	const unversioned = "dev"
	return a != b && a != "" && b != "" && a != unversioned && b != unversioned
}
