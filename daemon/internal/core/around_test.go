package core

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/unhunch/unhunch/daemon/internal/reminder"
)

var kinds = []string{reminder.ReasonDoNotDisturb, reminder.ReasonCall, reminder.ReasonFullscreen}

// A thing is a reason to stay quiet that goes on around a life, as the test knows it.
type thing struct {
	kind     string
	id       string
	since    time.Duration // boot time
	locked   bool          // it went on while the screen was locked
	prompted time.Duration // when somebody was asked in spite of it
}

// around is what there is to see around a life, and how quickly looks at it are answered.
type around struct {
	things   []thing
	made     int
	mood     string        // “slow” and “mute” looks; else they are answered at once
	answerAt time.Duration // boot time at which a slow look is answered, 0 for none
	told     []thing       // by the last look
	toldAt   time.Duration
	awaited  []reminder.Sighting // whose end is listened for
	unsaid   bool                // the last look was not answered
}

func (a *around) toggle(kind string, now time.Duration) {
	for i, g := range a.things {
		if g.kind == kind {
			a.things = append(append([]thing{}, a.things[:i]...), a.things[i+1:]...)
			return
		}
	}
	a.made++
	a.things = append(a.things, thing{kind: kind, id: fmt.Sprint(a.made), since: now})
}

func (a *around) locked() {
	for i := range a.things {
		a.things[i].locked = true
	}
}

// prompted notes that somebody was asked in spite of what goes on.
func (a *around) prompted(now time.Duration) {
	for i := range a.things {
		a.things[i].prompted = now
	}
}

// lookAround answers a look that the core has asked for, or lets it wait.
func (l *life) lookAround(t *rapid.T, out []Effect) {
	for _, f := range out {
		if !f.Look {
			continue
		}
		l.unsaid = l.mood == "mute"
		l.answerAt = 0
		if l.mood == "slow" {
			l.answerAt = l.now.Boot + time.Duration(rapid.Int64Range(0, int64(2*sec)).Draw(t, "look takes"))
		} else if !l.unsaid {
			l.answer(t)
		}
	}
}

// answerLook answers a slow look whose time has come.
func (l *life) answerLook(t *rapid.T) {
	if l.answerAt != 0 && l.now.Boot >= l.answerAt {
		l.answer(t)
	}
}

func (l *life) answer(t *rapid.T) {
	l.answerAt = 0
	l.told, l.toldAt, l.unsaid = nil, l.now.Boot, false
	set := l.Rem.Settings.Holds
	wanted := map[string]bool{
		reminder.ReasonDoNotDisturb: set.DoNotDisturb, reminder.ReasonCall: set.Call, reminder.ReasonFullscreen: set.Fullscreen,
	}
	found := &Holds{}
	for _, g := range l.things {
		if wanted[g.kind] {
			l.told = append(l.told, g)
			found.Found = append(found.Found, reminder.Sighting{Reason: g.kind, ID: g.id})
		}
	}
	l.step(t, Event{Holds: found})
}

// keeps is what should have kept a prompt back at this moment, "" for nothing: what the last look told of, unless it
// has gone on for as long as it may, and for as long again since the last prompt. A call that went on behind a locked
// screen is none.
func (l *life) keeps() string {
	set := l.Rem.Settings.Holds
	if set == (reminder.Holds{CallAtMost: set.CallAtMost, FullscreenAtMost: set.FullscreenAtMost}) || l.unsaid {
		return ""
	}
	if l.now.Boot > l.toldAt+sec {
		return fmt.Sprintf("a look that is %v old", l.now.Boot-l.toldAt)
	}
	for _, g := range l.told {
		on := l.now.Boot - max(g.since, g.prompted)
		switch {
		case g.kind == reminder.ReasonDoNotDisturb,
			g.kind == reminder.ReasonFullscreen && on < set.FullscreenAtMost,
			g.kind == reminder.ReasonCall && !g.locked && on < set.CallAtMost:
			return g.kind
		}
	}
	return ""
}
