package daemon

import (
	"archive/zip"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/unhunch/unhunch/daemon/internal/clock"
)

// A door is the socket of a simulated daemon: pipes in memory, whose waiting the simulated clock knows of.
type door struct {
	knocks chan net.Conn
	closed chan struct{}
	close  func()
}

func newDoor() *door {
	d := &door{knocks: make(chan net.Conn), closed: make(chan struct{})}
	d.close = sync.OnceFunc(func() { close(d.closed) })
	return d
}

func (d *door) dial(ctx context.Context) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case d.knocks <- ours{there}:
		return here, nil
	case <-d.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (d *door) Accept() (net.Conn, error) {
	select {
	case c := <-d.knocks:
		return c, nil
	case <-d.closed:
		return nil, net.ErrClosed
	}
}

func (d *door) Close() error {
	d.close()
	return nil
}

func (d *door) Addr() net.Addr { return &net.UnixAddr{Name: "door", Net: "unix"} }

// ours is a pipe that knows whose it is.
type ours struct{ net.Conn }

func (ours) PeerUID() int { return os.Getuid() }

// smallDiskVar says that there is a small disk of our own, and where.
const smallDiskVar = "UNHUNCH_TEST_SOAK_DISK"

func smallDisk() bool { return os.Getenv(smallDiskVar) != "" }

// soakDir is where lives are kept: in memory where that is possible, as a month of fsyncs takes long.
func soakDir(t *testing.T) string {
	if dir := os.Getenv(smallDiskVar); dir != "" {
		return dir
	}
	if dir, err := os.MkdirTemp("/dev/shm", "unhunch-soak-"); err == nil {
		t.Cleanup(func() { os.RemoveAll(dir) })
		return dir
	}
	return t.TempDir()
}

// shardVar is which of the shards a process lives: every so many seeds, beginning with which.
const (
	shardVar = "UNHUNCH_TEST_SOAK_SHARD"
	shards   = 2 // as many as CI has processors
)

// shard is whether this process is to live that seed.
func shard(seed int) bool {
	mine := os.Getenv(shardVar)
	return mine == "" || mine == strconv.Itoa(seed%shards)
}

// onSmallDisks runs the test in processes that each see a disk of its own, which can be filled, and live a part of the
// seeds. It returns whether that was possible, and then all there is to say has been said.
func onSmallDisks(t *testing.T) bool {
	if smallDisk() {
		return false
	}
	flags := "-m"
	if os.Geteuid() != 0 {
		flags = "-rm"
	}
	if exec.Command("unshare", flags, "mount", "-t", "tmpfs", "tmpfs", "/mnt").Run() != nil {
		t.Log("no small disk to be had here: none will be full")
		return false
	}
	script := `mount -t tmpfs -o mode=700,size=48m tmpfs "$1" && exec "$2" -test.v -test.timeout 0 -test.run "^$3$"`
	var all sync.WaitGroup
	for n := range shards {
		dir := t.TempDir()
		all.Go(func() {
			cmd := exec.CommandContext(t.Context(), "unshare", flags, "sh", "-c", script, "sh", dir, os.Args[0], t.Name())
			cmd.Env = append(os.Environ(), smallDiskVar+"="+dir, shardVar+"="+strconv.Itoa(n))
			cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
				t.Errorf("%v\n%s", err, out)
			} else {
				t.Logf("%s", out)
			}
		})
	}
	all.Wait()
	return true
}

// zoneOf is a time zone, from the machine or from Go.
func zoneOf(t *testing.T, name string) clock.Zone {
	t.Helper()
	if data, err := os.ReadFile(filepath.Join("/usr/share/zoneinfo", name)); err == nil {
		return clock.Zone{Name: name, TZif: data}
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	all, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer all.Close()
	f, err := all.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return clock.Zone{Name: name, TZif: data}
}

// readAll is a directory's files as they are now.
func readAll(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, e := range entries {
		if all[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// writeAll makes a directory hold these files and no others.
func writeAll(t *testing.T, dir string, all map[string][]byte) {
	t.Helper()
	for name := range readAll(t, dir) {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range all {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
