package daemon

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/files"
	"github.com/unhunch/unhunch/daemon/internal/history"
	"github.com/unhunch/unhunch/daemon/internal/profile"
	"github.com/unhunch/unhunch/routines"
)

// traced runs the real daemon with its file operations on record, has it acknowledge the commands one after the other,
// and returns its directory of state and what was traced.
func traced(t *testing.T, commands [][]string) (desk *desktest.Desk, trace []byte) {
	t.Helper()
	desktest.Need(t, "strace")
	binary := desktest.Build(t)
	desk = desktest.New(t, desktest.Options{NoDisplay: true})
	log := filepath.Join(desk.Dir, "trace")
	wrapped := filepath.Join(desk.Dir, "traced")
	const calls = "open,openat,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,ftruncate"
	script := "#!/bin/sh\n[ \"$1\" = daemon ] || exec " + binary + " \"$@\"\n" +
		"exec strace -D -f -y -qq -xx -s 4194304 -e signal=none -e trace=" + calls + " -o " + log + " " + binary + " daemon\n"
	if err := os.WriteFile(wrapped, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	d := desk.Start(wrapped, "")
	for _, c := range commands {
		if _, stderr, code := d.Unhunch(c...); code != 0 {
			t.Fatalf("%v: %s", c, stderr)
		}
	}
	tracer := tracerOf(t, d.Pid())
	d.Kill()
	desktest.Until(t, 10*time.Second, "the trace to end", func() bool { return unix.Kill(tracer, 0) != nil })
	trace, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	return desk, trace
}

// tracerOf is the process that traces another.
func tracerOf(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), "TracerPid:")
	line, _, _ := strings.Cut(after, "\n")
	tracer, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || tracer == 0 {
		t.Fatalf("nobody traces the daemon: %v", err)
	}
	return tracer
}

// An inode is a file: what was written, and how much of that a power cut leaves for sure.
type inode struct{ now, synced []byte }

// A disk is a model of one on which nothing is sure to be there after a power cut that was not synced: neither what is
// in a file, nor its name.
type disk struct {
	root    string
	live    map[string]*inode // as the programs see it
	durable map[string]*inode // names that have been synced
	acks    int               // answers that were sent
}

// call is a finished system call as strace -f -y -xx writes it.
var call = regexp.MustCompile(`^\d+\s+(\w+)\((.*)\)\s+= (-?\d+)`)

var (
	fdPath = regexp.MustCompile(`^\d+<([^>]*)>`)
	quoted = regexp.MustCompile(`"((?:\\x[0-9a-f]{2})*)"`)
)

// unhex reads \x2f\x74….
func unhex(s string) []byte {
	out := make([]byte, 0, len(s)/4)
	for i := 0; i+3 < len(s); i += 4 {
		n, _ := strconv.ParseUint(s[i+2:i+4], 16, 8)
		out = append(out, byte(n))
	}
	return out
}

// plain is a path of -y, in which only some bytes are written as they are.
func plain(s string) string {
	return regexp.MustCompile(`\\x[0-9a-f]{2}`).ReplaceAllStringFunc(s, func(x string) string { return string(unhex(x)) })
}

// finished joins the calls that others ran between.
func finished(trace []byte) []string {
	var lines []string
	begun := map[string]string{}
	for line := range strings.Lines(string(trace)) {
		line = strings.TrimRight(line, "\n")
		pid, rest, _ := strings.Cut(line, " ")
		if start, ok := strings.CutSuffix(line, " <unfinished ...>"); ok {
			begun[pid] = start
			continue
		}
		if _, end, ok := strings.Cut(strings.TrimSpace(rest), " resumed>"); ok {
			line = begun[pid] + end
		}
		lines = append(lines, line)
	}
	return lines
}

// do plays one call, and says whether it changed anything.
func (d *disk) do(line string) bool {
	m := call.FindStringSubmatch(line)
	if m == nil || strings.HasPrefix(m[3], "-") {
		return false
	}
	name, args := m[1], m[2]
	var texts []string
	for _, s := range quoted.FindAllStringSubmatch(args, -1) {
		texts = append(texts, string(unhex(s[1])))
	}
	path := ""
	if fd := fdPath.FindStringSubmatch(args); fd != nil {
		path = plain(fd[1])
	}
	if name == "write" && len(texts) > 0 && strings.HasPrefix(texts[0], "HTTP/1.1 200") {
		d.acks++
		return true
	}
	switch name {
	case "open", "openat", "unlink", "unlinkat", "rename", "renameat", "renameat2":
		path = texts[0]
	}
	if path != d.root && !strings.HasPrefix(path, d.root+"/") {
		return false
	}
	return d.change(name, path, args, texts)
}

