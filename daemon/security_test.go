package daemon

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	testName = regexp.MustCompile("`([a-z]+)\\.((?:Test|Fuzz)[A-Za-z0-9]+)`")
	testFunc = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9]+)\(`)
)

// TestSecurityNote: every threat in SECURITY.md names a test, and every test that it names is there.
func TestSecurityNote(t *testing.T) {
	note, err := os.ReadFile("../.github/SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	err = filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		for _, f := range testFunc.FindAllSubmatch(src, -1) {
			room := filepath.Base(filepath.Dir(path))
			there[room+"."+string(f[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	threats := 0
	for line := range strings.Lines(string(note)) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| what somebody tries") {
			continue
		}
		threats++
		tests := testName.FindAllStringSubmatch(line, -1)
		if len(tests) == 0 {
			t.Errorf("no test holds this off: %s", line)
		}
		for _, m := range tests {
			if !there[m[1]+"."+m[2]] {
				t.Errorf("there is no %s.%s", m[1], m[2])
			}
		}
	}
	if threats < 20 {
		t.Errorf("only %d threats", threats)
	}
}
