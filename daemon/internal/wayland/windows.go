package wayland

import (
	"context"
	"errors"
)

// Protocols that tell of the windows of others: that of wlroots, which others have taken over, and KDE's own, which KWin
// offers to programs whose desktop entry asks for it.
const (
	wlrWindows = "zwlr_foreign_toplevel_manager_v1"
	kdeWindows = "org_kde_plasma_window_management"
)

// Versions of them: below the oldest, something that is needed is missing; up to the newest, all events are known here.
const (
	wlrOldest, wlrNewest = 2, 3   // full screens are told of since 2
	kdeOldest, kdeNewest = 13, 17 // windows have a UUID since 13, without which they may not be asked for any more
)

// ErrNoWindows is that a compositor tells us of no windows but our own.
var ErrNoWindows = errors.New("the compositor does not tell of windows")

var errNoMoreWindows = errors.New("the compositor tells of windows no more")

// Windows follow the windows of others, as far as it takes to know whether the one in front fills the screen. Titles are
// not looked at.
//
// KDE's protocol ends with the connection alone. So Windows are to have a connection of their own, which is closed when
// nobody wants to know any more.
type Windows struct {
	Interface string
	// OnChange hears, during Dispatch, that the window in front has begun or ceased to fill the screen, or that it is another
	// one's that does.
	OnChange func()

	conn    *Conn
	manager uint32
	all     map[*window]bool
	front   sight
	err     error
}

// A window is one of them.
type window struct {
	of   *Windows
	id   uint32
	told sight
	next sight // what told becomes once the compositor has said all
	live bool  // it says no more when it has
}

// A sight is what there is to see of a window.
type sight struct {
	app  string // what the program calls itself
	full bool   // it is in front and fills the screen
}

// NewWindows begins to follow them; Settle waits until they are known.
func NewWindows(c *Conn) (*Windows, error) {
	w := &Windows{conn: c, OnChange: func() {}, all: map[*window]bool{}}
	events, newest := w.wlr, uint32(wlrNewest)
	g, found := c.Global(wlrWindows)
	if !found || g.Version < wlrOldest {
		events, newest = w.kde, kdeNewest
		g, found = c.Global(kdeWindows)
		found = found && g.Version >= kdeOldest
	}
	if !found {
		return nil, ErrNoWindows
	}
	w.Interface = g.Interface
	var err error
	w.manager, _, err = c.Bind(g, newest, events)
	return w, err
}

// Settle waits until the compositor has told of the windows that there are. It takes two answers: KDE's protocol names
// the windows first, and is then asked about each.
func (w *Windows) Settle(ctx context.Context) error {
	for range 2 {
		if err := errors.Join(w.conn.RoundTrip(ctx), w.err); err != nil {
			return err
		}
	}
	return nil
}

// FullScreen tells whether the window in front fills the screen, and what its program calls itself.
func (w *Windows) FullScreen() (app string, full bool) { return w.front.app, w.front.full }

// Dispatch is the connection's, with an error for when this is of no use any more.
func (w *Windows) Dispatch() error {
	if w.err != nil {
		return w.err
	}
	if err := w.conn.Dispatch(); err != nil {
		return err
	}
	return w.err
}

// add begins to follow a window.
func (w *Windows) add() *window {
	win := &window{of: w}
	w.all[win] = true
	return win
}

// gone ends it: the compositor waits for us to let the object go.
func (win *window) gone(destroy uint16) {
	w := win.of
	if !w.all[win] {
		return
	}
	delete(w.all, win)
	if err := w.conn.Request(win.id, destroy); err != nil && w.err == nil {
		w.err = err
	}
	w.conn.Forget(win.id)
	w.look()
}

// said is that the compositor has said all for now.
func (win *window) said() {
	if win.told != win.next {
		win.told = win.next
		win.of.look()
	}
}

// look finds the window that fills the screen. Several may be in front where there are several seats; which of them is
// taken does not depend on chance.
func (w *Windows) look() {
	var front sight
	for win := range w.all {
		if win.told.full && (!front.full || win.told.app < front.app) {
			front = win.told
		}
	}
	if front != w.front {
		w.front = front
		w.OnChange()
	}
}

// wlr hears the manager of wlroots' protocol.
func (w *Windows) wlr(opcode uint16, args *Args) {
	const toplevel, finished = 0, 1
	switch opcode {
	case toplevel:
		win := w.add()
		win.id = w.conn.Given(args, win.wlr)
	case finished:
		w.err = errNoMoreWindows
	}
}

func (win *window) wlr(opcode uint16, args *Args) {
	const appID, state, done, closed, destroy = 1, 4, 5, 6, 7
	switch opcode {
	case appID:
		win.next.app = args.String()
	case state:
		win.next.full = wlrFull(args.Array())
	case done:
		win.said()
	case closed:
		win.gone(destroy)
	default: // the title, its screens, its parent
		args.Drop()
	}
}

// wlrFull reads a list of states.
func wlrFull(states []byte) bool {
	const activated, fullscreen = 2, 3
	var front, full bool
	for ; len(states) >= word; states = states[word:] {
		switch order.Uint32(states) {
		case activated:
			front = true
		case fullscreen:
			full = true
		}
	}
	return front && full
}

// kde hears the manager of KDE's protocol.
func (w *Windows) kde(opcode uint16, args *Args) {
	const windowWithUUID = 4
	if opcode != windowWithUUID {
		args.Drop() // the order in which they lie, whether the desktop is shown
		return
	}
	args.Uint() // an older name
	uuid := args.String()
	if args.End() != nil {
		return
	}
	if len(w.all) == mostGiven {
		args.fail("a window after %d others", len(w.all))
		return
	}
	const getByUUID = 2
	win := w.add()
	win.id = w.conn.New(win.kde)
	if err := w.conn.Request(w.manager, getByUUID, win.id, uuid); err != nil && w.err == nil {
		w.err = err
	}
}

func (win *window) kde(opcode uint16, args *Args) {
	const appID, state, unmapped, initial, destroy = 1, 2, 5, 6, 7
	const active, fullscreen = 1, 8
	switch opcode {
	case appID:
		win.next.app = args.String()
	case state:
		win.next.full = args.Uint()&(active|fullscreen) == active|fullscreen
	case unmapped:
		win.gone(destroy)
		return
	case initial:
		win.live = true
	default: // the title, the icon, where it is and what it belongs to
		args.Drop()
	}
	if win.live {
		win.said()
	}
}
