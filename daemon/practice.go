package daemon

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/history"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
	"github.com/unhunch/unhunch/routines"
)

const (
	// practiceKept is how far back single sessions are known: the week that caps are about, and a day for clocks that
	// are set.
	practiceKept = 8 * 24 * time.Hour
	// night is an absence after which a new day begins for the body, as for the history.
	night = 4 * time.Hour
	// logged is what the core's log still knows of a night in the hour after it.
	logged = night - time.Hour
)

// A practice is what is known in memory of what was done when, so that nobody who plans a session waits for the disk.
// It is read from the history once and then kept up by what the core records. Its methods may be called from any
// goroutine.
type practice struct {
	mu    sync.Mutex
	known bool                 // the history has been read
	last  map[string]time.Time // by exercise
	held  []held               // of the last days, in no order
	first time.Time            // when the day began, as the history knows it
}

// held is that a session held an exercise.
type held struct {
	exercise string
	at       time.Time // when the session began
}

// add notes what a session held.
func (p *practice) add(t core.Trained) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range t.Steps {
		if s.Did > 0 {
			p.noteLocked(s.Exercise, t.At)
		}
	}
	p.held = slices.DeleteFunc(p.held, func(h held) bool { return t.At.Sub(h.at) > practiceKept })
}

func (p *practice) noteLocked(exercise string, at time.Time) {
	at = at.Truncate(time.Millisecond) // as it is on disk
	if p.last == nil {
		p.last = map[string]time.Time{}
	}
	if at.After(p.last[exercise]) {
		p.last[exercise] = at
	}
	if h := (held{exercise, at}); !slices.Contains(p.held, h) {
		p.held = append(p.held, h)
	}
}

// forget is that the history was erased.
func (p *practice) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last, p.held, p.first = nil, nil, time.Time{}
}

// watchPractice reads what was done before the daemon started. It ends with that.
func (d *daemon) watchPractice(ctx context.Context) error {
	if !d.cfg.Load().History.Enabled {
		return nil // nothing is read either
	}
	now := clock.Now().Wall
	all, err := d.record.store.Practised(ctx, now)
	if err != nil {
		return nil // told of by recordingFails; the core still knows the order in which things were done
	}
	sessions, err := d.record.store.Sessions(ctx, now.Add(-practiceKept), now)
	if err != nil {
		return nil
	}
	first, err := d.record.store.FirstActivity(ctx, now)
	if err != nil {
		return nil
	}
	d.practice.read(all, sessions, first)
	return nil
}

// read takes in what the history knows, beside what has been added since.
func (p *practice) read(all map[string]history.Practice, sessions []history.Session, first time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known, p.first = true, first
	if p.last == nil {
		p.last = make(map[string]time.Time, len(all))
	}
	names := make(map[string]string, len(all)) // each id once in memory
	for id, e := range all {
		names[id] = id
		if e.Last.After(p.last[id]) {
			p.last[id] = e.Last
		}
	}
	for _, s := range sessions {
		for _, step := range s.Steps {
			if step.Done > 0 && names[step.Exercise] != "" {
				p.noteLocked(names[step.Exercise], s.At)
			}
		}
	}
}

// A past is the practice as the planner asks for it, at a moment.
type past struct {
	*practice
	state core.State
	days  history.Days
	now   time.Time
}

// past is what was done up to now. Until the history has been read, or where there is none, the core's own memory says
// when each exercise was last done.
func (d *daemon) past(s core.State, now time.Time) past {
	return past{&d.practice, s, history.Days{Zone: s.Location(), Starts: s.Rem.Settings.DayStarts}, now}
}

// Done is what was done of an exercise. It is part of routines.History.
func (p past) Done(exercise string) routines.Done {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := routines.Done{Last: p.last[exercise]}
	for _, h := range p.held {
		if h.exercise == exercise {
			d.Days = append(d.Days, h.at)
		}
	}
	if at := p.state.RecentAt[exercise]; !p.known && d.Last.IsZero() && !at.IsZero() {
		d.Last, d.Days = at, []time.Time{at}
	}
	slices.SortFunc(d.Days, time.Time.Compare)
	today := p.days.Of(p.now)
	d.Days = slices.DeleteFunc(d.Days, func(at time.Time) bool { return p.now.Sub(at) >= 7*24*time.Hour })
	for _, at := range d.Days {
		if p.days.Of(at) >= today {
			d.Today++
		}
	}
	return d
}

// FirstActivity is when the person was first there after at least four hours away. What has only just begun the core
// knows by itself; the history is for a state that was lost. It is part of routines.History.
func (p past) FirstActivity() time.Time {
	p.mu.Lock()
	first := p.first
	p.mu.Unlock()
	if came := cameBack(p.state); came.After(first) {
		return came
	}
	return first
}

// cameBack is when the person last came back from a night away, zero where the core's log does not reach back to that:
// it holds four hours and what was going on then.
func cameBack(s core.State) time.Time {
	var back time.Duration
	gone, long := time.Duration(-1), night // since when, negative for there; and how long is a night
	for i, span := range s.Sit.Log.Spans(0, s.T) {
		switch span.Kind {
		case sitting.Away, sitting.Asleep, sitting.Undecided:
			if gone < 0 {
				gone, long = span.From, night
			}
			if i == 0 {
				long = logged // of its beginning nothing is known any more
			}
		default:
			if gone >= 0 && span.From-gone >= long {
				back = span.From
			}
			gone = -1
		}
	}
	if back == 0 {
		return time.Time{}
	}
	return s.At.Wall.Add(back - s.T)
}
