package files

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// The test binary plays other processes when this variable names a part.
const part = "UNHUNCH_TEST_PART"

func TestMain(m *testing.M) {
	switch os.Getenv(part) {
	case "":
		os.Exit(m.Run())
	case "writer":
		writeForEver(os.Args[1])
	case "locker":
		lockAndWait(os.Args[1])
	case "full disk":
		fillDisk(os.Args[1])
	}
}

func play(t *testing.T, role string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), part+"="+role)
	cmd.Stderr = os.Stderr
	return cmd
}

func TestWriteAtomic(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	for _, want := range []string{"first", "", "a third that is longer"} {
		if err := WriteAtomic(path, []byte(want)); err != nil {
			t.Fatal(err)
		}
		if got := readFile(t, path); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got := mode(t, path); got != 0o600 {
			t.Errorf("mode = %o, want 600", got)
		}
	}
	if err := WriteAtomicMode(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if got := mode(t, path); got != 0o644 {
		t.Errorf("mode = %o, want 644", got)
	}
}

func TestWriteAtomicFailureLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "taken")
	if err := os.MkdirAll(filepath.Join(path, "child"), 0o700); err != nil {
		t.Fatal(err)
	}
	err := WriteAtomic(path, []byte("x")) // a directory cannot be replaced by a file
	if err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("err = %v, want one that names %s", err, path)
	}
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("left in the directory: %v, want only the old name", got)
	}
}

// record is content that shows whether it is whole.
func record(n int) []byte {
	body := bytes.Repeat(fmt.Appendf(nil, "%d ", n), 1+n*977%20000)
	return append(fmt.Appendf(nil, "%x\n", sha256.Sum256(body)), body...)
}

func whole(content string) bool {
	sum, body, ok := strings.Cut(content, "\n")
	return ok && fmt.Sprintf("%x", sha256.Sum256([]byte(body))) == sum
}

func writeForEver(path string) {
	for n := 0; ; n++ {
		if err := WriteAtomic(path, record(n)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(n)
	}
}

func TestKilledWhileWriting(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "state.json")
	left := 0
	for range 30 {
		killWriter(t, path, 1+rand.IntN(12))
		if !whole(readFile(t, path)) {
			t.Fatal("the file is torn")
		}
		left += len(names(t, dir)) - 1
		if err := Sweep(dir); err != nil {
			t.Fatal(err)
		}
		if got := names(t, dir); len(got) != 1 {
			t.Fatalf("after the sweep: %v, want only state.json", got)
		}
	}
	t.Logf("%d temporary files swept in 30 kills", left)
}

// killWriter starts a writer and kills it in the middle of what follows its nth write.
func killWriter(t *testing.T, path string, n int) {
	t.Helper()
	cmd := play(t, "writer", os.Args[0], path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for range n {
		if !lines.Scan() {
			t.Error("the writer ended by itself")
			break
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // says that it was killed
}

func TestSweepKeepsWhatIsNotOurs(t *testing.T) {
	dir := t.TempDir()
	keep := []string{"state.json", ".hidden", "notes" + tempSuffix}
	for _, name := range append(keep, ".state.json.12"+tempSuffix) {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, ".dir"+tempSuffix), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Sweep(dir); err != nil {
		t.Fatal(err)
	}
	if got, want := names(t, dir), len(keep)+1; len(got) != want {
		t.Errorf("left: %v, want %d names", got, want)
	}
	if err := Sweep(filepath.Join(dir, "missing")); err != nil {
		t.Errorf("sweeping a missing directory: %v", err)
	}
}

func TestFullDisk(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("mounting a small disk takes root")
	}
	desktest.Need(t, "unshare", "mount")
	dir := t.TempDir()
	script := `mount -t tmpfs -o size=64k tmpfs "$1" && exec "$2" "$1"`
	cmd := play(t, "full disk", "unshare", "-m", "sh", "-c", script, "sh", dir, os.Args[0])
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("no private mounts here: %v", err)
	}
	if got := string(out); got != "ok" {
		t.Error(got)
	}
}

// fillDisk runs on a disk of 64 KiB and prints what went wrong, or "ok".
func fillDisk(dir string) {
	path := filepath.Join(dir, "state.json")
	old := bytes.Repeat([]byte("old "), 1000)
	if err := WriteAtomic(path, old); err != nil {
		fmt.Print("first write: ", err)
		return
	}
	err := WriteAtomic(path, make([]byte, 128<<10))
	got, readErr := os.ReadFile(path)
	entries, dirErr := os.ReadDir(dir)
	switch {
	case err == nil:
		fmt.Print("a write to a full disk did not fail")
	case readErr != nil || !bytes.Equal(got, old):
		fmt.Print("the old content is gone: ", readErr)
	case dirErr != nil || len(entries) != 1:
		fmt.Print("the temporary file is still there: ", entries, dirErr)
	default:
		fmt.Print("ok")
	}
}

func lockAndWait(path string) {
	lock, err := TakeLock(path)
	var held ErrHeld
	switch {
	case errors.As(err, &held):
		fmt.Println("held", held.PID)
	case err != nil:
		fmt.Println("failed", err)
	default:
		fmt.Println("taken", os.Getpid())
	}
	// Nobody leaves before all have tried.
	_, _ = os.Stdin.Read(make([]byte, 1))
	if lock != nil {
		_ = lock.Release()
	}
}

func TestTwentyLockers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	const lockers = 20
	gate, open, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer gate.Close()
	answers := make([]*bufio.Reader, lockers)
	cmds := make([]*exec.Cmd, lockers)
	for i := range lockers {
		cmds[i] = play(t, "locker", os.Args[0], path)
		cmds[i].Stdin = gate
		out, err := cmds[i].StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		answers[i] = bufio.NewReader(out)
		if err := cmds[i].Start(); err != nil {
			t.Fatal(err)
		}
	}
	taken, held := 0, 0
	for _, a := range answers {
		line, err := a.ReadString('\n')
		switch {
		case strings.HasPrefix(line, "taken "):
			taken++
		case strings.HasPrefix(line, "held "):
			held++
		default:
			t.Errorf("got %q, %v", line, err)
		}
	}
	open.Close()
	for _, cmd := range cmds {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	if taken != 1 || held != lockers-1 {
		t.Errorf("%d took the lock and %d were told it is held, want 1 and %d", taken, held, lockers-1)
	}
}

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	// The name of an earlier holder that was killed must not show through.
	if err := os.WriteFile(path, []byte("9999999\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	first, err := TakeLock(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = TakeLock(path)
	if got, want := err, (ErrHeld{PID: os.Getpid()}); !errors.Is(got, want) {
		t.Errorf("second: %v, want %v", got, want)
	}
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	if got := readFile(t, path); got != "" {
		t.Errorf("after release the file holds %q", got)
	}
	again, err := TakeLock(path)
	if err != nil {
		t.Fatalf("after release: %v", err)
	}
	if err := again.Release(); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func mode(t *testing.T, path string) os.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.Name()
	}
	return out
}
