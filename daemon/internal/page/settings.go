package page

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/words"
)

// A settingsView is every setting there is, by its table.
type settingsView struct {
	Path     string
	Sections []section
}

type section struct {
	Name  string
	Title string
	Rows  []settingRow
}

// A settingRow is one setting: what it means, what it may be and what it is.
type settingRow struct {
	Key     string
	ID      string // the key, as an id of HTML
	Name    string // the last part of the key
	Meaning string
	Unit    string
	Default string
	// DefaultLabel is how the default is named on the screen.
	DefaultLabel string
	Value        string   // as one would type it
	Choices      []choice // where it is one of a few words
}

type choice struct {
	Value, Label string
	Picked       bool
}

func (l *live) settings(*http.Request, api.State) (content, error) {
	set := l.backend.Settings()
	v := settingsView{Path: set.Path}
	for _, k := range config.Keys() {
		table, name, _ := strings.Cut(k.Name, ".")
		if n := len(v.Sections); n == 0 || v.Sections[n-1].Name != table {
			v.Sections = append(v.Sections, section{Name: table, Title: words.PageSections[table]})
		}
		last := &v.Sections[len(v.Sections)-1]
		value := typed(set.Values[k.Name])
		row := settingRow{
			Key: k.Name, ID: strings.ReplaceAll(k.Name, ".", "-"), Name: name, Meaning: k.Meaning, Unit: k.Unit,
			Default: typed(json.RawMessage(k.Default)), Value: value,
		}
		row.DefaultLabel = cmp.Or(row.Default, choiceLabel(""))
		for _, c := range k.Choices {
			row.Choices = append(row.Choices, choice{Value: c, Label: choiceLabel(c), Picked: c == value})
			if c == row.Default {
				row.DefaultLabel = choiceLabel(c)
			}
		}
		last.Rows = append(last.Rows, row)
	}
	return v, nil
}

// choiceLabel names a choice on the screen.
func choiceLabel(c string) string {
	switch c {
	case "true":
		return words.Page.On
	case "false":
		return words.Page.Off
	case "":
		return "–"
	}
	return c
}

// typed is a value as one would type it: a list without brackets, a text without quotes.
func typed(toml json.RawMessage) string {
	var list []string
	var text string
	switch {
	case json.Unmarshal(toml, &list) == nil:
		return strings.Join(list, ", ")
	case json.Unmarshal(toml, &text) == nil:
		return text
	}
	return string(toml)
}

// values are the settings in force, for a page that is open while the file changes.
func (l *live) values(w http.ResponseWriter, _ *http.Request) {
	all := map[string]string{}
	for key, value := range l.backend.Settings().Values {
		all[key] = typed(value)
	}
	writeJSON(w, http.StatusOK, all)
}

// set changes one setting.
func (l *live) set(w http.ResponseWriter, r *http.Request) {
	answer(w, r, l.backend.SetSetting(r.Context(), r.PostFormValue("key"), r.PostFormValue("value")), "/settings")
}
