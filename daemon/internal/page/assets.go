package page

import (
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/unhunch/unhunch/daemon/words"
)

//go:embed assets
var assets embed.FS

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

// join is for what scripts look for by.
func join(all []string) string { return strings.Join(all, " ") }
