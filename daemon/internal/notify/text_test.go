package notify

import (
	"html"
	"regexp"
	"strings"
	"testing"
)

func TestBody(t *testing.T) {
	markup := &server{capabilities: []string{"body-markup"}}
	none := &server{}
	for _, test := range []struct{ text, markup, none string }{
		{"41 min in the chair", "41 min in the chair", "41 min in the chair"},
		{"<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;", "‹b›bold‹/b›"},
		{"Tom & Jerry", "Tom &amp; Jerry", "Tom & Jerry"},
		{"AT&T; &amp;", "AT&amp;T; &amp;amp;", "AT&\u200bT; &\u200bamp;"},
		{"&#60;b&#x3e;", "&amp;#60;b&amp;#x3e;", "&\u200b#60;b&\u200b#x3e;"},
		{"two\nlines\x00\x1b[31m\xff", "two\nlines[31m", "two\nlines[31m"},
	} {
		if got := markup.body(&Note{Body: test.text}); got != test.markup {
			t.Errorf("with markup, %q became %q, want %q", test.text, got, test.markup)
		}
		if got := none.body(&Note{Body: test.text}); got != test.none {
			t.Errorf("without markup, %q became %q, want %q", test.text, got, test.none)
		}
	}
}

func TestBlock(t *testing.T) {
	got := block("Two\nlines", "one two\n"+strings.Repeat("word ", 20)+"\x1b[2J")
	want := "\n  Two lines\n  one two\n" +
		"  word word word word word word word word word word word word word word\n" +
		"  word word word word word word [2J\n\n"
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

var tag = regexp.MustCompile(`[<>]|&#?\w+;`)

func FuzzBody(f *testing.F) {
	f.Add("<b>&amp;</b> & \x00")
	f.Fuzz(func(t *testing.T, text string) {
		note := &Note{Body: text}
		markup := (&server{capabilities: []string{"body-markup"}}).body(note)
		if got := html.UnescapeString(markup); got != tidy(text) && !strings.Contains(text, "&") {
			t.Errorf("a server with markup shows %q as %q", text, got)
		}
		if strings.ContainsAny(markup, "<>") {
			t.Errorf("%q lets a tag through: %q", text, markup)
		}
		if plain := (&server{}).body(note); tag.MatchString(plain) {
			t.Errorf("%q may read as markup: %q", text, plain)
		}
	})
}
