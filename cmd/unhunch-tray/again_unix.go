//go:build cgo && unix

package main

import (
	"fmt"
	"os"
	"syscall"
)

// again becomes the program that is at path now. It returns only when that fails.
func again(path string, env []string) error {
	return fmt.Errorf("cannot start %s anew: %w", path, syscall.Exec(path, os.Args, env))
}
