package core

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/golang/snappy"

	"github.com/unhunch/unhunch/daemon/api"
)

// The format of an event log, in its first line.
const (
	LogFormat  = "unhunch-events"
	LogVersion = 1
)

// logKeeps is how many events are kept in memory: some days at a desk.
const logKeeps = 5000

// longestJump is more time between two events than there is without one: a new day is one.
const longestJump = 100 * 24 * time.Hour

// A Log keeps the last events and their effects behind the state they started from, so that every bug can be played
// again.
type Log struct {
	start  State
	oldest [][]byte // lines, each a logLine: those that are forgotten next
	packed [][]byte // after them, packWith lines in each
	newest [][]byte // after those
}

// packWith is how many lines are packed together. They resemble each other, and take a third of their
// room then, or less.
const packWith = 128

// A LogHead is the first line of an event log.
type LogHead struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Program string `json:"program"` // its version
	State   State  `json:"state"`   // before the first event
}

type logLine struct {
	Event   Event    `json:"event"`
	Effects []Effect `json:"effects,omitempty"`
}

// NewLog is a log that begins at s.
func NewLog(s State) *Log { return &Log{start: s} }

// Add notes an event and its effects. Past the limit the oldest event is lived through and forgotten.
func (l *Log) Add(e Event, effects []Effect) {
	line, err := json.Marshal(logLine{Event: e.discreet(), Effects: effects})
	if err != nil {
		return // no event of ours fails to encode; a log that cannot be kept must not stop the daemon
	}
	l.newest = append(l.newest, line)
	if len(l.newest) == packWith {
		l.packed, l.newest = append(l.packed, pack(l.newest)), nil
	}
	if l.len() > logKeeps {
		l.forget()
	}
}

var newline = []byte("\n")

// len is how many events there are.
func (l *Log) len() int { return len(l.oldest) + packWith*len(l.packed) + len(l.newest) }

// pack and unpack: compress/flate would do better, and takes a megabyte each time, which is more than there is to be saved.
func pack(lines [][]byte) []byte {
	return bytes.Clone(snappy.Encode(nil, bytes.Join(lines, newline))) // without the room to spare that Encode returns
}

func unpack(p []byte) [][]byte {
	text, _ := snappy.Decode(nil, p) // it is from pack
	return bytes.Split(text, newline)
}

// forget lives through the oldest event.
func (l *Log) forget() {
	if len(l.oldest) == 0 {
		l.oldest = unpack(l.packed[0])
		l.packed = l.packed[1:]
	}
	var oldest logLine
	if json.Unmarshal(l.oldest[0], &oldest) == nil {
		l.start, _ = Step(l.start, oldest.Event)
	}
	l.oldest = l.oldest[1:]
}

// lines are all of them, the oldest first.
func (l *Log) lines() [][]byte {
	all := slices.Clone(l.oldest)
	for _, p := range l.packed {
		all = append(all, unpack(p)...)
	}
	return append(all, l.newest...)
}

// discreet is the event without words that may name a person's files.
func (e Event) discreet() Event {
	if e.Problems == nil {
		return e
	}
	p := Problems{Part: e.Problems.Part}
	for _, q := range e.Problems.List {
		p.List = append(p.List, api.Problem{Part: q.Part, Code: q.Code})
	}
	e.Problems = &p
	return e
}

// Write writes the log as JSON lines.
func (l *Log) Write(w io.Writer, program string) error {
	head := LogHead{Format: LogFormat, Version: LogVersion, Program: program, State: l.start}
	if err := json.NewEncoder(w).Encode(head); err != nil {
		return err
	}
	_, err := w.Write(append(bytes.Join(l.lines(), newline), '\n'))
	return err
}

// Replay steps through a written log again. It returns how many events there were, and an error that names the
// first line whose effects are not, byte for byte, what they were.
func Replay(r io.Reader) (events int, err error) {
	var first error
	played, err := Play(r, func(_ int, _ State, _ Event, _ []Effect, _ State, differs error) {
		if first == nil {
			events++
			first = differs
		}
	})
	if first != nil {
		return events - 1, first
	}
	return played, err
}

// Play steps through a written log and shows every step: the line it came from, the state before, the event, its
// effects now, the state after, and how these effects differ from those of the log, nil where they do not. It returns
// how many events there were. An error names a line that cannot be played.
func Play(r io.Reader, see func(line int, before State, e Event, effects []Effect, after State, differs error)) (events int, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	if !lines.Scan() {
		return 0, errors.Join(errors.New("the event log is empty"), lines.Err())
	}
	s, err := readHead(lines.Bytes())
	if err != nil {
		return 0, fmt.Errorf("line 1: %w", err)
	}
	for n := 2; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var line logLine
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return events, fmt.Errorf("line %d: %w", n, err)
		}
		if jump := line.Event.At.Boot - s.At.Boot; line.Event.Start == nil && jump > longestJump {
			return events, fmt.Errorf("line %d: %v after the event before it", n, jump)
		}
		next, effects := Step(s, line.Event)
		again, err := json.Marshal(logLine{Event: line.Event, Effects: effects})
		if err != nil {
			return events, fmt.Errorf("line %d: %w", n, err)
		}
		var differs error
		if !bytes.Equal(again, lines.Bytes()) {
			differs = fmt.Errorf("line %d: the effects differ:\n%s\nnow:\n%s", n, lines.Bytes(), again)
		}
		see(n, s, line.Event, effects, next, differs)
		s = next
		events++
	}
	return events, lines.Err()
}

// readHead reads the first line: the state before the first event.
func readHead(line []byte) (State, error) {
	var head LogHead
	if err := json.Unmarshal(line, &head); err != nil {
		return State{}, fmt.Errorf("not the head of an event log: %w", err)
	}
	if head.Format != LogFormat || head.Version != LogVersion {
		return State{}, fmt.Errorf("format %q version %d, want %q version %d", head.Format, head.Version, LogFormat, LogVersion)
	}
	return head.State, head.State.Check()
}
