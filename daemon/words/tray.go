package words

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/unhunch/unhunch/daemon/api"
)

// Entries of the tray's menu. While a stretch runs it also has the labels of the guide's buttons.
const (
	TrayNotRunning = "Unhunch is not running"
	TrayStarting   = "Unhunch is starting…"
	TrayStart      = "Start Unhunch"

	TrayStretch  = "Stretch now"
	TrayAnother  = "Another stretch"
	TrayChair    = "In the chair"
	TrayStanding = "Standing"
	TrayWalk     = "A walk"
	TrayOne      = "Just one stretch"

	TraySnooze           = "Snooze"
	TrayOffUntilTomorrow = "Off until tomorrow"
	TraySkip             = "Skip this break"

	TrayPage      = "Open today"
	TrayNoBrowser = "No browser could be opened"

	TrayPause         = "Pause reminders"
	TrayPause30       = "For 30 min"
	TrayPause60       = "For 1 h"
	TrayPause120      = "For 2 h"
	TrayPauseTomorrow = "Until tomorrow"
	TrayPauseOpen     = "Until I resume them"
	TrayResume        = "Resume reminders"

	TrayIStand      = "I'm standing"
	TrayIWasSitting = "I was sitting"
	TrayIWasUp      = "I was up"

	TrayHide = "Hide this icon"
	TrayStop = "Stop until next login"
)

// trayWidth is how many characters a line of the menu has room for. Wider menus are a burden on small screens.
const trayWidth = 48

// TrayTitle is what the icon says of itself. Some desktops show it beside the icon all the time, so it is short.
func TrayTitle(s api.State) string {
	switch {
	case s.Session != nil && s.Session.Phase == "done":
		return GuideDone
	case s.Session != nil:
		return "Stretching"
	case s.Reminder.Phase == "paused":
		return "Reminders are paused"
	case s.Reminder.Phase == "off_hours":
		return "Outside working hours"
	case s.Posture == "unknown":
		return "Not counting"
	case s.Posture == "away":
		return "Away"
	case trayWaiting(s.Reminder.Phase):
		return "A break is waiting"
	case s.Posture == "standing":
		return trayFigures(s.Standing.LoadS, s.Standing.LimitS, traySentences{
			of: "%d of %d min standing", over: "%s standing", under: "Standing",
		})
	}
	return trayFigures(s.Sitting.LoadS, s.Sitting.LimitS, traySentences{
		of: "%d of %d min", over: "%s in the chair", under: "In the chair",
	})
}

func trayWaiting(phase string) bool {
	return phase == "due" || phase == "prompted" || phase == "held" || phase == "snoozed"
}

// TrayHead is what the person is doing and for how long. It tells no seconds, so that nothing in the menu ticks, and
// no figures while the chair is empty, where nobody reads them.
func TrayHead(s api.State) string {
	if s.Session != nil {
		return traySession(*s.Session)
	}
	switch s.Posture {
	case "sitting":
		if s.Presence.Source == "timer" {
			return trayFigures(s.Sitting.LoadS, s.Sitting.LimitS, traySentences{
				of: "%d of %d min in the chair, by the clock", over: "%s in the chair, by the clock",
				under: "Less than a minute in the chair, by the clock",
			})
		}
		return trayFigures(s.Sitting.LoadS, s.Sitting.LimitS, traySentences{
			of: "%d of %d min in the chair", over: "%s in the chair", under: "Less than a minute in the chair",
		})
	case "standing":
		return trayFigures(s.Standing.LoadS, s.Standing.LimitS, traySentences{
			of: "%d of %d min on your feet", over: "%s on your feet", under: "Less than a minute on your feet",
		})
	case "away":
		return "Away from the chair"
	case "undecided":
		return "Quiet for a while, not counted yet"
	}
	return "Cannot tell whether you are sitting"
}

