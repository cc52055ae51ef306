package notify

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/internal/bus/bustest"
)

func startBus(t *testing.T) *bustest.Daemon {
	t.Helper()
	d := bustest.New(t)
	d.Start(t)
	return d
}

var full = []string{"actions", "body", "body-markup"}

func TestPrompt(t *testing.T) {
	d := startBus(t)
	f := newFake(t, d, full...)
	r := newRig(t, d, true)
	r.Show(prompt())
	got := f.waitShown(1)
	if got.title != prompt().Title || got.body != prompt().Body || got.expire != 30000 || got.replaces != 0 {
		t.Errorf("shown: %+v", got)
	}
	want := []string{"default", "", "start", "Start", "snooze", "In 5 min", "skip", "Skip"}
	if !slices.Equal(got.actions, want) {
		t.Errorf("actions %q, want %q", got.actions, want)
	}
	for name, want := range map[string]any{
		"urgency": byte(1), "desktop-entry": "unhunch", "category": "x-unhunch.prompt",
		"suppress-sound": true, "transient": false,
	} {
		if got := got.hints[name].Value(); got != want {
			t.Errorf("hint %s = %v, want %v", name, got, want)
		}
	}
	if _, set := got.hints["resident"]; set {
		t.Error("the prompt is to stay when it has been answered")
	}
	r.untilStatus(ok)
	f.emit("ActionInvoked", got.id, "default")
	f.emit("NotificationClosed", got.id, uint32(2))
	r.wantAnswers(Answer{"prompt", Pressed, "start"})

	silent := prompt()
	silent.Silent = true
	r.Show(silent)
	got = f.waitShown(2)
	if urgency := got.hints["urgency"].Value(); urgency != byte(0) || got.replaces != 0 {
		t.Errorf("silent note: urgency %v, replaces %d", urgency, got.replaces)
	}
	f.emit("ActionInvoked", got.id, "unheard of")
	f.emit("NotificationClosed", got.id, uint32(2))
	r.wantAnswers(Answer{"prompt", Pressed, "start"}, Answer{"prompt", Closed, ""})
	if text := r.terminal.String(); text != "" {
		t.Errorf("the terminal got %q though there is a server", text)
	}
}

func TestReplaceAndWithdraw(t *testing.T) {
	d := startBus(t)
	f := newFake(t, d, full...)
	r := newRig(t, d, false)
	r.Show(prompt())
	first := f.waitShown(1)
	r.Show(Note{Slot: "session", Title: "Shoulder rolls"})
	other := f.waitShown(2)
	second := prompt()
	second.Title = "Still a good moment"
	r.Show(second)
	if got := f.waitShown(3); got.replaces != first.id || got.title != second.Title {
		t.Errorf("the second prompt replaced %d, want %d", got.replaces, first.id)
	}
	r.Withdraw("prompt")
	r.Withdraw("never shown")
	r.until("the prompt to be closed", func() bool { return slices.Equal(f.closings(), []uint32{first.id}) })
	// Signals about a withdrawn note are about nothing.
	f.emit("ActionInvoked", first.id, "start")
	f.emit("NotificationClosed", other.id, uint32(1))
	r.wantAnswers(Answer{"session", Expired, ""})
	if hint := other.hints["transient"].Value(); hint != true {
		t.Errorf("a step of a session stays in the desktop's list")
	}
}

func TestClosedReasons(t *testing.T) {
	for _, test := range []struct {
		reason uint32
		want   string
	}{{1, Expired}, {2, Closed}, {3, Expired}, {4, Expired}} {
		d := startBus(t)
		f := newFake(t, d, full...)
		r := newRig(t, d, false)
		r.Show(prompt())
		f.emit("NotificationClosed", f.waitShown(1).id, test.reason)
		r.wantAnswers(Answer{"prompt", test.want, ""})
	}
}

