package desktest

import (
	"fmt"
	"os"

	"github.com/godbus/dbus/v5"
)

// Names of the mock's objects and interfaces.
const (
	login1      = "org.freedesktop.login1"
	managerFace = login1 + ".Manager"
	sessionFace = login1 + ".Session"
	userFace    = login1 + ".User"
	mock        = "org.freedesktop.DBus.Mock."

	managerPath = dbus.ObjectPath("/org/freedesktop/login1")
	sessionPath = managerPath + "/session/c1"
)

// A logind is python-dbusmock's, with one active graphical session of this user.
type logind struct{ desk *Desk }

// startLogind starts the mock, and adds what its template lacks and the real one has: the session by process id
// and as "auto", the user, and the user's display session.
func (d *Desk) startLogind() *logind {
	d.t.Helper()
	l := &logind{desk: d}
	d.run("logind", d.Command("/usr/bin/python3", "-m", "dbusmock", "--system", "--template", "logind"))
	Until(d.t, patience, "the mock logind", func() (up bool) {
		err := call(d.system.conn.BusObject(), "org.freedesktop.DBus.NameHasOwner", login1).Store(&up)
		return err == nil && up
	})
	uid := uint32(os.Getuid())
	userPath := managerPath + dbus.ObjectPath(fmt.Sprintf("/user/%d", uid))
	session, user := fmt.Sprintf("ret = %q", sessionPath), fmt.Sprintf("ret = %q", userPath)
	l.call(managerPath, "AddSession", "c1", "seat0", uid, "desk", true)
	l.call(managerPath, "AddMethod", managerFace, "GetSession", "s", "o", session)
	l.call(managerPath, "AddMethod", managerFace, "GetSessionByPID", "u", "o", session)
	l.call(managerPath, "AddMethod", managerFace, "GetUser", "u", "o", user)
	l.call(managerPath, "AddMethod", managerFace, "GetUserByPID", "u", "o", user)
	l.update(sessionPath, sessionFace, map[string]any{"Type": "x11"})
	display := struct {
		ID   string
		Path dbus.ObjectPath
	}{"c1", sessionPath}
	set := "org.freedesktop.DBus.Properties.Set" // which, unlike UpdateProperties, takes a struct
	userObject := d.system.conn.Object(login1, userPath)
	if err := call(userObject, set, userFace, "Display", dbus.MakeVariant(display)).Err; err != nil {
		d.t.Fatalf("mock logind: the user's display: %v", err)
	}
	return l
}

// call calls a method of the mock's own interface, which works on the object at path.
func (l *logind) call(path dbus.ObjectPath, method string, args ...any) {
	l.desk.t.Helper()
	if err := call(l.desk.system.conn.Object(login1, path), mock+method, args...).Err; err != nil {
		l.desk.t.Fatalf("mock logind: %s: %v", method, err)
	}
}

// emit has the object at path send a signal.
func (l *logind) emit(path dbus.ObjectPath, iface, signal, signature string, args ...any) {
	l.desk.t.Helper()
	values := make([]dbus.Variant, len(args))
	for i, a := range args {
		values[i] = dbus.MakeVariant(a)
	}
	l.call(path, "EmitSignal", iface, signal, signature, values)
}

// update changes properties and tells of it, as logind does.
func (l *logind) update(path dbus.ObjectPath, iface string, properties map[string]any) {
	l.desk.t.Helper()
	values := map[string]dbus.Variant{}
	for name, v := range properties {
		values[name] = dbus.MakeVariant(v)
	}
	l.call(path, "UpdateProperties", iface, values)
}

// Lock locks the screen as a screen locker does: logind asks for it, and the locker says that it is done.
func (d *Desk) Lock() {
	d.t.Helper()
	d.LockSignal("Lock")
	d.SetLockedHint(true)
}

// Unlock is the opposite of Lock.
func (d *Desk) Unlock() {
	d.t.Helper()
	d.LockSignal("Unlock")
	d.SetLockedHint(false)
}

// LockSignal sends only the session's signal Lock or Unlock: a desktop whose locker never sets the hint.
func (d *Desk) LockSignal(signal string) {
	d.t.Helper()
	d.logind.emit(sessionPath, sessionFace, signal, "")
}

// SetLockedHint changes only the property: a desktop that locks without asking logind.
func (d *Desk) SetLockedHint(locked bool) {
	d.t.Helper()
	d.logind.update(sessionPath, sessionFace, map[string]any{"LockedHint": locked})
}

// SetActive switches to the session, or away from it to another user's.
func (d *Desk) SetActive(active bool) {
	d.t.Helper()
	state := "online"
	if active {
		state = "active"
	}
	d.logind.update(sessionPath, sessionFace, map[string]any{"Active": active, "State": state})
}

// PrepareForSleep tells that the machine is about to be suspended, or has just been resumed. The clocks go on: a
// machine under test cannot be suspended.
func (d *Desk) PrepareForSleep(asleep bool) {
	d.t.Helper()
	d.logind.update(managerPath, managerFace, map[string]any{"PreparingForSleep": asleep})
	d.logind.emit(managerPath, managerFace, "PrepareForSleep", "b", asleep)
}
