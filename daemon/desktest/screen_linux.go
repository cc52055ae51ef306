package desktest

import (
	"fmt"
	"os"
	"strings"

	"github.com/godbus/dbus/v5"
)

// logindAlone is what starts the real logind on the desk's own bus, without the machine's: in a namespace where /run is
// empty but for what says that systemd runs.
const logindAlone = `mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system && exec /usr/lib/systemd/systemd-logind`

// StartLogind starts the real logind, which knows of no session, on a desk without a mock of it. It takes root.
func (d *Desk) StartLogind() {
	d.t.Helper()
	Need(d.t, "unshare", "mount", "/usr/lib/systemd/systemd-logind", "systemd-inhibit")
	if os.Geteuid() != 0 {
		if os.Getenv("CI") == "true" {
			d.t.Fatalf("a logind of one's own takes root")
		}
		d.t.Skipf("a logind of one's own takes root")
	}
	cmd := d.Command("unshare", "--mount", "--propagation", "private", "sh", "-c", logindAlone)
	d.run("logind", cmd)
	Until(d.t, patience, "the real logind", func() (up bool) {
		err := call(d.system.conn.BusObject(), "org.freedesktop.DBus.NameHasOwner", login1).Store(&up)
		return err == nil && up
	})
}

// A Video keeps the screen on, as a player does, by a lock of logind's.
type Video struct {
	desk *Desk
	proc *proc
	held *os.File
}

// Play begins a video by a player of that name. With the mock logind, use SetInhibitors.
func (d *Desk) Play(who string) *Video {
	d.t.Helper()
	Need(d.t, "systemd-inhibit")
	ends, held, err := os.Pipe() // the player ends with its input, and with the test
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	defer ends.Close()
	cmd := d.Command("systemd-inhibit", "--what=idle", "--who="+who, "--why=a video", "--mode=block", "cat")
	cmd.Stdin = ends
	v := &Video{desk: d, held: held, proc: d.run("video", cmd)}
	d.t.Cleanup(func() { _ = held.Close() })
	Until(d.t, patience, "the video's lock", func() bool { return d.inhibited(who) })
	return v
}

// Stop ends the video.
func (v *Video) Stop() {
	v.desk.t.Helper()
	_ = v.held.Close()
	Until(v.desk.t, patience, "the end of the video", func() bool { return !v.proc.alive() })
}

func (d *Desk) inhibited(who string) bool {
	out, _ := d.Command("systemd-inhibit", "--list", "--no-legend").Output()
	return strings.Contains(string(out), who)
}

// SetInhibitors has the mock logind list these players, and no others, as keeping the screen on.
func (d *Desk) SetInhibitors(who ...string) {
	d.t.Helper()
	var list strings.Builder
	for i, w := range who {
		fmt.Fprintf(&list, "('idle', %q, 'a video', 'block', dbus.UInt32(%d), dbus.UInt32(%d)), ", w, os.Getuid(), i+1)
	}
	d.logind.call(managerPath, "AddMethod", managerFace, "ListInhibitors", "", "a(ssssuu)",
		"ret = dbus.Array(["+list.String()+"], signature='(ssssuu)')")
	changed := map[string]dbus.Variant{"BlockInhibited": dbus.MakeVariant(strings.Repeat("idle", min(1, len(who))))}
	d.logind.emit(managerPath, "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as", managerFace, changed, []string{})
}
