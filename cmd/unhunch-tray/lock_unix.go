//go:build cgo && unix

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

var errSecond = &fault{
	exitRefused, "another tray icon of yours is running already",
	"look for it in the panel; panels without a tray hide it",
}

// lockOnly makes this tray the person's only one, until the lock is closed or the process ends.
func lockOnly(dir string) (io.Closer, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		return f, sign(f)
	}
	f.Close()
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, errSecond
	}
	return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
}

// sign writes our process id into the lock, for whoever wants to end the icon. A full disk must not keep it away.
func sign(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		f.Close()
		return fmt.Errorf("lock: %w", err)
	}
	_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return nil
}
