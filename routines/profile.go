package routines

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// A Profile is what is known of the person. The zero Profile is somebody who has said nothing. It is never changed:
// methods that change something return another.
type Profile struct {
	// Screening are the answers by tag. A question without one counts as answered with yes.
	Screening map[string]Answer `json:"screening,omitempty"`
	Level     string            `json:"level,omitempty"`     // the highest to be planned; empty is gentle
	Places    []string          `json:"places,omitempty"`    // allowed in one-click sessions besides standing and chair
	Equipment []string          `json:"equipment,omitempty"` // what there is: see the equipment of the exercises
	Abilities []string          `json:"abilities,omitempty"` // what the person does not do: see [Abilities]
	Enabled   []string          `json:"enabled,omitempty"`   // ids of exercises that are off until enabled
	Retired   []string          `json:"retired,omitempty"`   // ids of exercises that hurt, until they are allowed again
	Hurts     []time.Time       `json:"hurts,omitempty"`     // when something hurt, oldest first, at most of some days

	// OnlyWalking is that three hurts in seven days have left only walking, until the person says how to go on.
	OnlyWalking bool `json:"only_walking,omitempty"`
	// LevelAt is when the person last said at which level to go on: progress is counted from there.
	LevelAt time.Time `json:"level_at,omitzero"`
	// Asked is when the questions were offered, which is done once.
	Asked time.Time `json:"asked,omitzero"`
}

// An Answer is one to a screening question.
type Answer string

// The answers. What is not answered is unsaid.
const (
	Yes    Answer = "yes"
	No     Answer = "no"
	Unsaid Answer = "unsaid"
)

// Abilities are what a person may not be able to do, or prefers not to.
var Abilities = []string{CannotStand, CannotKneel, CannotReach, OneArm, Wheelchair}

// Check says what in p no profile can hold. Ids of exercises are not looked at: they come and go with files.
func (p Profile) Check() error {
	var errs []error
	for tag, answer := range p.Screening {
		if !slices.Contains(tags, tag) || !slices.Contains([]Answer{Yes, No, Unsaid}, answer) {
			errs = append(errs, fmt.Errorf("screening: %q answered with %q", tag, answer))
		}
	}
	if p.Level != "" && !slices.Contains(levels, p.Level) {
		errs = append(errs, fmt.Errorf("level: there is no %q", p.Level))
	}
	for _, list := range []struct {
		key         string
		has, allows []string
	}{{"places", p.Places, places}, {"abilities", p.Abilities, Abilities}} {
		for _, v := range list.has {
			if !slices.Contains(list.allows, v) {
				errs = append(errs, fmt.Errorf("%s: there is no %q", list.key, v))
			}
		}
	}
	return errors.Join(errs...)
}

// Restrictions are what in p only ever takes exercises away, for when the rest is not to be trusted.
func (p Profile) Restrictions() Profile {
	q := Profile{Retired: p.Retired, Hurts: p.Hurts, OnlyWalking: p.OnlyWalking}
	q.Abilities = slices.DeleteFunc(slices.Clone(p.Abilities), func(a string) bool { return !slices.Contains(Abilities, a) })
	for tag, answer := range p.Screening {
		if answer == Yes && slices.Contains(tags, tag) {
			q = q.Answered(tag, Yes)
		}
	}
	return q
}

// Answered is p with that answer to a question.
func (p Profile) Answered(tag string, answer Answer) Profile {
	p.Screening = maps.Clone(p.Screening)
	if p.Screening == nil {
		p.Screening = map[string]Answer{}
	}
	p.Screening[tag] = answer
	return p
}

// Hurt is p after the exercise has hurt: it is retired, and the third in seven days leaves only walking. That the same
// hurt is told twice changes nothing.
func (p Profile) Hurt(exercise string, at time.Time) Profile {
	at = at.UTC().Round(0)
	p = p.Retire(exercise)
	if slices.ContainsFunc(p.Hurts, at.Equal) {
		return p
	}
	p.Hurts = append(p.lately(at), at)
	slices.SortFunc(p.Hurts, time.Time.Compare)
	p.OnlyWalking = p.OnlyWalking || len(p.Hurts) >= manyHurts
	return p
}

// Retire is p without the exercise until it is allowed again.
func (p Profile) Retire(exercise string) Profile {
	p.Retired = with(p.Retired, exercise)
	return p
}

// Allow is p with the exercise allowed again.
func (p Profile) Allow(exercise string) Profile {
	p.Retired = without(p.Retired, exercise)
	return p
}

// Enable is p with an exercise on that is off otherwise. Whether it may be is for [Profile.Forbids].
func (p Profile) Enable(exercise string) Profile {
	p.Enabled = with(p.Enabled, exercise)
	return p
}

// Disable is p with that exercise off again.
func (p Profile) Disable(exercise string) Profile {
	p.Enabled = without(p.Enabled, exercise)
	return p
}

// AtLevel is p after the person has said at which level to go on, the same one included. What hurt before is settled by
// that, though what was retired stays so; progress is counted anew.
func (p Profile) AtLevel(level string, at time.Time) Profile {
	p.Level, p.LevelAt = level, at.UTC().Round(0)
	p.OnlyWalking, p.Hurts = false, nil
	return p
}

func with(list []string, item string) []string {
	if slices.Contains(list, item) {
		return list
	}
	return append(slices.Clip(list), item)
}

func without(list []string, item string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == item })
}
