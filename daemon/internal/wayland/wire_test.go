package wayland

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/unhunch/unhunch/daemon/internal/wayland/waylandtest"
)

var littleEndian = order.Uint16([]byte{1, 0}) == 1

// What goes out is what the protocol's own examples look like on the wire.
func TestRequest(t *testing.T) {
	if !littleEndian {
		t.Skip("the bytes below are those of a little-endian machine")
	}
	for _, c := range []struct {
		name   string
		object uint32
		opcode uint16
		args   []any
		want   string
	}{
		{"get_registry", 1, 1, []any{uint32(2)}, "01000000 01000c00 02000000"},
		{"no arguments", 9, 0, nil, "09000000 00000800"},
		{
			"bind", 2, 0,
			[]any{uint32(7), "wl_seat", uint32(1), uint32(4)},
			"02000000 00002000 07000000 08000000 776c5f73 65617400 01000000 04000000",
		},
		{"a text that is filled up", 4, 0, []any{"ab"}, "04000000 00001000 03000000 61620000"},
		{"an empty text", 4, 0, []any{""}, "04000000 00001000 01000000 00000000"},
	} {
		got, err := request(c.object, c.opcode, c.args...)
		if want := strings.ReplaceAll(c.want, " ", ""); err != nil || hex.EncodeToString(got) != want {
			t.Errorf("%s: %x, %v; want %s", c.name, got, err, want)
		}
	}
	if _, err := request(1, 0, strings.Repeat("x", longest)); err == nil {
		t.Error("a request longer than a length can say")
	}
	if _, err := request(1, 0, 3.5); err == nil {
		t.Error("an argument of no known type")
	}
}

// What comes in is the same in one piece, byte by byte, and in the longest messages there are.
func TestReader(t *testing.T) {
	long := strings.Repeat("y", longest-header-word-1)
	var stream []byte
	for range 40 { // more than the room for it
		stream = append(stream, waylandtest.Event(2, 0, uint32(7), "wl_seat", uint32(8))...)
	}
	stream = append(stream, waylandtest.Event(3, 5, long)...)
	stream = append(stream, waylandtest.Event(4, 1)...)
	for name, from := range map[string]io.Reader{
		"whole":        bytes.NewReader(stream),
		"byte by byte": iotest.OneByteReader(bytes.NewReader(stream)),
		"with its end": iotest.DataErrReader(bytes.NewReader(stream)),
	} {
		r := reader{from: from}
		for range 40 {
			object, opcode, args, err := r.next()
			number, text, version := args.Uint(), args.String(), args.Uint()
			if err != nil || args.End() != nil || object != 2 || opcode != 0 || number != 7 || text != "wl_seat" || version != 8 {
				t.Fatalf("%s: object %d.%d (%d, %q, %d): %v, %v", name, object, opcode, number, text, version, err, args.End())
			}
		}
		object, opcode, args, err := r.next()
		if text := args.String(); err != nil || args.End() != nil || object != 3 || opcode != 5 || text != long {
			t.Errorf("%s: object %d.%d with a text of %d: %v", name, object, opcode, len(text), err)
		}
		if object, opcode, args, err = r.next(); err != nil || args.End() != nil || object != 4 || opcode != 1 {
			t.Errorf("%s: object %d.%d: %v", name, object, opcode, err)
		}
		if _, _, _, err = r.next(); !errors.Is(err, io.EOF) {
			t.Errorf("%s: after the end: %v", name, err)
		}
	}
}

// Reading goes on where it was interrupted.
func TestReaderInterrupted(t *testing.T) {
	event := waylandtest.Event(2, 1, uint32(7))
	for cut := range event {
		r := reader{from: io.MultiReader(bytes.NewReader(event[:cut]), iotest.TimeoutReader(&twice{event[cut:]}))}
		_, _, _, err := r.next()
		for tries := 0; err != nil && tries < 3; tries++ {
			_, _, _, err = r.next()
		}
		if err != nil {
			t.Errorf("after %d bytes: %v", cut, err)
		}
	}
}

// twice gives its bytes in two pieces, as iotest.TimeoutReader fails the second time.
type twice struct{ left []byte }

func (r *twice) Read(p []byte) (int, error) {
	n := copy(p, r.left[:(len(r.left)+1)/2])
	r.left = r.left[n:]
	return n, nil
}

// What no compositor may send is refused.
func TestMalformed(t *testing.T) {
	head := func(object, second uint32) []byte { return order.AppendUint32(order.AppendUint32(nil, object), second) }
	for name, message := range map[string][]byte{
		"from no object":   head(0, 8<<16),
		"too short":        head(1, 7<<16),
		"no length":        head(1, 0),
		"not whole words":  head(1, 10<<16),
		"longer than told": head(1, 12<<16),
	} {
		r := reader{from: bytes.NewReader(message)}
		_, _, _, err := r.next()
		if !errors.Is(err, errMalformed) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %v", name, err)
		}
	}
	text := func(n uint32, bytes string) []byte { return append(order.AppendUint32(nil, n), bytes...) }
	for name, args := range map[string][]byte{
		"null":                 text(0, ""),
		"longer than there is": text(9, "abcdefg\x00"),
		"longer than an int":   text(1<<32-1, "abc\x00"),
		"no zero at its end":   text(4, "abcd"),
		"a zero within":        text(4, "a\x00b\x00"),
		"bytes too many":       text(3, "ab\x00\x00more"),
	} {
		a := Args{rest: args}
		if got := a.String(); !errors.Is(a.End(), errMalformed) {
			t.Errorf("%s: %q, %v", name, got, a.End())
		}
	}
	a := Args{rest: []byte{1, 2, 3}}
	if got := a.Uint(); got != 0 || !errors.Is(a.End(), errMalformed) {
		t.Errorf("a number of three bytes: %d, %v", got, a.End())
	}
}

// FuzzReader: whatever comes, messages lie within it one after the other, and arguments within those.
func FuzzReader(f *testing.F) {
	f.Add([]byte(nil))
	f.Add(waylandtest.Event(2, 0, uint32(7), "ext_idle_notifier_v1", uint32(2)))
	f.Add(append(waylandtest.Event(1, 1, uint32(3)), waylandtest.Event(1, 0, uint32(4), uint32(1), "invalid object")...))
	f.Add(waylandtest.Event(5, 9, "")[:11])
	f.Fuzz(func(t *testing.T, stream []byte) {
		r := reader{from: bytes.NewReader(stream)}
		taken := 0
		for {
			object, opcode, args, err := r.next()
			if err != nil {
				break
			}
			length := int(order.Uint32(stream[taken+word:]) >> 16)
			if object != order.Uint32(stream[taken:]) || opcode != uint16(order.Uint32(stream[taken+word:])) ||
				!bytes.Equal(args.rest, stream[taken+header:taken+length]) {
				t.Fatalf("message at %d is not what lies there", taken)
			}
			taken += length
			text := args.String()
			args.Uint()
			if args.End() == nil && length != header+word+padded(len(text)+1)+word {
				t.Fatalf("a text of %d and a number fill %d bytes", len(text), length)
			}
		}
		if cap(r.room) > max(firstRoom, longest) {
			t.Fatalf("%d bytes kept", cap(r.room))
		}
	})
}
