//go:build unix

package client

import (
	"context"
	"net"
)

// dial calls the daemon on its socket.
func dial(ctx context.Context, path string) (net.Conn, error) {
	return (&net.Dialer{Timeout: dialTime}).DialContext(ctx, "unix", path)
}
