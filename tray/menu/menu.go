// Package menu decides what the tray shows: Build is a pure function from what is known to an icon and a menu. It
// draws nothing and asks nobody.
package menu

import (
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/tray/icon"
)

// Facts are all that the menu depends on.
type Facts struct {
	State    *api.State     // as of Now; nil when the daemon is not running
	Now      time.Time      // the moment the menu is for
	Zone     *time.Location // the person's; nil means UTC
	Version  string         // of the tray
	Starting bool           // the daemon is being started on the person's request
	Trouble  string         // why the last click did nothing, in words; empty when it did what it says
}

// A Menu is everything the tray shows.
type Menu struct {
	Icon    icon.ID
	Title   string // of the icon, what a pointer resting on it reads; some desktops show it beside the icon
	Entries []Entry
}

// An Entry is a line of the menu. Trays cannot insert or remove lines, only hide them: Build returns the same entries
// with the same ids in the same order, whatever the facts. What of an entry may differ from one menu to the next is
// Title, Hidden, Disabled, Ticked and Click.
type Entry struct {
	ID       string // empty for a separator, which has nothing else and cannot be hidden
	Title    string
	Hidden   bool
	Disabled bool // shown, but not to be clicked: a line to be read, or nothing to do now
	Tick     bool // the entry can have a tick
	Ticked   bool
	Click    *Click  // what a click does, nil for a line to be read and for the parent of Children
	Children []Entry // a submenu, one level deep
}

// A Click is an order to carry out: exactly one field is set, or Do with its Body, or Key with its Value.
type Click struct {
	Do    string // an action or session control of the daemon, with Body as package client's Do takes it
	Body  any
	Key   string // a setting to change, to Value
	Value string
	Page  bool // open the page
	Start bool // start the daemon
	Hide  bool // end the tray, the daemon goes on
	Stop  bool // end both
}

// Build is the menu for f. It offers, enabled, only what the daemon would not refuse in that state.
//
// There are three groups: what is to be read, what to do now, and how things are to go on. Since separators cannot be
// hidden, each group has something that is always visible.
func Build(f Facts) Menu {
	m := look(f)
	if !m.running {
		title := words.TrayNotRunning
		if m.Starting {
			title = words.TrayStarting
		}
		return Menu{Icon: icon.Down, Title: title, Entries: m.entries()}
	}
	return Menu{Icon: figure(m.s), Title: words.TrayTitle(m.s), Entries: m.entries()}
}

// A moment is Facts, and what several entries ask of them.
type moment struct {
	Facts
	s          api.State // the zero State when the daemon is not running
	running    bool      // the daemon is
	stretching bool      // a session runs and is not done: the daemon refuses another
	waiting    bool      // a break is owed: it may be snoozed and skipped
	paused     bool
}

func look(f Facts) moment {
	if f.Zone == nil {
		f.Zone = time.UTC
	}
	m := moment{Facts: f, running: f.State != nil}
	if !m.running {
		return m
	}
	m.s = *f.State
	m.stretching = m.s.Session != nil && m.s.Session.Phase != "done"
	m.waiting = waiting(m.s)
	// During a session the phase does not tell of a pause, but the time of its end does where it has one.
	m.paused = m.s.Reminder.Phase == "paused" || m.s.PausedUntil != nil
	return m
}

// waiting says whether a break is owed. While reminders are off the state does not tell.
func waiting(s api.State) bool {
	switch s.Reminder.Phase {
	case "due", "prompted", "held", "snoozed":
		return s.Session == nil
	}
	return false
}

func (m moment) entries() []Entry {
	var all []Entry
	for i, group := range [][]Entry{m.reading(), m.now(), m.onward()} {
		if i > 0 {
			all = append(all, Entry{})
		}
		all = append(all, group...)
	}
	return all
}

// line is an entry to be read; without text there is nothing to be seen.
func line(id, text string) Entry {
	return Entry{ID: id, Title: text, Hidden: text == "", Disabled: true}
}

// item is an entry that a click on does something.
func item(id, title string, c Click) Entry { return Entry{ID: id, Title: title, Click: &c} }

// do is an item that orders the daemon to do something. body is as package client's Do takes it.
func do(id, title, action string, body any) Entry {
	return item(id, title, Click{Do: action, Body: body})
}

// only is e where shown, and hidden else.
func (e Entry) only(shown bool) Entry {
	e.Hidden = e.Hidden || !shown
	return e
}

// when is e where possible, and greyed else.
func (e Entry) when(possible bool) Entry {
	e.Disabled = e.Disabled || !possible
	return e
}

// tick is e with a tick, or without one but with room for it.
func (e Entry) tick(on bool) Entry {
	e.Tick, e.Ticked = true, on
	return e
}
