package service

import (
	"strings"
	"testing"
)

// TestPackaged: what a package brings is not ours to remove, and starts the package's programs.
func TestPackaged(t *testing.T) {
	all := Packaged()
	if len(all) != 3 {
		t.Errorf("%d files", len(all))
	}
	for path, text := range all {
		if strings.Contains(text, mark) {
			t.Errorf("%s would be removed by `unhunch service uninstall`", path)
		}
		if !strings.HasPrefix(text, "[") || !strings.Contains(text, "=/usr/bin/unhunch") {
			t.Errorf("%s:\n%s", path, text)
		}
	}
}
