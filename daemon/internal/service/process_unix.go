//go:build unix

package service

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// detached gives a process a session of its own, which no terminal's end reaches.
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

func terminate(pid int) error { return syscall.Kill(pid, syscall.SIGTERM) }

// onDesktop tells whether this command was typed on a desktop. One that was typed over the network has its display
// elsewhere.
func onDesktop() bool {
	return (os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "") && os.Getenv("SSH_CONNECTION") == ""
}

// trayPID is the process of the icon, which holds a lock and has written its number into it; 0 when there is none.
func (s *Service) trayPID() int {
	f, err := os.Open(filepath.Join(s.RunDir, "tray", "lock"))
	if err != nil {
		return 0
	}
	defer f.Close()
	text := make([]byte, 16)
	n, _ := f.Read(text)
	pid, err := strconv.Atoi(strings.TrimSpace(string(text[:n])))
	if err != nil || pid <= 1 || syscall.Kill(pid, 0) != nil {
		return 0
	}
	// A number may be another process's by now; the lock is not. It is tried last, as a tray that starts in this very
	// moment must find it free.
	if unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB) == nil {
		return 0 // and is free again once it is closed
	}
	return pid
}
