package service

import "strings"

// Packaged are the files that a package brings in place of those that Install writes, by where they are. Its programs
// are in /usr/bin. They do not say that they are ours to remove: they are the package's.
func Packaged() map[string]string {
	const bin = "/usr/bin/"
	unmarked := func(text string) string { return strings.TrimPrefix(text, mark+"\n") }
	return map[string]string{
		"/usr/lib/systemd/user/" + unitName:               UnitText(bin+program, nil),
		"/etc/xdg/autostart/" + trayName + ".desktop":     unmarked(TrayEntry(bin + trayName)),
		"/usr/share/applications/" + program + ".desktop": unmarked(AppEntry(bin + program)),
	}
}
