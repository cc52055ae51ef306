package main

import (
	"fmt"
	"os"
	"os/exec"
)

// again starts the program that is at path now, and leaves it to itself.
func again(path string, env []string) error {
	cmd := exec.Command(path, os.Args[1:]...)
	cmd.Env = env
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("cannot start %s anew: %w", path, err)
	}
	return cmd.Process.Release()
}
