package server

import (
	"net"
	"os"
)

// peerUID is always ours: the access list of the pipe has let in nobody else. Windows has no user ids.
func peerUID(net.Conn) (int, error) { return os.Geteuid(), nil }
