package core

import (
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
	"github.com/unhunch/unhunch/routines"
)

// Settings are what the machines need of the configuration.
type Settings struct {
	Sitting  sitting.Settings  `json:"sitting"`
	Reminder reminder.Settings `json:"reminder"`
	Sound    bool              `json:"sound,omitempty"` // sessions are heard
}

// An Event is something that happened, and when. At most one of its fields is set; none is a deadline that was
// reached. As JSON it is a line of the event log.
type Event struct {
	At clock.Reading `json:"at"`

	Start    *Start      `json:"start,omitempty"`
	Settings *Settings   `json:"settings,omitempty"` // they changed
	Zone     *clock.Zone `json:"zone,omitempty"`     // the person travelled
	Input    *Input      `json:"input,omitempty"`
	Screen   *Screen     `json:"screen,omitempty"`
	Desk     *Desk       `json:"desk,omitempty"`
	Vouch    *Vouch      `json:"vouch,omitempty"`
	Prompt   string      `json:"prompt,omitempty"` // “expired”: it left the screen for the notification list
	Seen     string      `json:"seen,omitempty"`   // id of the session whose guide has come up on the screen
	Page     string      `json:"page,omitempty"`   // the same, where it is a page that somebody looks at
	Holds    *Holds      `json:"holds,omitempty"`
	Problems *Problems   `json:"problems,omitempty"`
	Tell     bool        `json:"tell,omitempty"` // bring the history up to date
	Recalled *Recalled   `json:"recalled,omitempty"`
	Command  *Command    `json:"command,omitempty"`
}

// Start is the first event of every run of the daemon.
type Start struct {
	BootID   string     `json:"boot_id"` // of the machine; empty where there is none
	Settings Settings   `json:"settings"`
	Zone     clock.Zone `json:"zone"`
}

// Input is what the input sensor reports.
type Input struct {
	State  string        `json:"state"`  // active idle unknown
	Source string        `json:"source"` // api.Presence.Source
	Idle   time.Duration `json:"idle,omitempty"`
}

// Screen is whether the screen is dark.
type Screen struct {
	Dark bool `json:"dark"`
}

// Desk is what the session manager reports.
type Desk struct {
	Locked   bool `json:"locked,omitempty"`
	Inactive bool `json:"inactive,omitempty"` // another user's session is in front
	Sleeping bool `json:"sleeping,omitempty"`
	Here     bool `json:"here,omitempty"` // there is an active session, or a terminal
}

// Vouch is all that was found to vouch for somebody who gives no input. What it is has no place in the event log: each
// has a number, for as long as it lasts.
type Vouch struct {
	By []int `json:"by,omitempty"`
}

// Holds are all the reasons to stay quiet that a look has found.
type Holds struct {
	Found []reminder.Sighting `json:"found,omitempty"`
}

// Problems are all the problems of one part of the program; none when it is well again.
type Problems struct {
	Part string        `json:"part"`
	List []api.Problem `json:"list,omitempty"`
}

// A Command is what the person asks for. Name is an action or “session/…” control of the API, or “was_up”, the
// prompt's button.
type Command struct {
	Name     string          `json:"name"`
	For      time.Duration   `json:"for,omitempty"`
	Tomorrow bool            `json:"tomorrow,omitempty"`
	Off      bool            `json:"off,omitempty"`
	Posture  sitting.Posture `json:"posture,omitempty"`
	Plan     *routines.Plan  `json:"plan,omitempty"`
	Guide    string          `json:"guide,omitempty"`
	Feeling  string          `json:"feeling,omitempty"`
}

// An Effect is something to be done or known. At most one of its fields is set.
type Effect struct {
	Prompt   *reminder.Prompt `json:"prompt,omitempty"`
	Withdraw bool             `json:"withdraw,omitempty"` // take the prompt off the screen
	Look     bool             `json:"look,omitempty"`     // look for reasons to stay quiet, and say by Holds what there is
	Guide    *Guide           `json:"guide,omitempty"`
	Watch    time.Duration    `json:"watch,omitempty"`  // tell of pauses in input from this length on
	Await    *Await           `json:"await,omitempty"`  // look, too, as soon as one of these may be over
	Vouch    string           `json:"vouch,omitempty"`  // find out what vouches for the person: one of the Vouch… orders
	Save     bool             `json:"save,omitempty"`   // write a checkpoint
	Rev      uint64           `json:"rev,omitempty"`    // there is a new visible state
	Notice   string           `json:"notice,omitempty"` // say once: words.Notice
	Record   *Record          `json:"record,omitempty"` // for the history
	Hurt     *Hurt            `json:"hurt,omitempty"`   // for the profile, which retires the exercise
	Refused  string           `json:"refused,omitempty"`
}

// How what vouches for the person is to be found out. Every look is told of, also one that finds nothing.
const (
	VouchLook  = "look"  // once
	VouchWatch = "watch" // and again whenever it changes…
	VouchRest  = "rest"  // …until now
)

// Await is what a break waits for, of what the last look has found; nothing where no end is waited for any more.
type Await struct {
	For []reminder.Sighting `json:"for,omitempty"`
}

// Hurt is that the person has said of an exercise that it hurt.
type Hurt struct {
	Exercise string    `json:"exercise"`
	At       time.Time `json:"at"` // UTC
}

// Guide is where the session has got to; Phase is empty when it is over.
type Guide struct {
	Session string `json:"session"`
	Step    int    `json:"step"` // from 1
	Phase   string `json:"phase"`
	Hurt    bool   `json:"hurt,omitempty"` // paused by “that hurt”
	Guide   string `json:"guide"`
	Sound   string `json:"sound,omitempty"` // to be heard now
}

// The guides that a session waits for until they can be seen.
const (
	GuideBackground = "background" // made of notifications
	GuidePage       = "page"       // in the browser
)

// Notices beside the reminder's.
const (
	NoticePhantom   = "phantom_input"
	NoticeTimerMode = "timer_mode"
	NoticeWorse     = "worse_again" // so the person felt twice running, or more often
)

// Why a command is refused, beside reminder's and sitting's reasons.
const (
	SessionRunning = "session_running"
	NoSession      = "no_session"
	NothingAsked   = "nothing_asked"
)
