//go:build cgo && unix

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

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
		return f, nil
	}
	f.Close()
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, errSecond
	}
	return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
}
