package history

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestDayAddsUp covers every kind of row, and that all survive a restart.
func TestDayAddsUp(t *testing.T) {
	s := opened(t, Options{})
	put(t, s, everything...)
	for _, again := range []bool{false, true} {
		if again {
			s = reopen(t, s)
		}
		if got := today(t, s, at("12:00")); got != everythingSum {
			t.Errorf("again %v: got\n%+v, want\n%+v", again, got, everythingSum)
		}
		tomorrow := at("12:00").AddDate(0, 0, 1)
		if got := today(t, s, tomorrow); got != (Day{Date: DateOf(tomorrow)}) {
			t.Errorf("again %v: tomorrow %+v", again, got)
		}
		if left := s.Problems(); len(left) > 0 {
			t.Errorf("problems: %+v", left)
		}
	}
}

// TestSameAgain: what is added twice, as after a failure of which nobody knows how far it got, is there once.
func TestSameAgain(t *testing.T) {
	s := opened(t, Options{})
	put(t, s, everything...)
	before := lived(t, s)
	put(t, s, everything...)
	if got := today(t, s, at("12:00")); got != everythingSum {
		t.Errorf("got %+v", got)
	}
	if after := lived(t, s); !slices.Equal(before, after) {
		t.Errorf("got %+v, before %+v", after, before)
	}
	sessions, err := s.Sessions(t.Context(), at("00:00"), at("23:00"))
	if err != nil || len(sessions) != 2 || sessions[0].Feeling != Better {
		t.Errorf("got %+v, %v: the feeling is to stay", sessions, err)
	}
}

// TestLastWordWins covers checkpoints, a silence counted anew, and a clock that was set back.
func TestLastWordWins(t *testing.T) {
	for _, c := range []struct {
		name string
		rows []Row
		want map[Posture]int // minutes
	}{
		{"checkpoints", []Row{
			Span{From: at("08:00"), For: time.Minute, Posture: Sitting, Open: true},
			Span{From: at("08:00"), For: 2 * time.Minute, Posture: Sitting, Open: true},
			sat("08:00", 9),
		}, map[Posture]int{Sitting: 9}},
		{"taken back", []Row{sat("08:00", 20), span("08:10", 10, Away)}, map[Posture]int{Sitting: 10, Away: 10}},
		{"in the middle", []Row{sat("08:00", 30), span("08:10", 10, Away)}, map[Posture]int{Sitting: 20, Away: 10}},
		{
			"over several",
			[]Row{sat("08:00", 9), span("08:09", 2, Away), sat("08:11", 9), span("08:05", 10, Standing)},
			map[Posture]int{Sitting: 10, Standing: 10},
		},
		{"clock set back", []Row{sat("08:00", 60), sat("08:30", 60)}, map[Posture]int{Sitting: 90}},
		{"negative, empty and unknown", []Row{span("08:00", -5, Sitting), span("08:00", 0, Sitting), span("08:00", 5, "unknown")}, nil},
	} {
		s := opened(t, Options{})
		put(t, s, c.rows...)
		got := map[Posture]int{}
		for _, p := range lived(t, s) {
			got[p.posture] += int(p.ms / 60_000)
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
		for p, want := range c.want {
			if got[p] != want {
				t.Errorf("%s: got %v, want %v", c.name, got, c.want)
			}
		}
	}
}

// TestNaturalBreakIsTakenBack: it goes with the absence, and only with that.
func TestNaturalBreakIsTakenBack(t *testing.T) {
	s := opened(t, Options{})
	put(t, s, sat("08:00", 30), span("08:30", 10, Away), NaturalBreak{At: at("08:30")})
	put(t, s, span("08:31", 9, Sitting))
	if got := today(t, s, at("12:00")); got.Natural != 1 {
		t.Errorf("got %d natural breaks, the absence began before", got.Natural)
	}
	put(t, s, span("08:30", 10, Sitting))
	if got := today(t, s, at("12:00")); got.Natural != 0 || got.Sitting != 40*time.Minute {
		t.Errorf("got %+v", got)
	}
}

// TestLongestStretch is what a stretch in the chair is.
func TestLongestStretch(t *testing.T) {
	short := func(from string, p Posture) Span { return Span{From: at(from), For: 59 * time.Second, Posture: p} }
	after := func(from string, d time.Duration, minutes int) Span {
		return Span{From: at(from).Add(d), For: time.Duration(minutes) * time.Minute, Posture: Sitting}
	}
	for _, c := range []struct {
		name string
		rows []Row
		want time.Duration
		from string
	}{
		{"a walk to the printer", []Row{sat("08:00", 20), span("08:20", 1, Away), sat("08:21", 10)}, 20 * time.Minute, "08:00"},
		{
			"reaching for a pen",
			[]Row{sat("08:00", 20), short("08:20", Away), after("08:20", 59*time.Second, 10)},
			30*time.Minute + 59*time.Second, "08:00",
		},
		{"in two steps", []Row{
			sat("08:00", 20), short("08:20", Away),
			Span{From: at("08:20").Add(59 * time.Second), For: time.Second, Posture: Standing},
			sat("08:21", 10),
		}, 20 * time.Minute, "08:00"},
		{"a silence inside", []Row{sat("08:00", 20), span("08:20", 6, Undecided), sat("08:26", 4)}, 30 * time.Minute, "08:00"},
		{"a silence at the end", []Row{sat("08:00", 20), span("08:20", 6, Undecided), span("08:26", 4, Away)}, 20 * time.Minute, "08:00"},
		{"a silence at the start", []Row{span("08:00", 6, Undecided), sat("08:06", 4)}, 4 * time.Minute, "08:06"},
		{"a session in the chair", []Row{sat("08:00", 20), span("08:20", 2, InChair), sat("08:22", 8)}, 30 * time.Minute, "08:00"},
		{"a session on the feet", []Row{sat("08:00", 20), span("08:20", 2, InSession), sat("08:22", 30)}, 30 * time.Minute, "08:22"},
		{"a time without a record", []Row{sat("08:00", 20), sat("08:30", 25)}, 25 * time.Minute, "08:30"},
		{"nothing", []Row{span("08:00", 20, Away)}, 0, ""},
	} {
		s := opened(t, Options{})
		put(t, s, c.rows...)
		got := today(t, s, at("12:00"))
		if got.Longest != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got.Longest, c.want)
		}
		if c.from != "" && !got.LongestFrom.Equal(at(c.from)) || c.from == "" && !got.LongestFrom.IsZero() {
			t.Errorf("%s: got it from %v, want %s", c.name, got.LongestFrom, c.from)
		}
	}
}

