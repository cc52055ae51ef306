//go:build unix

package server

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/files"
)

// answerTime is how long a socket found in place gets to answer before it is left alone.
const answerTime = time.Second

// Listen opens the socket at path, in a directory that is this user's alone. The caller holds the daemon's file
// lock, so that two daemons are never here at once.
//
// The socket can be reached by nobody else from its first moment, since it is bound inside a directory that was
// found or made ours with mode 0700; its own 0600 is a second lock on the same door. Setting the umask around bind
// would do too but for every file that other goroutines create meanwhile.
func Listen(path string) (net.Listener, error) {
	// A path that begins with @ would be an abstract socket, which has no owner and no mode.
	if !filepath.IsAbs(path) {
		return nil, fmt.Errorf("socket path %q must be absolute", path)
	}
	if err := privateDir(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if err := removeStale(path); err != nil {
		return nil, err
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("open the socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, fmt.Errorf("close the socket to others: %w", err)
	}
	return l, nil
}

// privateDir makes dir, or closes the one that is there to others. files.PrivateDir lets a link of ours pass, as a
// person may keep their state elsewhere; for a socket there is no reason to.
func privateDir(dir string) error {
	if info, err := os.Lstat(dir); err == nil && !info.IsDir() {
		return fmt.Errorf("%s must be a directory, not a %s; move it away", dir, kind(info.Mode()))
	}
	return files.PrivateDir(dir)
}

// removeStale clears away a socket that a killed daemon left behind. Only a refused connection proves that nobody
// listens; a daemon that is stopped or slow does not answer either.
func removeStale(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at the old socket: %w", err)
	}
	if info.Mode().Type() != fs.ModeSocket {
		return fmt.Errorf("%s is a %s, not a socket; move it away", path, kind(info.Mode()))
	}
	c, err := net.DialTimeout("unix", path, answerTime)
	if err == nil {
		c.Close()
		return &Refusal{"a daemon is already running", "see it with: unhunch status"}
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("the old socket does not say whether it is in use: %w", err)
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("remove the old socket: %w", err)
	}
	return nil
}

// kind names a file type for the person.
func kind(m fs.FileMode) string {
	switch {
	case m.IsRegular():
		return "file"
	case m.IsDir():
		return "directory"
	case m&fs.ModeSymlink != 0:
		return "symbolic link"
	case m&fs.ModeSocket != 0:
		return "socket"
	}
	return "special file"
}
