// Command bench measures the program as it is shipped, on virtual desktops and against the budgets of the design,
// and prints a table. Nothing fails on a figure: what a slow machine shows is for a person to judge.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"
)

// A row is one line of the table. Without a budget it has no verdict.
type row struct {
	what, budget, measured string
	ok                     bool
}

func main() {
	idle := flag.Duration("idle", 5*time.Minute, "how long to watch a daemon; less than 5m is only a try")
	runs := flag.Int("runs", 1, "how often to measure everything; of several runs the medians and ranges are printed")
	withPeers := flag.Bool("peers", false, "measure the other programs of Debian too, which must be installed")
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
	all := phases(binary, *idle, *withPeers)
	var each [][]row
	for n := range *runs {
		if *runs > 1 {
			fmt.Fprintf(os.Stderr, "run %d of %d\n", n+1, *runs)
		}
		each = append(each, measure(*only, all))
	}
	rows := medians(each)
	if *inputs > 0 && strings.Contains(accuracyName, *only) {
		rows = append(rows, measure("", []phase{{{prompts, accuracyName, func(r *rig) []row { return accuracy(r, binary, *inputs) }}}})...)
	}
	print(rows)
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
