package desktest

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/internal/wayland"
)

// Compositors a desk can have in place of an X server.
const (
	Mutter = "mutter" // GNOME's: an idle monitor on the session bus
	KWin   = "kwin"   // KDE's: ext-idle-notify-v1, and the older protocol
	Sway   = "sway"   // 1.7: the older protocol alone
)

// nobody is the user that sway runs as where the test is root's: it refuses to run as root.
const nobody = 65534

// desktops are the names by which desktops with these compositors go.
var desktops = map[string]string{Mutter: "GNOME", KWin: "KDE", Sway: "sway"}

// A compositor is a Wayland compositor without a screen, and the person's hands at it.
type compositor struct {
	kind   string
	dir    string // the runtime directory, of its own as it may be another user's
	socket string
	proc   *proc
	hands  hands
}

// hands give input to a compositor.
type hands interface {
	touch() error
	io.Closer
}

// needCompositor names what each kind of desk needs.
func needCompositor(t T, kind string) {
	t.Helper()
	switch kind {
	case "":
	case Mutter:
		Need(t, "mutter")
	case KWin:
		Need(t, "kwin_wayland")
	case Sway:
		Need(t, "sway")
	default:
		t.Fatalf("there is no compositor %q", kind)
	}
}

// newCompositor makes a place for a compositor and tells the person's programs of it.
func (d *Desk) newCompositor(kind string) *compositor {
	d.t.Helper()
	c := &compositor{kind: kind, dir: filepath.Join(d.Dir, "compositor")}
	c.socket = filepath.Join(c.dir, "wayland-1")
	d.mkdir(c.dir)
	d.write(filepath.Join(c.dir, "sway.conf"), "", 0o644)
	if c.credential() != nil {
		if err := errors.Join(os.Chmod(d.Dir, 0o711), os.Chown(c.dir, nobody, nobody)); err != nil {
			d.t.Fatalf("%v", err)
		}
	}
	if kind == KWin {
		d.copyKWin(filepath.Join(c.dir, "kwin_wayland"))
	}
	d.compositor = c
	if d.opts.Strict { // the hands are the test's own
		self, err := os.Executable()
		if err != nil {
			d.t.Fatalf("%v", err)
		}
		d.Entry("hands", "[Desktop Entry]\nType=Application\nName=Hands\nNoDisplay=true\nExec="+self+
			"\nX-KDE-Wayland-Interfaces=org_kde_kwin_fake_input\n")
	}
	d.Env = append(d.Env, "XDG_SESSION_TYPE=wayland", "XDG_CURRENT_DESKTOP="+desktops[kind], "WAYLAND_DISPLAY="+c.socket)
	return c
}

// Entry puts a desktop entry where the compositor finds it.
func (d *Desk) Entry(name, text string) {
	d.t.Helper()
	d.write(filepath.Join(d.compositor.dir, ".local/share/applications", name+".desktop"), text, 0o644)
}

// copyKWin copies the program without its file capability, which a container may lack. It must keep its name.
func (d *Desk) copyKWin(to string) {
	d.t.Helper()
	path, err := exec.LookPath("kwin_wayland")
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	copyFile(d.t, path, to)
}

// credential is who runs the compositor if not the test's own user.
func (c *compositor) credential() *syscall.Credential {
	if c.kind != Sway || os.Getuid() != 0 {
		return nil
	}
	return &syscall.Credential{Uid: nobody, Gid: nobody}
}

