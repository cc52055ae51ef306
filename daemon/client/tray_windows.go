package client

import (
	"path/filepath"

	"github.com/unhunch/unhunch/daemon/internal/files"
)

// TrayDir is a directory for the tray's icon files, in the person's own. It exists when TrayDir returns without an
// error.
func TrayDir() (string, error) {
	state, err := files.StateDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(state, "tray")
	return dir, files.PrivateDir(dir)
}
