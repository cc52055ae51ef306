package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A part of the table, in the order in which they are printed, which is not that of the measuring.
type part int

const (
	daemons part = iota
	sensing
	trays
	speed
	prompts
	records
	floods
	machines
	floors
	peers
	parts // how many there are
)

// A measurement yields its rows, and names itself for when it cannot.
type measurement struct {
	part part
	name string
	run  func(*rig) []row
}

// A phase is what is measured at the same time. Phases come one after the other.
type phase []measurement

// phases are a whole run. First comes, one after the other, what is disturbed by others or disturbs them: what is timed,
// the memory of programs that have their libraries in common, of which the kernel gives each a share, and what loads the
// machine. Then everything that uses less than a thousandth of a core is watched at the same time, on desks of its own.
func phases(binary string, watch time.Duration, withPeers bool) []phase {
	all := []phase{
		{{speed, "start and status", func(r *rig) []row { return answering(r, binary) }}},
		traces(binary),
		{{trays, "tray alone: memory", func(r *rig) []row { return trayAlone(r, binary) }}},
		{{trays, "tray beside others: memory, clicks", func(r *rig) []row { return trayBeside(r, binary) }}},
	}
	if withPeers {
		all = append(all, peersMemory()...)
	}
	all = append(all, phase{{records, "ten years of history", func(r *rig) []row { return tenYears(r, binary) }}},
		phase{{machines, "pure machines", pure}},
		// Those two rest in the end, while the next ones are measured.
		phase{{daemons, "calls", func(r *rig) []row { return calls(r, binary, min(settled, watch)) }}},
		phase{{floods, "flood", func(r *rig) []row { return flooded(r, binary, min(settled, watch)) }}})
	return append(all, watching(binary, watch, withPeers))
}

// watching is the long phase: nearly idle programs, each alone on a desk.
func watching(binary string, watch time.Duration, withPeers bool) phase {
	together := phase{
		{daemons, "idle daemon", func(r *rig) []row { return idling(r, binary, watch) }},
		{daemons, "typing", func(r *rig) []row { return typing(r, binary, watch) }},
	}
	together = append(together, sensors(binary, watch)...)
	together = append(together, traysWatched(binary, watch)...)
	together = append(together, floorsWatched(watch)...)
	if withPeers {
		together = append(together, peersWatched(watch)...)
	}
	return together
}

// measure goes through the phases, as far as what is in them has only in its name.
func measure(only string, all []phase) []row {
	var found [parts][]*[]row
	var ends sync.WaitGroup
	for _, p := range all {
		var wanted phase
		for _, m := range p {
			if strings.Contains(m.name, only) {
				wanted = append(wanted, m)
			}
		}
		here := newGathering(len(wanted))
		var rigs []*rig
		for _, m := range wanted {
			fmt.Fprintln(os.Stderr, time.Now().Format(time.TimeOnly), "measuring:", m.name)
			r, rows := newRig(m.name, here), new([]row)
			rigs, found[m.part] = append(rigs, r), append(found[m.part], rows)
			ends.Go(func() { *rows = r.do(m.run) })
		}
		for _, r := range rigs {
			<-r.rests
		}
	}
	ends.Wait()
	var rows []row
	for _, of := range found {
		for _, some := range of {
			rows = append(rows, *some...)
		}
	}
	return rows
}

// A gathering is where the measurements of a phase wait for each other.
type gathering struct {
	missing atomic.Int64
	all     chan struct{}
}

func newGathering(n int) *gathering {
	g := &gathering{all: make(chan struct{})}
	g.missing.Store(int64(n))
	return g
}

func (g *gathering) arrive() {
	if g.missing.Add(-1) == 0 {
		close(g.all)
	}
}
