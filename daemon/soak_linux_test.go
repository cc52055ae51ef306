package daemon

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/presence"
	"github.com/unhunch/unhunch/daemon/internal/promises"
	"github.com/unhunch/unhunch/routines"
)

// Which seeds TestLargeSoak lives, as in 1-200, and for how many days.
const (
	seedsVar = "UNHUNCH_SOAK_SEEDS"
	daysVar  = "UNHUNCH_SOAK_DAYS"
	// eventsVar names the directory into which the shrunk events of a failed run go.
	eventsVar = "UNHUNCH_SOAK_EVENTS"
)

// TestLargeSoak lives thirty days for each seed: a person at a desk where everything goes wrong that does in the field,
// against the real loop, stores and server on simulated clocks. After every step the promises are checked.
func TestLargeSoak(t *testing.T) {
	if onSmallDisks(t) {
		return
	}
	first, last := 1, 10
	if seeds := os.Getenv(seedsVar); seeds != "" {
		from, to, _ := strings.Cut(seeds, "-")
		first, _ = strconv.Atoi(from)
		if last, _ = strconv.Atoi(to); to == "" {
			last = first
		}
	}
	days := 30
	if n, err := strconv.Atoi(os.Getenv(daysVar)); err == nil {
		days = n
	}
	for seed := first; seed <= last; seed++ {
		if shard(seed) {
			t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) { soakFor(t, uint64(seed), days) })
		}
	}
}

// TestSoak is two days of it, for the race detector.
func TestSoak(t *testing.T) { soakFor(t, 1, 2) }

// A soak is one life.
type soak struct {
	t    *testing.T
	seed uint64
	rand *rand.Rand
	base string // of its own on the disk
	dir  string // of the state
	cfg  string // path of the settings

	machine *machine
	around  *around
	zones   []clock.Zone
	desk    *desk
	door    *door
	d       *daemon
	client  *http.Client
	quit    context.CancelFunc
	ended   chan error

	day        int
	depth      int          // of faults within faults
	faults     int          // so far
	lines      atomic.Int64 // in the log
	gone, full bool         // what is wrong with the disk
	settings   string       // the file as it should be

	answers map[string]string // of the person to the questions of the profile

	mu      sync.Mutex
	dead    bool // the run that is being ended was killed: what it does now never happened
	judge   *promises.Judge
	begin   core.State // of this run of the daemon
	events  []core.Event
	broken  []promises.Broken
	trained map[int64]bool // sessions on record, by when they began, in ms
	hurts   map[string]bool
	steps   int

	calm struct{ goroutines, files int } // at the end of the first day
}

// zoneNames are where the person travels: whole, half and quarter hours, both hemispheres, and none with a summer time.
var zoneNames = []string{
	"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns", "Asia/Tokyo",
}

// begins are the days on which lives begin, chosen for what happens in the month after.
var begins = []time.Time{
	time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC),   // clocks go forward in New York, then in Berlin
	time.Date(2026, 10, 5, 5, 0, 0, 0, time.UTC),  // and back; a week after Lord Howe's went forward
	time.Date(2026, 12, 14, 5, 0, 0, 0, time.UTC), // a new year
	time.Date(2028, 2, 14, 5, 0, 0, 0, time.UTC),  // a leap day
	time.Date(2027, 3, 29, 5, 0, 0, 0, time.UTC),  // Lord Howe's go back by half an hour
}

