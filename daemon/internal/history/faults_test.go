package history

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/history/engine"
)

// codes are those of problems.
func codes(all []Problem) []string {
	var c []string
	for _, p := range all {
		c = append(c, p.Code)
	}
	return c
}

// told collects what a Store tells of its problems.
func told() (chan []Problem, func([]Problem)) {
	c := make(chan []Problem, 100)
	return c, func(p []Problem) { c <- p }
}

// next is what is told next.
func next(t *testing.T, c chan []Problem) []Problem {
	t.Helper()
	select {
	case p := <-c:
		return p
	case <-time.After(30 * time.Second):
		t.Fatal("nothing was told")
		return nil
	}
}

// raw opens the file without a Store.
func raw(t *testing.T, path string) *database {
	t.Helper()
	d, err := connect(engine.Here, path, "rwc", nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestDamaged: a file that cannot be read is set aside whole and said to be, and what was to be recorded is.
func TestDamaged(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func(t *testing.T, path string)
		late   bool // not found before something is read
	}{
		{name: "no database", damage: func(t *testing.T, path string) { writeFile(t, path, bytes.Repeat([]byte("nonsense"), 1000)) }},
		{name: "cut short", damage: func(t *testing.T, path string) { writeFile(t, path, readFile(t, path)[:5000]) }},
		{name: "of another program", damage: func(t *testing.T, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			d := raw(t, path)
			if err := errors.Join(d.exec("CREATE TABLE mine (x)"), d.close()); err != nil {
				t.Fatal(err)
			}
		}},
		{name: "a table is missing", damage: func(t *testing.T, path string) {
			d := raw(t, path)
			if err := errors.Join(d.exec("DROP TABLE days"), d.close()); err != nil {
				t.Fatal(err)
			}
		}},
		{name: "a page overwritten", late: true, damage: func(t *testing.T, path string) {
			data := readFile(t, path)
			for at := 4096; at < len(data); at += 4096 { // the first page, with the schema, stays
				copy(data[at:], bytes.Repeat([]byte{0xff}, 100))
			}
			writeFile(t, path, data)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := opened(t, Options{})
			put(t, s, everything...)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			c.damage(t, s.path)
			damaged := readFile(t, s.path)

			news, changed := told()
			s = openedAt(t, s.path, Options{Changed: changed})
			put(t, s, sat("12:00", 10))
			if got := today(t, s, at("13:00")); got.Sitting != 10*time.Minute {
				t.Errorf("got %+v", got)
			}
			all := next(t, news)
			if len(all) != 1 || all[0].Code != ProblemDamaged || all[0].Err == nil {
				t.Fatalf("told %+v", all)
			}
			aside := all[0].Aside
			if !strings.HasPrefix(aside, s.path+".damaged-2026-11-22") {
				t.Errorf("set aside as %s", aside)
			}
			if !c.late && !bytes.Equal(readFile(t, aside), damaged) {
				t.Error("what was set aside is not what was there")
			}
			put(t, s, sat("12:10", 10))
			if got := codes(s.Problems()); !slices.Equal(got, []string{ProblemDamaged}) || len(news) > 0 {
				t.Errorf("later: %v, and %d more words", got, len(news))
			}
			// After a restart all is well, and the file is still there.
			s = reopen(t, s)
			if got := today(t, s, at("13:00")); got.Sitting != 20*time.Minute || len(s.Problems()) > 0 || !exists(aside) {
				t.Errorf("after a restart: %+v %+v", got, s.Problems())
			}
		})
	}
}

// TestDamagedWithLog: the log goes with the file, under a name by which SQLite finds it.
func TestDamagedWithLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	writeFile(t, path, bytes.Repeat([]byte("nonsense"), 1000))
	writeFile(t, path+"-wal", []byte("a log"))
	s := openedAt(t, path, Options{})
	put(t, s, sat("08:00", 10))
	aside := s.Problems()[0].Aside
	if got := string(readFile(t, aside+"-wal")); got != "a log" {
		t.Errorf("got %q", got)
	}
}

