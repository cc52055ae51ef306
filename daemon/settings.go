package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/notify"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/server"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
	"github.com/unhunch/unhunch/daemon/words"
)

// coreSettings are the settings as the machines take them.
func coreSettings(c config.Config) core.Settings {
	s := core.Settings{
		Sitting: sitting.Settings{
			Limit: c.Sitting.Limit, Rest: c.Sitting.Rest, AwayAfter: c.Sitting.AwayAfter,
			SureAfter: c.Sitting.SureAfter, StandLimit: c.Sitting.StandLimit, InhibitAtMost: c.Sitting.InhibitAtMost,
		},
		Reminder: reminder.Settings{
			Limit: c.Sitting.Limit, StandLimit: c.Sitting.StandLimit,
			Snooze: c.Reminder.Snooze, MaxSnoozes: c.Reminder.MaxSnoozes,
			Patience: c.Reminder.Patience, PauseInInput: c.Reminder.PauseInInput,
			MinGap: c.Reminder.MinGap, WakeGrace: c.Reminder.WakeGrace, IgnoredAfter: c.Reminder.IgnoredAfter,
			TrayOnly: c.Reminder.Style == "tray", DayStarts: c.Reminder.DayStarts,
		},
		Sound: c.Session.Sound,
	}
	s.Reminder.Holds = reminder.Holds{
		DoNotDisturb: c.Hold.DoNotDisturb, Call: c.Hold.Call, Fullscreen: c.Hold.Fullscreen,
		CallAtMost: c.Hold.CallAtMost, FullscreenAtMost: c.Hold.FullscreenAtMost,
	}
	s.Reminder.Hours.Set = c.Hours.Set
	for day, ranges := range c.Hours.Days {
		for _, r := range ranges {
			s.Reminder.Hours.Days[day] = append(s.Reminder.Hours.Days[day], reminder.Range{From: r.From, To: r.To})
		}
	}
	return s
}

// reload reads the file again. A bad one changes nothing but what is said about it.
func (d *daemon) reload() {
	cfg, err := config.Load(d.cfgPath)
	if err == nil {
		d.cfg.Store(&cfg)
		set := coreSettings(cfg)
		d.loop.post(core.Event{Settings: &set})
	}
	for _, e := range d.configProblems(err) {
		d.loop.post(e)
	}
}

// configProblems are the events that say what is wrong with the settings file, or that nothing is any more. A new
// fault is said once in a notification and in the log too.
func (d *daemon) configProblems(err error) []core.Event {
	was := d.cfgError.Swap(&err)
	if was == nil && err == nil || was != nil && sameError(*was, err) {
		return nil
	}
	p := &core.Problems{Part: "config"}
	var faults config.Errors
	if err != nil && !errors.As(err, &faults) {
		faults = config.Errors{{File: d.cfgPath, Message: err.Error()}}
	}
	for i, f := range faults {
		facts := words.NoticeFacts{Path: words.Path(f.File), Line: f.Line, Column: f.Column, Message: f.Message}
		if f.Key != "" {
			facts.Message = f.Key + ": " + f.Message
		}
		found := problem("config", words.ProblemConfigBroken, words.ProblemFacts{NoticeFacts: facts})
		if f.Hint != "" {
			found.Hint = f.Hint
		}
		p.List = append(p.List, found)
		d.opts.Log.Error("the settings file is wrong; the settings before stay", "error", f)
		if i == 0 && d.rooms != nil {
			title, body := words.Notice(words.NoticeConfigBroken, facts)
			d.rooms.notes.Show(notify.Note{Slot: slotNotice, Title: title, Body: body, Expire: noticeStays})
		}
	}
	return []core.Event{{Problems: p}}
}

func sameError(a, b error) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Error() == b.Error()
}

// Settings are those in force. It is part of server.Backend.
func (d *daemon) Settings() api.Settings {
	out := api.Settings{Path: d.cfgPath, Values: map[string]json.RawMessage{}}
	cfg := d.cfg.Load()
	for _, k := range config.Keys() {
		if v, err := cfg.Value(k.Name); err == nil {
			out.Values[k.Name] = json.RawMessage(v)
		}
	}
	return out
}

// SetSetting changes one key in the person's file and takes it into use. It is part of server.Backend.
func (d *daemon) SetSetting(_ context.Context, key, value string) error {
	if err := config.Set(d.cfgPath, key, value); err != nil {
		if fault, ok := errors.AsType[*config.Error](err); ok {
			return &server.Invalid{Message: err.Error(), Hint: fault.Hint}
		}
		return err
	}
	d.reload()
	return nil
}

// noticeStays is how long a notice is on screen: long enough to be read twice.
const noticeStays = 20 * time.Second