// soakFor lives one life.
func soakFor(t *testing.T, seed uint64, days int) {
	base := filepath.Join(soakDir(t), strconv.FormatUint(seed, 10))
	if err := os.MkdirAll(filepath.Join(base, "state"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(base) })
	var zones []clock.Zone
	for _, name := range zoneNames {
		zones = append(zones, zoneOf(t, name))
	}
	began := time.Now()
	synctest.Test(t, func(t *testing.T) {
		s := &soak{
			t: t, seed: seed, rand: rand.New(rand.NewPCG(seed, 1)), base: base,
			dir: filepath.Join(base, "state"), cfg: filepath.Join(base, "config.toml"), zones: zones,
			answers: map[string]string{}, trained: map[int64]bool{}, hurts: map[string]bool{},
		}
		s.machine = newMachine(begins[s.rand.IntN(len(begins))], zones[s.rand.IntN(len(zones))])
		s.around = newAround(s.machine, t.Context().Done())
		defer clock.Simulate(s.machine)()
		s.configure()
		s.start(presence.Session{Known: true})
		s.live(days)
		s.check()
		s.stop()
		if most := int64(linesADay*days + linesAFault*s.faults); s.lines.Load() > most {
			s.fail("%d lines in the log, after %d faults", s.lines.Load(), s.faults)
		}
		time.Sleep(time.Hour) // whoever waits for something has it, or has given up
		t.Logf("seed %d: %d days, %d events, %d faults, %d sessions, %d lines in the log", seed, days, s.steps, s.faults, len(s.trained), s.lines.Load())
	})
	t.Logf("in %v", time.Since(began).Round(10*time.Millisecond))
}

// The log grows with what happens, not with time: a fault that lasts for hours is said when it comes and when it goes.
// A start says that there is no sensor in the way that a real desktop has one; a slow client may be told of each.
const (
	linesADay   = 3
	linesAFault = 2
)

// lineCounter counts what is logged.
type lineCounter struct {
	slog.Handler
	lines *atomic.Int64
}

func (lineCounter) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelInfo }

func (c lineCounter) Handle(context.Context, slog.Record) error {
	c.lines.Add(1)
	return nil
}

func (c lineCounter) WithAttrs([]slog.Attr) slog.Handler { return c }

func (c lineCounter) WithGroup(string) slog.Handler { return c }

// configure writes settings that differ from life to life.
func (s *soak) configure() {
	var b strings.Builder
	set := func(key string, values ...string) {
		if v := values[s.rand.IntN(len(values))]; v != "" {
			fmt.Fprintf(&b, "%s = %s\n", key, v)
		}
	}
	b.WriteString("# mine\n")
	set("sitting.limit", "", "", `"20m"`, `"45m"`)
	set("sitting.rest", "", "", `"3m"`, `"10m"`)
	set("sitting.away_after", "", "", `"90s"`)
	set("reminder.patience", "", "", `"30s"`, `"5m"`)
	set("reminder.pause_in_input", "", "", `"5s"`)
	set("reminder.min_gap", "", "", `"1m"`, `"20m"`)
	set("reminder.wake_grace", "", "", `"3m"`)
	set("reminder.ignored_after", "", "", `"2m"`)
	set("reminder.snooze", "", "", `["30s", "1h"]`)
	set("reminder.day_starts", "", "", `"00:00"`, `"02:30"`)
	set("reminder.sound", "", "true")
	set("hold.do_not_disturb", "", "", "", "false")
	set("hold.fullscreen_at_most", "", "", `"10m"`)
	set("hold.call_at_most", "", "", `"40m"`)
	set("hold.ignore_apps", "", `["Noise Filter"]`)
	set("session.sound", "", "true")
	if s.maybe(50) {
		b.WriteString("[hours]\n")
		for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
			fmt.Fprintf(&b, "%s = [\"08:00-12:30\", \"13:15-18:00\", \"22:00-02:30\"]\n", day)
		}
	}
	s.settings = b.String()
	if err := os.WriteFile(s.cfg, []byte(s.settings), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// start starts the daemon on a desk that shows this.
func (s *soak) start(session presence.Session) {
	s.t.Helper()
	last := time.Now()
	if s.desk != nil {
		last = s.desk.last
	}
	desk, door := newDesk(last, session, s.around), newDoor()
	up := make(chan *daemon, 1)
	s.mu.Lock()
	s.dead, s.judge, s.events = false, nil, nil
	s.mu.Unlock()
	opts := Options{ConfigPath: s.cfg, Version: "soak", Log: slog.New(lineCounter{slog.DiscardHandler, &s.lines})}
	opts.desk = func(d *daemon) *rooms {
		d.loop.witness = s.witness(desk)
		r := desk.rooms(d)
		up <- d
		return r
	}
	ctx, quit := context.WithCancel(s.t.Context())
	s.quit, s.ended, s.desk, s.door = quit, make(chan error, 1), desk, door
	s.client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return door.dial(ctx) },
		DisableKeepAlives: true,
	}}
	ended := s.ended
	go func() { ended <- runIn(ctx, s.dir, func() (net.Listener, error) { return door, nil }, opts) }()
	select {
	case s.d = <-up:
	case err := <-ended:
		s.t.Fatalf("seed %d, day %d: the daemon does not start: %v", s.seed, s.day, err)
	}
	s.settle()
}

