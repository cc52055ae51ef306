package desktest

import (
	"os"
	"slices"
	"testing"

	"github.com/godbus/dbus/v5"
)

// TestAdopt takes over a daemon that another program has started.
func TestAdopt(t *testing.T) {
	d := New(t, Options{NoDisplay: true})
	launcher := d.Command("sh", "-c", `"$0" daemon & wait`, os.Args[0])
	if err := launcher.Start(); err != nil {
		t.Fatal(err)
	}
	p := d.Adopt(os.Args[0])
	if !p.Alive() || p.Pid() == launcher.Process.Pid {
		t.Errorf("adopted process %d of launcher %d, alive: %v", p.Pid(), launcher.Process.Pid, p.Alive())
	}
	p.Kill()
	if p.Alive() || d.listener() != 0 {
		t.Errorf("killed, it is alive: %v, and %d listens", p.Alive(), d.listener())
	}
	if err := launcher.Wait(); err != nil {
		t.Error(err)
	}
}

// TestStrayDaemon: a daemon that nobody has adopted does not outlive the desk.
func TestStrayDaemon(t *testing.T) {
	var stray *proc
	t.Run("desk", func(t *testing.T) {
		d := New(t, Options{NoDisplay: true})
		if _, _, code := d.Exec("sh", "-c", `"$0" daemon >"$HOME/log" 2>&1 &`, os.Args[0]); code != 0 {
			t.Fatal(code)
		}
		Until(t, patience, "the stray daemon", func() bool { return d.listener() != 0 })
		stray = (&Desk{t: t}).stranger("stray", d.listener())
	})
	Until(t, patience, "its end", func() bool { return !stray.alive() })
}

// TestPanelLost kills the panel, and has one again.
func TestPanelLost(t *testing.T) {
	d := New(t, Options{Panel: true, Notifyd: None})
	if where, drawn := d.PanelIcon(); drawn {
		t.Errorf("an icon is drawn at %v on a panel that has none", where)
	}
	d.KillPanel()
	if d.hasOwner(watcherName) {
		t.Error("a killed panel still takes icons")
	}
	d.StartPanel()
	d.RestartPanel()
	if !d.hasOwner(watcherName) {
		t.Error("a new panel takes no icons")
	}
}

// TestMenuOfProtocol reads what goes over the bus, where whatever is usual is left out.
func TestMenuOfProtocol(t *testing.T) {
	line := func(id int32, properties map[string]any, children ...dbus.Variant) dbus.Variant {
		said := map[string]dbus.Variant{}
		for name, v := range properties {
			said[name] = dbus.MakeVariant(v)
		}
		return dbus.MakeVariant(node{id, said, children})
	}
	root := node{Children: []dbus.Variant{
		line(1, map[string]any{"label": "Status", "enabled": false}),
		line(2, map[string]any{"type": "separator"}),
		line(3, map[string]any{"label": "Snooze", "children-display": "submenu"},
			line(4, map[string]any{"label": "5__min"})),
		line(5, map[string]any{"label": "Hidden", "visible": false}),
		line(6, map[string]any{"label": "On", "toggle-type": "checkmark", "toggle-state": int32(1)}),
		line(7, map[string]any{"label": "Off", "toggle-type": "checkmark", "toggle-state": int32(0)}),
	}}
	menu, err := root.item()
	if err != nil {
		t.Fatal(err)
	}
	want := "(Status)\n────\nSnooze\n    5_min\n[x] On\n[ ] Off\n"
	if got := Outline(menu.Children); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if i, ok := find(menu.Children, []string{"Snooze", "5_min"}); !ok || i.ID != 4 || !i.Usable() {
		t.Errorf("found %+v, %v", i, ok)
	}
	for _, path := range [][]string{{"Hidden"}, {"5_min"}, {"Snooze", "10 min"}} {
		if i, ok := find(menu.Children, path); ok {
			t.Errorf("%q: found %+v", path, i)
		}
	}
	if i := slices.IndexFunc(menu.Children, func(i Item) bool { return i.ID == 1 }); menu.Children[i].Usable() {
		t.Error("a greyed line can be clicked")
	}
}
