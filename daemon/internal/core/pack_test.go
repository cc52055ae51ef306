package core

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPack(t *testing.T) {
	for _, text := range []string{
		"", "a", "sitting", strings.Repeat("a", 10_000), strings.Repeat("sitting, standing, ", 700), strings.Repeat("abcdefg\x00", 3) + "x",
	} {
		packed := pack([]byte(text))
		if got := string(unpack(packed)); got != text {
			t.Errorf("%.20q: got %.20q", text, got)
		}
		if len(text) > 1000 && len(packed) > len(text)/50 {
			t.Errorf("%.20q: %d bytes of %d", text, len(packed), len(text))
		}
	}
}

func TestPackKeepsEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var text []byte
		for _, piece := range rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 20), 0, 8).Draw(t, "pieces") {
			for range rapid.IntRange(0, 5).Draw(t, "times") {
				text = append(text, piece...)
			}
		}
		if got := unpack(pack(text)); !bytes.Equal(got, text) {
			t.Fatalf("got %q, want %q", got, text)
		}
	})
}

// TestLogIsSmall: thousands of events of a desk take little memory, and none is lost in it.
func TestLogIsSmall(t *testing.T) {
	l := recorded(t, func(w *world) {
		for range 40 {
			aMorning(w)
		}
	})
	var file bytes.Buffer
	if err := l.Write(&file, "test"); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(file.Bytes(), newline) - 1; n != l.len() || n < 10*packWith {
		t.Errorf("%d events were written of %d", n, l.len())
	}
	kept := 0
	for _, part := range [][][]byte{l.oldest, l.packed, l.newest} {
		for _, p := range part {
			kept += cap(p)
		}
	}
	if kept > file.Len()*2/5 {
		t.Errorf("%d bytes in memory for %d", kept, file.Len())
	}
	t.Logf("%d events, %d bytes in memory for %d", l.len(), kept, file.Len())
}
