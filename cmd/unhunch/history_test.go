package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

func TestHistoryLooks(t *testing.T) {
	var wide, narrow, plain, coloured strings.Builder
	for _, s := range historyStories(t) {
		write := func(b *strings.Builder, lines []string) {
			b.WriteString("== " + s.name + "\n" + strings.Join(lines, "\n") + "\n\n")
		}
		write(&wide, drawnHistory(s.h, s.zone, 80, shades{}))
		write(&narrow, drawnHistory(s.h, s.zone, narrowest, shades{}))
		write(&plain, plainHistory(s.h, s.zone, plainWidth))
		write(&coloured, drawnHistory(s.h, s.zone, 80, shades{true, true}))
	}
	golden(t, "testdata/history.golden", wide.String())
	golden(t, "testdata/history-narrow.golden", narrow.String())
	golden(t, "testdata/history-plain.golden", plain.String())
	golden(t, "testdata/history-coloured.golden", strings.ReplaceAll(coloured.String(), "\x1b", "^"))
}

var sequences = regexp.MustCompile("\x1b\\[[0-9;]*m")

// Colours are only added: without them the same is said.
func TestHistoryColoursCarryNoMeaning(t *testing.T) {
	for _, s := range historyStories(t) {
		want := drawnHistory(s.h, s.zone, 80, shades{})
		for _, p := range []shades{{true, false}, {true, true}} {
			got := strings.Split(sequences.ReplaceAllString(strings.Join(drawnHistory(s.h, s.zone, 80, p), "\n"), ""), "\n")
			if !slices.Equal(got, want) {
				t.Errorf("%s: in colours it says something else:\n%s", s.name, strings.Join(got, "\n"))
			}
		}
	}
}

func TestHistoryFitsTheTerminal(t *testing.T) {
	for _, s := range historyStories(t) {
		for width := shortest; width < widest+10; width++ {
			lines := plainHistory(s.h, s.zone, width)
			if width >= narrowest {
				lines = append(lines, drawnHistory(s.h, s.zone, width, shades{true, true})...)
			}
			for _, line := range lines {
				bare := sequences.ReplaceAllString(line, "")
				if got := utf8.RuneCountInString(bare); got > width {
					t.Fatalf("%s: on %d columns a line has %d: %q", s.name, width, got, bare)
				}
			}
		}
	}
}

// On a terminal of 24 rows the prompt comes below a report, and what went well must not have left the top by then.
func TestHistoryFitsOneScreen(t *testing.T) {
	for _, s := range historyStories(t) {
		if s.name == "large numbers" { // larger than anybody lives
			continue
		}
		if got := len(drawnHistory(s.h, s.zone, 80, shades{})); got > 23 {
			t.Errorf("%s: %d rows", s.name, got)
		}
	}
}

// Whatever a day was like, its ribbon fits and its rows come to what the day does.
func TestRibbonAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawDay(t)
		width := rapid.IntRange(narrowest, widest).Draw(t, "width")
		r := newRibbon(h.Ribbon, width-labelled)
		var sum api.HistorySlot
		for _, slot := range r.slots {
			sum.SittingS += slot.SittingS
			sum.StandingS += slot.StandingS
			sum.AwayS += slot.AwayS
			sum.UndecidedS += slot.UndecidedS
			sum.SessionS += slot.SessionS
		}
		f := h.Sum
		want := api.HistorySlot{
			SittingS: f.SittingS, StandingS: f.StandingS, AwayS: words.HistoryAwayBetween(h.Ribbon),
			UndecidedS: f.UndecidedS, SessionS: f.SessionS,
		}
		if sum != want {
			t.Errorf("the ribbon comes to %+v, the day to %+v", sum, want)
		}
		for _, line := range ribbonLines(h, width, shades{}) {
			if got := utf8.RuneCountInString(line); got > width {
				t.Errorf("on %d columns a line has %d: %q", width, got, line)
			}
		}
		for _, slot := range r.slots {
			if slot.SittingS > 0 && strings.TrimSpace(r.heights(func(s api.HistorySlot) int64 { return s.SittingS })) == "" {
				t.Error("somebody sat, and nothing is seen of it")
			}
		}
	})
}

// drawDay makes up a day of up to thirty hours.
func drawDay(t *rapid.T) api.History {
	var h api.History
	h.Period = "today"
	begin := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 95).Draw(t, "begin")) * slotS * time.Second)
	for i := range rapid.IntRange(0, 120).Draw(t, "slots") {
		slot := api.HistorySlot{Local: begin.Add(time.Duration(i) * slotS * time.Second).Format("15:04")}
		left := int64(slotS)
		for _, s := range []*int64{&slot.SittingS, &slot.StandingS, &slot.AwayS, &slot.UndecidedS, &slot.SessionS} {
			if rapid.Bool().Draw(t, "some") {
				*s = rapid.Int64Range(0, left).Draw(t, "seconds")
				left -= *s
			}
		}
		h.Ribbon = append(h.Ribbon, slot)
		h.Sum.SittingS += slot.SittingS
		h.Sum.StandingS += slot.StandingS
		h.Sum.AwayS += slot.AwayS
		h.Sum.UndecidedS += slot.UndecidedS
		h.Sum.SessionS += slot.SessionS
	}
	return h
}

