// Package api holds the wire types of the local API: what `unhunch status --json` prints and what goes over the
// daemon's socket. Standard library only, no behaviour. Fields are only ever added; a reader ignores those it
// does not know. Names ending in _s are seconds.
package api

import (
	"encoding/json"
	"time"
)

// State is the whole visible state of the daemon, as GET /v1/state gives it.
type State struct {
	Rev     uint64    `json:"rev"`  // grows on transitions, never because time passed
	Boot    string    `json:"boot"` // a new random id per daemon start
	At      time.Time `json:"at"`   // UTC, when the state was taken
	Version string    `json:"version"`

	Presence Presence `json:"presence"`
	Posture  string   `json:"posture"` // sitting standing away undecided unknown
	Sitting  Sitting  `json:"sitting"`
	Standing Standing `json:"standing"`
	Reminder Reminder `json:"reminder"`
	Session  *Session `json:"session"` // null when none runs
	Today    Today    `json:"today"`

	PausedUntil  *time.Time `json:"paused_until"`  // null when not paused, or paused until resumed
	MeetingUntil *time.Time `json:"meeting_until"` // null when in no meeting, or in one until told otherwise
	Problems     []Problem  `json:"problems"`      // never null
	Suggestion   *Problem   `json:"suggestion"`    // a better setting, offered after three equal corrections
	Card         *Problem   `json:"card"`          // what the first two weeks came to; null but for the week after them
	ProfileOffer *Problem   `json:"profile_offer"` // what the person may want to say of themselves; null for nothing
	WorseRunning int        `json:"worse_running"` // answers “worse” in a row after sessions; from 2 the stop signs are to be shown
}

// Presence is what the sensors say.
type Presence struct {
	State  string   `json:"state"`  // active idle locked asleep unknown
	Source string   `json:"source"` // x11 mutter wayland kde windows darwin timer none
	IdleS  *float64 `json:"idle_s"` // since the last input; null where the source cannot tell
}

// Sitting is the load and what is left of it.
type Sitting struct {
	LoadS   float64  `json:"load_s"`
	LimitS  float64  `json:"limit_s"`
	DueInS  float64  `json:"due_in_s"` // sitting still needed until a break comes due, never below 0
	StreakS float64  `json:"streak_s"` // since the person last left the chair for a minute or more
	Rate    float64  `json:"rate"`     // seconds of load per second: 1, 0 or −limit/rest
	Silence *Silence `json:"silence"`  // the last silence, for 15 minutes after it
}

// Silence is a stretch without input and how it was counted.
type Silence struct {
	S         float64 `json:"s"`
	CountedAs string  `json:"counted_as"` // undecided away sitting standing
}

// Standing is the load of declared standing.
type Standing struct {
	LoadS  float64 `json:"load_s"`
	LimitS float64 `json:"limit_s"`
	DueInS float64 `json:"due_in_s"`
	Rate   float64 `json:"rate"`
}

// Reminder says whether a break is asked for, and why not.
type Reminder struct {
	Phase       string     `json:"phase"`  // in_session paused off_hours snoozed held prompted due quiet
	Reason      string     `json:"reason"` // due: patience away locked grace; held: meeting …; snoozed: user ignored
	Until       *time.Time `json:"until"`  // when the phase ends, null where that is not known
	SnoozesLeft int        `json:"snoozes_left"`
	SnoozeS     []float64  `json:"snooze_s"`  // the lengths on offer, the first by default
	TrayOnly    bool       `json:"tray_only"` // five working days without one accepted prompt: no notifications
}

// Session is the running guided session. Its id changes with every session.
type Session struct {
	ID        string  `json:"id"`
	Routine   string  `json:"routine"`
	Place     string  `json:"place"`
	Step      int     `json:"step"` // from 1
	Steps     int     `json:"steps"`
	Exercise  string  `json:"exercise"` // its id
	Name      string  `json:"name"`
	Side      string  `json:"side"` // left right or empty
	Cue       string  `json:"cue"`  // one instruction of at most 12 words
	Next      string  `json:"next"` // what comes after this step, empty on the last
	NextSide  string  `json:"next_side"`
	Phase     string  `json:"phase"` // ready work paused done
	StepLeftS float64 `json:"step_left_s"`
	StepS     float64 `json:"step_s"` // length of the current ready or work phase
	LeftS     float64 `json:"left_s"` // excludes pauses
	LengthS   float64 `json:"length_s"`
	Waiting   bool    `json:"waiting"`  // the countdown stands until the guide is on the screen
	Hurt      bool    `json:"hurt"`     // paused by “that hurt”: stop, or resume gently
	Guide     string  `json:"guide"`    // page terminal background
	CheckIn   bool    `json:"check_in"` // done, and asks how it has left the person: POST /v1/session/feeling
}

