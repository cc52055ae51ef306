//go:build windows || cgo

package show

import "github.com/unhunch/unhunch/tray/menu"

// An item is what of a menu item of the library is used. Whatever is done to one that is hidden shows it, but for
// Hide.
type item interface {
	SetTitle(string)
	Enable()
	Disable()
	Check()
	Uncheck()
	Show()
	Hide()
}

// An appearance is what of an entry can be seen.
type appearance struct {
	title                    string
	hidden, disabled, ticked bool
}

func appearanceOf(e menu.Entry) appearance {
	return appearance{e.Title, e.Hidden, e.Disabled, e.Ticked}
}

// A widget is an item and what it looks like. While it is hidden that may be older than what the menu says.
type widget struct {
	item  item
	ticks bool // it can have a tick
	now   appearance
}

// bring makes the item look as wanted and touches only what differs.
func (w *widget) bring(want appearance) {
	if want.hidden {
		if !w.now.hidden {
			w.item.Hide()
			w.now.hidden = true
		}
		return
	}
	before := w.now
	if before.title != want.title {
		w.item.SetTitle(want.title)
	}
	if before.disabled != want.disabled {
		w.enable(!want.disabled)
	}
	if w.ticks && before.ticked != want.ticked {
		w.tick(want.ticked)
	}
	if before.hidden {
		w.item.Show()
	}
	w.now = want
}

// retick undoes what a click does to a tick all by itself: it is the daemon that says whether there is one now.
func (w *widget) retick() {
	if w.ticks && !w.now.hidden {
		w.tick(w.now.ticked)
	}
}

func (w *widget) enable(on bool) {
	if on {
		w.item.Enable()
	} else {
		w.item.Disable()
	}
}

func (w *widget) tick(on bool) {
	if on {
		w.item.Check()
	} else {
		w.item.Uncheck()
	}
}
