package main_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/tray/menu"
)

// brisk are settings under which a break is soon waiting, and stays so: nobody leaves the chair.
const brisk = `
sitting.limit = "3s"
sitting.rest = "2s"
sitting.away_after = "1m"
sitting.sure_after = "2m"
reminder.patience = "500ms"
reminder.pause_in_input = "200ms"
reminder.min_gap = "300ms"
reminder.wake_grace = "200ms"
reminder.snooze = ["5m", "10m"]
reminder.max_snoozes = 1
`

// zone is the person's.
var zone = time.UTC

// soon is far more than anything here needs on a machine that does nothing else. How fast it is is another test's.
const soon = 15 * time.Second

// A scene is a desk with a panel, a daemon and its tray.
type scene struct {
	*testing.T
	desk   *desktest.Desk
	daemon *desktest.Daemon
	tray   *desktest.Tray
	person *desktest.Person
}

// open sets the scene. The settings are the daemon's, and env is what the tray alone finds in its environment.
func open(t *testing.T, settings string, env ...string) *scene {
	t.Helper()
	binary := desktest.BuildTray(t)
	s := &scene{T: t, desk: desktest.New(t, desktest.Options{Panel: true})}
	s.desk.Env = append(s.desk.Env, "TZ="+zone.String())
	s.daemon = s.desk.Start(unhunchBeside(binary), settings)
	s.person = s.desk.Person()
	s.person.Key()
	everybodys := s.desk.Env
	s.desk.Env = slices.Concat(everybodys, env)
	s.tray = s.desk.StartTray(binary)
	s.desk.Env = everybodys
	s.upToDate()
	return s
}

func unhunchBeside(tray string) string { return filepath.Join(filepath.Dir(tray), "unhunch") }

// upToDate waits until the menu offers what the daemon would do now.
func (s *scene) upToDate() {
	s.Helper()
	s.tray.WaitItem(soon, nil, words.TrayStop)
	s.sees(words.TrayStretch)
}

// until waits until ok holds of the daemon's state.
func (s *scene) until(what string, ok func(api.State) bool) api.State {
	s.Helper()
	return s.daemon.WaitState(soon, what, ok)
}

// sees waits until an item is in the menu and can be clicked.
func (s *scene) sees(path ...string) desktest.Item {
	s.Helper()
	return s.tray.WaitItem(soon, desktest.Item.Usable, path...)
}

// ticked waits until an item has a tick, or has none.
func (s *scene) ticked(want bool, path ...string) {
	s.Helper()
	s.tray.WaitItem(soon, func(i desktest.Item) bool { return i.Toggle && i.Ticked == want }, path...)
}

// gone waits until an item is no longer in the menu.
func (s *scene) gone(path ...string) {
	s.Helper()
	desktest.Until(s, soon, fmt.Sprintf("%q to leave the menu", path), func() bool {
		_, there := s.tray.Find(path...)
		return !there
	})
}

// sitUntilDue works until a break is waiting.
func (s *scene) sitUntilDue() {
	s.Helper()
	s.person.Key()
	s.until("a break to be waiting", func(st api.State) bool {
		return slices.Contains([]string{"due", "prompted", "held"}, st.Reminder.Phase)
	})
}

// A click is one entry of the menu and what is to come of it.
type click struct {
	id   string   // the entry's
	path []string // its labels
	what string   // what becomes of it, in words for the table
	ok   func(api.State) bool
}

// A record is the table of all clicks.
type record struct {
	clicked map[string]bool
	rows    [][3]string
}

// click chooses an entry and waits for what becomes of it.
func (r *record) click(s *scene, c click) {
	s.Helper()
	s.person.Key()
	s.tray.Click(c.path...)
	st := s.until(fmt.Sprintf("%s after a click on %q", c.what, c.path), c.ok)
	r.note(c, inShort(st))
}

func (r *record) note(c click, state string) {
	if r.clicked == nil {
		r.clicked = map[string]bool{}
	}
	r.clicked[c.id] = true
	r.rows = append(r.rows, [3]string{strings.Join(c.path, " ▸ "), c.what, state})
}

// inShort is what of a state the table tells.
func inShort(s api.State) string {
	text := s.Posture + ", " + s.Reminder.Phase
	if s.Reminder.Reason != "" {
		text += " (" + s.Reminder.Reason + ")"
	}
	if p := s.Session; p != nil {
		text += fmt.Sprintf(", %s, step %d of %d %s", cmp.Or(p.Routine, p.Place), p.Step, p.Steps, p.Phase)
	}
	if s.PausedUntil != nil {
		text += ", paused for " + time.Until(*s.PausedUntil).Round(time.Minute).String()
	}
	return text
}

