package waylandtest

import (
	"fmt"
	"io"
	"net"
)

// display is the object that every connection begins with.
const display = 1

// A client is one connection. Its fields are under the compositor's lock.
type client struct {
	c        *Compositor
	sock     net.Conn
	registry uint32
	objects  map[uint32]string // interfaces by id
	next     uint32            // ids are to come without a gap
	notes    map[uint32]*note
	panes    panes
	lamps    map[uint32]*lamp  // by the object that tells of it
	outputs  map[uint32]uint32 // names of globals by object
}

// A note is one idle notification.
type note struct {
	id, timeout, silent uint32
	how                 string
	idle                bool
}

func (c *Compositor) serve(sock net.Conn) {
	s := &client{
		c: c, sock: sock, objects: map[uint32]string{display: "wl_display"}, next: 2, notes: map[uint32]*note{},
		panes: panes{shown: map[string]uint32{}}, lamps: map[uint32]*lamp{}, outputs: map[uint32]uint32{},
	}
	c.mu.Lock()
	c.clients[s] = true
	c.came++
	c.mu.Unlock()
	c.waiting.Go(func() {
		s.read()
		sock.Close()
		c.mu.Lock()
		delete(c.clients, s)
		c.mu.Unlock()
	})
}

// read carries out requests until the client hangs up or does something wrong.
func (s *client) read() {
	for {
		head := make([]byte, 8)
		if _, err := io.ReadFull(s.sock, head); err != nil {
			return
		}
		second := order.Uint32(head[4:])
		if second>>16 < 8 {
			s.wrong("a request of %d bytes", second>>16)
			return
		}
		args := make([]byte, second>>16-8)
		if _, err := io.ReadFull(s.sock, args); err != nil {
			return
		}
		s.c.mu.Lock()
		ok := s.c.muted || s.do(order.Uint32(head), uint16(second), args)
		s.c.mu.Unlock()
		if !ok {
			return
		}
	}
}

func (s *client) wrong(format string, args ...any) bool {
	s.c.faults = append(s.c.faults, fmt.Sprintf(format, args...))
	return false
}

// take cuts a number off the arguments.
func take(args *[]byte) uint32 {
	if len(*args) < 4 {
		return 0
	}
	v := order.Uint32(*args)
	*args = (*args)[4:]
	return v
}

// makes notes that the client has made an object.
func (s *client) makes(id uint32, iface string) bool {
	if _, used := s.objects[id]; used || id > s.next {
		return s.wrong("%s with the id %d, of %d", iface, id, s.next)
	}
	if id == s.next {
		s.next++
	}
	s.objects[id] = iface
	return true
}

func (s *client) deleted(id uint32) {
	delete(s.objects, id)
	s.send(display, 1, id)
}

func (s *client) do(object uint32, opcode uint16, args []byte) bool {
	iface := s.objects[object]
	switch what := fmt.Sprintf("%s.%d", iface, opcode); what {
	case "wl_display.0": // sync
		id := take(&args)
		if !s.makes(id, "wl_callback") {
			return false
		}
		s.send(id, 0, uint32(7))
		s.deleted(id)
	case "wl_display.1": // get_registry
		s.registry = take(&args)
		if !s.makes(s.registry, "wl_registry") {
			return false
		}
		for _, n := range s.c.globals {
			s.announce(n)
		}
	case "wl_registry.0": // bind
		return s.bind(args)
	case "ext_idle_notifier_v1.1", "ext_idle_notifier_v1.2": // get_idle_notification, get_input_idle_notification
		id, timeout, seat := take(&args), take(&args), take(&args)
		return s.watch(id, timeout, seat, what)
	case "org_kde_kwin_idle.0": // get_idle_timeout
		id, seat, timeout := take(&args), take(&args), take(&args)
		return s.watch(id, timeout, seat, what)
	case "note.0": // destroy, release
		delete(s.notes, object)
		s.deleted(object)
	default:
		return s.doWindows(what, object, args)
	}
	return true
}

func (s *client) watch(id, timeout, seat uint32, how string) bool {
	if s.objects[seat] != "wl_seat" {
		return s.wrong("%s of the seat %d", how, seat)
	}
	s.notes[id] = &note{id: id, timeout: timeout, how: how}
	return s.makes(id, "note")
}

func (s *client) bind(args []byte) bool {
	name, n := take(&args), take(&args)
	if n == 0 || int(n) > len(args) {
		return s.wrong("a bind without an interface")
	}
	iface := string(args[:n-1])
	args = args[(n+3)/4*4:]
	version, id := take(&args), take(&args)
	for _, g := range s.c.globals {
		if g.name != name {
			continue
		}
		if g.Interface != iface || version == 0 || version > g.Version {
			return s.wrong("bind of %s version %d, which is %s version %d", iface, version, g.Interface, g.Version)
		}
		if !s.makes(id, iface) {
			return false
		}
		switch iface {
		case "wl_seat":
			s.send(id, 0, uint32(3)) // a pointer and a keyboard
		case wlrWindows, kdeWindows:
			s.panes.manager, s.panes.iface = id, iface
			for _, p := range s.c.panes {
				s.open(p)
			}
		case "wl_output":
			s.outputs[id] = name
			const subpixel, transform = 0, 0
			s.send(id, 0, uint32(0), uint32(0), uint32(600), uint32(340), uint32(subpixel), "Maker", "Model", uint32(transform))
		}
		return true
	}
	return true // withdrawn meanwhile
}

func (s *client) announce(n named) {
	if s.registry != 0 {
		s.send(s.registry, 0, n.name, n.Interface, n.Version)
	}
}

func (s *client) send(object uint32, opcode uint16, args ...any) {
	if s.c.muted {
		return
	}
	_, _ = s.sock.Write(Event(object, opcode, args...))
}

// Event is an event in wire format. An argument is a uint32, a string or a list of uint32.
func Event(object uint32, opcode uint16, args ...any) []byte {
	b := order.AppendUint32(nil, object)
	b = order.AppendUint32(b, 0)
	for _, arg := range args {
		switch v := arg.(type) {
		case uint32:
			b = order.AppendUint32(b, v)
		case string:
			b = append(order.AppendUint32(b, uint32(len(v)+1)), v...)
			b = append(b, make([]byte, 4-len(v)%4)...)
		case []uint32:
			b = order.AppendUint32(b, uint32(4*len(v)))
			for _, n := range v {
				b = order.AppendUint32(b, n)
			}
		}
	}
	order.PutUint32(b[4:], uint32(len(b))<<16|uint32(opcode))
	return b
}
