// Package config holds the settings: their defaults, how a file is read and judged as a whole, how one value in it
// is changed without touching the rest, and how a change is noticed.
//
// A person's file is theirs. Nothing here writes it unless asked, and then only the bytes of the key asked for.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/files"
)

// Config is every setting. All durations are positive unless their comment allows zero.
type Config struct {
	Sitting  Sitting
	Reminder Reminder
	Hours    Hours
	Hold     Hold
	Session  Session
	History  History
}

// Sitting says how sitting is counted.
type Sitting struct {
	Limit         time.Duration // sitting after which a break is due
	Rest          time.Duration // time away that makes up for a whole limit; below Limit
	AwayAfter     time.Duration // a silence shorter than this is sitting
	SureAfter     time.Duration // a silence this long is being away, unexplained as it is; above AwayAfter
	StandLimit    time.Duration // declared standing after which a change is due
	InhibitAtMost time.Duration // how long a call or a video can vouch for somebody sitting there in silence
}

// Reminder says when and how a break is asked for.
type Reminder struct {
	Style        string          // "notification" or "tray"
	Snooze       []time.Duration // offered in this order; 1 to 6, each at most an hour
	MaxSnoozes   int             // per break
	Patience     time.Duration   // longest wait for a pause in input; zero: do not wait
	PauseInInput time.Duration   // what counts as a pause in input; zero: any moment does. Patience wins over it
	MinGap       time.Duration   // between two prompts; zero: none
	WakeGrace    time.Duration   // no prompt for so long after waking or unlocking; zero: none
	IgnoredAfter time.Duration   // an unanswered prompt is withdrawn
	Sound        bool
	DayStarts    time.Duration // since local midnight; when “tomorrow” and today's figures begin
}

// Hours are the working hours.
type Hours struct {
	Set  bool       // false: always
	Days [7][]Range // by time.Weekday, in order, none overlapping another
}

// A Range is a stretch of working time, both ends since local midnight of the day it belongs to. To exceeds 24 h
// when the range crosses midnight. On a day when clocks change these are clock times, not elapsed time.
type Range struct{ From, To time.Duration }

// Hold says what keeps a prompt back.
type Hold struct {
	DoNotDisturb     bool
	Fullscreen       bool
	Call             bool
	CallAtMost       time.Duration
	FullscreenAtMost time.Duration
	IgnoreApps       []string // programs that never hold a prompt back, as doctor names them
}

// Session says what a guided session is like when not asked otherwise.
type Session struct {
	Length time.Duration // 30 s to 15 min
	Place  string        // "chair", "standing" or "floor"
	Pace   string        // "normal", "slow" or "wait" (for a key)
	Guide  string        // "page", "terminal", "background", or "": whichever suits where it was started
	Voice  bool
	Sound  bool
}

// History says what is kept of what happened.
type History struct {
	Keep    time.Duration
	Enabled bool
}

// Default is what holds where the file says nothing. The reasons stand in the design, sections 3 to 5.
func Default() Config {
	return Config{
		Sitting: Sitting{
			Limit:         30 * time.Minute,
			Rest:          5 * time.Minute,
			AwayAfter:     3 * time.Minute,
			SureAfter:     7 * time.Minute,
			StandLimit:    time.Hour,
			InhibitAtMost: 2 * time.Hour,
		},
		Reminder: Reminder{
			Style:        "notification",
			Snooze:       []time.Duration{5 * time.Minute, 10 * time.Minute, 20 * time.Minute},
			MaxSnoozes:   3,
			Patience:     2 * time.Minute,
			PauseInInput: 15 * time.Second,
			MinGap:       5 * time.Minute,
			WakeGrace:    time.Minute,
			IgnoredAfter: 10 * time.Minute,
			DayStarts:    4 * time.Hour,
		},
		Hold: Hold{
			DoNotDisturb:     true,
			Fullscreen:       true,
			Call:             true,
			CallAtMost:       2 * time.Hour,
			FullscreenAtMost: 30 * time.Minute,
		},
		Session: Session{Length: 2 * time.Minute, Place: "standing", Pace: "normal"},
		History: History{Keep: 400 * day, Enabled: true},
	}
}

// Path is where the settings file is looked for when no other is named.
func Path() (string, error) {
	dir, err := files.ConfigDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "config.toml"), nil
}

// maxSize is far above any real file of settings and far below what would hurt to parse.
const maxSize = 256 << 10 // bytes

// Load reads the file at path. A missing file is the defaults. A bad one is refused whole: the defaults come with
// an Errors that names everything wrong with it.
func Load(path string) (Config, error) {
	data, err := read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Default(), nil
	}
	if err != nil {
		return Default(), Errors{{File: path, Message: err.Error(), cause: err}}
	}
	c, errs := judge(data)
	if len(errs) > 0 {
		return Default(), errs.in(path)
	}
	return c, nil
}

// Parse is Load for settings at hand.
func Parse(data []byte) (Config, error) {
	c, errs := judge(data)
	if len(errs) > 0 {
		return Default(), errs
	}
	return c, nil
}

// read is the file as far as it is of sane size; judge sees from the byte beyond that there is too much.
func read(path string) ([]byte, error) {
	data, err := files.ReadRegular(path, maxSize)
	if err != nil {
		return nil, fmt.Errorf("cannot read the settings: %w", err)
	}
	return data, nil
}

// judge reads every setting in data and finds everything wrong with it.
func judge(data []byte) (Config, Errors) {
	c := Default()
	if len(data) > maxSize {
		return c, Errors{{Message: fmt.Sprintf("the file is larger than %d KiB", maxSize>>10)}}
	}
	doc, errs := parseDocument(data)
	refused := map[string]bool{}
	for _, e := range doc.entries {
		s, known := find(e.table, e.name)
		if !known {
			if isTable(e.table) || e.table == "" {
				errs = append(errs, unknownSetting(e))
			} // else the table has been reported, once for all that stands in it
			continue
		}
		if faults := s.field(&c).decode(e.value); len(faults) > 0 {
			refused[s.Name] = true
			errs = append(errs, faults.on(s.Name)...)
		}
	}
	for _, t := range doc.tables {
		if !isTable(t.name) {
			errs = append(errs, unknownTable(t))
		}
		c.Hours.Set = c.Hours.Set || t.name == "hours"
	}
	errs = append(errs, breaches(c, doc, refused)...)
	errs.locate(data)
	return c, errs
}
