package main

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
)

// labelStretch is the menu's entry that starts a session.
const labelStretch = "Stretch now"

// trayOf is the tray program beside the daemon's.
func trayOf(binary string) string { return filepath.Join(filepath.Dir(binary), "unhunch-tray") }

// trayAlone looks at the memory of daemon and tray where no other program on the display has loaded GTK, which the tray
// then pays for alone if none runs on another display either: programs share its pages across displays. There is no
// panel, so that the icon is drawn in the tray's own way of last resort.
func trayAlone(r *rig, binary string) []row {
	desk := r.desk(desktest.Options{Notifyd: desktest.None, Logind: true})
	d, tray := withTray(r, desk, binary)
	desk.Person().Away(settling)
	return []row{r.both("daemon and tray together, alone on a display: memory, PSS / anonymous", 44, d, tray)}
}

// trayBeside looks at the memory of daemon and tray beside a panel that has loaded GTK as well, and then measures clicks.
func trayBeside(r *rig, binary string) []row {
	desk := r.desk(desktest.Options{Panel: true, Logind: true})
	d, tray := withTray(r, desk, binary)
	desk.Person().Read(settling)
	rows := []row{r.both("daemon and tray together, beside other GTK programs: memory, PSS / anonymous", 32, d, tray)}
	clicks := repeat(5, func() time.Duration { return clickOnce(r, desk, d, tray) })
	return append(rows, row{
		"tray click to running session (median of 5)", "≤ 300 ms", milliseconds(clicks), clicks <= 300*time.Millisecond,
	})
}

// traysWatched watch a tray on a desktop that nobody sits at, and one beside a panel while the person sits and reads and
// the minutes in the menu go by. It does not type: a desk's person types with a shift key, of which every GTK program
// is told.
func traysWatched(binary string, watch time.Duration) []measurement {
	on := func(what string, options desktest.Options, do func(*desktest.Person, time.Duration)) measurement {
		return measurement{trays, what, func(r *rig) []row {
			desk := r.desk(options)
			_, tray := withTray(r, desk, binary)
			_, use := r.watch(tray.Pid(), watch, func(t time.Duration) { do(desk.Person(), t) })
			return []row{{what: what + ": CPU", measured: use.String()}}
		}}
	}
	return []measurement{
		on("tray on an idle desktop", desktest.Options{Notifyd: desktest.None, Logind: true}, (*desktest.Person).Away),
		on("tray, minutes going by", desktest.Options{Panel: true, Logind: true}, (*desktest.Person).Read),
	}
}

// withTray starts a daemon and a tray from files that no other desk has.
func withTray(r *rig, desk *desktest.Desk, binary string) (*desktest.Daemon, *desktest.Tray) {
	d := desk.Start(ownCopy(r, desk, binary), leavesSoon)
	return d, desk.StartTray(ownCopy(r, desk, trayOf(binary)))
}

// both is the memory of both, against a budget in megabytes.
func (r *rig) both(what string, most float64, d *desktest.Daemon, tray *desktest.Tray) row {
	a, b := r.memory(d.Pid()), r.memory(tray.Pid())
	sum := memory{a.pss + b.pss, a.anon + b.anon}
	return row{what, fmt.Sprintf("≤ %g MB", most), fmt.Sprintf("%v (daemon %.1f, tray %.1f)", sum, a.pss, b.pss), sum.pss <= most}
}

// clickOnce clicks on the entry that starts a session, waits for that, and stops it.
func clickOnce(r *rig, desk *desktest.Desk, d *desktest.Daemon, tray *desktest.Tray) time.Duration {
	tray.WaitItem(10*time.Second, desktest.Item.Usable, labelStretch)
	begin := time.Now()
	tray.Click(labelStretch)
	d.WaitState(10*time.Second, "a session", func(s api.State) bool { return s.Session != nil })
	took := time.Since(begin)
	if _, stderr, code := desk.Exec(d.Binary, "session", "stop"); code != 0 {
		r.Fatalf("stopping the session: %s", stderr)
	}
	return took
}
