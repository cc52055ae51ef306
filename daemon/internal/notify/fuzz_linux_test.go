package notify

import (
	"bytes"
	"context"
	"encoding/binary"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/godbus/dbus/v5"
)

// message is a signal as it stands on the wire.
func message(f *testing.F, member string, body ...any) []byte {
	m := dbus.Message{
		Type: dbus.TypeSignal,
		Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldInterface: dbus.MakeVariant(service), dbus.FieldMember: dbus.MakeVariant(member),
			dbus.FieldPath: dbus.MakeVariant(object), dbus.FieldSignature: dbus.MakeVariant(dbus.SignatureOf(body...)),
		},
		Body: body,
	}
	var wire bytes.Buffer
	if err := m.EncodeTo(&wire, binary.LittleEndian); err != nil {
		f.Fatal(err)
	}
	return wire.Bytes()
}

// FuzzAnswers hands the Notifier what a notification server may send, as bytes: it takes what it understands, leaves the
// rest, and an answer is only ever one that its note offers.
func FuzzAnswers(f *testing.F) {
	f.Add(message(f, "ActionInvoked", uint32(7), "start"))
	f.Add(message(f, "ActionInvoked", uint32(7), "default"))
	f.Add(message(f, "NotificationClosed", uint32(7), uint32(closedByHand)))
	f.Add(message(f, "ActionInvoked", "7", []any{}))
	f.Add(message(f, "GetCapabilities", []string{"actions", "body-markup", "sound"}))
	f.Add(message(f, "GetServerInformation", "dunst", "knopwob", "1.9", "1.2"))
	f.Fuzz(func(t *testing.T, wire []byte) {
		m, err := dbus.DecodeMessage(bytes.NewReader(wire))
		if err != nil {
			return
		}
		var answers []Answer
		n := New(nil, nil, func(a Answer) { answers = append(answers, a) }, slog.New(slog.DiscardHandler))
		n.desk = desk{up: context.Background(), owner: ":1.7"}
		note := prompt()
		n.slots = []*slot{{name: "prompt", want: &note, shown: &note, sent: true, id: 7, at: time.Now()}}

		member, _ := m.Headers[dbus.FieldMember].Value().(string)
		n.hear(&dbus.Signal{Sender: ":1.7", Path: object, Name: service + "." + member, Body: m.Body, Sequence: 1})
		for _, a := range answers {
			offered := slices.ContainsFunc(note.Actions, func(b Action) bool { return b.Key == a.Key })
			if a.Slot != "prompt" || (a.Kind == Pressed) != offered {
				t.Errorf("an answer nobody gave: %+v", a)
			}
		}
		found := &server{}
		var vendor, spec string
		_ = (&dbus.Call{Body: m.Body}).Store(&found.name, &vendor, &found.version, &spec)
		_ = (&dbus.Call{Body: m.Body}).Store(&found.capabilities)
		_, _, _ = found.body(&note), found.actions(&note), found.hints(&note, false)
	})
}

// FuzzTerminal: what is shown in a terminal is lines of text, and nothing that a terminal obeys.
func FuzzTerminal(f *testing.F) {
	f.Add("Two\nlines", "\x1b]0;owned\x07 \u009b31m \xff")
	f.Fuzz(func(t *testing.T, title, body string) {
		shown := block(title, body)
		if strings.ContainsFunc(shown, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
			t.Errorf("%q and %q are shown as %q", title, body, shown)
		}
	})
}
