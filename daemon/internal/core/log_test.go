package core

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// recorded is a world whose steps are logged as the loop logs them.
func recorded(t testing.TB, live func(*world)) *Log {
	w := newWorld(t, quick())
	w.log = NewLog(w.State)
	live(w)
	return w.log
}

func aMorning(w *world) {
	w.types(24 * sec)
	w.do("snooze", 5*sec)
	w.types(9 * sec)
	w.command(Command{Name: "stretch", Plan: plan("standing"), Guide: GuideBackground})
	w.pass(sec)
	w.step(Event{Seen: "s1"})
	w.pass(6 * sec)
	w.do("session/hurt", 0)
	w.pass(sec)
	w.do("session/resume", 0)
	for w.Player.Running() {
		w.pass(sec)
	}
	w.feel(FeelingWorse)
	w.pass(30 * sec)
	w.key()
	w.types(5 * sec)
	w.pass(3 * sec)
	w.command(Command{Name: "was", Posture: "sitting"})
	w.lock(true)
	w.sleep(time.Hour)
	w.lock(false)
	w.types(30 * sec)
}

func TestReplayGivesTheSameEffects(t *testing.T) {
	var file bytes.Buffer
	l := recorded(t, aMorning)
	if err := l.Write(&file, "test"); err != nil {
		t.Fatal(err)
	}
	n, err := Replay(&file)
	if err != nil || n != l.len() {
		t.Errorf("replayed %d of %d events: %v", n, l.len(), err)
	}
}

func TestReplayNamesTheLineThatDiffers(t *testing.T) {
	var file bytes.Buffer
	if err := recorded(t, aMorning).Write(&file, "test"); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(file.String(), "\n")
	for i, l := range lines {
		if strings.Contains(l, `"prompt":{`) {
			lines[i] = strings.Replace(l, `"in_chair":`, `"in_chair":1`, 1)
			_, err := Replay(strings.NewReader(strings.Join(lines, "")))
			if err == nil || !strings.Contains(err.Error(), "line "+jsonNumber(i+1)) {
				t.Errorf("a changed line %d: %v", i+1, err)
			}
			return
		}
	}
	t.Fatal("no prompt in the log")
}

func jsonNumber(n int) string {
	b, _ := json.Marshal(n)
	return string(b)
}

// TestLogForgetsTheOldest: what was lived through before the first kept event is in the state behind it.
func TestLogForgetsTheOldest(t *testing.T) {
	l := recorded(t, func(w *world) {
		for range logKeeps {
			w.types(sec)
		}
	})
	if l.len() != logKeeps {
		t.Fatalf("%d events kept, want %d", l.len(), logKeeps)
	}
	var file bytes.Buffer
	if err := l.Write(&file, "test"); err != nil {
		t.Fatal(err)
	}
	if n, err := Replay(&file); n != logKeeps || err != nil {
		t.Errorf("replayed %d events: %v", n, err)
	}
}

// FuzzReplay: whatever a file says, replaying it ends without a panic.
func FuzzReplay(f *testing.F) {
	var file bytes.Buffer
	l := recorded(f, func(w *world) { w.types(24 * sec) })
	if err := l.Write(&file, "test"); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Add([]byte(`{"format":"unhunch-events","version":1}`))
	f.Fuzz(func(_ *testing.T, data []byte) {
		if len(data) < 1<<16 {
			_, _ = Replay(bytes.NewReader(data))
		}
	})
}

// TestLogIsSmall: thousands of events of a desk take little memory, and none is lost in it.
func TestLogIsSmall(t *testing.T) {
	l := recorded(t, func(w *world) {
		for range 40 {
			aMorning(w)
		}
	})
	var file bytes.Buffer
	if err := l.Write(&file, "test"); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(file.Bytes(), newline) - 1; n != l.len() || n < 10*packWith {
		t.Errorf("%d events were written of %d", n, l.len())
	}
	kept := 0
	for _, part := range [][][]byte{l.oldest, l.packed, l.newest} {
		for _, p := range part {
			kept += cap(p)
		}
	}
	if kept > file.Len()*2/5 {
		t.Errorf("%d bytes in memory for %d", kept, file.Len())
	}
	t.Logf("%d events, %d bytes in memory for %d", l.len(), kept, file.Len())
}
