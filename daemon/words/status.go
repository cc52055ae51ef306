package words

import (
	"fmt"
	"math"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
)

// A StatusRole says what a line of the status is, so that a display can choose how it looks.
type StatusRole int

// The roles of status lines, in the order in which they appear. After a StatusHead with a limit to show a display
// may draw a bar.
const (
	StatusHead    StatusRole = iota // what the person is doing and for how long
	StatusNext                      // when the next break comes, or what it waits for
	StatusNote                      // what else holds now
	StatusSession                   // the running session
	StatusToday                     // the day's figures
	StatusProblem                   // something does not work
	StatusTip                       // a suggestion
	StatusHint                      // what to try about the line before
)

// A StatusLine is one line of the status, at most 80 columns unless a problem's own words are longer.
type StatusLine struct {
	Role StatusRole
	Text string
}

// Status is the whole status in words. now is the moment that s holds for, loc the person's time zone.
func Status(s api.State, now time.Time, loc *time.Location) []StatusLine {
	lines := []StatusLine{{StatusHead, statusHead(s, now, loc)}}
	add := func(role StatusRole, text string) {
		if text != "" {
			lines = append(lines, StatusLine{role, text})
		}
	}
	add(StatusNext, statusNext(s, now, loc))
	add(StatusNote, statusMeeting(s, now, loc))
	add(StatusNote, statusTrayOnly(s))
	note, hint := statusSilence(s)
	add(StatusNote, note)
	add(StatusHint, hint)
	add(StatusSession, statusSession(s.Session))
	if s.Session != nil && s.Session.CheckIn {
		add(StatusHint, feelingHint)
	}
	add(StatusToday, statusToday(s.Today))
	for _, p := range s.Problems {
		add(StatusProblem, p.Message)
		add(StatusHint, p.Hint)
	}
	if s.Suggestion != nil {
		add(StatusTip, s.Suggestion.Message)
		add(StatusHint, s.Suggestion.Hint)
	}
	if s.ProfileOffer != nil {
		add(StatusTip, s.ProfileOffer.Message)
		add(StatusHint, s.ProfileOffer.Hint)
	}
	if s.Card != nil {
		add(StatusTip, s.Card.Message)
		add(StatusHint, s.Card.Hint)
	}
	return lines
}

// StatusLineShort is the status on one line, for a log of changes.
func StatusLineShort(s api.State, now time.Time, loc *time.Location) string {
	line := statusHead(s, now, loc)
	if s.Session != nil {
		return line + " · " + statusSession(s.Session)
	}
	if next := statusNext(s, now, loc); next != "" {
		return line + " · " + next
	}
	return line
}

// statusHead is what the person is doing: “Sitting · 18 of 30 min · in the chair since 13:40”.
func statusHead(s api.State, now time.Time, loc *time.Location) string {
	if s.Session != nil {
		return "Taking a break"
	}
	sat := statusOf(s.Sitting.LoadS, s.Sitting.LimitS)
	switch s.Posture {
	case "sitting":
		if s.Presence.Source == "timer" {
			return fmt.Sprintf("Sitting, as far as the clock can tell · %s", sat)
		}
		if s.Sitting.StreakS < 60 {
			return fmt.Sprintf("Sitting · %s", sat)
		}
		since := now.Add(-statusSeconds(s.Sitting.StreakS))
		return fmt.Sprintf("Sitting · %s · in the chair since %s", sat, statusClock(since, now, loc))
	case "standing":
		return fmt.Sprintf("Standing · %s", statusOf(s.Standing.LoadS, s.Standing.LimitS))
	case "away":
		return statusAway(s, sat)
	case "undecided":
		return fmt.Sprintf("No input for a while, not counted yet · %s", sat)
	}
	return fmt.Sprintf("Cannot tell whether you are sitting · the count stands at %s", sat)
}

func statusAway(s api.State, sat string) string {
	locked := s.Presence.State == "locked"
	switch clear := s.Sitting.LoadS < 1; {
	case locked && clear:
		return "Away, the screen is locked · fully refreshed"
	case locked:
		return fmt.Sprintf("Away, the screen is locked · %s and falling", sat)
	case clear:
		return "Away from the chair · fully refreshed"
	}
	return fmt.Sprintf("Away from the chair · %s and falling", sat)
}

// statusNext is when the next break comes, or what it is waiting for. It is empty during a session, which has a
// line of its own.
func statusNext(s api.State, now time.Time, loc *time.Location) string {
	until := ""
	if s.Reminder.Until != nil {
		until = statusClock(*s.Reminder.Until, now, loc)
	}
	switch s.Reminder.Phase {
	case "in_session":
		return ""
	case "paused":
		return statusPaused(s, now, loc)
	case "off_hours":
		return statusWith(until, "outside your working hours until %s", "outside your working hours")
	case "snoozed":
		if s.Reminder.Reason == "ignored" {
			return statusWith(until, "no answer to the last reminder, the next one at %s",
				"no answer to the last reminder, the next one comes later")
		}
		return statusWith(until, "snoozed until %s", "snoozed")
	case "held":
		return statusHeld(s.Reminder.Reason)
	case "prompted":
		return "a break is waiting for your answer: unhunch stretch, snooze or skip"
	case "due":
		return statusDue(s.Reminder.Reason)
	}
	return statusQuiet(s)
}

func statusPaused(s api.State, now time.Time, loc *time.Location) string {
	if s.PausedUntil == nil {
		return "reminders are paused until you say: unhunch resume"
	}
	return fmt.Sprintf("reminders are paused until %s", statusClock(*s.PausedUntil, now, loc))
}

