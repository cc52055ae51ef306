package desktest

import (
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A Cable leads from a daemon to a server of its desk, and can be cut: to the daemon it is as if the server had gone and
// another had come in its place, to all others nothing has happened.
type Cable struct {
	t        T
	path     string // where the daemon finds it
	target   string // where it leads, both sockets
	reached  atomic.Int64
	mu       sync.Mutex
	listener net.Listener
	ends     []net.Conn
}

// Cables are those of a daemon that is yet to be started: to both buses, and to the display where there is one.
func (d *Desk) Cables() []*Cable {
	d.t.Helper()
	var all []*Cable
	for _, kind := range []string{"session", "system"} {
		c := &Cable{t: d.t, path: d.Dir + "/" + kind + ".cable", target: strings.TrimPrefix(d.busAddress(kind), "unix:path=")}
		d.setenv("DBUS_"+strings.ToUpper(kind)+"_BUS_ADDRESS", "unix:path="+c.path)
		all = append(all, c)
	}
	if d.Display != "" {
		// Beside the desk's own display, which is no other desk's, and far from those that X servers take by themselves.
		const dir, far = "/tmp/.X11-unix/X", "70"
		number := strings.TrimPrefix(d.Display, ":")
		d.setenv("DISPLAY", ":"+far+number)
		all = append(all, &Cable{t: d.t, path: dir + far + number, target: dir + number})
	}
	for _, c := range all {
		c.plug()
		d.t.Cleanup(c.unplug)
	}
	return all
}

func (d *Desk) setenv(name, value string) {
	for i, v := range d.Env {
		if strings.HasPrefix(v, name+"=") {
			d.Env[i] = name + "=" + value
			return
		}
	}
	d.t.Fatalf("the desk has no %s", name)
}

// Reached is how often the daemon has got through so far.
func (c *Cable) Reached() int64 { return c.reached.Load() }

// restart is how long a server takes that ends and is started again.
const restart = 150 * time.Millisecond

// Cut breaks every connection through the cables and, a moment later, makes way for new ones.
func Cut(cables ...*Cable) {
	for _, c := range cables {
		c.unplug()
	}
	<-time.After(restart)
	for _, c := range cables {
		c.plug()
	}
}

func (c *Cable) plug() {
	c.t.Helper()
	l, err := net.Listen("unix", c.path)
	if err != nil {
		c.t.Fatalf("a cable: %v", err)
	}
	c.mu.Lock()
	c.listener = l
	c.mu.Unlock()
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("unix", c.target)
			if err != nil || !c.keep(l, near, far) {
				near.Close()
				continue
			}
			go c.carry(near, far)
			go c.carry(far, near)
		}
	}()
}

// keep notes the ends of a connection, unless the cable has been cut meanwhile.
func (c *Cable) keep(l net.Listener, near, far net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listener != l {
		far.Close()
		return false
	}
	c.ends = append(c.ends, near, far)
	return true
}

// carry passes on what comes. The first answer from the far end is what counts as being reached.
func (c *Cable) carry(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	first := make([]byte, 1)
	if _, err := io.ReadFull(from, first); err != nil {
		return
	}
	if _, err := to.Write(first); err != nil {
		return
	}
	if strings.HasSuffix(from.RemoteAddr().String(), c.target) {
		c.reached.Add(1)
	}
	_, _ = io.Copy(to, from) // however it ends, it has ended
}

func (c *Cable) unplug() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listener != nil {
		c.listener.Close()
	}
	for _, end := range c.ends {
		end.Close()
	}
	c.listener, c.ends = nil, nil
}
