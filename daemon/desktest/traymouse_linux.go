package desktest

import (
	"image"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// MouseClick chooses the item at a path of labels with the mouse: on the icon, on the submenus along the way, and on
// the item.
func (t *Tray) MouseClick(path ...string) {
	t.desk.t.Helper()
	t.desk.Person().Click(t.OpenMenu(path...))
}

// OpenMenu opens the menu with the mouse, and the submenus along a path of labels, and returns where on the screen the
// item at its end is.
func (t *Tray) OpenMenu(path ...string) image.Point {
	t.desk.t.Helper()
	t.WaitItem(patience, Item.Usable, path...)
	at, person := t.desk.waitPanelIcon(), t.desk.Person()
	for depth := range path {
		person.press(at)
		at = t.waitEntry(depth, path[:depth+1])
	}
	return at
}

// waitPanelIcon waits until the icon is drawn and returns its middle.
func (d *Desk) waitPanelIcon() image.Point {
	d.t.Helper()
	var where image.Rectangle
	Until(d.t, patience, "an icon drawn on the panel", func() (drawn bool) {
		where, drawn = d.PanelIcon()
		return drawn
	})
	return where.Min.Add(where.Max).Div(2)
}

// waitEntry waits until the menu at a depth is open and the item at the path drawn in it, and returns where.
func (t *Tray) waitEntry(depth int, path []string) (at image.Point) {
	t.desk.t.Helper()
	Until(t.desk.t, patience, "an open menu with "+path[depth], func() (found bool) {
		line, known := t.line(path)
		open := t.desk.x.openMenus()
		if !known || depth >= len(open) {
			return false
		}
		menu, _ := t.desk.x.screen(t.desk.t).SubImage(open[depth]).(*image.RGBA)
		at, found = findPatch(menu, entryColour(line))
		at = at.Add(menu.Rect.Min)
		return found
	})
	return at
}

// line is the how manieth visible line of its menu the item at a path is, from 0.
func (t *Tray) line(path []string) (line int, found bool) {
	t.desk.t.Helper()
	menu, last := t.Menu(), len(path)-1
	if last > 0 {
		parent, _ := find(menu, path[:last])
		menu = parent.Children
	}
	for _, i := range menu {
		if i.Visible && i.Label == path[last] {
			return line, true
		}
		if i.Visible {
			line++
		}
	}
	return 0, false
}

// openMenus are the places of the menus on the screen, each above the one that it was opened from.
func (x *xserver) openMenus() []image.Rectangle {
	tree, err := xproto.QueryTree(x.conn, x.root).Reply()
	if err != nil {
		return nil
	}
	var menus []image.Rectangle
	for _, w := range tree.Children {
		if place, open := x.menu(w); open {
			menus = append(menus, place)
		}
	}
	return menus
}

// menu is where on the screen a window is, if it is an open menu.
func (x *xserver) menu(w xproto.Window) (image.Rectangle, bool) {
	kind, err := xproto.GetProperty(x.conn, false, w, x.atom("_NET_WM_WINDOW_TYPE"), xproto.AtomAtom, 0, 1).Reply()
	if err != nil || kind.ValueLen == 0 {
		return image.Rectangle{}, false
	}
	switch xproto.Atom(xgb.Get32(kind.Value)) {
	case x.atom("_NET_WM_WINDOW_TYPE_POPUP_MENU"), x.atom("_NET_WM_WINDOW_TYPE_DROPDOWN_MENU"):
	default:
		return image.Rectangle{}, false
	}
	a, err := xproto.GetWindowAttributes(x.conn, w).Reply()
	if err != nil || a.MapState != xproto.MapStateViewable {
		return image.Rectangle{}, false
	}
	g, err := xproto.GetGeometry(x.conn, xproto.Drawable(w)).Reply()
	if err != nil {
		return image.Rectangle{}, false
	}
	at := image.Pt(int(g.X), int(g.Y))
	return image.Rectangle{at, at.Add(image.Pt(int(g.Width), int(g.Height)))}, true
}

// atom is the server's number for a name.
func (x *xserver) atom(name string) xproto.Atom {
	a, err := xproto.InternAtom(x.conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		return xproto.AtomNone
	}
	return a.Atom
}
