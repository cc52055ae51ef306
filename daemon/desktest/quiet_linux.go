package desktest

import (
	"strconv"

	"github.com/godbus/dbus/v5"
)

// DoNotDisturb switches do-not-disturb on or off, as the person would in the desk's own way.
func (d *Desk) DoNotDisturb(on bool) {
	d.t.Helper()
	switch d.opts.Notifyd {
	case Mako:
		modes := []string{"default"}
		if on {
			modes = append(modes, "do-not-disturb")
		}
		d.mako("SetModes", modes)
		return
	case Xfce:
		Need(d.t, "xfconf-query")
		if out, err := d.Command("xfconf-query", "--channel", "xfce4-notifyd", "--property", "/do-not-disturb",
			"--create", "--type", "bool", "--set", strconv.FormatBool(on)).CombinedOutput(); err != nil {
			d.t.Fatalf("xfconf-query: %v %s", err, out)
		}
		return
	}
	o := d.session.conn.Object(notifications, dbus.ObjectPath("/org/freedesktop/Notifications"))
	err := call(o, "org.freedesktop.DBus.Properties.Set", "org.dunstproject.cmd0", "paused", dbus.MakeVariant(on)).Err
	if err != nil {
		d.t.Fatalf("dunst: %v", err)
	}
}
