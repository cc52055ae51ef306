// Package notify puts notes on the person's screen and brings back what they press: with buttons through the
// desktop's own notification service, by beeep where there is none, and in the terminal as the last resort.
//
// # What services do differently
//
// A note is sent alike to all of them; what they make of it differs, by what they say that they can do and by what their
// documents and sources say. dunst, Xfce's and mako are run for real in the tests.
//
//	                 buttons           time on screen    kept in a list       a click on the body   sound        quiet
//	dunst 1.9        menu, dunstctl    ours              history              middle: default       none         paused
//	xfce4-notifyd    drawn             ours              log, if wanted       dismissal             if built so  do-not-disturb
//	GNOME Shell      drawn, up to 3    its own, 4 s      yes (persistence)    default action        yes          show-banners
//	KDE Plasma       drawn             ours              yes (persistence)    default action        its own      Inhibited
//	mako 1.7         menu, makoctl     ours              the last five        default action        none         its modes
//	notify-osd       none              its own           no                   nothing               none         none
//
// What follows from it:
//
//   - No buttons (notify-osd, and any service without “actions”): the body says how to answer by command. An action sent
//     to notify-osd would become a window in front of everything.
//   - The default action has no label: xfce4-notifyd would draw it as one more button. dunst invokes it on a middle click
//     by default; its left click, like any in Xfce, closes the note, which is a skip without reproach.
//   - Urgency is low or normal. Critical notes stay until they are clicked away, and break through do-not-disturb.
//   - GNOME shows no banner over a full screen, and keeps what was not seen in its list; so do KDE's and Xfce's logs.
//     A prompt is not transient: it may be answered from there. A step of a session is, and so is gone from lists, and
//     does not keep a dimmed screen awake.
//   - GNOME removes our notes when our connection to the bus ends, and closes what it has shown only when it is answered:
//     there a prompt leaves by our own hand, after the time for unanswered ones.
//   - Resident is never asked for. It helps notes whose buttons can be pressed again; each of ours ends what the note says,
//     and what comes next is another note, in the same place.
//   - desktop-entry names our file, by which GNOME and KDE find the name, the icon and the person's own rules for us.
//     Categories are ours (x-unhunch.prompt, .session, .notice): none of the specification's fits, and dunst and mako can
//     be given rules by them.
//   - Pictures go as pixels in image-data; Xfce and GNOME scale them, dunst and mako show them as large as they may.
//   - Markup is escaped for those who say that they take it, and defused for the others: dunst takes it unsaid.
//   - A note without a sound says suppress-sound; GNOME heeds only that no sound is named, which is so, too.
package notify

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/bus"
)

// An Action is a button. Keys are the caller's own words and come back in the Answer.
type Action struct{ Key, Label string }

// A Note is what is to be shown. A new note of a slot replaces the old one.
type Note struct {
	Slot    string // "prompt", "session", "notice"
	Title   string // one line, plain text
	Body    string // plain text; escaping is this room's business
	Plain   string // the body where there are no buttons: says how to act. Empty: Body
	Actions []Action
	Default string          // key of the action for a click on the body, empty for none
	Expire  time.Duration   // how long it stays on screen; 0 leaves that to the desktop
	Silent  bool            // low urgency
	Sound   string          // heard once as it is shown, by its name in the freedesktop sound naming specification; empty for none
	Picture func() *Picture // drawn when the note is sent, if the server shows pictures, and not kept; nil for none
	Refresh bool            // it only takes the place of a note that is still on screen. Its sound is heard all the same
	Seen    string          // if not empty, it comes back as the Key of an Answer of kind Shown once the note is on screen
}

// A Picture is rows of pixels from the top, each of four bytes: red, green, blue and opacity, which the colours are not
// multiplied by.
type Picture struct {
	Width, Height int
	RGBA          []byte
}

// Kinds of Answer.
const (
	Pressed = "action"  // Key says which button
	Closed  = "closed"  // by hand, without a button
	Expired = "expired" // it left the screen unanswered; a button may still be pressed in the desktop's list
	Failed  = "failed"  // it could not be shown
	Shown   = "shown"   // it is on screen, or in the terminal; what becomes of it is yet to come
)

