package history

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/history/engine"
)

// The test binary plays a daemon under load when this variable names the file of its history.
const writerVar = "UNHUNCH_TEST_WRITER"

// The test binary runs a single test on a small disk when this variable names where that is mounted.
const diskVar = "UNHUNCH_TEST_DISK"

// The test binary is the process that has the database when this is its argument.
const engineArg = "history-engine"

// inChild has databases opened in a process of their own, as the daemon does.
var inChild = engine.Child(os.Args[0], engineArg)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == engineArg {
		if err := engine.Serve(os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	_ = os.Setenv("GORACE", "atexit_sleep_ms=0") // else each child sleeps for a second at its end
	if path := os.Getenv(writerVar); path != "" {
		writeForEver(path, os.Args[1])
		return
	}
	os.Exit(m.Run())
}

// written is the n-th row that the daemon under load has acknowledged.
func written(n int) []Row {
	at := at("00:00").Add(time.Duration(n) * 10 * time.Second)
	if n%5 == 0 {
		return []Row{Session{At: at, Routine: "r", Outcome: Finished, Steps: []Step{{Exercise: "marching", Done: time.Second}}}}
	}
	return []Row{Span{From: at, For: 10 * time.Second, Posture: []Posture{Sitting, Away}[n%2]}}
}

// writeForEver prints the number of each row once it is acknowledged. Between, it adds rows that it does not wait for,
// and asks questions.
func writeForEver(path, first string) {
	n, err := strconv.Atoi(first)
	if err != nil {
		panic(err)
	}
	s := Open(path, Options{Engine: inChild})
	for ctx := context.Background(); ; n++ {
		open := written(n)
		for range 3 {
			if err := s.Add(open...); err != nil {
				panic(err)
			}
		}
		if err := s.Put(ctx, written(n)...); err != nil {
			panic(err)
		}
		fmt.Println(n)
		if n%7 == 0 {
			if _, err := s.Report(ctx, Today, at("00:00").Add(time.Duration(n)*10*time.Second)); err != nil {
				panic(err)
			}
		}
	}
}

// rounds is how often TestKill kills: UNHUNCH_KILLS=200 for as often as the issue asks, which takes a minute.
func rounds(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("UNHUNCH_KILLS"))
	if err != nil {
		n = 40
	}
	t.Logf("%d rounds", n)
	return n
}

// TestKill: kill -9 at random moments loses nothing that was acknowledged, and every time the file opens as it is.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	next := 0
	for round := range rounds(t) {
		cmd := exec.Command(os.Args[0], strconv.Itoa(next))
		cmd.Env = append(os.Environ(), writerVar+"="+path)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		within := time.Duration(rand.IntN(150)) * time.Millisecond
		kill := time.AfterFunc(within, func() { _ = cmd.Process.Kill() })
		if round%2 == 1 { // every other time from when it is at work, not from its start
			kill.Stop()
		}
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if round%2 == 1 {
				round++
				kill.Reset(within)
			}
			if n, err := strconv.Atoi(lines.Text()); err == nil {
				next = n + 1
			}
		}
		_ = cmd.Wait() // killed
		if kill.Stop() {
			t.Fatal("it ended by itself")
		}
		checkAcknowledged(t, path, next)
	}
	t.Logf("%d rows acknowledged", next)
	if next == 0 {
		t.Error("killed before anything was acknowledged")
	}
}

