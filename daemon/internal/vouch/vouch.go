// Package vouch finds out what vouches for a person who gives no input: programs that keep the screen on because there
// is something to be watched, and whatever else it is given to ask, such as a microphone.
//
// It does nothing until it is asked. Then every source is asked once, at the same time; while it matters further, the
// desktop's own signals are what makes it ask again. A source that fails, or takes over two seconds, vouches for nobody.
//
// Where programs say that the screen is to stay on, and who lists them:
//
//	GNOME, Cinnamon, MATE, Budgie   org.gnome.SessionManager: GetInhibitors, each with an object of its own. What asks
//	                                org.freedesktop.ScreenSaver or the portal there ends up in this list
//	KDE Plasma                      PolicyAgent of org.kde.Solid.PowerManagement: ListInhibitions. The same
//	any, with systemd or elogind    logind: ListInhibitors, those for “idle”
//	Wayland's idle-inhibit          no other program is told of these; a compositor's idle notifications can tell that
//	                                there are any, which takes a Source of its own
//	org.freedesktop.ScreenSaver by other services, XScreenSaverSuspend, `xset s off`
//	                                nobody lists these: they are not seen
//
// org.freedesktop.PowerManagement.Inhibit is left out on purpose. It keeps the computer awake, not the screen on, and a
// download that does so says nothing of who sits there.
package vouch

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/unhunch/unhunch/daemon/internal/bus"
)

const (
	// lookTimeout bounds what one source gets to answer. Who is slower says nothing.
	lookTimeout = 2 * time.Second
	// settle is what a change gets to be followed by others of the same kind: a player that goes on to the next film
	// lets go and takes hold again.
	settle = 200 * time.Millisecond
	// lookAgain spaces the looks that signals lead to: a desktop that flickers must not keep us busy.
	lookAgain = 500 * time.Millisecond
	// askAgain is how often a source that may tell of no changes is asked, and only while a silence is being vouched for or
	// may be.
	askAgain = 30 * time.Second
	// mostFound bounds what one source may list, and longestName what is kept of a name: both come from strangers.
	mostFound, longestName = 32, 60
)

// A Thing is one thing that vouches: a video, a call.
type Thing struct {
	// ID tells it from others of its source for as long as it lasts, and from what comes after it.
	ID string
	// Name is what a person reads in the doctor's report: the program's.
	Name string
}

// A Source tells of all things of one kind that vouch at this moment, within the time that ctx leaves. None and no
// error is that nothing does.
type Source func(ctx context.Context) ([]Thing, error)

// An Ear calls changed whenever its Source may have a new answer, until ctx ends. Its error is that it hears no more.
type Ear func(ctx context.Context, changed func()) error

// A source is a Source and what it asks.
type source struct {
	kind string
	look Source
	hear Ear // nil where there is nothing to be heard, or the buses tell
}

// A Room asks the sources. Make it with New, Add what else there is, and then run the buses.
type Room struct {
	tell    func(by []int)
	log     *slog.Logger
	sources []source
	silent  bool // some of them may tell of no changes

	mu       sync.Mutex
	watching bool
	deafen   context.CancelFunc // ends what is heard while watching
	looking  bool               // a look is on its way
	again    bool               // another is to follow it, as something has changed since it began
	looked   time.Time          // when the last look ended
	timer    *time.Timer        // the next look
	ids      map[string]int     // of what vouches now, by source and key
	names    map[int]string     // the same by id
	last     int                // the last id given
	failed   map[string]error   // why a source could not be asked, by kind
}

// New makes a Room that asks what is on these buses. tell gets the numbers of all that vouches after each look; it must
// not block.
func New(session, system *bus.Bus, tell func(by []int), log *slog.Logger) *Room {
	r := &Room{tell: tell, log: log, failed: map[string]error{}}
	r.timer = time.AfterFunc(time.Hour, r.start)
	r.timer.Stop()
	r.sources = onBuses(session, system, r)
	return r
}

// Add adds a source, by the name of what it asks. While it matters it is asked now and again, and when its ear hears
// something, if it has one. Not to be called once Look or Watch have been.
func (r *Room) Add(asks string, s Source, hear Ear) {
	r.sources, r.silent = append(r.sources, source{asks, s, hear}), true
}

// Look asks all sources once. It does not wait.
func (r *Room) Look() { r.start() }