// An Answer is what became of the newest note of a slot. A note that was replaced or withdrawn has none, but for Shown,
// and a note shown again, after a restart of the server, is told of again.
type Answer struct {
	Slot string
	Kind string
	Key  string
}

// A Notifier owns what is on the screen. All its methods return at once.
type Notifier struct {
	session  *bus.Bus
	terminal io.Writer
	answer   func(Answer)
	log      *slog.Logger
	beep     func(title, body string) error
	player   player
	beeping  atomic.Bool // a frozen server never lets beeep return: one stuck call is enough

	changed chan struct{}
	wake    chan struct{} // there is something in orders
	events  chan func()   // run on the goroutine of Run, in order
	quit    chan struct{} // closed when Run has ended

	mu     sync.Mutex
	orders []order // at most one per slot
	check  api.Check

	// The rest belongs to the goroutine of Run.
	slots   []*slot
	desk    desk
	task    *task
	overdue *time.Timer // of the task
	busy    bool        // a note is on its way past the desktop's service
}

type order struct {
	slot string
	note *Note // nil to withdraw
}

// A slot is one place on the screen.
type slot struct {
	name   string
	want   *Note         // what should be on screen, nil for nothing
	sent   bool          // want has been seen to
	id     uint32        // the server's number for shown, 0 for none
	shown  *Note         // what the server has under id
	since  dbus.Sequence // signals before it are about an earlier note
	at     time.Time
	left   bool // it has left the screen but may be in the desktop's list
	again  bool // it was shown again after a restart of the server
	tries  int  // failed attempts
	told   bool // the note was answered for while the server hangs
	around bool // the server does not take it
}

// New makes a Notifier on the session bus, nil where there is none to be had. terminal, if not nil, gets the notes
// that cannot be shown otherwise. answer is called on the goroutine of Run and must not block.
func New(session *bus.Bus, terminal io.Writer, answer func(Answer), log *slog.Logger) *Notifier {
	n := &Notifier{
		session: session, terminal: terminal, answer: answer, log: log, beep: beep, player: player{play: play},
		changed: make(chan struct{}, 1), wake: make(chan struct{}, 1),
		events: make(chan func()), quit: make(chan struct{}),
		overdue: time.NewTimer(time.Hour),
	}
	n.overdue.Stop()
	n.publish()
	if session != nil {
		session.Attach((*tenant)(n),
			bus.OwnerChanges(service),
			bus.Match{Sender: service, Path: string(object), Interface: service, Member: "ActionInvoked"},
			bus.Match{Sender: service, Path: string(object), Interface: service, Member: "NotificationClosed"})
	}
	return n
}

// Show shows note in place of what its slot shows now.
func (n *Notifier) Show(note Note) { n.order(order{note.Slot, &note}) }

// Withdraw takes the note of a slot off the screen, if there is one.
func (n *Notifier) Withdraw(slot string) { n.order(order{slot, nil}) }

func (n *Notifier) order(o order) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if o.note != nil && o.note.Refresh && slices.ContainsFunc(n.orders, func(old order) bool {
		return old.slot == o.slot && old.note != nil
	}) {
		o.note.Refresh = false // what it is to take the place of is itself yet to be shown
	}
	n.orders = slices.DeleteFunc(n.orders, func(old order) bool { return old.slot == o.slot })
	n.orders = append(n.orders, o)
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// Check says what notes are shown with, for doctor and status.
func (n *Notifier) Check() api.Check {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.check
}

// Changed receives after Check has changed.
func (n *Notifier) Changed() <-chan struct{} { return n.changed }

// Run does what was ordered until ctx ends; then it takes our notes off the screen, where their buttons would lead
// nowhere. It returns nil.
func (n *Notifier) Run(ctx context.Context) error {
	defer close(n.quit)
	for {
		n.advance()
		select {
		case <-ctx.Done():
			n.farewell(ctx)
			return nil
		case <-n.wake:
			n.takeOrders()
		case event := <-n.events:
			event()
		case <-n.overdue.C:
			n.desk.hangs = true
		}
		n.publish()
	}
}

// post hands an event to the goroutine of Run.
func (n *Notifier) post(event func()) {
	select {
	case n.events <- event:
	case <-n.quit:
	}
}