// checkAcknowledged looks for the rows up to next in the file.
func checkAcknowledged(t *testing.T, path string, next int) {
	t.Helper()
	s := Open(path, Options{})
	defer s.Close()
	there := map[int64]Posture{}
	for _, p := range lived(t, s) {
		there[p.from] = p.posture
	}
	sessions, err := s.Sessions(t.Context(), at("00:00"), at("00:00").AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	for _, session := range sessions {
		if len(session.Steps) == 1 {
			there[session.At.UnixMilli()] = "a session"
		}
	}
	for n := range next {
		switch r := written(n)[0].(type) {
		case Span:
			if there[r.From.UnixMilli()] != r.Posture {
				t.Fatalf("row %d of %d is lost", n, next)
			}
		case Session:
			if there[r.At.UnixMilli()] != "a session" {
				t.Fatalf("session %d of %d is lost", n, next)
			}
		}
	}
	well, err := read(t.Context(), s, func(d *database) (well string, err error) {
		err = d.get("PRAGMA quick_check", nil, &well)
		return well, err
	})
	if err != nil || well != "ok" {
		t.Fatalf("the file is damaged: %s %v", well, err)
	}
	if all := s.Problems(); len(all) > 0 {
		t.Fatalf("problems: %+v", all)
	}
}

// onDisk runs f in a process of its own that sees a small disk, mounted with these options.
func onDisk(t *testing.T, options string, f func(dir string)) {
	if dir := os.Getenv(diskVar); dir != "" {
		f(dir)
		return
	}
	desktest.Need(t, "unshare", "mount")
	// As another user than root, a user namespace is the way to a file system of one's own.
	flags := "-m"
	if os.Geteuid() != 0 {
		flags = "-rm"
	}
	if out, err := exec.Command("unshare", flags, "mount", "-t", "tmpfs", "tmpfs", "/mnt").CombinedOutput(); err != nil {
		t.Skipf("cannot mount a small disk here: %v: %s", err, out)
	}
	dir := t.TempDir()
	script := `mount -t tmpfs -o mode=700,` + options + ` tmpfs "$1" && exec "$2" -test.v -test.run "^$3$"`
	cmd := exec.Command("unshare", flags, "sh", "-c", script, "sh", dir, os.Args[0], t.Name())
	cmd.Env = append(os.Environ(), diskVar+"="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("%v\n%s", err, out)
	}
}

// remount changes the small disk. The program mount repeats options that a user namespace refuses.
func remount(t *testing.T, dir string, flags uintptr, options string) {
	t.Helper()
	if err := unix.Mount("", dir, "", unix.MS_REMOUNT|flags, options); err != nil {
		t.Fatal(err)
	}
}

// ballast fills the disk.
func ballast(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 4096); err == nil; {
		_, err = f.Write(block)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestFullDisk: while the disk is full everything waits and what is there can be read, with one word about it; when
// there is room again it is written, by itself.
func TestFullDisk(t *testing.T) {
	onDisk(t, "size=1m", func(dir string) {
		news, changed := told()
		s := openedAt(t, filepath.Join(dir, "history.db"), Options{Changed: changed, retry: 10 * time.Millisecond})
		put(t, s, everything...)
		ballast(t, filepath.Join(dir, "ballast"))
		n := 0
		for err := error(nil); err == nil; n++ { // there may be room left inside the files
			if n == 20_000 {
				t.Fatal("the disk does not fill up")
			}
			err = s.Put(t.Context(), Span{From: at("14:00").Add(time.Duration(n) * time.Second), For: time.Second, Posture: Standing})
		}
		t.Logf("full after %d rows", n)
		if all := next(t, news); !slices.Equal(codes(all), []string{ProblemFull}) || all[0].Err == nil {
			t.Errorf("told %+v", all)
		}
		for ; n%5000 != 0; n++ { // an hour's worth
			if err := s.Add(Span{From: at("14:00").Add(time.Duration(n) * time.Second), For: time.Second, Posture: Standing}); err != nil {
				t.Fatal(err)
			}
		}
		r, err := s.Report(t.Context(), Today, at("23:00"))
		if err != nil || r.Sum.Sitting != everythingSum.Sitting || r.Waiting == 0 {
			t.Errorf("while it is full: %v, %+v", err, r)
		}
		if len(news) > 0 {
			t.Error("told more than once")
		}
		if err := os.Remove(filepath.Join(dir, "ballast")); err != nil {
			t.Fatal(err)
		}
		if all := next(t, news); len(all) != 0 {
			t.Errorf("told %+v", all)
		}
		want := everythingSum.Standing + time.Duration(n)*time.Second
		if got := today(t, s, at("23:00")); got.Standing != want {
			t.Errorf("got %v standing, want %v", got.Standing, want)
		}
	})
}

// TestNoRoomToBegin: on 64 KiB there is no room for a database at all.
func TestNoRoomToBegin(t *testing.T) {
	onDisk(t, "size=64k", func(dir string) { noRoom(t, dir) })
}

// TestNoRoomForTheIndex: on 8 KiB SQLite does not even say why it cannot begin.
func TestNoRoomForTheIndex(t *testing.T) {
	onDisk(t, "size=8k", func(dir string) { noRoom(t, dir) })
}

// noRoom begins a history on a disk that is too small, which grows later.
func noRoom(t *testing.T, dir string) {
	t.Helper()
	news, changed := told()
	s := openedAt(t, filepath.Join(dir, "history.db"), Options{Changed: changed, retry: 10 * time.Millisecond})
	for range 5 {
		if err := s.Put(t.Context(), everything...); err == nil {
			t.Fatal("written, where there is no room")
		}
	}
	if _, err := s.Report(t.Context(), Today, at("12:00")); err == nil {
		t.Error("a report of nothing")
	}
	if all := next(t, news); !slices.Equal(codes(all), []string{ProblemFull}) {
		t.Errorf("told %+v", all)
	}
	if len(news) > 0 {
		t.Error("told more than once")
	}
	remount(t, dir, 0, "size=4m")
	if all := next(t, news); len(all) != 0 {
		t.Errorf("told %+v", all)
	}
	if got := today(t, s, at("12:00")); got != everythingSum {
		t.Errorf("got %+v", got)
	}
}

// TestReadOnlyDisk: what is there can be read, also where it was not closed well.
func TestReadOnlyDisk(t *testing.T) {
	onDisk(t, "size=4m", func(dir string) {
		s := openedAt(t, filepath.Join(dir, "history.db"), Options{})
		put(t, s, everything...)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		remount(t, dir, unix.MS_RDONLY, "")
		news, changed := told()
		s = openedAt(t, s.path, Options{Changed: changed, retry: 10 * time.Millisecond})
		for range 3 {
			if err := s.Put(t.Context(), sat("12:00", 10)); err == nil {
				t.Fatal("written to a disk that cannot be written")
			}
		}
		if all := next(t, news); !slices.Equal(codes(all), []string{ProblemReadOnly}) || len(news) > 0 {
			t.Errorf("told %+v, and %d more", all, len(news))
		}
		if got := today(t, s, at("12:00")); got != everythingSum {
			t.Errorf("got %+v", got)
		}
		if err := s.Erase(t.Context(), at("12:00")); err == nil {
			t.Error("erased what cannot be written")
		}
		remount(t, dir, 0, "")
		if all := next(t, news); len(all) != 0 {
			t.Errorf("told %+v", all)
		}
		if err := errors.Join(s.Flush(t.Context()), s.Close()); err != nil {
			t.Error(err)
		}
	})
}
