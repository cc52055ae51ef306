package words

import (
	"fmt"
	"strings"
	"time"
)

// PromptFacts is what a prompt has to tell.
type PromptFacts struct {
	InChair   time.Duration // since the person last left the chair; if Standing, since standing up
	Standing  bool          // the person has stood for long, not sat
	LeadGetUp bool          // in the chair for so long that getting up comes before any exercise

	Length time.Duration // of the session that Start would begin
	Moves  []string      // of that session, in their spoken form; none if there is no session to offer

	OverBy      string // what it has waited for long enough goes on: “microphone”, “camera” or “screen”; empty for nothing
	OverProgram string // which program that is, empty where it has no name

	OfferUp    bool          // a silence that nobody could explain may have been a break: “I was up” in place of Skip
	NextSnooze time.Duration // 0: none left
}

// A Prompt is the notification that asks for a break.
type Prompt struct {
	Title string
	Body  string
	Plain string // the body where there are no buttons: it says how to answer by command

	Start  string // label of the button that starts the session
	Snooze string // asks again later; with no snooze left it pauses until tomorrow
	Skip   string // skips, or says that the person was up
}

// BreakPrompt words the prompt.
func BreakPrompt(f PromptFacts) Prompt {
	p := Prompt{
		Title: "A good moment to get up", Body: sittingBody(f),
		Start: "Start", Snooze: snoozeLabel(f.NextSnooze), Skip: "Skip",
	}
	if f.Standing {
		p.Title, p.Body = "A good moment to change position", standingBody(f)
	}
	if f.OfferUp {
		p.Skip = "I was up"
	}
	if f.OverBy != "" {
		p.Body += "\n" + overBody(f)
	}
	p.Plain = p.Body + "\n" + howToAnswer(f)
	return p
}

func sittingBody(f PromptFacts) string {
	sat, session, moves := Span(f.InChair), sessionLength(f.Length), strings.Join(f.Moves, ", ")
	switch {
	case f.LeadGetUp && len(f.Moves) == 0:
		return fmt.Sprintf("Stand up first and take a few steps: it has been %s in the chair. Fetching water counts too.",
			sat)
	case f.LeadGetUp:
		return fmt.Sprintf("Stand up first and take a few steps: it has been %s in the chair. %s: %s. "+
			"Fetching water counts too.", sat, session, moves)
	case len(f.Moves) == 0:
		return fmt.Sprintf("%s in the chair. A few steps are enough. Fetching water counts too.", sat)
	}
	return fmt.Sprintf("%s in the chair. %s: %s. Fetching water counts too.", sat, session, moves)
}

// overBody says why the prompt comes so late, and that it may come later still.
func overBody(f PromptFacts) string {
	switch {
	case f.OverBy == "camera" && f.OverProgram == "":
		return "There is no hurry: a program is still using the camera."
	case f.OverBy == "camera":
		return fmt.Sprintf("There is no hurry: %s is still using the camera.", f.OverProgram)
	case f.OverBy == "screen" && f.OverProgram == "":
		return "There is no hurry: a program still fills the screen."
	case f.OverBy == "screen":
		return fmt.Sprintf("There is no hurry: %s still fills the screen.", f.OverProgram)
	case f.OverProgram == "":
		return "There is no hurry: a program is still using the microphone."
	}
	return fmt.Sprintf("There is no hurry: %s is still using the microphone.", f.OverProgram)
}

func standingBody(f PromptFacts) string {
	if len(f.Moves) == 0 {
		return fmt.Sprintf("%s on your feet. Time to sit or walk a little.", Span(f.InChair))
	}
	return fmt.Sprintf("%s on your feet. Time to sit or walk a little. %s, if you like: %s.",
		Span(f.InChair), sessionLength(f.Length), strings.Join(f.Moves, ", "))
}

// sessionLength begins a sentence.
func sessionLength(d time.Duration) string {
	switch d {
	case 30 * time.Second:
		return "Half a minute"
	case time.Minute:
		return "One minute"
	case 2 * time.Minute:
		return "Two minutes"
	case 3 * time.Minute:
		return "Three minutes"
	case 5 * time.Minute:
		return "Five minutes"
	case 10 * time.Minute:
		return "Ten minutes"
	}
	return Span(d)
}

func snoozeLabel(next time.Duration) string {
	if next == 0 {
		return "Off until tomorrow"
	}
	return fmt.Sprintf("In %s", Span(next))
}

func howToAnswer(f PromptFacts) string {
	switch {
	case f.OfferUp && f.NextSnooze == 0:
		return "To begin: unhunch stretch. Off until tomorrow: unhunch pause tomorrow. You were up: unhunch was away."
	case f.OfferUp:
		return fmt.Sprintf("To begin: unhunch stretch. In %s: unhunch snooze %s. You were up: unhunch was away.",
			Span(f.NextSnooze), argument(f.NextSnooze))
	case f.NextSnooze == 0:
		return "To begin: unhunch stretch. Off until tomorrow: unhunch pause tomorrow. Not now: unhunch skip."
	}
	return fmt.Sprintf("To begin: unhunch stretch. In %s: unhunch snooze %s. Not now: unhunch skip.",
		Span(f.NextSnooze), argument(f.NextSnooze))
}
