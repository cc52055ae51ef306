package presence

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func TestParseDisplay(t *testing.T) {
	for _, c := range []struct {
		name string
		want display
		ok   bool
	}{
		{":0", display{"unix", "/tmp/.X11-unix/X0", "0"}, true},
		{":12.1", display{"unix", "/tmp/.X11-unix/X12", "12"}, true},
		{"unix:1.0", display{"unix", "/tmp/.X11-unix/X1", "1"}, true},
		{"localhost:10.0", display{"tcp", "localhost:6010", "10"}, true},
		{"", display{}, false},
		{"0", display{}, false},
		{":", display{}, false},
		{":-1", display{}, false},
		{":../../x", display{}, false},
		{":99999999", display{}, false},
	} {
		got, err := parseDisplay(c.name)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("parseDisplay(%q) = %+v, %v; want %+v", c.name, got, err, c.want)
		}
	}
}

// authEntry is one entry of an Xauthority file.
func authEntry(family uint16, address, number, kind string, secret []byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, family)
	for _, s := range [][]byte{[]byte(address), []byte(number), []byte(kind), secret} {
		b = binary.BigEndian.AppendUint16(b, uint16(len(s)))
		b = append(b, s...)
	}
	return b
}

func TestFindCookie(t *testing.T) {
	other := authEntry(256, "desk", "1", magicCookie, []byte("other"))
	ours := authEntry(256, "desk", "0", magicCookie, []byte("ours"))
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"second entry", append(other, ours...), "ours"},
		{"another host", authEntry(256, "laptop", "0", magicCookie, []byte("x")), ""},
		{"any host", authEntry(65535, "", "0", magicCookie, []byte("x")), "x"},
		{"any display", authEntry(256, "desk", "", magicCookie, []byte("x")), "x"},
		{"another kind of secret first", append(authEntry(256, "desk", "0", "XDM-AUTHORIZATION-1", []byte("x")), ours...), "ours"},
		{"cut short", ours[:len(ours)-1], ""},
		{"empty", nil, ""},
	} {
		if got := findCookie(c.file, "desk", "0"); string(got) != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzFindCookie(f *testing.F) {
	f.Add(authEntry(256, "desk", "0", magicCookie, []byte("0123456789abcdef")))
	f.Add([]byte{1, 0, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, file []byte) {
		if cookie := findCookie(file, "desk", "0"); cookie != nil && !bytes.Contains(file, cookie) {
			t.Errorf("cookie %q is not in the file", cookie)
		}
	})
}

func counterEntry(id uint32, name string) []byte {
	b := append(words(id, 0, 4), byte(len(name)), 0)
	b = append(b, name...)
	return append(b, make([]byte, (4-len(b)%4)%4)...)
}

func TestFindCounter(t *testing.T) {
	reply := append(make([]byte, 32), counterEntry(7, "SERVERTIME")...)
	reply = append(reply, counterEntry(9, "IDLETIME")...)
	reply = append(reply, counterEntry(11, "DEVICEIDLETIME 2")...)
	reply[8] = 3
	for name, want := range map[string]uint32{"SERVERTIME": 7, "IDLETIME": 9, "DEVICEIDLETIME 2": 11, "OTHER": 0} {
		if got := findCounter(reply, name); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
}

func FuzzFindCounter(f *testing.F) {
	f.Add(append(make([]byte, 32), counterEntry(7, "IDLETIME")...))
	f.Add(bytes.Repeat([]byte{0xff}, 50))
	f.Fuzz(func(t *testing.T, reply []byte) {
		if id := findCounter(reply, "IDLETIME"); id != 0 && !bytes.Contains(reply, []byte("IDLETIME")) {
			t.Errorf("found counter %d that isn't there", id)
		}
	})
}

func FuzzFirstRoot(f *testing.F) {
	f.Add(make([]byte, 64))
	f.Add(bytes.Repeat([]byte{0xff}, 300))
	f.Fuzz(func(t *testing.T, setup []byte) {
		if _, err := firstRoot(setup); err == nil && len(setup) < 44 {
			t.Error("a root window in a greeting without screens")
		}
	})
}
