package page

import "net"

// own is a listener that only this user's programs get through, and root's. A page is for everybody who can reach
// 127.0.0.1 otherwise: the code and the cookie keep them out, and this does where these have leaked.
type own struct{ net.Listener }

// Accept waits for the next connection of ours.
func (o own) Accept() (net.Conn, error) {
	for {
		c, err := o.Listener.Accept()
		if err != nil || isOurs(c) {
			return c, err
		}
		c.Close()
	}
}