// command is the compositor's command line.
func (d *Desk) command(c *compositor) *exec.Cmd {
	var cmd *exec.Cmd
	switch c.kind {
	case Mutter:
		cmd = d.Command("mutter", "--headless", "--wayland", "--no-x11", "--virtual-monitor", "1280x720",
			"--wayland-display=wayland-1")
	case KWin:
		cmd = d.Command(filepath.Join(c.dir, "kwin_wayland"), "--virtual", "--width", "1280", "--height", "720",
			"--socket", "wayland-1", "--no-lockscreen", "--no-global-shortcuts", "--no-kactivities")
	default:
		cmd = d.Command("sway", "--config", filepath.Join(c.dir, "sway.conf"))
	}
	cmd.Dir = c.dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "HOME=" + c.dir, "XDG_RUNTIME_DIR=" + c.dir, "XDG_CONFIG_HOME=" + c.dir,
		"XDG_CACHE_HOME=" + c.dir, "DBUS_SESSION_BUS_ADDRESS=" + d.busAddress("session"),
		"DBUS_SYSTEM_BUS_ADDRESS=" + d.busAddress("system"), "GSETTINGS_BACKEND=memory", "LIBGL_ALWAYS_SOFTWARE=1",
		"WLR_BACKENDS=headless", "WLR_LIBINPUT_NO_DEVICES=1", "WLR_RENDERER=pixman",
		"KWIN_COMPOSE=Q", "XDG_MENU_PREFIX=kf5-", // under which Debian has the menus, without which KDE finds no entries
	}
	if !d.opts.Strict {
		cmd.Env = append(cmd.Env, "KWIN_WAYLAND_NO_PERMISSION_CHECKS=1")
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.credential()}
	return cmd
}

// StopCompositor takes the Wayland compositor away without a word, as a crash does.
func (d *Desk) StopCompositor() {
	d.t.Helper()
	c := d.compositor
	if c.hands != nil {
		_ = c.hands.Close()
		c.hands = nil
	}
	c.proc.kill(d.t)
}

// StartCompositor starts it again, on the same socket.
func (d *Desk) StartCompositor() {
	d.t.Helper()
	c := d.compositor
	c.proc = d.run(c.kind, d.command(c))
	Until(d.t, patience, c.kind, func() bool {
		if !c.proc.alive() {
			d.t.Fatalf("%s ended at once", c.kind)
		}
		sock, err := net.Dial("unix", c.socket)
		if err == nil {
			_ = sock.Close()
		}
		return err == nil
	})
	if c.kind == Mutter {
		d.waitName("org.gnome.Mutter.RemoteDesktop")
		d.waitName("org.gnome.Mutter.IdleMonitor")
	}
}

// FreezeCompositor stops the compositor without ending it: it takes connections and answers nobody. ThawCompositor has it
// go on.
func (d *Desk) FreezeCompositor() {
	d.t.Helper()
	d.compositor.proc.signal(d.t, syscall.SIGSTOP)
}

// ThawCompositor ends that.
func (d *Desk) ThawCompositor() {
	d.t.Helper()
	d.compositor.proc.signal(d.t, syscall.SIGCONT)
}

// Darken switches Mutter's screens off, or on again, as a screen saver does. Those of sway and KWin are always on, as they
// are none.
func (d *Desk) Darken(off bool) {
	d.t.Helper()
	const display, on, standby = "org.gnome.Mutter.DisplayConfig", int32(0), int32(1)
	mode := map[bool]int32{false: on, true: standby}[off]
	o := d.session.conn.Object(display, "/org/gnome/Mutter/DisplayConfig")
	if err := call(o, "org.freedesktop.DBus.Properties.Set", display, "PowerSaveMode", dbus.MakeVariant(mode)).Err; err != nil {
		d.t.Fatalf("the screens' power: %v", err)
	}
}

// StartXwayland starts the X server that a Wayland session has for programs which know no Wayland, and returns its
// display.
func (d *Desk) StartXwayland() (display string) {
	d.t.Helper()
	Need(d.t, "Xwayland")
	read, write, err := os.Pipe()
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	defer read.Close()
	cmd := d.Command("Xwayland", "-displayfd", "3", "-noreset")
	cmd.ExtraFiles = []*os.File{write}
	d.run("Xwayland", cmd)
	write.Close()
	_ = read.SetReadDeadline(time.Now().Add(patience))
	number, err := io.ReadAll(read)
	if err != nil || len(number) == 0 {
		d.t.Fatalf("no display number from Xwayland (%v)", err)
	}
	return ":" + strings.TrimSpace(string(number))
}

