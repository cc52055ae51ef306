package hold

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"

	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/bus"
	"github.com/unhunch/unhunch/daemon/internal/bus/bustest"
)

// A service is a made-up notification service.
type service struct {
	name  string
	modes []string // of mako
}

func (s service) GetServerInformation() (name, vendor, version, spec string, err *dbus.Error) {
	return s.name, "nobody", "1", "1.2", nil
}
func (s service) ListModes() ([]string, *dbus.Error) { return s.modes, nil }

// serve puts a notification service on the bus, with these properties.
func serve(t *testing.T, b *bustest.Daemon, s service, face string, properties map[string]any) *prop.Properties {
	t.Helper()
	conn := b.Dial(t)
	all := map[string]*prop.Prop{}
	for name, v := range properties {
		all[name] = &prop.Prop{Value: v, Emit: prop.EmitTrue}
	}
	exported, err := prop.Export(conn, notificationsPath, prop.Map{face: all})
	if err != nil {
		t.Fatal(err)
	}
	for path, on := range map[dbus.ObjectPath]string{notificationsPath: notifications, makoPath: makoFace} {
		if err := conn.Export(s, path, on); err != nil {
			t.Fatal(err)
		}
	}
	if reply, err := conn.RequestName(notifications, dbus.NameFlagReplaceExisting|dbus.NameFlagAllowReplacement); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(reply, err)
	}
	return exported
}

// newDesk is a Desk on a running bus.
func newDesk(t *testing.T, b *bustest.Daemon, screen Screen, changed func()) *Desk {
	t.Helper()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", b.Address)
	log := slog.New(slog.DiscardHandler)
	session := bus.Session(log)
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = session.Run(ctx) }()
	t.Cleanup(func() { end(); <-ended })
	desktest.Until(t, 10*time.Second, "the bus", func() bool { return session.Err() == nil })
	return New(session, screen, changed, log)
}

// TestDoNotDisturb asks every desktop in its own words.
func TestDoNotDisturb(t *testing.T) {
	b := bustest.New(t)
	b.Start(t)
	bin := t.TempDir()
	settings := filepath.Join(bin, "gsettings")
	gnome := func(says string) {
		t.Helper()
		script := "#!/bin/sh\n[ \"$*\" = 'get org.gnome.desktop.notifications show-banners' ] && echo " + says + "\n"
		if err := os.WriteFile(settings, []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	d := newDesk(t, b, nil, func() {})
	want := Wants{DoNotDisturb: true}
	if got := d.Examine(t.Context(), want); len(got) != 1 || !errors.Is(got[0].Err, ErrUnseen) {
		t.Errorf("without a notification service: %+v", got)
	}
	for _, tt := range []struct {
		name, face string
		service    service
		properties map[string]any
		banners    string
		want       bool
	}{
		{"KDE, on", notifications, service{name: "Plasma"}, map[string]any{"Inhibited": true}, "true", true},
		{"KDE, off", notifications, service{name: "Plasma"}, map[string]any{"Inhibited": false}, "false", false},
		{"dunst, on", dunstFace, service{name: "dunst"}, map[string]any{"paused": true}, "true", true},
		{"dunst, off", dunstFace, service{name: "dunst"}, map[string]any{"paused": false}, "false", false},
		{"paused of another", dunstFace, service{name: "else"}, map[string]any{"paused": true}, "true", false},
		{"mako, on", notifications, service{name: "mako", modes: []string{"default", "do-not-disturb"}}, nil, "true", true},
		{"mako, off", notifications, service{name: "mako", modes: []string{"default", "work"}}, nil, "true", false},
		{"GNOME, on", notifications, service{name: "gnome-shell"}, nil, "false", true},
		{"GNOME, off", notifications, service{name: "gnome-shell"}, nil, "true", false},
		{"no boolean", notifications, service{name: "odd"}, map[string]any{"Inhibited": "yes"}, "true", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			gnome(tt.banners)
			serve(t, b, tt.service, tt.face, tt.properties)
			found := d.Look(t.Context(), want)
			if on := len(found) == 1 && found[0].Reason == DoNotDisturb; on != tt.want {
				t.Errorf("got %+v", found)
			}
			if seen := d.Examine(t.Context(), want); seen[0].By != tt.service.name || seen[0].Err != nil {
				t.Errorf("told by %+v", seen)
			}
		})
	}
}

// TestItsEndIsTold: while do-not-disturb is listened to, and only then, its end is heard of at once.
func TestItsEndIsTold(t *testing.T) {
	b := bustest.New(t)
	b.Start(t)
	news := make(chan struct{}, 10)
	d := newDesk(t, b, nil, func() { news <- struct{}{} })
	quiet := serve(t, b, service{name: "Plasma"}, notifications, map[string]any{"Inhibited": false})
	look := func(want int) {
		t.Helper()
		found := d.Look(t.Context(), Wants{DoNotDisturb: true})
		if len(found) != want {
			t.Fatalf("got %+v", found)
		}
		d.Listen(found)
	}
	look(0)
	quiet.SetMust(notifications, "Inhibited", true)
	look(1)
	desktest.Until(t, 10*time.Second, "word of its end", func() bool {
		quiet.SetMust(notifications, "Inhibited", true) // which is worth a look, too, as soon as it is listened to
		quiet.SetMust(notifications, "Inhibited", false)
		return len(news) > 0
	})
	deaf := d.sources[0].ear.done
	look(0)
	<-deaf
	for len(news) > 0 {
		<-news
	}
	quiet.SetMust(notifications, "Inhibited", true)
	look(1) // which comes after any signal of the line before
	if len(news) > 0 {
		t.Error("heard while nobody should listen")
	}
	d.Listen(nil)
}

// A slowScreen takes its time.
type slowScreen struct{ takes chan struct{} }

func (s slowScreen) FullScreen(context.Context) (string, string, bool, error) {
	<-s.takes // whatever the context says
	return "Film", "1", true, nil
}
func (s slowScreen) WatchFullScreen(func()) (stop func()) { return func() {} }

// TestALookTakesTwoSeconds: what hangs is no reason, keeps nothing else from being seen, and is not asked again until it
// has come back.
func TestALookTakesTwoSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen := slowScreen{make(chan struct{})}
		d := New(nil, screen, func() {}, slog.New(slog.DiscardHandler))
		asked := 0
		d.sources = d.sources[1:2]
		d.sources = append(d.sources, &source{
			name: "quick", wanted: func(Wants) bool { return true },
			look: func(context.Context) ([]Found, string, error) { asked++; return []Found{{Program: "Talk"}}, "", nil },
		})
		for range 2 {
			began := time.Now()
			got := d.Look(t.Context(), Wants{Fullscreen: true})
			if took := time.Since(began); took > lookTime || len(got) != 1 || got[0].Program != "Talk" {
				t.Errorf("after %v: %+v", took, got)
			}
		}
		close(screen.takes)
		synctest.Wait()
		if got := d.Look(t.Context(), Wants{Fullscreen: true}); len(got) != 2 || asked != 3 {
			t.Errorf("once it answers: %+v, asked %d", got, asked)
		}
	})
}

