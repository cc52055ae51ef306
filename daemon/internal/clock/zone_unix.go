//go:build unix

package clock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// localtime is the machine's zone: a link into one of zoneDirs, or a copy of a file from there.
const localtime = "/etc/localtime"

// zoneDirs are where systems keep their zones.
var zoneDirs = []string{
	"/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/usr/lib/locale/TZ", "/etc/zoneinfo", "/var/db/timezone/zoneinfo",
}

// localZone is the zone of $TZ, or else of the machine; one without any zone is in UTC by custom.
func localZone() (Zone, error) {
	if tz, set := os.LookupEnv("TZ"); set {
		return namedZone(tz)
	}
	return machineZone(localtime)
}

// namedZone reads what $TZ may hold: a zone's name, a path, a rule, or nothing for UTC.
func namedZone(tz string) (Zone, error) {
	tz = strings.TrimPrefix(tz, ":")
	switch {
	case tz == "" || tz == "UTC":
		return utc, nil
	case filepath.IsAbs(tz):
		return readZone(zoneName(tz), tz)
	case filepath.IsLocal(tz):
		for _, dir := range zoneDirs {
			z, err := readZone(tz, filepath.Join(dir, tz))
			if !errors.Is(err, fs.ErrNotExist) {
				return z, err
			}
		}
	}
	z, err := ruleZone(tz, tz)
	if err != nil {
		return utc, fmt.Errorf("TZ=%q names no time zone of this machine", tz)
	}
	return z, nil
}

// machineZone reads the zone behind a link like /etc/localtime.
func machineZone(link string) (Zone, error) {
	name := "Local" // where a copy hides which one it is
	if target, err := os.Readlink(link); err == nil {
		name = zoneName(target)
	}
	z, err := readZone(name, link)
	if errors.Is(err, fs.ErrNotExist) {
		return utc, nil
	}
	return z, err
}

// zoneName is the zone's name in the path of its file.
func zoneName(path string) string {
	if _, name, found := strings.Cut(path, "zoneinfo/"); found {
		return name
	}
	return "Local"
}

func readZone(name, path string) (Zone, error) {
	tzif, err := os.ReadFile(path)
	if err != nil {
		return utc, err
	}
	return validZone(name, tzif)
}

// ZoneFile is the file that says which zone the machine is in; none where $TZ says so, which never changes.
func ZoneFile() (path string, ok bool) {
	_, set := os.LookupEnv("TZ")
	return localtime, !set
}
