//go:build unix

package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

func stateBase() (string, error)  { return xdgBase("XDG_STATE_HOME", ".local/state") }
func configBase() (string, error) { return xdgBase("XDG_CONFIG_HOME", ".config") }
func dataBase() (string, error)   { return xdgBase("XDG_DATA_HOME", ".local/share") }

func xdgBase(variable, underHome string) (string, error) {
	if dir := fromEnv(variable); dir != "" {
		return dir, nil
	}
	if home := fromEnv("HOME"); home != "" {
		return filepath.Join(home, underHome), nil
	}
	return "", errNoHome
}

// SocketPath is where the daemon listens and clients call: $XDG_RUNTIME_DIR/unhunch/api.sock, or run/api.sock in
// the state directory where that variable is not set. It creates nothing: the daemon passes the socket's
// directory to PrivateDir before it listens.
func SocketPath() (string, error) {
	dir := filepath.Join(fromEnv("XDG_RUNTIME_DIR"), program)
	if fromEnv("XDG_RUNTIME_DIR") == "" {
		state, err := statePath()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(state, "run")
	}
	path := filepath.Join(dir, "api.sock")
	if len(path) > maxSocketPath {
		return "", fmt.Errorf("the socket's path %s has %d bytes and the system allows %d; "+
			"set XDG_RUNTIME_DIR to a shorter directory of yours", path, len(path), maxSocketPath)
	}
	return path, nil
}

func owned(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

func makePrivate(dir *os.File) error {
	info, err := dir.Stat()
	if err != nil {
		return err
	}
	if info.Mode().Perm() == 0o700 {
		return nil
	}
	return dir.Chmod(0o700)
}

// syncDir makes a rename in dir survive a power cut. A directory is opened for reading only: for writing the
// kernel refuses it.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) {
		return nil // some network file systems cannot, and have no need to
	}
	return err
}
