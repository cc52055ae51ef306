package presence

import (
	"encoding/binary"
	"net"
	"os"
	"path/filepath"

	"github.com/jezek/xgb"
)

// A greeter replaces the first message on a new connection. Handing xgb a socket is the only way to keep a deadline on
// it, but given one xgb doesn't know the display's number and greets the server without the magic cookie.
type greeter struct {
	net.Conn
	greeting []byte
}

// Write sends the greeting in place of the first message.
func (g *greeter) Write(b []byte) (int, error) {
	if g.greeting == nil {
		return g.Conn.Write(b)
	}
	if _, err := g.Conn.Write(g.greeting); err != nil {
		return 0, err
	}
	g.greeting = nil
	return len(b), nil
}

const magicCookie = "MIT-MAGIC-COOKIE-1"

// greeting is the first message to the server: protocol 11.0, little-endian, with the cookie for d if there is one.
func greeting(d display) []byte {
	name, cookie := "", findCookie(readAuthority(), localName(), d.number)
	if cookie != nil {
		name = magicCookie
	}
	b := make([]byte, 12, 12+xgb.Pad(len(name))+xgb.Pad(len(cookie)))
	b[0] = 'l'
	binary.LittleEndian.PutUint16(b[2:], 11)
	binary.LittleEndian.PutUint16(b[6:], uint16(len(name)))
	binary.LittleEndian.PutUint16(b[8:], uint16(len(cookie)))
	b = append(b, name...)
	b = append(b, make([]byte, xgb.Pad(len(b))-len(b))...)
	b = append(b, cookie...)
	return append(b, make([]byte, xgb.Pad(len(b))-len(b))...)
}

// readAuthority reads $XAUTHORITY or ~/.Xauthority. Nothing is an answer too: many servers know their users without.
func readAuthority() []byte {
	path := os.Getenv("XAUTHORITY")
	if path == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil
		}
		path = filepath.Join(home, ".Xauthority")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return data
}

func localName() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	return name
}

// findCookie looks in an Xauthority file for the magic cookie of a display of this host. Each entry is a family and
// four strings, all numbers big-endian: address, display number, kind of secret, secret.
func findCookie(file []byte, host, number string) []byte {
	const local, wild = 256, 65535
	for len(file) >= 2 {
		family := binary.BigEndian.Uint16(file)
		file = file[2:]
		var entry [4][]byte
		for i := range entry {
			var ok bool
			if entry[i], file, ok = cutString(file); !ok {
				return nil
			}
		}
		here := family == wild || family == local && string(entry[0]) == host
		this := len(entry[1]) == 0 || string(entry[1]) == number
		if here && this && string(entry[2]) == magicCookie {
			return entry[3]
		}
	}
	return nil
}

// cutString takes a string with its length in front off b.
func cutString(b []byte) (s, rest []byte, ok bool) {
	if len(b) < 2 {
		return nil, nil, false
	}
	end := 2 + int(binary.BigEndian.Uint16(b))
	if len(b) < end {
		return nil, nil, false
	}
	return b[2:end], b[end:], true
}
