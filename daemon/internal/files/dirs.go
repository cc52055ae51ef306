package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const program = "unhunch"

// errNoHome is what a stripped environment (cron, a broken unit) leads to.
var errNoHome = errors.New("cannot tell where your files live: HOME is not set; " +
	"set HOME, or XDG_CONFIG_HOME and XDG_STATE_HOME, to absolute paths")

// StateDir is where the daemon keeps its state: $XDG_STATE_HOME/unhunch, by default ~/.local/state/unhunch. The
// directory exists, is ours and private when StateDir returns without an error.
func StateDir() (string, error) {
	dir, err := statePath()
	if err != nil {
		return "", err
	}
	return dir, PrivateDir(dir)
}

// ConfigDir is where settings live: $XDG_CONFIG_HOME/unhunch, by default ~/.config/unhunch. It is only named, not
// created: reading settings leaves no trace.
func ConfigDir() (string, error) {
	base, err := configBase()
	if err != nil {
		return "", err
	}
	return filepath.Join(base, program), nil
}

// DataDir is where a person puts what the program is to have beside its own: $XDG_DATA_HOME/unhunch, by default
// ~/.local/share/unhunch. It is only named, not created.
func DataDir() (string, error) {
	base, err := dataBase()
	if err != nil {
		return "", err
	}
	return filepath.Join(base, program), nil
}

// StatePath is StateDir, only named: it is neither created nor closed to others.
func StatePath() (string, error) { return statePath() }

// Owned tells whether a file is this person's.
func Owned(info fs.FileInfo) bool { return owned(info) }

func statePath() (string, error) {
	base, err := stateBase()
	if err != nil {
		return "", err
	}
	return filepath.Join(base, program), nil
}

// fromEnv is the absolute path in the named variable, or "". The XDG rules say that a relative one is to be
// ignored.
func fromEnv(name string) string {
	if dir := os.Getenv(name); filepath.IsAbs(dir) {
		return filepath.Clean(dir)
	}
	return ""
}

// PrivateDir makes sure that dir is a directory that belongs to us and that nobody else can enter, creating it
// and its parents or closing it where it stands open.
func PrivateDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("create directory: %w", err)
	}
	// The link itself is looked at first: one that another user planted leads where that user wants.
	if err := checkOurs(os.Lstat, dir); err != nil {
		return err
	}
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("open directory: %w", err)
	}
	defer f.Close()
	// From here on everything is asked of the opened directory, which nobody can swap for another.
	if err := checkOurs(func(string) (fs.FileInfo, error) { return f.Stat() }, dir); err != nil {
		return err
	}
	if err := makePrivate(f); err != nil {
		return fmt.Errorf("make %s private: %w", dir, err)
	}
	return nil
}

func checkOurs(stat func(string) (fs.FileInfo, error), path string) error {
	info, err := stat(path)
	if err != nil {
		return fmt.Errorf("look at directory: %w", err)
	}
	if !owned(info) {
		return fmt.Errorf("%s belongs to another user; run unhunch as the user who sits at the desk, or remove it", path)
	}
	return nil
}
