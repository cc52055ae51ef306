package words

import (
	"fmt"
	"time"
)

// Codes of [Refusal].
const (
	NothingDue       = "nothing_due"
	NoSnoozesLeft    = "no_snoozes_left"
	TooLong          = "too_long"
	SessionRunning   = "session_running"
	NoSession        = "no_session"
	NothingAsked     = "nothing_asked"
	NothingToCorrect = "nothing_to_correct"
	TooFarBack       = "too_far_back"
	NoExercises      = "no_exercises"
	SecondDaemon     = "second_daemon"
)

// RefusalFacts are the figures a refusal may name.
type RefusalFacts struct {
	Most    time.Duration // the longest that could have been asked for
	Snoozes int           // how many there are to a break
	DueIn   time.Duration // sitting until the next break; 0 if not known
	Why     string        // what keeps exercises out, as routines.NothingFits says it
}

// Refusal says why a rule said no, and what to try.
func Refusal(code string, f RefusalFacts) (message, hint string) {
	switch code {
	case NothingDue:
		return nothingDue(f.DueIn)
	case NoSnoozesLeft:
		return noSnoozesLeft(f.Snoozes)
	case TooLong:
		if f.Most <= 0 {
			return "that is too long", "ask for less"
		}
		return fmt.Sprintf("that is longer than %s", Span(f.Most)), fmt.Sprintf("ask for %s or less", argument(f.Most))
	case SessionRunning:
		return "a stretch is running already", "see it with: unhunch status; stop it with: unhunch session stop"
	case NoSession:
		return "no stretch is running", "start one with: unhunch stretch"
	case NothingAsked:
		return "there is no stretch to say this about", "it is asked once a day, after a stretch that you finish: unhunch stretch"
	case NothingToCorrect:
		return "there was no silence lately that could be counted differently",
			"say how long it was, for example: unhunch was away 10m"
	case TooFarBack:
		return "that is further back than the count goes", "name a shorter time, for example: unhunch was away 10m"
	case NoExercises:
		return noExercises(f.Why)
	case SecondDaemon:
		return "another daemon of yours is running already", "see what it does with: unhunch status"
	}
	return fmt.Sprintf("that is not possible now (%s)", code), "see how things stand with: unhunch status"
}

func nothingDue(in time.Duration) (message, hint string) {
	if in <= 0 {
		return "no break is waiting", "pause reminders for a while with: unhunch pause 1h"
	}
	return fmt.Sprintf("no break is waiting; the next one comes after %s in the chair", Span(in)),
		"pause reminders for a while with: unhunch pause 1h"
}

func noSnoozesLeft(snoozes int) (message, hint string) {
	hint = "take it with: unhunch stretch; let it go with: unhunch skip; be left alone with: unhunch pause tomorrow"
	switch snoozes {
	case 0:
		return "breaks cannot be put off: reminder.max_snoozes is 0", hint
	case 1:
		return "this break has been put off once already", hint
	}
	return fmt.Sprintf("this break has been put off %d times already", snoozes), hint
}
