package daemon_test

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// rude is a server that takes connections and hangs up at once, as a forwarded socket does whose other end is gone. It
// counts its callers.
func rude(t *testing.T, path string) *atomic.Int64 {
	t.Helper()
	callers := new(atomic.Int64)
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			callers.Add(1)
			c.Close()
		}
	}()
	return callers
}

// TestLogStaysSmall: where both buses and the display hang up on everybody, the daemon tries less and less often, and
// says so once.
func TestLogStaysSmall(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{Notifyd: desktest.None})
	var servers []*atomic.Int64
	for _, kind := range []string{"session", "system"} {
		path := filepath.Join(desk.Dir, "rude."+kind)
		servers = append(servers, rude(t, path))
		setenv(t, desk, "DBUS_"+strings.ToUpper(kind)+"_BUS_ADDRESS", "unix:path="+path)
	}
	display := strconv.Itoa(20000 + os.Getpid()%30000) // where no X server is by itself
	servers = append(servers, rude(t, "/tmp/.X11-unix/X"+display))
	setenv(t, desk, "DISPLAY", ":"+display)
	d := desk.Start(desktest.Build(t), "")
	desk.Person().Away(10 * time.Second)
	if lines := strings.Count(d.Log(), "\n"); lines < 3 || lines > 6 {
		t.Errorf("%d lines of log in ten seconds, want one or two for each server:\n%s", lines, d.Log())
	}
	// Doubling from a tenth of a second, or from a quarter, that is seven times.
	for i, callers := range servers {
		if n := callers.Load(); n < 2 || n > 20 {
			t.Errorf("server %d was called %d times in ten seconds", i, n)
		}
	}
}

func setenv(t *testing.T, desk *desktest.Desk, name, value string) {
	t.Helper()
	for i, v := range desk.Env {
		if strings.HasPrefix(v, name+"=") {
			desk.Env[i] = name + "=" + value
			return
		}
	}
	t.Fatalf("the desk has no %s", name)
}
