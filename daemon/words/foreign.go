package words

import (
	"strconv"
	"strings"
	"unicode"
)

// Plain is a text of others as one line that is nothing but text: what a terminal would obey or what would turn the
// direction of the text around it becomes a �. Files, programs and the environment may say anything.
func Plain(text string) string {
	return strings.Map(func(r rune) rune {
		if breaks(r) {
			return ' '
		}
		return plain(r)
	}, text)
}

// PlainLines is Plain for what may have several lines.
func PlainLines(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return plain(r)
	}, text)
}

// Path is a path as it can be shown: a name may hold anything but a slash.
func Path(path string) string {
	if strings.ContainsFunc(path, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(path)
	}
	return path
}

func plain(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || breaks(r) {
		return unicode.ReplacementChar
	}
	return r
}

// breaks tells whether a line ends at r, for whoever follows Unicode.
func breaks(r rune) bool { return strings.ContainsRune("\n\r\t\v\f\u0085\u2028\u2029", r) }
