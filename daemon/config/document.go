package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A document is a settings file taken apart, with the place of everything in it. Decoding into a struct would be
// less work, but stops at the first error, and forgets where a value stands that is to be changed.
type document struct {
	tables  []table
	entries []entry
}

// A table can be written in three ways, and a new key must follow the way that is there.
type form int

const (
	header form = iota // [sitting]
	dotted             // sitting.limit = …
	inline             // sitting = { limit = … }
)

type table struct {
	name string
	form form
	at   int // offset of its name
	body int // offset where its first key may stand: behind the header or the opening brace
}

type entry struct {
	table, name string // table is "" for a key outside every table
	at          int    // offset of the name as written, table included when dotted
	value       literal
}

// A literal is one value as written.
type literal struct {
	kind       unstable.Kind
	start, end int       // offsets
	written    string    // the bytes between them
	text       string    // what a string says; otherwise as written
	items      []literal // of an array
	fields     []entry   // of an inline table, with the table's name still missing
}

func (d document) table(name string) (table, bool) {
	for _, t := range d.tables {
		if t.name == name {
			return t, true
		}
	}
	return table{}, false
}

func (d document) entry(table, name string) (entry, bool) {
	for _, e := range d.entries {
		if e.table == table && e.name == name {
			return e, true
		}
	}
	return entry{}, false
}

// last is the entry of the table that stands last in the file.
func (d document) last(table string) (last entry, ok bool) {
	for _, e := range d.entries {
		if e.table == table {
			last, ok = e, true
		}
	}
	return last, ok
}

// A reader takes a file apart, noting what TOML forbids on the way.
type reader struct {
	data    []byte
	parser  unstable.Parser
	doc     document
	errs    Errors
	current string            // the table of the last header
	lines   map[[2]string]int // where what is already there stands, by table and name
	tables  map[string]table
}

// parseDocument reads data as far as its syntax goes. An error of syntax ends it; what else is wrong, like a key
// set twice, is noted and passed.
func parseDocument(data []byte) (document, Errors) {
	r := reader{data: data, lines: map[[2]string]int{}, tables: map[string]table{}}
	r.parser.Reset(data)
	for r.parser.NextExpression() {
		switch node := r.parser.Expression(); node.Kind {
		case unstable.Table:
			r.header(node)
		case unstable.ArrayTable:
			r.header(node)
			_, at, _ := r.key(node)
			r.fail(at, "[["+label(r.current)+"]] starts a list of tables", "write ["+label(r.current)+"]")
		case unstable.KeyValue:
			r.keyValue(node)
		}
	}
	var syntax *unstable.ParserError
	if errors.As(r.parser.Error(), &syntax) {
		r.fail(int(r.parser.Range(syntax.Highlight).Offset), "not TOML: "+syntax.Message, "")
	}
	return r.doc, r.errs
}

func (r *reader) fail(at int, message, hint string) {
	r.errs = append(r.errs, &Error{Message: message, Hint: hint, offset: at})
}

// key is the dotted name of a header or a pair, and where it starts and ends.
func (r *reader) key(node *unstable.Node) (name []string, start, end int) {
	for it := node.Key(); it.Next(); {
		raw := it.Node().Raw
		if name == nil {
			start = int(raw.Offset)
		}
		name = append(name, string(it.Node().Data))
		end = int(raw.Offset + raw.Length)
	}
	return name, start, end
}

func (r *reader) header(node *unstable.Node) {
	name, at, end := r.key(node)
	r.current = strings.Join(name, ".")
	body := end + bytes.IndexByte(r.data[end:], ']') + 1
	r.addTable(table{name: r.current, form: header, at: at, body: body})
}

func (r *reader) keyValue(node *unstable.Node) {
	name, at, end := r.key(node)
	value := r.literal(node.Value(), r.valueStart(end))
	switch {
	case r.current != "":
		r.addEntry(entry{table: r.current, name: strings.Join(name, "."), at: at, value: value})
	case len(name) > 1:
		if t, ok := r.tables[name[0]]; !ok || t.form != dotted {
			r.addTable(table{name: name[0], form: dotted, at: at})
		}
		r.addEntry(entry{table: name[0], name: strings.Join(name[1:], "."), at: at, value: value})
	case value.kind == unstable.InlineTable:
		r.addTable(table{name: name[0], form: inline, at: at, body: value.start + 1})
		for _, f := range value.fields {
			f.table = name[0]
			r.addEntry(f)
		}
	default:
		r.addEntry(entry{name: name[0], at: at, value: value})
	}
}

func (r *reader) addTable(t table) {
	if first, ok := r.tables[t.name]; ok {
		r.fail(t.at, fmt.Sprintf("[%s] is there twice, first on line %d", label(t.name), r.line(first.at)),
			"put its keys together under one")
		return
	}
	r.tables[t.name] = t
	r.doc.tables = append(r.doc.tables, t)
}

func (r *reader) addEntry(e entry) {
	id := [2]string{e.table, e.name}
	if first, ok := r.lines[id]; ok {
		name := strings.TrimPrefix(e.table+"."+e.name, ".")
		r.errs = append(r.errs, &Error{
			Key: name, Value: e.value.written, offset: e.at,
			Message: fmt.Sprintf("%s is set twice, first on line %d", label(e.name), r.line(first)),
			Hint:    "remove one of them",
		})
		return
	}
	r.lines[id] = e.at
	r.doc.entries = append(r.doc.entries, e)
}

func (r *reader) line(offset int) int { return bytes.Count(r.data[:offset], []byte{'\n'}) + 1 }

// The parser tells where a string or number ends but not where an array or an inline table does. What follows
// finds it from what the parser has already found to be right.

// valueStart is where the value behind a key that ends at offset starts.
func (r *reader) valueStart(offset int) int {
	equals := offset + bytes.IndexByte(r.data[offset:], '=')
	return r.skip(equals+1, " \t")
}

func (r *reader) skip(offset int, set string) int {
	for offset < len(r.data) && strings.IndexByte(set, r.data[offset]) >= 0 {
		offset++
	}
	return offset
}

// skipFiller passes what may stand between the items of an array.
func (r *reader) skipFiller(offset int) int {
	for {
		offset = r.skip(offset, " \t\r\n,")
		if offset >= len(r.data) || r.data[offset] != '#' {
			return offset
		}
		offset += bytes.IndexByte(r.data[offset:], '\n') + 1
	}
}

func (r *reader) literal(node *unstable.Node, start int) literal {
	v := literal{kind: node.Kind, start: start}
	switch node.Kind {
	case unstable.Array:
		v.end = r.skipFiller(start + 1)
		for it := node.Children(); it.Next(); {
			item := r.literal(it.Node(), v.end)
			v.items = append(v.items, item)
			v.end = r.skipFiller(item.end)
		}
		v.end++
	case unstable.InlineTable:
		v.end = start + 1
		for it := node.Children(); it.Next(); {
			name, at, end := r.key(it.Node())
			field := entry{name: strings.Join(name, "."), at: at, value: r.literal(it.Node().Value(), r.valueStart(end))}
			v.fields = append(v.fields, field)
			v.end = field.value.end
		}
		v.end = r.skip(v.end, " \t") + 1
	case unstable.String:
		v.end = start + int(node.Raw.Length)
		v.text = string(node.Data)
	default:
		v.end = start + len(node.Data)
	}
	v.written = string(r.data[v.start:v.end])
	if node.Kind != unstable.String {
		v.text = v.written
	}
	return v
}
