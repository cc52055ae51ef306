package daemon

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/bus"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/hold"
	"github.com/unhunch/unhunch/daemon/internal/notify"
	"github.com/unhunch/unhunch/daemon/internal/presence"
	"github.com/unhunch/unhunch/daemon/internal/vouch"
	"github.com/unhunch/unhunch/daemon/words"
)

// sensorSource is what the simulated sensor calls itself: the X server's alarms work as it does.
const sensorSource = "x11"

// A desk is the simulated desktop of one run of the daemon: the input sensor, logind, the screen and the notes.
type desk struct {
	d     *daemon
	notes *board

	around *around
	vouch  *vouch.Room

	order atomic.Int64 // the newest wish for watch, a time.Duration

	mu      sync.Mutex
	begun   bool // the daemon listens
	dead    bool // the sensor
	last    time.Time
	told    string        // what the sensor said last
	watch   time.Duration // from when on it tells of a silence
	silence *time.Timer
	session presence.Session
	dark    bool
}

func newDesk(last time.Time, session presence.Session, around *around) *desk {
	k := &desk{last: last, session: session, around: around, watch: time.Minute}
	k.silence = time.AfterFunc(time.Hour, k.quiet)
	k.silence.Stop()
	k.notes = &board{desk: k, up: true, changed: make(chan struct{}, 1), slots: map[string]*pinned{}}
	return k
}

// rooms are the daemon's on this desk.
func (k *desk) rooms(d *daemon) *rooms {
	k.d = d
	log := d.opts.Log
	k.vouch = vouch.New(bus.Session(log), bus.System(log), d.vouched, log) // of buses that nobody connects
	k.vouch.Add(wakeful, k.around.vouches(wakeful, func(u uses) bool { return u.wakeful }), nil)
	k.vouch.Add("the sound server", k.around.vouches(hold.ByMicrophone, func(u uses) bool { return u.microphone }), nil)
	return &rooms{
		notes: k.notes, vouch: k.vouch, hold: hold.Of(k.around.lookers(), k.around.listeners(), d.look, log),
		noInput: "the desk is simulated",
	}
}

// begin connects the sensors once the daemon listens.
func (k *desk) begin() {
	k.mu.Lock()
	k.begun = true
	k.mu.Unlock()
	k.tell(k.session)
	k.revive()
}

// end disconnects everything.
func (k *desk) end() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.begun = false
	k.silence.Stop()
	k.vouch.Rest()
}

// key is input.
func (k *desk) key() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.last = time.Now()
	if k.begun && !k.dead {
		k.activeLocked()
	}
}

func (k *desk) activeLocked() {
	if k.told != presence.Active {
		k.told = presence.Active
		k.d.input(presence.Input{State: presence.Active, Source: sensorSource})
	}
	k.silence.Reset(k.watch)
}

// quiet is the sensor's alarm.
func (k *desk) quiet() {
	k.mu.Lock()
	defer k.mu.Unlock()
	since := time.Since(k.last)
	if !k.begun || k.dead || k.told == presence.Idle || since < k.watch {
		return
	}
	k.told = presence.Idle
	k.d.input(presence.Input{State: presence.Idle, Source: sensorSource, Idle: since})
}

// watchFor is what the daemon asks of the sensor. It is called on the loop's goroutine. Of two orders the newer one counts.
func (k *desk) watchFor(d time.Duration) {
	k.order.Store(int64(d))
	go func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		d := time.Duration(k.order.Load())
		k.watch = d
		if k.begun && !k.dead && k.told == presence.Active {
			k.silence.Reset(max(0, d-time.Since(k.last)))
		}
	}()
}

// die is that the sensor is lost, as when the X server goes.
func (k *desk) die() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dead, k.told = true, presence.Unknown
	k.silence.Stop()
	k.d.input(presence.Input{State: presence.Unknown, Source: sensorSource, Why: "it died"})
}

// revive is that there is a sensor.
func (k *desk) revive() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dead, k.told = false, ""
	if quiet := time.Since(k.last); quiet >= k.watch {
		k.told = presence.Idle
		k.d.input(presence.Input{State: presence.Idle, Source: sensorSource, Idle: quiet})
		return
	}
	k.activeLocked()
	k.silence.Reset(max(0, k.watch-time.Since(k.last)))
}

// tell is logind's word.
func (k *desk) tell(s presence.Session) {
	k.mu.Lock()
	k.session = s
	k.mu.Unlock()
	if s.Locked || s.Inactive || s.Sleeping {
		k.around.locked()
	}
	k.d.desk(s)
}

