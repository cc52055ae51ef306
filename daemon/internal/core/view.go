package core

import (
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
)

// shape is the visible state without what grows by itself. A new revision is a new shape.
type shape struct {
	presence, source string
	posture          sitting.Posture
	natural          int
	silence          sitting.Silence
	suggestion       sitting.Posture
	onFeet           bool
	sitUntil, meet   time.Duration

	phase    reminder.Phase
	reason   string
	until    time.Duration
	left     int
	hushed   bool
	figures  reminder.Figures
	paused   time.Duration
	sessions int

	guided Guide
	unseen bool
	cue    int
	hurt   string
	asks   bool
}

func (s *State) shape() shape {
	v := s.Sit.View(s.T)
	sh := shape{
		presence: s.Sit.Presence(), source: s.source(), posture: v.Posture, natural: v.NaturalBreaks,
		suggestion: s.Sit.Suggestion, onFeet: s.Sit.OnFeet, sitUntil: s.Sit.SitUntil, meet: s.Sit.MeetingUntil,
		phase: s.Rem.Phase, reason: s.Rem.Reason, until: s.Rem.Until, left: s.Rem.SnoozesLeft(),
		hushed: s.Rem.Hushed, figures: s.Rem.Today, paused: s.Rem.PausedAt, sessions: s.Sessions,
		guided: s.Guided, unseen: s.Player.Unseen, cue: s.Player.Said, hurt: s.Player.Hurting,
		asks: s.CheckIn,
	}
	if !s.Rem.PausedWall.IsZero() && s.Rem.Phase == reminder.Paused || s.Rem.Phase == reminder.OffHours {
		sh.until = 0 // a wall time: it moves on the timeline when the clock is set
	}
	if v.Silence != nil {
		sh.silence = *v.Silence
	}
	return sh
}

// source is where presence comes from.
func (s *State) source() string {
	if s.Sit.Input == sitting.InputTimer || s.Sit.Phantom {
		return "timer"
	}
	return s.Source
}

// View is what everybody may see of s at the moment now, which is not before its last event.
func View(s State, now clock.Reading) api.State {
	since := max(0, now.Boot-s.At.Boot)
	t := s.T + since
	v := s.Sit.View(t)
	set := s.Sit.Settings
	wall := func(d time.Duration) *time.Time {
		if d == 0 {
			return nil
		}
		at := s.At.Wall.Add(d - s.T).UTC().Round(time.Second)
		return &at
	}
	st := api.State{
		Rev: s.Rev, At: now.Wall.UTC().Round(time.Millisecond),
		Presence: api.Presence{State: s.Sit.Presence(), Source: s.source()},
		Posture:  string(v.Posture),
		Sitting: api.Sitting{
			LoadS: seconds(v.Load), LimitS: seconds(set.Limit), DueInS: seconds(max(0, s.point(false)-v.Load)),
			StreakS: seconds(v.Streak), Rate: v.Rate.Float(),
		},
		Standing: api.Standing{
			LoadS: seconds(v.StandLoad), LimitS: seconds(set.StandLimit),
			DueInS: seconds(max(0, s.point(true)-v.StandLoad)),
		},
		Reminder: api.Reminder{
			Phase: string(s.Rem.Phase), Reason: s.Rem.Reason, Until: wall(s.Rem.Until),
			SnoozesLeft: s.Rem.SnoozesLeft(), SnoozeS: lengths(s.Rem.Settings.Snooze),
			TrayOnly: s.Rem.Hushed || s.Rem.Settings.TrayOnly,
		},
		Session: s.session(t),
		Today: api.Today{
			SittingS: int64(v.Sat / time.Second), StandingS: int64(v.Stood / time.Second),
			AwayS: int64(v.Gone / time.Second), Prompts: s.Rem.Today.Prompts, Sessions: s.Sessions,
			NaturalBreaks: v.NaturalBreaks, Snoozes: s.Rem.Today.Snoozes, Skips: s.Rem.Today.Skips,
		},
		PausedUntil: s.pausedUntil(wall), MeetingUntil: wall(s.Sit.MeetingUntil),
		Problems: append([]api.Problem{}, s.Problems...), WorseRunning: s.Worse,
	}
	if v.Posture == sitting.Standing && !s.Sit.InSession {
		st.Standing.Rate = 1
	}
	if v.Silence != nil {
		st.Sitting.Silence = &api.Silence{S: seconds(v.Silence.To - v.Silence.From), CountedAs: string(v.Silence.As)}
	}
	return st
}

// point is the load at which a break comes due, in either posture.
func (s *State) point(standing bool) time.Duration {
	switch {
	case s.Rem.Standing == standing:
		return s.Rem.Point
	case standing:
		return s.Rem.Settings.StandLimit
	}
	return s.Rem.Settings.Limit
}

func (s *State) pausedUntil(wall func(time.Duration) *time.Time) *time.Time {
	switch {
	case s.Rem.PausedAt == 0:
		return nil
	case !s.Rem.PausedWall.IsZero():
		at := s.Rem.PausedWall.UTC()
		return &at
	}
	return wall(s.Rem.PausedUntil)
}

func (s *State) session(t time.Duration) *api.Session {
	i, step, ok := s.Player.Step()
	if !ok {
		return nil
	}
	plan := s.Player.Plan
	out := &api.Session{
		ID: s.Player.ID, Routine: plan.Routine, Place: plan.Place, Step: i + 1, Steps: len(plan.Steps),
		Exercise: step.Exercise, Name: step.Name, Side: step.Side, Cue: s.Player.Cue(t), Phase: s.Player.Phase(),
		StepLeftS: seconds(s.Player.StepLeft(t)), StepS: seconds(s.Player.StepLength()),
		LeftS: seconds(s.Player.Left(t)), LengthS: seconds(plan.Length()),
		Waiting: s.Player.Unseen, Hurt: s.Player.Hurting != "", Guide: s.Player.Guide,
		CheckIn: s.CheckIn,
	}
	if next, ok := s.Player.Following(); ok {
		out.Next, out.NextSide = next.Name, next.Side
	}
	return out
}

func lengths(all []time.Duration) []float64 {
	s := make([]float64, len(all))
	for i, d := range all {
		s[i] = seconds(d)
	}
	return s
}

// seconds has a millisecond's resolution: nobody reads more.
func seconds(d time.Duration) float64 {
	return d.Round(time.Millisecond).Seconds()
}
