package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A field is one setting of a Config, of one of the shapes below.
type field interface {
	// decode takes the value over, or says all that is wrong with it.
	decode(literal) Errors
	// text is the value in force as TOML.
	text() string
	// shape is the TOML kind of the value, for reading what a person types without quotes or brackets.
	shape() unstable.Kind
	// unit says what to write, in words.
	unit() string
}

func (v literal) wrong(message, hint string) Errors {
	return Errors{{Value: v.written, Message: message, Hint: hint, offset: v.start}}
}

func (v literal) refused(err error) Errors {
	var f fault
	if errors.As(err, &f) {
		return v.wrong(f.message, f.hint)
	}
	return v.wrong(err.Error(), "")
}

// is reports whether v is of the kind, and the error when it is not.
func (v literal) is(kind unstable.Kind, example string) Errors {
	if v.kind == kind {
		return nil
	}
	return v.wrong(label(v.written)+" is not "+kindNames[kind], "write "+example)
}

var kindNames = map[unstable.Kind]string{
	unstable.String:  "a text in quotes",
	unstable.Bool:    "true or false",
	unstable.Integer: "a whole number",
	unstable.Array:   "a list",
}

// duration is a time span: in the file, text with a unit.
type duration struct {
	value *time.Duration
	limit span
}

// A span bounds a duration, both ends included.
type span struct{ min, max time.Duration }

var (
	positive  = span{time.Nanosecond, longest}
	orZero    = span{0, longest}
	snoozable = span{time.Nanosecond, time.Hour}
)

func (f duration) shape() unstable.Kind { return unstable.String }
func (f duration) unit() string         { return `duration, like "30m"` }
func (f duration) text() string         { return quote(FormatDuration(*f.value)) }

func (f duration) decode(v literal) Errors {
	if v.kind == unstable.Integer || v.kind == unstable.Float {
		return v.wrong(v.written+" has no unit", fmt.Sprintf(`write "%sm" for minutes or "%[1]ss" for seconds`, v.written))
	}
	if errs := v.is(unstable.String, `a duration like "30m"`); errs != nil {
		return errs
	}
	read := ParseDuration
	if f.limit.min == 0 {
		read = parseDuration
	}
	d, err := read(v.text)
	switch {
	case err != nil:
		return v.refused(err)
	case d < f.limit.min:
		return v.wrong(shown(v.text)+" is too short", fmt.Sprintf("the shortest is %q", FormatDuration(f.limit.min)))
	case d > f.limit.max:
		return v.wrong(shown(v.text)+" is too long", fmt.Sprintf("the longest is %q", FormatDuration(f.limit.max)))
	}
	*f.value = d
	return nil
}

type boolean struct{ value *bool }

func (f boolean) shape() unstable.Kind { return unstable.Bool }
func (f boolean) unit() string         { return "true or false" }
func (f boolean) text() string         { return strconv.FormatBool(*f.value) }

func (f boolean) decode(v literal) Errors {
	if errs := v.is(unstable.Bool, "true or false, without quotes"); errs != nil {
		return errs
	}
	*f.value = v.text == "true"
	return nil
}

// count is a whole number from zero to most.
type count struct {
	value *int
	most  int
}

func (f count) shape() unstable.Kind { return unstable.Integer }
func (f count) unit() string         { return fmt.Sprintf("number from 0 to %d", f.most) }
func (f count) text() string         { return strconv.Itoa(*f.value) }

func (f count) decode(v literal) Errors {
	if errs := v.is(unstable.Integer, "a number without quotes, like 3"); errs != nil {
		return errs
	}
	n, err := strconv.Atoi(v.text)
	// TOML has no leading zeros, and nobody needs its hexadecimal here.
	if err != nil || n < 0 || n > f.most || strconv.Itoa(n) != v.text {
		return v.wrong(label(v.text)+" is out of range", "write a "+f.unit())
	}
	*f.value = n
	return nil
}

// choice is one of a few words.
type choice struct {
	value *string
	words []string
}

func (f choice) shape() unstable.Kind { return unstable.String }
func (f choice) text() string         { return quote(*f.value) }

func (f choice) unit() string {
	quoted := make([]string, len(f.words))
	for i, w := range f.words {
		quoted[i] = quote(w)
	}
	last := len(quoted) - 1
	return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
}

func (f choice) decode(v literal) Errors {
	if errs := v.is(unstable.String, f.unit()); errs != nil {
		return errs
	}
	if !slices.Contains(f.words, v.text) {
		return v.wrong(shown(v.text)+" is not one of the choices", "write "+f.unit())
	}
	*f.value = v.text
	return nil
}

// durations is a list of one to six time spans.
type durations struct {
	value *[]time.Duration
	limit span
}

const mostDurations = 6

func (f durations) shape() unstable.Kind { return unstable.Array }
func (f durations) unit() string         { return `list of durations, like ["5m", "10m"]` }

func (f durations) text() string {
	return list(*f.value, func(d time.Duration) string { return quote(FormatDuration(d)) })
}

func (f durations) decode(v literal) Errors {
	if errs := v.is(unstable.Array, `one like ["5m", "10m"]`); errs != nil {
		return errs
	}
	if n := len(v.items); n < 1 || n > mostDurations {
		return v.wrong(fmt.Sprintf("%d entries", n), fmt.Sprintf("write 1 to %d", mostDurations))
	}
	out := make([]time.Duration, len(v.items))
	var errs Errors
	for i, item := range v.items {
		errs = append(errs, duration{&out[i], f.limit}.decode(item)...)
	}
	if len(errs) == 0 {
		*f.value = out
	}
	return errs
}

// texts is a list of names.
type texts struct{ value *[]string }

func (f texts) shape() unstable.Kind { return unstable.Array }
func (f texts) unit() string         { return `list of names, like ["obs"]` }
func (f texts) text() string         { return list(*f.value, quote) }

func (f texts) decode(v literal) Errors {
	if errs := v.is(unstable.Array, `one like ["obs"]`); errs != nil {
		return errs
	}
	var out []string
	var errs Errors
	for _, item := range v.items {
		if wrong := item.is(unstable.String, `names in quotes, like ["obs"]`); wrong != nil {
			errs = append(errs, wrong...)
		} else if strings.TrimSpace(item.text) == "" {
			errs = append(errs, item.wrong("a name is empty", "remove it")...)
		}
		out = append(out, item.text)
	}
	if len(errs) == 0 {
		*f.value = out
	}
	return errs
}

func list[T any](items []T, text func(T) string) string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = text(item)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// quote writes s as a TOML string. Go's own quoting has escapes that TOML lacks.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case hidden(r):
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// hidden tells what cannot be seen and is obeyed all the same: by a terminal, or by whoever sets the text.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// label is a name as it stands in a message: as it is, or in quotes where it could not be seen.
func label(s string) string {
	if s = clip(s); strings.ContainsFunc(s, hidden) {
		return quote(s)
	}
	return s
}

// shown is s as it stands in a message.
func shown(s string) string { return quote(clip(s)) }

// clip keeps a message readable that quotes a value of any length and any number of lines.
func clip(s string) string {
	const most = 40 // characters
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
