package waylandtest

import "slices"

// The protocols for windows and for the power of screens.
const (
	wlrWindows = "zwlr_foreign_toplevel_manager_v1"
	kdeWindows = "org_kde_plasma_window_management"
	wlrPower   = "zwlr_output_power_manager_v1"
	kdePower   = "org_kde_kwin_dpms_manager"
)

// firstGiven is where ids begin that the compositor gives.
const firstGiven = 0xff000000

// A pane is a window.
type pane struct {
	name, app    string
	active, full bool
}

// panes are the windows as one client knows them.
type panes struct {
	manager uint32 // 0 where it has not asked
	iface   string
	shown   map[string]uint32 // objects by the window's name
}

// A lamp is a screen as one client is told of it.
type lamp struct {
	id, output uint32
	iface      string
}

// Window opens a window of that name, or changes it: what its program calls itself, whether it is in front, and whether it
// fills the screen.
func (c *Compositor) Window(name, app string, active, full bool) {
	c.mu.Lock()
	at := slices.IndexFunc(c.panes, func(p *pane) bool { return p.name == name })
	p := &pane{name, app, active, full}
	if at < 0 {
		c.panes = append(c.panes, p)
	} else {
		c.panes[at] = p
	}
	c.mu.Unlock()
	c.each(func(s *client) {
		switch id, known := s.panes.shown[name]; {
		case s.panes.manager == 0:
		case known:
			s.describe(id, p)
		default:
			s.open(p)
		}
	})
}

// CloseWindow closes a window.
func (c *Compositor) CloseWindow(name string) {
	c.mu.Lock()
	c.panes = slices.DeleteFunc(c.panes, func(p *pane) bool { return p.name == name })
	c.mu.Unlock()
	c.each(func(s *client) {
		if id := s.panes.shown[name]; id != 0 {
			s.closed(id)
		}
	})
}

func (s *client) closed(id uint32) {
	const wlr, kde = 6, 5
	if s.panes.iface == kdeWindows {
		s.send(id, kde)
	} else {
		s.send(id, wlr)
	}
}

// FinishWindows has the compositor tell of windows no more.
func (c *Compositor) FinishWindows() {
	c.each(func(s *client) {
		if s.panes.iface == wlrWindows {
			s.send(s.panes.manager, 1)
			s.deleted(s.panes.manager)
		}
	})
}

// Follow is how many clients follow the windows.
func (c *Compositor) Follow() (n int) {
	c.each(func(s *client) {
		if s.panes.manager != 0 {
			n++
		}
	})
	return n
}

// Off switches the screens off or on, in the order in which they are offered.
func (c *Compositor) Off(off ...bool) {
	c.mu.Lock()
	for _, g := range c.globals {
		if g.Interface == "wl_output" && len(off) > 0 {
			c.off[g.name], off = off[0], off[1:]
		}
	}
	c.mu.Unlock()
	c.each(func(s *client) {
		for _, l := range s.lamps {
			s.shine(l)
		}
	})
}

// OffNew has screens that are offered from now on be off, or on.
func (c *Compositor) OffNew(off bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.newOff = off
}

// Fail has the compositor say that it tells of the screens' power no more.
func (c *Compositor) Fail() {
	c.each(func(s *client) {
		for _, l := range s.lamps {
			s.send(l.id, 1)
		}
	})
}

// open tells a client of a window.
func (s *client) open(p *pane) {
	if s.panes.iface == kdeWindows {
		s.send(s.panes.manager, 4, uint32(77), p.name)
		return // until it asks
	}
	id := uint32(firstGiven)
	for s.objects[id] != "" {
		id++
	}
	s.objects[id], s.panes.shown[p.name] = "toplevel", id
	s.send(s.panes.manager, 0, id)
	s.describe(id, p)
}

// describe tells a client all of a window.
func (s *client) describe(id uint32, p *pane) {
	const title = "A title that is nobody's business"
	if s.panes.iface == kdeWindows {
		state := uint32(1 << 11) // it can fill the screen
		if p.active {
			state |= 1
		}
		if p.full {
			state |= 8
		}
		s.send(id, 0, title)
		s.send(id, 1, p.app)
		s.send(id, 2, state)
		s.send(id, 8, uint32(0), uint32(0), uint32(640), uint32(480)) // where it is
		return
	}
	states := []uint32{0} // maximised
	if p.active {
		states = append(states, 2)
	}
	if p.full {
		states = append(states, 3)
	}
	s.send(id, 0, title)
	s.send(id, 4, states)
	s.send(id, 1, p.app)
	s.send(id, 7, uint32(0)) // no parent
	s.send(id, 5)
}

// shine tells a client of a screen's power.
func (s *client) shine(l *lamp) {
	off := s.c.off[l.output]
	if l.iface == kdePower {
		s.send(l.id, 0, uint32(1))
		s.send(l.id, 1, map[bool]uint32{false: 0, true: 3}[off])
		s.send(l.id, 2)
		return
	}
	s.send(l.id, 0, map[bool]uint32{false: 1, true: 0}[off])
}

// doWindows carries out the requests about windows and screens.
func (s *client) doWindows(what string, object uint32, args []byte) bool {
	switch what {
	case kdeWindows + ".2": // get_window_by_uuid
		return s.get(args)
	case "plasma_window.7", "toplevel.7": // destroy
		for name, id := range s.panes.shown {
			if id == object {
				delete(s.panes.shown, name)
			}
		}
		if what == "toplevel.7" {
			delete(s.objects, object)
		} else {
			s.deleted(object)
		}
	case wlrPower + ".0", kdePower + ".0": // get_output_power, get
		id, output := take(&args), take(&args)
		name, known := s.outputs[output]
		if !known || !s.makes(id, "lamp") {
			return s.wrong("%s of the screen %d", what, output)
		}
		s.lamps[id] = &lamp{id, name, s.objects[object]}
		s.shine(s.lamps[id])
	case "lamp.1": // destroy, release
		delete(s.lamps, object)
		s.deleted(object)
	case "wl_output.0": // release
		delete(s.outputs, object)
		s.deleted(object)
	default:
		return s.wrong("request %s to object %d", what, object)
	}
	return true
}

// get answers a question about one window.
func (s *client) get(args []byte) bool {
	id, n := take(&args), take(&args)
	if n == 0 || int(n) > len(args) {
		return s.wrong("a window without a name")
	}
	if !s.makes(id, "plasma_window") {
		return false
	}
	name := string(args[:n-1])
	at := slices.IndexFunc(s.c.panes, func(p *pane) bool { return p.name == name })
	if at < 0 { // closed meanwhile
		s.send(id, 5)
	} else {
		s.panes.shown[name] = id
		s.describe(id, s.c.panes[at])
	}
	s.send(id, 6)
	return true
}
