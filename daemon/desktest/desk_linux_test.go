package desktest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/jezek/xgb/screensaver"
	"github.com/jezek/xgb/xproto"
)

// idle asks the X server how long ago the last input was.
func idle(t *testing.T, d *Desk) time.Duration {
	t.Helper()
	if err := screensaver.Init(d.x.conn); err != nil {
		t.Fatal(err)
	}
	info, err := screensaver.QueryInfo(d.x.conn, xproto.Drawable(d.x.root)).Reply()
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(info.MsSinceUserInput) * time.Millisecond
}

// send sends a notification with two buttons as a program on the desk would, without waiting for the answer.
func send(t *testing.T, d *Desk, title string) {
	t.Helper()
	conn := d.session.dial(t)
	t.Cleanup(func() { conn.Close() })
	actions := []string{"default", "", "start", "Start", "snooze", "In 5 min", "skip", "Skip"}
	hints := map[string]dbus.Variant{"urgency": dbus.MakeVariant(byte(1))}
	conn.Object(notifications, "/org/freedesktop/Notifications").Go(notifications+".Notify", 0, nil,
		"Test", uint32(0), "", title, "41 min in the chair. Fetching water counts too.", actions, hints, int32(-1))
}

func TestInputResetsIdle(t *testing.T) {
	d := New(t, Options{Notifyd: None})
	p := d.Person()
	for name, touch := range map[string]func(){"key": p.Key, "move": p.Move} {
		Until(t, patience, "some idle time", func() bool { return idle(t, d) > 300*time.Millisecond })
		touch()
		if got := idle(t, d); got > 200*time.Millisecond {
			t.Errorf("%v idle after a %s", got, name)
		}
		if got := time.Since(p.LastInput()); got > 200*time.Millisecond {
			t.Errorf("last input %v ago after a %s", got, name)
		}
	}
}

func TestTimingOfInput(t *testing.T) {
	d := New(t, Options{Notifyd: None})
	p, start := d.Person(), time.Now()
	p.Type(time.Second, 300*time.Millisecond)
	if got := p.LastInput().Sub(start); got < 900*time.Millisecond || got > 950*time.Millisecond {
		t.Errorf("last key after %v, want 900ms", got)
	}
	if got := time.Since(start); got < time.Second || got > 1050*time.Millisecond {
		t.Errorf("typed for %v, want 1s", got)
	}
}

// With SCREENSHOTS=DIR it leaves a picture of each notification daemon there, to be looked at.
func TestPressButtons(t *testing.T) {
	for _, notifyd := range []string{Dunst, Xfce} {
		t.Run(notifyd, func(t *testing.T) {
			d := New(t, Options{Notifyd: notifyd})
			for i, want := range []Action{{"start", "Start"}, {"snooze", "In 5 min"}, {"skip", "Skip"}} {
				title := fmt.Sprintf("A good moment to get up (%d)", i)
				send(t, d, title)
				n := d.WaitNotify(patience)
				if labels := []string{"Start", "In 5 min", "Skip"}; n.Title != title || !slices.Equal(n.Labels(), labels) {
					t.Errorf("seen %q with %q", n.Title, n.Labels())
				}
				if dir := os.Getenv("SCREENSHOTS"); dir != "" && i == 0 {
					<-time.After(500 * time.Millisecond)
					d.Screenshot(filepath.Join(dir, notifyd+".png"))
				}
				if got := d.Press(want.Label).Invoked; !slices.Equal(got, []string{want.Key}) {
					t.Errorf("pressing %q invoked %q", want.Label, got)
				}
				if notifyd == Dunst { // whose menu leaves it on the screen
					d.Dismiss()
				}
				if got := d.WaitGone(n, patience).Ended; got != Dismissed {
					t.Errorf("after %q it was %s", want.Label, got)
				}
			}
			send(t, d, "To be clicked on")
			n := d.WaitNotify(patience)
			if notifyd == Dunst {
				d.PressBody()
				d.WaitGone(n, patience)
			} else if got := d.Dismiss().Ended; got != Dismissed {
				t.Errorf("dismissed, it was %s", got)
			}
			if d.Prompt() != nil {
				t.Errorf("%q is still on the screen", d.Prompt().Title)
			}
		})
	}
}