func (d *disk) change(name, path, args string, texts []string) bool {
	file := d.live[path]
	last := func() int { // argument
		n, _ := strconv.Atoi(args[strings.LastIndex(args, ", ")+2:])
		return n
	}
	switch name {
	case "open", "openat":
		if file != nil || !strings.Contains(args, "O_CREAT") {
			return false
		}
		d.live[path] = &inode{}
	case "write":
		file.now = append(slices.Clip(file.now), texts[0]...)
	case "pwrite64":
		at := last()
		grown := make([]byte, max(len(file.now), at+len(texts[0])))
		copy(grown, file.now)
		copy(grown[at:], texts[0])
		file.now = grown
	case "ftruncate":
		n := last()
		file.now = append(slices.Clone(file.now[:min(n, len(file.now))]), make([]byte, max(0, n-len(file.now)))...)
	case "fsync", "fdatasync":
		if path == d.root {
			d.durable = maps.Clone(d.live)
		} else if file != nil {
			file.synced = file.now
		}
	case "unlink", "unlinkat":
		delete(d.live, path)
	default: // a rename
		d.live[texts[1]] = file
		delete(d.live, path)
	}
	return true
}

// leave writes what is left after a kill, or after a power cut of which it is not known whether it left the names.
func (d *disk) leave(t *testing.T, dir string, names map[string]*inode, synced bool) (sum [sha256.Size]byte) {
	t.Helper()
	h := sha256.New()
	for _, path := range slices.Sorted(maps.Keys(names)) {
		if strings.HasSuffix(path, "-shm") { // it is mapped, and of no use to the next one
			continue
		}
		data := names[path].now
		if synced {
			data = names[path].synced
		}
		fmt.Fprintf(h, "%s %d\n%s", path, len(data), data)
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(path)), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// left is what the next start finds.
type left struct {
	state    core.State
	profile  routines.Profile
	sessions int
}

// find opens everything as the daemon does, and fails the test if anything was damaged.
func find(t *testing.T, where, dir string) left {
	t.Helper()
	var l left
	var err error
	if l.state, err = loadState(filepath.Join(dir, "state.json"), core.State{}, time.Now()); err != nil {
		t.Fatalf("%s: the state: %v", where, err)
	}
	p, err := profile.Open(filepath.Join(dir, "profile.json"), time.Now(), func(error) {})
	if err != nil {
		t.Fatalf("%s: the profile: %v", where, err)
	}
	l.profile = p.Profile()
	p.Close()
	h := history.Open(filepath.Join(dir, "history.db"), history.Options{})
	defer h.Close()
	sessions, err := h.Sessions(t.Context(), time.Now().AddDate(-1, 0, 0), time.Now().AddDate(1, 0, 0))
	if err != nil || len(h.Problems()) > 0 {
		t.Fatalf("%s: the history: %v %+v", where, err, h.Problems())
	}
	l.sessions = len(sessions)
	return l
}

// TestLargePowerCut: cut the power, or kill the daemon, after any of its file operations: what it had acknowledged is
// there, and nothing is damaged. It fails too where the real program syncs too little, or in the wrong order.
func TestLargePowerCut(t *testing.T) {
	acknowledged := []struct {
		command []string
		holds   func(left) bool
	}{
		{[]string{"pause", "1h"}, func(l left) bool { return l.state.Rem.PausedAt != 0 }},
		{[]string{"stretch", "--in", "background"}, func(l left) bool { return l.state.Begun == 1 }},
		{[]string{"session", "hurt"}, func(l left) bool { return len(l.profile.Retired) == 1 }},
		{[]string{"session", "stop"}, func(l left) bool { return l.sessions == 1 }},
		{[]string{"profile", "set", "screening.bone=no"}, func(l left) bool { return l.profile.Screening["bone"] == routines.No }},
		{[]string{"pause", "tomorrow"}, func(l left) bool { return !l.state.Rem.PausedWall.IsZero() }},
	}
	var commands [][]string
	for _, a := range acknowledged {
		commands = append(commands, a.command)
	}
	desk, trace := traced(t, commands)
	d := &disk{
		root: filepath.Join(desk.Getenv("XDG_STATE_HOME"), "unhunch"), live: map[string]*inode{}, durable: map[string]*inode{},
	}
	lines := finished(trace)
	answers := 0
	for _, line := range lines {
		if d.do(line); d.acks > answers {
			answers = d.acks
		}
	}
	greetings := answers - len(commands) // the first answers are to whether it is up
	d = &disk{root: d.root, live: map[string]*inode{}, durable: map[string]*inode{}}
	base, seen, cuts, operations := t.TempDir(), map[string]bool{}, 0, 0
	for n, line := range lines {
		if !d.do(line) {
			continue
		}
		operations++
		for what, names := range map[string]map[string]*inode{"killed": d.live, "names kept": d.live, "names lost": d.durable} {
			cuts++
			dir := filepath.Join(base, strconv.Itoa(cuts))
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			sum := d.leave(t, dir, names, what != "killed")
			acked := max(0, d.acks-greetings)
			if key := fmt.Sprintf("%x %d", sum, acked); !seen[key] {
				seen[key] = true
				where := fmt.Sprintf("after operation %d, %s: %.120s", n, what, plain(line))
				l := find(t, where, dir)
				for _, a := range acknowledged[:acked] {
					if !a.holds(l) {
						t.Fatalf("%s: %v was acknowledged and is lost", where, a.command)
					}
				}
			}
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d operations, %d different disks", operations, len(seen))
	if operations < 50 || greetings < 1 {
		t.Errorf("%d operations, %d answers: the test proves nothing", operations, answers)
	}
}

// The test binary plays a program that writes, when this variable names its directory.
const writesVar = "UNHUNCH_TEST_WRITES"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writesVar); dir != "" {
		writeEverything(dir)
		return
	}
	os.Exit(m.Run())
}

// rounds of writing in each life of the writer.
const writerRounds = 3

// writeEverything writes each kind of file a few times, and tells its standard output, a socket, of each success by a
// system call that is used for nothing else.
func writeEverything(dir string) {
	tell := func(what string, n int, err error) {
		if err == nil {
			_ = unix.Sendto(1, fmt.Appendf(nil, "%s %d\n", what, n), 0, nil)
		}
	}
	failing := func(error) {}
	s := history.Open(filepath.Join(dir, "history.db"), history.Options{})
	p, _ := profile.Open(filepath.Join(dir, "profile.json"), time.Now(), failing)
	saver := newSaver(filepath.Join(dir, "state.json"), failing)
	for n := 1; n <= writerRounds; n++ {
		st := core.New(coreSettings(config.Default()))
		st.T, st.Rev = time.Duration(n), uint64(n)
		tell("state", n, saver.write(st))
		tell("profile", n, p.Change(func(p routines.Profile) (routines.Profile, error) {
			return p.Retire("exercise" + strconv.Itoa(n)), nil
		}))
		tell("session", n, s.Put(context.Background(), history.Session{
			At: time.Date(2026, 11, 22, n, 0, 0, 0, time.UTC), Routine: "r", Outcome: history.Finished,
		}))
	}
	_ = s.Close()
}

// writer runs a writer of which the n-th call of those that change a disk fails, and all after it where so is asked. It
// returns what was acknowledged, and whether there was an n-th call.
func writer(t *testing.T, dir, calls, fault, when string) (acked map[string]int, trace string) {
	t.Helper()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	theirs, ours := os.NewFile(uintptr(pair[0]), "theirs"), os.NewFile(uintptr(pair[1]), "ours")
	defer ours.Close()
	log := dir + ".trace"
	args := []string{"-f", "-qq", "-e", "signal=none", "-e", "trace=" + calls, "-o", log}
	if when != "" {
		args = append(args, "-e", "inject="+calls+":error="+fault+":when="+when)
	}
	cmd := exec.Command("strace", append(args, os.Args[0])...)
	cmd.Env = append(os.Environ(), writesVar+"="+dir, "GOMAXPROCS=1")
	cmd.Stdout = theirs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	theirs.Close()
	late := time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Kill() })
	var said bytes.Buffer
	_, _ = said.ReadFrom(ours)
	err = cmd.Wait()
	if !late.Stop() {
		t.Fatalf("%s at %s: the writer hangs", fault, when)
	}
	var status *exec.ExitError
	if err != nil && !errors.As(err, &status) {
		t.Fatal(err)
	}
	acked = map[string]int{}
	for line := range strings.Lines(said.String()) {
		what, n, _ := strings.Cut(strings.TrimSpace(line), " ")
		acked[what], _ = strconv.Atoi(n)
	}
	text, _ := os.ReadFile(log)
	return acked, string(text)
}

