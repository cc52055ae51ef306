//go:build unix

package daemon

import (
	"fmt"
	"os"
	"syscall"
)

// Exec becomes the new daemon, with the same arguments. It returns only when that fails.
func (a *Again) Exec() error {
	return fmt.Errorf("cannot start %s anew: %w", a.program, syscall.Exec(a.program, os.Args, a.env))
}
