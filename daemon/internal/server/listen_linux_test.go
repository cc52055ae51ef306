package server_test

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/unhunch/unhunch/daemon/internal/server"
)

func mode(t *testing.T, path string) os.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func TestSocketIsPrivate(t *testing.T) {
	old := syscall.Umask(0)
	defer syscall.Umask(old)
	path := filepath.Join(t.TempDir(), "run", "api.sock")
	l, err := server.Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if got := mode(t, filepath.Dir(path)); got != 0o700 {
		t.Errorf("the directory has mode %04o", got)
	}
	if got := mode(t, path); got != 0o600 {
		t.Errorf("the socket has mode %04o", got)
	}
}

// leaveSocket leaves a socket behind that nobody listens on, as kill -9 does.
func leaveSocket(t *testing.T, path string) {
	t.Helper()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
}

func TestStaleSocketIsReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "api.sock")
	leaveSocket(t, path)
	l, err := server.Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
}

func TestLiveSocketIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "api.sock")
	first, err := server.Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	var refused *server.Refusal
	if _, err := server.Listen(path); !errors.As(err, &refused) {
		t.Fatalf("got %v, want a refusal", err)
	}
	c, err := net.Dial("unix", path)
	if err != nil {
		t.Fatalf("the first daemon lost its socket: %v", err)
	}
	c.Close()
}

// TestStaleSocketMustBeASocket plants other things where the socket goes: none is removed, no link is followed.
func TestStaleSocketMustBeASocket(t *testing.T) {
	plant := map[string]func(path string) error{
		"file":      func(path string) error { return os.WriteFile(path, []byte("dear"), 0o600) },
		"directory": func(path string) error { return os.Mkdir(path, 0o700) },
		"symbolic link": func(path string) error {
			return os.Symlink("/etc/hostname", path)
		},
		"special file": func(path string) error { return syscall.Mkfifo(path, 0o600) },
	}
	for kind, put := range plant {
		path := filepath.Join(t.TempDir(), "api.sock")
		if err := put(path); err != nil {
			t.Fatal(err)
		}
		if _, err := server.Listen(path); err == nil || !strings.Contains(err.Error(), "is a "+kind) {
			t.Errorf("%s: got %v", kind, err)
		}
		if _, err := os.Lstat(path); err != nil {
			t.Errorf("%s: it is gone: %v", kind, err)
		}
	}
}

func TestSocketDirectoryMustBeOurs(t *testing.T) {
	t.Run("open to others", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "run")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		l, err := server.Listen(dir + "/api.sock")
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		if got := mode(t, dir); got != 0o700 {
			t.Errorf("the directory has mode %04o", got)
		}
	})
	t.Run("a link", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "run")
		if err := os.Symlink(t.TempDir(), dir); err != nil {
			t.Fatal(err)
		}
		if _, err := server.Listen(dir + "/api.sock"); err == nil {
			t.Error("a linked directory was taken")
		}
	})
	t.Run("another user's", func(t *testing.T) {
		asRoot(t)
		dir := filepath.Join(t.TempDir(), "run")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(dir, nobody, nobody); err != nil {
			t.Fatal(err)
		}
		if _, err := server.Listen(dir + "/api.sock"); err == nil {
			t.Error("another user's directory was taken")
		}
	})
	t.Run("relative or abstract", func(t *testing.T) {
		for _, path := range []string{"api.sock", "@api.sock", ""} {
			if _, err := server.Listen(path); err == nil {
				t.Errorf("%q was taken", path)
			}
		}
	})
}

const nobody = 65534

func asRoot(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root, to be two users")
	}
}

// TestOtherUserRefused opens every door on the way and asks as somebody else: the peer check alone must hold.
func TestOtherUserRefused(t *testing.T) {
	asRoot(t)
	f := newFake()
	path := serve(t, f)
	for dir := filepath.Dir(path); dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	stranger := filepath.Join(filepath.Dir(path), "stranger.test")
	if err := os.WriteFile(stranger, self, 0o755); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), stranger, "-test.run=^TestStranger$")
	c.Env = append(os.Environ(), "UNHUNCH_TEST_SOCKET="+path)
	c.Dir = "/"
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	answer, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	if !strings.Contains(string(answer), "403 Forbidden") || !strings.Contains(string(answer), "another user") {
		t.Errorf("another user was answered: %s", answer)
	}
	if f.touched() {
		t.Error("another user did something")
	}
}

// TestStranger is the other user of TestOtherUserRefused, in a process of its own.
func TestStranger(t *testing.T) {
	path := os.Getenv("UNHUNCH_TEST_SOCKET")
	if path == "" {
		t.Skip("runs inside TestOtherUserRefused")
	}
	c, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "POST /v1/actions/skip HTTP/1.1\r\nHost: unhunch\r\nContent-Length: 0\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(os.Stdout, c); err != nil {
		t.Fatal(err)
	}
}
