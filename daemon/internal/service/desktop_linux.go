package service

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// parseEnvironment reads what `systemctl show-environment` prints: NAME=value, or NAME=$'value' with what a shell would
// trip over escaped.
func parseEnvironment(text string) map[string]string {
	env := map[string]string{}
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimRight(line, "\n"), "=")
		if !ok {
			continue
		}
		if quoted, is := strings.CutPrefix(value, "$'"); is {
			value = strings.NewReplacer(`\\`, `\`, `\'`, `'`, `\n`, "\n", `\t`, "\t").Replace(strings.TrimSuffix(quoted, "'"))
		}
		env[name] = value
	}
	return env
}

// base is the directory of an XDG variable, or the one below the home.
func base(variable, underHome string) (string, error) {
	if dir := os.Getenv(variable); filepath.IsAbs(dir) {
		return filepath.Clean(dir), nil
	}
	home := os.Getenv("HOME")
	if !filepath.IsAbs(home) {
		return "", errors.New("cannot tell where your files live: HOME is not set")
	}
	return filepath.Join(home, underHome), nil
}

// keeper is systemd wherever the machine was started by it.
func (s *Service) keeper() (keeper, error) {
	if !exists("/run/systemd/system") {
		return &autostart{Service: s}, nil
	}
	home := os.Getenv("HOME")
	if !filepath.IsAbs(home) {
		return nil, &Error{Message: "HOME is not set", Hint: "set it to your home directory, as after a login"}
	}
	return systemd{s, filepath.Join(home, ".config", "systemd", "user")}, nil
}

// refuseRoot keeps root from having a desk companion: it is somebody who logs in to a desktop that sits at it.
func refuseRoot() error {
	if os.Geteuid() != 0 {
		return nil
	}
	hint := "run it as the person who sits at the desk, without sudo; install and uninstall also take: --for-all-users"
	return &Error{Message: "root sits at no desk: the service belongs to a person", Hint: hint, Refused: true}
}

// Paths of the entries.
func appsDir() (string, error)      { return base("XDG_DATA_HOME", ".local/share") }
func autostartDir() (string, error) { return base("XDG_CONFIG_HOME", ".config") }

func trayEntryPath() (string, error) {
	dir, err := autostartDir()
	return filepath.Join(dir, "autostart", trayName+".desktop"), err
}

func daemonEntryPath() (string, error) {
	dir, err := autostartDir()
	return filepath.Join(dir, "autostart", program+".desktop"), err
}

func appEntryPath() (string, error) {
	dir, err := appsDir()
	return filepath.Join(dir, "applications", program+".desktop"), err
}

// Where packages put the same.
var (
	packagedTray = []string{"/etc/xdg/autostart/" + trayName + ".desktop"}
	packagedApp  = []string{
		"/usr/share/applications/" + program + ".desktop", "/usr/local/share/applications/" + program + ".desktop",
	}
)

// entries are those that Install writes. What a package provides is not written again.
func (s *Service) entries(bool) []entry {
	var all []entry
	if path, err := trayEntryPath(); err == nil && s.Tray != "" && !anyOf(packagedTray) {
		all = append(all, entry{path, TrayEntry(s.Tray)})
	}
	if path, err := appEntryPath(); err == nil && !anyOf(packagedApp) {
		all = append(all, entry{path, AppEntry(s.Program)})
	}
	return all
}

// allEntries are those that any Install may have written.
func (s *Service) allEntries() []entry {
	var all []entry
	for _, path := range []func() (string, error){trayEntryPath, daemonEntryPath, appEntryPath} {
		if p, err := path(); err == nil {
			all = append(all, entry{path: p})
		}
	}
	return all
}

func anyOf(paths []string) bool {
	for _, p := range paths {
		if exists(p) {
			return true
		}
	}
	return false
}

// trayEnabled tells whether the icon comes with the desktop.
func (s *Service) trayEnabled() bool {
	path, err := trayEntryPath()
	return err == nil && exists(path) || anyOf(packagedTray)
}
