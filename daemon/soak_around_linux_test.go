package daemon

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/internal/hold"
	"github.com/unhunch/unhunch/daemon/internal/notify"
	"github.com/unhunch/unhunch/daemon/internal/promises"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/vouch"
)

// A thing goes on around the person: a film, a call, a program that forgot to let go of the microphone.
type thing struct {
	program string
	what    uses
	id      string
	began   time.Duration // on the machine's boot clock, as are the times below
	ended   time.Duration
	locked  bool // it went on while the screen was locked, or the machine slept
}

// uses is what a thing does that can be seen.
type uses struct{ screen, microphone, camera, wakeful bool }

// What is looked at, beside hold's names.
const wakeful = "programs that keep the screen on"

var sourceNames = []string{hold.DoNotDisturb, hold.ByScreen, hold.ByMicrophone, hold.ByCamera, wakeful}

// Moods of a source.
const (
	well  = ""     // answers at once
	lazy  = "lazy" // answers in good time
	fails = "fails"
	slow  = "slow"  // answers when nobody waits any more
	hangs = "hangs" // answers when it is well again
)

// An around is all that asks for quiet or vouches for the person. It outlives the daemon, and ends with the machine.
type around struct {
	machine *machine
	over    <-chan struct{} // closed when nothing matters any more

	mu     sync.Mutex
	things []*thing
	made   int
	quiet  bool              // do-not-disturb
	ears   map[string]func() // by source: who listens for the end of what it has found
	moods  map[string]string
	eased  chan struct{}            // closed when a mood changes
	sick   map[string]time.Duration // when a source was last not well
	from   map[string]time.Duration // since when there has been a reason to stay quiet, but for gaps that looks may miss
	gone   map[string]time.Duration // when there was none any more
	past   []*thing                 // what has ended, the latest last
	broken []promises.Broken
}

func newAround(m *machine, over <-chan struct{}) *around {
	return &around{
		machine: m, over: over, moods: map[string]string{}, eased: make(chan struct{}), ears: map[string]func(){}, sick: map[string]time.Duration{},
		from: map[string]time.Duration{}, gone: map[string]time.Duration{},
	}
}

// missed is how long something may be gone without anybody looking.
const missed = 3 * time.Minute

// begins is that something begins.
func (a *around) begins(program string, what uses) *thing {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.made++
	t := &thing{program: program, what: what, id: fmt.Sprintf("%d of %d", a.made, a.made%7), began: a.machine.Now().Boot}
	for _, r := range t.reasons() {
		a.reasonLocked(r)
	}
	a.things = append(a.things, t)
	return t
}

// reasonLocked notes that there is a reason from now on, if there has not been one all the time.
func (a *around) reasonLocked(reason string) {
	now := a.machine.Now().Boot
	gone, was := a.gone[reason]
	if _, is := a.from[reason]; !is || was && now-gone > missed {
		a.from[reason] = now
	}
	delete(a.gone, reason)
}

// ends is that something ends.
func (a *around) ends(t *thing) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.things = slices.DeleteFunc(a.things, func(o *thing) bool { return o == t })
	t.ended = a.machine.Now().Boot
	a.past = append(a.past, t)
	for _, r := range t.reasons() {
		if !slices.ContainsFunc(a.things, func(o *thing) bool { return slices.Contains(o.reasons(), r) }) {
			a.gone[r] = a.machine.Now().Boot
		}
	}
}

func (t *thing) reasons() (all []string) {
	if t.what.screen {
		all = append(all, reminder.ReasonFullscreen)
	}
	if t.what.microphone || t.what.camera {
		all = append(all, reminder.ReasonCall)
	}
	return all
}

// hush switches do-not-disturb on or off.
func (a *around) hush(on bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.quiet = on; on {
		a.reasonLocked(reminder.ReasonDoNotDisturb)
	} else {
		a.gone[reminder.ReasonDoNotDisturb] = a.machine.Now().Boot
	}
}

// locked is that the screen is locked, or the machine goes to sleep.
func (a *around) locked() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range a.things {
		t.locked = true
	}
}