func statusHeld(reason string) string {
	switch reason {
	case "do_not_disturb":
		return "a break is waiting for do-not-disturb to be switched off"
	case "fullscreen":
		return "a break is waiting for the full-screen program to end"
	case "call":
		return "a break is waiting for your call to end"
	case "meeting":
		return "a break is waiting for your meeting to end"
	}
	return "a break is waiting for a better moment"
}

func statusDue(reason string) string {
	switch reason {
	case "patience":
		return "a break is waiting for you to pause for a moment"
	case "away":
		return "a break is waiting for you to come back"
	case "locked":
		return "a break is waiting for the screen to be unlocked"
	case "grace":
		return "a break is waiting while you settle in"
	}
	return "a break is waiting"
}

func statusQuiet(s api.State) string {
	switch s.Posture {
	case "sitting":
		if s.Sitting.DueInS <= 0 {
			return "a break is near"
		}
		return fmt.Sprintf("next break in %s", statusSpan(s.Sitting.DueInS))
	case "standing":
		return fmt.Sprintf("time to sit or walk in %s", statusSpan(s.Standing.DueInS))
	}
	return fmt.Sprintf("next break after %s more in the chair", statusSpan(s.Sitting.DueInS))
}

func statusMeeting(s api.State, now time.Time, loc *time.Location) string {
	if s.MeetingUntil == nil {
		return ""
	}
	return fmt.Sprintf("In a meeting until %s", statusClock(*s.MeetingUntil, now, loc))
}

func statusTrayOnly(s api.State) string {
	if !s.Reminder.TrayOnly {
		return ""
	}
	return "Reminders stay in the tray: five working days passed without a break taken"
}

// statusSilence offers to correct a silence that nobody could explain.
func statusSilence(s api.State) (note, hint string) {
	silence := s.Sitting.Silence
	if silence == nil || silence.CountedAs != "undecided" || s.Posture == "undecided" {
		return "", ""
	}
	return fmt.Sprintf("%s without input were not counted", statusSpan(silence.S)),
		"say what it was: unhunch was sitting, or unhunch was away"
}

// statusSession is the running session: “Neck tilts, left side · 2 of 5 · 1:20 left”.
func statusSession(p *api.Session) string {
	if p == nil {
		return ""
	}
	name := stepName(*p)
	switch {
	case p.Phase == "done":
		return "Nicely done"
	case p.Hurt:
		return fmt.Sprintf("Stopped at %s · unhunch session stop, or resume to go on gently", name)
	case p.Phase == "paused":
		return fmt.Sprintf("Paused at %s · %d of %d · %s left", name, p.Step, p.Steps, statusCountdown(p.LeftS))
	case p.Phase == "ready":
		return fmt.Sprintf("Get ready for %s · %d of %d · %s left", name, p.Step, p.Steps, statusCountdown(p.LeftS))
	}
	return fmt.Sprintf("%s · %d of %d · %s left", name, p.Step, p.Steps, statusCountdown(p.LeftS))
}

// statusToday is the day in figures. It counts no snoozes and skips: they are nobody's fault.
func statusToday(t api.Today) string {
	line := fmt.Sprintf("Today: %s sitting", statusSpan(float64(t.SittingS)))
	if t.StandingS >= 60 {
		line += fmt.Sprintf(" · %s standing", statusSpan(float64(t.StandingS)))
	}
	line += statusCount(t.Sessions, " · 1 stretch", " · %d stretches")
	return line + statusCount(t.NaturalBreaks, " · 1 break of your own", " · %d breaks of your own")
}

// statusCount words a number; none at all needs no words.
func statusCount(n int, one, many string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return one
	}
	return fmt.Sprintf(many, n)
}

// statusWith fills a sentence with a time of day, or takes the other when there is none.
func statusWith(clock, sentence, without string) string {
	if clock == "" {
		return without
	}
	return fmt.Sprintf(sentence, clock)
}

// statusOf is a part of a whole, in the unit that suits the whole: “18 of 30 min”. It counts full minutes, so that
// it says 30 only when the limit is reached.
func statusOf(part, whole float64) string {
	if whole < 120 {
		return fmt.Sprintf("%d of %d s", int(part), int(whole))
	}
	return fmt.Sprintf("%d of %d min", int(part/60), int(math.Round(whole/60)))
}

// statusSpan is a length of time: “45 s”, “12 min”, “2 h 30 min”. Begun minutes count in full, so that part and
// rest add up to the whole and nothing says 0 min.
func statusSpan(s float64) string {
	if s < 60 {
		return fmt.Sprintf("%d s", int(math.Ceil(s)))
	}
	minutes := int(math.Ceil(s / 60))
	switch h, m := minutes/60, minutes%60; {
	case h == 0:
		return fmt.Sprintf("%d min", m)
	case m == 0:
		return fmt.Sprintf("%d h", h)
	default:
		return fmt.Sprintf("%d h %d min", h, m)
	}
}

// statusCountdown is minutes and seconds: “1:20”.
func statusCountdown(s float64) string {
	left := int(math.Ceil(s))
	return fmt.Sprintf("%d:%02d", left/60, left%60)
}

// statusClock is a time of day, with the weekday when it is not today's.
func statusClock(t, now time.Time, loc *time.Location) string {
	t, now = t.In(loc), now.In(loc)
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04")
	}
	return t.Format("Mon 15:04")
}

func statusSeconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