func TestPressedInTheListAfterItExpired(t *testing.T) {
	d := startBus(t)
	f := newFake(t, d, full...)
	r := newRig(t, d, false)
	r.Show(prompt())
	id := f.waitShown(1).id
	f.emit("NotificationClosed", id, uint32(1))
	f.emit("ActionInvoked", id, "snooze")
	f.emit("NotificationClosed", id, uint32(2))
	r.wantAnswers(Answer{"prompt", Expired, ""}, Answer{"prompt", Pressed, "snooze"})
}

func TestForgedAction(t *testing.T) {
	d := startBus(t)
	f := newFake(t, d, full...)
	r := newRig(t, d, false)
	r.Show(prompt())
	id := f.waitShown(1).id
	forger := d.Dial(t)
	if err := forger.Emit(object, service+".ActionInvoked", id, "start"); err != nil {
		t.Fatal(err)
	}
	var us []string
	if err := forger.BusObject().Call("org.freedesktop.DBus.ListNames", 0).Store(&us); err != nil {
		t.Fatal(err)
	}
	for _, name := range us { // straight to us, past all matches
		sendSignal(forger, name, "ActionInvoked", id, "start")
	}
	f.emit("ActionInvoked", id, "skip")
	r.wantAnswers(Answer{"prompt", Pressed, "skip"})
}

func TestServerWithoutButtons(t *testing.T) {
	d := startBus(t)
	f := newFake(t, d, "body")
	r := newRig(t, d, false)
	r.Show(prompt())
	if got := f.waitShown(1); got.body != prompt().Plain || len(got.actions) != 0 {
		t.Errorf("shown without buttons: %q %q", got.body, got.actions)
	}
	r.untilStatus(degraded)
}

func TestServerRestarts(t *testing.T) {
	d := startBus(t)
	f := newFake(t, d, full...)
	r := newRig(t, d, false)
	r.Show(prompt())
	old := f.waitShown(1)
	if err := f.conn.Close(); err != nil {
		t.Fatal(err)
	}
	second := newFakeFrom(t, d, 100, full...)
	if got := second.waitShown(1); got.replaces != 0 || got.title != old.title {
		t.Errorf("shown again as %+v", got)
	}
	second.emit("ActionInvoked", old.id, "skip") // a number of the old server
	if err := second.conn.Close(); err != nil {
		t.Fatal(err)
	}
	third := newFakeFrom(t, d, 200, full...)
	r.until("the third server", func() bool { return third.met.Load() })
	r.Show(Note{Slot: "notice", Title: "After"})
	if got := third.waitShown(1); got.title != "After" {
		t.Errorf("the prompt was shown a third time: %+v", got)
	}
	r.until("the person's answer", func() bool { // again where it overtook the number of the note
		third.emit("NotificationClosed", third.waitShown(1).id, uint32(2))
		return len(r.got()) > 0
	})
	r.wantAnswers(Answer{"notice", Closed, ""})
}

func TestHangingServer(t *testing.T) {
	d := startBus(t)
	f := newFake(t, d, full...)
	f.gate = make(chan struct{})
	r := newRig(t, d, true)
	began := time.Now()
	r.Show(prompt())
	f.waitShown(1)
	for _, title := range []string{"second", "third", "newest"} {
		r.Show(Note{Slot: "prompt", Title: title})
		r.Show(Note{Slot: "session", Title: "step " + title})
	}
	r.Withdraw("session")
	if took := time.Since(began); took > time.Second {
		t.Errorf("Show and Withdraw took %v", took)
	}
	r.untilStatus(degraded)
	r.until("the terminal to get the newest", func() bool { return strings.Contains(r.terminal.String(), "newest") })
	if text := r.terminal.String(); strings.Contains(text, "second") || strings.Contains(text, "step") {
		t.Errorf("the terminal got %q", text)
	}
	close(f.gate)
	if got := f.waitShown(2); got.title != "newest" || got.replaces != f.waitShown(1).id {
		t.Errorf("when the server went on it was asked for %+v", got)
	}
	r.untilStatus(ok)
	if got := len(f.notes()); got != 2 {
		t.Errorf("%d notes were sent, want the first and the newest", got)
	}
}