// TestNonsenseIsRefused: and nothing that was added with it is recorded.
func TestNonsenseIsRefused(t *testing.T) {
	s := opened(t, Options{})
	for _, r := range []Row{
		Span{From: time.Unix(-1, 0), For: time.Hour, Posture: Sitting},
		Span{From: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), For: time.Hour, Posture: Sitting},
		Prompt{At: at("08:00"), Outcome: Finished},
		Prompt{},
		NaturalBreak{},
		Session{At: at("08:00"), Outcome: Taken},
		Session{At: at("08:00"), Outcome: Finished, Feeling: "great"},
		Session{At: at("08:00"), Outcome: Finished, Steps: []Step{{Exercise: "marching", Done: -time.Second}}},
		Felt{At: at("08:00")},
	} {
		if err := s.Put(t.Context(), sat("08:00", 10), r); err == nil {
			t.Errorf("%+v was taken", r)
		}
	}
	if got := lived(t, s); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

// TestLongAbsence: a machine that was off for years does not fill the history.
func TestLongAbsence(t *testing.T) {
	s := opened(t, Options{})
	put(t, s, Span{From: at("08:00").AddDate(-20, 0, 0), For: at("08:00").Sub(at("08:00").AddDate(-20, 0, 0)), Posture: Away})
	got := lived(t, s)
	if len(got) != 32 || got[len(got)-1].end() != at("08:00").UnixMilli() {
		t.Errorf("got %d pieces, want those of the last 31 days", len(got))
	}
}

// TestErase looks for what was written in every file that is left.
func TestErase(t *testing.T) {
	s := opened(t, Options{})
	dir := filepath.Dir(s.path)
	mark := "a-routine-of-my-own"
	put(t, s, everything...)
	put(t, s, Session{At: at("07:00"), Routine: mark, Outcome: Finished})
	aside := filepath.Join(dir, "history.db.damaged-2026-01-01-000000")
	if err := os.WriteFile(aside, []byte(mark), 0o600); err != nil {
		t.Fatal(err)
	}
	if !holds(t, dir, mark) {
		t.Fatal("the mark is in no file: this test proves nothing")
	}
	if err := s.Erase(t.Context(), at("12:00")); err != nil {
		t.Fatal(err)
	}
	if holds(t, dir, mark) || exists(aside) {
		t.Error("something is left")
	}
	if got := today(t, s, at("12:00")); got.Figures != (Figures{}) {
		t.Errorf("figures are left: %+v", got)
	}
	// A span that was going on is recorded from then on, and things before are not.
	put(t, s, sat("11:00", 90), Prompt{At: at("11:30")}, NaturalBreak{At: at("11:30")}, Prompt{At: at("12:10")})
	got := today(t, s, at("13:00"))
	if got.Sitting != 30*time.Minute || got.Prompts != 1 || got.Natural != 0 {
		t.Errorf("got %+v", got)
	}
	if got := today(t, reopen(t, s), at("13:00")); got.Sitting != 30*time.Minute {
		t.Errorf("after a restart: %+v", got)
	}
}

