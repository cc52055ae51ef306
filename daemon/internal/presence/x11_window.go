package presence

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/jezek/xgb"
)

var errNoWindows = errors.New("no window manager tells which window is in front")

// FullScreen tells whether the window in front fills the screen, as window managers tell by the EWMH properties
// _NET_ACTIVE_WINDOW and _NET_WM_STATE, and which program it is of, by the class of the window. A film on another screen than
// the one that is worked on is not in front. It asks once, over the sensor's own connection.
func (x *X11) FullScreen(ctx context.Context) (program, id string, full bool, err error) {
	x.mu.Lock()
	s, why := x.server, x.why
	x.mu.Unlock()
	if s == nil {
		return "", "", false, why
	}
	window, full, err := s.fullScreen(ctx)
	if errors.Is(err, errNoWindows) {
		return "", "", false, err
	}
	if err != nil {
		return "", "", false, x.explain(err)
	}
	if !full {
		return "", "", false, nil
	}
	class, _ := s.class(ctx, window) // a window without one fills the screen all the same
	return class, strconv.FormatUint(uint64(window), 16), true, nil
}

// An ear is somebody who is told that what fills the screen may have changed.
type ear struct{ changed func() }

// WatchFullScreen calls changed whenever FullScreen may have a new answer, and once where nothing fills the screen any more
// when it begins. The server tells of properties of the root and of the window in front, and does so only until stop is
// called: a window's title and what is typed in it may be among them, and wake us. changed must not block.
func (x *X11) WatchFullScreen(changed func()) (stop func()) {
	one := &ear{changed}
	x.earsMu.Lock()
	x.ears = append(x.ears, one)
	x.earsMu.Unlock()
	if s := x.connected(); s != nil {
		x.watchWindows(s)
	}
	return func() {
		x.earsMu.Lock()
		defer x.earsMu.Unlock()
		x.ears = slices.DeleteFunc(x.ears, func(other *ear) bool { return other == one })
		if s := x.connected(); s != nil && len(x.ears) == 0 {
			s.watchRoot(false)
		}
	}
}

// watchWindows has a server tell whoever listens, and finds out what has become of the screen meanwhile.
func (x *X11) watchWindows(s *server) {
	x.earsMu.Lock()
	defer x.earsMu.Unlock()
	if len(x.ears) == 0 {
		return
	}
	s.watchRoot(true)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), answerTimeout)
		defer cancel()
		if _, full, err := s.fullScreen(ctx); err != nil || !full {
			x.screenChanged()
		}
	}()
}

// screenChanged tells whoever listens.
func (x *X11) screenChanged() {
	x.earsMu.Lock()
	ears := slices.Clone(x.ears)
	x.earsMu.Unlock()
	for _, one := range ears {
		one.changed()
	}
}

// connected is the server, nil while there is none.
func (x *X11) connected() *server {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.server
}

// watched is what a server tells of.
type watched struct {
	mu            sync.Mutex
	on            bool
	front         uint32 // whose properties are told of, beside the root's; 0 for none
	active, state uint32 // the atoms of the properties that matter; 0 while they are not known
}

// watchRoot has the server tell which window is in front, or no longer tell of any.
func (s *server) watchRoot(on bool) {
	w := &s.watched
	w.mu.Lock()
	defer w.mu.Unlock()
	if on == w.on {
		return
	}
	w.on = on
	if on {
		s.tellOf(s.root, propertyChange)
		return
	}
	s.tellOf(s.root, 0)
	if w.front != 0 {
		s.tellOf(w.front, 0)
		w.front = 0
	}
}

// watchFront has the server tell of the window in front, and of no other but the root, while it tells of that.
func (s *server) watchFront(window, active, state uint32) {
	w := &s.watched
	w.mu.Lock()
	defer w.mu.Unlock()
	w.active, w.state = active, state
	if !w.on || window == w.front {
		return
	}
	if w.front != 0 {
		s.tellOf(w.front, 0)
	}
	if w.front = window; window != 0 {
		s.tellOf(window, propertyChange|structureNotify)
	}
}

