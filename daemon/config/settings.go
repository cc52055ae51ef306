package config

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Key describes one setting, for listings and the settings page.
type Key struct {
	Name    string   // "sitting.limit"
	Default string   // as TOML
	Meaning string   // one sentence
	Unit    string   // what a value looks like: "true or false"
	Choices []string // every value there is, as one types it, where they are few; else nil
}

// A setting ties a key to its place in a Config.
type setting struct {
	Key
	field func(*Config) field
}

// tables in the order they are listed in.
var tables = []string{"sitting", "reminder", "hours", "hold", "session", "history"}

// settings is every key there is, in the order they are listed in. A key is never renamed.
var settings = describe(
	timeSpan("sitting.limit", "Time in the chair after which a break is asked for.", positive,
		func(c *Config) *time.Duration { return &c.Sitting.Limit }),
	timeSpan("sitting.rest", "Time away that makes up for all of that time in the chair.", positive,
		func(c *Config) *time.Duration { return &c.Sitting.Rest }),
	timeSpan("sitting.away_after", "A time without input shorter than this counts as sitting, since reading is.", positive,
		func(c *Config) *time.Duration { return &c.Sitting.AwayAfter }),
	timeSpan("sitting.sure_after",
		"A time without input this long counts as away, unless a call or a video explains it.", positive,
		func(c *Config) *time.Duration { return &c.Sitting.SureAfter }),
	timeSpan("sitting.stand_limit", "Time on your feet after which a change is asked for, once you have said that you stand.", positive,
		func(c *Config) *time.Duration { return &c.Sitting.StandLimit }),
	timeSpan("sitting.inhibit_at_most", "How long a call or a video without input counts as sitting.", positive,
		func(c *Config) *time.Duration { return &c.Sitting.InhibitAtMost }),

	oneOf("reminder.style", `How a break is asked for: with a notification, or by the tray's icon alone.`,
		[]string{"notification", "tray"}, func(c *Config) *string { return &c.Reminder.Style }),
	setting{
		Key{Name: "reminder.snooze", Meaning: "How far a break can be put off, the first being the button's."},
		func(c *Config) field { return durations{&c.Reminder.Snooze, snoozable} },
	},
	setting{
		Key{Name: "reminder.max_snoozes", Meaning: "How often one break can be put off."},
		func(c *Config) field { return count{&c.Reminder.MaxSnoozes, 100} },
	},
	timeSpan("reminder.patience", `The longest a prompt waits for a pause in your typing; "0s" does not wait.`, orZero,
		func(c *Config) *time.Duration { return &c.Reminder.Patience }),
	timeSpan("reminder.pause_in_input",
		`How long without input makes a pause that a prompt may use; "0s" takes any moment.`, orZero,
		func(c *Config) *time.Duration { return &c.Reminder.PauseInInput }),
	timeSpan("reminder.min_gap", "The least time between two prompts.", orZero,
		func(c *Config) *time.Duration { return &c.Reminder.MinGap }),
	timeSpan("reminder.wake_grace", "No prompt comes this soon after waking or unlocking.", orZero,
		func(c *Config) *time.Duration { return &c.Reminder.WakeGrace }),
	timeSpan("reminder.ignored_after", "A prompt that is not answered is taken back after this.", positive,
		func(c *Config) *time.Duration { return &c.Reminder.IgnoredAfter }),
	onOff("reminder.sound", "A sound with the prompt.", func(c *Config) *bool { return &c.Reminder.Sound }),
	setting{
		Key{Name: "reminder.day_starts", Meaning: "When a new day begins, for “until tomorrow” and today's figures."},
		func(c *Config) field { return timeOfDay{&c.Reminder.DayStarts} },
	},

	hoursOf("hours.mon", "Monday", time.Monday),
	hoursOf("hours.tue", "Tuesday", time.Tuesday),
	hoursOf("hours.wed", "Wednesday", time.Wednesday),
	hoursOf("hours.thu", "Thursday", time.Thursday),
	hoursOf("hours.fri", "Friday", time.Friday),
	hoursOf("hours.sat", "Saturday", time.Saturday),
	hoursOf("hours.sun", "Sunday", time.Sunday),

	onOff("hold.do_not_disturb", "No prompt while the desktop's do-not-disturb is on.",
		func(c *Config) *bool { return &c.Hold.DoNotDisturb }),
	onOff("hold.fullscreen", "No prompt while a program fills the screen.",
		func(c *Config) *bool { return &c.Hold.Fullscreen }),
	onOff("hold.call", "No prompt while the microphone or the camera is in use.",
		func(c *Config) *bool { return &c.Hold.Call }),
	timeSpan("hold.call_at_most", "A call keeps a prompt back no longer than this.", positive,
		func(c *Config) *time.Duration { return &c.Hold.CallAtMost }),
	timeSpan("hold.fullscreen_at_most", "A full screen keeps a prompt back no longer than this.", positive,
		func(c *Config) *time.Duration { return &c.Hold.FullscreenAtMost }),
	setting{
		Key{Name: "hold.ignore_apps", Meaning: "Programs that never keep a prompt back, by the names that doctor shows."},
		func(c *Config) field { return texts{&c.Hold.IgnoreApps} },
	},

	timeSpan("session.length", "How long a session is when not asked otherwise.", span{30 * time.Second, 15 * time.Minute},
		func(c *Config) *time.Duration { return &c.Session.Length }),
	oneOf("session.place", "Where you stretch when not asked otherwise.",
		[]string{"chair", "standing", "floor"}, func(c *Config) *string { return &c.Session.Place }),
	oneOf("session.pace", "Normal, slow, or wait for a key before each step.",
		[]string{"normal", "slow", "wait"}, func(c *Config) *string { return &c.Session.Pace }),
	oneOf("session.guide", "What guides you; empty picks what suits where the session was started.",
		[]string{"page", "terminal", "background", ""}, func(c *Config) *string { return &c.Session.Guide }),
	onOff("session.voice", "Steps are read out.", func(c *Config) *bool { return &c.Session.Voice }),
	onOff("session.sound", "A sound when the sides change and before a step ends.", func(c *Config) *bool { return &c.Session.Sound }),

	timeSpan("history.keep", "What is older than this is forgotten.", positive,
		func(c *Config) *time.Duration { return &c.History.Keep }),
	onOff("history.enabled", "Keep a history at all.", func(c *Config) *bool { return &c.History.Enabled }),
)

