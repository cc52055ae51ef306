package api

// PathProfile answers GET with the [Profile], and takes PATCH {"KEY": "VALUE", …}: all of it is checked before any of it
// is done. The keys are screening.TAG, level, places, equipment, abilities, enable.ID and retired.ID.
const PathProfile = "/v1/profile"

// Profile is what is known of the person, and what follows from it. It is written as the keys of a change are: the value
// of screening.bone is that of bone in Screening.
type Profile struct {
	Screening map[string]string `json:"screening"` // every question: yes no unsaid. What is unsaid counts as yes
	Level     string            `json:"level"`     // the highest that is planned: gentle moderate advanced
	Places    []string          `json:"places"`    // of one-click sessions, besides standing and chair
	Equipment []string          `json:"equipment"` // what there is
	Abilities []string          `json:"abilities"` // what the person does not do
	Enable    map[string]string `json:"enable"`    // yes, for exercises that are off otherwise
	Retired   map[string]string `json:"retired"`   // yes, for exercises that hurt, until they are allowed again

	OnlyWalking bool              `json:"only_walking"` // too much has hurt lately
	Progress    ProfileProgress   `json:"progress"`
	Offer       *Problem          `json:"offer"` // what the person may want to change; null for nothing
	Questions   []ProfileQuestion `json:"questions"`
	Off         []ProfileOff      `json:"off"`   // exercises that are off until enabled
	Names       map[string]string `json:"names"` // of the exercises named here, by id
}

// ProfileProgress is how far the person has come at their level.
type ProfileProgress struct {
	Days int    `json:"days"` // with a good session that held exercises of the level
	Of   int    `json:"of"`   // so many that the next one is offered
	Next string `json:"next"` // level, empty after the last
}

// ProfileQuestion is one to be answered with yes, no or not at all.
type ProfileQuestion struct {
	Tag       string   `json:"tag"`
	Ask       string   `json:"ask"`
	Means     string   `json:"means"`      // what a yes takes away, in words
	TakesAway []string `json:"takes_away"` // the exercises, by id
}

// ProfileOff is an exercise that is off until enabled.
type ProfileOff struct {
	ID      string `json:"id"`
	Enabled bool   `json:"enabled"`
	Message string `json:"message"` // why it cannot be enabled or is not planned though enabled; empty where it can
	Hint    string `json:"hint"`    // what to do about it
}
