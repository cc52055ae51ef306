package words

import (
	"fmt"
	"strings"
	"time"
)

// Codes of [Notice].
const (
	NoticePhantomInput  = "phantom_input"
	NoticeTrayOnly      = "tray_only"
	NoticePauseRecalled = "pause_recalled"
	NoticeConfigBroken  = "config_broken"
	NoticeTimerMode     = "timer_mode"
	NoticeHistory       = "history"
	NoticeWorse         = "worse_again"
	NoticeQuestions     = "questions"
)

// NoticeFacts are what a notice may name.
type NoticeFacts struct {
	Path         string // of the config file
	Line, Column int    // of the fault in it, from 1; 0 if not known
	Message      string // what is wrong there

	Safety Safety // what to look out for
}

// Notice words what is said once, without being asked, as a notification.
func Notice(code string, f NoticeFacts) (title, body string) {
	switch code {
	case NoticePhantomInput:
		return "Something keeps typing", "There has been input for eight hours without a pause, which no person does. " +
			"Until it stops, Unhunch counts by the clock alone."
	case NoticeTrayOnly:
		return "Unhunch goes quiet", "Five working days passed without a break taken, so it asks no more by notification " +
			"and only shows in the tray. To be asked again: unhunch resume"
	case NoticePauseRecalled:
		return "Reminders are still paused", "You paused them three days ago, until you say otherwise. " +
			"To be reminded again: unhunch resume"
	case NoticeConfigBroken:
		return "The settings have an error", configBroken(f)
	case NoticeTimerMode:
		return "Unhunch counts by the clock alone", "It cannot see keyboard and mouse here, so time with the screen unlocked " +
			"counts as sitting. What to do: unhunch doctor"
	case NoticeWorse:
		return "Go more gently", worseAgain(f.Safety)
	case NoticeQuestions:
		return "A few questions, if you like", "Until you answer them you get gentle movements only. It is done once, and the " +
			"answers stay on this computer.\nTo answer: unhunch profile ask"
	case NoticeHistory:
		return "Your history needs a look", fmt.Sprintf("Reminders go on as before, but %s. What to do: unhunch status", f.Message)
	}
	return "Unhunch", code
}

// worseAgain leaves out the rule for what happens during a stretch: this one is over.
func worseAgain(safety Safety) string {
	lines := []string{feelingGentlerBrief}
	for _, tier := range safety.Tiers {
		lines = append(lines, tier.Brief...)
	}
	return strings.Join(lines, "\n")
}

func configBroken(f NoticeFacts) string {
	if f.Line == 0 {
		return fmt.Sprintf("%s: %s. The earlier settings stay.", f.Path, f.Message)
	}
	return fmt.Sprintf("%s, line %d, column %d: %s. The earlier settings stay.", f.Path, f.Line, f.Column, f.Message)
}

func routinesBroken(f NoticeFacts) string {
	if f.Line == 0 {
		return fmt.Sprintf("%s: %s", f.Path, f.Message)
	}
	return fmt.Sprintf("%s, line %d, column %d: %s. It is left out.", f.Path, f.Line, f.Column, f.Message)
}

// Suggestion offers a better setting after three equal corrections. posture is what the person said it was, better the
// value to suggest: of away_after where it was sitting, of sure_after where it was a break.
func Suggestion(posture string, better time.Duration) (message, hint string) {
	switch posture {
	case "sitting":
		return "Three times you said that a silence was sitting: do you read a lot?",
			fmt.Sprintf("to count longer silences as sitting: unhunch config set sitting.away_after %s", argument(better))
	case "away":
		return "Three times you said that a silence was a break: do you often leave without locking the screen?",
			fmt.Sprintf("to count silences as breaks sooner: unhunch config set sitting.sure_after %s", argument(better))
	case "standing":
		return "Three times you said that you were standing: do you have a standing desk?",
			"say so when you raise it: unhunch stand"
	}
	return "", ""
}

