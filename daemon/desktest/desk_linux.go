package desktest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/godbus/dbus/v5"
)

// Notification daemons a desk can have.
const (
	Dunst = "dunst"
	Xfce  = "xfce"
	Mako  = "mako" // on a Wayland compositor beside the X server
	None  = "none"
)

// patience is how long any part of the desk may take to come up or to answer. Far above what it needs, so that a
// busy machine does not fail a test.
const patience = 20 * time.Second

// Options say what a desk has. The zero value is an X server with a window manager and dunst.
type Options struct {
	Notifyd   string   // Dunst (the default), Xfce, Mako or None
	Panel     bool     // xfce4-panel with its tray
	Logind    bool     // a mock logind on the private system bus, with one active session of this user
	Browser   bool     // links can be opened; see Desk.Links
	NoDisplay bool     // no X server, and so neither notification daemon nor panel
	Manager   *Manager // the session bus and the home are those of this service manager's person
	Newcomer  bool     // the person has never met unhunch, which welcomes them once
	// Compositor is Mutter, KWin or Sway: a Wayland session in place of the X server, without panel. The notification daemon,
	// if any, is Mako, for which the compositor must have layers: Mutter has none.
	Compositor string
	// Strict has KWin let a program do what its desktop entry says, as on a real desk: see Desk.Entry. Else it lets all do all.
	Strict bool
}

// A Desk is a virtual desktop. Its methods fail the test when a part does not do as it is told, and are called
// from the test's own goroutine only.
type Desk struct {
	Display string   // as in $DISPLAY; empty without one
	Dir     string   // short-lived: logs, buses and the person's home
	Env     []string // the whole environment for programs on the desk; nothing of the developer's but PATH

	t       T
	opts    Options
	session *bus
	system  *bus
	logind  *logind
	x       *xserver
	// compositor is nil but in a Wayland session.
	compositor *compositor
	reserved   net.Listener // keeps the display while x is stopped
	clients    []*proc      // window manager and what else needs the X server
	notifyd    *proc
	panel      *proc
	sound      *proc // nil before StartSound
	log        *notifyLog
	procs      []*proc // all that were ever started, in order
}

