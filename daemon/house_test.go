package daemon

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/unhunch/unhunch/"

// leaves are the rooms that any other may import.
var leaves = []string{
	"daemon/api", "daemon/config", "daemon/words",
	"daemon/internal/clock", "daemon/internal/bus", "daemon/internal/files",
}

// walls say what each room may import of ours. A room that is not listed must be added here, and to doc.go.
var walls = map[string][]string{
	"cmd/unhunch":              {"daemon", "daemon/api", "daemon/client", "daemon/config", "daemon/words", "routines", "routines/figure"},
	"daemon":                   nil, // wires everything: see TestWalls
	"daemon/api":               {},
	"daemon/client":            {"daemon/api", "daemon/internal/files"},
	"daemon/client/clienttest": {"daemon/api", "daemon/internal/server"},
	"daemon/config":            {"daemon/internal/files", "daemon/internal/watch"},
	"daemon/words":             {"daemon/api", "routines"},
	"daemon/desktest":          {"daemon/api", "daemon/client", "daemon/internal/wayland"},
	"daemon/desktest/bench": {
		"daemon/api", "daemon/client", "daemon/desktest", "daemon/internal/history", "daemon/internal/history/historytest",
	},
	"daemon/desktest/bench/floor/sleeps": {},
	"daemon/desktest/bench/floor/polls":  {},
	"daemon/packaged":                    {"daemon/internal/service"},
	"daemon/internal/core": {
		"daemon/api", "daemon/internal/clock", "daemon/internal/reminder", "daemon/internal/sitting", "routines",
	},
	"daemon/internal/promises": {
		"daemon/internal/clock", "daemon/internal/core", "daemon/internal/reminder", "daemon/internal/sitting",
	},
	"daemon/internal/sitting":             {},
	"daemon/internal/reminder":            {},
	"daemon/internal/clock":               {},
	"daemon/internal/files":               {},
	"daemon/internal/watch":               {"daemon/internal/files"},
	"daemon/internal/bus":                 {},
	"daemon/internal/bus/bustest":         {"daemon/desktest"},
	"daemon/internal/presence":            append([]string{"daemon/internal/wayland"}, leaves...),
	"daemon/internal/wayland":             {},
	"daemon/internal/wayland/waylandtest": {},
	"daemon/internal/vouch":               leaves,
	"daemon/internal/hold":                leaves,
	"daemon/internal/notify":              leaves,
	"daemon/internal/history":             append([]string{"daemon/internal/history/engine"}, leaves...),
	"daemon/internal/history/engine":      {},
	"daemon/internal/history/historytest": {"daemon/internal/history"},
	"daemon/internal/profile":             append([]string{"routines"}, leaves...),
	"daemon/internal/server":              leaves,
	"daemon/internal/page":                leaves,
	"daemon/internal/service":             leaves,
	"routines":                            {},
	"routines/figure":                     {},
	"routines/figure/sheet":               {"routines/figure"},

	"cmd/unhunch-tray": {"daemon/api", "daemon/client", "daemon/words", "tray", "tray/show"},
	"tray":             {"daemon/api", "daemon/client", "daemon/words", "tray/menu"},
	"tray/menu":        {"daemon/api", "daemon/client", "daemon/words", "tray/icon"},
	"tray/show":        {"tray/icon", "tray/menu"},
	"tray/icon":        {},
	"tray/icon/draw":   {},
}

// pure rooms take time as a value, start no goroutine and do no I/O. What they may import of the standard library
// keeps them so.
var pure = map[string][]string{
	"daemon/internal/core": {
		"bufio", "bytes", "encoding/json", "errors", "fmt", "io", "maps", "slices", "strconv", "time", "github.com/golang/snappy",
	},
	"daemon/internal/promises": {"fmt", "io", "reflect", "slices", "time"},
	"daemon/internal/sitting":  {"errors", "fmt", "math/bits", "slices", "time"},
	"daemon/internal/reminder": {"fmt", "slices", "time"},
	"routines": {
		"bytes", "cmp", "embed", "encoding/json", "errors", "fmt", "hash/fnv", "io/fs", "maps", "math", "path", "reflect", "regexp",
		"slices", "strconv", "strings", "sync", "time", "unicode", "unicode/utf8", "github.com/pelletier/go-toml/v2",
		"github.com/pelletier/go-toml/v2/unstable",
	},
	"routines/figure": {
		"bytes", "embed", "errors", "fmt", "image", "image/color", "image/png", "math", "path", "slices", "strconv", "strings",
		"time", "github.com/pelletier/go-toml/v2",
	},
}

