//go:build windows || cgo

package show

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/unhunch/unhunch/tray/icon"
)

func TestSweepTakesOnlyIcons(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"lock", "systray_aB3dE6", "systray_temp_icon_0123"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sweep(dir)
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || !slices.Equal(left, []string{filepath.Join(dir, "lock")}) {
		t.Errorf("left are %q, %v", left, err)
	}
}

// TestPicturesAreTheProgramsOwn: the library reads the bytes after the call, when a copy would be gone.
func TestPicturesAreTheProgramsOwn(t *testing.T) {
	for id := range icon.Count {
		once, again := picture(id), picture(id)
		if len(once) == 0 || &once[0] != &again[0] {
			t.Errorf("icon %d: %d bytes, made anew each time", id, len(once))
		}
	}
}
