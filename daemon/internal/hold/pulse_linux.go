package hold

import (
	"net"
	"os"
	"syscall"
)

// send writes a packet; the first one shows the server who we are.
func (p *pulse) send(packet []byte, first bool) error {
	conn, ok := p.conn.(*net.UnixConn)
	if !first || !ok {
		_, err := p.conn.Write(packet)
		return err
	}
	me := syscall.UnixCredentials(&syscall.Ucred{Pid: int32(os.Getpid()), Uid: uint32(os.Getuid()), Gid: uint32(os.Getgid())})
	_, _, err := conn.WriteMsgUnix(packet, me, nil)
	return err
}