// Today is the figures of the local day, which begins at day_starts. Whole seconds.
type Today struct {
	SittingS      int64 `json:"sitting_s"`
	StandingS     int64 `json:"standing_s"`
	AwayS         int64 `json:"away_s"`
	Prompts       int   `json:"prompts"`
	Sessions      int   `json:"sessions"`
	NaturalBreaks int   `json:"natural_breaks"`
	Snoozes       int   `json:"snoozes"`
	Skips         int   `json:"skips"`
}

// Problem is something degraded, or a suggestion, in words for the person.
type Problem struct {
	Part    string `json:"part"` // config presence notify session clock state …
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// Error is the body of every refused request, and what --json prints for a failed command.
type Error struct {
	Error ErrorDetail `json:"error"`
}

// ErrorDetail says what is wrong and what to try.
type ErrorDetail struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// Codes of ErrorDetail.Code, and the exit code of the command line for each.
const (
	CodeFailed       = "failed"        // 1
	CodeInvalid      = "invalid"       // 2, HTTP 400
	CodeNotRunning   = "not_running"   // 3, never sent by a daemon
	CodeRefused      = "refused"       // 4, HTTP 409: a rule says no
	CodeNotInstalled = "not_installed" // 1: there is no service to start
	CodeForbidden    = "forbidden"     // HTTP 403: not for browsers or other users
)

// Routes. Actions and session controls are POST and answer with the new State.
const (
	PathState   = "/v1/state"
	PathEvents  = "/v1/events"       // server-sent events, each `data: ` line a whole State
	PathActions = "/v1/actions/"     // + stretch snooze skip pause resume sit stand meeting was
	PathSession = "/v1/session/"     // + next back pause resume stop hurt
	PathDoctor  = "/v1/doctor"       // Doctor
	PathLog     = "/v1/debug/events" // the event log, JSON lines
	PathPlan    = "/v1/plan"         // POST PlanRequest → Plan
	PathConfig  = "/v1/config"       // GET the settings in force, PATCH {"key": "value"}
	PathRout    = "/v1/routines"     // GET Routines
	PathPage    = "/v1/page"         // POST PageRequest → PageLink: opens the page
	PathQuit    = "/v1/quit"         // POST, the daemon ends
)

// StretchRequest is the body of /v1/actions/stretch, and what a PlanRequest begins with. Empty fields mean the settings'.
type StretchRequest struct {
	Routine string `json:"routine,omitempty"`
	Length  string `json:"length,omitempty"` // a duration as in the config
	Place   string `json:"place,omitempty"`  // chair standing floor
	Guide   string `json:"guide,omitempty"`  // terminal page background; empty: the settings', or what suits the desktop

	Equipment []string `json:"equipment,omitempty"` // to use now, of what the profile lists: a bar, an inversion table
}

// PlanRequest is the body of /v1/plan.
type PlanRequest struct {
	StretchRequest
	WhyNot string `json:"why_not,omitempty"` // an exercise: say why it is not in the session
}

// PageRequest is the body of /v1/page.
type PageRequest struct {
	Session bool `json:"session,omitempty"` // it is for a session that is about to begin
	Here    bool `json:"here,omitempty"`    // whoever asks can open a link too
	// LinkOnly asks for a link alone: nothing is opened.
	LinkOnly bool `json:"link_only,omitempty"`
	// Failed is a link of an EventOpen that could not be opened, so that another way is tried. Nothing else is read then.
	Failed string `json:"failed,omitempty"`
}

// PageLink is the answer: a page has come into sight or been opened, or else a link that opens it, once and within half
// a minute.
type PageLink struct {
	Opened bool   `json:"opened"`
	Link   string `json:"link,omitempty"`
}

// QueryOpens, on PathEvents, says that the watcher can open links in the person's browser. It is then sent events named
// EventOpen, whose data is a PageLink, beside the states.
const (
	QueryOpens = "opens=links"
	EventOpen  = "open"
)

// DurationRequest is the body of snooze, sit, meeting ("off" ends it), stand (nothing but "off", which takes it back)
// and pause ("tomorrow", or empty for until resumed).
type DurationRequest struct {
	Duration string `json:"duration,omitempty"`
}

// WasRequest is the body of /v1/actions/was. An empty duration means the last silence.
type WasRequest struct {
	Posture  string `json:"posture"` // sitting standing away
	Duration string `json:"duration,omitempty"`
}

// Plan is what a session would be, as `stretch --dry-run --json` prints it.
type Plan struct {
	Routine string     `json:"routine"`
	LengthS float64    `json:"length_s"`
	Steps   []PlanStep `json:"steps"`

	Note     string   `json:"note,omitempty"`      // what is not as it was asked for, in words
	NoteCode string   `json:"note_code,omitempty"` // shorter left_out no_floor
	WhyNot   *Absence `json:"why_not,omitempty"`   // if that was asked
}

// Absence is why an exercise is not in a session.
type Absence struct {
	Exercise string `json:"exercise"`
	Name     string `json:"name"`
	Code     string `json:"code"` // planned where it is in the session
	Message  string `json:"message"`
	Hint     string `json:"hint,omitempty"`
}

// PlanStep is one exercise on one side.
type PlanStep struct {
	Exercise string  `json:"exercise"`
	Side     string  `json:"side"`
	ReadyS   float64 `json:"ready_s"`
	WorkS    float64 `json:"work_s"`
	Why      string  `json:"why,omitempty"`      // in words
	WhyCode  string  `json:"why_code,omitempty"` // warmup direction oldest new again fits routine side
}

// Routines is the whole catalogue.
type Routines struct {
	Exercises []Exercise `json:"exercises"`
	Routines  []Routine  `json:"routines"`
	Cards     []Card     `json:"cards"` // in the order to read them in
}

// Exercise is one movement of the catalogue.
type Exercise struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Kind      string   `json:"kind"`  // warmup stretch strength traction
	Level     string   `json:"level"` // gentle moderate advanced
	Place     string   `json:"place"` // chair standing floor bar table
	Equipment []string `json:"equipment"`
	HoldS     Range    `json:"hold_s"`
	Reps      int      `json:"reps"`
	Sides     int      `json:"sides"` // 1, or 2 for left and right
	PerWeek   *Range   `json:"per_week"`
	PerDay    int      `json:"per_day"`
	Direction []string `json:"direction"`
	Steps     []string `json:"steps"`
	Benefits  []string `json:"benefits"`
	Cautions  []string `json:"cautions"`
	AvoidWith []string `json:"avoid_with"`
	Source    []string `json:"source"`
	Author    string   `json:"author,omitempty"` // of an exercise that does not come with the program
	Own       bool     `json:"own,omitempty"`    // from a file of the person's own

	Also     []string `json:"also,omitempty"`      // further places where it is done the same way
	Discreet bool     `json:"discreet,omitempty"`  // nobody in an open office looks up
	OptIn    bool     `json:"opt_in,omitempty"`    // off until enabled
	EndRange bool     `json:"end_range,omitempty"` // bends the back as far as it goes: not in the first hour of the day
	Needs    []string `json:"needs,omitempty"`     // of the body: standing kneeling overhead both-arms legs getting-down
}

