package words

import (
	"fmt"
	"strings"

	"github.com/unhunch/unhunch/routines"
)

// PlanWhy says why a step is in a session, by its code.
func PlanWhy(code string) string {
	switch code {
	case routines.StepWarmup:
		return "warms you up for what follows"
	case routines.StepDirection:
		return "you have not moved this way for longest"
	case routines.StepOldest:
		return "longest ago of those that move this way"
	case routines.StepNew:
		return "not done lately"
	case routines.StepAgain:
		return "everything else was done once already"
	case routines.StepFits:
		return "fits into the time, and between its neighbours"
	case routines.StepRoutine:
		return "part of the routine you named"
	case routines.StepSide:
		return "the other side of the step before"
	}
	return code
}

// PlanNote says what about a session is not as it was asked for, by its code.
func PlanNote(code string) string {
	switch code {
	case routines.NoteShorter:
		return "Shorter than asked for: there is not more for you here now."
	case routines.NoteLeftOut:
		return "Some of this routine is left out: it is not for you, or not now. Ask with: --why-not EXERCISE"
	case routines.NoteNoFloor:
		return "On your feet: nothing on the mat is for you now, or not in so short a time. Ask with: --why-not EXERCISE"
	}
	return code
}

// PlanAbsence says why an exercise is not in a session, and what to do about it where something can be done.
func PlanAbsence(a routines.Absence) (message, hint string) {
	profile := "see what you told with: unhunch profile show"
	switch a.Why {
	case routines.WhyPlanned:
		return fmt.Sprintf("%s is in this session", a.Name), ""
	case routines.WhyRetired:
		return fmt.Sprintf("%s hurt, and is left out until you allow it again", a.Name),
			fmt.Sprintf("allow it with: unhunch profile set retired.%s=no", a.Exercise)
	case routines.WhyHurts:
		return fmt.Sprintf("%s is left out: several things hurt lately, so only walking is offered", a.Name), profile
	case routines.WhyScreening:
		return fmt.Sprintf("%s is not for you, by what you answered yes to: %s", a.Name, list(a.Tags)), profile
	case routines.WhyUnanswered:
		return fmt.Sprintf("%s is left out until these questions are answered: %s", a.Name, list(a.Tags)),
			"answer them with: unhunch profile ask"
	case routines.WhyAbility:
		return fmt.Sprintf("%s, or the place of the session, asks for something that you do not do", a.Name), profile
	case routines.WhyEquipment:
		return fmt.Sprintf("%s needs something that you have not listed: %s", a.Name, list(a.Needs)),
			fmt.Sprintf("list what you have with: unhunch profile set equipment=%s", strings.Join(a.Needs, ","))
	case routines.WhyPlace:
		return fmt.Sprintf("%s needs a place that you have not listed: %s", a.Name, a.Place),
			fmt.Sprintf("list it with: unhunch profile set places=%s", a.Place)
	case routines.WhyLevel:
		return fmt.Sprintf("%s is %s, which is above your level", a.Name, a.Level), profile
	case routines.WhyOff:
		return fmt.Sprintf("%s is off until you switch it on", a.Name),
			fmt.Sprintf("switch it on with: unhunch profile set enable.%s=yes", a.Exercise)
	}
	return planNotNow(a)
}

// planNotNow says why an exercise that is for the person is not in this session.
func planNotNow(a routines.Absence) (message, hint string) {
	switch a.Why {
	case routines.WhyElsewhere:
		return fmt.Sprintf("%s is not done where this session is: its place is %s", a.Name, a.Place),
			fmt.Sprintf("ask for it with: unhunch stretch --place %s", a.Place)
	case routines.WhyNotAsked:
		return fmt.Sprintf("%s is planned only when you ask for it", a.Name),
			fmt.Sprintf("ask for it with: unhunch stretch --with %s", a.Place)
	case routines.WhyPerDay:
		if a.Most == 1 {
			return fmt.Sprintf("%s was done today already, and once a day is enough", a.Name), ""
		}
		return fmt.Sprintf("%s was done today already, and %d times a day are enough", a.Name, a.Most), ""
	case routines.WhyPerWeek:
		if a.Most == 1 {
			return fmt.Sprintf("%s was done in the last seven days already, and once in them is enough", a.Name), ""
		}
		return fmt.Sprintf("%s was done in the last seven days already, and %d times in them are enough", a.Name, a.Most), ""
	case routines.WhyRestDay:
		return fmt.Sprintf("%s wants a day without it in between, and was done yesterday or today", a.Name), ""
	case routines.WhyFirstHour:
		return fmt.Sprintf("%s bends far, which waits until you have been up for an hour: until %s", a.Name, a.Until.Format("15:04")), ""
	case routines.WhyTooLong:
		return fmt.Sprintf("%s takes longer than this session has for it", a.Name), "ask for more with: unhunch stretch --length 5m"
	case routines.WhyNoWarmup:
		return fmt.Sprintf("%s wants a warm-up first, and this session has none", a.Name), "ask for more with: unhunch stretch --length 2m"
	case routines.WhyNotInRoutine:
		return fmt.Sprintf("%s is not part of this routine", a.Name), "a session without a routine's name may have it: unhunch stretch"
	case routines.WhyTurn:
		return fmt.Sprintf("%s may come another time: other moves were missed longer, or fitted better", a.Name), ""
	}
	return fmt.Sprintf("%s is not in this session (%s)", a.Name, a.Why), ""
}

func list(names []string) string { return strings.Join(names, ", ") }

// noExercises says why there is no session at all, by what keeps out most of the exercises.
func noExercises(why string) (message, hint string) {
	switch why {
	case routines.WhyRetired:
		return "everything that fits here has hurt, and is left out until you allow it again",
			"see what it is with: unhunch profile show"
	case routines.WhyHurts:
		return "several things hurt lately, so only walking is offered", "try: unhunch stretch walk, or see: unhunch profile show"
	case routines.WhyScreening:
		return "what fits here is not for you, by your answers", "see them with: unhunch profile show"
	case routines.WhyUnanswered:
		return "what fits here waits for your answers to a few questions", "answer them with: unhunch profile ask"
	case routines.WhyAbility:
		return "what fits here asks for something that you do not do", "try: unhunch stretch --place chair"
	case routines.WhyLevel:
		return "what fits here is above your level", "see it with: unhunch profile show"
	case routines.WhyEquipment, routines.WhyPlace:
		return "what fits here needs things that you have not listed", "see what you have with: unhunch profile show"
	case routines.WhyOff:
		return "what fits here is off until you switch it on", "see it with: unhunch profile show"
	case routines.WhyPerDay, routines.WhyPerWeek, routines.WhyRestDay:
		return "what fits here was done as often as is good", "try another place, or another day"
	case routines.WhyNoWarmup:
		return "what fits here wants a warm-up first, and there is none in so short a time", "ask for more with: unhunch stretch --length 2m"
	}
	return "no stretch of that length can be made from the exercises there are", "try another length or place"
}
