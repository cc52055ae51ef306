// Package watch notices that files have changed, whatever way they are written: in place, by renaming, through links,
// in directories that come and go. It sleeps while nothing happens.
package watch

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

	"github.com/unhunch/unhunch/daemon/internal/files"
)

// A Subject is a file, or a folder with files, whose content somebody wants to follow.
type Subject struct {
	Path string
	// Files are those in the folder at Path that count, as they are at the moment; nil where Path is a file.
	Files func() []string
	// Look tells two contents apart.
	Look func() [sha256.Size]byte
	// Changed is called when Look has changed, and once as soon as the subject is watched, for a change since the
	// caller last looked.
	Changed func()
}

// Settle is how long files must be left alone before they count as changed: editors save in several steps.
const Settle = 100 * time.Millisecond

// Watch follows the subjects until ctx ends. It never calls two of them at once. All share one watcher, whose buffer
// is the most expensive part.
func Watch(ctx context.Context, subjects ...Subject) error {
	notifier, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch files: %w", err)
	}
	defer notifier.Close()
	w := watcher{subjects: subjects, notifier: notifier, seen: make([][sha256.Size]byte, len(subjects))}
	if err := w.arm(); err != nil {
		return err
	}
	for i, s := range subjects {
		w.seen[i] = s.Look()
		s.Changed()
	}

	calm := time.NewTimer(Settle)
	calm.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, open := <-notifier.Events:
			if !open {
				return errors.New("watch files: the watcher ended")
			}
			if w.names[e.Name] || w.folders[filepath.Dir(e.Name)] {
				calm.Reset(Settle)
			}
		case _, open := <-notifier.Errors:
			if !open {
				return errors.New("watch files: the watcher ended")
			}
			// Events were lost: look for ourselves.
			calm.Reset(Settle)
		case <-calm.C:
			if err := w.arm(); err != nil {
				return err
			}
			w.look()
		}
	}
}

// A watcher watches the directory of every name on the trails to the subjects.
type watcher struct {
	subjects []Subject
	notifier *fsnotify.Watcher
	seen     [][sha256.Size]byte // of each subject
	names    map[string]bool     // whose events matter: the trails and their directories
	folders  map[string]bool     // where the events of everything inside matter
}

func (w *watcher) look() {
	for i, s := range w.subjects {
		if now := s.Look(); now != w.seen[i] {
			w.seen[i] = now
			s.Changed()
		}
	}
}

// trails are all names on the way to the subjects, and the folders among these.
func (w *watcher) trails() (names []string, folders map[string]bool) {
	folders = map[string]bool{}
	for _, s := range w.subjects {
		to := files.Trail(s.Path)
		names = append(names, to...)
		if s.Files == nil || len(to) == 0 {
			continue
		}
		folders[to[len(to)-1]] = true
		for _, file := range s.Files() {
			names = append(names, files.Trail(file)...)
		}
	}
	return names, folders
}

// arm brings the watches in line with the trails as they are now. It looks again until they stay the same, since
// a directory made while the watch on its parent was being placed makes no event.
func (w *watcher) arm() error {
	for {
		before, folders := w.trails()
		if err := w.watchDirs(before, folders); err != nil {
			return err
		}
		if after, _ := w.trails(); slices.Equal(before, after) {
			return nil
		}
	}
}

func (w *watcher) watchDirs(names []string, folders map[string]bool) error {
	w.names, w.folders = map[string]bool{}, folders
	dirs := map[string]bool{}
	add := func(dir string) {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			dirs[dir] = true
		}
	}
	for _, name := range names {
		w.names[name] = true
		add(filepath.Dir(name))
	}
	for folder := range folders {
		add(folder)
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
