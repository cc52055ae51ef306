package routines

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A value is one value of a TOML file, with its place. Decoding into a struct would be less work, but stops at the
// first mistake and forgets where things stand.
type value struct {
	kind    unstable.Kind // InlineTable for tables of any form, Array for lists of any form
	at      int           // offset of a text, a number, true or false; of the key of everything else
	text    string        // what a text says; otherwise as written
	raw     []byte        // of a text, as written
	items   []*value      // of a list
	fields  []*field      // of a table, in the order of the file
	implied bool          // a table that was only named on the way to another
}

// A field is a key of a table.
type field struct {
	name  string
	at    int
	value *value
}

func (v *value) field(name string) *field {
	for _, f := range v.fields {
		if f.name == name {
			return f
		}
	}
	return nil
}

// A place in a file and what is wrong there.
type placed struct {
	fault
	at int
}

// A document is a TOML file taken apart.
type document struct {
	data   []byte
	parser unstable.Parser
	root   *value
	broken bool // what follows an error of syntax has not been read
	wrong  []placed
}

// parseDocument reads data as far as its syntax goes. An error of syntax ends it; what else is wrong, such as a key
// that is set twice, is noted and passed.
func parseDocument(data []byte) *document {
	d := &document{data: data, root: newTable(0)}
	d.strange()
	d.parser.Reset(data)
	table := d.root
	for d.parser.NextExpression() {
		switch node := d.parser.Expression(); node.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = d.header(node)
		case unstable.KeyValue:
			d.pair(table, node)
		}
	}
	d.syntax(d.parser.Error())
	return d
}

func newTable(at int) *value { return &value{kind: unstable.InlineTable, at: at} }

func (d *document) fail(at int, key, message, hint string) {
	d.wrong = append(d.wrong, placed{fault{key, message, hint}, at})
}

func (d *document) syntax(err error) {
	if err == nil {
		return
	}
	d.broken = true
	at, message := len(d.data), err.Error()
	if e, ok := errors.AsType[*unstable.ParserError](err); ok {
		if message = e.Message; len(e.Highlight) > 0 { // none: the file ends where more is needed
			at = int(d.parser.Range(e.Highlight).Offset)
		}
	}
	if !slices.ContainsFunc(d.wrong, func(w placed) bool { return w.at == at }) { // a strange character says it better
		d.fail(at, "", "not TOML: "+printable(message), "")
	}
}

// header is the table that a [header] or a [[header]] begins.
func (d *document) header(node *unstable.Node) *value {
	table := d.root
	for it := node.Key(); it.Next(); {
		name, at := string(it.Node().Data), int(it.Node().Raw.Offset)
		last := it.IsLast()
		found := table.field(name)
		switch {
		case found == nil && last && node.Kind == unstable.ArrayTable:
			next := newTable(at)
			table.fields = append(table.fields, &field{name, at, &value{kind: unstable.Array, at: at, items: []*value{next}}})
			return next
		case found == nil:
			next := newTable(at)
			next.implied = !last
			table.fields = append(table.fields, &field{name, at, next})
			table = next
			continue
		case last && node.Kind == unstable.ArrayTable && found.value.kind == unstable.Array:
			next := newTable(at)
			found.value.items = append(found.value.items, next)
			return next
		case last && !found.value.implied:
			d.fail(at, name, d.twice(name, found.at), "put what belongs to it in one place")
			return newTable(at) // what follows is looked at by itself
		}
		if table = found.value.inner(); table == nil {
			d.fail(at, name, fmt.Sprintf("%s is no table, see line %d", shown(name), d.line(found.at)), "")
			return newTable(at)
		}
		if last {
			table.implied = false
		}
	}
	return table
}

// inner is the table that further keys under v belong to: v itself, or the last of a list of tables.
func (v *value) inner() *value {
	if v.kind == unstable.Array && len(v.items) > 0 {
		v = v.items[len(v.items)-1]
	}
	if v.kind != unstable.InlineTable {
		return nil
	}
	return v
}

// pair puts a pair of key and value into the table.
func (d *document) pair(table *value, node *unstable.Node) {
	for it := node.Key(); it.Next(); {
		name, at := string(it.Node().Data), int(it.Node().Raw.Offset)
		found := table.field(name)
		switch {
		case found == nil && it.IsLast():
			table.fields = append(table.fields, &field{name, at, d.value(node.Value(), at)})
			return
		case found == nil:
			next := newTable(at)
			table.fields = append(table.fields, &field{name, at, next})
			table = next
		case it.IsLast() || found.value.kind != unstable.InlineTable:
			d.fail(at, name, d.twice(name, found.at), "remove one of them")
			return
		default:
			table = found.value
		}
	}
}

func (d *document) twice(name string, first int) string {
	return fmt.Sprintf("%s is there twice, first on line %d", shown(name), d.line(first))
}

// value is the value behind the key at the offset.
func (d *document) value(node *unstable.Node, key int) *value {
	v := &value{kind: node.Kind, at: key}
	switch node.Kind {
	case unstable.Array:
		for it := node.Children(); it.Next(); {
			v.items = append(v.items, d.value(it.Node(), key))
		}
	case unstable.InlineTable:
		for it := node.Children(); it.Next(); {
			d.pair(v, it.Node())
		}
		if len(v.fields) > 0 {
			v.at = v.fields[0].at
		}
	case unstable.String:
		v.at, v.text, v.raw = int(node.Raw.Offset), string(node.Data), d.parser.Raw(node.Raw)
	default:
		// The parser gives a range only to some of these, but all are as written.
		v.at, v.text = int(d.parser.Range(node.Data).Offset), string(node.Data)
	}
	return v
}

func (d *document) line(offset int) int {
	return bytes.Count(d.data[:offset], []byte{'\n'}) + 1
}

// column counts characters from 1, as editors do.
func (d *document) column(offset int) int {
	return utf8.RuneCount(d.data[bytes.LastIndexByte(d.data[:offset], '\n')+1:offset]) + 1
}

// where is the offset of the key, or of the nearest thing there is around it.
func (d *document) where(key string) int {
	at, v := 0, d.root
	for name := range strings.FieldsFuncSeq(key, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		var next *value
		switch v.kind {
		case unstable.Array:
			if i, err := strconv.Atoi(name); err == nil && i < len(v.items) {
				next = v.items[i]
			}
		case unstable.InlineTable:
			if f := v.field(name); f != nil {
				next = f.value
			}
		}
		if next == nil {
			return at
		}
		v, at = next, next.at
	}
	return at
}
