package desktest

import (
	"slices"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

const notifications = "org.freedesktop.Notifications"

// Why a notification is not, or no longer, on the screen.
const (
	Expired    = "expired"
	Dismissed  = "dismissed" // by the person; also after a button was pressed
	Withdrawn  = "withdrawn" // by the program that sent it
	Replaced   = "replaced"  // by a newer one with the same id
	Refused    = "refused"   // the server answered with an error, or there is none
	ServerGone = "server gone"
)

// reasons of the signal NotificationClosed, by their number in the specification.
var reasons = map[uint32]string{1: Expired, 2: Dismissed, 3: Withdrawn, 4: "undefined"}

// A Notification is one Notify call as it went over the bus, and what became of it.
type Notification struct {
	ID       uint32    // 0 while the server has not answered
	At       time.Time // when it was sent
	App      string
	Title    string
	Body     string
	Actions  []Action
	Hints    map[string]dbus.Variant
	Expires  time.Duration // 0: never; -1 ms: as the server likes
	Replaces uint32

	Invoked []string  // keys of the actions pressed
	Ended   string    // why it is not on the screen; empty while it is
	EndedAt time.Time // zero while it is
}

// An Action is a button, or with the key "default" a click on the notification itself.
type Action struct{ Key, Label string }

// Labels are the words on the buttons, in order.
func (n *Notification) Labels() []string {
	var labels []string
	for _, a := range n.Actions {
		if a.Key != "default" {
			labels = append(labels, a.Label)
		}
	}
	return labels
}

// A notifyLog listens on the session bus to what programs and the notification server say to each other. It sees
// the same whichever server runs, and also when none answers.
type notifyLog struct {
	mu      sync.Mutex
	all     []*Notification
	asked   map[request]*Notification // sent, and not yet answered
	next    int                       // the first that WaitNotify has not returned
	changed chan struct{}             // closed and replaced at every change
}

// A request is a method call as a reply refers to it.
type request struct {
	sender string
	serial uint32
}

func newNotifyLog() *notifyLog {
	return &notifyLog{asked: map[request]*Notification{}, changed: make(chan struct{})}
}

// follow makes conn a monitor and listens until it is closed.
func (l *notifyLog) follow(t T, conn *dbus.Conn) {
	t.Helper()
	rules := []string{"interface='" + notifications + "'", "type='method_return'", "type='error'"}
	err := call(conn.BusObject(), "org.freedesktop.DBus.Monitoring.BecomeMonitor", rules, uint32(0)).Err
	if err != nil {
		t.Fatalf("listening to notifications: %v", err)
	}
	messages := make(chan *dbus.Message, 4096) // godbus drops what does not fit
	conn.Eavesdrop(messages)
	go func() {
		for m := range messages {
			l.hear(m)
		}
	}()
}

func (l *notifyLog) hear(m *dbus.Message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	member, _ := m.Headers[dbus.FieldMember].Value().(string)
	switch {
	case m.Type == dbus.TypeMethodCall && member == "Notify":
		l.sent(m)
	case m.Type == dbus.TypeMethodReply, m.Type == dbus.TypeError:
		l.answered(m)
	case m.Type == dbus.TypeSignal && member == "ActionInvoked":
		var id uint32
		var key string
		if n := l.shown(m, &id, &key); n != nil {
			n.Invoked = append(n.Invoked, key)
		}
	case m.Type == dbus.TypeSignal && member == "NotificationClosed":
		var id, reason uint32
		if n := l.shown(m, &id, &reason); n != nil {
			n.end(reasons[reason])
		}
	default:
		return
	}
	close(l.changed)
	l.changed = make(chan struct{})
}

// sent records a Notify call.
func (l *notifyLog) sent(m *dbus.Message) {
	n := &Notification{At: time.Now()}
	var icon string
	var actions []string
	var expires int32
	if dbus.Store(m.Body, &n.App, &n.Replaces, &icon, &n.Title, &n.Body, &actions, &n.Hints, &expires) != nil {
		return // not as the specification has it, and the server will say so
	}
	for pair := range slices.Chunk(actions, 2) {
		if len(pair) == 2 {
			n.Actions = append(n.Actions, Action{Key: pair[0], Label: pair[1]})
		}
	}
	n.Expires = time.Duration(expires) * time.Millisecond
	sender, _ := m.Headers[dbus.FieldSender].Value().(string)
	l.all = append(l.all, n)
	l.asked[request{sender, m.Serial()}] = n
}

// answered gives a sent notification the id that the server chose.
func (l *notifyLog) answered(m *dbus.Message) {
	sender, _ := m.Headers[dbus.FieldDestination].Value().(string)
	serial, _ := m.Headers[dbus.FieldReplySerial].Value().(uint32)
	n, ok := l.asked[request{sender, serial}]
	if !ok {
		return
	}
	delete(l.asked, request{sender, serial})
	var id uint32
	if m.Type == dbus.TypeError || dbus.Store(m.Body, &id) != nil {
		n.end(Refused)
		return
	}
	if old := l.onScreen(id); old != nil {
		old.end(Replaced)
	}
	n.ID = id
}

// shown is the notification on the screen that a signal with an id and one more value speaks of, or nil.
func (l *notifyLog) shown(m *dbus.Message, id *uint32, value any) *Notification {
	if dbus.Store(m.Body, id, value) != nil {
		return nil
	}
	return l.onScreen(*id)
}

// onScreen is the notification with this id that is on the screen, or nil.
func (l *notifyLog) onScreen(id uint32) *Notification {
	for _, n := range slices.Backward(l.all) {
		if n.ID == id && n.Ended == "" {
			return n
		}
	}
	return nil
}

func (n *Notification) end(why string) {
	if n.Ended == "" {
		n.Ended, n.EndedAt = why, time.Now()
	}
}

// serverGone ends all notifications: a server takes them with it without a word.
func (l *notifyLog) serverGone() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, n := range l.all {
		n.end(ServerGone)
	}
}

