package clock

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/unhunch/unhunch/daemon/desktest"
)

const patience = 5 * time.Second

// TestMain turns the test program into a helper that answers each line with a Reading.
func TestMain(m *testing.M) {
	if os.Getenv("CLOCK_HELPER") == "" {
		os.Exit(m.Run())
	}
	out := json.NewEncoder(os.Stdout)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if err := out.Encode(Now()); err != nil {
			os.Exit(1)
		}
	}
}

// helper is another process that reads the clocks.
type helper struct {
	cmd *exec.Cmd
	in  io.Writer
	out *json.Decoder
}

// startHelper starts the test program as a helper, at the end of a command if one is given.
func startHelper(t *testing.T, command ...string) *helper {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := append(command, self)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "CLOCK_HELPER=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close() // which ends it
		_ = cmd.Wait()
	})
	return &helper{cmd: cmd, in: in, out: json.NewDecoder(out)}
}

func (h *helper) now(t *testing.T) Reading {
	t.Helper()
	if _, err := io.WriteString(h.in, "\n"); err != nil {
		t.Fatal(err)
	}
	var r Reading
	if err := h.out.Decode(&r); err != nil {
		t.Fatalf("no reading from the helper: %v", err)
	}
	return r
}

// pass waits for d to pass on the real clock.
func pass(t *testing.T, d time.Duration) {
	t.Helper()
	timer := newTimer(t)
	if err := timer.Arm(Now().Boot + d); err != nil {
		t.Fatal(err)
	}
	wantFired(t, timer)
}

func newTimer(t *testing.T) *Timer {
	t.Helper()
	timer, err := NewTimer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = timer.Close() })
	return timer
}

func wantFired(t *testing.T, timer *Timer) {
	t.Helper()
	select {
	case <-timer.C():
	case <-time.After(patience):
		t.Fatal("the timer did not fire")
	}
}

func TestNow(t *testing.T) {
	first := Now()
	pass(t, 20*time.Millisecond)
	second := Now()
	if second.Boot-first.Boot < 20*time.Millisecond || second.Mono-first.Mono < 20*time.Millisecond {
		t.Errorf("the clocks stood still: %+v, %+v", first, second)
	}
	if first.Boot < first.Mono {
		t.Errorf("boot %v is less than monotonic %v", first.Boot, first.Mono)
	}
	if off := time.Since(second.Wall).Abs(); off > time.Second {
		t.Errorf("wall is %v off", off)
	}
	if second.Wall.Location() != time.UTC || strings.Contains(second.Wall.String(), "m=") {
		t.Errorf("wall is %v, want UTC without Go's monotonic reading", second.Wall)
	}
	if awake, asleep := second.Since(first); awake != second.Boot-first.Boot || asleep != 0 {
		t.Errorf("awake %v, asleep %v", awake, asleep)
	}
}

// The clocks must differ in kind. A machine that never slept shows all the same numbers for a wrong clock, so the
// kernel is asked to shift the boot clock alone, which is what a suspend of ten hours does.
func TestBootCountsSuspend(t *testing.T) {
	desktest.Need(t, "unshare")
	if err := exec.Command("unshare", "-T", "--boottime", "36000", "true").Run(); err != nil {
		t.Skipf("time namespaces need root: %v", err)
	}
	before := Now()
	after := startHelper(t, "unshare", "-T", "--boottime", "36000", "--fork").now(t)
	awake, asleep := after.Since(before)
	if (asleep - 10*time.Hour).Abs() > time.Second {
		t.Errorf("asleep for %v, want 10h", asleep)
	}
	if awake > patience {
		t.Errorf("awake for %v", awake)
	}
	if step := after.Wall.Sub(before.Wall); step > patience {
		t.Errorf("the wall clock went on by %v", step)
	}
}

// A stopped process was not asleep, nor was one on a machine too busy to run it.
func TestStoppedIsAwake(t *testing.T) {
	h := startHelper(t)
	before := h.now(t)
	if err := h.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	pass(t, time.Second)
	if err := h.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if awake, asleep := h.now(t).Since(before); awake < time.Second || asleep != 0 {
		t.Errorf("awake %v, asleep %v; want over 1s, 0", awake, asleep)
	}
}

func TestBootID(t *testing.T) {
	if id := BootID(); len(id) != 36 || id != BootID() {
		t.Errorf("boot id %q, then %q", id, BootID())
	}
}

func TestTimer(t *testing.T) {
	timer := newTimer(t)
	arm := func(boot time.Duration) {
		t.Helper()
		if err := timer.Arm(boot); err != nil {
			t.Fatal(err)
		}
	}
	for _, past := range []time.Duration{-time.Hour, 0, Now().Boot - time.Minute} {
		arm(past)
		wantFired(t, timer)
	}
	deadline := Now().Boot + 50*time.Millisecond
	arm(deadline)
	wantFired(t, timer)
	if late := Now().Boot - deadline; late < 0 || late > time.Second {
		t.Errorf("fired %v late", late)
	}

	arm(Now().Boot + 30*time.Millisecond)
	if err := timer.Disarm(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-timer.C():
		t.Error("fired although disarmed")
	case <-time.After(100 * time.Millisecond):
	}

	if err := timer.Close(); err != nil {
		t.Fatal(err)
	}
	if err := timer.Arm(1); err == nil {
		t.Error("a closed timer was armed")
	}
}

