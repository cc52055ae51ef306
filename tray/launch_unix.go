//go:build unix

package tray

import "syscall"

const programSuffix = ""

// detached gives the daemon a session of its own, which no terminal's end reaches.
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
