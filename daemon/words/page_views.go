package words

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/routines"
)

// ChooseLabels are the words of choosing a stretch.
type ChooseLabels struct {
	Title, Lead, Which, OrNamed, Surprise, SurpriseHint, Length, Place, Start, Look string
	What, Why, Wrong, Other, ChairPlace, StandingPlace, FloorPlace, More            string
	ChairHint, StandingHint, FloorHint, MoreMinutes, PlanWait, OwnRoutine, By       string
}

// YouLabels are the words of what a person tells about themselves.
type YouLabels struct {
	Title, Lead, Questions, Intro, Means, OneOrOther, None, Unsaid     string
	Abilities, AbilitiesHint, Level, LevelHint                         string
	Gentle, GentleHint, Moderate, ModerateHint, Advanced, AdvancedHint string
	Places, PlacesHint                                                 string
	Equipment, EquipmentHint, Off, OffHint, Retired, RetiredHint       string
	NothingRetired, Allow, Save, Saved, Stays, Look, Unanswered, Signs string
	AllNo, StayHere                                                    string
}

// MovesLabels are the words of the catalogue.
type MovesLabels struct {
	Title, Lead, Exercises, Reading, ReadingLead, Place, Level, Direction, Any string
	Find, NoneFits, Steps, GoodFor, Care, NotWith, Need, How, Often, Sources   string
	Moves, Where, By, Off, Retired, AnswersFirst, Later, Quiet, Back, Stop     string
	Habits, Tips, Mistakes, Help, Backgrounds, Change, Own                     string
	AllCards, Contents                                                         string
}

func chooseLabels() ChooseLabels {
	return ChooseLabels{
		Title: "A short stretch", Lead: "Press start, or choose first.",
		Which: "Which", OrNamed: "Or one with a name", Surprise: "Surprise me", SurpriseHint: "Composed for you and this moment.",
		Length: "How long", Place: "Where", Start: "Start", Look: "Show what it would be",
		What: "What it will be, and why", Why: "Why these", Wrong: "This cannot be planned:", Other: "Choose another one",
		ChairPlace: "In the chair", StandingPlace: "Standing", FloorPlace: "On a mat",
		ChairHint: "Without getting up.", StandingHint: "On your feet, no floor.", FloorHint: "Down on the floor; five minutes or more.",
		More: "Is something missing?", MoreMinutes: "min", PlanWait: "One moment…",
		OwnRoutine: "Your own", By: "By",
	}
}

func youLabels() YouLabels {
	return YouLabels{
		Title: "About you", Lead: "What is not for you is never suggested. All of this stays on this computer.",
		Questions: CardTitle,
		Intro:     "Tick what applies. You can change it at any time, and what you do not answer counts as a yes.",
		Means:     "A yes means:", OneOrOther: CardOneOrOther, None: CardNone, Unsaid: CardUnsaid,
		Abilities: "How do you move?", AbilitiesHint: "Tick what applies; nothing ticked is fine.",
		Level: "Your level", LevelHint: "It never changes by itself.",
		Gentle: "Gentle", GentleHint: "Small, easy movements. A good place to be, and to stay.",
		Moderate: "Moderate", ModerateHint: "Further, and some strength. After a warm-up.",
		Advanced: "Advanced", AdvancedHint: "For whoever knows the basics well, two or three days a week.",
		Places: "Where a stretch may take you", PlacesHint: "With one click it is the chair or standing, unless you tick more.",
		Equipment: "What you have", EquipmentHint: "Movements that need something are left out until you tick it.",
		Off: "Off until you switch it on", OffHint: "A few movements ask for more care than the others. Read about each before you switch it on.",
		Retired: "What hurt", RetiredHint: "These do not come again until you allow them.",
		NothingRetired: "Nothing has hurt so far. If something does, “That hurt” in a stretch takes it out.",
		Allow:          "Allow it again", Save: "Save", Saved: CardSaved, Stays: "Save what you changed",
		Look: "Read about it", Unanswered: "The questions are not answered yet, so only gentle movements come.",
		Signs: "When to stop", AllNo: "No to all of them: nothing is left out for these.", StayHere: "Stay at this level",
	}
}