// TestLargeNthWriteFails: whichever of the calls that change the disk fails, with the disk full or broken, once or from
// then on, what was acknowledged before and after is there and nothing older is destroyed.
func TestLargeNthWriteFails(t *testing.T) {
	desktest.Need(t, "strace")
	base := t.TempDir()
	const calls = "write,pwrite64,fsync,fdatasync,ftruncate,renameat,unlink,unlinkat,fchmod"
	dir := filepath.Join(base, "whole")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	acked, trace := writer(t, dir, calls, "", "")
	if len(acked) != 3 || acked["session"] != writerRounds {
		t.Fatalf("acknowledged without a fault: %v", acked)
	}
	total := strings.Count(trace, "\n")
	stride := 9 // a few seconds; every one of them in `make soak`
	if os.Getenv(seedsVar) != "" {
		stride = 1
	}
	runs := 0
	for n := 1 + rand.IntN(stride); n <= total; n += stride {
		for _, when := range []string{strconv.Itoa(n), strconv.Itoa(n) + "+"} {
			fault := []string{"ENOSPC", "EIO"}[rand.IntN(2)]
			where := fault + " at " + when
			dir := filepath.Join(base, when)
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			acked, _ := writer(t, dir, calls, fault, when)
			runs++
			if err := files.Sweep(dir); err != nil {
				t.Error(err)
			}
			l := find(t, where, dir)
			if int(l.state.Rev) < acked["state"] {
				t.Errorf("%s: state %d was acknowledged, and %d is there", where, acked["state"], l.state.Rev)
			}
			if id := "exercise" + strconv.Itoa(acked["profile"]); acked["profile"] > 0 && !slices.Contains(l.profile.Retired, id) {
				t.Errorf("%s: %s was acknowledged, and %v is there", where, id, l.profile.Retired)
			}
			if l.sessions < acked["session"] && acked["session"] > 0 {
				t.Errorf("%s: session %d was acknowledged, and %d are there", where, acked["session"], l.sessions)
			}
		}
	}
	t.Logf("%d calls, %d runs", total, runs)
}