// TestNewerSchema: it is read and not touched, its log neither, and there is advice.
func TestNewerSchema(t *testing.T) {
	newer := opened(t, Options{})
	put(t, newer, everything[1:]...)
	for _, change := range []string{"PRAGMA user_version=99", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if err := newer.change(t.Context(), func(d *database) error { return d.exec(change) }); err != nil {
			t.Fatal(err)
		}
	}
	put(t, newer, everything[0]) // to the log
	path := filepath.Join(t.TempDir(), "history.db")
	for _, beside := range []string{"", "-wal"} { // as a crash leaves them
		writeFile(t, path+beside, readFile(t, newer.path+beside))
	}
	before, log := readFile(t, path), readFile(t, path+"-wal")

	s := openedAt(t, path, Options{})
	if err := s.Put(t.Context(), sat("12:00", 10)); !errors.Is(err, errNewer) {
		t.Errorf("Put: %v", err)
	}
	if got := today(t, s, at("12:00")); got != everythingSum {
		t.Errorf("got %+v", got)
	}
	all := s.Problems()
	if !slices.Equal(codes(all), []string{ProblemNewer}) || all[0].Waiting != 1 {
		t.Errorf("problems: %+v", all)
	}
	if err := s.Close(); err == nil {
		t.Error("Close does not say that a row is lost")
	}
	if !bytes.Equal(readFile(t, path), before) || !bytes.Equal(readFile(t, path+"-wal"), log) {
		t.Error("the files were changed")
	}
}

