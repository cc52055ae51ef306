package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A Lock is held until Release, or until its process ends, however it ends.
type Lock struct {
	file *os.File
	mute bool // the disk is read-only: nothing can be written into the file
}

// ErrHeld says that another process holds the lock.
type ErrHeld struct {
	PID int // of the holder; 0 when it has not said yet
}

func (e ErrHeld) Error() string {
	if e.PID == 0 {
		return "another unhunch daemon is running"
	}
	return fmt.Sprintf("another unhunch daemon is running (process %d)", e.PID)
}

// TakeLock locks the file at path and writes our process id into it, without waiting: ErrHeld when another
// process has it. The file is created when missing and never removed, since removing it would let two processes
// lock two files of one name. On a disk that is read-only, as after a fault, the file is locked as it is, or its
// directory where there is none: the daemon runs from memory then, and still only once.
func TakeLock(path string) (*Lock, error) {
	f, mute, err := openLock(path)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	held, err := tryLock(f)
	switch {
	case err != nil:
		err = fmt.Errorf("lock %s: %w", path, err)
	case held:
		err = ErrHeld{PID: holder(f)}
	case !mute:
		err = sign(f)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &Lock{file: f, mute: mute}, nil
}

func openLock(path string) (f *os.File, mute bool, err error) {
	f, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, private)
	if !readOnly(err) {
		return f, false, err
	}
	if f, err = os.Open(path); errors.Is(err, fs.ErrNotExist) {
		f, err = os.Open(filepath.Dir(path))
	}
	return f, true, err
}

// Release gives the lock up. The file stays, empty.
func (l *Lock) Release() error {
	if l.mute {
		return l.file.Close()
	}
	// Emptied first, so that the next one to be turned away is not told of us.
	err := l.file.Truncate(0)
	if closed := l.file.Close(); closed != nil {
		return closed
	}
	return err
}

// sign writes our process id. A full disk must not keep the daemon from starting, and the id is only told to
// people, but a file that cannot even be emptied is not one to trust.
func sign(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return nil
}

// Holder is the process that last took the lock at path and has not given it up, 0 for none. It may have been killed
// since.
func Holder(path string) int {
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer f.Close()
	return holder(f)
}

// holder reads the process id in the lock file, 0 when there is none.
func holder(f *os.File) int {
	text, err := io.ReadAll(io.NewSectionReader(f, 0, 32))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return pid
}