// screen turns the screen dark, or light.
func (k *desk) screen(dark bool) {
	k.mu.Lock()
	k.dark = dark
	k.mu.Unlock()
	k.d.screen(presence.Screen{Dark: dark})
}

// A board is where notes are pinned: the notification service of the desktop, which may be gone, hang or start anew.
type board struct {
	desk    *desk
	changed chan struct{}

	mu     sync.Mutex
	up     bool
	hangs  bool
	slots  map[string]*pinned
	number int
}

// A pinned note is one that should be on the screen.
type pinned struct {
	note   notify.Note
	number int  // of what is on screen; 0 for nothing
	left   bool // for the list
}

// Show is part of notes.
func (b *board) Show(note notify.Note) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.desk.around.shown(note)
	old := b.slots[note.Slot]
	if note.Refresh && (old == nil || old.number == 0 || old.left) {
		return
	}
	b.slots[note.Slot] = &pinned{note: note}
	b.pinLocked(note.Slot)
}

// pinLocked puts a note on the screen, if that can be done now.
func (b *board) pinLocked(slot string) {
	p := b.slots[slot]
	switch {
	case b.hangs:
		return // it is shown should the service come back
	case !b.up:
		b.laterLocked(slot, time.Millisecond, notify.Failed, "")
		return
	}
	b.number++
	p.number, p.left = b.number, false
	if p.note.Seen != "" {
		b.laterLocked(slot, 10*time.Millisecond, notify.Shown, p.note.Seen)
	}
	if p.note.Expire > 0 {
		b.laterLocked(slot, p.note.Expire, notify.Expired, "")
	}
	p.note.Sound = ""
}

// laterLocked tells the daemon something of the note in a slot, unless that has changed by then.
func (b *board) laterLocked(slot string, d time.Duration, kind, key string) {
	p, number := b.slots[slot], b.slots[slot].number
	time.AfterFunc(d, func() {
		b.mu.Lock()
		same := b.slots[slot] == p && p.number == number && !p.left
		if same && kind == notify.Expired {
			if b.hangs || !b.up {
				same = false
			} else {
				p.left = true
			}
		}
		if same && kind == notify.Failed {
			delete(b.slots, slot)
		}
		b.mu.Unlock()
		if same && b.desk.listens() {
			b.desk.d.answered(notify.Answer{Slot: slot, Kind: kind, Key: key})
		}
	})
}

func (k *desk) listens() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.begun
}

// Withdraw is part of notes.
func (b *board) Withdraw(slot string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.slots, slot)
}

// Check is part of notes.
func (b *board) Check() api.Check {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.up {
		return api.Check{Part: "notifications", Status: words.DoctorMissing, Detail: "the bus is gone"}
	}
	return api.Check{Part: "notifications", Status: words.DoctorOK}
}

// Changed is part of notes.
func (b *board) Changed() <-chan struct{} { return b.changed }

// Run is part of notes. It is started when the daemon listens.
func (b *board) Run(ctx context.Context) error {
	b.desk.begin()
	<-ctx.Done()
	b.desk.end()
	return nil
}

// set changes what the service does; what should be on the screen is shown when it can be.
func (b *board) set(up, hangs bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	fresh := up && !hangs && (!b.up || b.hangs)
	lost := b.up && !up
	b.up, b.hangs = up, hangs
	for slot, p := range b.slots {
		if lost {
			p.number = 0 // its numbers die with it
		}
		if fresh && p.number == 0 && !p.left {
			b.pinLocked(slot)
		}
	}
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

// onScreen is the note in a slot that the person sees; nil for none.
func (b *board) onScreen(slot string) *notify.Note {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.slots[slot]
	if p == nil || p.number == 0 || p.left || !b.up || b.hangs {
		return nil
	}
	note := p.note
	return &note
}

// press presses a button of a note, or closes it by hand where key is empty.
func (b *board) press(slot, key string) {
	b.mu.Lock()
	p := b.slots[slot]
	delete(b.slots, slot)
	b.mu.Unlock()
	if p == nil {
		return
	}
	answer := notify.Answer{Slot: slot, Kind: notify.Pressed, Key: key}
	if key == "" {
		answer.Kind = notify.Closed
	}
	b.desk.d.answered(answer)
}

// witnessWatch takes the daemon's wishes to the sensor.
func (k *desk) witnessWatch(effects []core.Effect) {
	for _, f := range effects {
		if f.Watch != 0 {
			k.watchFor(f.Watch)
		}
	}
}
