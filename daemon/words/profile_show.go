package words

import (
	"fmt"
	"slices"
	"strings"

	"github.com/unhunch/unhunch/daemon/api"
)

// A ProfileRole says what a line of the profile is, so that a display can choose how it looks.
type ProfileRole int

// The roles of profile lines.
const (
	ProfileHead   ProfileRole = iota // what is known
	ProfileDetail                    // more of it
	ProfileHint                      // what to try about the line before
	ProfileTip                       // an offer
	ProfileAlarm                     // something to look out for
)

// A ProfileLine is one line of the profile. It may be long.
type ProfileLine struct {
	Role ProfileRole
	Text string
}

// Profile is what is known of the person and what follows from it, in words.
func Profile(p api.Profile, safety Safety) []ProfileLine {
	lines := []ProfileLine{{ProfileHead, profileLevel(p)}}
	add := func(role ProfileRole, text string) { lines = append(lines, ProfileLine{role, text}) }
	add(ProfileHint, "to change it: unhunch profile set level=LEVEL (gentle, moderate, advanced)")
	lines = append(lines, profileAnswers(p)...)
	if p.Screening["leg"] == "yes" {
		for _, line := range HurtLinesBrief(safety) {
			add(ProfileAlarm, line)
		}
	}
	if len(p.Abilities) > 0 {
		var all []string
		for _, a := range p.Abilities {
			all = append(all, AbilityAsk[a])
		}
		add(ProfileHead, fmt.Sprintf("You said: %s", strings.Join(all, " · ")))
	}
	if len(p.Places) > 0 {
		add(ProfileHead, fmt.Sprintf("Places for one click: %s", strings.Join(p.Places, ", ")))
	}
	if len(p.Equipment) > 0 {
		add(ProfileHead, fmt.Sprintf("Equipment: %s", strings.Join(p.Equipment, ", ")))
	}
	lines = append(lines, profileRetired(p)...)
	lines = append(lines, profileOff(p)...)
	if p.Offer != nil {
		add(ProfileTip, p.Offer.Message)
		add(ProfileHint, p.Offer.Hint)
	}
	return lines
}

func profileLevel(p api.Profile) string {
	switch {
	case p.OnlyWalking:
		return fmt.Sprintf("Level: %s, but too much has hurt lately for anything but the gentlest", p.Level)
	case p.Progress.Next == "":
		return fmt.Sprintf("Level: %s, which is the last", p.Level)
	case p.Progress.Days == 0:
		return fmt.Sprintf("Level: %s", p.Level)
	}
	return fmt.Sprintf("Level: %s · %d of %d good days towards %s", p.Level, p.Progress.Days, p.Progress.Of, p.Progress.Next)
}

// profileNames is how many exercises are named before they are only counted: more than two lines nobody reads.
const profileNames = 8

// profileAnswers are the answers that take something away, and the exercises that go with each.
func profileAnswers(p api.Profile) []ProfileLine {
	count := map[string]int{}
	for _, q := range p.Questions {
		count[p.Screening[q.Tag]]++
	}
	all := len(p.Questions)
	switch all {
	case count["unsaid"]:
		return []ProfileLine{
			{ProfileHead, "Questions: not answered, which counts as yes, so gentle movements only"},
			{ProfileHint, "to answer them: unhunch profile ask"},
		}
	case count["no"]:
		return []ProfileLine{{ProfileHead, fmt.Sprintf("Questions: no to all %d", all)}}
	}
	head := fmt.Sprintf("Questions: %d yes · %d no · %d not answered", count["yes"], count["no"], count["unsaid"])
	if count["unsaid"] == 0 {
		head = fmt.Sprintf("Questions: %d yes · %d no", count["yes"], count["no"])
	}
	lines := []ProfileLine{{ProfileHead, head}}
	for _, q := range p.Questions {
		ask := ""
		switch p.Screening[q.Tag] {
		case "yes":
			ask = fmt.Sprintf("- Yes: %s", q.Ask)
		case "unsaid":
			ask = fmt.Sprintf("- Not answered, which counts as a yes: %s", q.Ask)
		default:
			continue
		}
		lines = append(lines, ProfileLine{ProfileDetail, ask})
		takes := fmt.Sprintf("  Means: %s. Takes away: %s.", q.Means, strings.Join(named(p, q.TakesAway), ", "))
		switch n := len(q.TakesAway); {
		case n == 0:
			takes = fmt.Sprintf("  Means: %s.", q.Means)
		case n > profileNames:
			takes = fmt.Sprintf("  Means: %s. Takes away %d exercises.", q.Means, n)
		}
		lines = append(lines, ProfileLine{ProfileDetail, takes})
	}
	return append(lines, ProfileLine{ProfileHint, "to change an answer: unhunch profile ask"})
}

func named(p api.Profile, ids []string) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = exerciseName(p, id)
	}
	return names
}

func exerciseName(p api.Profile, id string) string {
	if name := p.Names[id]; name != "" {
		return name
	}
	return id
}

func profileRetired(p api.Profile) []ProfileLine {
	var lines []ProfileLine
	for _, id := range sortedKeys(p.Retired) {
		lines = append(lines,
			ProfileLine{ProfileHead, fmt.Sprintf("Retired: %s, until you allow it again", exerciseName(p, id))},
			ProfileLine{ProfileHint, fmt.Sprintf("to allow it: unhunch profile set retired.%s=no", id)})
	}
	return lines
}

// profileOff are the exercises that are off until enabled: each of them once the questions are answered.
func profileOff(p api.Profile) []ProfileLine {
	var lines []ProfileLine
	answered := slices.ContainsFunc(p.Questions, func(q api.ProfileQuestion) bool { return p.Screening[q.Tag] != "unsaid" })
	if !answered {
		return nil
	}
	for _, off := range p.Off {
		name := exerciseName(p, off.ID)
		line, hint := fmt.Sprintf("%s: off", name), off.Hint
		switch {
		case off.Enabled && off.Message == "":
			line, hint = fmt.Sprintf("%s: on", name), fmt.Sprintf("to switch it off: unhunch profile set enable.%s=no", off.ID)
		case off.Enabled:
			line = fmt.Sprintf("%s: on, but not planned. %s", name, off.Message)
		case off.Message == "":
			hint = fmt.Sprintf("to switch it on, after reading “unhunch routines show %s”: unhunch profile set enable.%s=yes", off.ID, off.ID)
		default:
			line = fmt.Sprintf("%s: off. %s", name, off.Message)
		}
		lines = append(lines, ProfileLine{ProfileHead, line}, ProfileLine{ProfileHint, hint})
	}
	return lines
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// Words of `profile set`.
const (
	// SetFirstAnswers is said where a level was set that nothing comes of before the questions are answered.
	SetFirstAnswers = "Until the questions are answered gentle movements stay the only ones: unhunch profile ask"
	// SetBefore is said before the cautions of an exercise that was enabled.
	SetBefore = "Before you do it:"
	// SetAbove is said of an exercise that was enabled above the person's level.
	SetAbove = "It comes once your level is as high as its own."
)
