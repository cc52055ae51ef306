//go:build linux || darwin

package server

import (
	"errors"
	"net"
)

// peerUID is the user id of the process that opened the other end of c, as the kernel noted it then.
func peerUID(c net.Conn) (int, error) {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return 0, errors.New("not a unix socket")
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return 0, err
	}
	var uid uint32
	var credErr error
	if err := raw.Control(func(fd uintptr) { uid, credErr = credentials(int(fd)) }); err != nil {
		return 0, err
	}
	return int(uid), credErr
}