// rebooted is that the machine was started anew.
func (a *around) rebooted() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.things, a.past, a.quiet = nil, nil, false
	clear(a.from)
	clear(a.gone)
	clear(a.sick)
	for name, mood := range a.moods {
		if mood != well {
			a.sick[name] = a.machine.Now().Boot
		}
	}
}

// set sets the mood of a source.
func (a *around) set(name, mood string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.moods[name] = mood
	a.sick[name] = a.machine.Now().Boot
	close(a.eased)
	a.eased = make(chan struct{})
}

// answers waits as long as the source takes. Only who is patient hears ctx end.
func (a *around) answers(ctx context.Context, name string) error {
	a.mu.Lock()
	mood, eased := a.moods[name], a.eased
	a.mu.Unlock()
	var wait <-chan time.Time
	switch mood {
	case fails:
		return errors.New("it fails")
	case lazy:
		time.Sleep(1900 * time.Millisecond)
		return ctx.Err()
	case slow:
		wait = time.After(2500 * time.Millisecond)
	case hangs:
	default:
		return nil
	}
	ended := ctx.Done()
	if slices.Contains(sourceNames[:4], name) {
		ended = nil // what is looked at for holds need not heed it
	}
	select {
	case <-wait:
	case <-eased:
	case <-ended:
	case <-a.over: // the test has failed
	}
	return ctx.Err()
}

// finds looks for things that do what kind says.
func (a *around) finds(name, reason string, kind func(uses) bool) hold.Looker {
	return func(ctx context.Context) (all []hold.Found, _ string, _ error) {
		if err := a.answers(ctx, name); err != nil {
			return nil, "", err
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		for _, t := range a.things {
			if kind(t.what) {
				all = append(all, hold.Found{Reason: reason, ID: name + " " + t.id, By: name, Program: t.program})
			}
		}
		return all, "the desk", nil
	}
}

// lookers are what the daemon looks at for reasons to stay quiet.
func (a *around) lookers() hold.Lookers {
	return hold.Lookers{
		DoNotDisturb: func(ctx context.Context) ([]hold.Found, string, error) {
			if err := a.answers(ctx, hold.DoNotDisturb); err != nil {
				return nil, "", err
			}
			a.mu.Lock()
			defer a.mu.Unlock()
			if !a.quiet {
				return nil, "the desk", nil
			}
			return []hold.Found{{Reason: hold.DoNotDisturb}}, "the desk", nil
		},
		Screen:     a.finds(hold.ByScreen, hold.Fullscreen, func(u uses) bool { return u.screen }),
		Microphone: a.finds(hold.ByMicrophone, hold.Call, func(u uses) bool { return u.microphone }),
		Camera:     a.finds(hold.ByCamera, hold.Call, func(u uses) bool { return u.camera }),
	}
}

// listeners are what the daemon listens to for their end.
func (a *around) listeners() hold.Listeners {
	return hold.Listeners{
		DoNotDisturb: a.hears(hold.DoNotDisturb), Screen: a.hears(hold.ByScreen),
		Microphone: a.hears(hold.ByMicrophone), Camera: a.hears(hold.ByCamera),
	}
}

func (a *around) hears(name string) hold.Listener {
	return func(ctx context.Context, _ []hold.Found, heard func()) error {
		a.mu.Lock()
		a.ears[name] = heard
		a.mu.Unlock()
		<-ctx.Done()
		a.mu.Lock()
		delete(a.ears, name) // whoever is next waits for us
		a.mu.Unlock()
		return nil
	}
}

// tells is that the desktop tells of a change to whoever listens for one.
func (a *around) tells() {
	a.mu.Lock()
	ears := slices.Collect(maps.Values(a.ears))
	a.mu.Unlock()
	for _, heard := range ears {
		heard()
	}
}

// vouches is a source of what vouches for the person.
func (a *around) vouches(name string, kind func(uses) bool) vouch.Source {
	find := a.finds(name, "", kind)
	return func(ctx context.Context) (all []vouch.Thing, err error) {
		found, _, err := find(ctx)
		for _, f := range found {
			all = append(all, vouch.Thing{ID: f.ID, Name: f.Program})
		}
		return all, err
	}
}

// sure is for how long something must have gone on, and its source been well, for whoever asks to have to know of it.
const sure = 5 * time.Second

// prompted judges a prompt by what really goes on around the person, whatever the daemon has found.
func (a *around) prompted(cfg config.Hold, over *reminder.Hold) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.machine.Now().Boot
	for reason, from := range a.from {
		ceiling := map[string]time.Duration{
			reminder.ReasonCall: cfg.CallAtMost, reminder.ReasonFullscreen: cfg.FullscreenAtMost,
		}[reason]
		on := a.certainLocked(reason, cfg, now)
		if on && (ceiling == 0 || now-from < ceiling) {
			a.brokenLocked("prompted, and there has been %s for %v", reason, now-from)
		}
		if on && over == nil {
			a.brokenLocked("prompted in spite of %s, without a word of it", reason)
		}
	}
}

