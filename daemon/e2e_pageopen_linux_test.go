package daemon_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/desktest"
)

// An opener plays the portal and systemd on the desk's session bus, and notes down what it is asked to open.
type opener struct {
	mu     sync.Mutex
	opened []string
}

func (o *opener) note(what string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.opened = append(o.opened, what)
}

func (o *opener) all() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Join(o.opened, "\n")
}

// OpenURI is the portal's.
func (o *opener) OpenURI(_, link string, _ map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	o.note("portal " + link)
	return "/request", nil
}

// StartTransientUnit is systemd's.
func (o *opener) StartTransientUnit(name, mode string, properties []struct {
	Name  string
	Value dbus.Variant
}, _ []struct {
	Name       string
	Properties []struct {
		Name  string
		Value dbus.Variant
	}
},
) (dbus.ObjectPath, *dbus.Error) {
	for _, p := range properties {
		if p.Name == "ExecStart" {
			o.note("unit " + name + " " + mode + " " + p.Value.String())
		}
	}
	return "/job", nil
}

// play lets o own a name on the desk's session bus.
func (o *opener) play(t *testing.T, desk *desktest.Desk, name, path, iface string) {
	t.Helper()
	conn, err := dbus.Connect(desk.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.Export(o, dbus.ObjectPath(path), iface); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
}

// openPage asks the daemon, as somebody who has no browser of their own.
func openPage(t *testing.T, desk *desktest.Desk) (l api.PageLink) {
	t.Helper()
	answer, err := desk.HTTP().Post("http://unhunch"+api.PathPage, "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&l); err != nil {
		t.Fatal(err)
	}
	return l
}

// pageWait is what a session waits for a page that does not come.
const pageWait = 5 * time.Second

// TestPageOpenings: the browser is opened by the portal, else by a unit of its own, and by the daemon itself only where
// that is no unit: a browser would inherit its limits and end with it.
func TestPageOpenings(t *testing.T) {
	t.Parallel()
	t.Run("portal", func(t *testing.T) {
		desk := desktest.New(t, desktest.Options{Browser: true})
		o := &opener{}
		o.play(t, desk, "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.OpenURI")
		o.play(t, desk, "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager")
		desk.Start(desktest.Build(t), guideSettings)
		// A daemon that has just started may not have found the bus yet, and opens it otherwise.
		var l api.PageLink
		desktest.Until(t, soon, "the portal to be asked", func() bool {
			l = openPage(t, desk)
			return l.Opened && strings.HasSuffix(o.all(), "portal "+l.Link)
		})
	})
	t.Run("unit", func(t *testing.T) {
		desk := desktest.New(t, desktest.Options{Browser: true})
		desk.Env = append(desk.Env, "INVOCATION_ID=0123456789abcdef")
		o := &opener{}
		desk.Start(desktest.Build(t), guideSettings)
		if l := openPage(t, desk); l.Opened || l.Link == "" || len(desk.Links()) > 0 {
			t.Errorf("a unit opened %q by itself: %+v", desk.Links(), l)
		}
		o.play(t, desk, "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager")
		var l api.PageLink
		desktest.Until(t, soon, "systemd to be asked", func() bool { l = openPage(t, desk); return l.Opened })
		if got := o.all(); !l.Opened || !strings.HasPrefix(got, "unit unhunch-page-") || !strings.Contains(got, "xdg-open") || !strings.Contains(got, l.Link) {
			t.Errorf("got %+v, opened %q", l, got)
		}
	})
	t.Run("child", func(t *testing.T) {
		desk := desktest.New(t, desktest.Options{Browser: true})
		desk.Start(desktest.Build(t), guideSettings)
		if l := openPage(t, desk); !l.Opened || strings.Join(desk.Links(), " ") != l.Link {
			t.Errorf("got %+v, opened %q", l, desk.Links())
		}
	})
	t.Run("tray without a browser", func(t *testing.T) {
		desk := desktest.New(t, desktest.Options{})
		desk.Start(desktest.Build(t), guideSettings)
		c, asked := client.New(desk.SocketPath()), make(chan string, 9)
		c.Open = func(link string) error { asked <- link; return errors.New("none") }
		go c.Follow(t.Context(), func(*api.State, error) {})
		desktest.Until(t, soon, "the tray to be asked", func() bool { openPage(t, desk); return len(asked) > 0 })
		begun := time.Now()
		for range 2 {
			s, err := c.Do(t.Context(), "stretch", nil)
			if err != nil || s.Session.Guide != "background" {
				t.Fatalf("got %+v, %v", s.Session, err)
			}
			if _, err := c.Do(t.Context(), "session/stop", nil); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begun); took > pageWait || len(asked) < 3 {
			t.Errorf("two sessions took %v to begin, with %d links", took, len(asked))
		}
	})
	t.Run("none", func(t *testing.T) {
		desk := desktest.New(t, desktest.Options{})
		d := desk.Start(desktest.Build(t), guideSettings)
		if s, err := client.New(desk.SocketPath()).Do(t.Context(), "stretch", nil); err != nil || s.Session.Guide != "background" {
			t.Errorf("without a browser: %+v, %v", s.Session, err)
		}
		desktest.Until(t, soon, "nothing to listen for a page that nobody can open", func() bool { return len(listens(t, d.Pid())) == 0 })
		if l := openPage(t, desk); l.Opened || l.Link == "" {
			t.Errorf("without a browser: %+v", l)
		}
		out, stderr, code := d.Unhunch("page")
		if code != 0 || !strings.HasPrefix(out, "http://127.0.0.1:") || !strings.Contains(stderr, "no browser could be opened") {
			t.Errorf("%d %q %q", code, out, stderr)
		}
	})
}

// TestServiceLeavesTheBrowser: a browser that the service has opened is not its child. It has none of its limits, and
// lives on when the service is restarted.
func TestServiceLeavesTheBrowser(t *testing.T) {
	i := newInstallation(t, programsFor(t)...)
	if i == nil {
		return
	}
	desk := desktest.New(t, desktest.Options{Manager: i.Manager})
	// A browser is something that lives on after it was asked to open a link.
	pids := filepath.Join(i.Dir, "browser")
	browser := fmt.Sprintf("#!/bin/sh\necho $$ > '%s.new'\nmv '%s.new' '%s'\nexec sleep 1000\n", pids, pids, pids)
	if err := os.WriteFile(filepath.Join(desk.Dir, "bin/xdg-open"), []byte(browser), 0o700); err != nil {
		t.Fatal(err)
	}
	if said, err := i.Systemctl("set-environment", "DISPLAY="+desk.Display, "PATH="+desk.Getenv("PATH")); err != nil {
		t.Fatal(said)
	}
	i.run("service", "install")
	daemon := i.runs(backSoon, 0)
	if l := openPage(t, desk); !l.Opened {
		t.Fatalf("not opened: %+v", l)
	}
	pid := 0
	desktest.Until(t, soon, "the browser", func() bool {
		text, _ := os.ReadFile(pids)
		_, err := fmt.Sscan(string(text), &pid)
		return err == nil
	})
	limits := func(pid int) (found []string) {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			t.Fatalf("the browser is gone: %v", err)
		}
		for line := range strings.Lines(string(status)) {
			if name, value, _ := strings.Cut(line, ":"); name == "NoNewPrivs" || name == "Seccomp" {
				found = append(found, strings.TrimSpace(value))
			}
		}
		return found
	}
	own := limits(os.Getpid())
	if got := limits(pid); strings.Join(got, " ") != strings.Join(own, " ") {
		t.Errorf("the browser's limits are %q, a program of the person's has %q", got, own)
	}
	if got := limits(daemon); strings.Join(got, " ") == strings.Join(own, " ") {
		t.Errorf("the daemon has no limits, %q: nothing is shown", got)
	}
	i.run("service", "restart")
	i.runs(backSoon, daemon)
	limits(pid) // it is there
	i.run("service", "uninstall")
	limits(pid)
}
