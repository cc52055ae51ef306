package hold

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/internal/bus"
)

// Names on the session bus.
const (
	notifications     = "org.freedesktop.Notifications"
	notificationsPath = dbus.ObjectPath("/org/freedesktop/Notifications")
	properties        = "org.freedesktop.DBus.Properties"
	dunstFace         = "org.dunstproject.cmd0"
	xfconf            = "org.xfce.Xfconf"
	xfconfPath        = dbus.ObjectPath("/org/xfce/Xfconf")
	xfconfChannel     = "xfce4-notifyd"
	xfconfProperty    = "/do-not-disturb"
	makoFace          = "fr.emersion.Mako"
	makoPath          = dbus.ObjectPath("/fr/emersion/Mako")
)

// makoQuiet is the mode that mako's manual makes for this; modes have no meaning but what the person gives them.
var makoQuiet = []string{"do-not-disturb", "dnd"}

// disturbed asks the desktop's notification service whether the person wants quiet. Every desktop has its own word for it.
func (d *Desk) disturbed(ctx context.Context) ([]Found, string, error) {
	owner, err := d.session.Owner(ctx, notifications)
	if err != nil {
		return nil, "", err
	}
	if owner == "" { // it is not started for this
		return nil, "", fmt.Errorf("no notification service: %w", ErrUnseen)
	}
	var name, vendor, version, spec string
	call := d.session.Call(ctx, owner, notificationsPath, notifications+".GetServerInformation")
	if err := call.Store(&name, &vendor, &version, &spec); err != nil {
		return nil, "", err
	}
	quiet := d.property(ctx, owner, notificationsPath, notifications, "Inhibited") // KDE, and whoever follows its lead
	switch name {
	case "dunst":
		quiet = quiet || d.property(ctx, owner, notificationsPath, dunstFace, "paused")
	case "Xfce Notify Daemon":
		quiet = quiet || d.xfce(ctx)
	case "mako":
		quiet = quiet || d.mako(ctx, owner)
	case "gnome-shell":
		quiet = quiet || noBanners(ctx)
	}
	if err := ctx.Err(); err != nil || !quiet {
		return nil, name, err
	}
	return []Found{{Reason: DoNotDisturb}}, name, nil
}

// property is a true or false of the service. One that the service does not have is false.
func (d *Desk) property(ctx context.Context, owner string, path dbus.ObjectPath, face, name string) bool {
	var value dbus.Variant
	if d.session.Call(ctx, owner, path, properties+".Get", face, name).Store(&value) != nil {
		return false
	}
	on, _ := value.Value().(bool)
	return on
}

// xfce reads xfce4-notifyd's setting. It does not exist until the person has used it.
func (d *Desk) xfce(ctx context.Context) bool {
	owner, err := d.session.Owner(ctx, xfconf)
	if err != nil || owner == "" {
		return false
	}
	var value dbus.Variant
	if d.session.Call(ctx, owner, xfconfPath, xfconf+".GetProperty", xfconfChannel, xfconfProperty).Store(&value) != nil {
		return false
	}
	on, _ := value.Value().(bool)
	return on
}

func (d *Desk) mako(ctx context.Context, owner string) bool {
	var modes []string
	if d.session.Call(ctx, owner, makoPath, makoFace+".ListModes").Store(&modes) != nil {
		return false
	}
	return slices.ContainsFunc(modes, func(mode string) bool { return slices.Contains(makoQuiet, mode) })
}

// noBanners asks GNOME's settings, which have no other door: what they are kept in is for their own library to read.
func noBanners(ctx context.Context) bool {
	out, err := exec.CommandContext(ctx, "gsettings", "get", "org.gnome.desktop.notifications", "show-banners").Output()
	return err == nil && strings.TrimSpace(string(out)) == "false"
}

// hearQuiet has the desktop tell of the end of do-not-disturb. Signals alone would not do: mako and GNOME send none that can
// be had this way.
func (d *Desk) hearQuiet(ctx context.Context, _ []Found, heard func()) error {
	defer d.session.Listen(heard,
		bus.Match{Path: string(notificationsPath), Interface: properties, Member: "PropertiesChanged"},
		bus.Match{Path: string(xfconfPath), Interface: xfconf, Member: "PropertyChanged", Arg0: xfconfChannel},
		bus.OwnerChanges(notifications))()
	<-ctx.Done()
	return nil
}
