package presence

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"

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
	value, err := s.property(ctx, s.root, active, atomWindow)
	if err != nil || len(value) < 4 {
		return 0, false, err
	}
	if window = binary.LittleEndian.Uint32(value); window == 0 {
		return 0, false, nil
	}
	state, err := s.atom(ctx, "_NET_WM_STATE")
	if err != nil || state == 0 {
		return 0, false, err
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
