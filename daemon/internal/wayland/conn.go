// Package wayland speaks to a Wayland compositor as far as a program without windows has to: it learns what the
// compositor offers, and is told when its seats have been left alone.
//
// A Conn belongs to one goroutine, but for Interrupt and Close.
package wayland

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// ErrInterrupted is what Dispatch returns after Interrupt.
var ErrInterrupted = errors.New("interrupted")

// A ProtocolError is what a compositor says before it hangs up on a client that has made a mistake.
type ProtocolError struct {
	Object  uint32
	Code    uint32
	Message string
}

func (e *ProtocolError) Error() string {
	return fmt.Sprintf("the compositor ends the connection: %s (error %d of object %d)", e.Message, e.Code, e.Object)
}

// Socket is where the compositor listens that an environment names: $WAYLAND_DISPLAY in $XDG_RUNTIME_DIR, or
// “wayland-0” there, as for every Wayland program.
func Socket(getenv func(string) string) (string, error) {
	name := getenv("WAYLAND_DISPLAY")
	if name == "" {
		name = "wayland-0"
	}
	if filepath.IsAbs(name) {
		return name, nil
	}
	dir := getenv("XDG_RUNTIME_DIR")
	if !filepath.IsAbs(dir) {
		return "", errors.New("no Wayland display: XDG_RUNTIME_DIR is not set")
	}
	return filepath.Join(dir, name), nil
}

// Ids of the objects that are there from the beginning: the display, and what we have made of it first.
const (
	displayID  = 1
	registryID = 2
	firstID    = 3
	// serversFirst is where ids begin that the compositor gives: see Given.
	serversFirst = 0xff000000
	// mostGiven bounds how many objects a compositor may have made for us: they are windows, and who has a thousand of
	// them has not opened them by hand.
	mostGiven = 4096
	// mostGlobals bounds what a compositor may offer: real ones offer about fifty things.
	mostGlobals = 4096
)

// writeTime is how long a compositor may leave a request unread. Ours are of some ten bytes and the kernel keeps
// hundreds of kilobytes, so one that reaches this has not looked for long.
const writeTime = 5 * time.Second

// A Global is something the compositor offers.
type Global struct {
	Name      uint32 // the number it is bound by
	Interface string
	Version   uint32 // the highest
}

// Events hears the events of one object: opcode and arguments, of which it takes all.
type Events func(opcode uint16, args *Args)

// A Conn is a connection to a compositor.
type Conn struct {
	sock    net.Conn
	in      reader
	objects map[uint32]Events // nil for one that is destroyed, until the compositor lets its id go
	free    []uint32          // ids that may be given again
	next    uint32            // the first id never given

	given   int // of objects, those that the compositor has made
	globals []Global
	changed []func(g Global, here bool)

	closing sync.Once
}

// Dial connects to the compositor listening at a path and waits for the list of what it offers. One that does not
// answer is waited for until ctx ends.
func Dial(ctx context.Context, path string) (*Conn, error) {
	sock, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	return Greet(ctx, sock)
}

