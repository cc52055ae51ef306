package words_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

var stepCodes = []string{
	routines.StepWarmup, routines.StepDirection, routines.StepOldest, routines.StepNew, routines.StepAgain,
	routines.StepFits, routines.StepRoutine, routines.StepSide,
}

var absenceCodes = []string{
	routines.WhyPlanned, routines.WhyRetired, routines.WhyHurts, routines.WhyScreening, routines.WhyUnanswered,
	routines.WhyAbility, routines.WhyEquipment, routines.WhyPlace, routines.WhyLevel, routines.WhyOff, routines.WhyElsewhere,
	routines.WhyNotAsked, routines.WhyPerDay, routines.WhyPerWeek, routines.WhyRestDay, routines.WhyFirstHour,
	routines.WhyTooLong, routines.WhyNoWarmup, routines.WhyNotInRoutine, routines.WhyTurn,
}

// TestPlanWords: every reason has a sentence of its own, which claims nothing and is no jargon.
func TestPlanWords(t *testing.T) {
	said := map[string]string{}
	say := func(code, sentence, hint string) {
		if sentence == "" || sentence == code || strings.Contains(sentence, "("+code+")") {
			t.Errorf("%s: %q", code, sentence)
		}
		if other, twice := said[sentence]; twice {
			t.Errorf("%s and %s: %q", code, other, sentence)
		}
		said[sentence] = code
		for _, line := range []string{sentence, hint} {
			if found := claim.FindString(line) + jargon.FindString(line); found != "" {
				t.Errorf("%s: %q says %q", code, line, found)
			}
		}
	}
	for _, code := range stepCodes {
		say(code, words.PlanWhy(code), "")
	}
	for _, code := range []string{routines.NoteShorter, routines.NoteLeftOut, routines.NoteNoFloor} {
		say(code, words.PlanNote(code), "")
	}
	a := routines.Absence{
		Exercise: "cobra", Name: "Cobra", Tags: []string{"slip", "reflux"}, Needs: []string{"bar"}, Place: "bar", Level: "advanced",
		Until: time.Date(2026, 11, 16, 9, 5, 0, 0, time.UTC),
	}
	for _, code := range absenceCodes {
		for a.Why, a.Most = code, 1; a.Most <= 3; a.Most += 2 {
			message, hint := words.PlanAbsence(a)
			if strings.Contains(fmt.Sprint(message, hint), "%!") {
				t.Errorf("%s: %q, %q", code, message, hint)
			}
			if said[message] != code {
				say(code, message, hint)
			}
		}
	}
	for _, code := range absenceCodes[1:] {
		if message, hint := words.Refusal(words.NoExercises, words.RefusalFacts{Why: code}); message == "" || hint == "" {
			t.Errorf("no session for %s: %q, %q", code, message, hint)
		} else if found := claim.FindString(message+hint) + jargon.FindString(message+hint); found != "" {
			t.Errorf("no session for %s: %q says %q", code, message, found)
		}
	}
}
