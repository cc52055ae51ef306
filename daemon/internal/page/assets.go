package page

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"math"
	"net/http"
	"path"

	"github.com/unhunch/unhunch/daemon/words"
)

//go:embed assets
var assets embed.FS

//go:embed views
var views embed.FS

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

// parseViews reads the templates, each view with the frame around it.
func parseViews() (map[string]*template.Template, error) {
	all := map[string]*template.Template{}
	for name := range viewTitles {
		t, err := template.New("frame.html").Funcs(helpers).ParseFS(views, "views/frame.html", "views/"+name+".html")
		if err != nil {
			return nil, err
		}
		all[name] = t
	}
	return all, nil
}
