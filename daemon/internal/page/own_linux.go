package page

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
)

// isOurs says whether the other end of a connection within this machine belongs to this user or to root. The kernel
// tells; where it cannot be asked, the other guards have to do.
func isOurs(c net.Conn) bool {
	table, err := os.Open("/proc/net/tcp")
	if err != nil {
		return true
	}
	defer table.Close()
	uid, known := ownerOf(table, c.RemoteAddr().(*net.TCPAddr), c.LocalAddr().(*net.TCPAddr))
	return known && (uid == os.Getuid() || uid == 0)
}

// ownerOf finds whose the connection is that goes from one address to another, in the kernel's table (proc_net_tcp(5)).
// Addresses in it are in the order of the machine's bytes, of which Linux on desktops knows one.
func ownerOf(table io.Reader, from, to *net.TCPAddr) (uid int, known bool) {
	source, target := inTable(from), inTable(to)
	for lines := bufio.NewScanner(table); lines.Scan(); {
		const local, remote, owner = 1, 2, 7 // columns
		f := strings.Fields(lines.Text())
		if len(f) > owner && f[local] == source && f[remote] == target {
			uid, err := strconv.Atoi(f[owner])
			return uid, err == nil
		}
	}
	return 0, false
}

func inTable(a *net.TCPAddr) string {
	ip := a.IP.To4()
	if ip == nil {
		return ""
	}
	return fmt.Sprintf("%02X%02X%02X%02X:%04X", ip[3], ip[2], ip[1], ip[0], a.Port)
}
