package daemon

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/files"
	"github.com/unhunch/unhunch/daemon/internal/notify"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

const (
	slotWelcome = "welcome"
	// welcomeFile is there once the person has been welcomed.
	welcomeFile = "welcomed"
	// welcomeStays is how long the welcome is on screen: it is read by somebody who is busy installing.
	welcomeStays = time.Minute
	// welcomeSeen is how long it must have been there to count: a new start on a desktop that has just come up takes it
	// off the screen, and the next one shows it again.
	welcomeSeen = 5 * time.Second
	// everyKey begins the keys of the buttons that choose how often to be asked.
	everyKey = "every/"
)

// welcomeChoices are how often to be asked, in minutes, as in the tray's menu.
var welcomeChoices = []int{30, 45, 60}

// welcome greets a person who has never been greeted, once there is somebody in the chair and a way to show it. It never
// fails: a welcome is not worth a daemon.
func (d *daemon) welcome(ctx context.Context) error {
	marker := filepath.Join(d.dir, welcomeFile)
	if _, err := os.Stat(marker); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for !d.greet(ctx) {
		if ctx.Err() != nil {
			return nil
		}
	}
	if err := files.WriteAtomic(marker, []byte(clock.Now().Wall.UTC().Format(time.RFC3339)+"\n")); err != nil {
		d.opts.Log.Warn("the welcome will be shown again", "error", err)
	}
	return nil
}

// greet waits for the person, shows the welcome and waits until it has been seen. false means that it was not.
func (d *daemon) greet(ctx context.Context) bool {
	s, ok := d.waitSitting(ctx)
	switch {
	case !ok:
		return false
	case d.cfg.Load().Reminder.Style == "tray":
		return true // who has found that setting needs no welcome
	}
	changed := d.Changed()
	d.rooms.notes.Show(d.welcomeNote(s))
	select {
	case kind := <-d.welcomed:
		if kind == notify.Failed {
			select { // until something is different
			case <-changed:
			case <-ctx.Done():
			}
			return false
		}
	case <-ctx.Done():
		return false
	}
	select {
	case <-time.After(welcomeSeen):
	case <-ctx.Done():
		return false
	}
	return true
}

// waitSitting waits until somebody sits there who could read.
func (d *daemon) waitSitting(ctx context.Context) (s api.State, ok bool) {
	for {
		changed := d.Changed()
		if s = d.now(); s.Posture == "sitting" && s.Session == nil {
			return s, true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return s, false
		}
	}
}

func (d *daemon) welcomeNote(s api.State) notify.Note {
	limit := d.cfg.Load().Sitting.Limit
	first := s.At.Add(time.Duration(s.Sitting.DueInS * float64(time.Second)))
	w := words.WelcomeNote(limit, first, s.At, time.Local)
	note := notify.Note{
		Slot: slotWelcome, Title: w.Title, Body: w.Body, Plain: w.Plain, Expire: welcomeStays, Seen: slotWelcome,
		Actions: []notify.Action{{Key: "stretch", Label: w.Try}},
	}
	for _, minutes := range welcomeChoices {
		note.Actions = append(note.Actions, notify.Action{
			Key: everyKey + strconv.Itoa(minutes), Label: words.TrayEveryMinutes(minutes),
		})
	}
	return note
}

// answeredWelcome does what a button of the welcome says.
func (d *daemon) answeredWelcome(a notify.Answer) {
	select {
	case d.welcomed <- a.Kind:
	default: // nobody waits any more
	}
	if a.Kind != notify.Pressed {
		return
	}
	if a.Key == "stretch" {
		d.stretch(d.plan(d.loop.snapshot.Load().state, api.StretchRequest{}))
		return
	}
	minutes, err := strconv.Atoi(strings.TrimPrefix(a.Key, everyKey))
	if err != nil {
		return
	}
	go d.setEvery(minutes) // the disk may be slow, and this is the notes' goroutine
}

// setEvery sets the time in the chair, as the person has asked for in the welcome.
func (d *daemon) setEvery(minutes int) {
	title, body := words.WelcomeSet(minutes)
	if err := d.SetSetting(context.Background(), "sitting.limit", fmt.Sprintf("%dm", minutes)); err != nil {
		d.opts.Log.Warn("the time in the chair was not set", "error", err)
		title, body = words.Notice(words.NoticeConfigBroken, words.NoticeFacts{Path: words.Path(d.cfgPath), Message: words.PlainLines(err.Error())})
	}
	d.rooms.notes.Show(notify.Note{Slot: slotNotice, Title: title, Body: body, Expire: noticeStays})
}

// stretch starts a planned session from a note; err is why there is no plan.
func (d *daemon) stretch(plan routines.Plan, err error) {
	if err != nil { // everything that fits has hurt
		title, _ := words.Refusal(words.NoExercises, noExercises(err))
		d.rooms.notes.Show(notify.Note{Slot: slotNotice, Title: title, Expire: noticeStays})
		return
	}
	d.background.Go(func() { // a browser may take seconds to open
		c := core.Command{Name: "stretch", Plan: &plan, Guide: d.guideFor(d.ctx, "")}
		d.loop.post(core.Event{Command: &c})
	})
}