func movesLabels() MovesLabels {
	return MovesLabels{
		Title: "Exercises", Lead: "Every movement there is, with its steps and where it comes from.",
		Exercises: "Exercises", Reading: "Worth knowing", ReadingLead: "Habits, tips, mistakes, and when to see somebody whose profession it is.",
		Place: "Where", Level: "Level", Direction: "Direction", Any: "All",
		Find: "Show", NoneFits: "Nothing is like that. Try fewer wishes at once.",
		Steps: "Step by step", GoodFor: ExerciseGoodFor, Care: ExerciseCare, NotWith: ExerciseNotWith, Need: ExerciseNeeds,
		How: "How long", Often: "How often", Sources: "Where this comes from", Moves: "Moves", Where: "Where", By: ExerciseAuthor,
		Off: "Off until you switch it on.", Retired: "It hurt, and does not come again until you allow it.",
		AnswersFirst: "A question that is not answered counts as a yes.", Later: ExerciseLater, Quiet: ExerciseQuiet,
		Back: "All exercises", Stop: "When to stop", Change: "About you",
		Habits: "Habits", Tips: "Tips", Mistakes: "Mistakes", Help: "When to see a professional", Backgrounds: "Background",
		Own: "Your own", AllCards: "Everything to read", Contents: "On this page",
	}
}

// PageDose says how long a step of a planned stretch takes: “25 s”, “15 s a side”.
func PageDose(workS float64, bothSides bool) string {
	long := Span(time.Duration(workS) * time.Second)
	if bothSides {
		return fmt.Sprintf("%s a side", long)
	}
	return long
}

// PagePlan heads a planned stretch.
func PagePlan(p api.Plan) string { return PlanHead(p) }

// PageWhy says why a step is in a stretch. It begins a line.
func PageWhy(step api.PlanStep) string {
	if step.Why == "" {
		return ""
	}
	return strings.ToUpper(step.Why[:1]) + step.Why[1:] + "."
}

// PagePlanNote says what about a stretch is not as it was asked for, by its code; empty for nothing.
func PagePlanNote(code string) string {
	switch code {
	case "":
		return ""
	case "shorter":
		return "Shorter than asked for: there is not more for you here now."
	case "left_out":
		return "Some of this routine is left out: it is not for you, or not now."
	case "no_floor":
		return "On your feet: nothing on the mat is for you now, or not in so short a time."
	}
	return PlanNote(code)
}

// PageRoutine describes a routine in a line: how long it takes, and where.
func PageRoutine(r api.Routine) string {
	return fmt.Sprintf("%s, %s", RoutineLength(r), Where(r.Place, nil))
}

// PageLevel names a level.
func PageLevel(level string) string {
	switch level {
	case "gentle":
		return "Gentle"
	case "moderate":
		return "Moderate"
	case "advanced":
		return "Advanced"
	}
	return level
}

// PagePlace names a place to choose from.
func PagePlace(place string) string {
	switch place {
	case "chair":
		return "In the chair"
	case "standing":
		return "Standing"
	case "floor":
		return "On a mat"
	case "bar":
		return "At a bar"
	case "table":
		return "Inversion table"
	}
	return place
}

// PageDirection names a direction of movement.
func PageDirection(d string) string {
	names := map[string]string{
		"arms": "Arms", "bracing": "Keeping steady", "breathing": "Breathing", "extension": "Bending backward",
		"flexion": "Bending forward", "hinge": "Bending at the hips", "hips": "Hips", "legs": "Legs", "reaching": "Reaching up",
		"reclining": "Leaning back", "rotation": "Turning", "shoulders": "Shoulders", "side-bending": "Bending sideways",
		"unloading": "Unloading", "walking": "Walking",
	}
	if name, ok := names[d]; ok {
		return name
	}
	return strings.ToUpper(d[:1]) + strings.ReplaceAll(d[1:], "-", " ")
}

// PageThing names a piece of equipment to tick.
func PageThing(thing string) string {
	switch thing {
	case "mat":
		return "A mat or a soft carpet"
	case "foam-roller":
		return "A foam roller"
	case "bar":
		return "A firm bar that carries you twice over"
	case "inversion-table":
		return "An inversion table, and a second person"
	}
	return strings.ToUpper(thing[:1]) + strings.ReplaceAll(thing[1:], "-", " ")
}

