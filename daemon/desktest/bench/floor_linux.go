package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// floorsWatched are what there is to compare with on the same machine: the least a Go program uses, and one that polls.
func floorsWatched(watch time.Duration) []measurement {
	on := func(what, dir string) measurement {
		return measurement{floors, "floor, " + what, func(r *rig) []row {
			desk := r.desk(desktest.Options{})
			program := filepath.Join(desk.Dir, "built", dir)
			build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, "./daemon/desktest/bench/floor/"+dir)
			if out, err := build.CombinedOutput(); err != nil {
				r.Fatalf("%v\n%s", err, out)
			}
			m, use := r.watch(r.program(desk, ownCopy(r, desk, program)), watch, desk.Person().Away)
			return []row{{what: "floor: " + what, measured: fmt.Sprintf("%v · %v", m, use)}}
		}}
	}
	return []measurement{on("a Go program that sleeps", "sleeps"), on("a Go program that asks X once a second", "polls")}
}

// A peer is another program of our kind, as Debian packages it. It is started as its autostart does.
type peer struct {
	name    string
	command []string
}

var known = []peer{
	{"Workrave", []string{"workrave"}}, {"Safe Eyes", []string{"safeeyes"}}, {"RSIBreak", []string{"rsibreak"}},
}

// peersMemory looks at the memory of each peer beside a panel. They come one after the other: they share libraries, and
// the kernel would give each a smaller share of them.
func peersMemory() []phase {
	var all []phase
	for _, p := range known {
		all = append(all, phase{{peers, "peer, " + p.name + ": memory", func(r *rig) []row {
			desk := r.desk(desktest.Options{Panel: true})
			pid := r.program(desk, p.command...)
			desk.Person().Away(settling)
			return []row{{what: p.name + ": memory, PSS / of it anonymous", measured: r.memory(pid).String()}}
		}}})
	}
	return all
}

// peersWatched watch each peer on a desk that nobody sits at, and on one where somebody types.
func peersWatched(watch time.Duration) []measurement {
	var all []measurement
	for _, p := range known {
		on := func(what string, do func(*desktest.Person, time.Duration)) {
			all = append(all, measurement{peers, "peer, " + p.name + what, func(r *rig) []row {
				desk := r.desk(desktest.Options{Panel: true})
				pid := r.program(desk, p.command...)
				_, use := r.watch(pid, watch, func(t time.Duration) { do(desk.Person(), t) })
				return []row{{what: p.name + what + ": CPU", measured: use.String()}}
			}})
		}
		on(", idle desktop", (*desktest.Person).Away)
		on(", typing without pause", func(person *desktest.Person, t time.Duration) { person.Type(t, keystroke) })
	}
	return all
}

// program starts a program on the desk, to be ended with it.
func (r *rig) program(desk *desktest.Desk, command ...string) (pid int) {
	cmd := desk.Command(command[0], command[1:]...)
	if err := cmd.Start(); err != nil {
		r.Fatalf("%v", err)
	}
	r.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd.Process.Pid
}