// TrayNext is when the next break comes, or what it waits for.
func TrayNext(s api.State, now time.Time, loc *time.Location) string {
	if s.Session != nil {
		return traySessionNext(*s.Session)
	}
	until := ""
	if s.Reminder.Until != nil {
		until = statusClock(*s.Reminder.Until, now, loc)
	}
	switch s.Reminder.Phase {
	case "paused":
		return trayPaused(s, now, loc)
	case "off_hours":
		return statusWith(until, "Outside your working hours until %s", "Outside your working hours")
	case "snoozed":
		if s.Reminder.Reason == "ignored" {
			return statusWith(until, "Asking again at %s", "Asking again later")
		}
		return statusWith(until, "Snoozed until %s", "Snoozed")
	case "held":
		return trayHeld(s.Reminder.Reason)
	case "prompted":
		return "A break is waiting for you"
	case "due":
		return trayDue(s.Reminder.Reason)
	}
	return trayQuiet(s)
}

func trayPaused(s api.State, now time.Time, loc *time.Location) string {
	if s.PausedUntil == nil {
		return "Reminders are paused until you resume them"
	}
	return fmt.Sprintf("Reminders are paused until %s", statusClock(*s.PausedUntil, now, loc))
}

func trayHeld(reason string) string {
	switch reason {
	case "do_not_disturb":
		return "A break is waiting for do-not-disturb to end"
	case "fullscreen":
		return "A break is waiting for full screen to end"
	case "call":
		return "A break is waiting for your call to end"
	case "meeting":
		return "A break is waiting for your meeting to end"
	}
	return "A break is waiting for a better moment"
}

func trayDue(reason string) string {
	switch reason {
	case "patience":
		return "A break is waiting for you to pause for a moment"
	case "away":
		return "A break is waiting for you to come back"
	case "locked":
		return "A break is waiting for you to unlock the screen"
	case "grace":
		return "A break is waiting while you settle in"
	}
	return "A break is waiting"
}

func trayQuiet(s api.State) string {
	switch s.Posture {
	case "sitting":
		if s.Sitting.DueInS <= 0 {
			return "A break is near"
		}
		return trayIn(s.Sitting.DueInS, "Next break in %s", "Next break in less than a minute")
	case "standing":
		if s.Standing.DueInS <= 0 {
			return "Time to sit or walk a little"
		}
		return trayIn(s.Standing.DueInS, "Time to sit or walk in %s", "Time to sit or walk in less than a minute")
	case "away":
		if s.Sitting.LoadS <= 0 {
			return "Fully refreshed"
		}
		return "Every minute away counts"
	}
	return trayIn(s.Sitting.DueInS, "Next break after %s more in the chair", "Next break after a moment more in the chair")
}

func traySession(p api.Session) string {
	switch {
	case p.Phase == "done":
		return GuideDone
	case p.Hurt:
		return GuideStopped
	case p.Phase == "paused":
		return trayShort(fmt.Sprintf("Paused at: %s", stepName(p)))
	case p.Phase == "ready":
		return trayShort(fmt.Sprintf("Get ready: %s", stepName(p)))
	}
	return trayShort(stepName(p))
}

func traySessionNext(p api.Session) string {
	switch {
	case p.Phase == "done":
		return "Your count starts afresh"
	case p.Hurt:
		return "Stop here, or go on gently with other movements"
	case p.Next == "":
		return fmt.Sprintf("Step %d of %d", p.Step, p.Steps)
	}
	if p.Next == p.Name && p.Side != "" && p.NextSide != "" {
		return fmt.Sprintf("Step %d of %d, then: the other side", p.Step, p.Steps)
	}
	next := api.Session{Name: p.Next, Side: p.NextSide}
	return trayShort(fmt.Sprintf("Step %d of %d, then: %s", p.Step, p.Steps, stepName(next)))
}

// TraySpan is a length of time on offer.
func TraySpan(d time.Duration) string { return Span(d) }

// TraySilence heads the question what a silence of s seconds was.
func TraySilence(s float64) string { return fmt.Sprintf("%s not counted", statusSpan(s)) }

// TrayMeeting is the entry that declares a meeting, and says how long the declared one lasts. until may be nil.
func TrayMeeting(until *time.Time, now time.Time, loc *time.Location) string {
	if until == nil {
		return "In a meeting"
	}
	return fmt.Sprintf("In a meeting until %s", statusClock(*until, now, loc))
}

// TrayEvery heads the choice of how long to sit at most, in seconds.
func TrayEvery(limit float64) string {
	return fmt.Sprintf("A break every %s", trayHours(limit))
}

// TrayEveryMinutes is one of the choices.
func TrayEveryMinutes(minutes int) string { return fmt.Sprintf("Every %d min", minutes) }

