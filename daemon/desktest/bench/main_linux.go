// Command bench measures the program as it is shipped, on virtual desktops and against the budgets of the design,
// and prints a table. Nothing fails on a figure: what a slow machine shows is for a person to judge.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// A row is one line of the table. Without a budget it has no verdict.
type row struct {
	what, budget, measured string
	ok                     bool
}

// A measurement yields its rows, and names itself for when it cannot.
type measurement struct {
	name string
	run  func(*rig) []row
}

func main() {
	idle := flag.Duration("idle", 5*time.Minute, "how long to watch a daemon; less than 5m is only a try")
	runs := flag.Int("runs", 1, "how often to measure everything; of several runs the medians and ranges are printed")
	peers := flag.Bool("peers", false, "measure the other programs of Debian too, which must be installed")
	inputs := flag.Int("traces", 0, "how many random input traces to play; 0: none")
	only := flag.String("only", "", "measure only what has this in its name")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: bench [-idle 5m] [-runs 5] [-traces 200] [-peers] [-only name] path/to/unhunch, with unhunch-tray beside it")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	binary, err := filepath.Abs(flag.Arg(0))
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	groups := [][]measurement{
		{{"start and status", func(r *rig) []row { return answering(r, binary) }}},
		traces(binary),
		{
			{"idle daemon", func(r *rig) []row { return idleAndCalls(r, binary, *idle) }},
			{"typing", func(r *rig) []row { return typing(r, binary, *idle) }},
		},
		floors(*idle),
		// Not at the same time: two trays would share the pages of GTK.
		{{"tray alone", func(r *rig) []row { return trayAlone(r, binary, *idle) }}},
		{{"tray beside others", func(r *rig) []row { return trayBeside(r, binary, *idle) }}},
		{{"ten years of history", func(r *rig) []row { return tenYears(r, binary) }}},
		{{"pure machines", pure}},
	}
	if *peers {
		groups = append(groups, others(*idle)...)
	}
	var each [][]row
	for n := range *runs {
		if *runs > 1 {
			fmt.Fprintf(os.Stderr, "run %d of %d\n", n+1, *runs)
		}
		each = append(each, measure(*only, groups))
	}
	rows := medians(each)
	if *inputs > 0 && strings.Contains(accuracyName, *only) {
		rows = append(rows, measure("", [][]measurement{{{accuracyName, func(r *rig) []row { return accuracy(r, binary, *inputs) }}}})...)
	}
	print(rows)
}

// measure runs the groups one after the other, and what is in a group at the same time, as far as it has only in its
// name.
func measure(only string, groups [][]measurement) []row {
	var rows []row
	for _, group := range groups {
		group = slices.DeleteFunc(group, func(m measurement) bool { return !strings.Contains(m.name, only) })
		results := make([][]row, len(group))
		var wg sync.WaitGroup
		for i, m := range group {
			fmt.Fprintln(os.Stderr, "measuring:", m.name)
			wg.Go(func() { results[i] = newRig(m.name).do(m.run) })
		}
		wg.Wait()
		for _, r := range results {
			rows = append(rows, r...)
		}
	}
	return rows
}

func print(rows []row) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "what\tbudget\tmeasured\t")
	for _, r := range rows {
		verdict := "ok"
		if !r.ok {
			verdict = "OVER"
		}
		if r.budget == "" {
			verdict = ""
		}
		if r.measured == "" {
			verdict, r.measured = "", "not measured"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.what, r.budget, r.measured, verdict)
	}
	w.Flush()
}

// A rig is what desktest asks of a test: it collects what is to be cleaned up, and a fatal error ends one
// measurement and not the others.
type rig struct {
	name     string
	cleanups []func()
	failed   bool
}

func newRig(name string) *rig { return &rig{name: name} }

// do runs f to its end or to its first fatal error, and cleans up.
func (r *rig) do(f func(*rig) []row) []row {
	rows := []row{{what: r.name}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer r.clean()
		rows = f(r)
	}()
	<-done
	return rows
}

func (r *rig) clean() {
	for len(r.cleanups) > 0 {
		last := len(r.cleanups) - 1
		f := r.cleanups[last]
		r.cleanups = r.cleanups[:last]
		f()
	}
}

func (r *rig) Helper()          {}
func (r *rig) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *rig) Failed() bool     { return r.failed }
func (r *rig) Logf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, r.name+": "+format+"\n", args...)
}

func (r *rig) Skipf(format string, args ...any) { r.Fatalf(format, args...) }

func (r *rig) Fatalf(format string, args ...any) {
	r.Logf(format, args...)
	r.failed = true
	runtime.Goexit()
}
