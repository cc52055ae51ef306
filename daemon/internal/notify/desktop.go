package notify

import (
	"context"
	"slices"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/internal/bus"
)

// The desktop's notification service.
const (
	service = "org.freedesktop.Notifications"
	object  = dbus.ObjectPath("/org/freedesktop/Notifications")
)

const (
	// callTimeout is after how long a server counts as hanging.
	callTimeout = 5 * time.Second
	// patience is how long the call to a hanging server is kept open all the same. The message is in its queue and
	// cannot be taken back: only by waiting for the answer can the note be replaced when the server goes on.
	patience = time.Hour
	// farewellTimeout is what closing our notes may take at the end.
	farewellTimeout = 500 * time.Millisecond
	// triesAtMost keeps a note that crashes the server from doing so for ever.
	triesAtMost = 2
	// signalsAtMost bounds what may arrive while a call is under way; more than two would be odd already.
	signalsAtMost = 64
)

// A desk is what is known of the desktop's service.
type desk struct {
	up          context.Context // the connection's, nil while there is none
	why         error           // why there is none
	owner       string          // the server's unique name, "" while none runs
	activatable bool            // the bus can start one
	server      *server         // nil until asked
	refused     error           // why the service could not be started
	hangs       bool            // the call under way is overdue
}

// callable tells whether there is a service to call.
func (d *desk) callable() bool {
	return d.up != nil && (d.owner != "" || d.activatable && d.refused == nil)
}

// A server is a notification service and what it can do.
type server struct {
	name, version string
	capabilities  []string
}

func (s *server) can(capability string) bool { return slices.Contains(s.capabilities, capability) }

// A task is the one call under way.
type task struct {
	cancel  context.CancelFunc
	signals []*dbus.Signal // arrived meanwhile
}

// start makes a call on a goroutine of its own; then runs when it has been answered, on the goroutine of Run. then
// is not run when the server has gone meanwhile.
func (n *Notifier) start(then func(*dbus.Call), method string, args ...any) {
	ctx, cancel := context.WithTimeout(n.desk.up, patience)
	now := &task{cancel: cancel}
	n.task = now
	n.overdue.Reset(callTimeout)
	go func() {
		defer cancel()
		call := n.session.Call(ctx, service, object, service+"."+method, args...)
		n.post(func() {
			if n.task == now {
				n.endTask()
				then(call)
				n.hearAll(now.signals)
			}
		})
	}()
}

func (n *Notifier) endTask() {
	if n.task != nil {
		n.task.cancel()
	}
	n.task = nil
	n.overdue.Stop()
	n.desk.hangs = false
}

// meet asks the server who it is and what it can do. It starts an activatable one.
func (n *Notifier) meet() {
	n.start(func(call *dbus.Call) {
		found := &server{name: "unnamed"}
		var vendor, spec string
		err := call.Store(&found.name, &vendor, &found.version, &spec)
		if err != nil && n.desk.owner == "" {
			n.log.Info("the notification service cannot be started", "err", err)
			n.desk.refused = err
			return
		}
		n.start(func(call *dbus.Call) {
			if err := call.Store(&found.capabilities); err != nil {
				n.log.Info("the notification service does not say what it can do", "err", err)
			}
			n.desk.server = found
		}, "GetCapabilities")
	}, "GetServerInformation")
}

func (n *Notifier) show(s *slot) {
	note, replaces := s.want, s.id
	if s.left {
		replaces = 0 // the number is void once the server has closed the note
	}
	srv, heard := n.desk.server, s.again
	n.start(func(call *dbus.Call) {
		var id uint32
		if err := call.Store(&id); err != nil {
			n.notShown(s, note, err)
			return
		}
		s.id, s.shown, s.since, s.at, s.left = id, note, call.ResponseSequence, time.Now(), false
		s.sent = s.want == note
		if !heard && !srv.sounds() {
			n.playSound(note.Sound)
		}
		n.tellShown(s, note)
	}, "Notify", "Unhunch", replaces, "", line(note.Title), srv.body(note), srv.actions(note), srv.hints(note, heard), expiry(note))
}

func (n *Notifier) notShown(s *slot, note *Note, err error) {
	n.log.Info("a note was not shown", "slot", s.name, "err", err)
	s.id, s.shown = 0, nil
	s.tries++
	s.around = s.want == note && (s.tries >= triesAtMost || n.desk.owner != "")
}

func (n *Notifier) close(s *slot) {
	n.start(func(*dbus.Call) {
		// An error means that there is nothing to close any more.
		s.id, s.shown = 0, nil
		s.sent = s.want == nil
	}, "CloseNotification", s.id)
}

