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
		if len(m.s.Problems) > 0 { // the first matters most, the status has them all
			problem = words.TrayProblem(m.s.Problems[0])
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
