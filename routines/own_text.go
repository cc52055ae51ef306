package routines

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// What is shown to a person may come from a file of somebody else. It goes into notifications, a terminal and a page:
// nothing in it may be taken for more than text, or show as other text than it is.

// maxMarks is how many accents may stand on one letter: Vietnamese and Hebrew need two or three; more paint over the
// lines above.
const maxMarks = 4

// oddCharacter says what is wrong with a character of a text, or nothing.
func oddCharacter(r rune) string {
	const zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d' // spelling in Persian and Hindi, and emoji, need them
	switch {
	case r == '\n' || r == '\r':
		return "a line break"
	case unicode.IsControl(r):
		return fmt.Sprintf("the control character %U", r)
	case unicode.Is(unicode.Bidi_Control, r):
		return fmt.Sprintf("%U, which changes the direction of the text", r)
	case r == '<' || r == '>':
		return fmt.Sprintf("%q, which could be taken for markup", r)
	case unicode.IsPrint(r) || unicode.Is(unicode.Zs, r) || r == zeroWidthNonJoiner || r == zeroWidthJoiner:
		return ""
	}
	return fmt.Sprintf("%U, a character that cannot be seen", r)
}

var entityForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`&(#?\w+);`) })

// oddText says what is wrong with a text, or nothing.
func oddText(s string) string {
	marks := 0
	for _, r := range s {
		if odd := oddCharacter(r); odd != "" {
			return "has " + odd
		}
		if marks++; !unicode.Is(unicode.M, r) {
			marks = 0
		}
		if marks > maxMarks {
			return fmt.Sprintf("has more than %d accents on one letter", maxMarks)
		}
	}
	if entity := entityForm().FindString(s); entity != "" {
		return fmt.Sprintf("has %q, which could be taken for markup", entity)
	}
	if s != strings.TrimSpace(s) {
		return "begins or ends with a space"
	}
	return ""
}

// strange finds what no file may hold anywhere, comments included: what is not UTF-8, and what makes an editor show
// another text than the program reads.
func (d *document) strange() {
	for at := 0; at < len(d.data); {
		r, size := utf8.DecodeRune(d.data[at:])
		switch {
		case r == utf8.RuneError && size == 1:
			d.fail(at, "", "not UTF-8", "save the file as UTF-8")
			return // as a rule there are many, of one cause
		case r == byteOrderMark && at == 0:
			d.fail(at, "", "begins with a byte order mark", "save the file as UTF-8 without one")
		case invisible(r):
			d.fail(at, "", "has "+oddCharacter(r), "remove it")
		}
		at += size
	}
}

const byteOrderMark = '\ufeff'

// invisible is what strange looks for.
func invisible(r rune) bool {
	return unicode.Is(unicode.Bidi_Control, r) || unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r)
}

// printable is a message of the parser, which quotes the file as it is.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "%U", r)
		}
	}
	return b.String()
}