// holds says whether a file in dir holds text.
func holds(t *testing.T, dir, text string) bool {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), text) {
			return true
		}
	}
	return false
}

// TestKeep: what is older than it is to be kept leaves no trace, the rest stays.
func TestKeep(t *testing.T) {
	s := opened(t, Options{})
	mark, stays := "an-old-routine", "a-new-routine"
	old := at("09:00").AddDate(0, 0, -10)
	put(t, s, Span{From: old, For: time.Hour, Posture: Sitting}, Prompt{At: old}, NaturalBreak{At: old},
		Session{At: old, Routine: mark, Outcome: Finished, Steps: []Step{{Exercise: mark, Done: time.Second}}})
	put(t, s, Session{At: old.AddDate(0, 0, 1), Routine: stays, Outcome: Finished})
	put(t, s, everything...)
	if err := s.Keep(t.Context(), at("12:00"), 9*24*time.Hour); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(s.path)
	if holds(t, dir, mark) || !holds(t, dir, stays) {
		t.Errorf("the old one is left: %v, the new one: %v", holds(t, dir, mark), holds(t, dir, stays))
	}
	r, err := s.Report(t.Context(), Month, at("12:00"))
	if err != nil || r.Sum.Days != 2 || r.Since != DateOf(old)+1 || r.Days[29] != everythingSum {
		t.Errorf("got %v: %d days since %v: %+v", err, r.Sum.Days, r.Since, r.Days[29])
	}
	if n := len(lived(t, s)); n != 8 {
		t.Errorf("%d spans are left", n)
	}
}

// TestPrivate: what others could read is closed at start, and what is new is closed from birth.
func TestPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes")
	}
	s := opened(t, Options{})
	check := func(when string) {
		t.Helper()
		for _, beside := range besides[:2] {
			info, err := os.Stat(s.path + beside)
			if err != nil || info.Mode().Perm() != private {
				t.Errorf("%s: %s: %v %v", when, beside, info, err)
			}
		}
		if info, err := os.Stat(s.path); err != nil || info.Mode().Perm() != private {
			t.Errorf("%s: %v %v", when, info, err)
		}
	}
	put(t, s, everything...)
	check("new")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, beside := range besides[:2] {
		if err := os.WriteFile(s.path+beside, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(s.path, 0o644); err != nil {
		t.Fatal(err)
	}
	s = openedAt(t, s.path, s.opts)
	put(t, s, sat("13:00", 10))
	check("opened again")
}

// TestClose: it ends everything it started, says so to those who come late, and can be called again.
func TestClose(t *testing.T) {
	before := runtime.NumGoroutine()
	s := opened(t, Options{})
	if err := s.Add(everything...); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Error(err)
	}
	if err := s.Add(sat("13:00", 1)); !errors.Is(err, ErrClosed) {
		t.Errorf("Add: %v", err)
	}
	if err := s.Flush(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("Flush: %v", err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		runtime.Gosched()
	}
	if n := runtime.NumGoroutine(); n > before {
		buf := make([]byte, 1<<16)
		t.Errorf("%d goroutines, before %d:\n%s", n, before, buf[:runtime.Stack(buf, true)])
	}
	if got := today(t, openedAt(t, s.path, s.opts), at("12:00")); got != everythingSum {
		t.Errorf("not all was written: %+v", got)
	}
}

// TestDurable: what came of something waits for the disk itself, a checkpoint does not wear it out.
func TestDurable(t *testing.T) {
	s := opened(t, Options{})
	for _, c := range []struct {
		rows []Row
		want int // of PRAGMA synchronous
	}{
		{[]Row{Span{From: at("08:00"), For: time.Minute, Posture: Sitting, Open: true}}, 1},
		{[]Row{Span{From: at("08:00"), For: time.Minute, Posture: Sitting}}, 2},
		{[]Row{Span{From: at("08:01"), For: time.Minute, Posture: Sitting, Open: true}}, 1},
		{[]Row{Span{From: at("08:01"), For: 2 * time.Minute, Posture: Sitting, Open: true}, Prompt{At: at("08:02")}}, 2},
	} {
		put(t, s, c.rows...)
		got, err := read(t.Context(), s, func(d *database) (mode int, err error) {
			err = d.get("PRAGMA synchronous", nil, &mode)
			return mode, err
		})
		if err != nil || got != c.want {
			t.Errorf("%+v: got %d, want %d, %v", c.rows, got, c.want, err)
		}
	}
}

// TestUntouched: a Store that nobody adds to or asks leaves no trace.
func TestUntouched(t *testing.T) {
	s := opened(t, Options{})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is a file: %v", err)
	}
}

// TestImpatience: who waits no longer is let go, and what was added is recorded all the same.
func TestImpatience(t *testing.T) {
	s := opened(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(ctx, sat("08:00", 10)); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if got := today(t, s, at("12:00")); got.Sitting != 10*time.Minute {
		t.Errorf("got %+v", got)
	}
}
