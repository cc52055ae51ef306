package files

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhereThingsLive(t *testing.T) {
	for _, tt := range []struct {
		name                         string
		home, config, state, runtime string // "-" is unset
		wantConfig, wantSocket       string // "" is an error
	}{
		{"the usual", "/home/a", "-", "-", "/run/user/1", "/home/a/.config/unhunch", "/run/user/1/unhunch/api.sock"},
		{"all named", "-", "/c", "/s", "/r", "/c/unhunch", "/r/unhunch/api.sock"},
		{
			"relative is ignored", "/home/a", "c", "s", "r",
			"/home/a/.config/unhunch", "/home/a/.local/state/unhunch/run/api.sock",
		},
		{"empty is unset", "/home/a", "", "", "", "/home/a/.config/unhunch", "/home/a/.local/state/unhunch/run/api.sock"},
		{"no runtime directory", "/home/a", "-", "/s", "-", "/home/a/.config/unhunch", "/s/unhunch/run/api.sock"},
		{"no home", "-", "-", "-", "-", "", ""},
		{"empty home", "", "-", "-", "-", "", ""},
		{"relative home", "home", "-", "-", "-", "", ""},
		{"too long for a socket", "/h", "-", "-", "/" + strings.Repeat("r", 100), "/h/.config/unhunch", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for name, value := range map[string]string{
				"HOME": tt.home, "XDG_CONFIG_HOME": tt.config, "XDG_STATE_HOME": tt.state, "XDG_RUNTIME_DIR": tt.runtime,
				"XDG_DATA_HOME": "-",
			} {
				t.Setenv(name, value) // also puts the old value back afterwards
				if value == "-" {
					os.Unsetenv(name)
				}
			}
			config, err := ConfigDir()
			if config != tt.wantConfig || (err != nil) != (tt.wantConfig == "") {
				t.Errorf("ConfigDir() = %q, %v, want %q", config, err, tt.wantConfig)
			}
			data, err := DataDir()
			wantData := ""
			if tt.home == "/home/a" {
				wantData = "/home/a/.local/share/unhunch"
			}
			if tt.home == "/h" {
				wantData = "/h/.local/share/unhunch"
			}
			if data != wantData || (err != nil) != (wantData == "") {
				t.Errorf("DataDir() = %q, %v, want %q", data, err, wantData)
			}
			socket, err := SocketPath()
			if socket != tt.wantSocket || (err != nil) != (tt.wantSocket == "") {
				t.Errorf("SocketPath() = %q, %v, want %q", socket, err, tt.wantSocket)
			}
		})
	}
}

func TestStateDir(t *testing.T) {
	base := t.TempDir()
	t.Setenv("XDG_STATE_HOME", filepath.Join(base, "not", "yet"))
	for _, before := range []os.FileMode{0, 0o700, 0o777, 0o500} {
		if before != 0 {
			if err := os.Chmod(filepath.Join(base, "not/yet/unhunch"), before); err != nil {
				t.Fatal(err)
			}
		}
		dir, err := StateDir()
		if want := filepath.Join(base, "not/yet/unhunch"); err != nil || dir != want {
			t.Fatalf("StateDir() = %q, %v, want %q", dir, err, want)
		}
		if got := mode(t, dir); got != 0o700 {
			t.Errorf("mode %o became %o, want 700", before, got)
		}
	}
}

func TestStateDirLinkOfOurs(t *testing.T) {
	base := t.TempDir()
	t.Setenv("XDG_STATE_HOME", base)
	elsewhere := t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(base, "unhunch")); err != nil {
		t.Fatal(err)
	}
	if _, err := StateDir(); err != nil {
		t.Errorf("a link of our own to a directory of our own: %v", err)
	}
}

func TestStateDirOfAnother(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("giving a file away takes root")
	}
	const nobody = 65534
	for _, tt := range []struct {
		name  string
		plant func(path string) error
	}{
		{"directory", func(path string) error {
			if err := os.Mkdir(path, 0o777); err != nil {
				return err
			}
			return os.Chown(path, nobody, nobody)
		}},
		{"link to a directory of ours", func(path string) error {
			if err := os.Symlink(t.TempDir(), path); err != nil {
				return err
			}
			return os.Lchown(path, nobody, nobody)
		}},
		{"our link to a directory of theirs", func(path string) error {
			theirs := t.TempDir()
			if err := os.Chown(theirs, nobody, nobody); err != nil {
				return err
			}
			return os.Symlink(theirs, path)
		}},
		{"file", func(path string) error { return os.WriteFile(path, nil, 0o600) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			base := t.TempDir()
			t.Setenv("XDG_STATE_HOME", base)
			if err := tt.plant(filepath.Join(base, "unhunch")); err != nil {
				t.Fatal(err)
			}
			if dir, err := StateDir(); err == nil {
				t.Errorf("StateDir() = %q, want an error", dir)
			}
		})
	}
}
