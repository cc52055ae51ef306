package daemon

import (
	"fmt"
	"os"
	"os/exec"
)

// Exec starts the new daemon, with the same arguments, and leaves it to itself: no process can become another here.
func (a *Again) Exec() error {
	cmd := exec.Command(a.program, os.Args[1:]...)
	cmd.Env = a.env
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("cannot start %s anew: %w", a.program, err)
	}
	return cmd.Process.Release()
}
