// Package files writes private files that survive a crash, holds the lock that makes the daemon the only one, and
// knows where everything lives.
package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Temporary files are named ".state.json.1234567.unhunch-tmp": hidden, beside the file they become, and
// recognisable as ours.
const tempSuffix = ".unhunch-tmp"

// private is the mode of everything the daemon writes about a person.
const private fs.FileMode = 0o600

// WriteAtomic replaces the file at path with data, readable by its owner only. Whatever happens, a kill or a full
// disk included, path holds either all of the old content or all of the new; once it returns nil the new content
// survives a power cut. A symbolic link at path is replaced, not followed.
func WriteAtomic(path string, data []byte) error {
	return WriteAtomicMode(path, data, private)
}

// WriteAtomicMode is WriteAtomic for a file that is not ours alone, such as settings a person keeps readable.
func WriteAtomicMode(path string, data []byte, mode fs.FileMode) error {
	dir, base := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	temp, err := os.CreateTemp(dir, "."+base+".*"+tempSuffix)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := fill(temp, data, mode); err != nil {
		os.Remove(temp.Name())
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		os.Remove(temp.Name())
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := syncDir(dir); err != nil {
		return fmt.Errorf("write %s: sync its directory: %w", path, err)
	}
	return nil
}

// fill writes data to disk and closes f, whether or not that worked.
func fill(f *os.File, data []byte, mode fs.FileMode) (err error) {
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.Chmod(mode.Perm()); err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	// A rename can reach the disk before the data it names; without this a power cut leaves an empty file.
	return f.Sync()
}

// Sweep removes what writes killed half-way left in dir. Call it only while nobody else writes there: with the
// lock held, before the first write. A missing dir has nothing to sweep.
func Sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sweep %s: %w", dir, err)
	}
	var failed []error
	for _, e := range entries {
		if !e.Type().IsRegular() || !strings.HasPrefix(e.Name(), ".") || !strings.HasSuffix(e.Name(), tempSuffix) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			failed = append(failed, fmt.Errorf("sweep %s: %w", dir, err))
		}
	}
	return errors.Join(failed...)
}
