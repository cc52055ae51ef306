// Command packaged writes the files of a package that are made from what the program knows of itself: the unit, what
// starts the tray, the application's entry with its actions, and the licences of all that is linked.
//
//	packaged DIR PROGRAM...             writes them below DIR, each where it belongs in a system
//	packaged -licences DIR PROGRAM...   writes the licences alone to DIR/LICENCES
//	packaged -list PROGRAM...           prints which licence each module has that is linked, or helps to build and test
//
// Licences are those of what the environment (GOOS, CGO_ENABLED) has linked into the PROGRAMs, given as packages of Go.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/unhunch/unhunch/daemon/internal/service"
)

// docs is where a package tells about itself.
const docs = "/usr/share/doc/unhunch/"

func main() {
	alone := flag.Bool("licences", false, "write the licences alone")
	lists := flag.Bool("list", false, "print the names of the licences")
	flag.Parse()
	if flag.NArg() < 2 && !(*lists && flag.NArg() == 1) {
		fmt.Fprintln(os.Stderr, "usage: packaged [-licences] DIR PROGRAM...\n       packaged -list PROGRAM...")
		os.Exit(2)
	}
	var err error
	if *lists {
		err = printList(flag.Args())
	} else {
		err = run(flag.Arg(0), flag.Args()[1:], *alone)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "packaged:", err)
		os.Exit(1)
	}
}

func printList(programs []string) error {
	parts, err := linked(programs...)
	if err != nil {
		return err
	}
	others, err := needed(parts)
	if err != nil {
		return err
	}
	fmt.Printf("Linked into the programs:\n\n%s\nNeeded to build and to test them:\n\n%s", list(parts), list(others))
	return nil
}

func run(dir string, programs []string, alone bool) error {
	parts, err := linked(programs...)
	if err != nil {
		return err
	}
	if alone {
		return write(dir, map[string]string{"LICENCES": licences(parts)})
	}
	all := service.Packaged()
	if all[docs+"copyright"], err = copyright(parts); err != nil {
		return err
	}
	all[docs+"LICENCES"] = licences(parts)
	return write(dir, all)
}

func write(dir string, all map[string]string) error {
	for name, text := range all {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
