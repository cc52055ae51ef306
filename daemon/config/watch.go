package config

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long a file must be left alone before it counts as changed: editors save in several steps.
const settle = 100 * time.Millisecond

// Watch calls changed, never twice at once, after each change to what the file at path says, until ctx ends. It
// also calls it once as soon as it watches, for a change since the caller last looked. Editors that rename, links
// that are pointed elsewhere and directories that come and go are followed. It sleeps while nothing happens.
func Watch(ctx context.Context, path string, changed func()) error {
	notifier, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch the settings: %w", err)
	}
	defer notifier.Close()
	w := watcher{path: path, notifier: notifier}
	if err := w.arm(); err != nil {
		return err
	}
	seen := fingerprint(path)
	changed()

	calm := time.NewTimer(settle)
	calm.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, open := <-notifier.Events:
			if !open {
				return errors.New("watch the settings: the watcher ended")
			}
			if w.names[e.Name] {
				calm.Reset(settle)
			}
		case _, open := <-notifier.Errors:
			if !open {
				return errors.New("watch the settings: the watcher ended")
			}
			// Events were lost: look for ourselves.
			calm.Reset(settle)
		case <-calm.C:
			if err := w.arm(); err != nil {
				return err
			}
			if now := fingerprint(path); now != seen {
				seen = now
				changed()
			}
		}
	}
}

// A watcher watches the directory of every name on the trail to a file.
type watcher struct {
	path     string
	notifier *fsnotify.Watcher
	names    map[string]bool // whose events matter: the trail and its directories
}

// arm brings the watches in line with the trail as it is now. It looks again until the trail stays the same, since
// a directory made while the watch on its parent was being placed makes no event.
func (w *watcher) arm() error {
	for {
		before := trail(w.path)
		if err := w.watchDirs(before); err != nil {
			return err
		}
		if slices.Equal(before, trail(w.path)) {
			return nil
		}
	}
}

func (w *watcher) watchDirs(names []string) error {
	w.names = map[string]bool{}
	dirs := map[string]bool{}
	for _, name := range names {
		w.names[name] = true
		dir := filepath.Dir(name)
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			dirs[dir] = true
		}
	}
	// A directory's own events tell that it is gone or moved; the watch on it has then ended.
	maps.Copy(w.names, dirs)
	for _, dir := range w.notifier.WatchList() {
		if !dirs[dir] {
			_ = w.notifier.Remove(dir) // gone already when the directory was deleted
		}
	}
	for dir := range dirs {
		err := w.notifier.Add(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("watch %s: %w", dir, err)
		}
	}
	return nil
}

// fingerprint tells two contents of a file apart, and none at all from both.
func fingerprint(path string) [sha256.Size]byte {
	data, err := read(path)
	if err != nil {
		data = []byte("\x00" + err.Error())
	}
	return sha256.Sum256(data)
}
