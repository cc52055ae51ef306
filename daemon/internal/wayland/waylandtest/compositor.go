// Package waylandtest is a compositor without a screen, for tests: it offers what it is told to, knows of one pair of
// hands, and can misbehave in every way that a connection can.
package waylandtest

import (
	"encoding/binary"
	"net"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

var order = binary.NativeEndian

// A Global is something the compositor offers.
type Global struct {
	Interface string
	Version   uint32
}

// What compositors of different ages offer.
var (
	Newest   = []Global{{"wl_compositor", 6}, {"wl_seat", 9}, {"ext_idle_notifier_v1", 2}, {"org_kde_kwin_idle", 1}}
	Version1 = []Global{{"wl_seat", 8}, {"org_kde_kwin_idle", 1}, {"ext_idle_notifier_v1", 1}}
	OldKDE   = []Global{{"org_kde_kwin_idle", 1}, {"wl_seat", 7}}
	NoSeat   = []Global{{"wl_compositor", 5}, {"ext_idle_notifier_v1", 1}}
	NoIdle   = []Global{{"wl_compositor", 5}, {"wl_seat", 8}}
	// Wlroots and KWin tell of windows and screens as well, each in its own way.
	Wlroots = append([]Global{{wlrWindows, 3}, {wlrPower, 1}, {"wl_output", 4}, {"wl_output", 4}}, Newest...)
	KWin    = append([]Global{{kdeWindows, 16}, {kdePower, 1}, {"wl_output", 2}, {"wl_output", 4}}, Newest...)
)

// A Compositor listens at Path. Its time is the test's: it passes by Pass alone.
type Compositor struct {
	Path string

	t testing.TB

	mu      sync.Mutex
	listen  net.Listener
	globals []named
	lastID  uint32
	clients map[*client]bool
	muted   bool
	waiting sync.WaitGroup
	came    int
	panes   []*pane
	off     map[uint32]bool // screens, by the name of the global
	newOff  bool            // those that come
	faults  []string        // what clients have done wrong
}

type named struct {
	name uint32
	Global
}

// Start starts a compositor in a directory of its own.
func Start(t testing.TB, globals ...Global) *Compositor {
	t.Helper()
	c := &Compositor{Path: filepath.Join(t.TempDir(), "wayland-0"), t: t, clients: map[*client]bool{}, off: map[uint32]bool{}}
	for _, g := range globals {
		c.offer(g)
	}
	c.Up()
	t.Cleanup(func() {
		c.Down()
		for _, fault := range c.faults {
			t.Errorf("against the protocol: %s", fault)
		}
	})
	return c
}

// Up begins to listen.
func (c *Compositor) Up() {
	c.t.Helper()
	listen, err := net.Listen("unix", c.Path)
	if err != nil {
		c.t.Fatal(err)
	}
	c.mu.Lock()
	c.listen = listen
	c.mu.Unlock()
	c.waiting.Go(func() {
		for {
			sock, err := listen.Accept()
			if err != nil {
				return
			}
			c.serve(sock)
		}
	})
}

// Down ends the compositor and all its connections, as a crash does.
func (c *Compositor) Down() {
	c.mu.Lock()
	if c.listen != nil {
		c.listen.Close()
	}
	c.mu.Unlock()
	c.HangUp()
	c.waiting.Wait()
}

// HangUp ends all connections.
func (c *Compositor) HangUp() {
	c.each(func(s *client) { s.sock.Close() })
}

// Mute has the compositor answer nobody any more, as one that hangs; or again.
func (c *Compositor) Mute(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.muted = on
}

// Say sends bytes as they are to every client.
func (c *Compositor) Say(bytes []byte) {
	c.each(func(s *client) { _, _ = s.sock.Write(bytes) })
}

// Refuse tells every client that it has made a mistake, and hangs up.
func (c *Compositor) Refuse(why string) {
	c.each(func(s *client) {
		s.send(display, 0, uint32(display), uint32(3), why)
		s.sock.Close()
	})
}

// Clients is how many are connected; Came is how many ever were.
func (c *Compositor) Clients() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.clients)
}

// Came is how many clients have ever connected.
func (c *Compositor) Came() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.came
}

// Watched are the timeouts, in milliseconds, that any client waits for, each with how it asked.
func (c *Compositor) Watched() map[uint32]string {
	all := map[uint32]string{}
	c.each(func(s *client) {
		for _, n := range s.notes {
			all[n.timeout] = n.how
		}
	})
	return all
}

// Offer offers one thing more.
func (c *Compositor) Offer(g Global) {
	c.mu.Lock()
	n := c.offer(g)
	c.mu.Unlock()
	c.each(func(s *client) { s.announce(n) })
}

func (c *Compositor) offer(g Global) named {
	c.lastID++
	n := named{c.lastID, g}
	c.off[n.name] = c.newOff
	c.globals = append(c.globals, n)
	return n
}

// Withdraw ceases to offer the first of an interface.
func (c *Compositor) Withdraw(iface string) {
	c.mu.Lock()
	at := slices.IndexFunc(c.globals, func(n named) bool { return n.Interface == iface })
	n := c.globals[at]
	c.globals = slices.Delete(c.globals, at, at+1)
	c.mu.Unlock()
	c.each(func(s *client) {
		if s.registry != 0 {
			s.send(s.registry, 1, n.name)
		}
	})
}

// Touch is input: silences end.
func (c *Compositor) Touch() {
	c.each(func(s *client) {
		for _, n := range s.notes {
			n.silent = 0
			if n.idle {
				n.idle = false
				s.send(n.id, 1)
			}
		}
	})
}

// Pass lets that many milliseconds go by without input.
func (c *Compositor) Pass(ms uint32) {
	c.each(func(s *client) {
		for _, n := range s.notes {
			n.silent += ms
			if !n.idle && n.silent >= n.timeout {
				n.idle = true
				s.send(n.id, 0)
			}
		}
	})
}

func (c *Compositor) each(do func(*client)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for s := range c.clients {
		do(s)
	}
}
