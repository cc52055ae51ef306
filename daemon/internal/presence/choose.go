package presence

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/bus"
	"github.com/unhunch/unhunch/daemon/internal/wayland"
)

// Kinds of display.
const (
	DisplayX11     = "X11"
	DisplayWayland = "Wayland"
)

// Display is what an environment says of the person's screen: of what kind it is, and its name. Both are empty where
// it says nothing.
//
// The kind of session goes before the display's name: a service manager may keep WAYLAND_DISPLAY from an earlier
// session, and inside a Wayland session DISPLAY is Xwayland's.
func Display(getenv func(string) string) (kind, name string) {
	x, way, session := getenv("DISPLAY"), getenv("WAYLAND_DISPLAY"), getenv("XDG_SESSION_TYPE")
	switch {
	case session == "x11" && x != "":
		return DisplayX11, x
	case way != "" || session == "wayland":
		if way == "" {
			way = "wayland-0"
		}
		return DisplayWayland, way
	case x != "":
		return DisplayX11, x
	}
	return "", ""
}

// NewSensor returns the sensor for the display that an environment names, and an error where it names none. Inside a
// Wayland session it is never X11's: an X server there sees the input of X windows alone and would call a person who
// types elsewhere idle. The session bus must not run yet. What is reported is reported by one goroutine at a time.
func NewSensor(
	getenv func(string) string, session *bus.Bus, input func(Input), screen func(Screen), log *slog.Logger,
) (Sensor, error) {
	switch kind, name := Display(getenv); kind {
	case DisplayX11:
		return NewX11(name, input, screen, log), nil
	case DisplayWayland:
		path, err := wayland.Socket(getenv)
		if err != nil {
			return nil, err
		}
		return newCompositor(path, session, input, screen, log), nil
	}
	return nil, errors.New("no display")
}

// A compositor senses input in a Wayland session: by GNOME's idle monitor or by a Wayland protocol, whichever answers
// first. That one it stays with: GNOME's compositor has no such protocol, and where another has one, a GNOME that
// answers nevertheless is a window of it. The one that is chosen also tells whether the screen is dark.
type compositor struct {
	mutter  *Mutter
	wayland *Wayland
	input   func(Input)
	screen  func(Screen)

	mu      sync.Mutex
	chosen  Sensor // nil before
	screens map[Sensor]Screen
	leave   context.CancelFunc
}

func newCompositor(
	path string, session *bus.Bus, input func(Input), screen func(Screen), log *slog.Logger,
) *compositor {
	c := &compositor{input: input, screen: screen, screens: map[Sensor]Screen{}}
	c.mutter = NewMutter(session, func(i Input) { c.hear(c.mutter, i) }, log)
	newMutterScreen(session, func(s Screen) { c.see(c.mutter, s) }, log)
	c.wayland = NewWayland(filepath.Clean(path),
		func(i Input) { c.hear(c.wayland, i) }, func(s Screen) { c.see(c.wayland, s) }, log)
	return c
}

// hear passes on what the chosen one says, or, before there is one, why the Wayland connection does not help.
func (c *compositor) hear(from Sensor, i Input) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.chosen == nil && i.State != Unknown {
		c.chosen = from
		if from == c.mutter && c.leave != nil {
			c.leave()
		}
		if from == c.wayland {
			go c.mutter.retire() // it may be waiting for us
		}
		if s, known := c.screens[from]; known {
			c.screen(s)
		}
	}
	if c.chosen == from || c.chosen == nil && from == c.wayland {
		c.input(i)
	}
}

// see passes on what the chosen one sees of the screen, once there is one.
func (c *compositor) see(from Sensor, s Screen) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.screens[from] = s
	if c.chosen == from {
		c.screen(s)
	}
}

// FullScreen and WatchFullScreen are those of the Wayland connection. GNOME's compositor tells nobody.
func (c *compositor) FullScreen(ctx context.Context) (program, id string, full bool, err error) {
	return c.wayland.FullScreen(ctx)
}

// WatchFullScreen is described there.
func (c *compositor) WatchFullScreen(changed func()) (stop func()) {
	return c.wayland.WatchFullScreen(changed)
}

// WindowsBy is described there.
func (c *compositor) WindowsBy() string { return c.wayland.WindowsBy() }

// Run implements Sensor.
func (c *compositor) Run(ctx context.Context) error {
	looking, leave := context.WithCancel(ctx)
	defer leave()
	c.mu.Lock()
	c.leave = leave
	if c.chosen == c.mutter {
		leave()
	}
	c.mu.Unlock()
	_ = c.wayland.Run(looking) // always nil
	<-ctx.Done()
	return nil
}

// Watch implements Sensor.
func (c *compositor) Watch(threshold time.Duration, later ...time.Duration) {
	c.mutter.Watch(threshold)
	c.wayland.Watch(threshold, later...)
}

// Idle implements Sensor.
func (c *compositor) Idle(ctx context.Context) (time.Duration, error) {
	c.mu.Lock()
	chosen := c.chosen
	c.mu.Unlock()
	if chosen == nil {
		return 0, ErrUntold
	}
	return chosen.Idle(ctx)
}