func timeSpan(name, meaning string, limit span, at func(*Config) *time.Duration) setting {
	return setting{Key{Name: name, Meaning: meaning}, func(c *Config) field { return duration{at(c), limit} }}
}

func onOff(name, meaning string, at func(*Config) *bool) setting {
	return setting{Key{Name: name, Meaning: meaning}, func(c *Config) field { return boolean{at(c)} }}
}

func oneOf(name, meaning string, words []string, at func(*Config) *string) setting {
	return setting{Key{Name: name, Meaning: meaning}, func(c *Config) field { return choice{at(c), words} }}
}

func hoursOf(name, dayName string, d time.Weekday) setting {
	meaning := fmt.Sprintf("Working hours on %s: always, or, once [hours] is in the file, none.", dayName)
	return setting{Key{Name: name, Meaning: meaning}, func(c *Config) field { return workday{&c.Hours, d} }}
}

// describe fills in what follows from the fields themselves.
func describe(all ...setting) []setting {
	defaults := Default()
	for i := range all {
		f := all[i].field(&defaults)
		all[i].Default, all[i].Unit = f.text(), f.unit()
		switch f := f.(type) {
		case choice:
			all[i].Choices = f.words
		case boolean:
			all[i].Choices = []string{"true", "false"}
		}
	}
	return all
}

// Keys is every setting in the order of the file.
func Keys() []Key {
	keys := make([]Key, len(settings))
	for i, s := range settings {
		keys[i] = s.Key
	}
	return keys
}

// Value is the setting in force, as TOML. A day of [hours] that is not set is all of that day.
func (c Config) Value(key string) (string, error) {
	s, err := lookup(key)
	if err != nil {
		return "", err
	}
	return s.field(&c).text(), nil
}

func (s setting) split() (table, name string) {
	table, name, _ = strings.Cut(s.Name, ".")
	return table, name
}

func find(table, name string) (setting, bool) {
	for _, s := range settings {
		if t, n := s.split(); t == table && n == name {
			return s, true
		}
	}
	return setting{}, false
}

// lookup finds the setting a person named.
func lookup(key string) (setting, error) {
	table, name, _ := strings.Cut(key, ".")
	if s, ok := find(table, name); ok {
		return s, nil
	}
	return setting{}, &Error{Key: label(key), Message: label(key) + " is not a setting", Hint: suggestKey(key)}
}

func isTable(name string) bool { return slices.Contains(tables, name) }

func unknownSetting(e entry) *Error {
	key := strings.TrimPrefix(e.table+"."+e.name, ".")
	return &Error{
		Key: label(key), Value: e.value.written, offset: e.at,
		Message: label(e.name) + " is not a setting", Hint: suggestKey(key),
	}
}

func unknownTable(t table) *Error {
	err := &Error{Key: label(t.name), offset: t.at, Message: "[" + label(t.name) + "] is not a table of settings"}
	if near, ok := nearest(t.name, slices.Values(tables)); ok {
		err.Hint = "did you mean [" + near + "]?"
	}
	return err
}

// suggestKey looks for a key that was misspelt, or that was put into the wrong table.
func suggestKey(key string) string {
	name := key[strings.LastIndexByte(key, '.')+1:]
	for _, s := range settings {
		if _, n := s.split(); n == name {
			return "did you mean " + s.Name + "?"
		}
	}
	near, ok := nearest(key, func(yield func(string) bool) {
		for _, s := range settings {
			if !yield(s.Name) {
				return
			}
		}
	})
	if !ok {
		return "`unhunch config show` lists them all"
	}
	return "did you mean " + near + "?"
}
