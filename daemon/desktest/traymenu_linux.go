package desktest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

const menuFace = "com.canonical.dbusmenu"

// An Item is a line of the tray's menu as the panel is told of it.
type Item struct {
	ID       int32
	Label    string // empty for a separator
	Enabled  bool
	Visible  bool
	Toggle   bool // it can have a tick
	Ticked   bool
	Children []Item
}

// Usable tells whether a person can click on the item.
func (i Item) Usable() bool { return i.Visible && i.Enabled && i.Label != "" }

// Menu is the whole menu now, also what is not visible.
func (t *Tray) Menu() []Item {
	t.desk.t.Helper()
	root, err := t.layout()
	if err != nil {
		t.desk.t.Fatalf("the tray's menu: %v", err)
	}
	return root.Children
}

// Find is the visible item at the end of a path of labels, as the menu is now.
func (t *Tray) Find(path ...string) (Item, bool) {
	t.desk.t.Helper()
	return find(t.Menu(), path)
}

// WaitItem waits until there is a visible item at a path of labels for which ok holds, if given, and returns it.
func (t *Tray) WaitItem(timeout time.Duration, ok func(Item) bool, path ...string) Item {
	t.desk.t.Helper()
	var i Item
	if !until(timeout, func() (found bool) {
		i, found = t.Find(path...)
		return found && (ok == nil || ok(i))
	}) {
		t.desk.t.Fatalf("waited %v in vain for %q in the menu:\n%s", timeout, path, Outline(t.Menu()))
	}
	return i
}

// Click chooses the item at a path of labels, over the bus as a panel does. It waits until the item can be clicked.
func (t *Tray) Click(path ...string) {
	t.desk.t.Helper()
	i := t.WaitItem(patience, Item.Usable, path...)
	parents := []int32{0}
	for n := range len(path) - 1 {
		p, _ := t.Find(path[:n+1]...)
		parents = append(parents, p.ID)
	}
	for _, p := range parents {
		var changes bool
		if err := t.callMenu("AboutToShow", p).Store(&changes); err != nil {
			t.desk.t.Fatalf("opening the tray's menu: %v", err)
		}
		if err := t.event(p, "opened"); err != nil {
			t.desk.t.Fatalf("opening the tray's menu: %v", err)
		}
	}
	if err := t.event(i.ID, "clicked"); err != nil {
		t.desk.t.Fatalf("clicking on %q: %v", path, err)
	}
	for _, p := range parents {
		_ = t.event(p, "closed") // the click may have ended the program
	}
}

// event tells the menu what has happened to an item.
func (t *Tray) event(id int32, what string) error {
	t.desk.t.Helper()
	return t.callMenu("Event", id, what, dbus.MakeVariant(int32(0)), uint32(time.Now().Unix())).Err
}

// Outline is the visible part of a menu as text.
func Outline(menu []Item) string {
	var text strings.Builder
	outline(&text, menu, "")
	return text.String()
}

func outline(text *strings.Builder, menu []Item, indent string) {
	for _, i := range menu {
		if !i.Visible {
			continue
		}
		tick := ""
		switch {
		case i.Ticked:
			tick = "[x] "
		case i.Toggle:
			tick = "[ ] "
		}
		label := i.Label
		switch {
		case label == "":
			label = "────"
		case !i.Enabled:
			label = "(" + label + ")"
		}
		fmt.Fprintf(text, "%s%s%s\n", indent, tick, label)
		outline(text, i.Children, indent+"    ")
	}
}

func find(menu []Item, path []string) (Item, bool) {
	for _, i := range menu {
		if !i.Visible || i.Label == "" || i.Label != path[0] {
			continue
		}
		if len(path) == 1 {
			return i, true
		}
		return find(i.Children, path[1:])
	}
	return Item{}, false
}

// A node is a menu item on the bus.
type node struct {
	ID         int32
	Properties map[string]dbus.Variant
	Children   []dbus.Variant
}

// layout asks for the menu, as the child of a root that is not shown.
func (t *Tray) layout() (Item, error) {
	var revision uint32
	var root node
	if err := t.callMenu("GetLayout", int32(0), int32(-1), []string{}).Store(&revision, &root); err != nil {
		return Item{}, err
	}
	return root.item()
}

// callMenu calls a method of the menu that belongs to the icon.
func (t *Tray) callMenu(method string, args ...any) *dbus.Call {
	t.desk.t.Helper()
	item := t.item()
	if item == nil {
		return &dbus.Call{Err: errors.New("the panel has no icon of the tray program")}
	}
	path, err := property[dbus.ObjectPath](item, itemFace, "Menu")
	if err != nil {
		return &dbus.Call{Err: err}
	}
	return call(t.desk.session.conn.Object(item.Destination(), path), menuFace+"."+method, args...)
}

// item turns a node into what a person sees. What a node does not say has the protocol's defaults.
func (n node) item() (Item, error) {
	i := Item{ID: n.ID, Enabled: true, Visible: true}
	var ticked int32
	var toggle string
	for name, to := range map[string]any{
		"label": &i.Label, "enabled": &i.Enabled, "visible": &i.Visible, "toggle-type": &toggle, "toggle-state": &ticked,
	} {
		if v, said := n.Properties[name]; said {
			if err := v.Store(to); err != nil {
				return i, fmt.Errorf("%s of item %d: %w", name, n.ID, err)
			}
		}
	}
	i.Label = strings.ReplaceAll(i.Label, "__", "_") // a single one would mark the key of a shortcut
	i.Toggle, i.Ticked = toggle != "", toggle != "" && ticked == 1
	for _, v := range n.Children {
		var child node
		if err := v.Store(&child); err != nil {
			return i, fmt.Errorf("a child of item %d: %w", n.ID, err)
		}
		c, err := child.item()
		if err != nil {
			return i, err
		}
		i.Children = append(i.Children, c)
	}
	return i, nil
}
