package words

import (
	"fmt"
	"strings"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
)

// A Note is a notification of the guide that runs in the background.
type Note struct {
	Title string
	Body  string
	Plain string // the body where there are no buttons: it says how to answer by command
}

// Labels of the buttons on the guide's notes.
const (
	GuidePause    = "Pause"
	GuideResume   = "Go on"
	GuideNext     = "Next"
	GuideStop     = "Stop"
	GuideHurt     = "That hurt"
	GuideStopHere = "Stop here"
	GuideGently   = "Go on gently"
)

// Safety is what the catalogue wants said beside its exercises.
type Safety struct {
	ComeUp string   // “come up slowly”
	Rule   string   // when to stop
	Signs  []string // to get help for, one line for each kind of help
}

// SessionNote words the moment of a session for the background guide.
func SessionNote(s api.Session, safety Safety) Note {
	switch {
	case s.Phase == "done":
		return doneNote()
	case s.Hurt:
		return hurtNote(safety)
	case s.Phase == "paused":
		return Note{
			Title: "Paused",
			Body:  fmt.Sprintf("You stopped at: %s. Take your time.", stepName(s)),
			Plain: fmt.Sprintf("You stopped at: %s. To go on: unhunch session resume.", stepName(s)),
		}
	case s.Phase == "ready":
		return stepNote(fmt.Sprintf("Get ready: %s", stepName(s)), s, safety)
	}
	return stepNote(stepName(s), s, safety)
}

func doneNote() Note {
	const body = "Done. Your count starts afresh; take a breath before you go on."
	return Note{Title: "Nicely done", Body: body, Plain: body}
}

func hurtNote(safety Safety) Note {
	signs := strings.Join(safety.Signs, "\n")
	return Note{
		Title: "Stopped",
		Body:  fmt.Sprintf("%s Stop here, or go on gently with other movements.\n%s", safety.ComeUp, signs),
		Plain: fmt.Sprintf("%s To stop here: unhunch session stop. To go on gently: unhunch session resume.\n%s",
			safety.ComeUp, signs),
	}
}

func stepNote(title string, s api.Session, safety Safety) Note {
	body := fmt.Sprintf("%s\n%s · step %d of %d\n%s", s.Cue, Span(length(s.StepS)), s.Step, s.Steps, safety.Rule)
	return Note{
		Title: title, Body: body,
		Plain: fmt.Sprintf("%s\nIf something hurts: unhunch session hurt. To stop: unhunch session stop.", body),
	}
}

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
