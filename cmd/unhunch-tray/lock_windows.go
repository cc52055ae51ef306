package main

import (
	"errors"
	"fmt"
	"io"

	"golang.org/x/sys/windows"
)

var errSecond = &fault{
	exitRefused, "another tray icon of yours is running already",
	"look for it behind the arrow beside the clock",
}

// A mutex is one of Windows.
type mutex windows.Handle

func (m mutex) Close() error { return windows.CloseHandle(windows.Handle(m)) }

// lockOnly makes this tray the only one of the session, until the lock is closed or the process ends.
func lockOnly(string) (io.Closer, error) {
	name, err := windows.UTF16PtrFromString(`Local\unhunch-tray`)
	if err != nil {
		return nil, err
	}
	h, err := windows.CreateMutex(nil, false, name)
	switch {
	case errors.Is(err, windows.ERROR_ALREADY_EXISTS):
		_ = windows.CloseHandle(h)
		return nil, errSecond
	case err != nil:
		return nil, fmt.Errorf("lock: %w", err)
	}
	return mutex(h), nil
}
