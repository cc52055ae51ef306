package menu

import (
	"slices"
	"time"

	"github.com/unhunch/unhunch/daemon/client"
)

const (
	// firstLook is far less than the minute in which anything of the menu changes.
	firstLook = time.Second
	// stride is how far apart to look at most. Times of day are written differently for a day at a time, the shortest
	// of which has 23 hours: nothing can change and change back between two looks.
	stride = 12 * time.Hour
	// horizon is how far ahead to look. Times of day are named by their weekday at most a week ahead.
	horizon = 8 * 24 * time.Hour
)

// NextChange is how long the menu for f stays as it is if nothing happens: minutes go by, the figure slumps, a day
// begins. 0 means that it stays so by itself for longer than a week. Until then there is no need to build it again.
//
// It looks ahead with Build itself, so that nothing that moves can be forgotten: every figure shown goes one way only
// while nothing happens, so what is the same at both ends of a short enough time has been the same all along.
func NextChange(f Facts) time.Duration {
	if f.State == nil {
		return 0
	}
	now := Build(f)
	same := func(d time.Duration) bool { return equal(now, Build(ahead(f, d))) }
	before, after := time.Duration(0), firstLook
	for same(after) {
		before, after = after, after+min(after, stride)
		if after > horizon {
			return 0
		}
	}
	for after-before > 1 {
		if mid := before + (after-before)/2; same(mid) {
			before = mid
		} else {
			after = mid
		}
	}
	return after
}

// ahead are the facts after d in which nothing happened.
func ahead(f Facts, d time.Duration) Facts {
	s := client.Ahead(*f.State, d)
	f.State, f.Now = &s, f.Now.Add(d)
	return f
}

// equal says whether two menus of the same daemon look alike: what a click does goes with what the entry says.
func equal(a, b Menu) bool {
	return a.Icon == b.Icon && a.Title == b.Title && slices.EqualFunc(a.Entries, b.Entries, alike)
}

func alike(a, b Entry) bool {
	return a.Title == b.Title && a.Hidden == b.Hidden && a.Disabled == b.Disabled && a.Ticked == b.Ticked &&
		slices.EqualFunc(a.Children, b.Children, alike)
}
