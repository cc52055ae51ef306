package presence

import (
	"context"
	"log/slog"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/internal/bus"
)

// What GNOME's compositor tells of its screens.
const (
	displayName  = "org.gnome.Mutter.DisplayConfig"
	displayPath  = "/org/gnome/Mutter/DisplayConfig"
	powerSaving  = "PowerSaveMode"
	propertyFace = "org.freedesktop.DBus.Properties"
)

// A mutterScreen follows on the session bus whether GNOME's screens are off. Its methods are called by the bus, one at a
// time.
type mutterScreen struct {
	session *bus.Bus
	screen  func(Screen)
	log     *slog.Logger
	owner   string // the unique name of who tells, "" for nobody
	dark    bool   // as last reported
}

// newMutterScreen attaches one to the session bus, which must not run yet.
func newMutterScreen(session *bus.Bus, screen func(Screen), log *slog.Logger) *mutterScreen {
	m := &mutterScreen{session: session, screen: screen, log: log}
	session.Attach(m, bus.OwnerChanges(displayName),
		bus.Match{Sender: displayName, Path: displayPath, Interface: propertyFace, Member: "PropertiesChanged"})
	return m
}

// Connected implements bus.Tenant.
func (m *mutterScreen) Connected(ctx context.Context) {
	owner, err := m.session.Owner(ctx, displayName)
	if err != nil {
		owner = "" // a bus that answers nothing tells nothing of its screens either
	}
	m.ownedBy(ctx, owner)
}

// Lost implements bus.Tenant.
func (m *mutterScreen) Lost(error) { m.ownedBy(context.Background(), "") }

// Signal implements bus.Tenant.
func (m *mutterScreen) Signal(ctx context.Context, s *dbus.Signal) {
	if owner, ok := bus.NewOwner(s, displayName); ok {
		if owner != m.owner { // else Connected has seen it already
			m.ownedBy(ctx, owner)
		}
		return
	}
	if s.Sender != m.owner || len(s.Body) < 2 || s.Body[0] != displayName {
		return // anybody on the bus can send us a signal
	}
	if changed, _ := s.Body[1].(map[string]dbus.Variant); changed != nil {
		m.shine(changed[powerSaving])
	}
}

// ownedBy asks whoever tells now.
func (m *mutterScreen) ownedBy(ctx context.Context, owner string) {
	m.owner = owner
	if owner == "" {
		if m.dark { // nobody would ever say that it is light again
			m.dark = false
			m.screen(Screen{})
		}
		return
	}
	var value dbus.Variant
	err := m.session.Call(ctx, displayName, displayPath, propertyFace+".Get", displayName, powerSaving).Store(&value)
	if err != nil {
		m.log.Info("GNOME does not tell whether the screen is on", "error", err)
		return
	}
	m.shine(value)
}

// shine reports what the property says: 0 is on, 1 to 3 are ways of being off, and below are screens that are always on.
func (m *mutterScreen) shine(value dbus.Variant) {
	if mode, is := value.Value().(int32); is {
		m.dark = mode > 0
		m.screen(Screen{Dark: m.dark, How: displayName})
	}
}