// A program on the desk hears of the lock, the switch of sessions and suspend.
func TestLogind(t *testing.T) {
	d := New(t, Options{NoDisplay: true, Logind: true})
	conn := d.system.dial(t)
	t.Cleanup(func() { conn.Close() })
	if err := conn.AddMatchSignal(dbus.WithMatchSender(login1)); err != nil {
		t.Fatal(err)
	}
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	for _, c := range []struct {
		name string
		do   func()
		want []string
	}{
		{"Lock", d.Lock, []string{"Session.Lock []", "LockedHint: true"}},
		{"Unlock", d.Unlock, []string{"Session.Unlock []", "LockedHint: false"}},
		{"SetActive", func() { d.SetActive(false) }, []string{"Active: false"}},
		{"PrepareForSleep", func() { d.PrepareForSleep(true) }, []string{"PreparingForSleep: true", "PrepareForSleep [true]"}},
	} {
		c.do()
		for _, want := range c.want {
			select {
			case s := <-signals:
				if got := fmt.Sprint(s.Name, " ", s.Body); !strings.Contains(spell(got), want) {
					t.Errorf("%s: heard %s, want %s", c.name, got, want)
				}
			case <-time.After(patience):
				t.Fatalf("%s: never heard %s", c.name, want)
			}
		}
	}
	var path dbus.ObjectPath
	o := conn.Object(login1, managerPath)
	if err := call(o, managerFace+".GetSessionByPID", uint32(os.Getpid())).Store(&path); err != nil || path != sessionPath {
		t.Errorf("GetSessionByPID: %s, %v", path, err)
	}
}

// spell writes the changed properties as "Name: value".
func spell(s string) string {
	return strings.NewReplacer(":@b ", ": ", ":<", ": ", ":", ": ").Replace(s)
}

// What was on the desk is there again after each of its parts was lost.
func TestPartsLost(t *testing.T) {
	d := New(t, Options{Panel: true})
	check := func(after string) {
		t.Helper()
		send(t, d, after)
		if n := d.WaitNotify(patience); n.Title != after {
			t.Errorf("seen %q, want %q", n.Title, after)
		}
		d.Person().Key()
	}
	check("at first")
	d.KillNotifyd()
	if n := d.Notifications()[0]; n.Ended != ServerGone || d.Prompt() != nil {
		t.Errorf("its server gone, the notification is %q, and on the screen is %v", n.Ended, d.Prompt())
	}
	d.StartNotifyd()
	check("a new notification daemon")
	d.FreezeNotifyd()
	send(t, d, "thawed")
	Until(t, patience, "the call to the frozen daemon", func() bool { return len(d.Notifications()) == 3 })
	if d.Notifications()[2].ID != 0 {
		t.Error("a frozen daemon answered")
	}
	d.ThawNotifyd()
	d.WaitNotify(patience)
	display := d.Display
	d.StopX()
	if other := New(t, Options{Notifyd: None}); other.Display == display {
		t.Errorf("another desk has taken the stopped display %s", display)
	}
	d.StartX()
	if d.Display != display {
		t.Errorf("display %s became %s", display, d.Display)
	}
	check("a new X server")
	d.RestartBus()
	check("a new bus")
}

// Nothing of the developer's desktop is in the environment of programs on the desk.
func TestEnvScrubbed(t *testing.T) {
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/run/user/1000/bus")
	d := New(t, Options{NoDisplay: true})
	out, _, code := d.Exec("env")
	for _, banned := range []string{"WAYLAND_DISPLAY", "/run/user/1000", "DISPLAY="} {
		if strings.Contains(out, banned) || code != 0 {
			t.Errorf("%s reached the desk (exit %d):\n%s", banned, code, out)
		}
	}
	if home := d.Getenv("HOME"); !strings.HasPrefix(home, d.Dir) {
		t.Errorf("home is %s, outside the desk", home)
	}
}
