package words

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
)

// The catalogue in words: what `unhunch routines` prints, beside what exercises, routines and cards say themselves.
const (
	CatalogueRoutines = "Routines"
	CatalogueCards    = "To read"
	CatalogueMore     = "More on any of these: unhunch routines show ID"
	CatalogueStart    = "Start a routine: unhunch stretch ID"
	CatalogueQuiet    = "quiet: nobody in an open office looks up"
	CatalogueOff      = "off: until you switch it on, as in unhunch profile set enable.bridge=yes"
	CatalogueAsked    = "after the questions: unhunch profile ask"

	ExerciseGoodFor = "Good for"
	ExerciseNeeds   = "You need"
	ExerciseCare    = "Take care"
	ExerciseNotWith = "Not with"
	ExerciseAuthor  = "Written by"
	ExerciseAsked   = "A question that is not answered counts as a yes: unhunch profile ask"
	ExerciseLater   = "Not in the first hour of the day: it bends the back far."
	ExerciseQuiet   = "Quiet: nobody in an open office looks up."

	RoutineScreened = "What is not for you is left out of it: unhunch profile ask"
	RoutineFloor    = "Before you start: unhunch routines show before-the-floor"
)

// CatalogueGroup heads the exercises of a level that are done in the same places.
func CatalogueGroup(level, where string) string {
	switch level {
	case "gentle":
		return fmt.Sprintf("Gentle, %s", where)
	case "moderate":
		return fmt.Sprintf("Moderate, %s", where)
	}
	return fmt.Sprintf("Advanced, %s", where)
}

// Where says where an exercise or a routine is done, the further places with the first.
func Where(place string, also []string) string {
	switch {
	case place == "chair" && slices.Contains(also, "standing"), place == "standing" && slices.Contains(also, "chair"):
		return "in the chair or standing"
	case place == "chair":
		return "in the chair"
	case place == "standing":
		return "standing"
	case place == "floor":
		return "on the floor"
	case place == "bar":
		return "at a bar"
	}
	return "on an inversion table"
}

// Dose says how long or how often an exercise is done: “15–20 s a side”.
func Dose(e api.Exercise) string {
	long := holdFor(e.HoldS)
	switch {
	case e.Reps > 0 && long != "" && e.Sides == 2:
		return fmt.Sprintf("%d × %s a side", e.Reps, long)
	case e.Reps > 0 && long != "":
		return fmt.Sprintf("%d × %s", e.Reps, long)
	case e.Reps > 0:
		return fmt.Sprintf("%d times each way", e.Reps)
	case long != "" && e.Sides == 2:
		return fmt.Sprintf("%s a side", long)
	case long != "" && e.HoldS.Max < aBreath:
		return fmt.Sprintf("%s each time", long)
	case long != "":
		return long
	}
	return "as long as you like"
}

// aBreath is a time, in seconds, so short that an exercise is more than doing it once.
const aBreath = 5

// holdFor is a range of seconds, in minutes where that is what it is; empty for none.
func holdFor(r api.Range) string {
	const minute = 60
	switch {
	case r.Max == 0:
		return ""
	case r.Min != r.Max && r.Min%minute == 0 && r.Max%minute == 0:
		return fmt.Sprintf("%d–%d min", r.Min/minute, r.Max/minute)
	case r.Min != r.Max:
		return fmt.Sprintf("%d–%d s", r.Min, r.Max)
	}
	return Span(time.Duration(r.Min) * time.Second)
}

// HowOften says how often at most an exercise comes; nothing where that is as often as one likes.
func HowOften(e api.Exercise) []string {
	var often []string
	if e.PerDay == 1 {
		often = append(often, "at most once a day")
	} else if e.PerDay > 1 {
		often = append(often, fmt.Sprintf("at most %d times a day", e.PerDay))
	}
	if e.PerWeek != nil && e.PerWeek.Min < e.PerWeek.Max {
		often = append(often, fmt.Sprintf("%d–%d times a week", e.PerWeek.Min, e.PerWeek.Max))
	} else if e.PerWeek != nil {
		often = append(often, fmt.Sprintf("%d times a week", e.PerWeek.Min))
	}
	return often
}

// RoutineLength is how long a routine takes as it is written, to half a minute.
func RoutineLength(r api.Routine) string {
	var total float64
	for _, s := range r.Steps {
		total += s.ReadyS + s.WorkS
	}
	halves := int(total/30 + 0.5)
	if halves%2 == 1 && halves > 1 {
		return fmt.Sprintf("about %d½ min", halves/2)
	}
	return fmt.Sprintf("about %s", Span(time.Duration(halves)*30*time.Second))
}

// ExerciseOff says that an exercise is off, and how that is changed.
func ExerciseOff(id string) string {
	return fmt.Sprintf("Off until you switch it on: unhunch profile set enable.%s=yes", id)
}

// RoutineStart says how a routine is started.
func RoutineStart(id string) string { return fmt.Sprintf("Start it: unhunch stretch %s", id) }

// Sources says where the contents of a page come from.
func Sources(of []string) string { return fmt.Sprintf("From: %s", strings.Join(of, "; ")) }

// Thing names a piece of equipment.
func Thing(equipment string) string {
	switch equipment {
	case "mat":
		return "a mat or a soft carpet"
	case "foam-roller":
		return "a foam roller"
	case "bar":
		return "a firm bar that carries you twice over"
	case "inversion-table":
		return "an inversion table, and a second person"
	}
	return equipment
}

// NotWith words what an exercise is not for, by its screening tag.
func NotWith(tag string) string {
	if s, ok := notWith[tag]; ok {
		return s
	}
	return tag
}

var notWith = map[string]string{
	"surgery":   "a recent operation on back, neck or belly, or a broken bone",
	"bone":      "osteoporosis, or steroids taken for a long time",
	"pregnancy": "pregnancy",
	"heart":     "high blood pressure, heart or circulation disease, a stroke",
	"eyes":      "glaucoma or a disease of the retina",
	"reflux":    "reflux or a hiatal hernia",
	"disc":      "a diagnosed herniated disc",
	"slip":      "a narrowed spinal canal, or a vertebra out of its place",
	"shoulder":  "an unstable shoulder",
	"dizzy":     "dizziness on standing up",
	"blood":     "a clot, or blood thinners",
	"joints":    "knee, hip or wrist trouble, or a replaced joint",
	"leg":       "pain, tingling or numbness running down a limb now",
}