// New starts a desk; it is up when New returns, in about a second, and gone when the test ends.
func New(t T, o Options) *Desk {
	t.Helper()
	if o.Notifyd == "" {
		o.Notifyd = Dunst
	}
	o.NoDisplay = o.NoDisplay || o.Compositor != "" // of X's
	if o.NoDisplay && (o.Notifyd != Mako || o.Compositor == "") {
		o.Notifyd = None
	}
	if o.NoDisplay {
		o.Panel = false
	}
	needParts(t, o)
	// Not the test's own directory: its long name would not leave room for a socket's path of 108 bytes.
	dir, err := os.MkdirTemp("", "desk")
	if err != nil {
		t.Fatalf("%v", err)
	}
	d := &Desk{Dir: dir, t: t, opts: o, log: newNotifyLog()}
	t.Cleanup(d.close)
	d.furnish()
	if !o.NoDisplay {
		d.x = d.launchX("")
	}
	if o.Manager != nil {
		d.session = d.joinBus(d.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	} else {
		d.session = d.startBus("session")
	}
	d.system = d.startBus("system")
	d.log.follow(t, d.session.dial(t))
	if d.x != nil {
		d.Display = d.x.waitUp(d)
		d.Env = append(d.Env, "DISPLAY="+d.Display)
		d.startClients()
	}
	if o.Compositor != "" {
		d.compositor = d.newCompositor(o.Compositor)
		d.StartCompositor()
		d.StartNotifyd()
	}
	if o.Logind {
		d.logind = d.startLogind()
	}
	return d
}

// needParts names the programs of each part.
func needParts(t T, o Options) {
	t.Helper()
	Need(t, "dbus-daemon")
	needCompositor(t, o.Compositor)
	if !o.NoDisplay {
		Need(t, "Xvfb", "openbox")
	}
	if o.Notifyd == Dunst {
		Need(t, "dunst")
	}
	if o.Notifyd == Mako {
		Need(t, "sway", "setpriv", "mako")
	}
	if o.Notifyd == Xfce {
		Need(t, "/usr/lib/*/xfce4/notifyd/xfce4-notifyd", "/usr/lib/*/xfce4/xfconf/xfconfd")
	}
	if o.Panel {
		Need(t, "xfce4-panel", "/usr/lib/*/xfce4/xfconf/xfconfd")
	}
	if o.Logind {
		Need(t, "/usr/bin/python3", "/usr/lib/python3/dist-packages/dbusmock")
	}
}

// furnish makes the person's home and the environment of everything on the desk.
func (d *Desk) furnish() {
	home, run, session := filepath.Join(d.Dir, "home"), filepath.Join(d.Dir, "run"), d.busAddress("session")
	if d.opts.Manager != nil {
		home, run, session = d.opts.Manager.Home, managerDir, "unix:path="+managerDir+"/bus"
	}
	d.Env = []string{
		"PATH=" + filepath.Join(d.Dir, "bin") + ":" + os.Getenv("PATH"),
		"HOME=" + home,
		"USER=desk",
		"LANG=C.UTF-8",
		"TMPDIR=" + d.Dir,
		"XDG_CONFIG_HOME=" + filepath.Join(home, ".config"),
		"XDG_CACHE_HOME=" + filepath.Join(home, ".cache"),
		"XDG_DATA_HOME=" + filepath.Join(home, ".local/share"),
		"XDG_STATE_HOME=" + filepath.Join(home, ".local/state"),
		"XDG_RUNTIME_DIR=" + run,
		"DBUS_SESSION_BUS_ADDRESS=" + session,
		"DBUS_SYSTEM_BUS_ADDRESS=" + d.busAddress("system"),
		"NO_AT_BRIDGE=1",
		"GSETTINGS_BACKEND=memory",
		"LIBGL_ALWAYS_SOFTWARE=1",
		"GORACE=atexit_sleep_ms=0", // else each command built with the race detector takes a second to end
	}
	if !d.opts.NoDisplay {
		d.Env = append(d.Env, "XDG_SESSION_TYPE=x11", "XDG_CURRENT_DESKTOP=XFCE")
	}
	for _, v := range d.Env {
		if name, path, _ := strings.Cut(v, "="); strings.HasPrefix(name, "XDG_") && filepath.IsAbs(path) {
			d.mkdir(path)
		}
	}
	d.write(filepath.Join(d.Dir, "bin/xdg-open"), fmt.Sprintf(d.browser(), filepath.Join(d.Dir, "links")), 0o700)
	if !d.opts.Newcomer {
		d.write(filepath.Join(d.Getenv("XDG_STATE_HOME"), "unhunch", "welcomed"), "", 0o600)
	}
	d.write(filepath.Join(d.Dir, "dunstrc"), fmt.Sprintf(dunstrc, d.Dir, hex(bodyColour)), 0o600)
	d.write(filepath.Join(d.Dir, "pick"), fmt.Sprintf(pick, d.Dir), 0o700)
	d.write(filepath.Join(home, ".themes/desk/xfce-notify-4.0/gtk.css"), xfceTheme(), 0o600)
	channels := filepath.Join(home, ".config/xfce4/xfconf/xfce-perchannel-xml")
	d.write(filepath.Join(channels, "xfce4-notifyd.xml"), xfceNotifydXML, 0o600)
	d.write(filepath.Join(channels, "xfce4-panel.xml"), xfcePanelXML, 0o600)
	d.write(filepath.Join(home, ".config/gtk-3.0/gtk.css"), menuTheme(), 0o600)
}

// browser is the program that opens links on the desk: one that notes them down for Links, or one that knows no browser.
func (d *Desk) browser() string {
	if d.opts.Browser {
		return "#!/bin/sh\necho \"$1\" >> %s\n"
	}
	return "#!/bin/sh\n# %s\nexit 3\n"
}

// Links are what the desk's browser was asked to open so far. It only notes them down: opening them is up to the test.
func (d *Desk) Links() []string {
	text, _ := os.ReadFile(filepath.Join(d.Dir, "links"))
	return strings.Fields(string(text))
}

// Command is a program to be run on the desk by the test itself.
func (d *Desk) Command(program string, args ...string) *exec.Cmd {
	path, err := lookPath(program)
	if err != nil {
		path = program // and Start says what is wrong
	}
	cmd := exec.Command(path, args...)
	cmd.Env = d.Env
	cmd.Dir = d.Dir
	return cmd
}

// Getenv is os.Getenv for programs on the desk.
func (d *Desk) Getenv(name string) string {
	for _, v := range d.Env {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
}

// startClients starts what a session starts on its X server.
func (d *Desk) startClients() {
	d.t.Helper()
	d.clients = []*proc{d.run("openbox", d.Command("openbox", "--sm-disable"))}
	if d.opts.Panel || d.opts.Notifyd == Xfce {
		d.clients = append(d.clients, d.run("xfconfd", d.Command("/usr/lib/*/xfce4/xfconf/xfconfd")))
		d.waitName("org.xfce.Xfconf")
	}
	d.StartNotifyd()
	if d.opts.Panel {
		d.StartPanel()
	}
}

func (d *Desk) stopClients() {
	d.KillNotifyd()
	d.panel.kill(d.t)
	d.panel = nil
	for _, p := range d.clients {
		p.kill(d.t)
	}
	d.clients = nil
}

// waitName waits until somebody owns name on the session bus.
func (d *Desk) waitName(name string) {
	d.t.Helper()
	Until(d.t, patience, name+" on the session bus", func() bool { return d.hasOwner(name) })
}

func (d *Desk) hasOwner(name string) (owned bool) {
	err := call(d.session.conn.BusObject(), "org.freedesktop.DBus.NameHasOwner", name).Store(&owned)
	return err == nil && owned
}

// close takes the desk down, clients before their servers, and shows the logs if the test failed.
func (d *Desk) close() {
	if d.compositor != nil && d.compositor.hands != nil {
		_ = d.compositor.hands.Close()
	}
	d.session.close()
	d.system.close()
	d.x.close()
	for _, p := range slices.Backward(d.procs) {
		p.kill(d.t)
	}
	if pid := d.listener(); pid != 0 { // a daemon that a tray has started and nobody has adopted
		d.stranger("stray", pid).kill(d.t)
	}
	if d.t.Failed() {
		d.showLogs()
	}
	if err := os.RemoveAll(d.Dir); err != nil {
		d.t.Logf("removing the desk: %v", err)
	}
}

// Freeze stops the X server and the session bus without ending them: they take connections and answer nobody.
func (d *Desk) Freeze() {
	d.t.Helper()
	d.x.proc.signal(d.t, syscall.SIGSTOP)
	d.session.proc.signal(d.t, syscall.SIGSTOP)
}

// Thaw lets a frozen desk go on.
func (d *Desk) Thaw() {
	d.t.Helper()
	d.x.proc.signal(d.t, syscall.SIGCONT)
	d.session.proc.signal(d.t, syscall.SIGCONT)
}

func (d *Desk) showLogs() {
	logs, _ := filepath.Glob(filepath.Join(d.Dir, "*.log"))
	for _, path := range logs {
		if text, _ := os.ReadFile(path); len(text) > 0 {
			d.t.Logf("%s:\n%s", filepath.Base(path), text)
		}
	}
}

func (d *Desk) mkdir(path string) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		d.t.Fatalf("%v", err)
	}
}

func (d *Desk) write(path, text string, mode os.FileMode) {
	d.mkdir(filepath.Dir(path))
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		d.t.Fatalf("%v", err)
	}
}

// call is a D-Bus call with a deadline: to a stopped process, godbus itself would wait for ever.
func call(o dbus.BusObject, method string, args ...any) *dbus.Call {
	ctx, cancel := deadline()
	defer cancel()
	return o.CallWithContext(ctx, method, 0, args...)
}
