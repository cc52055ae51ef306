package presence

import (
	"path/filepath"
	"sync/atomic"

	"github.com/fsnotify/fsnotify"
)

// arrivals tells when a server begins to listen on a socket, so that nobody has to try again and again.
type arrivals struct {
	watcher *fsnotify.Watcher // nil where there is no directory to watch
	blind   atomic.Bool       // the directory itself has gone
	news    chan struct{}     // capacity 1
	done    chan struct{}
}

// watchSocket watches for a socket until closed. Without one, or without inotify, it tells nothing.
func watchSocket(socket string) *arrivals {
	a := &arrivals{news: make(chan struct{}, 1), done: make(chan struct{})}
	if socket == "" {
		return a
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return a
	}
	if err := watcher.Add(filepath.Dir(socket)); err != nil {
		watcher.Close()
		return a
	}
	a.watcher = watcher
	go a.watch(socket)
	return a
}

func (a *arrivals) watch(socket string) {
	defer close(a.done)
	for {
		select {
		case e, ok := <-a.watcher.Events:
			if !ok {
				return
			}
			gone := e.Name == filepath.Dir(socket) && e.Has(fsnotify.Remove)
			made := e.Name == socket && e.Has(fsnotify.Create)
			if !gone && !made {
				continue
			}
			a.blind.Store(gone)
			select {
			case a.news <- struct{}{}:
			default:
			}
		case _, ok := <-a.watcher.Errors:
			if !ok {
				return
			}
		}
	}
}

// next delivers when a socket was made. The server may take a moment more to listen on it.
func (a *arrivals) next() <-chan struct{} { return a.news }

// cover tells whether nothing but a new socket can help against err, and next will tell of it.
func (a *arrivals) cover(err error) bool {
	return a.watcher != nil && !a.blind.Load() && nobodyListens(err)
}

func (a *arrivals) close() {
	if a.watcher == nil {
		return
	}
	a.watcher.Close()
	<-a.done
}
