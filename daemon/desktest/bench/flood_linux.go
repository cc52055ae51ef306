package main

import (
	"fmt"
	"time"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// flooded does to a daemon what broken programs of the person's own could, for a minute, and looks at the loop meanwhile
// and at the memory after.
func flooded(r *rig, binary string, wait time.Duration) []row {
	desk := r.desk(desktest.Options{Logind: true})
	d := desk.Start(ownCopy(r, desk, binary), leavesSoon)
	desk.Person().Away(settling)
	before := r.memory(d.Pid())
	got := d.Flood(desktest.Flood{For: time.Minute, Calls: 1000, Streams: 200, Slow: 20, HalfOpen: 20, Bodies: 2})
	after := r.memory(d.Pid())
	r.rest()
	desk.Person().Away(wait)
	later := r.memory(d.Pid())
	median, longest := got.Order()
	usual, late := got.Late()
	_, busy := got.Busy()
	return []row{
		{
			"a minute's flood: 1,000 calls a second, 200 streams, 100 MB bodies: the loop late by, median / most", "≤ 100 ms at most",
			fmt.Sprintf("%s / %s (the machine itself by %s)", milliseconds(usual), milliseconds(late), milliseconds(busy)),
			late <= 100*time.Millisecond,
		},
		{"an order meanwhile, median / most", "", milliseconds(median) + " / " + milliseconds(longest), true},
		{"calls answered / refused, bodies turned away", "", fmt.Sprintf("%d / %d, %d", got.Answered, got.Refused, got.Turned), true},
		{"memory right after the flood", "", after.String(), true},
		later.beside(before, fmt.Sprintf("and %v after the flood", wait)),
	}
}
