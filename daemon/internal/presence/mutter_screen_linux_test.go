package presence

import (
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/internal/bus/bustest"
)

// A displayConfig is GNOME's on a bus, as far as the power of screens goes.
type displayConfig struct {
	t    *testing.T
	conn *dbus.Conn

	mu   sync.Mutex
	mode int32
}

func startDisplayConfig(t *testing.T, d *bustest.Daemon, mode int32) *displayConfig {
	t.Helper()
	c := &displayConfig{t: t, conn: d.Dial(t), mode: mode}
	if err := c.conn.Export(c, displayPath, propertyFace); err != nil {
		t.Fatal(err)
	}
	if reply, err := c.conn.RequestName(displayName, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("%v, %v", reply, err)
	}
	return c
}

// Get is the property's.
func (c *displayConfig) Get(string, string) (dbus.Variant, *dbus.Error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return dbus.MakeVariant(c.mode), nil
}

// emit says over a connection that a property has another value.
func (c *displayConfig) emit(conn *dbus.Conn, name string, value any) {
	c.t.Helper()
	changed := map[string]dbus.Variant{name: dbus.MakeVariant(value)}
	if err := conn.Emit(displayPath, propertyFace+".PropertiesChanged", displayName, changed, []string{}); err != nil {
		c.t.Fatal(err)
	}
}

// GNOME's screens are dark in each way of being off. Only who owns the name is believed, and with it the darkness goes.
func TestMutterScreen(t *testing.T) {
	d, b, run := sessionBus(t)
	screens := make(chan Screen, 100)
	m := newMutterScreen(b, func(s Screen) { screens <- s }, slog.New(slog.DiscardHandler))
	c := startDisplayConfig(t, d, 3)
	run()
	want := func(when string, dark bool, how string) {
		t.Helper()
		select {
		case got := <-screens:
			if got.Dark != dark || got.How != how {
				t.Errorf("%s: %+v", when, got)
			}
		case <-time.After(patience):
			t.Errorf("%s: nothing was told", when)
		}
	}
	want("at first", true, displayName)
	for mode, dark := range map[int32]bool{0: false, 1: true, 2: true, 3: true, -1: false} {
		c.emit(c.conn, powerSaving, mode)
		want("changed", dark, displayName)
	}
	// The bus picks by the sender, too; but what is sent straight to us it does not look at.
	forged := map[string]dbus.Variant{powerSaving: dbus.MakeVariant(int32(-1))}
	m.Signal(t.Context(), &dbus.Signal{
		Sender: ":1.99", Path: displayPath, Name: propertyFace + ".PropertiesChanged", Body: []any{displayName, forged, []string{}},
	})
	c.emit(c.conn, "NightLightSupported", true)
	c.emit(c.conn, powerSaving, "off") // which is not how it says so
	c.emit(c.conn, powerSaving, int32(1))
	want("after all that", true, displayName)
	if _, err := c.conn.ReleaseName(displayName); err != nil {
		t.Fatal(err)
	}
	want("gone", false, "")
	if len(screens) > 0 {
		t.Errorf("also told: %+v", <-screens)
	}
}
