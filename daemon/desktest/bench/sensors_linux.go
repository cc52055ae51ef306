package main

import (
	"time"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// sensors are the desks that tell of input in different ways, by how the status names them.
var sensors = []struct {
	source  string
	options desktest.Options
}{
	{"x11", desktest.Options{Notifyd: desktest.None, Logind: true}},
	{"mutter", desktest.Options{Compositor: desktest.Mutter, Logind: true}},
	{"wayland", desktest.Options{Compositor: desktest.KWin, Logind: true}},
	{"kde", desktest.Options{Compositor: desktest.Sway, Logind: true}},
}

// sensing measures a daemon with each sensor, on a desk that nobody sits at and with somebody who types. They are
// measured at the same time: none does much.
func sensing(binary string, watch time.Duration) []measurement {
	var all []measurement
	for _, s := range sensors {
		all = append(all, measurement{"sensors: " + s.source, func(r *rig) []row {
			desk := desktest.New(r, s.options)
			d := desk.Start(ownCopy(r, desk, binary), leavesSoon)
			p := desk.Person()
			p.Type(time.Second, keystroke)
			p.Away(15 * time.Second) // without asking for the state: it would cost memory
			rows, _ := watched(r, d, "sensor "+s.source+", idle desktop", watch, budget{16, 4, 0.005, 0.2}, p.Away)
			typed, _ := watched(r, d, "sensor "+s.source+", typing without pause", watch, budget{16, 4, 0.01, 0.5},
				func(t time.Duration) { p.Type(t, keystroke) })
			if got := d.State().Presence.Source; got != s.source {
				r.Fatalf("the sensor was %s, not %s", got, s.source)
			}
			return append(rows, typed...)
		}})
	}
	return all
}
