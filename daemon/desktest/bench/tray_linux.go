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

// threadsEnd is more than the 15 seconds after which GTK's own threads for odd jobs end. What a thread has used is not
// counted once it has ended.
const threadsEnd = 25 * time.Second

// trayOf is the tray program beside the daemon's.
func trayOf(binary string) string { return filepath.Join(filepath.Dir(binary), "unhunch-tray") }

// trayAlone watches daemon and tray where no other program on the display has loaded GTK, which the tray then pays for
// alone if none runs on another display either: programs share its pages across displays. There is no panel, so that the icon is drawn in the tray's own way of last resort.
func trayAlone(r *rig, binary string, watch time.Duration) []row {
	desk := desktest.New(r, desktest.Options{Notifyd: desktest.None, Logind: true})
	d, tray := withTray(r, desk, binary)
	desk.Person().Away(threadsEnd)
	before := r.used(tray.Pid())
	desk.Person().Away(watch)
	cpu, switches := r.used(tray.Pid()).since(before)
	return []row{
		r.together("daemon and tray together, alone on a display: memory, PSS / anonymous", 44, d, tray),
		{what: "tray on an idle desktop: CPU", measured: fmt.Sprintf("%.4f %%", cpu)},
		{what: "tray on an idle desktop: context switches", measured: fmt.Sprintf("%.2f a second", switches)},
	}
}

// trayBeside watches daemon and tray beside a panel that has loaded GTK as well, while the person sits and reads and
// the minutes in the menu go by. It does not type: a desk's person types with a shift key, of which every GTK program
// is told. Then it measures clicks.
func trayBeside(r *rig, binary string, watch time.Duration) []row {
	desk := desktest.New(r, desktest.Options{Panel: true, Logind: true})
	d, tray := withTray(r, desk, binary)
	desk.Person().Read(threadsEnd)
	before := r.used(tray.Pid())
	desk.Person().Read(watch)
	cpu, switches := r.used(tray.Pid()).since(before)
	rows := []row{
		r.together("daemon and tray together, beside other GTK programs: memory, PSS / anonymous", 32, d, tray),
		{what: "tray, minutes going by: CPU", measured: fmt.Sprintf("%.4f %%", cpu)},
		{what: "tray, minutes going by: context switches", measured: fmt.Sprintf("%.2f a second", switches)},
	}
	clicks := repeat(5, func() time.Duration { return clickOnce(r, desk, d, tray) })
	return append(rows, row{
		"tray click to running session (median of 5)", "≤ 300 ms", milliseconds(clicks), clicks <= 300*time.Millisecond,
	})
}

// withTray starts a daemon and a tray from files that no other desk has.
func withTray(r *rig, desk *desktest.Desk, binary string) (*desktest.Daemon, *desktest.Tray) {
	d := desk.Start(ownCopy(r, desk, binary), leavesSoon)
	return d, desk.StartTray(ownCopy(r, desk, trayOf(binary)))
}

// together is the memory of both, against a budget in megabytes.
func (r *rig) together(what string, most float64, d *desktest.Daemon, tray *desktest.Tray) row {
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