// Codes of [Problem].
const (
	ProblemConfigBroken    = "config_broken"
	ProblemRoutinesBroken  = "routines_broken"
	ProblemTimerMode       = "timer_mode"
	ProblemNoSensor        = "no_sensor"
	ProblemSensorLost      = "sensor_lost"
	ProblemPhantomInput    = "phantom_input"
	ProblemNoNotifications = "no_notifications"
	ProblemNotSaved        = "not_saved"
	ProblemStateUnreadable = "state_unreadable"
	ProblemStateNewer      = "state_newer"
	ProblemHistoryFull     = "history_full"
	ProblemHistoryReadOnly = "history_read_only"
	ProblemHistoryFailing  = "history_failing"
	ProblemHistoryNewer    = "history_newer"
	ProblemHistoryDamaged  = "history_damaged"
	ProblemProfileLost     = "profile_unreadable"
	ProblemProfileStuck    = "profile_stuck"
	ProblemProfileNewer    = "profile_newer"
	ProblemProfileNotSaved = "profile_not_saved"
)

// ProblemFacts are what a problem may name.
type ProblemFacts struct {
	NoticeFacts
	Detail string // an error's own words
	Aside  string // where a file was put that cannot be read
}

// Problem words what is degraded, and what to try, for the status and the doctor.
func Problem(code string, f ProblemFacts) (message, hint string) {
	switch code {
	case ProblemConfigBroken:
		return configBroken(f.NoticeFacts), "after correcting it: unhunch config check"
	case ProblemRoutinesBroken:
		return routinesBroken(f.NoticeFacts), "to see everything that is wrong: unhunch routines check"
	case ProblemTimerMode:
		return "keyboard and mouse cannot be seen here; time with the screen unlocked counts as sitting",
			"find out why with: unhunch doctor"
	case ProblemNoSensor:
		return "keyboard and mouse cannot be seen here; nothing is counted for now",
			"find out why with: unhunch doctor"
	case ProblemSensorLost:
		return fmt.Sprintf("the connection that tells of keyboard and mouse is lost: %s", f.Detail),
			"it is tried again by itself; find out more with: unhunch doctor"
	case ProblemPhantomInput:
		return "there has been input for eight hours without a pause; the clock alone counts",
			"look for a program or a device that types by itself"
	case ProblemNoNotifications:
		return fmt.Sprintf("no notification can be shown: %s", f.Detail), "find out more with: unhunch doctor"
	case ProblemNotSaved:
		return fmt.Sprintf("the count cannot be saved: %s", f.Detail), "make room on the disk, or look at its permissions"
	case ProblemStateUnreadable:
		return fmt.Sprintf("the saved count could not be read and was put aside: %s", f.Detail),
			"nothing to do: it starts afresh"
	case ProblemStateNewer:
		return "the saved count was written by a newer version; it is left alone and nothing is saved",
			"install that version again, or move the file away"
	case ProblemHistoryFull:
		return "the disk is full; your history waits in memory", "make room: it is then written by itself"
	case ProblemHistoryReadOnly:
		return fmt.Sprintf("your history cannot be written: %s", f.Detail),
			fmt.Sprintf("look at the permissions of %s; it is then written by itself", f.Path)
	case ProblemHistoryFailing:
		return fmt.Sprintf("your history cannot be written: %s", f.Detail),
			"it is tried again by itself; find out more with: unhunch doctor"
	case ProblemHistoryNewer:
		return "your history is from a newer version; it can be read, and nothing is added to it",
			"install that version again, or move the file away"
	case ProblemHistoryDamaged:
		return fmt.Sprintf("your history was damaged and was put aside as %s; a new one has begun", f.Aside),
			"nothing was deleted: keep that file if you want to have it looked at"
	case ProblemProfileLost:
		return fmt.Sprintf("what you told of yourself could not be read and was put aside as %s; what hurt is kept as far as it "+
			"could be made out", f.Aside), "tell it again: unhunch profile ask; nothing was deleted"
	case ProblemProfileStuck:
		return fmt.Sprintf("what you told of yourself cannot be read: %s", f.Detail),
			"look at its permissions, then: unhunch service restart; until then only gentle movements are planned"
	case ProblemProfileNewer:
		return "what you told of yourself is from a newer version; it is left alone, and only gentle movements are planned",
			"install that version again, or move the file away"
	case ProblemProfileNotSaved:
		return fmt.Sprintf("what hurt cannot be saved: %s", f.Detail),
			"make room on the disk, or look at its permissions; it is tried again by itself"
	}
	return f.Detail, "find out more with: unhunch doctor"
}