// A bar is as long as its day was, to half a cell, and the longest fills the room.
func TestBarsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		longest := rapid.Int64Range(1, 100_000).Draw(t, "longest")
		sitting := rapid.Int64Range(0, longest).Draw(t, "sitting")
		standing := rapid.Int64Range(0, longest-sitting).Draw(t, "standing")
		room := rapid.IntRange(2, longBar).Draw(t, "room")
		drawn := drawBar(words.Average{SittingS: sitting, StandingS: standing}, longest, room, shades{})
		sat, stood := strings.Count(drawn, sittingCell), strings.Count(drawn, standingCell)
		if got := utf8.RuneCountInString(drawn); got != room {
			t.Errorf("%d columns, want %d: %q", got, room, drawn)
		}
		if (sitting > 0 && sat == 0) || (standing > 0 && stood == 0) {
			t.Errorf("something is not seen of %d sitting and %d standing: %q", sitting, standing, drawn)
		}
		exactly := func(s int64) float64 { return float64(s) / float64(longest) * float64(room) }
		for _, cells := range []struct {
			got   int
			exact float64
		}{{sat, exactly(sitting)}, {sat + stood, exactly(sitting + standing)}} {
			// What is there at all is seen, which can cost one cell more, and one for each of the two.
			if off := float64(cells.got) - cells.exact; off < -1.5 || off > 2 {
				t.Errorf("%d cells for %.2f: %q", cells.got, cells.exact, drawn)
			}
		}
		if sitting+standing == longest && sat+stood != room {
			t.Errorf("the longest day does not fill the room: %q", drawn)
		}
	})
}

// Every second that the clocks showed twice or not at all is there once.
func TestHistoryOnDaysWhenClocksChange(t *testing.T) {
	for _, tt := range []struct {
		date  string
		slots int
	}{{"2026-10-24", 100}, {"2026-03-28", 92}, {"2026-11-22", 96}} {
		day, ribbon := lived(t, tt.date, berlin(t), stint{"04:00", tt.slots * 15, "sit"})
		if len(ribbon) != tt.slots {
			t.Fatalf("%s: %d slots, want %d", tt.date, len(ribbon), tt.slots)
		}
		lines := strings.Join(plainHistory(todayOf(day, ribbon, 0), berlin(t), plainWidth), "\n")
		if got, want := strings.Count(lines, "1 h sitting"), tt.slots/slotsAnHour; got != want {
			t.Errorf("%s: %d hours are told, want %d:\n%s", tt.date, got, want, lines)
		}
		if got, want := strings.Contains(lines, "From 02:00 again"), tt.slots == 100; got != want {
			t.Errorf("%s: 2 o'clock comes again: %v, want %v", tt.date, got, want)
		}
	}
}

func TestHistoryCSV(t *testing.T) {
	for _, s := range historyStories(t) {
		var b bytes.Buffer
		if err := words.HistoryCSV(&b, s.h); err != nil {
			t.Fatal(err)
		}
		if got, want := strings.Count(b.String(), "\r\n"), len(s.h.Days)+1; got != want || strings.Count(b.String(), "\n") != want {
			t.Errorf("%s: %d lines, want %d with a header, each ending as of RFC 4180", s.name, got, want)
		}
		lines, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i, day := range s.h.Days {
			if got := readCSVDay(t, lines[0], lines[i+1]); !reflect.DeepEqual(got, day) {
				t.Errorf("%s: %s is read back as\n%+v, was\n%+v", s.name, day.Date, got, day)
			}
			known := day.HistoryFigures != (api.HistoryFigures{})
			if known == (lines[i+1][1] == "") {
				t.Errorf("%s: %s: what is not known is to be empty, and nothing else: %q", s.name, day.Date, lines[i+1])
			}
		}
	}
}

// readCSVDay makes a day of a line by way of JSON, so that each column must have the name of its field.
func readCSVDay(t *testing.T, header, line []string) (day api.HistoryDay) {
	t.Helper()
	fields := map[string]any{}
	for i, name := range header {
		n, err := strconv.Atoi(line[i])
		switch {
		case line[i] == "":
		case err == nil:
			fields[name] = n
		default:
			fields[name] = line[i]
		}
	}
	text, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&day); err != nil {
		t.Fatal(err)
	}
	return day
}

// Nothing in it says what the machines are called inside, and nothing is a claim or a reproach.
func TestHistoryKeepsToThePersonsWords(t *testing.T) {
	barred := regexp.MustCompile(`(?i)\b(load\w*|limits?|rest(s|ed|ing)?|hold(s|ing)?|held|due|score|goal|bad|poor|only|fail\w*|missed|should|must|` +
		`treat\w*|heal\w*|cure\w*|prevent\w*|relie\w*|healthy?)\b`)
	for _, file := range []string{"history.golden", "history-plain.golden", "history-narrow.golden"} {
		text, err := os.ReadFile(filepath.Join("testdata", file)) // TestHistoryLooks says that it is what is shown
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if found := barred.FindString(line); found != "" && !strings.HasPrefix(line, "==") {
				t.Errorf("%s: %q says %q", file, line, found)
			}
			if strings.Contains(line, "%!") {
				t.Errorf("%s: %q is badly filled in", file, line)
			}
		}
	}
}