func (r *record) String() string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, row := range r.rows {
		fmt.Fprintf(w, "%s\t%s\t%s\n", row[0], row[1], row[2])
	}
	w.Flush()
	return text.String()
}

// clickable are the ids of all entries that a click can ever do something.
func clickable(entries []menu.Entry) (ids []string) {
	for _, e := range entries {
		if e.Click != nil {
			ids = append(ids, e.ID)
		}
		ids = append(ids, clickable(e.Children)...)
	}
	return ids
}

func inPhase(phase string) func(api.State) bool {
	return func(s api.State) bool { return s.Reminder.Phase == phase }
}

// session is for states with a session of which ok holds.
func session(ok func(*api.Session) bool) func(api.State) bool {
	return func(s api.State) bool { return s.Session != nil && ok(s.Session) }
}

func noSession(s api.State) bool { return s.Session == nil }

// pausedFor is for states in which reminders are off for about as long, or until resumed where that is 0.
func pausedFor(d time.Duration) func(api.State) bool {
	return func(s api.State) bool {
		if s.Reminder.Phase != "paused" || s.PausedUntil == nil {
			return s.Reminder.Phase == "paused" && d == 0
		}
		return (s.PausedUntil.Sub(s.At) - d).Abs() < time.Minute
	}
}

// pausedUntilTomorrow is for states in which reminders are off until a new day begins, which it does at four.
func pausedUntilTomorrow(s api.State) bool {
	return s.Reminder.Phase == "paused" && s.PausedUntil != nil && s.PausedUntil.In(zone).Hour() == 4
}

// TestEveryEntry clicks each entry of the menu once, over the bus, on the programs as they are built.
func TestEveryEntry(t *testing.T) {
	t.Parallel()
	var r record
	s := open(t, brisk)
	opensPage(s, &r)
	stretches(s, &r)
	handsOnSession(s, &r)
	answers(s, &r)
	pauses(s, &r)
	declarations(s, &r)
	silences(s, &r)
	limits(s, &r)
	leaving(s, &r)
	for _, id := range clickable(menu.Build(menu.Facts{}).Entries) {
		if !r.clicked[id] && !strings.HasPrefix(id, "snooze-") { // of which there are as many as lengths
			t.Errorf("%s was never clicked", id)
		}
	}
	t.Logf("each entry and the state it led to:\n%s", &r)
}

// stretches starts each kind of session and stops it.
func stretches(s *scene, r *record) {
	s.Helper()
	at := func(place string) func(api.State) bool {
		return session(func(p *api.Session) bool { return p.Place == place && p.Guide == "background" })
	}
	for _, c := range []click{
		{"stretch", []string{words.TrayStretch}, "a session", at("standing")},
		{"another-chair", []string{words.TrayAnother, words.TrayChair}, "one in the chair", at("chair")},
		{"another-standing", []string{words.TrayAnother, words.TrayStanding}, "one on the feet", at("standing")},
		{
			"another-walk",
			[]string{words.TrayAnother, words.TrayWalk},
			"a walk",
			session(func(p *api.Session) bool { return p.Routine == "walk" }),
		},
		{
			"another-one",
			[]string{words.TrayAnother, words.TrayOne},
			"a short one",
			session(func(p *api.Session) bool { return p.LengthS < 60 }),
		},
	} {
		r.click(s, c)
		r.click(s, click{"session-stop", []string{words.GuideStop}, "none", noSession})
		s.gone(words.GuideStop)
	}
}

// opensPage asks for the page, on a desk that has no browser for it.
func opensPage(s *scene, r *record) {
	s.Helper()
	r.click(s, click{"page", []string{words.TrayPage}, "nothing changes", func(api.State) bool { return true }})
	s.tray.WaitItem(soon, nil, words.TrayNoBrowser)
}

