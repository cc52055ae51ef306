package words

import (
	"fmt"
	"slices"
	"strings"
)

// A Question is a screening question in words.
type Question struct {
	Ask   string // what is ticked when it applies
	Means string // what a yes takes away
}

// Questions words the screening questions by their tags.
var Questions = map[string]Question{
	"surgery":   {"Lately an operation on back, neck or belly, or a broken bone", "only what is gentle stays"},
	"bone":      {"Osteoporosis, or steroid tablets for a long time", "no deep bending, twisting or rolling of the back"},
	"pregnancy": {"Pregnant", "nothing lying down, no deep bending and nothing head-down"},
	"heart":     {"High blood pressure, a heart or circulation disease, or a stroke", "nothing head-down, no hanging, no one-legged bridge"},
	"eyes":      {"Glaucoma, or a disease of the retina", "nothing with the head low: it raises the pressure in the eyes"},
	"reflux":    {"Reflux, or a hiatal hernia", "nothing head-down, no lying on the belly"},
	"disc":      {"A herniated disc, diagnosed", "no deep bending forward, no twisting"},
	"slip":      {"A narrowed spinal canal, or a vertebra that has slipped", "no bending backward, no twisting"},
	"shoulder":  {"A shoulder that is unstable or slips out", "no hanging, no weight on raised arms"},
	"dizzy":     {"Dizzy on standing up", "nothing head-down, no hanging"},
	"blood":     {"A blood clot, or blood thinners", "no foam roller, no inversion table"},
	"joints":    {"Knee, hip or wrist trouble, or an artificial joint", "nothing on hands and knees, no deep bend of the knees"},
	"leg":       {"Now: pain, tingling or numbness running down an arm or leg", "only what is gentle stays"},
}

// AbilityAsk words what a person may not do.
var AbilityAsk = map[string]string{
	"cannot-stand":          "I do not stand",
	"cannot-kneel":          "I do not kneel",
	"cannot-reach-overhead": "I do not reach above my head",
	"one-arm":               "I use one arm",
	"wheelchair":            "I use a wheelchair",
}

// The card of questions.
const (
	CardIntro = "So that nothing is suggested that is not for you: tick what applies. Answers stay on this computer, can be " +
		"changed at any time, and what you do not answer counts as a yes."
	CardTitle         = "Does any of this apply to you?"
	CardNone          = "None of these"
	CardUnsaid        = "Rather not say"
	CardAbilities     = "And how do you move? Tick what applies; nothing ticked is fine."
	CardAbilitiesNone = "Nothing of this"
	CardOneOrOther    = "Tick what applies, or one of the last two."
	CardSaved         = "Thank you, that is noted."
	CardNotSaved      = "Nothing was changed."
	CardMove          = "↑ ↓ move · space tick · enter done · q leave without an answer"
	CardPlainHow      = "Type the numbers of what applies, 0 for none of these, or - to rather not say; then Enter."
	CardPlainAbility  = "Type the numbers of what applies, or 0 for nothing of this; then Enter."
	CardPlainAgain    = "That was not understood."
)

// Codes of [ProfileOffer].
const (
	OfferQuestions   = "questions"
	OfferNext        = "level_next"
	OfferBelow       = "level_below"
	OfferOnlyWalking = "only_walking"
)

// OfferFacts are what an offer may name.
type OfferFacts struct {
	Level      string // the person's
	To         string // the level that is offered
	Unanswered bool   // questions have to be answered first
	Chair      bool   // the person does not walk
}

// ProfileOffer words what the person may want to say of themselves now. All of it can be left alone.
func ProfileOffer(code string, f OfferFacts) (message, hint string) {
	switch code {
	case OfferQuestions:
		return "There is more than gentle movement here, once you have told what is not for you",
			"thirteen lines to tick, or none of them, once: unhunch profile ask"
	case OfferNext:
		if f.Unanswered {
			return fmt.Sprintf("Ten good days at the level %s: %s would be next, after a few questions", f.Level, f.To),
				fmt.Sprintf("answer them: unhunch profile ask; then, if you like: unhunch profile set level=%s", f.To)
		}
		return fmt.Sprintf("Ten good days at the level %s: %s would be next, if you like", f.Level, f.To),
			fmt.Sprintf("to take it: unhunch profile set level=%s; to stay: unhunch profile set level=%s", f.To, f.Level)
	case OfferBelow:
		return fmt.Sprintf("It may be time to go more gently: %s in place of %s", f.To, f.Level),
			fmt.Sprintf("to do so: unhunch profile set level=%s; to stay: unhunch profile set level=%s", f.To, f.Level)
	case OfferOnlyWalking:
		hint = fmt.Sprintf("see a doctor if it goes on; to go on gently when you are ready: unhunch profile set level=%s", "gentle")
		if f.Chair {
			return "Three times something hurt within seven days: only leaning back and growing tall are offered for now", hint
		}
		return "Three times something hurt within seven days: only walking is offered for now", hint
	}
	return "", ""
}

