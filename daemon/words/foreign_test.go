package words

import (
	"strings"
	"testing"
	"unicode"
)

func TestPlain(t *testing.T) {
	for _, c := range []struct{ text, plain, lines string }{
		{"Kim’s café, 日本 \u200d", "Kim’s café, 日本 \u200d", "Kim’s café, 日本 \u200d"},
		{"one\ntwo\r\n\tthree", "one two   three", "one\ntwo�\n�three"},
		{"\x1b]0;title\x07\u009b31m", "�]0;title��31m", "�]0;title��31m"},
		{"safe\u202etxt.exe\u2066\u200f", "safe�txt.exe��", "safe�txt.exe��"},
		{"a\u2028b\u0085c\xff", "a b c�", "a�b�c�"},
	} {
		if got := Plain(c.text); got != c.plain {
			t.Errorf("%q became %q, want %q", c.text, got, c.plain)
		}
		if got := PlainLines(c.text); got != c.lines {
			t.Errorf("in lines, %q became %q, want %q", c.text, got, c.lines)
		}
	}
}

func TestPath(t *testing.T) {
	if got := Path("/home/kim/Übung 1.toml"); got != "/home/kim/Übung 1.toml" {
		t.Errorf("a harmless path became %s", got)
	}
	if got := Path("/tmp/a\nb\x1b[31m\u202e"); got != `"/tmp/a\nb\x1b[31m\u202e"` {
		t.Errorf("a hostile path became %s", got)
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("\x1b[2J\n\u202e\xff")
	f.Fuzz(func(t *testing.T, text string) {
		obeyed := func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }
		if got := Plain(text); strings.ContainsFunc(got, obeyed) || Plain(got) != got {
			t.Errorf("%q became %q", text, got)
		}
		if got := strings.ReplaceAll(PlainLines(text), "\n", ""); strings.ContainsFunc(got, obeyed) {
			t.Errorf("in lines, %q became %q", text, got)
		}
	})
}
