package core

import "encoding/binary"

// pack makes text that repeats itself shorter. compress/flate would do better and takes a megabyte for each time, which is
// more than there is to be saved.
//
// The result is a sequence of pieces, each with a length and that many bytes to be taken as they are, then a length and
// how far back as many bytes are to be taken from what is there by then. Numbers are as in encoding/binary.
func pack(text []byte) []byte {
	const (
		shortest = 6 // what is worth repeating
		places   = 1 << 12
	)
	seen := make([]int32, places) // where a beginning was last seen, plus one
	var out []byte
	done := 0 // up to here is packed
	for at := 0; at+shortest <= len(text); {
		place := &seen[binary.LittleEndian.Uint32(text[at:])*2654435761>>20]
		from := int(*place) - 1
		*place = int32(at + 1)
		n := 0
		for from >= 0 && at+n < len(text) && text[from+n] == text[at+n] {
			n++
		}
		if n < shortest {
			at++
			continue
		}
		out = appendLiterally(out, text[done:at])
		out = binary.AppendUvarint(out, uint64(n))
		out = binary.AppendUvarint(out, uint64(at-from))
		at += n
		done = at
	}
	return append(make([]byte, 0, len(out)), appendLiterally(out, text[done:])...)
}

func appendLiterally(out, text []byte) []byte {
	return append(binary.AppendUvarint(out, uint64(len(text))), text...)
}

// unpack is what pack was given. It trusts that p is from there.
func unpack(p []byte) []byte {
	var text []byte
	number := func() int {
		n, size := binary.Uvarint(p)
		p = p[size:]
		return int(n)
	}
	for len(p) > 0 {
		n := number()
		text, p = append(text, p[:n]...), p[n:]
		if len(p) == 0 {
			break
		}
		n, back := number(), number()
		for range n { // one by one: the piece may reach into itself
			text = append(text, text[len(text)-back])
		}
	}
	return text
}
