package wayland

import "errors"

// Protocols that tell whether screens are switched off: that of wlroots, which others have taken over, and KDE's.
const (
	wlrPower = "zwlr_output_power_manager_v1"
	kdePower = "org_kde_kwin_dpms_manager"
	wlOutput = "wl_output"
)

// ErrNoPower is that a compositor does not tell whether screens are on.
var ErrNoPower = errors.New("the compositor does not tell whether screens are on")

// Outputs follow whether the screens are on.
type Outputs struct {
	Interface string
	// OnChange hears, during Dispatch, that the screens have all gone dark, or one has lit up.
	OnChange func(dark bool)

	conn    *Conn
	manager uint32
	all     map[uint32]*output // by the name of the global
	dark    bool
	err     error
}

// An output is one screen.
type output struct {
	id, power uint32
	version   uint32
	known     bool // whether it is off
	off       bool
}

// NewOutputs begins to follow them. Whether they are dark is known after a round trip.
func NewOutputs(c *Conn) (*Outputs, error) {
	g, found := c.Global(wlrPower)
	if !found {
		g, found = c.Global(kdePower)
	}
	if !found {
		return nil, ErrNoPower
	}
	o := &Outputs{Interface: g.Interface, conn: c, OnChange: func(bool) {}, all: map[uint32]*output{}}
	var err error
	if o.manager, _, err = c.Bind(g, 1, nil); err != nil {
		return nil, err
	}
	for _, g := range c.Globals() {
		o.hear(g, true)
	}
	c.OnGlobal(o.hear)
	return o, o.err
}

// Dark tells whether all screens are off.
func (o *Outputs) Dark() bool { return o.dark }

// Err is why no more is known of the screens: the connection is of no use any more.
func (o *Outputs) Err() error { return o.err }

// hear hears of what comes and goes.
func (o *Outputs) hear(g Global, here bool) {
	switch {
	case g.Interface != wlOutput:
	case here:
		o.add(g)
	default:
		o.remove(g)
	}
}

func (o *Outputs) add(g Global) {
	const get, release = 0, 3 // the output itself can be let go of since version 3
	s := &output{}
	err := o.err
	if err == nil {
		s.id, s.version, err = o.conn.Bind(g, release, func(_ uint16, args *Args) { args.Drop() })
	}
	if err == nil {
		events := s.wlr
		if o.Interface == kdePower {
			events = s.kde
		}
		s.power = o.conn.New(func(opcode uint16, args *Args) {
			events(opcode, args)
			o.look()
		})
		err = o.conn.Request(o.manager, get, s.power, s.id)
	}
	o.all[g.Name], o.err = s, err
	o.look()
}

// remove forgets a screen that has gone.
func (o *Outputs) remove(g Global) {
	s := o.all[g.Name]
	if s == nil {
		return
	}
	delete(o.all, g.Name)
	const destroyPower, releaseOutput, since = 1, 0, 3
	err := o.conn.Request(s.power, destroyPower)
	o.conn.Forget(s.power)
	if s.version >= since {
		err = errors.Join(err, o.conn.Request(s.id, releaseOutput))
	}
	o.conn.Forget(s.id)
	o.err = errors.Join(o.err, err)
	o.look()
}

// look finds out whether there is any light. Where nothing is known of any screen the last word stands: there are screens
// that take leave when they are switched off.
func (o *Outputs) look() {
	dark, known := true, false
	for _, s := range o.all {
		known = known || s.known
		dark = dark && (s.off || !s.known)
	}
	if known && dark != o.dark {
		o.dark = dark
		o.OnChange(dark)
	}
}

func (s *output) wlr(opcode uint16, args *Args) {
	const mode, failed, off = 0, 1, 0
	switch opcode {
	case mode:
		s.known, s.off = true, args.Uint() == off
	case failed: // nothing will be told of it any more
		s.known, s.off = true, false
	}
}

func (s *output) kde(opcode uint16, args *Args) {
	const supported, mode, done, on = 0, 1, 2, 0
	switch opcode {
	case supported: // one that cannot be switched off has no mode
		args.Uint()
	case mode:
		s.off = args.Uint() != on
	case done:
		s.known = true
	}
}
