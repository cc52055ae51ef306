// Package bustest runs private message buses for tests.
package bustest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/desktest"
)

const config = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>%s</listen>
  <auth>EXTERNAL</auth>
  <servicedir>services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// A Daemon is a private bus. Its only services are those a test writes to Services.
type Daemon struct {
	Address  string
	Services string // directory of .service files
	dir      string
	env      []string
	proc     *exec.Cmd
}

// New prepares a bus in a directory of its own, not yet running. Services it starts get env and nothing else.
func New(t testing.TB, env ...string) *Daemon {
	t.Helper()
	desktest.Need(t, "dbus-daemon")
	dir := t.TempDir()
	d := &Daemon{
		Address: "unix:path=" + filepath.Join(dir, "bus"), Services: filepath.Join(dir, "services"), dir: dir, env: env,
	}
	if err := os.Mkdir(d.Services, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(d.config(), fmt.Appendf(nil, config, d.Address), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Kill(t) })
	return d
}

func (d *Daemon) config() string { return filepath.Join(d.dir, "bus.conf") }

// Start starts the bus, always on the same address, and waits until it takes connections.
func (d *Daemon) Start(t testing.TB) {
	t.Helper()
	d.proc = exec.Command("dbus-daemon", "--nofork", "--nopidfile", "--nosyslog", "--config-file="+d.config())
	d.proc.Env = append([]string{"PATH=" + os.Getenv("PATH")}, d.env...)
	d.proc.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := d.proc.Start(); err != nil {
		t.Fatal(err)
	}
	desktest.Until(t, 10*time.Second, "the private bus", func() bool {
		conn, err := dbus.Connect(d.Address)
		if err != nil {
			return false
		}
		return conn.Close() == nil
	})
}

// Kill kills the bus, as a crash would, and waits until it is gone. Its socket stays behind.
func (d *Daemon) Kill(t testing.TB) {
	t.Helper()
	if d.proc == nil {
		return
	}
	d.Signal(t, syscall.SIGKILL)
	_ = d.proc.Wait()
	d.proc = nil
}

// Signal sends sig to the bus.
func (d *Daemon) Signal(t testing.TB, sig syscall.Signal) {
	t.Helper()
	if err := d.proc.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
}

// Socket is the file the bus listens on.
func (d *Daemon) Socket() string { return filepath.Join(d.dir, "bus") }

// Dial opens a connection of the test's own.
func (d *Daemon) Dial(t testing.TB) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(d.Address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}