// touch is input to the compositor, and returns when it has been dealt with.
func (d *Desk) touch() {
	d.t.Helper()
	c := d.compositor
	if c.hands == nil {
		var err error
		if c.kind == Mutter {
			c.hands, err = newRemoteHands(d.session.dial(d.t))
		} else {
			c.hands, err = newWaylandHands(c.socket)
		}
		if err != nil {
			d.t.Fatalf("hands at %s: %v", c.kind, err)
		}
	}
	if err := c.hands.touch(); err != nil {
		d.t.Fatalf("input to %s: %v", c.kind, err)
	}
}

// remoteHands move the pointer by Mutter's remote desktop.
type remoteHands struct {
	conn    *dbus.Conn
	session dbus.BusObject
	moves   int
}

const remoteDesktop = "org.gnome.Mutter.RemoteDesktop"

func newRemoteHands(conn *dbus.Conn) (*remoteHands, error) {
	var path dbus.ObjectPath
	err := call(conn.Object(remoteDesktop, "/org/gnome/Mutter/RemoteDesktop"), remoteDesktop+".CreateSession").Store(&path)
	if err != nil {
		return nil, err
	}
	h := &remoteHands{conn: conn, session: conn.Object(remoteDesktop, path)}
	return h, call(h.session, remoteDesktop+".Session.Start").Err
}

func (h *remoteHands) touch() error {
	h.moves++
	return call(h.session, remoteDesktop+".Session.NotifyPointerMotionRelative", float64(h.moves%2*2-1)*3, 0.0).Err
}

func (h *remoteHands) Close() error { return h.conn.Close() }

// waylandHands move the pointer by a protocol for that: KWin's for its tests, or the one of wlroots for virtual
// pointers.
type waylandHands struct {
	conn    *wayland.Conn
	pointer uint32
	kwin    bool
	moves   int
}

func newWaylandHands(socket string) (*waylandHands, error) {
	ctx, cancel := deadline()
	defer cancel()
	conn, err := wayland.Dial(ctx, socket)
	if err != nil {
		return nil, err
	}
	h := &waylandHands{conn: conn}
	if g, ok := conn.Global("org_kde_kwin_fake_input"); ok {
		const authenticate = 0
		h.kwin = true
		if h.pointer, _, err = conn.Bind(g, 1, nil); err == nil {
			err = conn.Request(h.pointer, authenticate, "desktest", "a person at the desk")
		}
	} else if g, ok := conn.Global("zwlr_virtual_pointer_manager_v1"); ok {
		const create, noSeat = 0, uint32(0)
		var pointers uint32
		if pointers, _, err = conn.Bind(g, 1, nil); err == nil {
			h.pointer = conn.New(nil)
			err = conn.Request(pointers, create, noSeat, h.pointer)
		}
	} else {
		err = errors.New("it takes no input from programs")
	}
	if err == nil {
		err = conn.RoundTrip(ctx)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return h, nil
}

func (h *waylandHands) touch() error {
	const fixed = 256 // numbers with a fraction count in 256ths
	h.moves++
	right := uint32(int32(h.moves%2*2-1) * 3 * fixed)
	var err error
	if h.kwin {
		const motion = 1
		err = h.conn.Request(h.pointer, motion, right, uint32(0))
	} else {
		const motion, frame = 0, 4
		ms := uint32(time.Now().UnixMilli())
		if err = h.conn.Request(h.pointer, motion, ms, right, uint32(0)); err == nil {
			err = h.conn.Request(h.pointer, frame)
		}
	}
	if err != nil {
		return err
	}
	ctx, cancel := deadline()
	defer cancel()
	return h.conn.RoundTrip(ctx)
}

func (h *waylandHands) Close() error {
	h.conn.Close()
	return nil
}
