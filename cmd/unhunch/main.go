// Command unhunch is the whole command line: it shows and controls the running daemon, and `unhunch daemon` is the
// daemon.
package main

import "os"

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
