package page

import (
	"net/http"
	"slices"
	"strings"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// A youView is what a person has told of themselves, as one form.
type youView struct {
	Questions   []question
	None        bool // no to all
	Unanswered  bool // all of them
	Abilities   []choice
	Levels      []levelChoice
	Progress    string
	Offer       string
	Places      []choice
	Equipment   []choice
	Off         []offChoice
	Retired     []choice
	Saved       bool
	Safety      words.Safety
	LegSaysYes  bool // when to stop is shown beside the answers
	OnlyWalking bool
}

type question struct {
	choice
	Means string
}

type levelChoice struct {
	choice
	Hint string
}

// An offChoice is an exercise to switch on. Message is why that cannot be done yet.
type offChoice struct {
	choice
	Message string
	Barred  bool
}

// The names of the fields of the form.
const (
	fieldYes       = "yes"
	fieldAlone     = "alone" // none, or unsaid
	fieldAbilities = "abilities"
	fieldPlaces    = "places"
	fieldEquipment = "equipment"
	fieldEnable    = "enable"
	fieldLevel     = "level"
)

// morePlaces are those beside the chair and standing, which are always there.
var morePlaces = []string{"floor", "bar", "table"}

func (l *live) you(r *http.Request, _ api.State) (content, error) {
	p, w := l.backend.Profile(r.Context()), words.Page.AboutYou
	v := youView{
		Progress: words.PageProgress(p), Offer: words.PageOffer(p), Saved: r.URL.Query().Has("saved"),
		Safety: l.backend.Safety(), LegSaysYes: p.Screening["leg"] == "yes", OnlyWalking: p.OnlyWalking,
	}
	all := l.backend.Routines()
	no, unsaid := 0, 0
	for _, q := range p.Questions {
		answer := p.Screening[q.Tag]
		v.Questions = append(v.Questions, question{choice{q.Tag, q.Ask, answer == "yes"}, q.Means})
		if answer == "no" {
			no++
		}
		if answer == "unsaid" {
			unsaid++
		}
	}
	v.None, v.Unanswered = no == len(p.Questions), unsaid == len(p.Questions)
	for _, a := range words.PageAbilities {
		v.Abilities = append(v.Abilities, choice{a, words.AbilityAsk[a], slices.Contains(p.Abilities, a)})
	}
	v.Levels = []levelChoice{
		{choice{"gentle", w.Gentle, p.Level == "gentle"}, w.GentleHint},
		{choice{"moderate", w.Moderate, p.Level == "moderate"}, w.ModerateHint},
		{choice{"advanced", w.Advanced, p.Level == "advanced"}, w.AdvancedHint},
	}
	for _, place := range morePlaces {
		v.Places = append(v.Places, choice{place, words.PageYourPlace(place), slices.Contains(p.Places, place)})
	}
	for _, thing := range things(all) {
		v.Equipment = append(v.Equipment, choice{thing, words.PageThing(thing), slices.Contains(p.Equipment, thing)})
	}
	for _, off := range p.Off {
		v.Off = append(v.Off, offChoice{
			choice{off.ID, nameIn(p, off.ID), off.Enabled}, words.PageOff(off, exercise(all, off.ID), p), off.Message != "" && !off.Enabled,
		})
	}
	for id := range p.Retired {
		v.Retired = append(v.Retired, choice{Value: id, Label: nameIn(p, id)})
	}
	slices.SortFunc(v.Retired, func(a, b choice) int { return strings.Compare(a.Label, b.Label) })
	return v, nil
}

func nameIn(p api.Profile, id string) string {
	if name := p.Names[id]; name != "" {
		return name
	}
	return id
}

// things are what exercises need and not everybody has. A mat is everywhere where there is a floor.
func things(all api.Routines) (out []string) {
	for _, e := range all.Exercises {
		for _, thing := range e.Equipment {
			if thing != "mat" && !slices.Contains(out, thing) {
				out = append(out, thing)
			}
		}
	}
	slices.Sort(out)
	return out
}

// tell takes in the form. What was not changed is not told again: a level that is chosen anew begins to count anew.
func (l *live) tell(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm() // what cannot be read is not there
	p := l.backend.Profile(r.Context())
	changes, err := told(p, l.backend.Routines(), r.PostForm)
	if err == nil && len(changes) > 0 {
		err = l.backend.SetProfile(r.Context(), changes)
	}
	answerYou(w, r, err)
}

// answerYou leads back to the form, which says that it was saved.
func answerYou(w http.ResponseWriter, r *http.Request, err error) {
	next := "/you?saved"
	if err != nil {
		next = "/you"
	}
	answer(w, r, err, next)
}

// told is what the form changes of p.
func told(p api.Profile, all api.Routines, form map[string][]string) (map[string]string, error) {
	changes := map[string]string{}
	change := func(key, was, is string) {
		if was != is {
			changes[key] = is
		}
	}
	alone := strings.Join(form[fieldAlone], "")
	if len(form[fieldYes]) == 0 && alone == "" {
		return nil, &complaint{words.Page.AboutYou.OneOrOther}
	}
	for _, q := range p.Questions {
		answer := "no"
		switch {
		case alone == "unsaid":
			answer = "unsaid"
		case slices.Contains(form[fieldYes], q.Tag):
			answer = "yes"
		}
		change("screening."+q.Tag, p.Screening[q.Tag], answer)
	}
	if level := strings.Join(form[fieldLevel], ""); level != "" && (level != p.Level || p.OnlyWalking) {
		changes["level"] = level
	}
	lists := func(key string, was, mayBe []string) {
		// What the form does not show stays as it is.
		kept := slices.DeleteFunc(slices.Clone(was), func(s string) bool { return slices.Contains(mayBe, s) })
		is := append(kept, form[key]...)
		slices.Sort(is)
		before := slices.Clone(was)
		slices.Sort(before)
		change(key, strings.Join(before, ","), strings.Join(is, ","))
	}
	lists(fieldAbilities, p.Abilities, words.PageAbilities)
	lists(fieldPlaces, p.Places, morePlaces)
	lists(fieldEquipment, p.Equipment, things(all))
	for _, off := range p.Off {
		want := slices.Contains(form[fieldEnable], off.ID)
		switch {
		case want && !off.Enabled:
			changes["enable."+off.ID] = "yes"
		case !want && off.Enabled:
			changes["enable."+off.ID] = "no"
		}
	}
	return changes, nil
}

// allow lets an exercise come again that hurt.
func (l *live) allow(w http.ResponseWriter, r *http.Request) {
	id := r.PostFormValue("id")
	if l.backend.Profile(r.Context()).Retired[id] == "" {
		answer(w, r, nil, "/you") // somebody was faster
		return
	}
	answerYou(w, r, l.backend.SetProfile(r.Context(), map[string]string{"retired." + id: "no"}))
}
