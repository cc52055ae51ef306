//go:build unix

package clock

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// localtime is the machine's zone: a link into one of zoneDirs, or a copy of a file from there.
const localtime = "/etc/localtime"

// zoneDirs are where systems keep their zones.
var zoneDirs = []string{
	"/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/usr/lib/locale/TZ", "/etc/zoneinfo", "/var/db/timezone/zoneinfo",
}

// settle is how long the zone's files must be left alone before they are read again: some tools remove the old link
// before they make the new one, and for that moment the machine would be in UTC.
const settle = 100 * time.Millisecond

// LocalZone is the zone of $TZ, or else of the machine. Where that can't be told it is UTC, and the error says why; a
// machine without any zone is in UTC by custom.
func LocalZone() (Zone, error) {
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

// WatchZone calls changed when the machine's zone or its rules may have changed, until ctx ends; then it returns nil.
// A zone from $TZ never changes.
func WatchZone(ctx context.Context, changed func()) error {
	if _, set := os.LookupEnv("TZ"); set {
		<-ctx.Done()
		return nil
	}
	return watchZone(ctx, localtime, changed)
}

// watchZone watches the directories of link and of the file behind it, for both are replaced rather than written to.
func watchZone(ctx context.Context, link string, changed func()) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("changes of the time zone go unnoticed: %w", err)
	}
	defer watcher.Close()
	if err := watcher.Add(filepath.Dir(link)); err != nil {
		return fmt.Errorf("changes of the time zone go unnoticed: %w", err)
	}
	target := watchTarget(watcher, link, "")

	settled := time.NewTimer(settle)
	settled.Stop()
	defer settled.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-watcher.Events:
			if (e.Name == link || e.Name == target) && e.Op != fsnotify.Chmod {
				settled.Reset(settle)
			}
		case <-watcher.Errors: // events were lost; any of them may have been ours
			settled.Reset(settle)
		case <-settled.C:
			target = watchTarget(watcher, link, target)
			changed()
		}
	}
}

// watchTarget moves the watch on the directory of the file behind link from the old one to today's, and returns that.
// A link to nowhere leaves only the link to watch.
func watchTarget(watcher *fsnotify.Watcher, link, old string) string {
	target, err := filepath.EvalSymlinks(link)
	if err != nil {
		target = link
	}
	home, before, now := filepath.Dir(link), filepath.Dir(old), filepath.Dir(target)
	if old != "" && before != home && before != now {
		_ = watcher.Remove(before) // it may be gone
	}
	if now != home {
		_ = watcher.Add(now) // a missed update of the rules shows with the next start
	}
	return target
}