// TrayProblem is a problem on one short line; the status and the doctor say more.
func TrayProblem(p api.Problem) string {
	switch p.Code {
	case ProblemConfigBroken:
		return "The settings have an error, the old ones stay"
	case ProblemRoutinesBroken:
		return "An exercise of yours has an error"
	case ProblemTimerMode, ProblemNoSensor:
		return "Keyboard and mouse cannot be seen here"
	case ProblemSensorLost:
		return "Lost sight of keyboard and mouse, trying again"
	case ProblemPhantomInput:
		return "Something keeps typing by itself"
	case ProblemNoNotifications:
		return "Notifications cannot be shown"
	case ProblemNotSaved:
		return "The count cannot be saved"
	case ProblemStateUnreadable:
		return "The saved count was damaged, it starts afresh"
	case ProblemStateNewer:
		return "A newer version saved the count, it is kept"
	case ProblemHistoryFull:
		return "The disk is full, your history waits"
	case ProblemHistoryReadOnly, ProblemHistoryFailing:
		return "Your history cannot be written"
	case ProblemHistoryNewer:
		return "A newer version wrote your history, it is kept"
	case ProblemHistoryDamaged:
		return "Your history was damaged and put aside"
	case ProblemProfileLost, ProblemProfileStuck:
		return "What you told of yourself cannot be read"
	case ProblemProfileNewer:
		return "A newer version wrote your profile, it is kept"
	case ProblemProfileNotSaved:
		return "What hurt cannot be saved"
	}
	return trayShort(traySentence(p.Message))
}

// TrayTrouble is why a click did nothing, on two lines, the second of which may be empty.
func TrayTrouble(text string) (first, second string) {
	text = traySentence(text)
	if utf8.RuneCountInString(text) <= trayWidth {
		return text, ""
	}
	at := 0
	for i, n := 0, 0; i < len(text) && n <= trayWidth; n++ {
		if text[i] == ' ' {
			at = i
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	if at == 0 {
		return trayShort(text), ""
	}
	return text[:at], trayShort(text[at+1:])
}

// traySentence is text of others as a line of its own, with a capital unless it begins with the name of
// a setting or of a file.
func traySentence(text string) string {
	text = trayLine(text)
	first, size := utf8.DecodeRuneInString(text)
	word, _, _ := strings.Cut(text, " ")
	if size == 0 || strings.ContainsAny(strings.TrimRight(word, ".:"), "._/") {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// trayLine is text of others on one line.
func trayLine(text string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
}

// trayShort cuts what is too long for the menu, which only words of others can be.
func trayShort(text string) string {
	text = trayLine(text)
	if utf8.RuneCountInString(text) <= trayWidth {
		return text
	}
	return strings.TrimRight(string([]rune(text)[:trayWidth-1]), " ") + "…"
}

// traySentences say how much of a time that is meant to last has passed, in full minutes.
type traySentences struct {
	of    string // so many minutes of so many
	over  string // a length of time that is as long as meant, or was meant to be too short for minutes
	under string // the same while it is less than a minute
}

// trayFigures fills in one of the sentences. Full minutes reach the whole no sooner than the time does.
func trayFigures(part, whole float64, say traySentences) string {
	const countable = 120 // seconds: a shorter whole has no minutes to count
	switch {
	case whole >= countable && part < whole:
		return fmt.Sprintf(say.of, int(part/60), int(math.Round(whole/60)))
	case part < 60:
		return say.under
	}
	return fmt.Sprintf(say.over, Span(time.Duration(part/60)*time.Minute))
}

// trayIn says how long something still takes. Begun minutes count in full, so that what has passed and what is to
// come add up; the last one is not counted down.
func trayIn(s float64, sentence, under string) string {
	if s < 60 {
		return under
	}
	return fmt.Sprintf(sentence, statusSpan(s))
}

// trayHours is a length of time that is told in minutes where people say so: “45 min”, “90 min”, “2 h”, “20 s”.
func trayHours(s float64) string {
	d := statusSeconds(s)
	if d >= 2*time.Minute && d < 2*time.Hour {
		return fmt.Sprintf("%d min", int(math.Round(d.Minutes())))
	}
	return Span(d)
}
