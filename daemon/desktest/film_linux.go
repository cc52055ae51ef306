package desktest

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"slices"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/unhunch/unhunch/daemon/internal/wayland"
)

// A film is a window on a Wayland compositor that fills the screen, by the protocol xdg-shell.
type film struct {
	sock   *net.UnixConn
	conn   *wayland.Conn
	shell  uint32
	window uint32
	states atomic.Pointer[[]uint32] // as the compositor has said last
}

// States of a window.
const (
	filmFull   = 2
	filmActive = 4
)

// waylandFilm is FullScreen on a compositor.
func (d *Desk) waylandFilm(class string) (end func()) {
	d.t.Helper()
	f, err := newFilm(d.compositor.socket, class)
	if err != nil {
		d.t.Fatalf("a film on %s: %v", d.compositor.kind, err)
	}
	Until(d.t, patience, "a film on the screen", func() bool {
		ctx, cancel := deadline()
		defer cancel()
		if err := f.conn.RoundTrip(ctx); err != nil {
			d.t.Fatalf("the film: %v", err)
		}
		now := f.states.Load()
		return now != nil && slices.Contains(*now, filmFull) && slices.Contains(*now, filmActive)
	})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for f.conn.Dispatch() == nil { // it is asked now and again whether it is alive
		}
	}()
	return func() {
		f.conn.Close()
		<-ended
	}
}

func newFilm(socket, class string) (*film, error) {
	ctx, cancel := deadline()
	defer cancel()
	sock, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: socket, Net: "unix"})
	if err != nil {
		return nil, err
	}
	conn, err := wayland.Greet(ctx, sock)
	if err != nil {
		return nil, err
	}
	f := &film{sock: sock, conn: conn}
	if err := f.show(ctx, class); err != nil {
		conn.Close()
		return nil, err
	}
	return f, nil
}

// show maps the window: it is given its place before it is painted.
func (f *film) show(ctx context.Context, class string) error {
	stop := context.AfterFunc(ctx, f.conn.Close)
	defer stop()
	compositor := f.bind("wl_compositor", nil)
	f.shell = f.bind("xdg_wm_base", f.ping)
	const createSurface, commit, getSurface, getToplevel, setAppID, setFullScreen, anyScreen = 0, 6, 2, 1, 3, 11, uint32(0)
	surface := f.conn.New(func(_ uint16, args *wayland.Args) { args.Drop() }) // the screens that it is on
	serial := uint32(0)
	xdg := f.conn.New(func(_ uint16, args *wayland.Args) { serial = args.Uint() })
	f.window = f.conn.New(f.configured)
	err := errors.Join(
		f.conn.Request(compositor, createSurface, surface),
		f.conn.Request(f.shell, getSurface, xdg, surface),
		f.conn.Request(xdg, getToplevel, f.window),
		f.conn.Request(f.window, setAppID, class),
		f.conn.Request(f.window, setFullScreen, anyScreen),
		f.conn.Request(surface, commit),
	)
	for err == nil && serial == 0 {
		err = f.conn.Dispatch()
	}
	if err != nil {
		return err
	}
	picture, err := f.picture()
	const attach, acknowledge = 1, 4
	return errors.Join(err,
		f.conn.Request(xdg, acknowledge, serial),
		f.conn.Request(surface, attach, picture, uint32(0), uint32(0)),
		f.conn.Request(surface, commit),
	)
}

// bind is 0 where there is no such thing, and the compositor will say so.
func (f *film) bind(iface string, events wayland.Events) uint32 {
	g, _ := f.conn.Global(iface)
	id, _, _ := f.conn.Bind(g, 1, events)
	return id
}

func (f *film) ping(_ uint16, args *wayland.Args) {
	const pong = 3
	_ = f.conn.Request(f.shell, pong, args.Uint())
}

// configured hears what the compositor makes of the window.
func (f *film) configured(opcode uint16, args *wayland.Args) {
	const configure = 0
	if opcode != configure {
		args.Drop()
		return
	}
	args.Uint()
	args.Uint()
	var states []uint32
	for list := args.Array(); len(list) >= 4; list = list[4:] {
		states = append(states, binary.NativeEndian.Uint32(list))
	}
	f.states.Store(&states)
}

// picture is a black one. Its bytes are in a file whose descriptor goes over the socket beside the request.
func (f *film) picture() (buffer uint32, err error) {
	const side, pixel = 64, 4
	const createPool, createBuffer, xrgb = 0, 0, uint32(1)
	file, err := unix.MemfdCreate("film", unix.MFD_CLOEXEC)
	if err != nil {
		return 0, err
	}
	defer unix.Close(file)
	if err := unix.Ftruncate(file, side*side*pixel); err != nil {
		return 0, err
	}
	shm := f.bind("wl_shm", func(_ uint16, args *wayland.Args) { args.Drop() })
	pool := f.conn.New(nil)
	words := []uint32{shm, 16<<16 | createPool, pool, side * side * pixel}
	var message []byte
	for _, w := range words {
		message = binary.NativeEndian.AppendUint32(message, w)
	}
	if _, _, err := f.sock.WriteMsgUnix(message, unix.UnixRights(file), nil); err != nil {
		return 0, err
	}
	buffer = f.conn.New(nil)
	return buffer, f.conn.Request(pool, createBuffer, buffer, uint32(0), uint32(side), uint32(side), uint32(side*pixel), xrgb)
}
