// Package icon holds the tray's icons. They are drawn by the command in draw, which holds what they look like.
package icon

//go:generate go run ./draw

// An ID names an icon.
type ID int

// The icons: a sitting figure that slumps as the time in the chair grows, and what else there is to be told at a glance.
const (
	Upright  ID = iota // less than a quarter of the limit in the chair
	Easing             // a quarter
	Leaning            // half
	Slumping           // three quarters
	Slumped            // the whole limit: a break is due
	Standing           // declared standing
	Away               // an empty chair
	Session            // a stretch is running
	Paused             // reminders are off: greyed
	Unknown            // nobody can tell: greyed
	Down               // the daemon is not running
	Count              // how many there are
)

var names = [Count]string{
	Upright: "upright", Easing: "easing", Leaning: "leaning", Slumping: "slumping", Slumped: "slumped",
	Standing: "standing", Away: "away", Session: "session",
	Paused: "paused", Unknown: "unknown", Down: "down",
}

// String is the name of the icon's files.
func (id ID) String() string {
	if id < 0 || id >= Count {
		return "no icon"
	}
	return names[id]
}

// PNG is the icon as trays other than Windows' take it, a square with room to be scaled down; nil on Windows. The
// bytes are part of the program and never move: trays read them after the call that hands them over.
func PNG(id ID) []byte { return pngs[id] }

// ICO is the icon as Windows' tray takes it, in several sizes; nil elsewhere. The bytes are part of the program and
// never move.
func ICO(id ID) []byte { return icos[id] }