type room struct {
	ImportPath string
	Imports    []string
}

func ourRooms(t *testing.T) []room {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...")
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=1", "GOOS=linux") // with the tray; nothing is compiled
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []room
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var r room
		if err := dec.Decode(&r); err != nil {
			t.Fatal(err)
		}
		r.ImportPath = strings.TrimPrefix(r.ImportPath, module)
		all = append(all, r)
	}
	return all
}

// TestWalls holds the import walls of doc.go.
func TestWalls(t *testing.T) {
	for _, r := range ourRooms(t) {
		allowed, known := walls[r.ImportPath]
		if !known {
			t.Errorf("%s has no place in the house: add it to the walls and to doc.go", r.ImportPath)
			continue
		}
		for _, imp := range r.Imports {
			ours, isOurs := strings.CutPrefix(imp, module)
			switch {
			case !isOurs:
			case r.ImportPath == "daemon":
				if strings.HasPrefix(ours, "cmd/") || strings.HasPrefix(ours, "daemon/desktest") {
					t.Errorf("%s imports %s", r.ImportPath, ours)
				}
			case !slices.Contains(allowed, ours):
				t.Errorf("%s imports %s, which its walls do not allow", r.ImportPath, ours)
			}
		}
	}
}

// TestPureRooms holds what keeps the machines replayable.
func TestPureRooms(t *testing.T) {
	for _, r := range ourRooms(t) {
		allowed, isPure := pure[r.ImportPath]
		if !isPure {
			continue
		}
		for _, imp := range r.Imports {
			if !strings.HasPrefix(imp, module) && !slices.Contains(allowed, imp) {
				t.Errorf("the pure room %s imports %s", r.ImportPath, imp)
			}
		}
	}
}

// TestNoCgo: the daemon must run where there is no GTK, and cross-build.
func TestNoCgo(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "-f", "{{if .CgoFiles}}{{.ImportPath}}{{end}}", module+"cmd/unhunch")
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if s := strings.TrimSpace(string(out)); s != "" {
		t.Errorf("needs cgo: %s", s)
	}
}

// TestNoTemplates: what looks methods up by names that only the running program knows, as templates do, makes the linker
// keep every method of every type, which costs the daemon more memory than it may have.
func TestNoTemplates(t *testing.T) {
	program := filepath.Join(t.TempDir(), "unhunch")
	build := exec.Command("go", "build", "-trimpath", "-tags", "nethttpomithttp2", "-o", program, module+"cmd/unhunch")
	build.Env = append(build.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	out, err := exec.Command("go", "tool", "nm", program).Output()
	if err != nil {
		t.Fatalf("go tool nm: %v", err)
	}
	symbols := string(out)
	if !strings.Contains(symbols, " T main.main\n") {
		t.Fatal("the program has no names to look at")
	}
	for _, name := range []string{
		"text/template.(*Template).Execute", "html/template.(*Template).Execute", "reflect.Value.Method", "reflect.Value.MethodByName",
	} {
		if strings.Contains(symbols, " T "+name+"\n") {
			t.Errorf("the program has %s", name)
		}
	}
}

// TestTopLevel: the top of the repository holds what the design says and no more.
func TestTopLevel(t *testing.T) {
	out, err := exec.Command("git", "-C", "..", "ls-files").Output()
	if err != nil {
		t.Skip("not a git checkout")
	}
	known := []string{"cmd", "daemon", "tray", "routines", "go.mod", "go.sum", "README.md", "LICENSE", "Makefile"}
	for f := range strings.Lines(string(out)) {
		top, _, _ := strings.Cut(strings.TrimSpace(f), "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(known, top) {
			t.Errorf("%s does not belong at the top level", top)
		}
	}
}

// TestPureRoomsReadNoClock: package time is allowed in them for its types, not for the time.
func TestPureRoomsReadNoClock(t *testing.T) {
	impure := regexp.MustCompile(`\btime\.(Now|Since|Until|Sleep|After|AfterFunc|Tick|NewTimer|NewTicker|LoadLocation|Local)\b|\bgo func`)
	for room := range pure {
		files, err := filepath.Glob("../" + room + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files: %v", room, err)
		}
		for _, f := range files {
			src, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if m := impure.Find(src); m != nil && !strings.HasSuffix(f, "_test.go") {
				t.Errorf("%s: %s in a pure room", f, m)
			}
		}
	}
}
