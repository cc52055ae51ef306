package words

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
)

// Labels of the controls of a session: the buttons of its notes, the keys of the terminal, the tray.
const (
	GuidePause    = "Pause"
	GuideResume   = "Go on"
	GuideNext     = "Next"
	GuideBack     = "Back"
	GuideStop     = "Stop"
	GuideHurt     = "That hurt"
	GuideStopHere = "Stop here"
	GuideGently   = "Go on gently"
)

// Safety is what the catalogue wants said beside its exercises.
type Safety struct {
	ComeUp string // “come up slowly”
	Rule   string // when to stop
	Tiers  []StopTier
}

// A StopTier is a group of signs that all call for the same help.
type StopTier struct {
	Help  string
	Signs []string
	Brief []string // all of it in a few lines, for a note
}

// A Note is a notification of the guide that runs in the background.
type Note struct {
	Title string
	Body  string
	Plain string // the body where there are no buttons: it says how to answer by command
}

// SessionNote words the moment of a session for the background guide. cues are all instructions of the step, as a note
// does not change while it is worked through.
func SessionNote(s api.Session, cues []string, safety Safety) Note {
	switch {
	case s.Phase == "done":
		return doneNote(s)
	case s.Hurt:
		return hurtNote(safety)
	case waits(s):
		return stepNote(fmt.Sprintf("Ready when you are: %s", stepName(s)), s, cues, safety)
	case s.Phase == "paused":
		return Note{
			Title: "Paused",
			Body:  fmt.Sprintf("You stopped at: %s. Take your time.", stepName(s)),
			Plain: fmt.Sprintf("You stopped at: %s. Take your time.\nTo go on: unhunch session resume. "+
				"If something hurts: unhunch session hurt. To stop: unhunch session stop.", stepName(s)),
		}
	case s.Phase == "ready":
		return stepNote(fmt.Sprintf("Get ready: %s", stepName(s)), s, cues, safety)
	}
	return stepNote(stepName(s), s, cues, safety)
}

// waits tells whether a pause is before any of the phase has passed: at the pace of somebody who begins each step by a
// key, that is no interruption.
func waits(s api.Session) bool { return s.Phase == "paused" && s.StepS > 0 && s.StepLeftS >= s.StepS }

func doneNote(s api.Session) Note {
	if s.CheckIn {
		return Note{
			Title: GuideDone,
			Body:  fmt.Sprintf("%s\n%s", GuideDoneBody, feelingAsk),
			Plain: fmt.Sprintf("%s\n%s", GuideDoneBody, feelingCommand),
		}
	}
	return Note{Title: GuideDone, Body: GuideDoneBody, Plain: GuideDoneBody}
}

func hurtNote(safety Safety) Note {
	var signs []string
	for _, tier := range safety.Tiers {
		signs = append(signs, tier.Brief...)
	}
	list := strings.Join(signs, "\n")
	return Note{
		Title: "Stopped",
		Body:  fmt.Sprintf("%s Stop here, or go on gently with other movements.\n%s", safety.ComeUp, list),
		Plain: fmt.Sprintf("%s To stop here: unhunch session stop. To go on gently: unhunch session resume.\n%s",
			safety.ComeUp, list),
	}
}

func stepNote(title string, s api.Session, cues []string, safety Safety) Note {
	body := fmt.Sprintf("%s\n%s · step %d of %d\n%s",
		strings.Join(cues, "\n"), Span(length(s.StepS)), s.Step, s.Steps, safety.Rule)
	if s.Phase == "paused" {
		return Note{
			Title: title, Body: body,
			Plain: fmt.Sprintf("%s\nTo begin: unhunch session resume. If something hurts: unhunch session hurt. "+
				"To stop: unhunch session stop.", body),
		}
	}
	return Note{
		Title: title, Body: body,
		Plain: fmt.Sprintf("%s\nIf something hurts: unhunch session hurt. To stop: unhunch session stop.", body),
	}
}

// What is said at the end.
const (
	GuideDone     = "Nicely done"
	GuideDoneBody = "Your count starts afresh. Take a breath before you go on."
	GuideFarewell = "Nicely done. Your count starts afresh; take a breath before you go on."
	GuideStopped  = "Stopped. Come up slowly."
	GuideEnded    = "The stretch has ended."
)

// PlainFarewell is the end of a session in plain lines, which cannot wait for an answer.
func PlainFarewell(s api.Session) string {
	if s.CheckIn {
		return fmt.Sprintf("%s\n%s", GuideFarewell, feelingCommand)
	}
	return GuideFarewell
}

// GuideStarted tells that a session has begun which notifications guide.
func GuideStarted(s api.Session) string {
	if s.Steps == 1 {
		return fmt.Sprintf("Started: one step, %s. Notifications guide it; stop it with: unhunch session stop",
			statusCountdown(s.LengthS))
	}
	return fmt.Sprintf("Started: %d steps, %s. Notifications guide it; stop it with: unhunch session stop",
		s.Steps, statusCountdown(s.LengthS))
}

// PlanHead is the first line about a session that is planned.
func PlanHead(p api.Plan) string {
	if len(p.Steps) == 1 {
		return fmt.Sprintf("%s in one step, getting ready included", statusCountdown(p.LengthS))
	}
	return fmt.Sprintf("%s in %d steps, getting ready included", statusCountdown(p.LengthS), len(p.Steps))
}

