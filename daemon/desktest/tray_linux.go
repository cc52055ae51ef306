package desktest

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/godbus/dbus/v5"
)

const (
	itemFace   = "org.kde.StatusNotifierItem"
	properties = "org.freedesktop.DBus.Properties"
)

// A Tray is the real tray program running on a desk, and its icon as the panel has it.
type Tray struct {
	Binary string

	desk *Desk
	proc *proc
}

// StartTray starts the tray program. On a desk whose panel runs it returns when the panel has the icon.
func (d *Desk) StartTray(binary string) *Tray {
	d.t.Helper()
	t := &Tray{Binary: binary, desk: d, proc: d.run("tray", d.Command(binary))}
	if d.panel != nil {
		t.WaitIcon()
	}
	return t
}

// Pid is the process id of the tray program.
func (t *Tray) Pid() int { return t.proc.cmd.Process.Pid }

// Log is what the tray program has written so far, all its starts on this desk together.
func (t *Tray) Log() string {
	text, _ := os.ReadFile(t.desk.logPath("tray"))
	return string(text)
}

// Kill ends the tray program without a word (SIGKILL).
func (t *Tray) Kill() {
	t.desk.t.Helper()
	t.proc.kill(t.desk.t)
}

// Term asks the tray program to end (SIGTERM), waits for it, and returns its exit code.
func (t *Tray) Term() int {
	t.desk.t.Helper()
	t.proc.signal(t.desk.t, syscall.SIGTERM)
	return t.Wait()
}

// Wait waits until the tray program has ended by itself, and returns its exit code.
func (t *Tray) Wait() int {
	t.desk.t.Helper()
	Until(t.desk.t, patience, "the tray program to end", func() bool { return !t.Alive() })
	return t.proc.cmd.ProcessState.ExitCode()
}

// Alive tells whether the tray program still runs.
func (t *Tray) Alive() bool { return t.proc.alive() }

// WaitIcon waits until the panel has the icon.
func (t *Tray) WaitIcon() {
	t.desk.t.Helper()
	Until(t.desk.t, patience, "the icon on the panel", func() bool {
		if !t.Alive() {
			t.desk.t.Fatalf("the tray program ended at once:\n%s", t.Log())
		}
		return t.Shown()
	})
}

// Shown tells whether the panel has the icon and is to show it.
func (t *Tray) Shown() bool {
	item := t.item()
	if item == nil {
		return false
	}
	status, err := property[string](item, itemFace, "Status")
	return err == nil && status == "Active"
}

// Title is the icon's, which a person reads when the pointer rests on it.
func (t *Tray) Title() string {
	t.desk.t.Helper()
	title, err := property[string](t.needItem(), itemFace, "Title")
	if err != nil {
		t.desk.t.Fatalf("the icon's title: %v", err)
	}
	return title
}

// IconFile is the picture that the panel is told to show.
func (t *Tray) IconFile() string {
	t.desk.t.Helper()
	item := t.needItem()
	name, err := property[string](item, itemFace, "IconName")
	if err != nil {
		t.desk.t.Fatalf("the icon's file: %v", err)
	}
	if theme, err := property[string](item, itemFace, "IconThemePath"); err == nil && !filepath.IsAbs(name) {
		name = filepath.Join(theme, name+".png")
	}
	return name
}

// Icon is the picture itself. It is nil while the file of the last one makes way for the next.
func (t *Tray) Icon() image.Image {
	t.desk.t.Helper()
	file := t.IconFile()
	picture, err := ReadIcon(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.desk.t.Fatalf("the icon %s is no whole PNG: %v", file, err)
	}
	return picture
}

// ReadIcon decodes a PNG file and fails where it is cut short.
func ReadIcon(file string) (image.Image, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(data))
}

// item is the tray's icon as the panel knows it, or nil.
func (t *Tray) item() dbus.BusObject {
	conn := t.desk.session.conn
	watcher := conn.Object(watcherName, "/StatusNotifierWatcher")
	items, err := property[[]string](watcher, watcherName, "RegisteredStatusNotifierItems")
	if err != nil {
		return nil
	}
	for _, name := range items {
		owner, path, _ := strings.Cut(name, "/")
		var pid uint32
		err := call(conn.BusObject(), "org.freedesktop.DBus.GetConnectionUnixProcessID", owner).Store(&pid)
		if err == nil && int(pid) == t.Pid() {
			return conn.Object(owner, dbus.ObjectPath("/"+path))
		}
	}
	return nil
}

func (t *Tray) needItem() dbus.BusObject {
	t.desk.t.Helper()
	item := t.item()
	if item == nil {
		t.desk.t.Fatalf("the panel has no icon of the tray program:\n%s", t.Log())
	}
	return item
}

// property reads a property of a D-Bus object.
func property[V any](o dbus.BusObject, face, name string) (value V, err error) {
	var v dbus.Variant
	if err = call(o, properties+".Get", face, name).Store(&v); err == nil {
		err = v.Store(&value)
	}
	return value, err
}
