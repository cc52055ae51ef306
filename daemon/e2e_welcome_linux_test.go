package daemon_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
)

// TestWelcome: a person who has never met unhunch is welcomed once in their life. A button sets how often to be asked, in
// their file and nothing else there.
func TestWelcome(t *testing.T) {
	t.Parallel()
	const mine = "# mine\nsitting.away_after = \"4m\" # I read a lot\n"
	desk := desktest.New(t, desktest.Options{Newcomer: true})
	d := desk.Start(desktest.Build(t), mine)
	if _, err := os.Stat(marker(desk)); err == nil {
		t.Fatal("somebody nobody has met is marked as welcomed")
	}
	person := desk.Person()
	person.Key()
	welcome := desk.WaitNotify(5 * time.Second)
	if want := "Unhunch is counting from now"; welcome.Title != want || !strings.Contains(welcome.Body, "after 30 min in the chair") {
		t.Errorf("welcomed with %q: %s", welcome.Title, welcome.Body)
	}
	if want := []string{"Try two minutes", "Every 30 min", "Every 45 min", "Every 60 min"}; !slices.Equal(welcome.Labels(), want) {
		t.Errorf("it offers %q, want %q", welcome.Labels(), want)
	}
	picture(desk, person, "welcome.png")
	desk.Press("Every 45 min")
	d.WaitState(5*time.Second, "every 45 min", func(s api.State) bool { return s.Sitting.LimitS == 45*60 })
	text, err := os.ReadFile(desk.ConfigPath())
	if err != nil || !strings.HasPrefix(string(text), mine) || strings.Count(string(text), "\n") > strings.Count(mine, "\n")+3 {
		t.Errorf("the settings are now: %v\n%s", err, text)
	}
	if set := desk.WaitNotify(5 * time.Second); set.Title != "Every 45 min from now on" {
		t.Errorf("confirmed with %q", set.Title)
	}
	desktest.Until(t, 10*time.Second, "the welcome to be noted", func() bool {
		_, err := os.Stat(marker(desk))
		return err == nil
	})
	d.Restart()
	person.Type(2*time.Second, keystroke)
	if all := desk.Notifications(); len(all) != 2 {
		t.Errorf("%d notifications, the last %q", len(all), all[len(all)-1].Title)
	}
}

// TestWelcomeInterrupted: a welcome that was on the screen for a moment has not been seen, and comes again.
func TestWelcomeInterrupted(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{Newcomer: true})
	d := desk.Start(desktest.Build(t), "")
	desk.Person().Key()
	desk.WaitNotify(5 * time.Second)
	d.Restart()
	desk.Person().Key()
	again := desk.WaitNotify(5 * time.Second)
	if again.Title != "Unhunch is counting from now" {
		t.Errorf("said again: %q", again.Title)
	}
	desk.Press("Try two minutes")
	d.WaitState(5*time.Second, "a session", func(s api.State) bool { return s.Session != nil })
}

func marker(desk *desktest.Desk) string {
	return filepath.Join(desk.Getenv("XDG_STATE_HOME"), "unhunch", "welcomed")
}