// TestKilledAnywhere: the built daemon, killed at any moment while it is told things, comes back with all that it had
// acknowledged. UNHUNCH_KILLS=50 for as many rounds as `make soak` has.
func TestKilledAnywhere(t *testing.T) {
	rounds, err := strconv.Atoi(os.Getenv("UNHUNCH_KILLS"))
	if err != nil {
		rounds = 6
	}
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	d := desk.Start(desktest.Build(t), "")
	client := desk.HTTP()
	ask := func(method, path string, body, v any) bool {
		data, _ := json.Marshal(body)
		r, err := http.NewRequestWithContext(t.Context(), method, "http://unhunch"+path, bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		answer, err := client.Do(r)
		if err != nil {
			return false
		}
		defer answer.Body.Close()
		return answer.StatusCode == http.StatusOK && (v == nil || json.NewDecoder(answer.Body).Decode(v) == nil)
	}
	sessions, tags, told := 0, routines.Tags(), 0
	var paused *time.Time
	answers := map[string]string{}
	for round := range rounds {
		pid := d.Pid()
		kill := time.AfterFunc(time.Duration(rand.IntN(120))*time.Millisecond, func() { _ = unix.Kill(pid, unix.SIGKILL) })
		for n := 0; d.Alive(); n++ {
			var s api.State
			switch n % 4 {
			case 0:
				if ask(http.MethodPost, api.PathActions+"pause", map[string]string{"duration": fmt.Sprintf("%dm", 60+told)}, &s) {
					paused = s.PausedUntil
				}
			case 1:
				ask(http.MethodPost, api.PathActions+"stretch", map[string]string{"guide": "terminal"}, nil)
			case 2:
				if ask(http.MethodPost, api.PathSession+"stop", nil, nil) {
					sessions++
				}
			case 3:
				tag, answer := tags[told%len(tags)], []string{"yes", "no"}[told/len(tags)%2]
				if ask(http.MethodPatch, api.PathProfile, map[string]string{"screening." + tag: answer}, nil) {
					answers[tag] = answer
				} else {
					delete(answers, tag) // one or the other
				}
			}
			told++
		}
		kill.Stop()
		d.Restart()
		s := d.State()
		if len(s.Problems) > 0 && slices.ContainsFunc(s.Problems, func(p api.Problem) bool { return p.Part == "state" || p.Part == "history" || p.Part == "profile" }) {
			t.Fatalf("round %d: %+v", round, s.Problems)
		}
		if paused != nil && (s.PausedUntil == nil || s.PausedUntil.Before(paused.Add(-time.Second))) {
			t.Errorf("round %d: paused until %v, now until %v", round, paused, s.PausedUntil)
		}
		var h api.History
		if !ask(http.MethodGet, api.PathHistory+"?period=week", nil, &h) || h.Sum.Stopped+h.Sum.Sessions < sessions {
			t.Errorf("round %d: %d sessions were acknowledged, %d are on record", round, sessions, h.Sum.Stopped+h.Sum.Sessions)
		}
		var p api.Profile
		if !ask(http.MethodGet, api.PathProfile, nil, &p) {
			t.Fatal("no profile")
		}
		for tag, want := range answers {
			if got := p.Screening[tag]; got != want {
				t.Errorf("round %d: %s was answered %s, and is %s", round, tag, want, got)
			}
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d rounds, %d commands, %d sessions", rounds, told, sessions)
	if sessions == 0 {
		t.Error("killed before anything was acknowledged")
	}
}