// stop asks the daemon to end, as the service manager does.
func (s *soak) stop() {
	s.t.Helper()
	s.quit()
	if err := <-s.ended; err != nil {
		s.fail("the daemon ended with %v", err)
	}
}

// settle waits until everything that can happen at this moment has happened.
func (s *soak) settle() { synctest.Wait() }

// witness sees every step of the loop.
func (s *soak) witness(desk *desk) func(core.State, core.Event, []core.Effect, core.State) {
	return func(before core.State, e core.Event, effects []core.Effect, after core.State) {
		desk.witnessWatch(effects)
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.dead {
			return
		}
		if s.judge == nil {
			s.judge, s.begin = promises.New(before), before
		}
		s.steps++
		s.events = append(s.events, e)
		if s.broken == nil {
			s.broken = s.judge.See(before, e, effects, after)
		}
		if e.Vouch != nil {
			s.around.spoken(len(e.Vouch.By))
		}
		for _, f := range effects {
			if f.Prompt != nil {
				s.around.prompted(s.d.cfg.Load().Hold, f.Prompt.Over)
			}
			if f.Record != nil && f.Record.Trained != nil {
				s.trained[f.Record.Trained.At.UnixMilli()] = true
			}
			if f.Hurt != nil {
				s.hurts[f.Hurt.Exercise] = true
			}
			if f.Refused != "" {
				return
			}
		}
		if e.Command != nil && e.Command.Plan != nil {
			s.judgePlanLocked(*e.Command.Plan)
		}
	}
}

// judgePlanLocked checks what is planned against what the person has said.
func (s *soak) judgePlanLocked(p routines.Plan) {
	for _, step := range p.Steps {
		exercise, ok := s.d.catalogue().Exercise(step.Exercise)
		if !ok {
			continue
		}
		for _, tag := range exercise.AvoidWith {
			if s.answers[tag] != "no" {
				s.broken = append(s.broken, promises.Broken{Promise: 15, What: fmt.Sprintf(
					"%s is planned, though the answer to %s is %q", step.Exercise, tag, s.answers[tag])})
			}
		}
		if s.hurts[step.Exercise] {
			s.broken = append(s.broken, promises.Broken{Promise: 15, What: step.Exercise + " is planned again though it hurt"})
		}
	}
}

// fail ends the life with what went wrong.
func (s *soak) fail(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("seed %d, day %d (%s): %s", s.seed, s.day, s.local().Format("Mon 2 Jan 15:04:05 MST"), fmt.Sprintf(format, args...))
}

// request asks the daemon for something over its socket, and reads the answer into v.
func (s *soak) request(method, path string, body, v any) (status int, err error) {
	var send io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return 0, err
		}
		send = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, "http://unhunch"+path, send)
	if err != nil {
		return 0, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode == http.StatusOK && v != nil {
		err = json.Unmarshal(data, v)
	}
	if err == nil && answer.StatusCode >= http.StatusInternalServerError {
		err = errors.New(string(data))
	}
	return answer.StatusCode, err
}