func (n *Notifier) takeOrders() {
	n.mu.Lock()
	orders := n.orders
	n.orders = nil
	n.mu.Unlock()
	for _, o := range orders {
		s := n.slot(o.slot)
		if o.note != nil && o.note.Refresh && (s.want == nil || s.id == 0 || s.left) {
			n.playSound(o.note.Sound) // there is nobody who would see it, or nothing to replace it in place
			continue
		}
		s.want, s.sent, s.again, s.told, s.around, s.tries = o.note, false, false, false, false, 0
		n.desk.refused = nil // a service that could not be started may by now
	}
}

func (n *Notifier) slot(name string) *slot {
	for _, s := range n.slots {
		if s.name == name {
			return s
		}
	}
	s := &slot{name: name, sent: true}
	n.slots = append(n.slots, s)
	return s
}

// advance starts the next thing to do. One call to the server is under way at a time, so that of all notes ordered
// while it hangs only the newest of each slot is ever sent.
func (n *Notifier) advance() {
	if n.task != nil {
		if n.desk.hangs {
			n.tellHanging()
		}
		return
	}
	if n.session != nil && n.desk.up == nil && n.desk.why == nil {
		return // the bus is still being dialed for the first time
	}
	if n.desk.owner != "" && n.desk.server == nil {
		n.meet()
		return
	}
	for _, s := range n.slots {
		switch {
		case s.sent:
			continue
		case s.want == nil && s.id == 0:
			s.sent = true
		case s.around || !n.desk.callable():
			n.goAround(s)
		case n.desk.server == nil:
			n.meet() // starts the service
			return
		case s.want == nil:
			n.close(s)
			return
		default:
			n.show(s)
			return
		}
	}
}

// tellHanging answers for the notes that wait for a server that does not answer. They stay ordered: should it come
// back they are shown if they are still wanted.
func (n *Notifier) tellHanging() {
	for _, s := range n.slots {
		if s.sent || s.told || s.want == nil || n.busy {
			continue
		}
		s.told = true
		n.passBy(s, false) // beeep would only queue a second note behind the first
	}
}

// goAround shows a note without the desktop's service.
func (n *Notifier) goAround(s *slot) {
	if n.busy {
		return // and once it is not, the newest note goes
	}
	s.sent, s.id, s.shown = true, 0, nil
	if s.want != nil {
		n.playSound(s.want.Sound)
		n.passBy(s, n.session == nil || n.desk.up != nil)
	}
}

// passBy tries beeep, then the terminal, on a goroutine of its own as either may block.
func (n *Notifier) passBy(s *slot, tryBeep bool) {
	note := s.want
	n.busy = true
	go func() {
		shown := tryBeep && n.beepInTime(note) || n.print(note)
		n.post(func() {
			n.busy = false
			switch {
			case shown:
				n.tellShown(s, note)
			case s.want == note:
				n.answer(Answer{Slot: s.name, Kind: Failed})
			}
		})
	}()
}

// beepInTime gives beeep as long as the service gets.
func (n *Notifier) beepInTime(note *Note) bool {
	if !beepSafe() || !n.beeping.CompareAndSwap(false, true) {
		return false
	}
	done := make(chan error, 1)
	go func() {
		defer n.beeping.Store(false)
		done <- n.beep(line(note.Title), tidy(note.plain()))
	}()
	select {
	case err := <-done:
		if err != nil {
			n.log.Debug("beeep could not show a note", "err", err)
		}
		return err == nil
	case <-time.After(callTimeout):
		n.log.Info("beeep does not return")
		return false
	}
}

// tellShown tells those who asked for it that a note is on screen.
func (n *Notifier) tellShown(s *slot, note *Note) {
	if note.Seen != "" {
		n.answer(Answer{Slot: s.name, Kind: Shown, Key: note.Seen})
	}
}

func (n *Notifier) print(note *Note) bool {
	if n.terminal == nil {
		return false
	}
	_, err := io.WriteString(n.terminal, block(note.Title, note.plain()))
	return err == nil
}

// plain is the body for those who get no buttons.
func (note *Note) plain() string {
	if note.Plain != "" {
		return note.Plain
	}
	return note.Body
}