// Retired says what becomes of an exercise that hurt.
func Retired(name, id string) string {
	return fmt.Sprintf("%s will not come again until you allow it: unhunch profile set retired.%s=no", name, id)
}

// Codes of [ProfileFault].
const (
	FaultNoKey      = "no_key"
	FaultNoTag      = "no_tag"
	FaultNoExercise = "no_exercise"
	FaultNotOneOf   = "not_one_of"
	FaultNotOptIn   = "not_opt_in"
	FaultNothing    = "nothing"
	FaultBarred     = "barred"
)

// ProfileFacts are what a fault in a change to the profile may name.
type ProfileFacts struct {
	Key, Value string
	ID         string   // of an exercise
	Near       string   // what was most likely meant, empty for unknown
	Allowed    []string // what it could be
}

// ProfileFault says what is wrong with a change to the profile, and what to try.
func ProfileFault(code string, f ProfileFacts) (message, hint string) {
	near := func(otherwise string) string {
		if f.Near != "" {
			return fmt.Sprintf("did you mean %s?", f.Near)
		}
		return otherwise
	}
	const keys = "the keys: screening.TAG, level, places, equipment, abilities, enable.ID, retired.ID; see: unhunch profile set --help"
	switch code {
	case FaultNoKey:
		return fmt.Sprintf("there is no %q in a profile", f.Key), near(keys)
	case FaultNoTag:
		return fmt.Sprintf("there is no question %q", f.Key), near(fmt.Sprintf("the questions: %s", strings.Join(f.Allowed, ", ")))
	case FaultNoExercise:
		return fmt.Sprintf("there is no exercise %q", f.ID), near("see them all with: unhunch routines list")
	case FaultNotOneOf:
		return fmt.Sprintf("%s cannot be %q", f.Key, f.Value), near(fmt.Sprintf("one of: %s", strings.Join(f.Allowed, ", ")))
	case FaultNotOptIn:
		return fmt.Sprintf("%s needs no enabling", f.ID), fmt.Sprintf("these are off until enabled: %s", strings.Join(f.Allowed, ", "))
	case FaultNothing:
		return "nothing was said to change", keys
	case FaultBarred:
		return "what you told of yourself cannot be changed: its file is not of this version, or cannot be read",
			"find out more with: unhunch status"
	}
	return fmt.Sprintf("the profile cannot take %q", f.Key), keys
}

// Lack is what keeps an exercise from being enabled.
type Lack struct {
	Yes        []string // questions answered with yes, by tag
	Unanswered []string // questions not answered
	Equipment  []string // things that are not there
	Have       []string // things that are
	Places     []string // places that were ticked
	Place      string   // a place that is not there
	Abilities  bool     // it asks of the body what the person does not do
}

// CannotEnable says why an exercise that is off stays off, and what to do about it where something can be done.
func CannotEnable(name string, l Lack) (message, hint string) {
	yes, things := strings.Join(l.Yes, ", "), strings.Join(l.Equipment, ", ")
	questions := "answer the questions: unhunch profile ask"
	switch {
	case len(l.Yes) > 0:
		return fmt.Sprintf("%s is not for you: you answered yes to %s", name, yes), "if that has changed: unhunch profile ask"
	case l.Abilities:
		return fmt.Sprintf("%s asks for what you said you do not do", name), "if that has changed: unhunch profile ask"
	case len(l.Unanswered) > 0 && len(l.Equipment) > 0:
		return fmt.Sprintf("%s needs answers (%s) and equipment (%s) first", name, strings.Join(l.Unanswered, ", "), things),
			fmt.Sprintf("%s; list what you have: unhunch profile set equipment=%s", questions, strings.Join(slices.Concat(l.Have, l.Equipment), ","))
	case len(l.Unanswered) > 0:
		return fmt.Sprintf("%s needs answers first: %s", name, strings.Join(l.Unanswered, ", ")), questions
	case len(l.Equipment) > 0:
		return fmt.Sprintf("%s needs equipment that you have not listed: %s", name, things),
			fmt.Sprintf("if you have it: unhunch profile set equipment=%s", strings.Join(slices.Concat(l.Have, l.Equipment), ","))
	}
	return fmt.Sprintf("%s needs a place that you have not listed: %s", name, l.Place),
		fmt.Sprintf("if you have it: unhunch profile set places=%s", strings.Join(append(slices.Clone(l.Places), l.Place), ","))
}
