package client

import (
	"context"
	"net"

	"github.com/Microsoft/go-winio"
)

// dial calls the daemon on its named pipe.
func dial(ctx context.Context, path string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	return winio.DialPipeContext(ctx, path)
}
