package server

import (
	"errors"
	"net"
)

// Listen opens the private way in. On Windows that is a named pipe, which this version does not have yet.
func Listen(string) (net.Listener, error) {
	return nil, errors.New("the daemon does not run on Windows yet")
}
