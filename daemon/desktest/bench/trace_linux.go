package main

import (
	"fmt"
	"time"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// The settings of the traces: patience is off, so that the ideal moment is the one at which the break
// comes due.
const (
	limit     = 20 * time.Second
	awayAfter = 2 * time.Second
	config    = `[sitting]
limit = "20s"
rest = "4s"
away_after = "2s"
sure_after = "4s"
[reminder]
patience = "0s"
pause_in_input = "1s"
min_gap = "1s"
wake_grace = "1s"
`
)

// fetchingTea is long enough to be away for certain and to clear the limit.
const fetchingTea = 6 * time.Second

// precise is how far from the ideal moment a prompt may come.
const precise = 200 * time.Millisecond

// A trace is scripted input. It begins with the first input after a long absence and returns the ideal moment.
type trace struct {
	name string
	play func(*desktest.Person) (ideal time.Time)
}

var scripted = []trace{
	{"steady", func(p *desktest.Person) time.Time {
		begin := time.Now()
		p.Type(limit+3*time.Second, keystroke)
		return begin.Add(limit)
	}},
	{"with gaps", func(p *desktest.Person) time.Time {
		begin := time.Now()
		for time.Since(begin) < limit+3*time.Second {
			p.Type(3*time.Second, keystroke)
			p.Away(1500 * time.Millisecond)
		}
		return begin.Add(limit)
	}},
	{"reading", func(p *desktest.Person) time.Time {
		begin := time.Now()
		p.Read(limit + 3*time.Second)
		return begin.Add(limit)
	}},
	{"after an absence", func(p *desktest.Person) time.Time {
		p.Type(limit/2, keystroke)
		p.Away(fetchingTea)
		begin := time.Now()
		p.Type(limit+3*time.Second, keystroke)
		return begin.Add(limit)
	}},
}

// traces are the measurements of the scripted input, one desk for each.
func traces(binary string) phase {
	var all phase
	for _, tr := range scripted {
		all = append(all, measurement{prompts, "prompt, " + tr.name, func(r *rig) []row { return []row{prompted(r, binary, tr)} }})
	}
	return all
}

// prompted measures how far from the ideal moment the first prompt was sent.
func prompted(r *rig, binary string, tr trace) row {
	desk := r.desk(desktest.Options{Logind: true})
	desk.Start(binary, config)
	desk.Person().Away(fetchingTea)
	ideal := tr.play(desk.Person())
	result := row{what: "prompt, " + tr.name, budget: "within 0.2 s", measured: "never"}
	if sent := desk.Notifications(); len(sent) > 0 {
		late := sent[0].At.Sub(ideal)
		result.measured = fmt.Sprintf("%+.2f s", late.Seconds())
		result.ok = late.Abs() <= precise
	}
	return result
}
