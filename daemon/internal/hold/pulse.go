package hold

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A pulse is a connection to the sound server by PulseAudio's native protocol, which PipeWire serves as well. It asks and
// never plays or records. It lives for one look, or for as long as something that a look has found is listened to.
//
// It is our own because the Go client that there is (jfreymuth/pulse 0.1.1) loses its place in a title of more than 1024
// bytes, as a page in a browser may have, and then brings down the whole program from a goroutine of its own. The wire
// format: https://www.freedesktop.org/wiki/Software/PulseAudio/Documentation/Developer/ and src/pulsecore/tagstruct.h.
type pulse struct {
	conn    net.Conn
	tag     uint32
	stirred bool // word has come that something has changed
}

// Commands of the protocol.
const (
	pulseError            = 0
	pulseReply            = 2
	pulseAuth             = 8
	pulseSetClientName    = 9
	pulseServerInfo       = 20
	pulseSourceInfo       = 23
	pulseSourceOutputList = 32
	pulseSubscribe        = 35
	pulseEvent            = 66
)

// Of what the server sends word: streams that record.
const (
	pulseSourceOutputs     = 1 << 3 // to ask for it
	pulseEventAbout        = 0x0f   // the part of an event that says of what it is
	pulseEventSourceOutput = 3
)

const (
	// pulseVersion of the protocol is the one that says whether a stream is paused. Later ones tell more of each stream
	// than we want to know. PulseAudio has spoken it since 2010, PipeWire always.
	pulseVersion = 19
	// pulseNone is the number of nothing.
	pulseNone = 0xffffffff
	// pulseMost bytes in a message: far more than the streams of any desktop.
	pulseMost = 1 << 20
	// cookieSize is the length of the shared secret.
	cookieSize = 256
	// packetsAtMost may come between a question and its answer: all the events of a second in which nobody has read.
	packetsAtMost = 10_000
)

// ErrNoSound is the error of looking for microphones where there is no sound server.
var ErrNoSound = errors.New("there is no sound server")

var errPulseWire = errors.New("the sound server's answer makes no sense")

// dialPulse connects and says hello. ctx must have a deadline, which holds for all that is asked.
func dialPulse(ctx context.Context) (*pulse, error) {
	path, err := pulseSocket()
	if err != nil {
		return nil, err
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoSound, err)
	}
	if end, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(end)
	}
	p := &pulse{conn: conn}
	if err := p.greet(); err != nil {
		conn.Close()
		return nil, err
	}
	return p, nil
}

func (p *pulse) close() { _ = p.conn.Close() }

// pulseSocket is where the sound server of this desktop listens. One on another computer has other microphones.
func pulseSocket() (string, error) {
	if servers := strings.Fields(os.Getenv("PULSE_SERVER")); len(servers) > 0 { // the first is the one in use
		server := servers[0]
		if strings.HasPrefix(server, "{") { // {machine}, for settings that several machines share
			_, server, _ = strings.Cut(server, "}")
		}
		path := strings.TrimPrefix(server, "unix:")
		if !filepath.IsAbs(path) {
			return "", fmt.Errorf("%w on this computer", ErrNoSound)
		}
		return path, nil
	}
	if dir := os.Getenv("PULSE_RUNTIME_PATH"); dir != "" {
		return filepath.Join(dir, "native"), nil
	}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		return filepath.Join(dir, "pulse", "native"), nil
	}
	return "", ErrNoSound
}

// cookie is the secret that servers ask for that cannot see who we are. Others ignore it.
func cookie() []byte {
	secret := make([]byte, cookieSize)
	path := os.Getenv("PULSE_COOKIE")
	if path == "" {
		dir, err := os.UserConfigDir()
		if err != nil {
			return secret
		}
		path = filepath.Join(dir, "pulse", "cookie")
	}
	if f, err := os.Open(path); err == nil {
		defer f.Close()
		_, _ = io.ReadFull(f, secret)
	}
	return secret
}

func (p *pulse) greet() error {
	var auth tags
	auth.number(pulseVersion)
	auth.blob(cookie())
	if _, err := p.ask(pulseAuth, auth); err != nil {
		return err
	}
	var name tags
	name.properties("application.name", "Unhunch")
	_, err := p.ask(pulseSetClientName, name)
	return err
}

