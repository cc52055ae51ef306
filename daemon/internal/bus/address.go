package bus

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// sessionAddress reads the environment each time: godbus's own search would start a bus of its own (dbus-launch)
// and write to the environment.
func sessionAddress() (string, error) {
	if address := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); address != "" {
		return address, nil
	}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		return "unix:path=" + url.PathEscape(filepath.Join(dir, "bus")), nil
	}
	return "", errors.New("no session bus: neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set")
}

func systemAddress() (string, error) {
	if address := os.Getenv("DBUS_SYSTEM_BUS_ADDRESS"); address != "" {
		return address, nil
	}
	return "unix:path=/run/dbus/system_bus_socket", nil
}

// sockets are the unix sockets an address names, in order; one that begins with @ is abstract. Other transports
// (tcp, autolaunch) are not ours to use.
func sockets(address string) []string {
	var found []string
	for entry := range strings.SplitSeq(address, ";") {
		keys, isUnix := strings.CutPrefix(entry, "unix:")
		if !isUnix {
			continue
		}
		for pair := range strings.SplitSeq(keys, ",") {
			key, value, _ := strings.Cut(pair, "=")
			value, err := url.PathUnescape(value)
			switch {
			case err != nil || value == "":
			case key == "path":
				found = append(found, value)
			case key == "abstract":
				found = append(found, "@"+value)
			}
		}
	}
	return found
}

func dial(ctx context.Context, address string) (net.Conn, error) {
	names := sockets(address)
	if len(names) == 0 {
		return nil, fmt.Errorf("bus address %q names no unix socket", address)
	}
	var all []error
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.Mode().Type() != os.ModeSocket {
			all = append(all, fmt.Errorf("%s is not a socket", name))
			continue
		}
		sock, err := (&net.Dialer{}).DialContext(ctx, "unix", name)
		if err == nil {
			return sock, nil
		}
		all = append(all, err)
	}
	return nil, errors.Join(all...)
}

// await returns after delay, or with appeared as soon as something new turns up at the bus's place. While the socket
// does not exist and its place can be watched, nothing but its appearance wakes us.
func (b *Bus) await(ctx context.Context, delay time.Duration) (appeared bool) {
	address, err := b.address()
	if err != nil {
		<-ctx.Done() // the environment of a running process does not change
		return false
	}
	files := pathsOf(sockets(address))
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		watcher = nil // the system has no more watches to give: only time is left
	}
	return lookOut(ctx, watcher, files, delay)
}

func lookOut(ctx context.Context, watcher *fsnotify.Watcher, files []string, delay time.Duration) (appeared bool) {
	var events <-chan fsnotify.Event
	var failed <-chan error
	if watcher != nil {
		defer watcher.Close()
		events, failed = watcher.Events, watcher.Errors
		watchNearest(watcher, files)
	}
	var timer <-chan time.Time
	if watcher == nil || len(watcher.WatchList()) == 0 || anyExists(files) {
		timer = time.After(delay)
	}
	for {
		select {
		case <-ctx.Done():
			return false
		case <-timer:
			return false
		case <-failed:
			timer = time.After(delay)
		case event := <-events:
			if event.Has(fsnotify.Create) && anyExists(files) {
				return true
			}
			watchNearest(watcher, files)
		}
	}
}

// watchNearest watches each file's directory, or the nearest one above it that exists.
func watchNearest(watcher *fsnotify.Watcher, files []string) {
	for _, file := range files {
		dir := filepath.Dir(file)
		for watcher.Add(dir) != nil && dir != filepath.Dir(dir) {
			dir = filepath.Dir(dir)
		}
	}
}

func pathsOf(sockets []string) []string {
	var files []string
	for _, name := range sockets {
		if filepath.IsAbs(name) {
			files = append(files, name)
		}
	}
	return files
}

func anyExists(files []string) bool {
	for _, file := range files {
		if _, err := os.Stat(file); err == nil {
			return true
		}
	}
	return false
}

// stall is how long the bus may leave a message of ours unread before the connection counts as dead.
const stall = 5 * time.Second

// A pipe is the socket under a connection, buffered for reading. godbus holds a lock while it writes and knows no
// deadline; here a write that a frozen bus never takes ends the connection.
type pipe struct {
	net.Conn
	in *bufio.Reader
}

func newPipe(sock net.Conn) *pipe { return &pipe{sock, bufio.NewReader(sock)} }

func (p *pipe) Read(buf []byte) (int, error) { return p.in.Read(buf) }

func (p *pipe) Write(buf []byte) (int, error) {
	if err := p.SetWriteDeadline(time.Now().Add(stall)); err != nil {
		return 0, err
	}
	n, err := p.Conn.Write(buf)
	if err != nil {
		_ = p.Close() // half a message may be out: nothing sensible can follow it
	}
	return n, err
}
