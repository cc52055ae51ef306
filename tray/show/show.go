//go:build windows || cgo

// Package show puts the tray's menu on the screen. It is all that knows getlantern/systray, and steps around what that
// leaves to its users to find out.
package show

import (
	"errors"
	"os"
	"path/filepath"
	"sync"

	"github.com/getlantern/systray"

	"github.com/unhunch/unhunch/tray/icon"
	"github.com/unhunch/unhunch/tray/menu"
)

// mostClicks is how many clicks may wait to be fetched. A person's are fetched one by one.
const mostClicks = 8

// A Tray is the icon and its menu on the screen. Its methods may be called from any goroutine.
type Tray struct {
	clicks chan string

	mu      sync.Mutex // guards what follows
	icon    icon.ID
	title   string
	widgets []*widget // in the order of the entries, children after their parent; nil until the first Show
}

// Open opens the screen; an error of type *NoScreen says that there is none. It must be called on the main goroutine.
//
// dir is a directory of nobody else's for the icon file: desktops are handed icons as files. What an earlier run that
// was killed left there is removed. lost is called when the X server is gone. Nothing can be shown or undone any more
// then: Run never returns, and the process ends when lost does.
func Open(dir string, lost func()) error {
	// The library's files go where no other program's do, so that the next run can tell that they are nobody's.
	for _, name := range tempVariables {
		if err := os.Setenv(name, dir); err != nil {
			return err
		}
	}
	sweep(dir)
	return openScreen(func() {
		sweep(dir)
		lost()
	})
}

// Run has f show what it wants until it returns, and then takes the icon away and returns f's error. It must be called
// after Open, on the main goroutine, and once in a process.
func Run(f func(*Tray) error) error {
	ended := make(chan error, 1)
	t := &Tray{clicks: make(chan string, mostClicks)}
	systray.Run(func() {
		ended <- f(t)
		systray.Quit()
	}, nil)
	select {
	case err := <-ended:
		return err
	default:
		return errors.New("the desktop has ended the tray")
	}
}

// sweep removes the icon files of runs that are over.
func sweep(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, "systray_*"))
	for _, f := range left {
		_ = os.Remove(f) // it is in nobody's way
	}
}

// Clicks has the id of each entry that is clicked.
func (t *Tray) Clicks() <-chan string { return t.clicks }

// Show replaces the menu by m, which has the same entries with the same ids as all menus before it. Only what differs
// is touched: each change of an icon or a line costs the desktop milliseconds. It does not wait for the screen.
func (t *Tray) Show(m menu.Menu) {
	t.mu.Lock()
	defer t.mu.Unlock()
	first := t.widgets == nil
	if first {
		t.makeAll(m.Entries, nil)
	} else {
		t.bringAll(m.Entries, 0)
	}
	if first || t.icon != m.Icon {
		systray.SetIcon(picture(m.Icon))
	}
	if first || t.title != m.Title {
		setTitle(m.Title)
	}
	t.icon, t.title = m.Icon, m.Title
}

// makeAll makes the widgets. Trays cannot insert any later.
func (t *Tray) makeAll(entries []menu.Entry, parent *systray.MenuItem) {
	for _, e := range entries {
		if e.ID == "" {
			systray.AddSeparator()
			continue
		}
		item := newItem(e, parent)
		w := &widget{item: item, ticks: e.Tick, now: appearance{title: e.Title, ticked: e.Ticked}}
		t.widgets = append(t.widgets, w)
		t.makeAll(e.Children, item)
		w.bring(appearanceOf(e))
		if e.Click != nil || e.Tick {
			go t.listen(e.ID, w, item.ClickedCh)
		}
	}
}

// newItem makes an item that is shown, enabled and ticked as e is.
func newItem(e menu.Entry, parent *systray.MenuItem) *systray.MenuItem {
	switch {
	case parent == nil && e.Tick:
		return systray.AddMenuItemCheckbox(e.Title, "", e.Ticked)
	case parent == nil:
		return systray.AddMenuItem(e.Title, "")
	case e.Tick:
		return parent.AddSubMenuItemCheckbox(e.Title, "", e.Ticked)
	}
	return parent.AddSubMenuItem(e.Title, "")
}

// bringAll brings the widgets from the nth on to what the entries say and returns the number of the one after them.
func (t *Tray) bringAll(entries []menu.Entry, n int) int {
	for _, e := range entries {
		if e.ID == "" {
			continue
		}
		t.widgets[n].bring(appearanceOf(e))
		n = t.bringAll(e.Children, n+1)
	}
	return n
}

// listen passes the clicks on an entry on. The library drops clicks while nobody waits for the next, so it waits for
// nothing else.
func (t *Tray) listen(id string, w *widget, clicked <-chan struct{}) {
	for range clicked {
		t.mu.Lock()
		w.retick()
		t.mu.Unlock()
		select {
		case t.clicks <- id:
		default: // nobody fetches them: the program is ending
		}
	}
}
