package tray

import (
	"syscall"

	"golang.org/x/sys/windows"
)

const programSuffix = ".exe"

// detached gives the daemon no console, and keeps Ctrl-C of ours from it.
func detached() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.DETACHED_PROCESS | windows.CREATE_NEW_PROCESS_GROUP}
}
