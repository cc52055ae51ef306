package desktest

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/godbus/dbus/v5"
)

// layers are where programs are shown that only Wayland compositors with layers have: mako's notes and waybar's panel. It
// is a sway beside the desk's X server, on no screen, and starts with the first of them.
func (d *Desk) layers() (env []string) {
	d.t.Helper()
	dir := filepath.Join(d.Dir, "layers")
	socket := filepath.Join(dir, "wayland-1")
	env = append(env, d.Env...)
	env = append(env, "WAYLAND_DISPLAY="+socket)
	if _, err := os.Stat(dir); err == nil {
		return env
	}
	d.mkdir(dir)
	d.write(filepath.Join(dir, "config"), "xwayland disable\n", 0o644)
	program := []string{"sway"}
	if os.Getuid() == 0 {
		if err := errors.Join(os.Chmod(d.Dir, 0o711), os.Chown(dir, nobody, nobody)); err != nil {
			d.t.Fatalf("%v", err)
		}
		program = []string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sway"}
	}
	cmd := d.Command(program[0], append(program[1:], "--config", filepath.Join(dir, "config"))...)
	cmd.Dir = dir
	cmd.Env = []string{
		"PATH=" + d.Getenv("PATH"), "HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "XDG_CONFIG_HOME=" + dir,
		"WLR_BACKENDS=headless", "WLR_LIBINPUT_NO_DEVICES=1", "WLR_RENDERER=pixman", "LIBGL_ALWAYS_SOFTWARE=1",
	}
	d.run("sway", cmd)
	Until(d.t, patience, "sway", func() bool {
		conn, err := net.Dial("unix", socket)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return env
}

// startMako starts the notification daemon of that name.
func (d *Desk) startMako() {
	d.t.Helper()
	config := filepath.Join(d.Dir, "mako")
	d.write(config, "max-icon-size=128\n[mode=do-not-disturb]\ninvisible=1\n", 0o600)
	cmd := d.Command("mako", "--config", config)
	if d.compositor == nil {
		cmd.Env = d.layers()
	}
	d.notifyd = d.run("notifyd", cmd)
}

// mako calls a method of mako's own.
func (d *Desk) mako(method string, args ...any) {
	d.t.Helper()
	o := d.session.conn.Object(notifications, "/fr/emersion/Mako")
	if err := call(o, "fr.emersion.Mako."+method, args...).Err; err != nil {
		d.t.Fatalf("mako: %s: %v", method, err)
	}
}

// Bar is a panel that is no Xfce: waybar, with nothing but its tray.
type Bar struct {
	desk *Desk
	proc *proc
}

// StartBar starts waybar, on a desk with or without another panel, and waits until it takes icons.
func (d *Desk) StartBar() *Bar {
	d.t.Helper()
	Need(d.t, "sway", "setpriv", "waybar")
	config := filepath.Join(d.Dir, "waybar.json")
	d.write(config, `{"layer": "top", "modules-right": ["tray"], "tray": {"icon-size": 24}}`, 0o600)
	cmd := d.Command("waybar", "--config", config)
	cmd.Env = nil
	for _, v := range d.layers() {
		if !strings.HasPrefix(v, "DISPLAY=") { // it is no X program
			cmd.Env = append(cmd.Env, v)
		}
	}
	b := &Bar{d, d.run("waybar", cmd)}
	d.waitName(watcherName)
	return b
}

// Hosts tells whether the panel has said that it shows the icons of the desk's watcher.
func (b *Bar) Hosts() bool {
	o := b.desk.session.conn.Object(watcherName, dbus.ObjectPath("/StatusNotifierWatcher"))
	hosts, err := property[bool](o, watcherName, "IsStatusNotifierHostRegistered")
	return err == nil && hosts
}

// Kill ends the panel without a word.
func (b *Bar) Kill() {
	b.desk.t.Helper()
	b.proc.kill(b.desk.t)
	Until(b.desk.t, patience, "the panel's tray to be gone", func() bool { return !b.desk.hasOwner(watcherName) })
}
