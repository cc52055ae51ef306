package tray

import (
	"context"
	"errors"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/tray/menu"
)

const (
	// orderTime is how long the daemon may take to do what a click says. It needs milliseconds, but for a browser that
	// starts cold; later, the person has given up looking.
	orderTime = 10 * time.Second
	// startTime is how long a daemon that is being started may take until it answers, on a machine that is busy logging
	// somebody in.
	startTime = 10 * time.Second
	// mostOrders is how many clicks may wait for the one being carried out.
	mostOrders = 4
)

// A result is what became of a click.
type result struct {
	state *api.State // after it, nil where it is not told
	err   error
	start bool // of starting a daemon, which does not wait in the line
	end   bool // the tray is to end

	replaced bool // the tray program has been
}

// carryOut carries out clicks one after another, in the order in which they were made, until ctx ends.
func carryOut(ctx context.Context, o Options, orders <-chan menu.Click, results chan<- result) {
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-orders:
			send(ctx, results, carry(ctx, o, c))
		}
	}
}

func carry(ctx context.Context, o Options, c menu.Click) result {
	d := o.Daemon
	ctx, cancel := context.WithTimeout(ctx, orderTime)
	defer cancel()
	switch {
	case c.Stop:
		err := d.Quit(ctx)
		if err == nil || isAbsent(err) {
			return result{end: true}
		}
		return result{err: err}
	case c.Page:
		return result{err: openPage(ctx, o)}
	case c.Key != "":
		_, err := d.Set(ctx, c.Key, c.Value)
		return result{err: err}
	}
	s, err := d.Do(ctx, c.Do, c.Body)
	if err != nil {
		return result{err: err}
	}
	return result{state: &s}
}

// openPage brings the page into sight, in a browser of the tray's where the daemon knows no other way.
func openPage(ctx context.Context, o Options) error {
	opened, err := o.Daemon.Page(ctx, api.PageRequest{Here: true})
	if err != nil || opened.Opened {
		return err
	}
	if o.Browse(opened.Link) != nil {
		return said(words.TrayNoBrowser) // what the program says that opens links is nothing to read
	}
	return nil
}

// said is trouble in a whole sentence.
type said string

func (s said) Error() string { return string(s) }

// start runs a daemon and returns nil when there is a state, which ends ctx.
func start(ctx context.Context, run func(context.Context) error) error {
	if err := run(ctx); err != nil {
		return err
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errors.New("the daemon was started and does not answer")
	}
	return nil
}

// isAbsent says whether err means that no daemon is running.
func isAbsent(err error) bool {
	_, absent := errors.AsType[*client.NotRunning](err)
	return absent
}
