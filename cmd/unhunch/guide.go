package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/words"
)

// frameTime is often enough for the countdown to change when it should, to the eye. It runs only during a session.
const frameTime = 200 * time.Millisecond

// controlTime is how long the guide waits for the daemon to take a key.
const controlTime = 3 * time.Second

// A guide shows one session in the terminal. It holds no session of its own: it shows the states of the daemon,
// counts on between them, and passes keys on.
type guide struct {
	control func(ctx context.Context, name string) (api.State, error)
	states  <-chan api.State
	ended   <-chan error
	keys    <-chan byte      // nil without a keyboard; closed when the terminal goes away
	signals <-chan os.Signal // interrupt stops the session, anything else leaves it running
	view    view

	id      string // of the session shown
	state   api.State
	since   time.Time // when state came
	stopped bool      // by the person, here
	hurt    bool      // and because it hurt
	note    string    // why the last key did nothing
}

// A view is what the guide draws on: a whole screen, or plain lines.
type view interface {
	show(p api.Session, note string) error
	close(farewell string) error
}

// guide shows the session that s has started until it ends.
func (v *invocation) guide(ctx context.Context, c *client.Client, s api.State, plain bool) error {
	// The signals are the guide's own from here on: Ctrl-C must stop the session and not just this program.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)

	g := &guide{
		control: func(ctx context.Context, name string) (api.State, error) { return c.Do(ctx, "session/"+name, nil) },
		signals: signals,
		view:    &lines{out: v.out},
		id:      s.Session.ID,
	}
	if !plain && isTerminal(v.in) && isTerminal(v.out) && os.Getenv("TERM") != "dumb" {
		before, err := term.MakeRaw(int(v.in.Fd()))
		if err != nil {
			return fmt.Errorf("cannot read single keys: %w", err)
		}
		defer term.Restore(int(v.in.Fd()), before) //nolint:errcheck // there is nothing left to try
		g.view = openScreen(v.out)
		g.keys = readKeys(v.in)
	}
	g.states, g.ended = follow(ctx, c)
	return g.run(ctx, s)
}

// readKeys hands out what is typed. Its goroutine ends with the program: nothing can call it back from a terminal,
// and the guide is the last thing the program does.
func readKeys(in io.Reader) <-chan byte {
	keys := make(chan byte)
	go func() {
		defer close(keys)
		var key [1]byte
		for {
			if _, err := in.Read(key[:]); err != nil {
				return
			}
			keys <- key[0]
		}
	}()
	return keys
}

// run shows the session from its first state until it is over or left alone.
func (g *guide) run(ctx context.Context, first api.State) (err error) {
	farewell := ""
	defer func() { err = errors.Join(err, g.view.close(farewell)) }()
	frames := time.NewTicker(frameTime)
	defer frames.Stop()
	g.take(first)
	for {
		if over, last := g.over(); over {
			farewell = last
			return nil
		}
		if err := g.draw(); err != nil {
			return err
		}
		select {
		case s := <-g.states:
			g.take(s)
		case <-frames.C:
		case key, open := <-g.keys:
			if !open {
				return nil // the terminal has gone; the session goes on
			}
			g.press(ctx, key)
		case s := <-g.signals:
			if s != os.Interrupt {
				return nil
			}
			g.send(ctx, "stop")
		case err := <-g.ended:
			return err
		}
	}
}

// take makes s the state shown, unless it is older: an answer may overtake the stream.
func (g *guide) take(s api.State) {
	if s.Boot == g.state.Boot && s.Rev < g.state.Rev {
		return
	}
	g.state, g.since = s, time.Now()
}

// over says whether there is nothing more to show, and the last words about it.
func (g *guide) over() (bool, string) {
	p := g.state.Session
	switch {
	case p != nil && p.ID == g.id && p.Phase != "done":
		return false, ""
	case g.hurt: // the signs stay readable when the screen is gone
		return true, "Stopped. " + strings.Join(hurtLines(), "\n")
	case g.stopped:
		return true, "Stopped. Come up slowly."
	case p != nil && p.ID == g.id:
		return true, words.SessionNote(*p, words.Safety{}).Body
	}
	return true, "The stretch has ended."
}

func (g *guide) draw() error {
	return g.view.show(*client.Ahead(g.state, time.Since(g.since)).Session, g.note)
}

const ctrlC = 0x03

// press does what a key means. After “that hurt” the keys mean less: stopping is the default.
func (g *guide) press(ctx context.Context, key byte) {
	p := g.state.Session
	switch {
	case key == 'q' || key == ctrlC:
		g.send(ctx, "stop")
	case p.Hurt && (key == '\r' || key == '\n' || key == 's'):
		g.send(ctx, "stop")
	case p.Hurt && key == 'g':
		g.send(ctx, "resume")
	case p.Hurt:
		// Nothing else is offered now.
	case key == ' ' && p.Phase == "paused":
		g.send(ctx, "resume")
	case key == ' ':
		g.send(ctx, "pause")
	case key == 'n':
		g.send(ctx, "next")
	case key == 'b':
		g.send(ctx, "back")
	case key == 'h':
		g.send(ctx, "hurt")
	}
}

// send passes a control on. A refusal is shown and is no reason to leave.
func (g *guide) send(ctx context.Context, control string) {
	ctx, cancel := context.WithTimeout(ctx, controlTime)
	defer cancel()
	s, err := g.control(ctx, control)
	if err != nil {
		g.note = err.Error()
		return
	}
	g.note = ""
	g.stopped = control == "stop"
	g.hurt = g.stopped && g.state.Session.Hurt
	g.take(s)
}

// lines is the view for what is no terminal: a line for each phase.
type lines struct {
	out  io.Writer
	last string
}

func (l *lines) show(p api.Session, note string) error {
	line := phaseLine(p)
	if note != "" {
		line = note
	}
	if line == l.last {
		return nil
	}
	l.last = line
	_, err := fmt.Fprintln(l.out, line)
	return err
}

func (l *lines) close(farewell string) error {
	if farewell == "" {
		return nil
	}
	_, err := fmt.Fprintln(l.out, farewell)
	return err
}

// phaseLine is what a phase asks for; it is the same all through the phase.
func phaseLine(p api.Session) string {
	step := fmt.Sprintf("%d of %d", p.Step, p.Steps)
	switch {
	case p.Hurt:
		return strings.Join(hurtLines(), "\n") +
			"\nstop here: unhunch session stop · go on gently: unhunch session resume"
	case p.Phase == "paused":
		return fmt.Sprintf("%s  paused at %s; go on with: unhunch session resume", step, stepName(p))
	case p.Phase == "ready":
		return fmt.Sprintf("%s  get ready for %s, %.0f s: %s", step, stepName(p), p.StepS, p.Cue)
	}
	return fmt.Sprintf("%s  %s, %.0f s: %s", step, stepName(p), p.StepS, p.Cue)
}
