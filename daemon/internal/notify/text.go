package notify

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/godbus/dbus/v5"
)

// defaultKey is the action for a click on the body, in the words of the desktop notifications specification.
const defaultKey = "default"

// body is the note's body as this server wants it.
//
// A server that says body-markup gets & < > escaped. One that does not say so may render markup all the same (dunst
// with no `markup` line does), so escaping could show up as text and leaving it out could be taken for a tag: there
// the angle brackets become look-alikes, and what would read as an entity is broken by a space of no width.
func (s *server) body(note *Note) string {
	text := note.Body
	if len(note.Actions) > 0 && !s.can("actions") {
		text = note.plain()
	}
	text = tidy(text)
	if s.can("body-markup") {
		return escape.Replace(text)
	}
	return entity.ReplaceAllString(lookAlike.Replace(text), "&\u200b$1")
}

var (
	escape    = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	lookAlike = strings.NewReplacer("<", "‹", ">", "›")
	entity    = regexp.MustCompile(`&(#?\w+;)`)
)

// actions are the note's buttons as pairs of key and label. The click on the body has no label, as xfce4-notifyd
// would draw a button for it.
func (s *server) actions(note *Note) []string {
	pairs := []string{}
	if !s.can("actions") {
		return pairs
	}
	for _, a := range note.Actions {
		if a.Key == note.Default {
			pairs = append(pairs, defaultKey, "")
		}
	}
	for _, a := range note.Actions {
		pairs = append(pairs, a.Key, line(a.Label))
	}
	return pairs
}

// hints are the rest of a note. One that is shown again has been heard.
func (s *server) hints(note *Note, heard bool) map[string]dbus.Variant {
	const low, normal = byte(0), byte(1) // never critical: critical notes stay until they are clicked away
	urgency := normal
	if note.Silent {
		urgency = low
	}
	all := map[string]dbus.Variant{
		"urgency":       dbus.MakeVariant(urgency),
		"desktop-entry": dbus.MakeVariant("unhunch"),
		"category":      dbus.MakeVariant("x-unhunch." + note.Slot),
		// A prompt may be answered late from the desktop's list; a step of a session is of no use there.
		"transient": dbus.MakeVariant(note.Slot == "session"),
	}
	if note.Sound != "" && !heard && s.sounds() {
		all["sound-name"] = dbus.MakeVariant(note.Sound)
	} else {
		all["suppress-sound"] = dbus.MakeVariant(true) // also the server's own
	}
	if note.Picture != nil && s.pictures() {
		if p := note.Picture(); p != nil {
			all["image-data"] = dbus.MakeVariant(p.raw())
		}
	}
	return all
}

// A rawImage is a picture in the specification's words. It goes as pixels and not as the path of a file: nothing is left
// behind, and a server in a sandbox can see it.
type rawImage struct {
	Width, Height, RowStride int32
	Alpha                    bool
	BitsPerSample, Channels  int32
	Data                     []byte
}

func (p *Picture) raw() rawImage {
	const samples, bits = 4, 8
	return rawImage{
		Width: int32(p.Width), Height: int32(p.Height), RowStride: int32(samples * p.Width),
		Alpha: true, BitsPerSample: bits, Channels: samples, Data: p.RGBA,
	}
}

// expiry is in milliseconds; −1 leaves it to the server, 0 would mean never.
func expiry(note *Note) int32 {
	if note.Expire <= 0 {
		return -1
	}
	return int32(max(note.Expire, time.Millisecond).Milliseconds())
}

// tidy drops what is no text: the bus throws out a peer that sends invalid UTF-8, a terminal obeys
// escapes, and after a mark of direction the words of the server itself would run the other way.
func tidy(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}

func line(text string) string { return strings.Join(strings.Fields(tidy(text)), " ") }

// block sets a note for the terminal.
func block(title, body string) string {
	const width = 72
	var out strings.Builder
	out.WriteString("\n  " + line(title) + "\n")
	for paragraph := range strings.SplitSeq(tidy(body), "\n") {
		column := width + 1
		for _, word := range strings.Fields(paragraph) {
			size := len([]rune(word))
			if column+1+size > width {
				if column <= width {
					out.WriteByte('\n')
				}
				out.WriteString("  ")
				column = 0
			} else {
				out.WriteByte(' ')
				column++
			}
			out.WriteString(word)
			column += size
		}
		out.WriteByte('\n')
	}
	out.WriteByte('\n')
	return out.String()
}