func TestNoServer(t *testing.T) {
	t.Setenv("PATH", "/usr/bin:/bin") // notify-send may be there; it finds no server either
	d := startBus(t)
	r := newRig(t, d, true)
	r.untilStatus(missing)
	r.Show(prompt())
	want := "\n  A good moment to get up\n  41 min in the chair. Start with: unhunch stretch\n\n"
	r.until("the terminal", func() bool { return r.terminal.String() == want })
	r.wantAnswers()
}

func TestNothingToShowWith(t *testing.T) {
	d := startBus(t)
	r := newRig(t, d, false)
	r.Show(prompt())
	r.wantAnswers(Answer{"prompt", Failed, ""})
}

func TestBeeepThatNeverReturns(t *testing.T) {
	d := startBus(t)
	var calls atomic.Int64
	forever := make(chan struct{})
	t.Cleanup(func() { close(forever) })
	r := newRig(t, d, true, func(string, string) error {
		calls.Add(1)
		<-forever
		return nil
	})
	r.untilStatus(missing)
	for i := 1; i <= 2; i++ {
		r.Show(prompt())
		r.until("the terminal", func() bool { return strings.Count(r.terminal.String(), "unhunch stretch") == i })
	}
	if got := calls.Load(); got != 1 {
		t.Errorf("beeep was called %d times though the first call never returned", got)
	}
}

func TestServiceThatCannotStart(t *testing.T) {
	d := startBus(t)
	text := "[D-BUS Service]\nName=" + service + "\nExec=/bin/false\n"
	if err := os.WriteFile(filepath.Join(d.Services, "n.service"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d.Kill(t)
	d.Start(t)
	r := newRig(t, d, true)
	r.untilStatus(ok)
	r.Show(prompt())
	r.until("the terminal", func() bool { return strings.Contains(r.terminal.String(), "unhunch stretch") })
	r.untilStatus(missing)
	f := newFake(t, d, full...) // somebody starts one by hand
	r.untilStatus(ok)
	r.Show(prompt())
	f.waitShown(1)
}

func TestBusGoneAndBack(t *testing.T) {
	d := bustest.New(t)
	r := newRig(t, d, true)
	r.Show(prompt())
	r.until("the terminal", func() bool { return strings.Contains(r.terminal.String(), "unhunch stretch") })
	r.untilStatus(missing)
	d.Start(t)
	f := newFake(t, d, full...)
	r.untilStatus(ok)
	r.Show(prompt())
	f.waitShown(1)
	d.Kill(t)
	r.untilStatus(missing)
	d.Start(t)
	f = newFake(t, d, full...)
	if got := f.waitShown(1); got.title != prompt().Title {
		t.Errorf("on the new bus: %+v", got)
	}
}

func TestFarewell(t *testing.T) {
	d := startBus(t)
	f := newFake(t, d, full...)
	r := newRig(t, d, false)
	r.Show(prompt())
	id := f.waitShown(1).id
	r.Show(Note{Slot: "notice", Title: "second"}) // so that the answer to the first has been seen
	second := f.waitShown(2).id
	r.Withdraw("notice")
	r.until("the notice to be closed", func() bool { return slices.Contains(f.closings(), second) })
	r.stop()
	if !slices.Contains(f.closings(), id) {
		t.Errorf("the prompt was left on the screen; closed were %d", f.closings())
	}
}

// sendSignal sends a signal to one peer only.
func sendSignal(conn *dbus.Conn, dest, name string, args ...any) {
	conn.Send(&dbus.Message{Type: dbus.TypeSignal, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldPath:        dbus.MakeVariant(object),
		dbus.FieldInterface:   dbus.MakeVariant(service),
		dbus.FieldMember:      dbus.MakeVariant(name),
		dbus.FieldDestination: dbus.MakeVariant(dest),
		dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf(args...)),
	}, Body: args}, nil)
}
