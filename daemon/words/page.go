package words

import (
	"fmt"
	"math"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
)

// What is said to whoever the page does not let in, as plain text.
const (
	PageForeignHost   = "This is not the address of the page. Open it with: unhunch page"
	PageNoCookie      = "This page is private. Open it from the tray, or with: unhunch page"
	PageForeignOrigin = "Another site asked for this, and it was not done."
	PageCodeUsed      = "This link works once, for half a minute. Get a fresh one from the tray, or with: unhunch page"
	PageNothingHere   = "There is nothing at this address."
	PageTooMany       = "Too many pages are open already. Close one of them."
)

// PageLabels are the words of the page that are always the same.
type PageLabels struct {
	Name, Skip                                    string
	Today, Session, History, Settings             string
	Lost, LostHint, Again, Moved, MovedHint, Wait string

	StretchNow, ToSession, Snooze, SkipBreak, Tomorrow              string
	PauseHour, PauseTomorrow, Resume, IWasSitting, IWasUp, Failed   string
	DayTitle, DayEmpty, ArcAlt, RibbonAlt, ByHour, InNumbers, Usual string

	Pause, GoOn, Next, Back, Stop, Hurt, StopHere, Gently           string
	WhenToStop, Close, Voice, Sound, Keys, KeysOn, Ring, Getting    string
	Left, Soon, NoSession, NoSessionHint, MayClose, Thanks, Signs   string
	Better, Same, Worse, Feeling, Stopped, StoppedHint, Controls    string
	Done, DoneBody, StartAgain, MeanwhileEnded, FigureSoon, Resumes string
	KeySpace, KeyNext, KeyBack, KeyHurt, KeySigns, KeyStop          string
	KeyVoice, KeySound                                              string

	WeekTitle, CalendarTitle, HoursTitle, BreaksTitle, TrendTitle      string
	CalendarHint, HoursHint, TrendHint                                 string
	ExportTitle, ExportHint, ExportJSON, ExportCSV                     string
	EraseTitle, EraseHint, Erase, EraseSure, EraseYes, EraseNo, Erased string
	NothingYet, NothingYetHint                                         string

	Sitting, Standing, Away, Uncounted, Stretching, Nothing  string
	Taken, PutOff, LetGo, Own                                string
	Less, More, Day, Week, Hour, Average, Longest, Stretches string
	Count, Breaks                                            string

	SettingsHint, Save, Saved, DefaultIs, Usually, FileAt, Broken, On, Off string
	Expected                                                               string

	Moves, You string // the names of views in the menu

	ToChoose  ChooseLabels
	AboutYou  YouLabels
	Catalogue MovesLabels
}

// Page are the words of the page.
var Page = PageLabels{
	Name: "Unhunch", Skip: "Skip to the content",
	Today: "Today", Session: "Stretch", History: "Your days", Settings: "Settings",
	Lost:     "Unhunch is not answering.",
	LostHint: "This page connects again by itself as soon as it is back.",
	Again:    "Connected again.",
	Moved:    "This page has moved to another tab.", MovedHint: "You may close this tab.",
	Wait: "One moment…",

	StretchNow: "Stretch now", ToSession: "To your stretch", Snooze: "Later", SkipBreak: "Skip this break", Tomorrow: "Off until tomorrow",
	PauseHour: "Pause reminders for 1 h", PauseTomorrow: "Pause until tomorrow", Resume: "Resume reminders",
	IWasSitting: TrayIWasSitting, IWasUp: TrayIWasUp, Failed: "That did not work.",
	DayTitle: "Your day so far", DayEmpty: "Nothing is on record of today yet. Come back after a while at the desk.",
	ArcAlt: "Time in the chair since the last break", RibbonAlt: "Your day by quarters of an hour",
	ByHour: "Hour by hour", InNumbers: "In numbers", Usual: "Usually",

	Pause: GuidePause, GoOn: GuideResume, Next: GuideNext, Back: GuideBack, Stop: GuideStop, Hurt: GuideHurt,
	StopHere: GuideStopHere, Gently: GuideGently,
	WhenToStop: "When to stop", Close: "Back to the stretch", Voice: "Read aloud", Sound: "Soft sounds",
	Keys: "Keys", KeysOn: "Use these keys", Ring: "Time left of this step", Getting: "Your stretch is about to begin.",
	Left: "left", Soon: "Coming up", Signs: "Signs to stop for", Controls: "Controls of the stretch",
	NoSession: "No stretch is running", NoSessionHint: "Two minutes, standing, with gentle movements.",
	MayClose: "You may close this tab.", Thanks: "Thank you.",
	Better: FeelingBetter, Same: FeelingSame, Worse: FeelingWorse, Feeling: feelingAsk,
	Stopped: GuideStopped, StoppedHint: "Nothing is lost. Go on with your day; there is always a next time.",
	Done: GuideDone, DoneBody: GuideDoneBody, StartAgain: "Another one",
	MeanwhileEnded: GuideEnded, FigureSoon: "The picture of this movement", Resumes: "The page was away for a moment.",
	KeySpace: "pause, go on", KeyNext: "next step", KeyBack: "step before", KeyHurt: "that hurt",
	KeySigns: "when to stop", KeyStop: "stop", KeyVoice: "read aloud", KeySound: "soft sounds",

	WeekTitle: "This week", CalendarTitle: "Twelve weeks", HoursTitle: "When you sit",
	BreaksTitle: "What became of breaks", TrendTitle: "Week by week",
	CalendarHint: "Hours in the chair on each day.", HoursHint: "Minutes in the chair in each hour, on an ordinary week.",
	TrendHint:   "Hours in the chair on a day at the desk.",
	ExportTitle: "Take it with you", ExportHint: "A year of days, in full. Nothing leaves this computer unless you send it.",
	ExportJSON: "Save as JSON", ExportCSV: "Save as CSV",
	EraseTitle: "Erase it all", EraseHint: "Everything on record of your days. It cannot be brought back.",
	Erase: "Erase…", EraseSure: "Erase everything that is on record of your days?", EraseYes: "Yes, erase it all",
	EraseNo: "Keep it", Erased: HistoryErased,
	NothingYet: "Nothing is on record yet.", NothingYetHint: "Come back after a while at the desk.",

	Sitting: HistorySitting, Standing: HistoryStanding, Away: HistoryAway, Uncounted: HistoryUncounted,
	Stretching: "Stretching", Nothing: "Nothing on record",
	Taken: "Taken", PutOff: "Put off", LetGo: "Let go", Own: "Your own",
	Less: "less", More: "more", Day: "Day", Week: "Week from", Hour: "Hour", Average: "A day", Longest: "Longest",
	Stretches: HistoryStretches, Count: "Number", Breaks: "Breaks",

	SettingsHint: "A change takes effect at once. Only the line you change is written to the file; your comments stay.",
	Save:         "Save", Saved: "Saved", DefaultIs: "Default", Usually: "always", FileAt: "The file",
	Broken: "The file has a mistake, so the settings before stay in force.", On: "On", Off: "Off",
	Expected: "Expected",

	Moves: "Exercises", You: "You",
	ToChoose: chooseLabels(), AboutYou: youLabels(), Catalogue: movesLabels(),
}