// says has the person say something. false means that a rule said no.
func (s *soak) says(name string, body any) bool {
	s.t.Helper()
	path := api.PathActions + name
	if control, ok := strings.CutPrefix(name, "session/"); ok {
		path = api.PathSession + control
	}
	began := time.Now()
	status, err := s.request(http.MethodPost, path, body, nil)
	switch {
	case err != nil && !s.diskFails():
		s.fail("%s: %v", name, err)
	case status != http.StatusOK && status != http.StatusConflict && !s.diskFails():
		s.fail("%s %v: status %d", name, body, status)
	case time.Since(began) > diskTime:
		s.fail("promise 8: %s took %v", name, time.Since(began))
	}
	return status == http.StatusOK
}

// state is what everybody sees.
func (s *soak) state() api.State {
	s.t.Helper()
	var state api.State
	if _, err := s.request(http.MethodGet, api.PathState, nil, &state); err != nil {
		s.fail("no state: %v", err)
	}
	return state
}

func duration(d time.Duration) map[string]string { return map[string]string{"duration": d.String()} }

// pressed notes what a button will do that the person will not want undone.
func (s *soak) pressed(_, _ string) {}

// changesSomething has the person change a setting, answer a question or look at the history.
func (s *soak) changesSomething() {
	s.oneOf(
		chance{4, func() {
			period := []string{"today", "week", "month", "year"}[s.rand.IntN(4)]
			if _, err := s.request(http.MethodGet, api.PathHistory+"?period="+period, nil, nil); err != nil && !s.diskFails() {
				s.fail("no history: %v", err)
			}
		}},
		chance{3, func() {
			tag := routines.Tags()[s.rand.IntN(len(routines.Tags()))]
			answer := []string{"yes", "no", "no", "no", "unsaid"}[s.rand.IntN(5)]
			s.mu.Lock()
			was := s.answers[tag]
			if answer != "no" {
				s.answers[tag] = answer // from now on, as far as the person is concerned
			}
			s.mu.Unlock()
			status, _ := s.request(http.MethodPatch, api.PathProfile, map[string]string{"screening." + tag: answer}, nil)
			s.mu.Lock()
			if status == http.StatusOK {
				s.answers[tag] = answer
			} else {
				s.answers[tag] = was
			}
			s.mu.Unlock()
		}},
		chance{2, func() {
			level := []string{"gentle", "moderate", "advanced"}[s.rand.IntN(3)]
			_, _ = s.request(http.MethodPatch, api.PathProfile, map[string]string{"level": level}, nil)
		}},
		chance{2, func() { s.sets("sitting.limit", `"`+strconv.Itoa(20+5*s.rand.IntN(6))+`m"`) }},
		chance{1, func() { s.sets("reminder.min_gap", `"`+strconv.Itoa(1+s.rand.IntN(20))+`m"`) }},
	)
}

// sets changes a setting, which is to change the one line of the file.
func (s *soak) sets(key, value string) {
	s.t.Helper()
	if _, err := s.request(http.MethodPatch, api.PathConfig, map[string]string{key: strings.Trim(value, `"`)}, nil); err != nil {
		if !s.diskFails() {
			s.fail("%s: %v", key, err)
		}
		return
	}
	data, err := os.ReadFile(s.cfg)
	if err != nil {
		s.fail("the settings are gone: %v", err)
	}
	var others, now []string
	for _, text := range []string{s.settings, string(data)} {
		var kept []string
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, key+" ") && !strings.HasPrefix(line, key[strings.Index(key, ".")+1:]+" ") {
				kept = append(kept, line)
			}
		}
		others, now = now, kept
	}
	if strings.TrimSpace(strings.Join(others, "")) != strings.TrimSpace(withoutNewTable(strings.Join(now, ""), s.settings)) {
		s.fail("promise 7: asked for %s, got\n%s\nof\n%s", key, data, s.settings)
	}
	s.settings = string(data)
}

// withoutNewTable is text without a table's head that was not in old.
func withoutNewTable(text, old string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "[") && !strings.Contains(old, line) {
			continue
		}
		b.WriteString(line)
	}
	return b.String()
}