// tellOf asks for notices of a window, or for none. No others of the root are ours: screen savers and alarms go their own
// way.
func (s *server) tellOf(window, what uint32) {
	const eventMask = 1 << 11
	s.tell(changeWindowAttributes, 0, words(window, eventMask, what)...)
}

// The request, what may be asked for by it, what then comes, and how it fails.
const (
	changeWindowAttributes = 2
	structureNotify        = 1 << 17
	propertyChange         = 1 << 22
	destroyNotify          = 17
	unmapNotify            = 18
	propertyNotify         = 28
	badWindow              = 3
)

// isClosedWindow tells whether r is about a window that was closed before its notices could begin or end.
func (r refusal) isClosedWindow() bool {
	return r[1] == badWindow && r[10] == changeWindowAttributes
}

// isWindow tells whether n is about the window in front: it is another one, its state has changed, or it has gone. Not every
// window manager says which is in front when there is none.
func (s *server) isWindow(n notice) bool {
	w := &s.watched
	w.mu.Lock()
	defer w.mu.Unlock()
	switch n.number() {
	case destroyNotify, unmapNotify:
		return w.on && xgb.Get32(n[8:]) == w.front
	case propertyNotify:
		property := xgb.Get32(n[8:])
		return w.on && property != 0 && (property == w.active || property == w.state)
	}
	return false
}

// Predefined atoms, and the types of properties.
const (
	atomAtom    = 4
	atomString  = 31
	atomWindow  = 33
	atomWMClass = 67
)

func (s *server) fullScreen(ctx context.Context) (window uint32, full bool, err error) {
	active, err := s.atom(ctx, "_NET_ACTIVE_WINDOW")
	if err != nil {
		return 0, false, err
	}
	if active == 0 {
		return 0, false, errNoWindows
	}
	state, err := s.atom(ctx, "_NET_WM_STATE")
	if err != nil {
		return 0, false, err
	}
	value, err := s.property(ctx, s.root, active, atomWindow)
	if err != nil || len(value) < 4 {
		return 0, false, err
	}
	window = binary.LittleEndian.Uint32(value)
	s.watchFront(window, active, state) // before its state is read, so that no change of it is missed
	if window == 0 || state == 0 {
		return 0, false, nil
	}
	wanted, err := s.atom(ctx, "_NET_WM_STATE_FULLSCREEN")
	if err != nil || wanted == 0 {
		return 0, false, err
	}
	value, err = s.property(ctx, window, state, atomAtom)
	if _, gone := errors.AsType[refusal](err); gone { // closed in this moment
		return 0, false, nil
	}
	for ; len(value) >= 4; value = value[4:] {
		if binary.LittleEndian.Uint32(value) == wanted {
			return window, true, err
		}
	}
	return 0, false, err
}

// class is what the program calls itself, the second of the two names in WM_CLASS.
func (s *server) class(ctx context.Context, window uint32) (string, error) {
	value, err := s.property(ctx, window, atomWMClass, atomString)
	if err != nil {
		return "", err
	}
	names := bytes.Split(bytes.TrimSuffix(value, []byte{0}), []byte{0})
	return string(names[len(names)-1]), nil
}

// atom is the number of a name, 0 where nobody has ever used it.
func (s *server) atom(ctx context.Context, name string) (uint32, error) {
	const internAtom, onlyIfExists = 16, 1
	body := binary.LittleEndian.AppendUint16(nil, uint16(len(name)))
	reply, err := s.ask(ctx, internAtom, onlyIfExists, append(append(body, 0, 0), name...)...)
	if err != nil {
		return 0, err
	}
	return xgb.Get32(reply[8:]), nil
}

// property is the value of a window's property, empty where it has none of that type.
func (s *server) property(ctx context.Context, window, property, kind uint32) ([]byte, error) {
	const getProperty, keep, most = 20, 0, 256 // in words of four bytes
	reply, err := s.ask(ctx, getProperty, keep, words(window, property, kind, 0, most)...)
	if err != nil {
		return nil, err
	}
	const head = 32
	size := int(xgb.Get32(reply[16:])) * int(reply[1]) / 8
	if size < 0 || head+size > len(reply) {
		return nil, fmt.Errorf("property %d of window 0x%x is cut short", property, window)
	}
	return reply[head : head+size], nil
}
