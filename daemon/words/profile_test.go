package words_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

// Every question and every ability has words, and there are none for what is not asked.
func TestEveryQuestionHasWords(t *testing.T) {
	if got, want := slices.Sorted(maps.Keys(words.Questions)), slices.Sorted(slices.Values(routines.Tags())); !slices.Equal(got, want) {
		t.Errorf("questions with words: %v, want %v", got, want)
	}
	for tag, q := range words.Questions {
		if q.Ask == "" || q.Means == "" {
			t.Errorf("%s: %+v", tag, q)
		}
	}
	if got, want := slices.Sorted(maps.Keys(words.AbilityAsk)), slices.Sorted(slices.Values(routines.Abilities)); !slices.Equal(got, want) {
		t.Errorf("abilities with words: %v, want %v", got, want)
	}
}

func writeProfile(b *strings.Builder) {
	b.WriteString("== profile: the card\n")
	fmt.Fprintf(b, "%s\n%s\n", words.CardTitle, words.CardIntro)
	for _, tag := range routines.Tags() {
		fmt.Fprintf(b, "[ ] %s\n      %s\n", words.Questions[tag].Ask, words.Questions[tag].Means)
	}
	fmt.Fprintf(b, "[ ] %s\n[ ] %s\n%s\n%s\n\n%s\n", words.CardNone, words.CardUnsaid, words.CardOneOrOther, words.CardMove, words.CardAbilities)
	for _, a := range routines.Abilities {
		fmt.Fprintf(b, "[ ] %s\n", words.AbilityAsk[a])
	}
	fmt.Fprintf(b, "[ ] %s\n%s\n%s\n%s\n%s\n%s\n\n", words.CardAbilitiesNone, words.CardPlainHow, words.CardPlainAbility,
		words.CardPlainAgain, words.CardSaved, words.CardNotSaved)
	for _, c := range []struct {
		code  string
		facts words.OfferFacts
	}{
		{words.OfferQuestions, words.OfferFacts{Level: "gentle"}},
		{words.OfferNext, words.OfferFacts{Level: "gentle", To: "moderate"}},
		{words.OfferNext, words.OfferFacts{Level: "gentle", To: "moderate", Unanswered: true}},
		{words.OfferBelow, words.OfferFacts{Level: "moderate", To: "gentle"}},
		{words.OfferOnlyWalking, words.OfferFacts{Level: "moderate"}},
		{words.OfferOnlyWalking, words.OfferFacts{Level: "gentle", Chair: true}},
	} {
		message, hint := words.ProfileOffer(c.code, c.facts)
		fmt.Fprintf(b, "== profile offers: %s\n%s\n%s\n\n", c.code, message, hint)
	}
	fmt.Fprintf(b, "== profile: retired\n%s\n\n", words.Retired("Neck tilts", "neck-tilts"))
	for _, l := range []words.Lack{
		{Yes: []string{"heart"}, Unanswered: []string{"eyes"}},
		{Abilities: true},
		{Unanswered: []string{"heart", "eyes"}},
		{Unanswered: []string{"heart"}, Equipment: []string{"bar"}},
		{Equipment: []string{"bar", "strap"}},
		{Place: "table"},
	} {
		message, hint := words.CannotEnable("Hanging", l)
		fmt.Fprintf(b, "== profile: cannot enable\n%s\n%s\n\n", message, hint)
	}
	for _, code := range []string{
		words.FaultNoKey, words.FaultNoTag, words.FaultNoExercise, words.FaultNotOneOf, words.FaultNotOptIn, words.FaultNothing,
		words.FaultBarred, "moon_phase",
	} {
		message, hint := words.ProfileFault(code, words.ProfileFacts{Key: "level", Value: "high", ID: "hanging", Allowed: []string{"gentle", "moderate"}})
		fmt.Fprintf(b, "== profile: %s\n%s\n%s\n\n", code, message, hint)
	}
	fmt.Fprintf(b, "== profile: set\n%s\n%s\n%s\n\n", words.SetFirstAnswers, words.SetBefore, words.SetAbove)
	p := api.Profile{
		Level: "moderate", Screening: map[string]string{"bone": "yes", "eyes": "unsaid", "leg": "no"}, Abilities: []string{"wheelchair"},
		Names: map[string]string{"cobra": "Cobra", "bridge": "Bridge"}, Retired: map[string]string{"cobra": "yes"}, Places: []string{"floor"},
		Progress: api.ProfileProgress{Days: 3, Of: 10, Next: "advanced"}, Equipment: []string{"bar"},
		Questions: []api.ProfileQuestion{
			{Tag: "bone", Ask: "Osteoporosis", Means: "no deep bending", TakesAway: []string{"cobra"}},
			{Tag: "eyes", Ask: "Glaucoma", Means: "nothing head-down", TakesAway: slices.Repeat([]string{"cobra"}, 9)},
			{Tag: "leg"},
		},
		Off: []api.ProfileOff{
			{ID: "bridge"},
			{ID: "bridge", Enabled: true},
			{ID: "bridge", Message: "Not so", Hint: "try"},
			{ID: "bridge", Enabled: true, Message: "Not so", Hint: "try"},
		},
	}
	for _, line := range words.Profile(p, words.Safety{}) {
		fmt.Fprintf(b, "%d %s\n", line.Role, line.Text)
	}
	b.WriteString("\n")
}