// handsOnSession plays with a session in all ways and finishes it.
func handsOnSession(s *scene, r *record) {
	s.Helper()
	step := func(n int) func(api.State) bool {
		return session(func(p *api.Session) bool { return p.Step == n })
	}
	phase := func(phases ...string) func(api.State) bool {
		return session(func(p *api.Session) bool { return !p.Hurt && slices.Contains(phases, p.Phase) })
	}
	hurt := session(func(p *api.Session) bool { return p.Hurt && p.Phase == "paused" })
	for _, c := range []click{
		{"stretch", []string{words.TrayStretch}, "step 1", step(1)},
		{"session-pause", []string{words.GuidePause}, "it stands still", phase("paused")},
		{"session-pause", []string{words.GuideResume}, "it goes on", phase("ready", "work")},
		{"session-next", []string{words.GuideNext}, "step 2", step(2)},
		{"session-back", []string{words.GuideBack}, "step 1 again", step(1)},
		{"session-hurt", []string{words.GuideHurt}, "it stops at once", hurt},
		{"session-gently", []string{words.GuideGently}, "it goes on gently", phase("ready", "work")},
		{"session-hurt", []string{words.GuideHurt}, "it stops at once", hurt},
		{"session-stop-here", []string{words.GuideStopHere}, "none", noSession},
		{"stretch", []string{words.TrayStretch}, "step 1", step(1)},
	} {
		r.click(s, c)
	}
	for p := s.until("a session", step(1)).Session; p.Step < p.Steps; {
		r.click(s, click{"session-next", []string{words.GuideNext}, fmt.Sprintf("step %d", p.Step+1), step(p.Step + 1)})
		p = s.daemon.State().Session
	}
	r.click(s, click{"session-next", []string{words.GuideNext}, "it is finished", phase("done")})
	if st := s.daemon.State(); st.Today.Sessions != 1 {
		s.Errorf("%d sessions are counted, want the one that was finished", st.Today.Sessions)
	}
	// Until somebody says how it was, or a minute has passed, it stays in sight; another one may be had.
	r.click(s, click{"stretch", []string{words.TrayStretch}, "another", step(1)})
	r.click(s, click{"session-stop", []string{words.GuideStop}, "none", noSession})
}

// answers snoozes and skips breaks. The settings have one snooze.
func answers(s *scene, r *record) {
	s.Helper()
	s.sitUntilDue()
	r.click(s, click{"skip", []string{words.TraySkip}, "the break is let go", inPhase("quiet")})
	s.sitUntilDue()
	snoozed := func(st api.State) bool {
		return st.Reminder.Phase == "snoozed" && st.Reminder.SnoozesLeft == 0 &&
			(st.Reminder.Until.Sub(st.At)-10*time.Minute).Abs() < time.Minute
	}
	r.click(s, click{"snooze", []string{words.TraySnooze, "10 min"}, "asked again later", snoozed})
	r.click(s, click{
		"off-until-tomorrow", []string{words.TrayOffUntilTomorrow}, "reminders are off until tomorrow", pausedUntilTomorrow,
	})
	r.click(s, click{"resume", []string{words.TrayResume}, "the break is waiting again", inPhase("snoozed")})
}

// pauses silences reminders in all ways.
func pauses(s *scene, r *record) {
	s.Helper()
	awake := func(st api.State) bool { return st.Reminder.Phase != "paused" }
	for _, c := range []click{
		{"pause-30m", []string{words.TrayPause, words.TrayPause30}, "no reminders", pausedFor(30 * time.Minute)},
		{"pause-1h", []string{words.TrayPause, words.TrayPause60}, "no reminders", pausedFor(time.Hour)},
		{"pause-2h", []string{words.TrayPause, words.TrayPause120}, "no reminders", pausedFor(2 * time.Hour)},
		{"pause-tomorrow", []string{words.TrayPause, words.TrayPauseTomorrow}, "no reminders", pausedUntilTomorrow},
		{"pause-open", []string{words.TrayPause, words.TrayPauseOpen}, "no reminders", pausedFor(0)},
	} {
		r.click(s, c)
		s.gone(words.TrayPause)
		r.click(s, click{"resume", []string{words.TrayResume}, "reminders again", awake})
		s.gone(words.TrayResume)
	}
}

// declarations ticks and unticks what the sensors cannot see.
func declarations(s *scene, r *record) {
	s.Helper()
	posture := func(want string) func(api.State) bool { return func(st api.State) bool { return st.Posture == want } }
	r.click(s, click{"standing", []string{words.TrayIStand}, "on the feet", posture("standing")})
	s.ticked(true, words.TrayIStand)
	r.click(s, click{"standing", []string{words.TrayIStand}, "in the chair", posture("sitting")})
	s.ticked(false, words.TrayIStand)

	meeting := words.TrayMeeting(nil, time.Now(), zone)
	r.click(s, click{"meeting", []string{meeting}, "in a meeting", func(st api.State) bool { return st.MeetingUntil != nil }})
	meeting = words.TrayMeeting(s.daemon.State().MeetingUntil, time.Now(), zone)
	s.ticked(true, meeting)
	r.click(s, click{"meeting", []string{meeting}, "in none", func(st api.State) bool { return st.MeetingUntil == nil }})
	s.ticked(false, words.TrayMeeting(nil, time.Now(), zone))
}

