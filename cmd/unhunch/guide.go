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

	"github.com/unhunch/unhunch/daemon"
	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/words"
)

// frameTime is often enough for the figure to move and for the countdown to change when it should, to the eye. It runs
// only while a session is guided here.
const frameTime = 150 * time.Millisecond

// doneStays is how long the screen says that it is done, unless a key closes it: long enough to come back to the desk
// and read it.
const doneStays = 10 * time.Second

// controlTime is how long the guide waits for the daemon to take a key.
const controlTime = 3 * time.Second

// A guide shows one session in the terminal. It holds no session of its own: it shows the states of the daemon,
// counts on between them, and passes keys on.
type guide struct {
	control func(ctx context.Context, name string) (api.State, error)
	feel    func(ctx context.Context, feeling string) (api.State, error)
	states  <-chan api.State
	ended   <-chan error
	keys    <-chan byte      // nil without a keyboard; closed when the terminal goes away
	signals <-chan os.Signal // interrupt stops the session, anything else leaves it running
	view    view
	sounds  io.Writer // gets the bell; nil where none is wanted

	id      string // of the session shown
	state   api.State
	since   time.Time // when state came
	stopped bool      // by the person, here
	doneAt  time.Time // when it was done
	closed  bool      // by a key, once it was
	thanks  string    // the last words to who has said how it has left them
	signs   bool      // are shown because the person asked for them; the session is paused
	note    string    // why the last key did nothing
	typed   escape
	bell    bell
}

// A view is what the guide draws on: a whole screen, or plain lines.
type view interface {
	show(p api.Session, signs bool, note string) error
	close(farewell string) error
	lingers() time.Duration // how long it shows that the session is done
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
		feel:    c.Feeling,
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
	if v.soundOn() && isTerminal(v.out) {
		g.sounds = v.out
	}
	g.states, g.ended = follow(ctx, c)
	return g.run(ctx, s)
}

// soundOn is what the settings say; a mistake in them keeps nobody from stretching, in silence.
func (v *invocation) soundOn() bool {
	path, err := v.configPath()
	if err != nil {
		return false
	}
	settings, _ := config.Load(path)
	return settings.Session.Sound
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
			if _, absent := errors.AsType[*client.NotRunning](err); absent {
				return &client.NotRunning{Ended: true} // it has started this session, whether or not it could be watched
			}
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
	case g.stopped:
		return true, words.GuideStopped
	case g.thanks != "":
		return true, g.thanks
	case p != nil && p.ID == g.id:
		if g.doneAt.IsZero() {
			g.doneAt = time.Now()
		}
		if g.view.lingers() == 0 {
			return true, words.PlainFarewell(*p)
		}
		return g.closed || time.Since(g.doneAt) >= g.view.lingers(), words.GuideFarewell
	case !g.doneAt.IsZero():
		return true, words.GuideFarewell
	}
	return true, words.GuideEnded
}

func (g *guide) draw() error {
	p := *client.Ahead(g.state, time.Since(g.since)).Session
	g.signs = g.signs && p.Phase == "paused" // else it was resumed elsewhere
	if g.bell.rings(p) && g.sounds != nil && audible(g.state) {
		if _, err := io.WriteString(g.sounds, bel); err != nil {
			return err
		}
	}
	return g.view.show(p, g.signs && !p.Hurt, g.note)
}

const ctrlC = 0x03

// press does what a key means. After “that hurt” the keys mean less: stopping is the default.
func (g *guide) press(ctx context.Context, key byte) {
	if g.typed.swallows(key) {
		return
	}
	if key >= 'A' && key <= 'Z' {
		key += 'a' - 'A' // Caps Lock must not keep anybody from saying that it hurts
	}
	p := g.state.Session
	switch {
	case p.CheckIn && feelings[key] != "":
		g.answer(ctx, feelings[key])
	case p.Phase == "done":
		g.closed = true
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
	case key == '?' && p.Phase == "paused":
		g.signs = true
	case key == '?':
		g.send(ctx, "pause")
		g.signs = g.note == ""
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
	g.take(s)
}

// feelings are the keys that answer the question after a session.
var feelings = map[byte]string{'b': "better", 's': "same", 'w': "worse"}

// answer says how the session has left the person. They are done here even if nobody takes the answer.
func (g *guide) answer(ctx context.Context, feeling string) {
	ctx, cancel := context.WithTimeout(ctx, controlTime)
	defer cancel()
	s, err := g.feel(ctx, feeling)
	if err != nil {
		g.closed = true
		return
	}
	g.thanks = words.FeelingThanks(feeling, s.WorseRunning, daemon.Safety())
}

// An escape is where in the sequence of an arrow or function key the keyboard is. The letters in one mean nothing.
type escape byte

// Where in a sequence.
const (
	noEscape   escape = iota
	escapeKey         // ESC has come, alone or to begin a sequence
	escapeCSI         // ESC [ until a byte from @ to ~
	escapeOnce        // ESC O and one more
)

// swallows tells whether key is part of a sequence. ESC alone means nothing, and neither swallows what follows it.
func (e *escape) swallows(key byte) bool {
	switch was := *e; {
	case key == 0x1b:
		*e = escapeKey
	case was == escapeKey && key == '[':
		*e = escapeCSI
	case was == escapeKey && key == 'O':
		*e = escapeOnce
	case was == escapeCSI:
		if key >= '@' && key <= '~' {
			*e = noEscape
		}
	case was == escapeOnce:
		*e = noEscape
	default:
		*e = noEscape
		return false
	}
	return true
}

// lines is the view for what is no terminal, and for screen readers: a line for each phase, and one for each
// instruction.
type lines struct {
	out    io.Writer
	opened bool
	last   string // line
	cue    string // the last one
}

func (l *lines) lingers() time.Duration { return 0 }

func (l *lines) show(p api.Session, _ bool, note string) error {
	var said []string
	if !l.opened {
		l.opened = true
		said = append(said, words.PlainOpening(p, daemon.Safety()))
	}
	switch line := plainPhase(p); {
	case note != "" && note != l.last:
		l.last, said = note, append(said, note)
	case note != "":
	case line != l.last:
		l.last, l.cue = line, ""
		said = append(said, line)
		fallthrough
	default:
		if p.Phase != "paused" && p.Cue != l.cue {
			l.cue, said = p.Cue, append(said, margin+p.Cue)
		}
	}
	if len(said) == 0 {
		return nil
	}
	_, err := fmt.Fprintln(l.out, strings.Join(said, "\n"))
	return err
}

func (l *lines) close(farewell string) error {
	if farewell == "" {
		return nil
	}
	_, err := fmt.Fprintln(l.out, farewell)
	return err
}

// plainPhase is what a phase asks for; it is the same all through the phase.
func plainPhase(p api.Session) string {
	if p.Hurt {
		return words.GuideStopped + "\n" + strings.Join(hurtLines(), "\n") + "\n" + words.HurtCommands
	}
	return words.PlainLine(p)
}

// hurtLines is what to do when something hurt, and the signs that call for help.
func hurtLines() []string { return words.HurtLines(daemon.Safety()) }