// historyDaemon is a daemon that knows one history. It notes what it was asked for.
func historyDaemon(t *testing.T, h api.History) *[]string {
	t.Helper()
	run := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", run)
	if err := os.Mkdir(filepath.Join(run, "unhunch"), 0o700); err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("unix", filepath.Join(run, "unhunch", "api.sock"))
	if err != nil {
		t.Fatal(err)
	}
	asked := &[]string{}
	answer := func(w http.ResponseWriter, r *http.Request, v any) {
		*asked = append(*asked, r.Method+" "+r.URL.RequestURI())
		_ = json.NewEncoder(w).Encode(v)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+api.PathHistory, func(w http.ResponseWriter, r *http.Request) { answer(w, r, h) })
	mux.HandleFunc("POST "+api.PathErase, func(w http.ResponseWriter, r *http.Request) { answer(w, r, afternoon()) })
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(socket) }()
	t.Cleanup(func() { server.Close(); <-done })
	return asked
}

// runHistory runs the command without a terminal and returns what it wrote and its exit code.
func runHistory(t *testing.T, args ...string) (out, errs string, code int) {
	t.Helper()
	file := func(name string) *os.File {
		f, err := os.Create(filepath.Join(t.TempDir(), name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	in, stdout, stderr := file("in"), file("out"), file("err")
	v := &invocation{in: in, out: stdout, err: stderr}
	root := v.root()
	if found, _, err := root.Find([]string{"history"}); err != nil || found == root {
		root.AddCommand(v.historyCommand())
	}
	root.SetArgs(append([]string{"history"}, args...))
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(t.Context())
	if err != nil && !v.started {
		err = asUsage(err)
	}
	code = v.report(err)
	read := func(f *os.File) string {
		text, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	return read(stdout), read(stderr), code
}

func TestHistoryCommand(t *testing.T) {
	h := periodOf("week", 7, 0, 19)
	asked := historyDaemon(t, h)
	out, _, code := runHistory(t, "week")
	if want := strings.Join(plainHistory(h, localZone(), plainWidth), "\n") + "\n"; out != want || code != exitDone {
		t.Errorf("exit code %d; got\n%s\nwant\n%s", code, out, want)
	}
	out, _, _ = runHistory(t, "week", "--csv")
	if !strings.HasPrefix(out, "date,sitting_s,") {
		t.Errorf("--csv: %s", out)
	}
	out, _, _ = runHistory(t, "week", "--json")
	var got api.History
	if err := json.Unmarshal([]byte(out), &got); err != nil || !reflect.DeepEqual(got, h) {
		t.Errorf("--json: %v\n%s", err, out)
	}
	runHistory(t)
	runHistory(t, "year", "--plain")
	want := []string{
		"GET /v1/history?period=week", "GET /v1/history?period=week", "GET /v1/history?period=week",
		"GET /v1/history?period=today", "GET /v1/history?period=year",
	}
	if !slices.Equal(*asked, want) {
		t.Errorf("asked for %q, want %q", *asked, want)
	}
}

func TestHistoryUsage(t *testing.T) {
	asked := historyDaemon(t, api.History{})
	for _, args := range [][]string{
		{"decade"},
		{"week", "month"},
		{"--csv", "--json"},
		{"--csv", "--plain"},
		{"--json", "--plain"},
		{"--since", "1"},
		{"erase"},
		{"erase", "week", "--yes"},
		{"erase", "--json"},
	} {
		if _, errs, code := runHistory(t, args...); code != exitUsage || errs == "" {
			t.Errorf("%q: exit code %d, %q", args, code, errs)
		}
	}
	if len(*asked) > 0 {
		t.Errorf("nonsense reached the daemon: %q", *asked)
	}
	if out, _, code := runHistory(t, "--help"); code != exitDone || !strings.Contains(out, "unhunch history week") {
		t.Errorf("no example in the help:\n%s", out)
	}
}

func TestHistoryErase(t *testing.T) {
	asked := historyDaemon(t, api.History{})
	out, _, code := runHistory(t, "erase", "--yes")
	if code != exitDone || out != words.HistoryErased+"\n" {
		t.Errorf("exit code %d, %q", code, out)
	}
	if want := []string{"POST /v1/history/erase"}; !slices.Equal(*asked, want) {
		t.Errorf("asked for %q, want %q", *asked, want)
	}
}

func TestHistoryWithoutADaemon(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	for _, args := range [][]string{{}, {"week", "--csv"}, {"erase", "--yes"}} {
		if out, errs, code := runHistory(t, args...); code != exitNotRunning || out != "" || !strings.Contains(errs, "not running") {
			t.Errorf("%q: exit code %d, %q, %q", args, code, out, errs)
		}
	}
}
