//go:build windows || cgo

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/tray"
	"github.com/unhunch/unhunch/tray/show"
)

// Exit codes, as those of the command line.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitRefused = 4
)

const help = `Shows how long you have been sitting as an icon in the panel, with a menu to
stretch, snooze or pause. It shows what the daemon knows, and starts it on
request; hiding the icon leaves the daemon alone.

Usage:
  unhunch-tray [--help] [--version]

Example:
  unhunch-tray &

Exit codes:
  0  done
  1  failed, as where there is no display or no session bus
  2  wrong usage
  4  another tray icon of yours is running already
`

// A fault is what went wrong, what to try, and the exit code for it.
type fault struct {
	code          int
	message, hint string
}

func (e *fault) Error() string { return e.message }

// run is the program. It returns the exit code.
func run(args []string, out, err io.Writer) int {
	done, failure := parse(args, out)
	if !done && failure == nil {
		failure = icon(err)
	}
	return report(err, failure)
}

// parse understands the command line and does what needs no icon.
func parse(args []string, out io.Writer) (done bool, err error) {
	flags := flag.NewFlagSet("unhunch-tray", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	showVersion := flags.Bool("version", false, "")
	err = flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, err = io.WriteString(out, help)
		return true, err
	case err == nil && flags.NArg() > 0:
		err = fmt.Errorf("unknown argument %q", flags.Arg(0))
		fallthrough
	case err != nil:
		return false, &fault{exitUsage, err.Error(), "see: unhunch-tray --help"}
	case *showVersion:
		_, err = fmt.Fprintln(out, "unhunch-tray "+buildVersion())
		return true, err
	}
	return false, nil
}

// report tells the person what went wrong and returns the exit code for it.
func report(to io.Writer, err error) int {
	if err == nil {
		return exitDone
	}
	f, ok := errors.AsType[*fault](err)
	if !ok {
		f = &fault{code: exitFailed, message: err.Error()}
	}
	fmt.Fprintln(to, "unhunch-tray: "+f.message)
	if f.hint != "" {
		fmt.Fprintln(to, f.hint)
	}
	return f.code
}

// lastWish is how long the icon may take to go away. The desktop that shows it may be frozen.
const lastWish = 3 * time.Second

// icon shows the icon until the person or the session has enough of it.
func icon(errs io.Writer) error {
	// The daemon gets this program's environment as it is now, without what is only meant for the icon.
	env := os.Environ()
	self := client.Self()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends what does not listen to the first

	dir, err := client.TrayDir()
	if err != nil {
		return err
	}
	lock, err := lockOnly(dir)
	if err != nil {
		return err
	}
	defer lock.Close()
	err = show.Open(dir, func() { os.Exit(report(errs, displayLost)) })
	if nowhere, ok := errors.AsType[*show.NoScreen](err); ok {
		return noScreen(nowhere)
	}
	if err != nil {
		return err
	}
	if err := checkBus(); err != nil {
		return err
	}
	daemon, err := client.Default()
	if err != nil {
		return err
	}
	err = show.Run(func(s *show.Tray) error {
		daemon.Open = client.Browse
		err := tray.Run(ctx, tray.Options{
			Daemon: daemon, Shower: s, Browse: client.Browse, Start: tray.Launch(env), Zone: time.Local,
			Version: buildVersion(), Replaced: func(ctx context.Context) bool { return self.Replaced(ctx, "--version") },
		})
		if err == nil && ctx.Err() != nil && checkBus() != nil {
			err = busLost // which sounds like kill: GLib raises SIGTERM
		}
		time.AfterFunc(lastWish, func() { os.Exit(report(errs, err)) })
		return err
	})
	if errors.Is(err, tray.ErrReplaced) {
		lock.Close()
		return again(self.Path(), env)
	}
	return err
}

var (
	displayLost = &fault{
		exitFailed, "the display has gone away, and the icon with it",
		"start it again when there is one: unhunch-tray",
	}
	busLost = &fault{
		exitFailed, "the session bus has gone away, and the icon with it",
		"start it again when there is one: unhunch-tray",
	}
)

func noScreen(e *show.NoScreen) error {
	hint := "start it in a desktop session; without one, use: unhunch"
	if e.Display != "" {
		hint = "see whether DISPLAY is right and XAUTHORITY names your key to it"
	}
	return &fault{exitFailed, e.Error(), hint}
}
