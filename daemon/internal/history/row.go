package history

import "time"

// A Row is something that happened: a Span, a Prompt, a NaturalBreak or Unbroken, a Session or what was Felt after one.
type Row interface {
	// worth is how dear the row is when not all can be kept in memory: the least goes first.
	worth() int
	check() error
}

// A Span is what the person did for a time. Spans shorter than a millisecond, and those of a posture that is not
// known, are not written.
type Span struct {
	From    time.Time     // by the wall clock
	For     time.Duration // by the boot clock: a wall clock that is set does not change it
	Posture Posture
	// Open is a checkpoint: the span is going on. It does not wait for the disk, and one a minute is enough. An absence
	// needs none: after a crash, what nobody recorded is known to have been one.
	Open bool
}

// A Prompt is a break that was asked for. It is added when it is shown and again, with the same At, when something has
// come of it.
type Prompt struct {
	At       time.Time
	Unasked  bool      // snoozed, skipped or taken by the person before it was shown
	Outcome  Outcome   // empty while nothing has come of it
	Answered time.Time // when the outcome came; zero if none
}

// A NaturalBreak is an absence that counts as a break. It is forgotten when the moment it began at is recounted as time
// in the chair, or by Unbroken.
type NaturalBreak struct {
	At time.Time // when the absence began
}

// Unbroken is that no absence that began in between counts as a break, as far as is known now. Those that do are added
// after it.
type Unbroken struct {
	From, To time.Time
}

// A Session is a guided session, added when it is over. Adding one with the same At replaces it.
type Session struct {
	At      time.Time // when it began
	Routine string
	Place   string
	Outcome Outcome // Finished, Stopped or Interrupted
	Steps   []Step
	Feeling Feeling // empty if not said
}

// A Step is an exercise on one side.
type Step struct {
	Exercise string
	Side     string        // left right or empty
	Done     time.Duration // time worked, 0 for a step that was skipped
	Hurt     bool
}

// Felt is how the person felt after a session, if they say so. For a session that is not on record it does nothing.
type Felt struct {
	At      time.Time // when the session began
	Feeling Feeling
}

// What is dropped first when rows have waited too long: time passes again every day, a session is an effort.
const (
	worthSpan = iota
	worthPrompt
	worthSession
)

func (Span) worth() int         { return worthSpan }
func (Prompt) worth() int       { return worthPrompt }
func (NaturalBreak) worth() int { return worthPrompt }
func (Unbroken) worth() int     { return worthPrompt }
func (Session) worth() int      { return worthSession }
func (Felt) worth() int         { return worthSession }
