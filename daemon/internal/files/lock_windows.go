package files

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// Locked bytes cannot be read by others on Windows, so the lock is taken far behind the process id.
const lockedByte = 1 << 30

func tryLock(f *os.File) (held bool, err error) {
	at := &windows.Overlapped{Offset: lockedByte}
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err = windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, at)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return true, nil
	}
	return false, err
}

func readOnly(err error) bool { return errors.Is(err, windows.ERROR_WRITE_PROTECT) }
