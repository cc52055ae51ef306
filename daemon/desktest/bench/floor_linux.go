package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// floors are what there is to compare with on the same machine: the least a Go program uses, and one that polls.
func floors(watch time.Duration) []measurement {
	var all []measurement
	for what, dir := range map[string]string{
		"a Go program that sleeps": "sleeps", "a Go program that asks X once a second": "polls",
	} {
		all = append(all, measurement{"floor, " + what, func(r *rig) []row {
			desk := desktest.New(r, desktest.Options{})
			program := filepath.Join(desk.Dir, "built", dir)
			build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, "./daemon/desktest/bench/floor/"+dir)
			if out, err := build.CombinedOutput(); err != nil {
				r.Fatalf("%v\n%s", err, out)
			}
			return []row{r.program(desk, "floor: "+what, watch, desk.Person().Away, ownCopy(r, desk, program))}
		}})
	}
	return all
}

// A peer is another program of our kind, as Debian packages it. It is started as its autostart does.
type peer struct {
	name    string
	command []string
}

var peers = []peer{
	{"Workrave", []string{"workrave"}}, {"Safe Eyes", []string{"safeeyes"}}, {"RSIBreak", []string{"rsibreak"}},
}

// others are the measurements of the peers. They come one after the other: they share libraries.
func others(watch time.Duration) [][]measurement {
	var all [][]measurement
	for _, p := range peers {
		all = append(all, []measurement{{"peer, " + p.name, func(r *rig) []row {
			var rows []row
			desk := desktest.New(r, desktest.Options{Panel: true})
			rows = append(rows, r.program(desk, p.name+", idle desktop", watch, desk.Person().Away, p.command...))
			return append(rows, r.program(desk, p.name+", typing without pause", watch, func(d time.Duration) {
				desk.Person().Type(d, keystroke)
			}, p.command...))
		}}})
	}
	return all
}

// program starts a program on the desk, watches it while the person does something, and ends it.
func (r *rig) program(desk *desktest.Desk, what string, watch time.Duration, do func(time.Duration), command ...string) row {
	cmd := desk.Command(command[0], command[1:]...)
	if err := cmd.Start(); err != nil {
		r.Fatalf("%v", err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	m, cpu, switches := r.watch(cmd.Process.Pid, watch, do)
	return row{what: what, measured: fmt.Sprintf("%v · %.4f %% · %.2f switches a second", m, cpu, switches)}
}