// PageStep is where in the session the person is.
func PageStep(s api.Session) string { return fmt.Sprintf("Step %d of %d", s.Step, s.Steps) }

// PagePhase stands above the name of a step.
func PagePhase(s api.Session) string {
	switch {
	case s.Phase == "done" || s.Hurt:
		return ""
	case s.Waiting:
		return "Your stretch is about to begin"
	case waits(s):
		return "Ready when you are"
	case s.Phase == "paused":
		return "Paused"
	case s.Phase == "ready":
		return "Get ready"
	}
	return "Now"
}

// PageSide is the side of a step, which is the person's own left or right; empty where there is none.
func PageSide(s api.Session) string {
	switch s.Side {
	case "left":
		return "Left side"
	case "right":
		return "Right side"
	}
	return ""
}

// PageNext is what comes after the step.
func PageNext(s api.Session) string { return nextStep(s) }

// PageSay is what is read out when the moment of a session begins, one sentence after the other.
func PageSay(s api.Session) string {
	switch {
	case s.Phase == "done":
		return GuideDone + ". " + GuideDoneBody
	case s.Hurt:
		return GuideStopped
	case waits(s):
		return fmt.Sprintf("Ready when you are: %s.", stepName(s))
	case s.Phase == "paused":
		return "Paused."
	case s.Phase == "ready":
		return fmt.Sprintf("Get ready: %s.", stepName(s))
	}
	return s.Cue
}

// PageDone tells what was done.
func PageDone(s api.Session) string {
	return fmt.Sprintf("You finished a stretch of %s.", spoken(s.LengthS))
}

// PageOf is what the number of minutes in the chair is out of.
func PageOf(limitS float64) string {
	if limitS < 120 {
		return fmt.Sprintf("of %d s", int(limitS))
	}
	return fmt.Sprintf("of %d min", int(math.Round(limitS/60)))
}

// PageSnooze puts a break off.
func PageSnooze(d time.Duration) string { return fmt.Sprintf("In %s", Span(d)) }

// PageSince says since when there is a record.
func PageSince(h api.History) string { return HistoryBegins(h) }

// PageWeekdays are the names of the days of a week, Monday first.
var PageWeekdays = []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

// PageDate is a date for a label: “Mon 16 Nov”.
func PageDate(date string) string { return historyDate(date).Format("Mon 2 Jan") }

// PageMonth is the month of a date for a label: “Nov”.
func PageMonth(date string) string { return historyDate(date).Format("Jan") }

// PageDayOf is the day of the month of a date: “16”.
func PageDayOf(date string) string { return historyDate(date).Format("2 Jan") }

// PageCell tells of a day in the calendar.
func PageCell(day api.HistoryDay) string {
	if !HistoryThere(day.HistoryFigures) {
		return fmt.Sprintf("%s: nothing on record", PageDate(day.Date))
	}
	return fmt.Sprintf("%s: %s in the chair", PageDate(day.Date), HistorySpan(day.SittingS))
}

// PageHour tells of an hour of the week.
func PageHour(weekday string, hour int, s int64) string {
	return fmt.Sprintf("%s from %d:00: %s in the chair", weekday, hour, HistorySpan(s))
}

// PageArc tells in words what the arc shows.
func PageArc(s api.State) string { return TrayHead(s) + ". " + TrayNext(s, s.At, time.UTC) + "." }

// PageSections are the names of the tables of settings.
var PageSections = map[string]string{
	"sitting": "How sitting is counted", "reminder": "When it speaks", "hours": "Working hours",
	"hold": "When it stays quiet", "session": "Your stretches", "history": "Your record",
}

// PageOpened is printed where the page has been opened.
const PageOpened = "The page is in your browser."

// PageLink is printed where no browser could be opened.
const PageLink = "no browser could be opened; open this link within half a minute, it works once:"

// PageStarted tells that a session has begun which the page guides.
func PageStarted(s api.Session) string {
	return fmt.Sprintf("Started: %s. The page in your browser guides it; stop it with: unhunch session stop",
		statusCountdown(s.LengthS))
}
