package words

import (
	"fmt"
	"time"
)

// A Welcome is the one notification that a person gets before the first prompt, once in their life.
type Welcome struct {
	Title, Body string
	Plain       string // the body where there are no buttons
	Try         string // label of the button that starts a session
}

// WelcomeNote words it. limit is the time in the chair after which it asks; first is when that will be if the person
// stays in the chair.
func WelcomeNote(limit time.Duration, first, now time.Time, loc *time.Location) Welcome {
	body := fmt.Sprintf("It asks for two minutes after %s in the chair: about %s if you stay seated. "+
		"There is nothing to set up.", Span(limit), statusClock(first, now, loc))
	return Welcome{
		Title: "Unhunch is counting from now",
		Body:  body,
		Plain: body + "\nTo try it now: unhunch stretch. To be asked less often: unhunch config set sitting.limit 45m",
		Try:   "Try two minutes",
	}
}

// WelcomeSet confirms the time in the chair that was chosen in the welcome.
func WelcomeSet(minutes int) (title, body string) {
	return fmt.Sprintf("Every %d min from now on", minutes), "To change it again: unhunch config set sitting.limit 30m"
}

// Versions says that the daemon that runs and the program that is being used are not of one version. It is for people
// who have just installed another.
func Versions(daemon, program string) (message, hint string) {
	return fmt.Sprintf("the running daemon is version %s, this program is %s", daemon, program),
		"to run this one: unhunch service restart; it also changes over by itself while you are away"
}

// TrayOtherVersion is that on one line of the menu.
const TrayOtherVersion = "Another version is installed and waits for you to be away"

// OtherReminder says that a program asks for breaks, too.
func OtherReminder(name string) (message, hint string) {
	if name == "GNOME" {
		return "GNOME's own break reminders are on, too", "two are one too many; turn them off in Settings, Wellbeing"
	}
	return fmt.Sprintf("%s runs here, too", name), fmt.Sprintf("two reminders are one too many; end %s, or this one", name)
}

// What `service install` says at its end.

// ServiceInstalled is the first line.
func ServiceInstalled(already bool, kept string) string {
	switch {
	case already:
		return "Everything is in place: Unhunch runs, and starts at every login."
	case kept == "systemd":
		return "Unhunch runs, and starts at every login and again after a crash."
	}
	return "Unhunch runs, and starts at every login."
}

// ServiceNext is the one next step. seen says whether the person's input is seen, limit when the first question comes.
func ServiceNext(seen bool, limit time.Duration) string {
	if !seen {
		return "Next: unhunch doctor says why keyboard and mouse are not seen, and what to do."
	}
	return fmt.Sprintf("Next: nothing. It asks after %s in the chair. To try it now: unhunch stretch", Span(limit))
}