// Range is an inclusive range of whole numbers.
type Range struct {
	Min int `json:"min"`
	Max int `json:"max"`
}

// Routine is a named, fixed list of exercises.
type Routine struct {
	ID    string     `json:"id"`
	Name  string     `json:"name"`
	About string     `json:"about,omitempty"` // what it is for, in a sentence
	Place string     `json:"place"`
	Level string     `json:"level"` // the highest among its exercises
	Steps []PlanStep `json:"steps"` // as it is written; a session leaves out what is not for the person

	Author string `json:"author,omitempty"`
	Own    bool   `json:"own,omitempty"` // from a file of the person's own
}

// Card is a short page to read, a thought in each line.
type Card struct {
	ID     string   `json:"id"`
	Title  string   `json:"title"`
	Lines  []string `json:"lines"`
	Source []string `json:"source"`
}

// Doctor is the report of `unhunch doctor`.
type Doctor struct {
	Version string  `json:"version"`           // of the daemon, or of the command where none answers
	Program string  `json:"program,omitempty"` // of the command that looked around
	PID     int     `json:"pid,omitempty"`     // of the daemon
	Checks  []Check `json:"checks"`
}

// Check is one line of the doctor's report.
type Check struct {
	Part   string `json:"part"`
	Status string `json:"status"` // ok degraded missing
	Detail string `json:"detail"` // what is in use, or why not
	Hint   string `json:"hint"`   // what to do, empty when ok
}

// Settings is the answer of GET /v1/config: every key with its value in force, as written in the file.
type Settings struct {
	Path   string                     `json:"path"`
	Values map[string]json.RawMessage `json:"values"` // "sitting.limit": "30m"
}
