package config

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// An Error is one thing wrong with the settings.
type Error struct {
	File    string // "" when it is not about a file
	Line    int    // from 1; 0 when it has no place in the file
	Column  int    // from 1, in characters
	Key     string // "sitting.limit"; "" when it is about no one key
	Value   string // as written; "" when it is about no one value
	Message string // what is wrong, value included
	Hint    string // what to try; may be ""

	offset int // into the file, until locate turns it into a line and column
	cause  error
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File + ":")
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, "%d:%d:", e.Line, e.Column)
	}
	if b.Len() > 0 {
		b.WriteString(" ")
	}
	if e.Key != "" {
		b.WriteString(e.Key + ": ")
	}
	b.WriteString(fault{e.Message, e.Hint}.Error())
	return b.String()
}

func (e *Error) Unwrap() error { return e.cause }

// A fault is what is wrong with one value, before it is known where that value stands.
type fault struct{ message, hint string }

func (f fault) Error() string {
	if f.hint == "" {
		return f.message
	}
	return f.message + "; " + f.hint
}

// Errors is everything wrong with the settings, in the order of the file.
type Errors []*Error

// Error gives one line an error.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find the first *Error.
func (es Errors) Unwrap() []error {
	out := make([]error, len(es))
	for i, e := range es {
		out[i] = e
	}
	return out
}

func (es Errors) in(file string) Errors {
	for _, e := range es {
		e.File = file
	}
	return es
}

func (es Errors) on(key string) Errors {
	for _, e := range es {
		e.Key = key
	}
	return es
}

// locate gives every error its line and column in data and sorts them by it.
func (es Errors) locate(data []byte) {
	slices.SortStableFunc(es, func(a, b *Error) int { return cmp.Compare(a.offset, b.offset) })
	line, lineStart, at := 1, 0, 0
	for _, e := range es {
		before := data[at:e.offset]
		line += bytes.Count(before, []byte{'\n'})
		if i := bytes.LastIndexByte(before, '\n'); i >= 0 {
			lineStart = at + i + 1
		}
		at = e.offset
		e.Line, e.Column = line, utf8.RuneCount(data[lineStart:at])+1
	}
}
