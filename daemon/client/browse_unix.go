//go:build unix

package client

import (
	"os/exec"
	"syscall"
)

// detach lets the browser outlive the terminal or icon it was opened from.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
