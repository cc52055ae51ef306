package server

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"

	"github.com/unhunch/unhunch/daemon/api"
)

// maxConns bounds what a runaway script can take of the daemon's files and memory. A connection above it is closed
// at once: waiting would only move the queue to where nobody sees it.
const maxConns = 64

// A gate is a listener that looks at who is coming in and lets in no more than maxConns at a time.
type gate struct {
	net.Listener
	places chan struct{}
}

func newGate(l net.Listener) *gate {
	return &gate{Listener: l, places: make(chan struct{}, maxConns)}
}

// Accept waits for the next connection that finds a place.
func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		select {
		case g.places <- struct{}{}:
			return &guest{Conn: c, refusal: checkPeer(c), leave: sync.OnceFunc(func() { <-g.places })}, nil
		default:
			c.Close()
		}
	}
}

// A guest is a connection that holds a place until it is closed.
type guest struct {
	net.Conn
	refusal error // set when the other end belongs to another user
	leave   func()
}

func (g *guest) Close() error {
	g.leave()
	return g.Conn.Close()
}

// checkPeer says whether the other end of c is this very user. The socket's mode says so already; this holds too
// where somebody has loosened it. Root is refused like anybody else: `sudo unhunch` would not be this person.
func checkPeer(c net.Conn) error {
	uid, err := 0, error(nil)
	if k, ok := c.(known); ok {
		uid = k.PeerUID()
	} else {
		uid, err = peerUID(c)
	}
	if err != nil {
		return fmt.Errorf("cannot tell whose program this is: %w", err)
	}
	if uid != os.Getuid() {
		return fmt.Errorf("this daemon belongs to another user (you are user id %d)", uid)
	}
	return nil
}

// known is a connection that knows whose its other end is, since both are in this process. No socket is one.
type known interface{ PeerUID() int }

type peerKey struct{}

// rememberPeer hands the verdict on a connection to its requests, so that a stranger is told why.
func rememberPeer(ctx context.Context, c net.Conn) context.Context {
	if g, ok := c.(*guest); ok && g.refusal != nil {
		return context.WithValue(ctx, peerKey{}, g.refusal)
	}
	return ctx
}

// browserHeaders are what browsers add and our clients never send.
var browserHeaders = []string{"Origin", "Referer", "Cookie", "Sec-Fetch-Site", "Sec-Fetch-Mode"}

// checkRequest refuses other users and whatever looks like a browser. A page cannot reach a unix socket by itself;
// a proxy that forwards to one makes it reachable, and this is where that ends.
func checkRequest(r *http.Request) error {
	if err, ok := r.Context().Value(peerKey{}).(error); ok {
		return &forbidden{err.Error(), "run unhunch as the user whose daemon it is"}
	}
	if r.Host != hostName {
		return &forbidden{fmt.Sprintf("unknown host %q", r.Host), "programs of your own send Host: " + hostName}
	}
	for _, name := range browserHeaders {
		if _, sent := r.Header[name]; sent {
			return &forbidden{"this socket is not for browsers: " + name + " header sent", ""}
		}
	}
	return nil
}

// forbidden is a request that must not be answered, whatever it asks.
type forbidden struct{ message, hint string }

func (f *forbidden) Error() string { return f.message }

func (f *forbidden) Detail() api.ErrorDetail {
	return api.ErrorDetail{Code: api.CodeForbidden, Message: f.message, Hint: f.hint}
}
