package page

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"math"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/unhunch/unhunch/daemon/words"
)

//go:embed assets
var assets embed.FS

//go:embed views
var viewFiles embed.FS

// kinds are the types of our files. None is guessed.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

func assetNames() []string {
	entries, _ := fs.ReadDir(assets, "assets") // it is embedded
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

func asset(name string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		body, err := assets.ReadFile("assets/" + name)
		if err != nil {
			refuse(w, closedDoor{http.StatusNotFound, words.PageNothingHere})
			return
		}
		send(w, http.StatusOK, kinds[path.Ext(name)], body)
	}
}

// helpers are what the templates need beside the values given to them.
var helpers = template.FuncMap{
	"entry": func(path, label string, here bool) any {
		return struct {
			Path, Label string
			Here        bool
		}{path, label, here}
	},
	"join": join,
	"shelves": func(w words.PageLabels, reading bool) any {
		type entry struct {
			Path, Label string
			Here        bool
		}
		return struct {
			Label   string
			Entries []entry
		}{w.Catalogue.Title, []entry{{"/exercises", w.Catalogue.Exercises, !reading}, {"/read", w.Catalogue.Reading, reading}}}
	},
	"choosing": func(w words.PageLabels, v *chooseView) any {
		return struct {
			W words.PageLabels
			V *chooseView
		}{w, v}
	},
	"table": func(summary, title string, c chart) any {
		return struct {
			Summary, Title string
			Chart          chart
		}{summary, title, c}
	},
	"clock": func(s float64) string {
		left := int(math.Ceil(s))
		return fmt.Sprintf("%d:%02d", left/60, left%60)
	},
}

// views are the templates that were needed so far. They go with the page: to a daemon whose page nobody wants they are
// not worth their memory.
type views struct {
	mu     sync.Mutex
	parsed map[string]*template.Template
}

// template is that of a view, with the frame around it.
func (v *views) template(name string) (*template.Template, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if t := v.parsed[name]; t != nil {
		return t, nil
	}
	t, err := template.New("frame.html").Funcs(helpers).ParseFS(viewFiles, "views/frame.html", "views/"+name+".html")
	if err != nil {
		return nil, err
	}
	if v.parsed == nil {
		v.parsed = map[string]*template.Template{}
	}
	v.parsed[name] = t
	return t, nil
}

// join is for what scripts look for by.
func join(all []string) string { return strings.Join(all, " ") }
