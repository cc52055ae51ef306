package routines

import (
	"slices"
	"time"
)

// Tags are the screening questions, in the order they are asked in. Their words are in daemon/words.
func Tags() []string { return slices.Clone(tags) }

// TagLeg is the question whose yes leaves only what is gentle: pain, tingling or numbness running down a limb now.
const TagLeg = "leg"

// What [Abilities] are called.
const (
	CannotStand = "cannot-stand"
	CannotKneel = "cannot-kneel"
	CannotReach = "cannot-reach-overhead"
	OneArm      = "one-arm"
	Wheelchair  = "wheelchair"
)

// Reasons why an exercise is not for a person, in the order they are looked for: the first one counts.
const (
	WhyRetired    = "retired"    // it hurt, and has not been allowed again
	WhyHurts      = "hurts"      // three times something hurt: only walking until the person says how to go on
	WhyScreening  = "screening"  // a question whose yes forbids it was answered with yes
	WhyUnanswered = "unanswered" // such a question was not answered, which counts as yes
	WhyAbility    = "ability"    // it asks of the body what the person does not do
	WhyEquipment  = "equipment"  // something it needs is not there
	WhyPlace      = "place"      // the bar or table it is done at is not there
	WhyLevel      = "level"      // it is above the person's
	WhyOff        = "off"        // it is off until it is enabled
)

// Places are those of exercises.
func Places() []string { return slices.Clone(places) }

// Equipment is what a person may list as being there: whatever an exercise needs, and what is everywhere.
func (c *Catalogue) Equipment() []string {
	all := slices.Clone(everyday)
	for _, e := range c.Exercises {
		for _, thing := range e.Equipment {
			all = with(all, thing)
		}
	}
	return all
}

// everyday is what there is wherever a session is done: a session on the floor is one on a mat.
var everyday = []string{"chair", "desk", "wall", "mat"}

// lacking says which needs of an exercise each of the abilities leaves unmet. Who cannot stand does not get down to the
// floor either: getting up again is standing up.
var lacking = map[string][]string{
	CannotStand: {"standing", "getting-down"},
	CannotKneel: {"kneeling"},
	CannotReach: {"overhead"},
	OneArm:      {"both-arms"},
	Wheelchair:  {"standing", "legs", "getting-down", "kneeling"},
}

// Forbids says whether the exercise is not to be planned for this person at the moment now, and if so the first reason
// why. Where it is done is for the plan to see to: see [Profile.CanUse].
func (p Profile) Forbids(e Exercise, now time.Time) (why string, forbidden bool) {
	against := p.Against(e)
	switch {
	case slices.Contains(p.Retired, e.ID):
		why = WhyRetired
	case p.WalkingOnly(now) && !p.stillOffered(e):
		why = WhyHurts
	case slices.ContainsFunc(against, func(tag string) bool { return p.Screening[tag] == Yes }):
		why = WhyScreening
	case len(against) > 0:
		why = WhyUnanswered
	case len(p.Unable(e)) > 0:
		why = WhyAbility
	case len(p.Missing(e)) > 0:
		why = WhyEquipment
	case !p.HasPlace(e):
		why = WhyPlace
	case above(e.Level, p.Level):
		why = WhyLevel
	case e.OptIn && !slices.Contains(p.Enabled, e.ID):
		why = WhyOff
	}
	return why, why != ""
}

// Against are the questions that forbid the exercise: those it names that were answered with anything but no. What is
// not gentle is forbidden by [TagLeg] whether it names it or not.
func (p Profile) Against(e Exercise) []string {
	var against []string
	for _, tag := range tags {
		if p.Screening[tag] != No && Asks(e, tag) {
			against = append(against, tag)
		}
	}
	return against
}

// Asks tells whether a yes to the question forbids the exercise.
func Asks(e Exercise, tag string) bool {
	return slices.Contains(e.AvoidWith, tag) || tag == TagLeg && e.Level != gentle
}

// Unable is what the exercise asks of the body and the person's abilities leave unmet.
func (p Profile) Unable(e Exercise) []string {
	var unmet []string
	for _, need := range e.needs() {
		if slices.ContainsFunc(p.Abilities, func(a string) bool { return slices.Contains(lacking[a], need) }) {
			unmet = append(unmet, need)
		}
	}
	return unmet
}

// needs are what the exercise asks of the body, also what goes without saying from where it is done.
func (e Exercise) needs() []string {
	all := slices.Clone(e.Needs)
	imply := func(need string, implied bool) {
		if implied && !slices.Contains(all, need) {
			all = append(all, need)
		}
	}
	imply("standing", !e.in(Chair) && !e.in(Floor))
	imply("getting-down", !e.in(Chair) && !e.in(Standing) && e.in(Floor))
	return all
}

// Missing is the equipment that the exercise needs and the person does not have.
func (p Profile) Missing(e Exercise) []string {
	var missing []string
	for _, thing := range e.Equipment {
		if !slices.Contains(everyday, thing) && !slices.Contains(p.Equipment, thing) {
			missing = append(missing, thing)
		}
	}
	return missing
}

// HasPlace tells whether there is the bar or the table the exercise is done at: it was ticked as a place, or is itself
// the equipment, which is there. The other places are everywhere.
func (p Profile) HasPlace(e Exercise) bool {
	return e.in(Chair) || e.in(Standing) || e.in(Floor) || len(e.Equipment) > 0 || slices.Contains(p.Places, e.Place)
}

// CanUse tells whether the person's abilities allow a session in the place. The chair is for everybody.
func (p Profile) CanUse(place string) bool {
	need := map[string]string{Standing: "standing", Floor: "getting-down"}[place]
	return !slices.ContainsFunc(p.Abilities, func(a string) bool { return slices.Contains(lacking[a], need) })
}

// The hurts after which only walking is offered.
const (
	manyHurts   = 3
	manyHurtsIn = 7 * 24 * time.Hour
)

// WalkingOnly tells whether so much has hurt lately that only walking is offered. That does not end by itself.
func (p Profile) WalkingOnly(now time.Time) bool {
	return p.OnlyWalking || len(p.lately(now)) >= manyHurts
}

// HurtLately tells whether anything has hurt in the seven days before now, or since the person has said how to go on.
func (p Profile) HurtLately(now time.Time) bool { return len(p.lately(now)) > 0 }

// lately are the hurts of the seven days before now. One that seems to lie ahead counts: the clock was set back.
func (p Profile) lately(now time.Time) []time.Time {
	return slices.DeleteFunc(slices.Clone(p.Hurts), func(at time.Time) bool { return now.Sub(at) > manyHurtsIn })
}

// stillOffered tells whether the exercise is among the few that are left when so much has hurt: walking, and for those
// who do not walk what walking is to the others, the gentlest change of position. That is to lean back or to grow tall in
// the chair: nothing turns, nothing bends, and it asks nothing of arms or legs.
func (p Profile) stillOffered(e Exercise) bool {
	if e.Level != gentle {
		return false
	}
	if p.CanUse(Standing) {
		return slices.Contains(e.Direction, "walking")
	}
	still := !slices.ContainsFunc(e.Direction, func(d string) bool { return d != "reclining" && d != "unloading" })
	return e.in(Chair) && still && len(e.Needs) == 0
}

// Levels are those of exercises and of people, the gentlest first.
func Levels() []string { return slices.Clone(levels) }

// above tells whether an exercise's level is above a person's. A level that nobody knows is no person's, who is then at
// the gentlest, and above everybody's.
func above(exercise, person string) bool {
	of := slices.Index(levels, exercise)
	return of < 0 || of > max(0, slices.Index(levels, person))
}
