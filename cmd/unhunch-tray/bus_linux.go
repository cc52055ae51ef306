//go:build cgo

package main

import (
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// busTime is how long the session bus may take to answer the door. On one machine that is nothing.
const busTime = 3 * time.Second

var noBus = &fault{
	exitFailed, "there is no session bus to tell the panel of the icon",
	"start it in a desktop session, or with: dbus-run-session",
}

// checkBus says whether the session bus can be reached. Without one GTK would show nothing and say little.
func checkBus() error {
	for _, path := range busSockets() {
		conn, err := net.DialTimeout("unix", path, busTime)
		if err == nil {
			conn.Close()
			return nil
		}
	}
	return noBus
}

// busSockets are the sockets of the session bus, where GTK looks for it. One that begins with @ is abstract.
func busSockets() []string {
	address := os.Getenv("DBUS_SESSION_BUS_ADDRESS")
	if address == "" {
		return []string{filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "bus")}
	}
	var found []string
	for entry := range strings.SplitSeq(address, ";") {
		keys, _ := strings.CutPrefix(entry, "unix:")
		for pair := range strings.SplitSeq(keys, ",") {
			key, value, _ := strings.Cut(pair, "=")
			value, err := url.PathUnescape(value)
			switch {
			case err != nil:
			case key == "path":
				found = append(found, value)
			case key == "abstract":
				found = append(found, "@"+value)
			}
		}
	}
	return found
}