// Watch asks all sources, and again whenever something has changed, until Rest. It does not wait.
func (r *Room) Watch() {
	r.mu.Lock()
	if !r.watching {
		r.watching = true
		r.listen()
	}
	r.mu.Unlock()
	r.start()
}

// listen gives those that have ears a hearing until Rest. Who hears no more is asked all the same.
func (r *Room) listen() {
	ctx, cancel := context.WithCancel(context.Background())
	r.deafen = cancel
	for _, s := range r.sources {
		if s.hear == nil {
			continue
		}
		go func() {
			if err := s.hear(ctx, r.Changed); err != nil && ctx.Err() == nil {
				r.log.Debug("it is not told who is there in silence", "source", s.kind, "error", err)
				r.Changed()
			}
		}()
	}
}

// Rest ends Watch. What was found is followed until it ends, by signals alone, so that it is known for what it is when
// it is found again.
func (r *Room) Rest() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.watching {
		r.deafen()
	}
	r.watching = false
	if r.timer.Stop() && len(r.ids) > 0 {
		r.timer.Reset(settle) // a change that has been told of is not forgotten
	}
}

// Name is what a person calls that number, empty when it has ended.
func (r *Room) Name(id int) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.names[id]
}

// Changed is that a source tells of a change. It matters while watching, and as long as something is known.
func (r *Room) Changed() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.watching || len(r.ids) > 0 {
		r.timer.Reset(max(settle, time.Until(r.looked.Add(lookAgain))))
	}
}

// start begins a look, or has one follow that which is on its way.
func (r *Room) start() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.looking {
		r.again = true
		return
	}
	r.looking = true
	r.timer.Stop()
	go r.look()
}

// look asks all sources until nothing has changed meanwhile. At most one runs at a time.
func (r *Room) look() {
	for again := true; again; {
		all, failed := r.ask()
		r.mu.Lock()
		by := r.number(all)
		r.note(failed)
		r.looked = time.Now()
		r.mu.Unlock()
		r.tell(by) // before another look can begin: what is told last is what was found last
		r.mu.Lock()
		again = r.again
		r.again, r.looking = false, again
		if !again && r.watching && r.silent {
			r.timer.Reset(askAgain)
		}
		r.mu.Unlock()
	}
}

// An answer is what one source has said.
type answer struct {
	kind  string
	found []Thing
	err   error
}

// ask asks every source at the same time, and waits until all have answered or are out of time.
func (r *Room) ask() (all []answer, failed map[string]error) {
	ctx, cancel := context.WithTimeout(context.Background(), lookTimeout)
	defer cancel()
	answers := make(chan answer, len(r.sources)) // room for those that come too late
	for _, s := range r.sources {
		go func() {
			found, err := s.look(ctx)
			answers <- answer{s.kind, found, err}
		}()
	}
	failed = map[string]error{}
	for range r.sources {
		select {
		case a := <-answers:
			if a.err != nil {
				failed[a.kind] = a.err
				continue
			}
			all = append(all, a)
		case <-ctx.Done():
			failed["late"] = ctx.Err()
			return all, failed
		}
	}
	return all, failed
}

// number gives everything found its number, the one that it had.
func (r *Room) number(all []answer) (by []int) {
	ids, names := map[string]int{}, map[int]string{}
	for _, a := range all {
		for _, f := range a.found[:min(len(a.found), mostFound)] {
			key := a.kind + "\x00" + f.ID
			id, known := r.ids[key]
			if _, twice := ids[key]; twice {
				continue
			}
			if !known {
				r.last++
				id = r.last
			}
			ids[key], names[id] = id, readable(f.Name)
			by = append(by, id)
		}
	}
	r.ids, r.names = ids, names
	slices.Sort(by)
	return by
}

// note logs a source that has begun to fail, once.
func (r *Room) note(failed map[string]error) {
	for kind, err := range failed {
		if r.failed[kind] == nil {
			r.log.Info("cannot find out whether somebody is there in silence", "source", kind, "error", err)
		}
	}
	r.failed = failed
}

// readable is a stranger's name as it can be shown: of one line, and not too long.
func readable(name string) string {
	name = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(name, ""), func(c rune) bool {
		return unicode.IsSpace(c) || !unicode.IsPrint(c)
	}), " ")
	if runes := []rune(name); len(runes) > longestName {
		name = string(runes[:longestName-1]) + "…"
	}
	return cmp.Or(name, unnamed)
}

// unnamed is a program that does not say who it is.
const unnamed = "a program without a name"
