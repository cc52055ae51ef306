package daemon

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/client"
)

const (
	// openerTime is how long one way of opening a browser may take to say whether it can.
	openerTime = 3 * time.Second
	// trayTime is how long a tray may take to take a link: it waits for nothing else.
	trayTime = 50 * time.Millisecond
)

// onDesktop says whether there is a screen that a browser could open on.
func onDesktop() bool {
	return runtime.GOOS != "linux" || os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}

// A way is one of opening a browser.
type way struct {
	name string
	open func(context.Context, string) error
}

// browse has the link opened in the person's browser, in the first way that there is, and says whether that has begun.
// here says that whoever asks for it can do it too.
//
// The browser is never a child of a hardened unit: it would inherit its limits, and die with it.
func (d *daemon) browse(ctx context.Context, link string, here bool) bool {
	ways := []way{{"portal", d.byPortal}}
	if !here {
		ways = append(ways, way{"tray", d.byTray}, way{"unit", d.byUnit}, way{"child", byChild})
	}
	for _, w := range ways {
		ctx, cancel := context.WithTimeout(ctx, openerTime)
		err := w.open(ctx, link)
		cancel()
		if err == nil {
			return true
		}
		d.opts.Log.Debug("no browser this way", "way", w.name, "error", err)
	}
	return false
}

// byPortal asks the desktop itself.
func (d *daemon) byPortal(ctx context.Context, link string) error {
	var request dbus.ObjectPath
	return d.rooms.session.Call(ctx, "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop",
		"org.freedesktop.portal.OpenURI.OpenURI", "", link, map[string]dbus.Variant{}).Store(&request)
}

var errNobody = errors.New("nobody who can is connected")

var errUnopened = errors.New("who was asked has no browser")

// byTray asks a tray, or whoever else watches and says that it can. It waits until the page is there or whoever was
// asked says that it will not be, and takes silence for a browser that starts slowly.
func (d *daemon) byTray(ctx context.Context, link string) error {
	taking, cancel := context.WithTimeout(ctx, trayTime)
	defer cancel()
	select {
	case d.links <- link:
	case <-taking.Done():
		return errNobody
	}
	there := make(chan struct{})
	ctx, cancel = context.WithCancel(ctx)
	defer cancel()
	d.background.Go(func() {
		d.page.Await(ctx)
		close(there)
	})
	for {
		select {
		case failed := <-d.unopened:
			if failed == link {
				return errUnopened
			}
		case <-there: // or ctx has ended
			return nil
		}
	}
}

// byUnit has systemd start it, apart from the daemon's own unit.
func (d *daemon) byUnit(ctx context.Context, link string) error {
	const systemd = "org.freedesktop.systemd1"
	if !onDesktop() {
		return errNoScreen
	}
	program, err := exec.LookPath("xdg-open")
	if err != nil {
		return err
	}
	owner, err := d.rooms.session.Owner(ctx, systemd)
	if err != nil || owner == "" {
		return errors.Join(err, errors.New("no systemd of the user"))
	}
	type property struct {
		Name  string
		Value dbus.Variant
	}
	type execution struct {
		Path          string
		Args          []string
		IgnoreFailure bool
	}
	var env []string
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_CURRENT_DESKTOP", "PATH", "BROWSER"} {
		if value, set := os.LookupEnv(name); set {
			env = append(env, name+"="+value)
		}
	}
	type auxiliary struct {
		Name       string
		Properties []property
	}
	var job dbus.ObjectPath
	return d.rooms.session.Call(ctx, systemd, "/org/freedesktop/systemd1", systemd+".Manager.StartTransientUnit",
		"unhunch-page-"+randomID()+".service", "fail", []property{
			{"Description", dbus.MakeVariant("the page of unhunch, in the browser")},
			{"ExecStart", dbus.MakeVariant([]execution{{program, []string{program, link}, false}})},
			{"Environment", dbus.MakeVariant(env)},
			{"CollectMode", dbus.MakeVariant("inactive-or-failed")},
			{"KillMode", dbus.MakeVariant("process")}, // a browser that has forked is not to end with what called it
		}, []auxiliary{}).Store(&job)
}

var (
	errNoScreen = errors.New("no screen")
	errUnit     = errors.New("the daemon is a unit")
)

// byChild starts it from here, where the daemon is no unit.
func byChild(_ context.Context, link string) error {
	switch {
	case os.Getenv("INVOCATION_ID") != "":
		return errUnit
	case !onDesktop():
		return errNoScreen
	}
	return client.Browse(link)
}
