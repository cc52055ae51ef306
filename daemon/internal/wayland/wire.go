package wayland

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The wire format (Wayland's protocol specification, section “Wire Format”): 32-bit words in the machine's own byte
// order. A message is the id of an object, then its length in bytes with these two words and its opcode in one word,
// then its arguments.
const (
	word   = 4
	header = 2 * word
	// longest is the most a length of 16 bits can say, in whole words.
	longest = 1<<16 - word
)

var order = binary.NativeEndian

// errMalformed is what every error about bytes that no compositor may send is.
var errMalformed = errors.New("malformed message")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errMalformed}, args...)...)
}

// A reader cuts what comes over a connection into messages. It keeps what has come of a message when reading is
// interrupted.
type reader struct {
	from io.Reader
	buf  []byte // what has come and was not taken
	room []byte // what buf is part of
}

// firstRoom is more than all that a compositor says at once to somebody who only asks for idle time, but for its list
// of globals.
const firstRoom = 512

// next returns the next message. Its arguments are good until next is called again.
func (r *reader) next() (object uint32, opcode uint16, args Args, err error) {
	if err = r.need(header); err != nil {
		return 0, 0, Args{}, err
	}
	object = order.Uint32(r.buf)
	if object == 0 {
		return 0, 0, Args{}, malformed("from no object")
	}
	second := order.Uint32(r.buf[word:])
	length := int(second >> 16)
	if length < header || length%word != 0 {
		return 0, 0, Args{}, malformed("%d bytes long", length)
	}
	if err = r.need(length); err != nil {
		return 0, 0, Args{}, err
	}
	args = Args{rest: r.buf[header:length:length]}
	r.buf = r.buf[length:]
	return object, uint16(second), args, nil
}

// need reads until there are n bytes.
func (r *reader) need(n int) error {
	for len(r.buf) < n {
		r.makeRoom(n)
		got, err := r.from.Read(r.buf[len(r.buf):cap(r.buf)])
		r.buf = r.buf[:len(r.buf)+got]
		if err != nil && len(r.buf) < n {
			if errors.Is(err, io.EOF) && len(r.buf) > 0 {
				return io.ErrUnexpectedEOF
			}
			return err
		}
	}
	return nil
}

// makeRoom moves what there is to the front of a room for n bytes.
func (r *reader) makeRoom(n int) {
	if cap(r.buf) >= n {
		return
	}
	if len(r.room) < n {
		r.room = make([]byte, max(n, firstRoom))
	}
	r.buf = r.room[:copy(r.room, r.buf)]
}

// Args are the arguments of an event, taken one by one in their order. What is taken after a fault is zero; End tells.
type Args struct {
	rest []byte
	err  error
}

func (a *Args) fail(format string, args ...any) {
	if a.err == nil {
		a.err = malformed(format, args...)
	}
	a.rest = nil
}

// Uint takes a number, an object or an enum.
func (a *Args) Uint() uint32 {
	if len(a.rest) < word {
		a.fail("an argument is missing")
		return 0
	}
	v := order.Uint32(a.rest)
	a.rest = a.rest[word:]
	return v
}

// String takes a text, which comes with its length and a zero at its end, filled up to whole words.
func (a *Args) String() string {
	n := a.Uint()
	if n == 0 { // only what may be null may be so; nothing that we listen to may
		a.fail("a text is null")
		return ""
	}
	if uint64(n) > uint64(len(a.rest)) {
		a.fail("a text of %d bytes in %d", n, len(a.rest))
		return ""
	}
	text := string(a.rest[:n-1])
	if a.rest[n-1] != 0 || strings.IndexByte(text, 0) >= 0 {
		a.fail("a text does not end where it says")
		return ""
	}
	a.rest = a.rest[min(padded(int(n)), len(a.rest)):]
	return text
}

// Array takes bytes, which come with their number, filled up to whole words. They are good until the next message is read.
func (a *Args) Array() []byte {
	n := a.Uint()
	if uint64(n) > uint64(len(a.rest)) {
		a.fail("%d bytes in %d", n, len(a.rest))
		return nil
	}
	bytes := a.rest[:n:n]
	a.rest = a.rest[min(padded(int(n)), len(a.rest)):]
	return bytes
}

// Drop takes all that is left, unseen.
func (a *Args) Drop() { a.rest = nil }

// End says what was wrong with the arguments; so is any that is left.
func (a *Args) End() error {
	if a.err == nil && len(a.rest) > 0 {
		a.fail("%d bytes too many", len(a.rest))
	}
	return a.err
}

// padded is n bytes in whole words.
func padded(n int) int { return (n + word - 1) / word * word }

// request puts a request into wire format. An argument is a uint32 or a string.
func request(object uint32, opcode uint16, args ...any) ([]byte, error) {
	b := order.AppendUint32(make([]byte, 0, 32), object)
	b = order.AppendUint32(b, 0)
	for _, arg := range args {
		switch v := arg.(type) {
		case uint32:
			b = order.AppendUint32(b, v)
		case string:
			n := len(v) + 1
			b = append(order.AppendUint32(b, uint32(n)), v...)
			b = append(b, make([]byte, padded(n)-len(v))...)
		default:
			return nil, fmt.Errorf("wayland: no argument can be a %T", arg)
		}
	}
	if len(b) > longest {
		return nil, fmt.Errorf("wayland: a request of %d bytes", len(b))
	}
	order.PutUint32(b[word:], uint32(len(b))<<16|uint32(opcode))
	return b, nil
}
