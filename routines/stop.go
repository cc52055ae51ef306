package routines

// StopRule is the rule every step of a session carries.
const StopRule = "Stop at sharp pain, dizziness, or anything moving down an arm or leg."

// ComeUpSlowly is said whenever something hurt.
const ComeUpSlowly = "Come up slowly."

// A StopTier is a group of signs that all call for the same help.
type StopTier struct {
	Help  string   `json:"help"`  // whom to turn to, and how soon
	Signs []string `json:"signs"` // any one of them is enough
	// Brief is all of it in a few lines, for a notification: some servers show no more than six lines of a paragraph
	// and 300 pixels of them all, and leave out the rest.
	Brief []string `json:"brief"`
}

// StopSigns are the signs to end a session for and to get help, the most urgent tier first. They are one click
// away before and during every session. The signs follow the public warning lists for back pain.
var StopSigns = []StopTier{
	{
		Help: "Call the emergency number now (112, 999, 911)",
		Signs: []string{
			"Numbness or tingling around the genitals or buttocks",
			"New trouble starting to pass water, feeling it or keeping it in, or with the bowels",
			"Pain, tingling, weakness or numbness in both legs",
			"A change in sexual function",
			"Chest pain",
			"Back pain after a serious accident",
		},
		Brief: []string{
			"Call 112, 999 or 911 now: numbness or tingling around genitals or buttocks, or new trouble with bladder, bowels or sex.",
			"Call as well: pain, tingling, weakness or numbness in both legs, chest pain, or after a serious accident.",
		},
	},
	{
		Help: "See a doctor today",
		Signs: []string{
			"New weakness, numbness or tingling in an arm or leg",
			"Fever together with back pain",
			"Losing weight without a reason",
		},
		Brief: []string{
			"See a doctor today: new weakness, numbness or tingling in an arm or leg, fever, losing weight without a reason.",
		},
	},
	{
		Help: "Talk to a professional soon",
		Signs: []string{
			"Pain that grows or spreads",
			"Pain that is worse at night",
			"Pain that is no better after a few weeks",
		},
		Brief: []string{"Talk to a professional soon: pain that grows, spreads, is worse at night or lasts for weeks."},
	},
}