// TestALookMayFollowAtOnce: who has an answer may ask again, without being told that the earlier look has not come back.
func TestALookMayFollowAtOnce(t *testing.T) {
	d := &Desk{sources: []*source{{
		name: "quick", wanted: func(Wants) bool { return true },
		look: func(context.Context) ([]Found, string, error) { return nil, "", nil },
	}}}
	for n := range 10_000 {
		if got := d.Examine(t.Context(), Wants{}); got[0].Err != nil {
			t.Fatalf("look %d: %v", n, got[0].Err)
		}
	}
}

// TestALookWaitsForAnother: the doctor's, say. Neither finds nothing only because the other is under way.
func TestALookWaitsForAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, most := 0, 0
		d := &Desk{sources: []*source{{
			name: ByMicrophone, wanted: func(Wants) bool { return true },
			look: func(context.Context) ([]Found, string, error) {
				at++
				most = max(most, at)
				time.Sleep(time.Second / 2)
				at--
				return []Found{{Program: "Talk"}}, "", nil
			},
		}}}
		go d.Examine(t.Context(), Wants{})
		synctest.Wait()
		if got := d.Look(t.Context(), Wants{}); len(got) != 1 || most != 1 {
			t.Errorf("beside another look: %+v, %d at once", got, most)
		}
	})
}

// TestIgnored: programs are known by any of their names, in any case.
func TestIgnored(t *testing.T) {
	f := Found{Program: "Talk", names: []string{"talk-bin"}}
	for name, want := range map[string]bool{"talk": true, "TALK-BIN": true, "tal": false, "": false} {
		if got := (Wants{Ignore: []string{"x", name}}).Ignores(f); got != want {
			t.Errorf("%q: %t", name, got)
		}
	}
	if (Wants{Ignore: []string{""}}).Ignores(Found{}) {
		t.Error("no name is a name")
	}
}

// film has a program hold a device open until it is killed.
func film(t *testing.T, device string) (kill func()) {
	t.Helper()
	desktest.Need(t, "tail")
	if err := os.WriteFile(device, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("tail", "-f", device)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }
	t.Cleanup(kill)
	return kill
}

// TestCameras: a process of ours that holds a video device open is found, by name, and no other.
func TestCameras(t *testing.T) {
	dev := t.TempDir()
	c := cameras{dev: dev, proc: "/proc"}
	if _, _, err := c.look(t.Context()); !errors.Is(err, ErrUnseen) {
		t.Errorf("without a camera: %v", err)
	}
	films := func(device string) (kill func()) { return film(t, filepath.Join(dev, device)) }
	found := func(want int) []Found {
		t.Helper()
		var got []Found
		desktest.Until(t, 10*time.Second, "what films", func() bool {
			var err error
			if got, _, err = c.look(t.Context()); err != nil {
				t.Fatal(err)
			}
			return len(got) == want
		})
		return got
	}
	films("videos.txt")
	end := films("video0")
	first := found(1)
	if first[0].Program != "tail" || first[0].By != ByCamera || first[0].Reason != Call {
		t.Errorf("got %+v", first)
	}
	films("video12")
	found(2)
	end()
	if last := found(1); last[0].ID == first[0].ID {
		t.Errorf("two processes, one id: %q", last[0].ID)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := c.look(over); err == nil {
		t.Error("it looks on though nobody waits")
	}
}
