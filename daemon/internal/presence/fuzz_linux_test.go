package presence

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/godbus/dbus/v5"
)

// reply is a message as it stands on the wire.
func reply(f *testing.F, body ...any) []byte {
	m := dbus.Message{
		Type: dbus.TypeMethodReply,
		Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldReplySerial: dbus.MakeVariant(uint32(1)), dbus.FieldSignature: dbus.MakeVariant(dbus.SignatureOf(body...)),
		},
		Body: body,
	}
	var wire bytes.Buffer
	if err := m.EncodeTo(&wire, binary.LittleEndian); err != nil {
		f.Fatal(err)
	}
	return wire.Bytes()
}

// FuzzLogindAnswers hands over what something that calls itself logind may answer, as bytes. A property that is no truth
// value is not true.
func FuzzLogindAnswers(f *testing.F) {
	f.Add(reply(f, map[string]dbus.Variant{"Active": dbus.MakeVariant(true), "Type": dbus.MakeVariant("x11"), "LockedHint": dbus.MakeVariant("yes")}))
	f.Add(reply(f, dbus.MakeVariant(handle{"2", "/org/freedesktop/login1/session/_32"})))
	f.Add(reply(f, dbus.MakeVariant([]any{})))
	f.Add(reply(f, true))
	f.Add(reply(f, []struct {
		ID   string
		UID  uint32
		User string
		Seat string
		Path dbus.ObjectPath
	}{{"2", 1000, "desk", "seat0", "/"}}))
	f.Fuzz(func(t *testing.T, wire []byte) {
		m, err := dbus.DecodeMessage(bytes.NewReader(wire))
		if err != nil {
			return
		}
		call := &dbus.Call{Body: m.Body}
		var props sessionProps
		_ = call.Store(&props)
		for _, name := range []string{"Active", "LockedHint", "Remote"} {
			if _, is := props[name].Value().(bool); props.is(name) && !is {
				t.Errorf("%s is true: %v", name, props[name])
			}
		}
		_, _ = props.text("Type"), props.graphical()
		var value dbus.Variant
		if call.Store(&value) == nil {
			var display handle
			_ = value.Store(&display)
		}
		var path dbus.ObjectPath
		_ = call.Store(&path)
		l := &Logind{}
		l.wake = l.timer(func() {})
		before := l.now.Sleeping
		if known := l.prepareForSleep(m.Body); !known && l.now.Sleeping != before {
			t.Errorf("%v sends the machine to sleep", m.Body)
		}
		l.wake.Stop()
	})
}
