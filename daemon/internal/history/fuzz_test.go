package history

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// asked is when the fuzzed histories are looked at.
var asked = time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)

// drawn makes rows of what a fuzzer gives: 17 bytes each, and a text.
func drawn(data []byte, text string) (rows []Row) {
	for len(data) >= 17 && len(rows) < 50 {
		kind, a, b := data[0], int64(binary.LittleEndian.Uint64(data[1:])), int64(binary.LittleEndian.Uint64(data[9:]))
		data = data[17:]
		at := asked.Add(-time.Duration(a))
		posture := []Posture{Sitting, Standing, Away, Posture(text)}[kind>>4&3]
		switch kind & 7 {
		case 0, 1, 2:
			rows = append(rows, Span{From: at, For: time.Duration(b), Posture: posture, Open: kind>>6&1 == 1})
		case 3:
			rows = append(rows, Prompt{At: at, Unasked: b&1 == 0, Outcome: Outcome(text), Answered: at.Add(time.Duration(b))})
		case 4:
			rows = append(rows, NaturalBreak{At: at})
		case 5:
			rows = append(rows, Unbroken{From: at, To: at.Add(time.Duration(b))})
		case 6:
			rows = append(rows, Session{
				At: at, Routine: text, Place: text, Outcome: []Outcome{Finished, Stopped, Outcome(text)}[kind>>4%3],
				Steps: []Step{{Exercise: text, Side: text, Done: time.Duration(b)}},
			})
		default:
			rows = append(rows, Felt{At: at, Feeling: Feeling(text)})
		}
	}
	return rows
}

// FuzzRows: rows of any times and texts are refused, or are in the reports, which never say of a day that more of it was
// lived than it has.
func FuzzRows(f *testing.F) {
	row := func(kind byte, ago, length time.Duration) []byte {
		return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64([]byte{kind}, uint64(ago)), uint64(length))
	}
	f.Add(row(0, 3*time.Hour, time.Hour), "")
	f.Add(append(row(0, 3*time.Hour, 2*time.Hour), row(0x22, 2*time.Hour, time.Hour)...), "taken")
	f.Add(append(row(6, time.Hour, time.Minute), row(7, time.Hour, 0)...), "better")
	f.Add(row(6, time.Hour, time.Minute), "<script>alert(1)</script>\x00\x1b[2J\xff'; DROP TABLE span; --")
	f.Add(append(row(3, time.Hour, -time.Hour), row(5, -1<<63, 1<<62)...), "taken")
	f.Add(row(0, 1<<62, 1<<62), "")
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		s := Open(filepath.Join(t.TempDir(), "history.db"), Options{now: func() time.Time { return asked }})
		defer s.Close()
		for _, r := range drawn(data, text) {
			_ = s.Add(r) // what makes no sense is refused, and is not there
		}
		if err := s.Flush(t.Context()); err != nil {
			t.Fatalf("rows that were taken are not written: %v", err)
		}
		checkReports(t, s)
	})
}

func checkReports(t *testing.T, s *Store) {
	t.Helper()
	for _, p := range []Period{Today, Week, Year} {
		r, err := s.Report(t.Context(), p, asked)
		if err != nil {
			t.Fatalf("report of %d days: %v", p, err)
		}
		for _, d := range r.Days {
			all := d.Sitting + d.Standing + d.Away + d.InSession
			if d.Sitting < 0 || d.Standing < 0 || d.Away < 0 || d.InSession < 0 || all > 26*time.Hour {
				t.Errorf("a day of %+v", d)
			}
		}
	}
	if _, err := s.Practised(t.Context(), asked); err != nil {
		t.Errorf("what was practised: %v", err)
	}
	if _, err := s.Sessions(t.Context(), asked.AddDate(-1, 0, 0), asked); err != nil {
		t.Errorf("sessions: %v", err)
	}
	if _, err := s.FirstActivity(t.Context(), asked); err != nil {
		t.Errorf("first activity: %v", err)
	}
}

// FuzzFile: a history.db of which some bytes are others is read as it is or set aside, and either way the daemon goes on
// recording.
func FuzzFile(f *testing.F) {
	path := filepath.Join(f.TempDir(), "history.db")
	s := Open(path, Options{now: func() time.Time { return asked }})
	for i := range 40 {
		from := asked.Add(-time.Duration(i) * time.Hour)
		rows := []Row{Span{From: from, For: 50 * time.Minute, Posture: Sitting}, Prompt{At: from, Outcome: Taken, Answered: from}}
		rows = append(rows, Session{At: from, Routine: "desk", Place: "chair", Outcome: Finished, Steps: []Step{{Exercise: "marching", Done: time.Minute}}})
		if err := s.Add(rows...); err != nil {
			f.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint32(0), []byte("SQLite format 4"), uint32(1<<20))
	f.Add(uint32(18), []byte{3, 3}, uint32(1<<20)) // a later file format
	f.Add(uint32(100), []byte{0xff, 0xff, 0xff, 0xff, 0xff}, uint32(1<<20))
	f.Add(uint32(60), []byte{0x7f}, uint32(1<<20)) // user_version
	f.Add(uint32(0), []byte{}, uint32(5000))
	f.Fuzz(func(t *testing.T, at uint32, with []byte, length uint32) {
		data := append([]byte(nil), whole[:min(int(length), len(whole))]...)
		if len(data) > 0 {
			copy(data[int(at)%len(data):], with)
		}
		path := filepath.Join(t.TempDir(), "history.db")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s := Open(path, Options{now: func() time.Time { return asked }})
		_, first := s.Report(t.Context(), Year, asked)
		_, _ = s.Practised(t.Context(), asked)
		_, _ = s.Sessions(t.Context(), asked.AddDate(-1, 0, 0), asked)
		written := s.Put(t.Context(), Span{From: asked, For: time.Minute, Posture: Sitting})
		if (first != nil || written != nil) && len(s.Problems()) == 0 {
			t.Errorf("a failure that nobody is told of: report %v, row %v", first, written)
		}
		_ = s.Close()
	})
}