// seenLocked is whether a source has been well for a while.
func (a *around) seenLocked(name string, now time.Duration) bool {
	sick, ever := a.sick[name]
	return (!ever || now-sick > sure) && (a.moods[name] == well || a.moods[name] == lazy)
}

// spoken judges how many things are said to vouch for the person by what really goes on.
func (a *around) spoken(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.machine.Now().Boot
	count := func(things []*thing, screen, sound bool) (n int) {
		for _, t := range things {
			if t.what.wakeful && screen {
				n++
			}
			if t.what.microphone && sound {
				n++
			}
		}
		return n
	}
	news := func(t *thing) bool { return now-t.began <= sure }
	old := slices.DeleteFunc(slices.Clone(a.things), news)
	least := count(old, a.seenLocked(wakeful, now), a.seenLocked(hold.ByMicrophone, now))
	a.past = slices.DeleteFunc(a.past, func(t *thing) bool { return now-t.ended > sure })
	if most := count(a.things, true, true) + count(a.past, true, true); n < least || n > most {
		a.brokenLocked("%d things are said to vouch for the person, and there are %d to %d", n, least, most)
	}
}

// certainLocked is whether a reason has certainly been there for a while, and could be seen.
func (a *around) certainLocked(reason string, cfg config.Hold, now time.Duration) bool {
	seen := func(name string) bool { return a.seenLocked(name, now) }
	if reason == reminder.ReasonDoNotDisturb {
		return a.quiet && cfg.DoNotDisturb && now-a.from[reason] > sure && seen(hold.DoNotDisturb)
	}
	return slices.ContainsFunc(a.things, func(t *thing) bool {
		if now-t.began <= sure || t.locked || slices.Contains(cfg.IgnoreApps, t.program) {
			return false
		}
		if reason == reminder.ReasonFullscreen {
			return cfg.Fullscreen && t.what.screen && seen(hold.ByScreen)
		}
		return cfg.Call && now-t.began < 3*time.Hour-sure &&
			(t.what.microphone && seen(hold.ByMicrophone) || t.what.camera && seen(hold.ByCamera))
	})
}

// shown judges a prompt as it comes on the screen: one that comes in spite of something makes no noise, and names it.
func (a *around) shown(note notify.Note) {
	if note.Slot != slotPrompt || !note.Silent {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	named := slices.ContainsFunc(a.things, func(t *thing) bool { return strings.Contains(note.Body, t.program) })
	if note.Sound != "" || len(a.things) > 0 && !named {
		a.brokenLocked("a prompt in spite of something, with the sound %q: %s", note.Sound, note.Body)
	}
}

func (a *around) brokenLocked(format string, args ...any) {
	a.broken = append(a.broken, promises.Broken{Promise: promises.GoodMoment, What: fmt.Sprintf(format, args...)})
}

// faults are what was judged broken so far.
func (a *around) faults() []promises.Broken {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.broken
}
