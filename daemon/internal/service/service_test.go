package service

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// unquote undoes execLine as the specification of desktop entries says: first the escapes of a string value, then the
// quotes of the command line, then the field codes.
func unquote(line string) []string {
	value := strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t").Replace(line)
	var args []string
	arg, quoted, any := "", false, false
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '"':
			quoted, any = !quoted, true
		case c == '\\' && quoted:
			i++
			arg += value[i : i+1]
		case c == ' ' && !quoted:
			args, arg, any = append(args, arg), "", false
		case c == '%':
			i++
			arg, any = arg+"%", true
		default:
			arg, any = arg+string([]byte{c}), true
		}
	}
	if any {
		args = append(args, arg)
	}
	return args
}

func TestExecLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		args := rapid.SliceOfN(rapid.StringMatching("[a-z \"'\\\\$`%;~é/]{1,12}"), 1, 4).Draw(t, "args")
		if got := unquote(execLine(args...)); !slices.Equal(got, args) {
			t.Errorf("%q was written %s, which is read as %q", args, execLine(args...), got)
		}
	})
}

func TestUnitText(t *testing.T) {
	text := UnitText("/opt/my 100% tools/unhunch", map[string]string{"XDG_STATE_HOME": "/a b", "XDG_CONFIG_HOME": `/c"d`})
	for _, want := range []string{
		"\nExecStart=/opt/my\\x20100%%\\x20tools/unhunch daemon\n",
		"\nEnvironment=XDG_CONFIG_HOME=/c\\x22d\nEnvironment=XDG_STATE_HOME=/a\\x20b\n",
		"\nWantedBy=default.target graphical-session.target\n",
		"\nRestartPreventExitStatus=2 4\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the unit lacks %q:\n%s", want, text)
		}
	}
	for _, harm := range []string{"Requires=", "Requisite=", "BindsTo=", "RuntimeDirectory=", "PrivateTmp=", "CapabilityBoundingSet="} {
		if strings.Contains(text, harm) {
			t.Errorf("the unit has %s", harm)
		}
	}
}

func TestMoved(t *testing.T) {
	ours := []string{"HOME=/h", "DISPLAY=:0", "XAUTHORITY=/old", "NOTIFY_SOCKET=/n"}
	tests := []struct {
		name   string
		theirs []string
		want   []string
	}{
		{"no desktop any more", []string{"HOME=/h", "XAUTHORITY=/new"}, nil},
		{"the same", []string{"XAUTHORITY=/old", "DISPLAY=:0", "HOME=/elsewhere"}, nil},
		{"another display", []string{"DISPLAY=:1", "XAUTHORITY=/old"}, []string{"HOME=/h", "NOTIFY_SOCKET=/n", "DISPLAY=:1", "XAUTHORITY=/old"}},
		{"another key", []string{"DISPLAY=:0", "XAUTHORITY=/new"}, []string{"HOME=/h", "NOTIFY_SOCKET=/n", "DISPLAY=:0", "XAUTHORITY=/new"}},
		{"no key", []string{"DISPLAY=:0"}, []string{"HOME=/h", "NOTIFY_SOCKET=/n", "DISPLAY=:0"}},
		{
			"Wayland",
			[]string{"WAYLAND_DISPLAY=w", "XDG_SESSION_TYPE=wayland"},
			[]string{"HOME=/h", "NOTIFY_SOCKET=/n", "WAYLAND_DISPLAY=w", "XDG_SESSION_TYPE=wayland"},
		},
	}
	for _, tt := range tests {
		if got := moved(ours, tt.theirs); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	// What it has moved to is no news to it: else it would start anew for ever.
	rapid.Check(t, func(t *rapid.T) {
		env := rapid.SliceOf(rapid.SampledFrom([]string{
			"DISPLAY=:0", "DISPLAY=:1", "DISPLAY=", "WAYLAND_DISPLAY=w", "XAUTHORITY=/a", "XDG_SESSION_TYPE=x11", "HOME=/h",
		}))
		ours, theirs := env.Draw(t, "ours"), env.Draw(t, "theirs")
		if next := moved(ours, theirs); next != nil && moved(next, theirs) != nil {
			t.Errorf("%q on the screen of %q is %q, and would move again", ours, theirs, next)
		}
	})
}

// TestWatchdog: a sign of life twice in the time the manager waits, only while the loop answers, and none where nobody
// asks for it.
func TestWatchdog(t *testing.T) {
	t.Setenv("WATCHDOG_USEC", "")
	if err := Watchdog(t.Context(), func(context.Context) error { t.Error("asked"); return nil }); err != nil {
		t.Error(err)
	}
	path := filepath.Join(t.TempDir(), "notify")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("WATCHDOG_USEC", "300000000")
	t.Setenv("WATCHDOG_PID", "1")
	if got := watchdogTime(); got != 0 {
		t.Errorf("somebody else's watchdog asks for %v", got)
	}
	t.Setenv("WATCHDOG_PID", "")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		stuck := errors.New("stuck")
		var asked atomic.Int32
		var isStuck atomic.Bool
		ended := make(chan error)
		go func() {
			ended <- Watchdog(ctx, func(context.Context) error {
				asked.Add(1)
				if isStuck.Load() {
					return stuck
				}
				return nil
			})
		}()
		time.Sleep(10*time.Minute + time.Second)
		synctest.Wait()
		if n := asked.Load(); n != 4 {
			t.Errorf("asked %d times in ten minutes", n)
		}
		isStuck.Store(true)
		time.Sleep(5 * time.Minute)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	if err := Ready(); err != nil {
		t.Error(err)
	}
	var got []string
	for range 5 {
		b := make([]byte, 64)
		_ = l.SetReadDeadline(time.Now().Add(time.Second))
		n, err := l.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(b[:n]))
	}
	if want := []string{"WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1", "READY=1"}; !slices.Equal(got, want) {
		t.Errorf("the manager was told %q", got)
	}
}

// TestEntriesOfThePerson: what does not say that it is ours is neither changed nor removed.
func TestEntriesOfThePerson(t *testing.T) {
	path := filepath.Join(t.TempDir(), "autostart", "x.desktop")
	e := entry{path, mark + "\nours\n"}
	back, wrote, err := put(e)
	if err != nil || !wrote {
		t.Fatalf("wrote %t: %v", wrote, err)
	}
	if _, wrote, _ := put(e); wrote {
		t.Error("the same was written twice")
	}
	back()
	if _, err := os.Stat(filepath.Dir(path)); err == nil {
		t.Error("taking it back leaves the directory")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	const theirs = "[Desktop Entry]\nHidden=true\n"
	if err := os.WriteFile(path, []byte(theirs), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, wrote, err := put(e); wrote || err != nil {
		t.Errorf("the person's own was overwritten: %v", err)
	}
	if removed, err := removeOurs(path); removed || err != nil {
		t.Errorf("the person's own was removed: %v", err)
	}
}