// ask sends a command and returns what the answer holds.
func (p *pulse) ask(command uint32, args tags) (*answer, error) {
	p.tag++
	var body tags
	body.number(command)
	body.number(p.tag)
	body = append(body, args...)
	packet := make([]byte, 0, 20+len(body))
	packet = binary.BigEndian.AppendUint32(packet, uint32(len(body)))
	packet = binary.BigEndian.AppendUint32(packet, pulseNone) // no stream's data
	packet = append(packet, make([]byte, 12)...)
	if err := p.send(append(packet, body...), command == pulseAuth); err != nil {
		return nil, err
	}
	for range packetsAtMost {
		a, err := p.read()
		if err != nil {
			return nil, err
		}
		kind, tag := a.number(), a.number()
		switch {
		case a.err != nil:
			return nil, a.err
		case kind == pulseEvent:
			p.stirs(a)
		case tag != p.tag:
		case kind == pulseReply:
			return a, nil
		case kind == pulseError:
			return nil, fmt.Errorf("the sound server refuses command %d with error %d", command, a.number())
		}
	}
	return nil, errPulseWire
}

// await waits until word has come of a change, for as long as it takes.
func (p *pulse) await() error {
	_ = p.conn.SetDeadline(time.Time{})
	for !p.stirred {
		a, err := p.read()
		if err != nil {
			return err
		}
		kind := a.number()
		a.number() // the tag
		if a.err == nil && kind == pulseEvent {
			p.stirs(a)
		}
		if a.err != nil {
			return a.err
		}
	}
	return nil
}

// stirs reads an event, which says that something has changed but not what.
func (p *pulse) stirs(a *answer) {
	event := a.number()
	a.number() // of which stream
	if a.err == nil && event&pulseEventAbout == pulseEventSourceOutput {
		p.stirred = true
	}
}

// read reads one packet.
func (p *pulse) read() (*answer, error) {
	var head [20]byte
	if _, err := io.ReadFull(p.conn, head[:]); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(head[:])
	if size > pulseMost || binary.BigEndian.Uint32(head[4:]) != pulseNone {
		return nil, errPulseWire
	}
	body := make([]byte, size)
	_, err := io.ReadFull(p.conn, body)
	return &answer{rest: body}, err
}

// tags are values on their way out, each behind a letter that says what it is.
type tags []byte

func (t *tags) number(n uint32) { *t = binary.BigEndian.AppendUint32(append(*t, 'L'), n) }

func (t *tags) blob(b []byte) {
	*t = append(binary.BigEndian.AppendUint32(append(*t, 'x'), uint32(len(b))), b...)
}

func (t *tags) text(s string) { *t = append(append(append(*t, 't'), s...), 0) }

func (t *tags) nothing() { *t = append(*t, 'N') }

// properties are one name and its value.
func (t *tags) properties(name, value string) {
	*t = append(*t, 'P')
	t.text(name)
	t.number(uint32(len(value) + 1))
	t.blob(append([]byte(value), 0))
	t.nothing()
}

// An answer is values that have come in. After the first that is not what was expected, all are zero.
type answer struct {
	rest []byte
	err  error
}

func (a *answer) fail() { a.rest, a.err = nil, errPulseWire }

// take takes the next n bytes.
func (a *answer) take(n int) []byte {
	if n < 0 || n > len(a.rest) {
		a.fail()
		return nil
	}
	taken := a.rest[:n]
	a.rest = a.rest[n:]
	return taken
}

// expect takes a letter that is one of kinds.
func (a *answer) expect(kinds string) byte {
	if b := a.take(1); b != nil && strings.IndexByte(kinds, b[0]) >= 0 {
		return b[0]
	}
	a.fail()
	return 0
}

func (a *answer) raw() uint32 {
	if b := a.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (a *answer) number() uint32 {
	a.expect("L")
	return a.raw()
}

func (a *answer) text() string {
	if a.expect("tN") != 't' {
		return ""
	}
	end := bytes.IndexByte(a.rest, 0)
	if end < 0 {
		a.fail()
		return ""
	}
	s := string(a.take(end))
	a.take(1)
	return s
}

func (a *answer) truth() bool { return a.expect("10") == '1' }

func (a *answer) spec() {
	a.expect("a")
	a.take(6)
}

func (a *answer) channels() {
	a.expect("m")
	if n := a.take(1); n != nil {
		a.take(int(n[0]))
	}
}

func (a *answer) volume() {
	a.expect("v")
	if n := a.take(1); n != nil {
		a.take(4 * int(n[0]))
	}
}

func (a *answer) duration() {
	a.expect("U")
	a.take(8)
}

// properties are those that keep tells to keep: what is played, and to whom, is none of our business.
func (a *answer) properties(keep func(name string) bool) map[string]string {
	all := map[string]string{}
	a.expect("P")
	for a.err == nil {
		if len(a.rest) > 0 && a.rest[0] == 'N' {
			a.take(1)
			return all
		}
		name := a.text()
		a.number()
		a.expect("x")
		value := a.take(int(a.raw()))
		if keep(name) {
			all[name] = string(bytes.TrimSuffix(value, []byte{0}))
		}
	}
	return nil
}