// farewell closes what is on screen. A server that does not answer is not waited for.
func (n *Notifier) farewell(ctx context.Context) {
	n.endTask()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewellTimeout)
	defer cancel()
	for _, s := range n.slots {
		if s.id != 0 && ctx.Err() == nil {
			_ = n.session.Call(ctx, service, object, service+".CloseNotification", s.id).Err
		}
	}
}

// A tenant is the Notifier as the bus sees it.
type tenant Notifier

func (t *tenant) Connected(ctx context.Context) {
	n := (*Notifier)(t)
	owner, err := n.session.Owner(ctx, service)
	var names []string
	if err == nil { // also when it is owned now: its owner may go
		const listNames = "org.freedesktop.DBus.ListActivatableNames"
		err = n.session.Call(ctx, "org.freedesktop.DBus", "/org/freedesktop/DBus", listNames).Store(&names)
	}
	if err != nil {
		n.log.Info("the session bus does not answer", "err", err)
	}
	n.post(func() {
		n.desk.up = ctx
		n.desk.activatable = slices.Contains(names, service)
		n.ownedBy(owner)
	})
}

func (t *tenant) Signal(_ context.Context, s *dbus.Signal) {
	n := (*Notifier)(t)
	if owner, ok := bus.NewOwner(s, service); ok {
		n.post(func() { n.ownedBy(owner) })
		return
	}
	n.post(func() {
		if n.task != nil && len(n.task.signals) < signalsAtMost {
			n.task.signals = append(n.task.signals, s) // its answer may bring the number the signal is about
			return
		}
		n.hear(s)
	})
}

func (t *tenant) Lost(why error) {
	n := (*Notifier)(t)
	n.post(func() {
		n.ownedBy("")
		n.endTask() // one may be under way to a server that was yet to start
		n.desk = desk{why: why}
	})
}

// ownedBy notes who the server is. Numbers are void with the server that gave them.
func (n *Notifier) ownedBy(owner string) {
	if owner == n.desk.owner {
		return
	}
	if n.desk.owner != "" {
		n.endTask()
		for _, s := range n.slots {
			s.id, s.shown = 0, nil
		}
	}
	n.desk.owner, n.desk.server, n.desk.refused = owner, nil, nil
	if owner != "" {
		n.showAgain()
	}
}

// showAgain brings back, once, what a server took with it while it was meant to be on screen.
func (n *Notifier) showAgain() {
	for _, s := range n.slots {
		if s.want != nil && s.sent && !s.again && !s.left && s.id == 0 && time.Since(s.at) < s.want.Expire {
			s.sent, s.again = false, true
		}
	}
}

func (n *Notifier) hearAll(signals []*dbus.Signal) {
	for _, s := range signals {
		n.hear(s)
	}
}

// hear takes a signal about one of our notes. Anybody on the bus can send signals, and numbers are easily guessed:
// only the server's own are believed.
func (n *Notifier) hear(signal *dbus.Signal) {
	if signal.Sender != n.desk.owner || len(signal.Body) < 2 {
		return
	}
	id, _ := signal.Body[0].(uint32)
	at := slices.IndexFunc(n.slots, func(s *slot) bool { return s.id == id && id != 0 })
	if at < 0 {
		return
	}
	s := n.slots[at]
	if signal.Sequence < s.since || s.shown != s.want {
		return // about a note that has been replaced
	}
	switch detail := signal.Body[1].(type) {
	case string:
		if signal.Name == service+".ActionInvoked" {
			n.pressed(s, detail)
		}
	case uint32:
		if signal.Name == service+".NotificationClosed" {
			n.closed(s, detail)
		}
	}
}

func (n *Notifier) pressed(s *slot, key string) {
	if key == defaultKey {
		key = s.shown.Default
	}
	if !slices.ContainsFunc(s.shown.Actions, func(a Action) bool { return a.Key == key }) {
		return
	}
	s.want, s.sent = nil, false // most servers close a note whose button was pressed, but not dunst at dunstctl's hand
	n.answer(Answer{Slot: s.name, Kind: Pressed, Key: key})
}

// closedByHand is the reason of NotificationClosed that is an answer. All others (it expired, somebody else closed
// it, reserved) mean that the note left the screen; our own closing is not heard of, as its number is forgotten.
const closedByHand = 2

func (n *Notifier) closed(s *slot, reason uint32) {
	switch {
	case reason == closedByHand:
		unseen := s.left // cleared from the list after it had expired
		s.want, s.id, s.shown = nil, 0, nil
		if !unseen {
			n.answer(Answer{Slot: s.name, Kind: Closed})
		}
	case !s.left:
		s.left = true
		n.answer(Answer{Slot: s.name, Kind: Expired})
	}
}
