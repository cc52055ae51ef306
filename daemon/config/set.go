package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/unhunch/unhunch/daemon/internal/files"
)

// Set changes one key of the file at path, and not a byte besides its value; where the key is missing it is added
// on a line of its own, with its table if need be. The value is written as a person types it: 45m, true, tray,
// "5m,10m" or 09:00-12:30,13:30-18:00; TOML is understood too. Links are followed, the file's mode is kept, and
// what was there before stays beside it as .bak.
//
// The result is judged as a whole first: when anything in it is wrong, Set returns the Errors and changes nothing.
// Comments within a list that is replaced go with it. The first day set in [hours] leaves the other days with none.
func Set(path, key, value string) error {
	s, err := lookup(key)
	if err != nil {
		return err
	}
	text, err := s.typed(value)
	if err != nil {
		return err
	}
	path = files.BehindLinks(path)
	before, mode, err := current(path)
	if err != nil {
		return err
	}
	after, err := edit(before, s, text)
	if err != nil {
		return within(path, err)
	}
	if bytes.Equal(before, after) {
		return nil
	}
	if _, err := Parse(after); err != nil {
		return within(path, err)
	}
	return replace(path, before, after, mode)
}

// current is the file as it is: nothing, with the mode a new one gets, when there is none.
func current(path string) ([]byte, fs.FileMode, error) {
	data, err := read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0o600, nil
	}
	if err != nil {
		return nil, 0, within(path, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	return data, info.Mode(), nil
}

// within puts the file's name to an error about what is in it.
func within(path string, err error) error {
	if errs, ok := errors.AsType[Errors](err); ok {
		return errs.in(path)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// replace writes the new file, keeping the old one, if there was one, as .bak.
func replace(path string, before, after []byte, mode fs.FileMode) error {
	if before == nil {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
	} else if err := files.WriteAtomicMode(path+".bak", before, mode); err != nil {
		return err
	}
	return files.WriteAtomicMode(path, after, mode)
}

// typed turns what a person typed into TOML for the setting, and refuses what the setting cannot be.
func (s setting) typed(value string) (string, error) {
	if !utf8.ValidString(value) {
		return "", &Error{Key: s.Name, Message: "the value is not UTF-8 text"}
	}
	var scratch Config
	f := s.field(&scratch)
	v, err := typedLiteral(strings.TrimSpace(value), f.shape())
	if err != nil {
		return "", &Error{Key: s.Name, Value: value, Message: label(value) + " is not TOML", Hint: "expected " + f.unit()}
	}
	if errs := f.decode(v); len(errs) > 0 {
		return "", errs.on(s.Name)
	}
	// A day's text depends on whether there are any hours at all, and now there are.
	scratch.Hours.Set = true
	return f.text(), nil
}

// typedLiteral reads a value that may lack the quotes, brackets and commas of TOML.
func typedLiteral(s string, shape unstable.Kind) (literal, error) {
	if s != "" && strings.ContainsRune(`"'[`, rune(s[0])) {
		doc, errs := parseDocument([]byte("value = " + s))
		if len(errs) > 0 {
			return literal{}, errs
		}
		if len(doc.entries) != 1 || len(doc.tables) != 0 {
			return literal{}, errors.New("more than one value")
		}
		return doc.entries[0].value, nil
	}
	v := literal{kind: shape, text: s, written: s}
	if shape != unstable.Array {
		return plain(s, shape), nil
	}
	for item := range strings.SplitSeq(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			v.items = append(v.items, plain(item, unstable.String))
		}
	}
	return v, nil
}

// plain is a bare word, of the shape wanted if it can be read as that.
func plain(s string, shape unstable.Kind) literal {
	if shape == unstable.Bool && s != "true" && s != "false" {
		shape = unstable.String
	}
	return literal{kind: shape, text: s, written: s}
}

// edit puts text, which is TOML, at the key's place in data.
func edit(data []byte, s setting, text string) ([]byte, error) {
	doc, errs := parseDocument(data)
	if len(errs) > 0 {
		errs.locate(data)
		return nil, errs
	}
	table, name := s.split()
	if e, ok := doc.entry(table, name); ok {
		return splice(data, e.value.start, e.value.end, text), nil
	}
	line := name + " = " + text
	t, ok := doc.table(table)
	if !ok {
		return appendTable(data, table, line), nil
	}
	last, filled := doc.last(table)
	switch {
	case t.form == inline && filled:
		return splice(data, last.value.end, last.value.end, ", "+line), nil
	case t.form == inline:
		return splice(data, t.body, t.body, " "+line+" "), nil
	case t.form == dotted:
		return insertLine(data, last.value.end, indentation(data, last.at)+table+"."+line), nil
	case filled:
		return insertLine(data, last.value.end, indentation(data, last.at)+line), nil
	default:
		return insertLine(data, t.body, line), nil
	}
}

// indentation is what stands before the key at offset on its line.
func indentation(data []byte, offset int) string {
	start := bytes.LastIndexByte(data[:offset], '\n') + 1
	return string(data[start:offset])
}

func splice(data []byte, from, to int, text string) []byte {
	out := make([]byte, 0, len(data)+len(text))
	out = append(out, data[:from]...)
	out = append(out, text...)
	return append(out, data[to:]...)
}

// insertLine adds a line below the one that offset is on.
func insertLine(data []byte, offset int, line string) []byte {
	end := bytes.IndexByte(data[offset:], '\n')
	if end < 0 {
		return splice(data, len(data), len(data), newline(data)+line+newline(data))
	}
	at := offset + end + 1
	return splice(data, at, at, line+newline(data))
}

func appendTable(data []byte, table, line string) []byte {
	eol := newline(data)
	gap := ""
	switch {
	case len(data) == 0:
	case bytes.HasSuffix(data, []byte{'\n'}):
		gap = eol
	default:
		gap = eol + eol
	}
	return splice(data, len(data), len(data), gap+"["+table+"]"+eol+line+eol)
}

// newline is how the lines of data end.
func newline(data []byte) string {
	if i := bytes.IndexByte(data, '\n'); i > 0 && data[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}
