package main

import (
	"fmt"
	"time"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// sensorDesks are the desks that tell of input in different ways, by how the status names them.
var sensorDesks = []struct {
	source  string
	options desktest.Options
}{
	{"x11", desktest.Options{Notifyd: desktest.None, Logind: true}},
	{"mutter", desktest.Options{Compositor: desktest.Mutter, Logind: true}},
	{"wayland", desktest.Options{Compositor: desktest.KWin, Logind: true}},
	{"kde", desktest.Options{Compositor: desktest.Sway, Logind: true}},
}

// sensors watch a daemon with each sensor, on a desk that nobody sits at and on one where somebody types.
func sensors(binary string, watch time.Duration) []measurement {
	var all []measurement
	for _, s := range sensorDesks {
		on := func(what string, most budget, do func(*desktest.Person, time.Duration)) {
			name := fmt.Sprintf("sensor %s, %s", s.source, what)
			all = append(all, measurement{sensing, name, func(r *rig) []row {
				desk := r.desk(s.options)
				d := desk.Start(ownCopy(r, desk, binary), leavesSoon)
				p := desk.Person()
				p.Type(time.Second, keystroke)
				rows := watched(r, d, name, watch, most, func(t time.Duration) { do(p, t) })
				if got := d.State().Presence.Source; got != s.source {
					r.Fatalf("the sensor was %s, not %s", got, s.source)
				}
				return rows
			}})
		}
		on("idle desktop", budget{16, 4, 0.005, 0.2}, (*desktest.Person).Away)
		on("typing without pause", budget{16, 4, 0.01, 0.5}, func(p *desktest.Person, t time.Duration) { p.Type(t, keystroke) })
	}
	return all
}