// TestFileTakenAway: what is recorded after somebody removed the file goes to a new one.
func TestFileTakenAway(t *testing.T) {
	s := opened(t, Options{})
	put(t, s, sat("08:00", 10))
	for _, beside := range besides {
		if err := os.Remove(s.path + beside); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	put(t, s, sat("09:00", 20))
	if got := today(t, reopen(t, s), at("12:00")); got.Sitting != 20*time.Minute {
		t.Errorf("got %+v", got)
	}
}

// TestNoDirectory: rows wait until there is one, and are then written without anybody asking.
func TestNoDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	news, changed := told()
	s := openedAt(t, filepath.Join(dir, "history.db"), Options{Changed: changed, retry: time.Millisecond})
	for range 3 {
		if err := s.Put(t.Context(), everything...); err == nil {
			t.Fatal("written to nowhere")
		}
	}
	if all := next(t, news); !slices.Equal(codes(all), []string{ProblemFailing}) {
		t.Errorf("told %+v", all)
	}
	if len(news) > 0 {
		t.Error("told more than once")
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if all := next(t, news); len(all) != 0 {
		t.Errorf("told %+v", all)
	}
	if got := today(t, s, at("12:00")); got != everythingSum {
		t.Errorf("got %+v", got)
	}
}

// TestAskedAtOnce: a question that comes with an erasing, or with one that finds damage, is answered from the new file.
func TestAskedAtOnce(t *testing.T) {
	s := opened(t, Options{})
	put(t, s, everything...)
	damaged := func(error) error { return s.mend(errForeign) }
	for _, first := range []func(error) error{func(error) error { return s.erase() }, damaged} {
		busy := make(chan struct{})
		asks := []ask{
			{func(error) error { <-busy; return nil }, make(chan error, 1)}, // until all are there
			{first, make(chan error, 1)},
			{func(written error) error {
				_, open, err := s.db.first()
				if open {
					t.Error("there is something in the new file")
				}
				return errors.Join(written, err)
			}, make(chan error, 1)},
		}
		s.mu.Lock()
		s.asks = append(s.asks, asks...)
		s.mu.Unlock()
		s.poke()
		close(busy)
		<-asks[1].reply
		if err := <-asks[2].reply; err != nil {
			t.Error(err)
		}
	}
}

// TestProblemEndsUnasked: also when nothing waits to be written.
func TestProblemEndsUnasked(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	news, changed := told()
	s := openedAt(t, filepath.Join(dir, "history.db"), Options{Changed: changed, retry: time.Millisecond})
	if err := s.Flush(t.Context()); err == nil {
		t.Error("opened nowhere")
	}
	next(t, news)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if all := next(t, news); len(all) != 0 {
		t.Errorf("told %+v", all)
	}
}

// TestEraseWhatWaits: rows that could not be written yet are gone, too.
func TestEraseWhatWaits(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	s := openedAt(t, filepath.Join(dir, "history.db"), Options{})
	if err := s.Put(t.Context(), everything...); err == nil {
		t.Fatal("written to nowhere")
	}
	if err := s.Erase(t.Context(), at("12:00")); err != nil {
		t.Error(err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	put(t, s, sat("12:00", 10))
	if got := today(t, s, at("13:00")); got.Sitting != 10*time.Minute || got.Sessions+got.Prompts != 0 {
		t.Errorf("got %+v", got)
	}
}

// TestRefusedRow: a row that the database will not have, which check should have found, does not stop the others.
func TestRefusedRow(t *testing.T) {
	s := opened(t, Options{})
	s.mu.Lock()
	for _, r := range []Row{sat("08:00", 10), Session{At: at("09:00"), Steps: []Step{{Done: -time.Hour}}}, sat("10:00", 10)} {
		s.rows.add(waiting{r, s.days, s.floor})
	}
	s.mu.Unlock()
	if err := s.Flush(t.Context()); err != nil {
		t.Error(err)
	}
	if got := today(t, s, at("12:00")); got.Sitting != 20*time.Minute || got.Sessions+got.Stopped != 0 {
		t.Errorf("got %+v", got)
	}
}

// TestBacklog: what waits in memory is bounded, a span that goes on waits once, and what is dear is dropped last.
func TestBacklog(t *testing.T) {
	var b backlog
	days := &Days{}
	add := func(r Row) { b.add(waiting{row: r, days: days}) }
	count := func() (n [worthSession + 1]int) {
		for _, w := range b.list {
			n[w.row.worth()]++
		}
		return n
	}
	for i := range 100 {
		add(Span{From: at("08:00"), For: time.Duration(i) * time.Minute, Posture: Sitting, Open: true})
	}
	if len(b.list) != 1 || b.list[0].row.(Span).For != 99*time.Minute {
		t.Errorf("got %+v", b.list)
	}
	add(span("08:00", 100, Sitting)) // closed
	add(span("08:00", 101, Away))    // counted anew
	if len(b.list) != 2 {
		t.Errorf("got %+v", b.list)
	}
	b = backlog{}
	for i := range maxWaiting {
		at := at("00:00").Add(time.Duration(i) * time.Minute)
		add(Span{From: at, For: time.Minute, Posture: Sitting})
		add(Prompt{At: at})
		add(Session{At: at})
	}
	if n := count(); n[worthSession] < maxWaiting*9/10-2 || len(b.list)+b.dropped != 3*maxWaiting || len(b.list) > maxWaiting {
		t.Errorf("kept %v, dropped %d", n, b.dropped)
	}
	if last := b.list[len(b.list)-1].row.(Session); !last.At.Equal(at("00:00").Add((maxWaiting - 1) * time.Minute)) {
		t.Errorf("the last is of %v: the oldest are to go first", last.At)
	}
	b = backlog{}
	for i := range 3 * maxWaiting {
		at := at("00:00").Add(time.Duration(i) * time.Minute)
		switch {
		case i%3 != 0:
			add(Span{From: at, For: time.Minute, Posture: Sitting})
		case i%2 != 0:
			add(Prompt{At: at})
		default:
			add(Session{At: at})
		}
	}
	if n := count(); n[worthSession] != maxWaiting/2 || n[worthPrompt] < maxWaiting*4/10 || len(b.list) > maxWaiting {
		t.Errorf("kept %v", n)
	}
	taken := b.take(10)
	rest := slices.Clone(b.list)
	b.putBack(taken)
	if !slices.EqualFunc(b.list, append(slices.Clone(taken), rest...), func(x, y waiting) bool {
		xp, xok := x.row.(Prompt)
		yp, yok := y.row.(Prompt)
		return xok == yok && xp == yp
	}) {
		t.Error("putting back changed the order")
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
