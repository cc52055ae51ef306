package desktest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// given are the programs that a person must have before they can run `make test` at all.
var given = []string{"go", "git", "make"}

// Every program that a Go test calls comes from .ci/packages, from what those depend on, or from the base system:
// a machine where something is left over from earlier must not hide that the list lacks it.
func TestPackages(t *testing.T) {
	Need(t, "dpkg", "dpkg-query")
	const root = "../.."
	text, err := os.ReadFile(filepath.Join(root, ".ci/packages"))
	if err != nil {
		t.Fatal(err)
	}
	installs := closure(t, listed(string(text)))
	programs := programsIn(t, root)
	if len(programs) < 8 {
		t.Errorf("found only %d programs in the source: %q", len(programs), programs)
	}
	paths := map[string]string{}
	for program, where := range programs {
		if strings.HasPrefix(program, "/proc/") {
			continue // a test that runs itself: what the kernel shows comes in no package
		}
		path, err := lookPath(program)
		if err != nil {
			t.Logf("%s, called in %s, is not here and cannot be judged", program, where)
			continue
		}
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
		paths[program] = path
	}
	owners := ownersOf(slices.Collect(maps.Values(paths)))
	for program, path := range paths {
		if from := owners[path]; !slices.ContainsFunc(from, func(p string) bool { return installs[p] }) {
			t.Errorf("%s, called in %s, comes from %q, which .ci/packages does not install", program, programs[program], from)
		}
	}
}

// listed are the names in a list of packages with comments.
func listed(text string) []string {
	var names []string
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		names = append(names, strings.Fields(line)...)
	}
	return names
}

// programsIn finds the programs that tests call under root, each with a place where it is called.
func programsIn(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		ofTests := strings.HasSuffix(path, "_test.go") || strings.Contains(path, "daemon/desktest/") ||
			filepath.Dir(path) == "."
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || !ofTests {
			return err
		}
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			for _, arg := range programArgs(n) {
				where := fset.Position(arg.Pos()).String()
				program, isText := literal(arg)
				switch {
				case !isText && calls(n, "Need"):
					t.Errorf("%s: the programs given to Need are written out there", where)
				case isText && !slices.Contains(given, program):
					found[program] = where
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// programArgs are the arguments of a call that name programs.
func programArgs(n ast.Node) []ast.Expr {
	call, ok := n.(*ast.CallExpr)
	switch {
	case !ok:
		return nil
	case calls(n, "Need") && len(call.Args) > 1:
		return call.Args[1:]
	case (calls(n, "Command") || calls(n, "Exec")) && len(call.Args) > 0:
		return call.Args[:1]
	case calls(n, "CommandContext") && len(call.Args) > 1:
		return call.Args[1:2]
	}
	return nil
}

// calls tells whether n calls a function or method of that name.
func calls(n ast.Node, name string) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return false
	}
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name == name
	case *ast.SelectorExpr:
		return f.Sel.Name == name
	}
	return false
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// closure is the base system, the named packages, and all that these depend on, of what is installed here. Of
// alternatives only the first counts: it is what a fresh machine would get.
func closure(t *testing.T, names []string) map[string]bool {
	t.Helper()
	format := "${Package}\t${Essential}\t${Priority}\t${Provides}\t${Pre-Depends}, ${Depends}\n"
	out, err := exec.Command("dpkg-query", "-W", "-f", format).Output()
	if err != nil {
		t.Fatal(err)
	}
	needs, provider := map[string][]string{}, map[string]string{}
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 5 {
			continue
		}
		needs[f[0]] = firsts(f[4])
		for _, virtual := range firsts(f[3]) {
			provider[virtual] = f[0]
		}
		if f[1] == "yes" || f[2] == "required" {
			names = append(names, f[0])
		}
	}
	have := map[string]bool{}
	for len(names) > 0 {
		name := names[0]
		names = names[1:]
		if _, real := needs[name]; !real {
			name = provider[name]
		}
		if !have[name] {
			have[name] = true
			names = append(names, needs[name]...)
		}
	}
	return have
}

// firsts are the names in a Debian relationship field, the first of each group of alternatives.
func firsts(field string) []string {
	var names []string
	for group := range strings.SplitSeq(field, ",") {
		first, _, _ := strings.Cut(group, "|")
		if words := strings.Fields(first); len(words) > 0 {
			name, _, _ := strings.Cut(words[0], ":")
			names = append(names, name)
		}
	}
	return names
}

// ownersOf are the packages that each file belongs to. With /usr merged a file has two names, of which dpkg knows
// one.
func ownersOf(paths []string) map[string][]string {
	args := []string{"-S"}
	for _, p := range paths {
		args = append(args, p, strings.TrimPrefix(p, "/usr"))
	}
	out, _ := exec.Command("dpkg", args...).Output() // it fails when one of the names is unknown, as one always is
	owners := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		packages, path, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for _, p := range []string{path, "/usr" + path} {
			owners[p] = append(owners[p], firsts(packages)...)
		}
	}
	return owners
}
