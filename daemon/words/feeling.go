package words

import (
	"fmt"
	"strings"
)

// Labels of the answers to the question after a session.
const (
	FeelingBetter = "Better"
	FeelingSame   = "Same"
	FeelingWorse  = "Worse"
)

// The question after a session. Nothing needs an answer to it.
const (
	feelingAsk     = "How do you feel now?"
	feelingCommand = "How do you feel now? Say: unhunch session feeling better, same or worse"
	feelingHint    = "how do you feel now? say: unhunch session feeling better, same or worse"
	feelingKeys    = "b better · s same · w worse · any other key closes this"
)

// feelingGentler is what to do when session after session has left the person worse.
const feelingGentler = "Again you felt worse after a stretch. Make the next ones shorter and slower, or just walk " +
	"a little. If it goes on, talk to a doctor."

// feelingGentlerBrief is the same above the signs in a note, of which some servers show no more than 300 pixels.
const feelingGentlerBrief = "Again worse after a stretch: go shorter and slower, and talk to a doctor if it goes on."

// FeelingThanks are the last words to somebody who has said how a session has left them. worse is how often running they
// said “worse”: from the second time on, the signs that call for help are told.
func FeelingThanks(feeling string, worse int, safety Safety) string {
	switch {
	case feeling == "better":
		return "Good to hear. Your count starts afresh; take a breath before you go on."
	case feeling == "worse" && worse > 1:
		return fmt.Sprintf("%s\n%s", feelingGentler, strings.Join(HurtLines(safety), "\n"))
	case feeling == "worse":
		return "Thank you for saying so. Make the next one shorter and slower, or just walk a little."
	}
	return GuideFarewell
}