func TestTimerRearmed(t *testing.T) {
	timer := newTimer(t)
	files := openFiles(t)
	for i := range 10_000 {
		if err := timer.Arm(Now().Boot + time.Hour + time.Duration(i)); err != nil {
			t.Fatal(err)
		}
	}
	if now := openFiles(t); now != files {
		t.Errorf("%d open files after 10,000 armings, %d before", now, files)
	}
	if err := timer.Arm(0); err != nil {
		t.Fatal(err)
	}
	wantFired(t, timer)
}

func openFiles(t *testing.T) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// A step of a microsecond, there and back, is one to the kernel and to nobody else.
func TestWatchSteps(t *testing.T) {
	forward := false
	step := func() error {
		forward = !forward
		by := unix.Timeval{Usec: 1}
		if !forward {
			by = unix.Timeval{Sec: -1, Usec: 999_999}
		}
		_, err := unix.Adjtimex(&unix.Timex{Modes: unix.ADJ_SETOFFSET, Time: by})
		return err
	}
	if err := step(); err != nil {
		t.Skipf("setting the clock needs root: %v", err)
	}
	var steps atomic.Int32
	run(t, func(ctx context.Context) error { return WatchSteps(ctx, func() { steps.Add(1) }) })
	for want := int32(1); want <= 3; want++ {
		desktest.Until(t, patience, "a step to be told", func() bool {
			if err := step(); err != nil {
				t.Fatal(err)
			}
			return steps.Load() >= want
		})
	}
}

// run runs f until the test ends, and sees it end then.
func run(t *testing.T, f func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- f(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(patience):
			t.Error("goes on although its context has ended")
		}
	})
}

func TestLocalZone(t *testing.T) {
	for _, c := range []struct{ tz, name, noon string }{
		{"", "UTC", "12:00"},
		{"UTC", "UTC", "12:00"},
		{":", "UTC", "12:00"},
		{"CET-1CEST,M3.5.0,M10.5.0/3", "CET-1CEST,M3.5.0,M10.5.0/3", "13:00"},
	} {
		t.Setenv("TZ", c.tz)
		z, err := LocalZone()
		if err != nil || z.Name != c.name || noon(t, z) != c.noon {
			t.Errorf("TZ=%q: %q at %s, %v; want %q at %s", c.tz, z.Name, noon(t, z), err, c.name, c.noon)
		}
	}
	for _, tz := range []string{"Nowhere/Land", "../../../etc/passwd", "/etc/passwd", "/", "CET-1CEST,"} {
		t.Setenv("TZ", tz)
		if z, err := LocalZone(); err == nil || z.Name != "UTC" || z.TZif != nil {
			t.Errorf("TZ=%q: %q, %v; want UTC and an error", tz, z.Name, err)
		}
	}
}

// noon is the local time at noon UTC in winter.
func noon(t *testing.T, z Zone) string {
	t.Helper()
	location := time.UTC
	if len(z.TZif) > 0 {
		var err error
		if location, err = time.LoadLocationFromTZData(z.Name, z.TZif); err != nil {
			t.Fatal(err)
		}
	}
	return time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC).In(location).Format("15:04")
}

// zones is a machine's zone database and the link to the zone in force.
func zones(t *testing.T) (link string, point func(zone string)) {
	t.Helper()
	dir := t.TempDir()
	link = filepath.Join(dir, "localtime")
	for name, rule := range map[string]string{"Land/East": "<+03>-3", "Isle/West": "<-02>+2"} {
		writeZone(t, filepath.Join(dir, "zoneinfo", name), rule)
	}
	return link, func(zone string) {
		t.Helper()
		_ = os.Remove(link)
		if err := os.Symlink(filepath.Join("zoneinfo", zone), link); err != nil {
			t.Fatal(err)
		}
	}
}

// writeZone replaces a zone's file as package managers do.
func writeZone(t *testing.T, path, rule string) {
	t.Helper()
	z, err := ruleZone("test", rule)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".new", z.TZif, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func TestMachineZone(t *testing.T) {
	link, point := zones(t)
	if z, err := machineZone(link); err != nil || z.Name != "UTC" {
		t.Errorf("without a link: %q, %v", z.Name, err)
	}
	point("Land/East")
	if z, err := machineZone(link); err != nil || z.Name != "Land/East" || noon(t, z) != "15:00" {
		t.Errorf("%q at %s, %v", z.Name, noon(t, z), err)
	}
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	writeZone(t, link, "<+03>-3")
	if z, err := machineZone(link); err != nil || z.Name != "Local" || noon(t, z) != "15:00" {
		t.Errorf("a copy: %q at %s, %v", z.Name, noon(t, z), err)
	}
	if err := os.WriteFile(link, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if z, err := machineZone(link); err == nil || z.Name != "UTC" {
		t.Errorf("nonsense: %q, %v", z.Name, err)
	}
}