// wait blocks until find, called under the lock, returns a notification, and returns a copy of it; nil if there
// is none in time.
func (l *notifyLog) wait(timeout time.Duration, find func() *Notification) *Notification {
	late := time.NewTimer(timeout)
	defer late.Stop()
	for {
		l.mu.Lock()
		found, changed := find(), l.changed
		if found != nil {
			found = found.clone()
		}
		l.mu.Unlock()
		if found != nil {
			return found
		}
		select {
		case <-changed:
		case <-late.C:
			return nil
		}
	}
}

func (n *Notification) clone() *Notification {
	c := *n
	c.Invoked = slices.Clone(n.Invoked)
	return &c
}

// Notifications are all that were ever sent on this desk, in order.
func (d *Desk) Notifications() []*Notification {
	d.log.mu.Lock()
	defer d.log.mu.Unlock()
	var all []*Notification
	for _, n := range d.log.all {
		all = append(all, n.clone())
	}
	return all
}

// Prompt is the newest notification on the screen now, or nil.
func (d *Desk) Prompt() *Notification {
	for _, n := range slices.Backward(d.Notifications()) {
		if n.ID != 0 && n.Ended == "" {
			return n
		}
	}
	return nil
}

// WaitNotify waits for the next notification that reaches the screen. Each is returned once, so one that was shown
// before the call is not missed.
func (d *Desk) WaitNotify(timeout time.Duration) *Notification {
	d.t.Helper()
	n := d.log.wait(timeout, func() *Notification {
		for i, n := range d.log.all[d.log.next:] {
			if n.ID != 0 {
				d.log.next += i + 1
				return n
			}
		}
		return nil
	})
	if n == nil {
		d.t.Fatalf("no notification in %v", timeout)
	}
	return n
}

// WaitGone waits until n has left the screen, and returns it with what became of it.
func (d *Desk) WaitGone(n *Notification, timeout time.Duration) *Notification {
	d.t.Helper()
	gone := d.waitFor(n, timeout, func(n *Notification) bool { return n.Ended != "" })
	if gone == nil {
		d.t.Fatalf("%q still on the screen after %v", n.Title, timeout)
	}
	return gone
}

// waitFor waits until ok holds of the notification as it now is; nil if it does not in time.
func (d *Desk) waitFor(n *Notification, timeout time.Duration, ok func(*Notification) bool) *Notification {
	return d.waitSince(n, timeout, func(m *Notification) bool { return m.At.Equal(n.At) && ok(m) })
}

// waitSince is waitFor for n or one that has taken its place, as happens while somebody is about to press a button.
func (d *Desk) waitSince(n *Notification, timeout time.Duration, ok func(*Notification) bool) *Notification {
	return d.log.wait(timeout, func() *Notification {
		for _, m := range d.log.all {
			if m.ID == n.ID && !m.At.Before(n.At) && ok(m) {
				return m
			}
		}
		return nil
	})
}
