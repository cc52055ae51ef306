package daemon

import (
	"context"
	"fmt"
	"maps"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/history"
	"github.com/unhunch/unhunch/daemon/internal/presence"
	"github.com/unhunch/unhunch/daemon/internal/promises"
	"github.com/unhunch/unhunch/daemon/words"
)

// check looks at the promises: those that the judge has watched step by step, and those that show from outside.
func (s *soak) check() {
	s.t.Helper()
	s.settle()
	s.mu.Lock()
	broken := slices.Concat(s.broken, s.around.faults())
	s.mu.Unlock()
	if broken != nil {
		s.report(broken)
	}
	select {
	case err := <-s.ended:
		s.fail("the daemon ended by itself: %v", err)
	default:
	}
	began := time.Now()
	if err := s.d.loop.alive(s.t.Context()); err != nil || time.Since(began) > 0 {
		s.fail("promise 8: the loop takes %v: %v", time.Since(began), err)
	}
	state := s.state()
	if took := time.Since(began); took > 0 {
		s.fail("promise 8: the state takes %v", took)
	}
	s.visible(state)
	if data, err := os.ReadFile(s.cfg); err != nil || string(data) != s.settings {
		s.fail("promise 7: the settings have changed: %v\n%s", err, data)
	}
}

// visible is that whatever does not work can be seen in the status.
func (s *soak) visible(state api.State) {
	s.t.Helper()
	has := func(part string) bool {
		return slices.ContainsFunc(state.Problems, func(p api.Problem) bool { return p.Part == part })
	}
	if s.desk.dead && (state.Presence.State == presence.Active || state.Presence.State == presence.Idle) {
		s.fail("promise 12: no sensor, and presence is %+v", state.Presence)
	}
	if s.desk.dead && state.Presence.State == presence.Unknown && !has("presence") {
		s.fail("promise 12: no sensor, and no word of it: %+v", state.Problems)
	}
	if down := s.desk.notes.Check().Status == words.DoctorMissing; down != has("notify") {
		s.fail("promise 12: notifications gone is %v, and the problems are %+v", down, state.Problems)
	}
	for _, p := range state.Problems {
		switch p.Code {
		case words.ProblemStateUnreadable, words.ProblemProfileLost, words.ProblemProfileStuck, history.ProblemDamaged:
			s.fail("promise 6: %+v", p)
		}
	}
}

// safe says whether everything so far is on disk, as far as the daemon says.
func (s *soak) safe(state api.State) bool {
	return !s.diskFails() && !slices.ContainsFunc(state.Problems, func(p api.Problem) bool {
		return p.Part == "state" || p.Part == "history" || p.Part == profilePart
	})
}

// die kills the daemon and starts it anew after d, with what was on disk at that moment.
func (s *soak) die(reboot bool, d time.Duration) {
	s.t.Helper()
	s.check()
	before := s.state()
	safe := s.safe(before)
	s.cure()
	disk := readAll(s.t, s.dir)
	s.mu.Lock()
	s.dead = true
	s.mu.Unlock()
	s.stop()
	writeAll(s.t, s.dir, disk)
	s.again(reboot, d, before, safe)
}

// restart ends the daemon, as on logout, and starts it anew after d.
func (s *soak) restart(reboot bool, d time.Duration) {
	s.t.Helper()
	s.check()
	before := s.state()
	safe := s.safe(before)
	s.cure()
	s.stop()
	s.again(reboot, d, before, safe)
}

// cure ends what is wrong with the disk.
func (s *soak) cure() {
	if s.gone {
		if err := os.Rename(s.dir+".gone", s.dir); err != nil {
			s.t.Fatal(err)
		}
		s.gone = false
	}
	os.Remove(s.ballast())
	s.full = false
}

// diskFails says whether the disk is gone or full.
func (s *soak) diskFails() bool { return s.gone || s.full }

// again starts the daemon and checks that nothing that was safe is lost.
func (s *soak) again(reboot bool, d time.Duration, before api.State, safe bool) {
	s.t.Helper()
	if reboot {
		s.machine.reboot(d)
		s.around.rebooted()
	} else {
		time.Sleep(d)
	}
	boot := s.machine.Now()
	s.start(presence.Session{Known: true})
	s.check()
	if !safe {
		s.concede(boot.Wall)
		return
	}
	after := s.state()
	s.kept(before, after, d)
	s.recorded(boot.Wall)
}

