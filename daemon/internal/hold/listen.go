package hold

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"
)

const (
	// settle is what a change gets to be followed by others of the same kind: who leaves a call lets go of the microphone
	// and of the camera, and a window that leaves the full screen changes its state twice.
	settle = 200 * time.Millisecond
	// lookAgain spaces the looks that signals lead to, and what a signal itself is worth asking: a desktop that chatters
	// must not keep us busy.
	lookAgain = time.Second
	// listenAgain is when who has hung up is listened to again: no sooner than there is a look in any case.
	listenAgain = 30 * time.Second
)

// An ear listens to one source until stop is called. It is ears that go, and not the goroutine behind them alone: done is
// closed when nothing is held open any more.
type ear struct {
	to   []string // the ids of what is listened to
	stop context.CancelFunc
	done chan struct{}
}

// Listen has changed called soon after one of these, which a look has found, may have ended. What was listened to before
// and is not among them is listened to no longer. It does not wait.
func (d *Desk) Listen(to []Found) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.sources {
		d.listenTo(s, slices.DeleteFunc(slices.Clone(to), func(f Found) bool { return f.source() != s.name }))
	}
	if len(to) == 0 && d.next != nil {
		d.next.Stop() // nobody waits for it
		d.next = nil
	}
}

// listenTo gives a source an ear for those, or takes it away where there are none. d.mu is held.
func (d *Desk) listenTo(s *source, those []Found) {
	var ids []string
	for _, f := range those {
		ids = append(ids, f.ID)
	}
	was := s.ear
	if s.listen == nil || was == nil && ids == nil || was != nil && slices.Equal(was.to, ids) {
		return
	}
	if was != nil {
		was.stop()
		s.ear = nil
	}
	if ids == nil {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	s.ear = &ear{to: ids, stop: stop, done: make(chan struct{})}
	go d.attend(ctx, s, those, was, s.ear.done)
}

// attend listens to a source until ctx ends, and again where the source has hung up. It begins when the ear before it has
// let go, so that there is never more than one for a source.
func (d *Desk) attend(ctx context.Context, s *source, to []Found, before *ear, done chan struct{}) {
	defer close(done)
	if before != nil {
		<-before.done
	}
	for ctx.Err() == nil {
		err := s.listen(ctx, to, d.heard)
		if ctx.Err() != nil || errors.Is(err, ErrUnseen) {
			return
		}
		d.log.Debug("the end of a reason to stay quiet may not be heard", "source", s.name, "err", err)
		d.heard() // what was listened to may have gone with whoever told of it
		pause(ctx, listenAgain)
	}
}

// heard is that something may have ended. However often it is called, it leads to a look now and then.
func (d *Desk) heard() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.next != nil || !slices.ContainsFunc(d.sources, func(s *source) bool { return s.ear != nil }) {
		return
	}
	d.next = time.AfterFunc(max(settle, time.Until(d.looked.Add(lookAgain))), func() {
		d.mu.Lock()
		d.next, d.looked = nil, time.Now() // what is heard while the look is under way is no sooner worth another
		d.mu.Unlock()
		d.changed()
	})
}

// source is where it was found.
func (f Found) source() string { return cmp.Or(f.By, f.Reason) }

// pause waits for d and tells whether ctx goes on.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
