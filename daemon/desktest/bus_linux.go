package desktest

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"

	"github.com/godbus/dbus/v5"
)

// busConfig is the configuration of a bus; the verb is its address. It has no service directories: a name is on the
// desk's buses only when the desk started its owner.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// A bus is a private message bus and the desk's own connection to it.
type bus struct {
	address string
	proc    *proc
	conn    *dbus.Conn
}

func (d *Desk) busAddress(kind string) string {
	return "unix:path=" + filepath.Join(d.Dir, kind+".bus")
}

// startBus starts the bus of a kind, always on the same address, and waits until it can be spoken to.
func (d *Desk) startBus(kind string) *bus {
	d.t.Helper()
	b := &bus{address: d.busAddress(kind)}
	config := filepath.Join(d.Dir, kind+"-bus.conf")
	d.write(config, fmt.Sprintf(busConfig, b.address), 0o600)
	// The bus itself runs with none of the desk's addresses.
	cmd := exec.Command("dbus-daemon", "--nofork", "--nopidfile", "--nosyslog", "--config-file="+config)
	cmd.Env = []string{"PATH=" + d.Getenv("PATH")}
	b.proc = d.run(kind+"-bus", cmd)
	Until(d.t, patience, "the "+kind+" bus", func() (up bool) {
		conn, err := dbus.Connect(b.address)
		b.conn = conn
		return err == nil
	})
	return b
}

// joinBus connects to a bus that somebody else has started.
func (d *Desk) joinBus(address string) *bus {
	d.t.Helper()
	b := &bus{address: address}
	b.conn = b.dial(d.t)
	return b
}

// dial opens a second connection.
func (b *bus) dial(t T) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(b.address)
	if err != nil {
		t.Fatalf("connecting to the bus: %v", err)
	}
	return conn
}

func (b *bus) close() {
	if b != nil && b.conn != nil {
		_ = b.conn.Close()
	}
}

// RestartBus kills the session bus and starts it again on the same address; the notification daemon and the panel
// are started anew, as after a crash of the session's bus.
func (d *Desk) RestartBus() {
	d.t.Helper()
	d.stopClients()
	d.session.close()
	d.session.proc.kill(d.t)
	d.session = d.startBus("session")
	d.log.follow(d.t, d.session.dial(d.t))
	if d.x != nil {
		d.startClients()
	}
}

func deadline() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), patience)
}