// kept is that the new run knows what the one before knew.
func (s *soak) kept(before, after api.State, gap time.Duration) {
	s.t.Helper()
	if after.Boot == before.Boot {
		s.fail("the same boot id after a restart")
	}
	if u := before.PausedUntil; before.Reminder.Phase == "paused" && u != nil && after.At.Before(u.Add(-time.Second)) {
		if after.PausedUntil == nil || after.PausedUntil.Sub(*u).Abs() > 2*time.Second {
			s.fail("promise 4: paused until %v, after a restart until %v", u, after.PausedUntil)
		}
	}
	if before.Reminder.Phase == "paused" && before.PausedUntil == nil && after.Reminder.Phase != "paused" {
		s.fail("promise 4: paused until resumed, and %s after a restart", after.Reminder.Phase)
	}
	most := before.Sitting.LoadS + min(gap, time.Minute).Seconds() + 1
	if after.Sitting.LoadS > most {
		s.fail("a gap of %v:\nbefore %+v\nafter  %+v", gap, before, after)
	}
	// The checkpoint may be a minute old, and what is longer than a minute counts as away, which recovers.
	recovered := float64(s.d.cfg.Load().Sitting.Limit) / float64(s.d.cfg.Load().Sitting.Rest) * (gap + time.Minute).Seconds()
	// A silence may have been explained meanwhile, from where it began.
	sat := before.Posture == "sitting" && before.Session == nil && before.Presence.State != presence.Idle
	if gap < time.Minute && sat && after.Sitting.LoadS < before.Sitting.LoadS-time.Minute.Seconds()-recovered-1 {
		s.fail("a gap of %v:\nbefore %+v\nafter  %+v", gap, before, after)
	}
	b, a := before.Today, after.Today
	sameDay := after.At.Sub(before.At).Abs() < 2*time.Hour && a.SittingS >= b.SittingS/2
	if sameDay && b.SittingS > 600 && (a.Prompts < b.Prompts || a.Sessions < b.Sessions || a.Snoozes < b.Snoozes || a.Skips < b.Skips) {
		s.fail("today %+v before, %+v after", b, a)
	}
}

// concede takes what is on disk for what was acknowledged: the daemon was stopped while it said that it could not write.
func (s *soak) concede(now time.Time) {
	s.t.Helper()
	there := s.onDisk(now)
	retired := s.d.person().Retired
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trained = there
	maps.DeleteFunc(s.hurts, func(id string, _ bool) bool { return !slices.Contains(retired, id) })
}

// onDisk are the recorded sessions, by when they began.
func (s *soak) onDisk(now time.Time) map[int64]bool {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	sessions, err := s.d.record.store.Sessions(ctx, now.AddDate(-1, 0, 0), now.AddDate(1, 0, 0))
	if err != nil {
		s.fail("no sessions: %v", err)
	}
	there := map[int64]bool{}
	for _, session := range sessions {
		there[session.At.UnixMilli()] = true
	}
	return there
}

// recorded is that the sessions that were done are on disk.
func (s *soak) recorded(now time.Time) {
	s.t.Helper()
	there := s.onDisk(now)
	s.mu.Lock()
	trained, hurts := maps.Clone(s.trained), maps.Clone(s.hurts)
	s.mu.Unlock()
	for at := range trained {
		if !there[at] {
			s.fail("promise 5: the session of %v is lost", time.UnixMilli(at).UTC())
		}
	}
	retired := s.d.person().Retired
	for id := range hurts {
		if !slices.Contains(retired, id) {
			s.fail("promise 5: %s hurt, and is not retired any more", id)
		}
	}
	var h api.History
	if _, err := s.request(http.MethodGet, api.PathHistory+"?period=month", nil, &h); err != nil {
		s.fail("no history: %v", err)
	}
	for _, day := range h.Days {
		sum := day.SittingS + day.StandingS + day.AwayS + day.UndecidedS + day.SessionS
		if day.SittingS < 0 || sum > int64(longestDay/time.Second) || math.Signbit(float64(day.LongestS)) {
			s.fail("a day of %d seconds: %+v", sum, day)
		}
	}
}

// longestDay is one on which somebody flies from Apia to Samoa's other side, so to speak: two days of one date.
const longestDay = 52 * time.Hour

// flat is that nothing piles up over the days.
func (s *soak) flat() {
	s.t.Helper()
	s.settle()
	time.Sleep(time.Minute) // connections have had their answer
	s.settle()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return
	}
	goroutines, files := runtime.NumGoroutine(), len(entries)
	if s.calm.files == 0 {
		s.calm.goroutines, s.calm.files = goroutines, files
	}
	const slack = 4 // a file that SQLite has yet to close, a prompt that is on the screen
	if goroutines > s.calm.goroutines+slack || files > s.calm.files+slack {
		s.fail("promise 9: %d goroutines and %d files, at first %d and %d", goroutines, files, s.calm.goroutines, s.calm.files)
	}
}

// report shrinks what led to a broken promise and says where it is.
func (s *soak) report(broken []promises.Broken) {
	s.t.Helper()
	s.mu.Lock()
	begin, events := s.begin, s.events
	s.mu.Unlock()
	short := promises.Shrink(begin, events)
	if short == nil { // it is nothing that the core alone does
		s.fail("%v", broken)
	}
	log := core.NewLog(begin)
	for state, i := begin, 0; i < len(short); i++ {
		next, effects := core.Step(state, short[i])
		log.Add(short[i], effects)
		state = next
	}
	dir := os.Getenv(eventsVar)
	if dir == "" {
		dir = os.TempDir()
	}
	path := filepath.Join(dir, fmt.Sprintf("unhunch-soak-%d.jsonl", s.seed))
	f, err := os.Create(path)
	if err != nil {
		s.t.Error(err)
	} else {
		if err := log.Write(f, "soak"); err != nil {
			s.t.Error(err)
		}
		f.Close()
	}
	s.fail("%v\n%d events, shrunk to %d: unhunch debug replay %s", broken, len(events), len(short), path)
}