// Greet is Dial on a connection that has been made.
func Greet(ctx context.Context, sock net.Conn) (*Conn, error) {
	c := &Conn{sock: sock, in: reader{from: sock}, objects: map[uint32]Events{}, next: firstID}
	c.objects[displayID], c.objects[registryID] = nil, nil // deliver knows them
	const getRegistry = 1
	err := c.Request(displayID, getRegistry, uint32(registryID))
	if err == nil {
		err = c.RoundTrip(ctx)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// Close ends the connection. A Dispatch that waits returns an error.
func (c *Conn) Close() { c.closing.Do(func() { _ = c.sock.Close() }) }

// Interrupt makes the Dispatch that waits, or else the next one, return ErrInterrupted. It may be called from any
// goroutine.
func (c *Conn) Interrupt() { _ = c.sock.SetReadDeadline(time.Unix(1, 0)) }

// Globals are what the compositor offers now.
func (c *Conn) Globals() []Global { return c.globals }

// Global is the first of that interface.
func (c *Conn) Global(iface string) (Global, bool) {
	for _, g := range c.globals {
		if g.Interface == iface {
			return g, true
		}
	}
	return Global{}, false
}

// OnGlobal has f hear, too, during Dispatch, of what the compositor begins or ceases to offer from now on.
func (c *Conn) OnGlobal(f func(g Global, here bool)) { c.changed = append(c.changed, f) }

func (c *Conn) tell(g Global, here bool) {
	for _, f := range c.changed {
		f(g, here)
	}
}

// Bind makes an object of a global, of at most that version, whose events go to events.
func (c *Conn) Bind(g Global, version uint32, events Events) (id, bound uint32, err error) {
	const bind = 0
	bound = min(version, g.Version)
	id = c.New(events)
	return id, bound, c.Request(registryID, bind, g.Name, g.Interface, bound, id)
}

// New is an id for a new object, whose events go to events. It is made by the request that it is given to.
func (c *Conn) New(events Events) uint32 {
	if events == nil {
		events = func(uint16, *Args) {}
	}
	id := c.next
	if last := len(c.free) - 1; last >= 0 {
		id, c.free = c.free[last], c.free[:last]
	} else {
		c.next++ // ids are given without a gap, else the compositor hangs up
	}
	c.objects[id] = events
	return id
}

// Given takes from the arguments of an event the id of an object that the compositor has made, whose events go to
// events. An id that we have forgotten may be given again.
func (c *Conn) Given(args *Args, events Events) (id uint32) {
	id = args.Uint()
	old, known := c.objects[id]
	if id < serversFirst || old != nil || !known && c.given == mostGiven {
		args.fail("object %d is made, after %d others", id, c.given)
		return id
	}
	if !known {
		c.given++
	}
	c.objects[id] = events
	return id
}

// Forget drops the events of an object that has just been destroyed by a request: some may be on their way still.
func (c *Conn) Forget(id uint32) { c.objects[id] = nil }

// Request sends a request to an object. An argument is a uint32 or a string.
func (c *Conn) Request(object uint32, opcode uint16, args ...any) error {
	b, err := request(object, opcode, args...)
	if err != nil {
		return err
	}
	_ = c.sock.SetWriteDeadline(time.Now().Add(writeTime))
	_, err = c.sock.Write(b)
	return err
}

// RoundTrip waits until the compositor has dealt with all requests so far, but not longer than ctx. The events that
// come before are delivered.
func (c *Conn) RoundTrip(ctx context.Context) error {
	const sync = 0
	stop := context.AfterFunc(ctx, c.Close)
	defer stop()
	done := false
	id := c.New(func(_ uint16, args *Args) {
		args.Uint() // a serial
		done = true
	})
	err := c.Request(displayID, sync, id)
	interrupted := false
	for err == nil && !done {
		if err = c.Dispatch(); errors.Is(err, ErrInterrupted) {
			interrupted, err = true, nil
		}
	}
	if interrupted {
		c.Interrupt() // it was not meant for us
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// Dispatch waits for one event and delivers it. Any error but ErrInterrupted is the end of the connection.
func (c *Conn) Dispatch() error {
	object, opcode, args, err := c.in.next()
	if errors.Is(err, os.ErrDeadlineExceeded) {
		_ = c.sock.SetReadDeadline(time.Time{})
		return ErrInterrupted
	}
	if err == nil {
		err = c.deliver(object, opcode, &args)
	}
	if err != nil {
		c.Close()
	}
	return err
}

func (c *Conn) deliver(object uint32, opcode uint16, args *Args) error {
	switch object {
	case displayID:
		return c.display(opcode, args)
	case registryID:
		return c.registry(opcode, args)
	}
	events, known := c.objects[object]
	switch {
	case !known:
		return malformed("from object %d, which there is not", object)
	case events == nil:
		return nil
	}
	events(opcode, args)
	return args.End()
}

// display hears that we have made a mistake, and which ids are free again.
func (c *Conn) display(opcode uint16, args *Args) error {
	const failed, deleteID = 0, 1
	switch opcode {
	case failed:
		e := &ProtocolError{args.Uint(), args.Uint(), args.String()}
		if err := args.End(); err != nil {
			return err
		}
		return e
	case deleteID:
		id := args.Uint()
		if err := args.End(); err != nil {
			return err
		}
		if _, known := c.objects[id]; !known || id < firstID || id >= serversFirst {
			return malformed("object %d is deleted, which there is not", id)
		}
		delete(c.objects, id)
		c.free = append(c.free, id)
		return nil
	}
	return malformed("event %d of the display", opcode)
}

// registry hears what the compositor offers.
func (c *Conn) registry(opcode uint16, args *Args) error {
	const global, remove = 0, 1
	switch opcode {
	case global:
		g := Global{args.Uint(), args.String(), args.Uint()}
		if err := args.End(); err != nil {
			return err
		}
		if g.Version == 0 || len(c.globals) == mostGlobals || c.find(g.Name) >= 0 {
			return malformed("global %d, %.64q, version %d, after %d others", g.Name, g.Interface, g.Version, len(c.globals))
		}
		c.globals = append(c.globals, g)
		c.tell(g, true)
		return nil
	case remove:
		name := args.Uint()
		if err := args.End(); err != nil {
			return err
		}
		at := c.find(name)
		if at < 0 {
			return nil // it was never shown to us
		}
		g := c.globals[at]
		c.globals = append(c.globals[:at:at], c.globals[at+1:]...)
		c.tell(g, false)
		return nil
	}
	return malformed("event %d of the registry", opcode)
}

// find is where the global of that name is in the list, -1 for nowhere.
func (c *Conn) find(name uint32) int {
	for i, g := range c.globals {
		if g.Name == name {
			return i
		}
	}
	return -1
}