// silences explains two that nobody could tell the meaning of.
func silences(s *scene, r *record) {
	s.Helper()
	s.set("sitting.limit", "1h") // a silence that begins while a break is waiting is no riddle
	for _, c := range []click{
		{"silence-sitting", []string{words.TrayIWasSitting}, "it counts as sitting", countedAs("sitting")},
		{"silence-up", []string{words.TrayIWasUp}, "it counts as away", countedAs("away")},
	} {
		s.person.Key()
		s.set("sitting.away_after", "1s")
		s.until("a silence", func(st api.State) bool { return st.Posture == "undecided" })
		s.person.Key()
		s.set("sitting.away_after", "1m") // before there is another
		st := s.until("its end", func(st api.State) bool { return st.Posture == "sitting" && countedAs("undecided")(st) })
		c.path = []string{words.TraySilence(st.Sitting.Silence.S), c.path[0]}
		s.tray.Click(c.path...)
		s.until(c.what, c.ok)
		r.note(c, inShort(s.daemon.State()))
		s.gone(c.path[0])
	}
}

func countedAs(posture string) func(api.State) bool {
	return func(s api.State) bool { return s.Sitting.Silence != nil && s.Sitting.Silence.CountedAs == posture }
}

// limits changes how long to sit at most, and looks into the settings.
func limits(s *scene, r *record) {
	s.Helper()
	for _, minutes := range []int{30, 45, 60} {
		limit := s.daemon.State().Sitting.LimitS
		label := words.TrayEveryMinutes(minutes)
		r.click(s, click{
			fmt.Sprintf("every-%dm", minutes),
			[]string{words.TrayEvery(limit), label},
			fmt.Sprintf("limit = %dm", minutes),
			func(st api.State) bool { return st.Sitting.LimitS == float64(60*minutes) },
		})
		s.ticked(true, words.TrayEvery(float64(60*minutes)), label)
		if got := s.limitInFile(); got != time.Duration(minutes)*time.Minute {
			s.Errorf("after %q the file says %v", label, got)
		}
	}
}

// limitInFile is what the settings say, as they are on disk.
func (s *scene) limitInFile() time.Duration {
	s.Helper()
	settings, err := os.ReadFile(s.desk.ConfigPath())
	if err != nil {
		s.Fatal(err)
	}
	_, value, _ := strings.Cut(string(settings), `sitting.limit = "`)
	value, _, _ = strings.Cut(value, `"`)
	limit, err := time.ParseDuration(value)
	if err != nil {
		s.Fatalf("the settings have no limit: %v\n%s", err, settings)
	}
	return limit
}

// leaving hides the icon, starts daemon and tray again, and stops both.
func leaving(s *scene, r *record) {
	s.Helper()
	hide := click{"hide", []string{words.TrayHide}, "the icon is gone, the daemon lives", nil}
	s.tray.Click(hide.path...)
	s.ended(0)
	r.note(hide, inShort(s.daemon.State()))

	s.tray = s.desk.StartTray(s.tray.Binary)
	s.upToDate()
	s.daemon.Kill()
	s.sees(words.TrayStart)
	s.tray.Click(words.TrayStart)
	s.daemon = s.desk.Adopt(s.daemon.Binary)
	s.upToDate()
	r.note(click{id: "start", path: []string{words.TrayStart}, what: "the daemon runs"}, inShort(s.daemon.State()))

	stop := click{"stop", []string{words.TrayStop}, "both are gone", nil}
	s.tray.Click(stop.path...)
	s.ended(0)
	desktest.Until(s, soon, "the daemon to end", func() bool { return !s.daemon.Alive() })
	r.note(stop, "")
}

// ended waits for the end of the tray, and looks for what it may have left behind.
func (s *scene) ended(code int) {
	s.Helper()
	if got := s.tray.Wait(); got != code {
		s.Errorf("the tray ended with exit code %d, want %d:\n%s", got, code, s.tray.Log())
	}
	desktest.Until(s, soon, "the icon to leave the panel", func() bool {
		_, drawn := s.desk.PanelIcon()
		return !drawn && !s.tray.Shown()
	})
	if left := s.icons(); len(left) > 0 {
		s.Errorf("left behind: %q", left)
	}
}

// icons are the files that the tray has made for the panel to draw.
func (s *scene) icons() []string {
	s.Helper()
	dir := filepath.Join(filepath.Dir(s.desk.SocketPath()), "tray")
	files, err := filepath.Glob(filepath.Join(dir, "systray_*"))
	if err != nil {
		s.Fatal(err)
	}
	strays, _ := filepath.Glob(filepath.Join(s.desk.Dir, "systray_*"))
	return append(files, strays...)
}

// set changes a setting.
func (s *scene) set(key, value string) {
	s.Helper()
	if _, stderr, code := s.daemon.Unhunch("config", "set", key, value); code != 0 {
		s.Fatalf("setting %s: %s", key, stderr)
	}
}
