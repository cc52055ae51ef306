package daemon_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
)

func profilePath(desk *desktest.Desk) string {
	return filepath.Join(filepath.Dir(statePath(desk)), "profile.json")
}

func profileOf(t *testing.T, d *desktest.Daemon, args ...string) api.Profile {
	t.Helper()
	if args == nil {
		args = []string{"profile", "show"}
	}
	var p api.Profile
	if err := json.Unmarshal([]byte(must(t, d, append(args, "--json")...)), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// offered is the code of what the status offers about the profile.
func offered(d *desktest.Daemon) string {
	if o := d.State().ProfileOffer; o != nil {
		return o.Code
	}
	return ""
}

// hurtAtOnce starts a stretch, says that its first exercise hurts, and stops. It returns the exercise.
func hurtAtOnce(t *testing.T, d *desktest.Daemon, args ...string) string {
	t.Helper()
	must(t, d, append([]string{"stretch", "--in", "background"}, args...)...)
	id := d.State().Session.Exercise
	if said := must(t, d, "session", "hurt"); !strings.Contains(said, "unhunch profile set retired."+id+"=no") {
		t.Errorf("%s hurt, and it says:\n%s", id, said)
	}
	return id
}

func plans(t *testing.T, d *desktest.Daemon, id string, args ...string) bool {
	t.Helper()
	return strings.Contains(must(t, d, append([]string{"stretch", "--dry-run", "--json"}, args...)...), `"`+id+`"`)
}

// TestProfile tells things of oneself, kills the daemon in between, and sees them kept.
func TestProfile(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	d := desk.Start(desktest.Build(t), brisk)

	if p := profileOf(t, d); p.Level != "gentle" || p.Screening["bone"] != "unsaid" || len(p.Questions) != 13 || p.Offer != nil {
		t.Errorf("of nobody it knows %+v", p)
	}
	if _, err := os.Stat(profilePath(desk)); err == nil {
		t.Error("there is a profile of nobody")
	}

	// What was acknowledged survives a kill; nothing of a change that is wrong in part is done.
	p := profileOf(t, d, "profile", "set", "level=moderate", "screening.bone=yes", "screening.eyes=unsaid", "places=floor")
	if p.Level != "moderate" || p.Screening["bone"] != "yes" || len(p.Places) != 1 {
		t.Errorf("told, and it knows %+v", p)
	}
	for _, bad := range [][]string{{"level=high", "screening.bone=no"}, {"screening.bone=no", "retired.nothing=no"}} {
		if _, stderr, code := d.Unhunch(append([]string{"profile", "set"}, bad...)...); code != 2 || !strings.Contains(stderr, "unhunch: ") {
			t.Errorf("%v: exit code %d: %s", bad, code, stderr)
		}
	}
	d.Kill()
	d.Restart()
	if q := profileOf(t, d); q.Level != p.Level || q.Screening["bone"] != "yes" || q.Screening["eyes"] != "unsaid" || len(q.Places) != 1 {
		t.Errorf("after a kill it knows %+v", q)
	}
	if info, err := os.Stat(profilePath(desk)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}

	// What hurts is retired at once, also after a kill, and may be allowed again.
	hurt := hurtAtOnce(t, d, "--place", "chair")
	if got := offered(d); got != "level_below" {
		t.Errorf("after a hurt it offers %q", got)
	}
	d.Kill()
	d.Restart()
	must(t, d, "session", "stop") // it went on, paused
	if profileOf(t, d).Retired[hurt] != "yes" || plans(t, d, hurt, "--place", "chair", "--length", "15m") {
		t.Errorf("%s hurt, and is not retired", hurt)
	}
	must(t, d, "profile", "set", "retired."+hurt+"=no")
	if len(profileOf(t, d).Retired) != 0 || !plans(t, d, hurt, "--place", "chair", "--length", "15m") {
		t.Errorf("%s was allowed, and is not back", hurt)
	}

	// Three hurts in seven days leave only walking, until the person says how to go on.
	hurtAtOnce(t, d, "--place", "chair")
	must(t, d, "session", "stop")
	hurtAtOnce(t, d, "--place", "chair")
	if p := profileOf(t, d); !p.OnlyWalking || offered(d) != "only_walking" {
		t.Errorf("after three hurts it knows %+v and offers %q", p, offered(d))
	}
	must(t, d, "session", "stop")
	if p := profileOf(t, d, "profile", "set", "level=gentle"); p.OnlyWalking || len(p.Retired) != 2 || offered(d) != "" {
		t.Errorf("told how to go on, and it knows %+v and offers %q", p, offered(d))
	}
}

// TestQuestionsAreOfferedOnce: after the first finished stretch, not before, and not again when they are answered.
func TestQuestionsAreOfferedOnce(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	d := desk.Start(desktest.Build(t), brisk)
	stretch := func(end string) {
		t.Helper()
		must(t, d, "stretch", "--in", "background", "--length", "30s", "--place", "chair")
		must(t, d, "session", end)
	}
	stretch("stop")
	if got := offered(d); got != "" {
		t.Errorf("after a stretch that was stopped it offers %q", got)
	}
	stretch("next")
	if got := offered(d); got != "questions" {
		t.Errorf("after a finished stretch it offers %q", got)
	}
	if said := must(t, d, "status"); !strings.Contains(said, "unhunch profile ask") {
		t.Errorf("the status says nothing of it:\n%s", said)
	}
	must(t, d, "profile", "set", "screening.bone=unsaid")
	if got := offered(d); got != "" {
		t.Errorf("answered, and it offers %q", got)
	}
	must(t, d, "session", "stop")
	stretch("next")
	if got := offered(d); got != "" {
		t.Errorf("after the next stretch it offers %q", got)
	}
}

// TestProfileMovesOutOfTheState: what was retired before there was a profile stays retired.
func TestProfileMovesOutOfTheState(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	d := desk.Start(desktest.Build(t), brisk)
	must(t, d, "sit")
	d.Term()
	state, err := os.ReadFile(statePath(desk))
	if err != nil {
		t.Fatal(err)
	}
	old := strings.Replace(string(state), `"core":{`, `"core":{"retired":["shoulder-rolls"],`, 1)
	if old == string(state) {
		t.Fatal("the state is not as expected")
	}
	if err := os.WriteFile(statePath(desk), []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	d.Restart()
	if p := profileOf(t, d); p.Retired["shoulder-rolls"] != "yes" || plans(t, d, "shoulder-rolls", "--place", "chair", "--length", "15m") {
		t.Errorf("it knows %+v", p.Retired)
	}
	must(t, d, "profile", "set", "retired.shoulder-rolls=no")
	d.Term()
	d.Restart()
	if p := profileOf(t, d); len(p.Retired) != 0 {
		t.Errorf("allowed, and retired again by the old state: %v", p.Retired)
	}
}

// TestProfileThatCannotBeRead: the daemon says so, puts the file aside, and forgets no hurt that it can make out.
func TestProfileThatCannotBeRead(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	d := desk.Start(desktest.Build(t), brisk)
	must(t, d, "profile", "set", "retired.shoulder-rolls=yes", "level=advanced")
	d.Term()
	for _, version := range []string{`"version": 1`, `"version": 2`} {
		bad := `{"format": "unhunch-profile", ` + version + `, "profile": {"level": 7, "retired": ["shoulder-rolls"]}}`
		if err := os.WriteFile(profilePath(desk), []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		d.Restart()
		s := d.WaitState(soon, "a word about the profile", func(s api.State) bool {
			for _, p := range s.Problems {
				if p.Part == "profile" {
					return true
				}
			}
			return false
		})
		if p := profileOf(t, d); p.Level != "gentle" || p.Retired["shoulder-rolls"] != "yes" {
			t.Errorf("%s: it knows %+v; %+v", version, p, s.Problems)
		}
		_, _, code := d.Unhunch("profile", "set", "level=moderate")
		d.Term()
		aside, _ := filepath.Glob(profilePath(desk) + ".unreadable-*")
		now, _ := os.ReadFile(profilePath(desk))
		if version == `"version": 1` {
			if code != 0 || len(aside) != 1 {
				t.Errorf("unreadable: exit code %d, put aside %v", code, aside)
			}
		} else if code != 4 || string(now) != bad {
			t.Errorf("newer: exit code %d, the file is now %s", code, now)
		}
	}
}
