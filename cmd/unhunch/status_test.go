package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client/clienttest"
)

// watching runs status --watch into a pipe and returns the daemon it watches, its lines and its end.
func watching(t *testing.T, asJSON bool) (*clienttest.Fake, *bufio.Reader, func() error) {
	t.Helper()
	run := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", run)
	f := clienttest.New(afternoon())
	stop, err := clienttest.Serve(run+"/unhunch/api.sock", f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		v := invocation{out: w, json: asJSON}
		err := v.watchStatus(ctx)
		w.Close()
		ended <- err
	}()
	return f, bufio.NewReader(r), func() error { cancel(); return <-ended }
}

func readLine(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	line, err := r.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func TestWatchPrintsALineForEachChange(t *testing.T) {
	f, lines, end := watching(t, false)
	if got := readLine(t, lines); !strings.HasSuffix(got, "18 of 30 min · in the chair since "+sitDown()+" · next break in 12 min\n") {
		t.Errorf("got %q", got)
	}
	f.Set(func(s *api.State) { s.Today.Prompts++ }) // nothing that the line says
	f.Set(func(s *api.State) { s.Posture = "standing" })
	if got := readLine(t, lines); !strings.Contains(got, "Standing") {
		t.Errorf("got %q", got)
	}
	if err := end(); err != nil {
		t.Errorf("interrupted: %v", err)
	}
}

func TestWatchPrintsOneObjectALine(t *testing.T) {
	f, lines, end := watching(t, true)
	for want := uint64(7); want < 10; want++ {
		var s api.State
		if err := json.Unmarshal([]byte(readLine(t, lines)), &s); err != nil {
			t.Fatal(err)
		}
		if s.Rev != want {
			t.Errorf("got rev %d, want %d", s.Rev, want)
		}
		f.Set(func(*api.State) {})
	}
	if err := end(); err != nil {
		t.Errorf("interrupted: %v", err)
	}
}

func TestStatusFitsATerminal(t *testing.T) {
	s := afternoon()
	s.Reminder.Phase = "prompted"
	s.Sitting.LoadS, s.Sitting.DueInS = 1900, 0
	s.Problems = []api.Problem{
		{Message: "no sensor works", Hint: "see: unhunch doctor"},
		{Message: "no notification can be shown: no session bus: dial unix /run/user/1000/bus: connect: no such file or directory"},
	}
	s.Suggestion = &api.Problem{Message: "a longer away_after would fit", Hint: "unhunch config set sitting.away_after 8m"}
	s.Sitting.Silence = &api.Silence{S: 300, CountedAs: "undecided"}
	plain := strings.Join(statusLines(s, s.At.Location(), palette(false)), "\n")
	coloured := strings.Join(statusLines(s, s.At.Location(), palette(true)), "\n")
	for line := range strings.Lines(plain) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > plainWidth {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	golden(t, "testdata/status.golden", plain+"\n\n"+strings.ReplaceAll(coloured, "\x1b", "^")+"\n")
}

// sitDown is when the person of afternoon sat down, in the zone of this machine.
func sitDown() string {
	return afternoon().At.Add(-20 * time.Minute).In(localZone()).Format("15:04")
}
