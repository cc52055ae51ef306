package desktest

import (
	"encoding/binary"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// FullScreen has a program of that class fill the screen with a black window, as a film does, until it is ended.
func (d *Desk) FullScreen(class string) (end func()) {
	d.t.Helper()
	if d.compositor != nil {
		return d.waylandFilm(class)
	}
	conn, err := xgb.NewConnDisplay(d.Display)
	if err != nil {
		d.t.Fatalf("connecting to the X server: %v", err)
	}
	window, err := xproto.NewWindowId(conn)
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	screen := xproto.Setup(conn).DefaultScreen(conn)
	must := func(what string, err error) {
		d.t.Helper()
		if err != nil {
			d.t.Fatalf("the film: %s: %v", what, err)
		}
	}
	must("its window", xproto.CreateWindowChecked(conn, screen.RootDepth, window, screen.Root, 0, 0, 200, 200, 0,
		xproto.WindowClassInputOutput, screen.RootVisual, xproto.CwBackPixel, []uint32{screen.BlackPixel}).Check())
	set := func(name string, kind xproto.Atom, format byte, count int, value []byte) {
		d.t.Helper()
		must(name, xproto.ChangePropertyChecked(conn, xproto.PropModeReplace, window, d.atom(conn, name), kind, format,
			uint32(count), value).Check())
	}
	names := "film\x00" + class + "\x00"
	set("WM_CLASS", xproto.AtomString, 8, len(names), []byte(names))
	hints := make([]byte, 9*4) // of the ICCCM: nine words, of which the first says that the second counts: it takes the keyboard
	hints[0], hints[4] = 1, 1
	set("WM_HINTS", xproto.AtomWmHints, 32, len(hints)/4, hints)
	full := binary.LittleEndian.AppendUint32(nil, uint32(d.atom(conn, "_NET_WM_STATE_FULLSCREEN")))
	active := d.atom(conn, "_NET_ACTIVE_WINDOW")
	var shown time.Time
	Until(d.t, patience, "a film on the screen", func() bool {
		if time.Since(shown) > time.Second { // a window manager that has just started may not have seen it
			shown = time.Now()
			must("hiding it", xproto.UnmapWindowChecked(conn, window).Check()) // which makes it forget its state
			set("_NET_WM_STATE", xproto.AtomAtom, 32, 1, full)
			must("showing it", xproto.MapWindowChecked(conn, window).Check())
		}
		front, err := xproto.GetProperty(conn, false, screen.Root, active, xproto.AtomWindow, 0, 1).Reply()
		size, sizeErr := xproto.GetGeometry(conn, xproto.Drawable(window)).Reply()
		return err == nil && sizeErr == nil && len(front.Value) == 4 &&
			binary.LittleEndian.Uint32(front.Value) == uint32(window) && size.Width == screenWidth
	})
	return conn.Close
}

func (d *Desk) atom(conn *xgb.Conn, name string) xproto.Atom {
	d.t.Helper()
	reply, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		d.t.Fatalf("the X server: %v", err)
	}
	return reply.Atom
}