// A Frame is a moment of a session for a guide that has a screen to itself.
type Frame struct {
	Progress string // where in the session
	Title    string // what is being done, on which side
	Cue      string // one instruction
	Ask      string // what nobody has to answer
	Left     string // of this phase, as digits
	Next     string
	Keys     string // what can be pressed
}

// SessionFrame words the moment of a session. Keys are those of the terminal.
func SessionFrame(s api.Session) Frame {
	f := Frame{
		Progress: fmt.Sprintf("Step %d of %d · %s left in all", s.Step, s.Steps, statusCountdown(s.LeftS)),
		Title:    stepName(s), Cue: s.Cue, Left: statusCountdown(max(s.StepLeftS, 0)), Next: nextStep(s),
		Keys: "space pause · n next · b back · h that hurt · ? when to stop · q stop",
	}
	switch {
	case s.Hurt:
		f.Title, f.Keys = GuideStopped, "enter stop here · g go on gently"
	case s.Phase == "done":
		f.Title, f.Cue, f.Keys = GuideDone, GuideDoneBody, "any key closes this"
		if s.CheckIn {
			f.Ask, f.Keys = feelingAsk, feelingKeys
		}
	case s.Phase == "paused":
		f.Title = fmt.Sprintf("Paused: %s", stepName(s))
		if waits(s) {
			f.Title = fmt.Sprintf("Ready when you are: %s", stepName(s))
		}
		f.Keys = "space go on · n next · b back · h that hurt · ? when to stop · q stop"
	case s.Phase == "ready":
		f.Title = fmt.Sprintf("Get ready: %s", stepName(s))
	}
	return f
}

func nextStep(s api.Session) string {
	switch {
	case s.Next == "":
		return "This is the last step"
	case s.Next == s.Name && s.NextSide != "" && s.Side != "":
		return "Next: the other side"
	}
	return fmt.Sprintf("Next: %s", StepName(s.Next, s.NextSide))
}

// SignsFrame words the signs to stop for, when somebody asks for them before anything hurts.
func SignsFrame() Frame {
	return Frame{Title: "When to stop", Keys: "space go on · h that hurt · q stop"}
}

// HurtLines is what to do when something hurt, and the signs that call for help.
func HurtLines(safety Safety) []string {
	lines := []string{safety.Rule}
	for _, tier := range safety.Tiers {
		lines = append(lines, fmt.Sprintf("%s:", tier.Help))
		for _, sign := range tier.Signs {
			lines = append(lines, fmt.Sprintf("  - %s", sign))
		}
	}
	return lines
}

// HurtLinesBrief is the same where there is little room.
func HurtLinesBrief(safety Safety) []string {
	lines := []string{safety.Rule}
	for _, tier := range safety.Tiers {
		lines = append(lines, tier.Brief...)
	}
	return lines
}

// What stands beside the signs.
const (
	// GuideMoreSigns ends a list that the window is too low for.
	GuideMoreSigns = "All of it stays here when you stop."
	// HurtCommands is how to answer “that hurt” where there are neither keys nor buttons.
	HurtCommands = "To stop here: unhunch session stop. To go on gently: unhunch session resume."
)

// PlainOpening is said before the first line of a session in plain lines.
func PlainOpening(s api.Session, safety Safety) string {
	return fmt.Sprintf("%s in all. %s\nIf something hurts: unhunch session hurt. Ctrl-C stops.",
		spoken(s.LengthS), safety.Rule)
}

// PlainLine is the moment of a session as a line of text; its instructions stand on lines of their own. It is the same
// all through a phase.
func PlainLine(s api.Session) string {
	switch {
	case waits(s):
		return fmt.Sprintf("%d of %d: Ready when you are for %s, %s. To begin: unhunch session resume.",
			s.Step, s.Steps, stepName(s), spoken(s.StepS))
	case s.Phase == "paused":
		return fmt.Sprintf("%d of %d: Paused at %s. To go on: unhunch session resume.", s.Step, s.Steps, stepName(s))
	case s.Phase == "ready":
		return fmt.Sprintf("%d of %d: Get ready for %s, %s.", s.Step, s.Steps, stepName(s), spoken(s.StepS))
	}
	return fmt.Sprintf("%d of %d: %s, %s.", s.Step, s.Steps, stepName(s), spoken(s.StepS))
}

// spoken is a length of time in full words, for whoever has it read out.
func spoken(s float64) string {
	whole := int(math.Round(s))
	switch {
	case whole == 1:
		return "1 second"
	case whole == 60:
		return "1 minute"
	case whole%60 == 0 && whole > 0:
		return fmt.Sprintf("%d minutes", whole/60)
	case whole > 120:
		return fmt.Sprintf("%d minutes %d seconds", whole/60, whole%60)
	}
	return fmt.Sprintf("%d seconds", whole)
}

// StepName is an exercise and, where it has two, the side: “Neck tilts, left side”.
func StepName(name, side string) string { return stepName(api.Session{Name: name, Side: side}) }

func stepName(s api.Session) string {
	switch s.Side {
	case "left":
		return fmt.Sprintf("%s, left side", s.Name)
	case "right":
		return fmt.Sprintf("%s, right side", s.Name)
	}
	return s.Name
}

func length(s float64) time.Duration {
	return time.Duration(s * float64(time.Second)).Round(time.Second)
}
