//go:build !linux

package page

import "net"

// isOurs cannot be told here; the other guards have to do.
func isOurs(net.Conn) bool { return true }
