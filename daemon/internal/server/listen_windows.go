package server

import (
	"fmt"
	"net"

	"github.com/Microsoft/go-winio"

	"github.com/unhunch/unhunch/daemon/internal/files"
)

// Listen opens the named pipe at path for this user alone: its access list names them and nobody else, and a pipe of
// that name which somebody else has opened before is an error, not a door to share. It cross-builds; nobody has run it on
// Windows yet.
func Listen(path string) (net.Listener, error) {
	sid, err := files.UserSID()
	if err != nil {
		return nil, err
	}
	l, err := winio.ListenPipe(path, &winio.PipeConfig{SecurityDescriptor: "D:P(A;;GA;;;" + sid + ")"})
	if err != nil {
		return nil, fmt.Errorf("open the pipe: %w", err)
	}
	return l, nil
}