// PageProgress says how far somebody has come at their level; empty where there is nothing to say.
func PageProgress(p api.Profile) string {
	switch {
	case p.OnlyWalking:
		return "Several things hurt lately, so only walking is offered. Choose a level to go on gently when you are ready."
	case p.Progress.Next == "" || p.Progress.Days == 0:
		return ""
	}
	return fmt.Sprintf("%d of %d good days; then %s is offered.", p.Progress.Days, p.Progress.Of, p.Progress.Next)
}

// PageOffer says what somebody may want to change about themselves, by its code; empty where the page shows it anyway.
func PageOffer(p api.Profile) string {
	if p.Offer == nil {
		return ""
	}
	return p.Offer.Message + "."
}

// PageOff says why an exercise that is off cannot be switched on yet, or is on and does not come; empty where it can and
// does.
func PageOff(off api.ProfileOff, e api.Exercise, p api.Profile) string {
	answers := map[string]bool{}
	for _, tag := range e.AvoidWith {
		answers[p.Screening[tag]] = true
	}
	missing := slices.ContainsFunc(e.Equipment, func(thing string) bool {
		return thing != "mat" && !slices.Contains(p.Equipment, thing)
	})
	switch {
	case off.Message == "":
		return ""
	case answers["yes"]:
		return "Not for you, by what you ticked above."
	case answers["unsaid"] && missing:
		return "After the questions above are answered, and what it needs is ticked."
	case answers["unsaid"]:
		return "After the questions above are answered."
	case missing:
		return "When what it needs is ticked above."
	}
	return off.Message + "."
}

// PageNotFor lists what an exercise is not for.
func PageNotFor(e api.Exercise) []string {
	all := make([]string, len(e.AvoidWith))
	for i, tag := range e.AvoidWith {
		w := NotWith(tag)
		all[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return all
}

// PageNeeds lists what an exercise takes.
func PageNeeds(e api.Exercise) []string {
	all := make([]string, len(e.Equipment))
	for i, thing := range e.Equipment {
		all[i] = PageThing(thing)
	}
	return all
}

// PageOften says how often an exercise comes; empty for as often as one likes.
func PageOften(e api.Exercise) string {
	often := HowOften(e)
	if len(often) == 0 {
		return ""
	}
	often = slices.Clone(often)
	often[0] = strings.ToUpper(often[0][:1]) + often[0][1:]
	return strings.Join(often, ", ")
}

// PageRetire confirms that an exercise is allowed again.
func PageRetire(name string) string { return fmt.Sprintf("%s may come again.", name) }

// PageDirections names all directions of an exercise.
func PageDirections(all []string) string {
	names := make([]string, len(all))
	for i, d := range all {
		names[i] = PageDirection(d)
	}
	return strings.Join(names, ", ")
}

// PageWhere says where an exercise is done. It begins a line.
func PageWhere(e api.Exercise) string {
	where := Where(e.Place, e.Also)
	return strings.ToUpper(where[:1]) + where[1:]
}

// PageYourPlace words a place that one click may lead to.
func PageYourPlace(place string) string {
	switch place {
	case "floor":
		return "Down on a mat"
	case "bar":
		return "Hanging from a bar"
	}
	return "On an inversion table"
}

// PageAbilities are what can be ticked of how a person moves, in the order to ask in.
var PageAbilities = routines.Abilities

// PageShelves are the headings under which the cards to read stand, each with the cards' ids, in the order of the page.
func PageShelves() []PageShelf {
	m := movesLabels()
	return []PageShelf{
		{"habits", m.Habits, []string{"your-desk", "moving-more", "food-water-calm"}},
		{"tips", m.Tips, []string{"how-to-move", "step-by-step", "breathe-and-return", "warming-up", "before-the-floor"}},
		{"mistakes", m.Mistakes, []string{"three-mistakes"}},
		{"help", m.Help, []string{"stop-signs", "a-clinicians-matter"}},
		{"background", m.Backgrounds, nil}, // the rest
	}
}

// A PageShelf is a heading and the cards under it.
type PageShelf struct {
	ID    string
	Title string
	Cards []string
}
