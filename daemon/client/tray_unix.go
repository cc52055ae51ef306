//go:build unix

package client

import (
	"path/filepath"

	"github.com/unhunch/unhunch/daemon/internal/files"
)

// TrayDir is a private directory for the tray's lock and icon, beside the daemon's socket. It exists when TrayDir
// returns without an error. The panel reads the icon from it: unlike /tmp it looks the same to every program of the
// person, sandboxed services included.
func TrayDir() (string, error) {
	socket, err := files.SocketPath()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(filepath.Dir(socket), "tray")
	return dir, files.PrivateDir(dir)
}
