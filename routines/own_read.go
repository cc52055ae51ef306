package routines

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"
)

// Limits of an own file. Ours stay far below them.
const (
	// MaxFileSize is in bytes: the largest of ours has two thousand.
	MaxFileSize = 16 << 10
	// MaxFiles is how many own files are read: more than anybody writes, and few enough to keep in memory.
	MaxFiles = 100

	maxItems   = 12  // of a list: what fits a screen
	maxMoves   = 30  // half a minute each are the longest session there is
	maxLetters = 300 // of a text: two or three sentences
	maxNumber  = 1000
)

// letters are limits of texts that have a narrow place on the screen, by their key.
var letters = map[string]int{
	"id": 40, "name": 40, "author": 80, "setup": 90, "cues.both": 90, "cues.left": 90, "cues.right": 90,
	"equipment": 40, "moves.exercise": 40,
}

// A reading takes the values of a document over into a struct, as far as they are what they should be.
type reading struct {
	*document
	refused map[string]bool // keys that have been complained about
}

func (r *reading) refuse(at int, key, message, hint string) {
	r.refused[key] = true
	r.fail(at, key, message, hint)
}

// fill sets the fields of a struct to those of the table. path is the key of the table, with a dot behind it.
func (r *reading) fill(table *value, into reflect.Value, path string) {
	places := keysOf(into.Type())
	for _, f := range table.fields {
		i, known := places[f.name]
		if !known {
			r.unknown(f, path, places)
			continue
		}
		r.set(f.value, f.at, into.Field(i), path+f.name)
	}
}

// keysOf is where in the struct each key of the file goes.
func keysOf(t reflect.Type) map[string]int {
	places := map[string]int{}
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("toml"); name != "" && name != "-" {
			places[name] = i
		}
	}
	return places
}

func (r *reading) unknown(f *field, path string, places map[string]int) {
	names := make([]string, 0, len(places))
	for name := range places {
		names = append(names, name)
	}
	slices.Sort(names)
	hint := "one of: " + strings.Join(names, " ")
	if near, ok := nearest(f.name, names); ok {
		hint = fmt.Sprintf("did you mean %s?", near)
		r.refused[path+near] = true // what is misspelt is not missing as well
	}
	r.fail(f.at, "", fmt.Sprintf("unknown key %s", shown(path+f.name)), hint)
}

// set takes one value over. key is its key in full, and keyAt where that stands.
func (r *reading) set(v *value, keyAt int, into reflect.Value, key string) {
	wrong := func(kind, example string) {
		at := v.at
		if v.kind == unstable.InlineTable {
			at = keyAt
		}
		r.refuse(at, key, "is not "+kind, "write "+example)
	}
	switch into.Kind() {
	case reflect.String:
		if v.kind != unstable.String {
			wrong("a text in quotes", `it as "…"`)
			return
		}
		r.text(v, key)
		into.SetString(v.text)
	case reflect.Int:
		if v.kind != unstable.Integer {
			wrong("a whole number", "digits without quotes")
			return
		}
		n, err := strconv.ParseInt(v.text, 0, 64)
		if err != nil || n < -maxNumber || n > maxNumber {
			r.refuse(v.at, key, shown(v.text)+" is out of range", "")
			return
		}
		into.SetInt(n)
	case reflect.Bool:
		if v.kind != unstable.Bool {
			wrong("true or false", "true or false, without quotes")
			return
		}
		into.SetBool(v.text == "true")
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		r.set(v, keyAt, into.Elem(), key)
	case reflect.Struct:
		if v.kind != unstable.InlineTable {
			wrong("a table", "it as { key = value }")
			return
		}
		r.fill(v, into, key+".")
	case reflect.Slice:
		if v.kind != unstable.Array {
			wrong("a list", "it in brackets, as in [\"…\"]")
			return
		}
		r.list(v, keyAt, into, key)
	}
}

func (r *reading) list(v *value, keyAt int, into reflect.Value, key string) {
	most := maxItems
	if key == "moves" {
		most = maxMoves
	}
	if len(v.items) > most {
		r.refuse(v.at, key, fmt.Sprintf("has %d entries", len(v.items)), fmt.Sprintf("write at most %d", most))
		v.items = v.items[:most]
	}
	into.Set(reflect.MakeSlice(into.Type(), len(v.items), len(v.items)))
	for i, entry := range v.items {
		r.set(entry, keyAt, into.Index(i), item(key, i))
	}
}

// text looks at a text for what no text may have.
func (r *reading) text(v *value, key string) {
	most := maxLetters
	if n := letters[withoutIndexes(key)]; n > 0 {
		most = n
	}
	if n := utf8.RuneCountInString(v.text); n > most {
		r.refuse(v.at, key, fmt.Sprintf("has %d letters", n), fmt.Sprintf("write at most %d", most))
		return
	}
	switch odd := oddText(v.text); {
	case odd == "":
	case bytes.ContainsFunc(v.raw, invisible):
		r.refused[key] = true // said already, with its exact place
	default:
		r.refuse(v.at, key, odd, "remove it")
	}
}

// withoutIndexes is moves.exercise for moves[2].exercise.
func withoutIndexes(key string) string {
	var b strings.Builder
	inside := false
	for _, c := range key {
		inside = inside && c != ']' || c == '['
		if !inside && c != ']' {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// nearest is the word that takes the fewest letters to insert, remove or replace, if they are few enough for
// a slip of the fingers: two letters in the wrong order are two.
func nearest(word string, words []string) (best string, ok bool) {
	typos := min(max(len(word)/2, 1), 2)
	fewest := typos + 1
	for _, w := range words {
		if len(w)-len(word) > typos || len(word)-len(w) > typos {
			continue
		}
		if n := slips(word, w); n < fewest {
			best, fewest = w, n
		}
	}
	return best, fewest <= typos
}

// slips is the Levenshtein distance.
func slips(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			n := diagonal
			if a[i] != b[j] {
				n = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], n
		}
	}
	return row[len(b)]
}
