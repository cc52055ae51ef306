package wayland

import (
	"errors"
	"slices"
	"time"
)

// A Protocol is a way in which compositors tell that their seats have been left alone.
type Protocol struct {
	Interface string
	Version   uint32 // as bound
	// InputOnly says that nothing but keyboards, pointers and the like counts: a playing video, say, does not.
	InputOnly bool
}

// Ext tells the protocol of today from KDE's older one.
func (p Protocol) Ext() bool { return p.Interface == extIdle }

// Protocols for idle time, the best first. The older one of KDE is what wlroots had before its 0.16, too.
const (
	extIdle = "ext_idle_notifier_v1"
	kdeIdle = "org_kde_kwin_idle"
	wlSeat  = "wl_seat"
)

// inputOnlySince is the version of extIdle that can leave inhibitors out of account.
const inputOnlySince = 2

// Why there is no idle time to be had from a compositor.
var (
	ErrNoProtocol = errors.New("the compositor has no protocol that tells of idle time")
	ErrNoSeat     = errors.New("the compositor has no seat")
)

// ErrSeats is that seats have come or gone, or the protocol has: what is watched is to be set up anew.
var ErrSeats = errors.New("the compositor's seats have changed")

// An Idle tells when all seats of a compositor have been left alone for some time.
//
// A compositor counts from the moment it is asked, or from the last input after that. So ask before it matters.
type Idle struct {
	Protocol Protocol
	// OnIdle hears, during Dispatch, that there has been no input for that long, and OnReturn that there is some again
	// after that.
	OnIdle   func(timeout time.Duration)
	OnReturn func(timeout time.Duration)

	conn     *Conn
	notifier uint32
	seats    []uint32
	watches  map[time.Duration]*watch
	stale    bool
}

// A watch is one timeout on all seats.
type watch struct {
	notes   []uint32 // a notification a seat
	asked   time.Time
	idle    int // so many of the seats are idle
	silence Silence
}

// A Silence is a time without input that goes on.
type Silence struct {
	From time.Time
	// Exact says that it began with the last input. Else it had begun when we asked, nobody knows how long before.
	Exact bool
}

// prompt is how late a compositor may tell of a silence that began when it was asked. Later, and there was input.
const prompt = 250 * time.Millisecond

// NewIdle prepares to watch all seats. After an error the connection is still good; ErrNoProtocol and ErrNoSeat may
// come to be untrue, of which OnChange hears.
func NewIdle(c *Conn) (*Idle, error) {
	i := &Idle{conn: c, watches: map[time.Duration]*watch{}}
	c.OnGlobal(func(g Global, _ bool) { i.stale = i.stale || g.Interface == wlSeat || isIdle(g.Interface) })
	notifier, found := c.Global(extIdle)
	if !found {
		notifier, found = c.Global(kdeIdle)
	}
	if !found {
		return i, ErrNoProtocol
	}
	if _, seated := c.Global(wlSeat); !seated {
		return i, ErrNoSeat
	}
	var err error
	i.Protocol.Interface = notifier.Interface
	if i.notifier, i.Protocol.Version, err = c.Bind(notifier, newest(notifier.Interface), nil); err != nil {
		return i, err
	}
	i.Protocol.InputOnly = notifier.Interface == extIdle && i.Protocol.Version >= inputOnlySince
	for _, g := range c.Globals() {
		if g.Interface != wlSeat {
			continue
		}
		seat, _, err := c.Bind(g, 1, seatEvents)
		if err != nil {
			return i, err
		}
		i.seats = append(i.seats, seat)
	}
	return i, nil
}

func isIdle(iface string) bool { return iface == extIdle || iface == kdeIdle }

// newest is the version of an interface up to which its requests are known here.
func newest(iface string) uint32 {
	if iface == extIdle {
		return inputOnlySince
	}
	return 1
}

// seatEvents takes what a seat tells of itself: capabilities.
func seatEvents(opcode uint16, args *Args) {
	if opcode == 0 {
		args.Uint()
	}
}

// Watch has OnIdle and OnReturn hear of that timeout from now on. Of one that is watched already nothing changes.
func (i *Idle) Watch(timeout time.Duration) error {
	if i.watches[timeout] != nil {
		return nil
	}
	w := &watch{asked: time.Now()}
	i.watches[timeout] = w
	for _, seat := range i.seats {
		idle := false
		note := i.conn.New(func(opcode uint16, _ *Args) { i.hear(timeout, w, &idle, opcode) })
		w.notes = append(w.notes, note)
		if err := i.ask(note, seat, uint32(timeout.Milliseconds())); err != nil {
			return err
		}
	}
	return nil
}

// ask requests one notification. The requests of the two protocols differ in the order of their arguments.
func (i *Idle) ask(note, seat, ms uint32) error {
	const kdeGet, extGet, extGetInput = 0, 1, 2
	switch {
	case i.Protocol.Interface == kdeIdle:
		return i.conn.Request(i.notifier, kdeGet, note, seat, ms)
	case i.Protocol.InputOnly:
		return i.conn.Request(i.notifier, extGetInput, note, ms, seat)
	}
	return i.conn.Request(i.notifier, extGet, note, ms, seat)
}

// hear hears of one seat. Both protocols have the same two events.
func (i *Idle) hear(timeout time.Duration, w *watch, idle *bool, opcode uint16) {
	const idled, resumed = 0, 1
	all := len(w.notes)
	switch {
	case opcode == idled && !*idle:
		*idle = true
		if w.idle++; w.idle == all {
			now := time.Now()
			w.silence = Silence{From: now.Add(-timeout), Exact: now.Sub(w.asked) > timeout+prompt}
			i.OnIdle(timeout)
		}
	case opcode == resumed && *idle:
		*idle = false
		if w.idle--; w.idle == all-1 {
			i.OnReturn(timeout)
		}
	}
}

// Silence is the one that goes on, if it has lasted for that timeout, which is watched.
func (i *Idle) Silence(timeout time.Duration) (s Silence, idle bool) {
	w := i.watches[timeout]
	if w == nil || w.idle < len(w.notes) {
		return Silence{}, false
	}
	return w.silence, true
}

// Keep ends all watches but those of the given timeouts, and those that are idle: their return is still to be heard of.
func (i *Idle) Keep(timeouts ...time.Duration) error {
	for timeout, w := range i.watches {
		if slices.Contains(timeouts, timeout) || w.idle > 0 {
			continue
		}
		delete(i.watches, timeout)
		for _, note := range w.notes {
			const destroy = 0 // of both protocols
			if err := i.conn.Request(note, destroy); err != nil {
				return err
			}
			i.conn.Forget(note)
		}
	}
	return nil
}

// Dispatch is the connection's, with the error ErrSeats for when this Idle is of no use any more.
func (i *Idle) Dispatch() error {
	if i.stale {
		return ErrSeats
	}
	if err := i.conn.Dispatch(); err != nil {
		return err
	}
	if i.stale {
		return ErrSeats
	}
	return nil
}
