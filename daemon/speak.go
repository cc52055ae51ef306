package daemon

import (
	"strings"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/notify"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

// Slots of notes: what replaces what on the screen.
const (
	slotPrompt  = "prompt"
	slotSession = "session"
	slotNotice  = "notice"
)

const (
	// promptStays is how long a prompt is on screen before the notification list alone keeps it.
	promptStays = 30 * time.Second
	// endStays is how long the last note of a session is on screen.
	endStays = 8 * time.Second
	// checkInStays is how long the question after a session is on screen: as long as a prompt, so that who has done it
	// on a mat comes back to it. The note goes with the session, a minute after its end.
	checkInStays = promptStays
	// signsStay is how long the stop signs are on screen when nobody has asked for them: they take a minute to read.
	signsStay = time.Minute
	// pauseStays is longer than any pause lasts: what to do next is not to leave the screen before it.
	pauseStays = time.Hour
)

// The guides of a session.
const (
	guideBackground = core.GuideBackground
	guidePage       = core.GuidePage
	guideTerminal   = "terminal"
)

// carry does what a step wants done. It is called on the loop's goroutine and waits for nothing.
func (d *daemon) carry(s core.State, e core.Effect) {
	switch {
	case e.Prompt != nil:
		d.prompt(s, *e.Prompt)
	case e.Withdraw:
		d.rooms.notes.Withdraw(slotPrompt)
	case e.Look:
		d.look()
	case e.Guide != nil:
		d.guide(s, *e.Guide)
	case e.Watch != 0:
		if d.rooms.sensor != nil {
			d.rooms.sensor.Watch(e.Watch, s.Pauses()...)
		}
	case e.Await != nil:
		d.await(e.Await.For)
	case e.Vouch != "":
		d.findVouchers(e.Vouch)
	case e.Save:
		if d.saver != nil {
			d.saver.save(s)
		}
	case e.Record != nil:
		d.keepRecord(s, *e.Record)
		d.noted(s, *e.Record)
	case e.Hurt != nil:
		d.hurt(*e.Hurt)
	case e.Notice != "":
		title, body := words.Notice(e.Notice, words.NoticeFacts{Safety: Safety()})
		d.rooms.notes.Show(notify.Note{Slot: slotNotice, Title: title, Body: body, Expire: noticeExpires(e.Notice)})
	}
}

func noticeExpires(code string) time.Duration {
	if code == core.NoticeWorse {
		return signsStay
	}
	return noticeStays
}

// prompt asks for the break, naming the session that Start would begin.
func (d *daemon) prompt(s core.State, p reminder.Prompt) {
	if p.TrayOnly {
		return
	}
	facts := words.PromptFacts{
		InChair: p.InChair, Standing: p.Standing, LeadGetUp: p.GetUp, OfferUp: p.OfferUp, NextSnooze: p.NextSnooze,
	}
	facts.OverBy, facts.OverProgram = d.overFacts(p.Over)
	d.offered.Store(nil)
	var first func() *notify.Picture
	if plan, err := d.plan(s, api.StretchRequest{}); err == nil && len(plan.Steps) > 0 {
		first = picture(plan.Steps[0].Exercise, plan.Steps[0].Side)
		facts.Moves, facts.Length = plan.Moves(), plan.Length()
		d.offered.Store(&plan)
	}
	w := words.BreakPrompt(facts)
	snooze, skip := "snooze", "skip"
	if p.NextSnooze == 0 {
		snooze = "tomorrow"
	}
	if p.OfferUp {
		skip = "up"
	}
	note := notify.Note{
		Slot: slotPrompt, Title: w.Title, Body: w.Body, Plain: w.Plain, Picture: first,
		Actions: []notify.Action{{Key: "start", Label: w.Start}, {Key: snooze, Label: w.Snooze}, {Key: skip, Label: w.Skip}},
		Default: "start", Expire: promptStays, Silent: p.Over != nil,
	}
	if d.cfg.Load().Reminder.Sound && p.Over == nil {
		note.Sound = soundPrompt
	}
	d.rooms.notes.Show(note)
}

// guide shows where a session has got to, if nobody else does.
func (d *daemon) guide(s core.State, g core.Guide) {
	if g.Phase == "" {
		d.rooms.notes.Withdraw(slotSession)
		d.offerQuestions()
		return
	}
	session := core.View(s, s.At).Session
	if session == nil || g.Guide != guideBackground {
		d.rooms.notes.Withdraw(slotSession) // a page may have come late
		return
	}
	w := words.SessionNote(*session, s.Player.Instructions(), Safety())
	note := notify.Note{Slot: slotSession, Title: w.Title, Body: w.Body, Plain: w.Plain, Silent: true, Sound: sounds[g.Sound]}
	note.Refresh = g.Sound == core.SoundEnding
	if !session.Hurt && session.Phase != routines.PhaseDone {
		note.Picture = picture(session.Exercise, session.Side)
	}
	if session.Waiting {
		note.Seen = session.ID
	}
	note.Actions, note.Expire = sessionButtons(*session)
	d.rooms.notes.Show(note)
}

// Safety is what every guide says beside the exercises.
func Safety() words.Safety {
	s := words.Safety{ComeUp: routines.ComeUpSlowly, Rule: routines.StopRule}
	for _, tier := range routines.StopSigns {
		s.Tiers = append(s.Tiers, words.StopTier{Help: tier.Help, Signs: tier.Signs, Brief: tier.Brief})
	}
	return s
}

// sessionButtons are the controls that make sense in the session's phase, and how long they stay.
func sessionButtons(s api.Session) ([]notify.Action, time.Duration) {
	left := time.Duration(s.StepLeftS*float64(time.Second)) + time.Second
	switch {
	case s.CheckIn:
		return []notify.Action{
			{Key: feelingKey + core.FeelingBetter, Label: words.FeelingBetter},
			{Key: feelingKey + core.FeelingSame, Label: words.FeelingSame},
			{Key: feelingKey + core.FeelingWorse, Label: words.FeelingWorse},
		}, checkInStays
	case s.Phase == routines.PhaseDone:
		return nil, endStays
	case s.Hurt:
		return []notify.Action{
			{Key: "session/stop", Label: words.GuideStopHere},
			{Key: "session/resume", Label: words.GuideGently},
		}, pauseStays
	case s.Phase == routines.PhasePaused:
		return []notify.Action{
			{Key: "session/resume", Label: words.GuideResume},
			{Key: "session/hurt", Label: words.GuideHurt},
			{Key: "session/stop", Label: words.GuideStop},
		}, pauseStays
	}
	return []notify.Action{
		{Key: "session/next", Label: words.GuideNext},
		{Key: "session/pause", Label: words.GuidePause},
		{Key: "session/hurt", Label: words.GuideHurt},
		{Key: "session/stop", Label: words.GuideStop},
	}, left
}

// answered turns what the person did with a note into an event.
func (d *daemon) answered(a notify.Answer) {
	switch {
	case a.Slot == slotPrompt:
		d.answeredPrompt(a)
	case a.Slot == slotWelcome:
		d.answeredWelcome(a)
	case a.Slot == slotSession && a.Kind == notify.Shown:
		d.loop.post(core.Event{Seen: a.Key})
	case a.Slot == slotSession && a.Kind == notify.Pressed:
		d.loop.post(core.Event{Command: sessionCommand(a.Key)})
	}
}

// sessionCommand is what a button of the session's notes asks for.
func sessionCommand(key string) *core.Command {
	if feeling, ok := strings.CutPrefix(key, feelingKey); ok {
		return &core.Command{Name: "session/feeling", Feeling: feeling}
	}
	return &core.Command{Name: key}
}

// feelingKey begins the keys of the buttons that answer how a session has left the person.
const feelingKey = "session/feeling/"

func (d *daemon) answeredPrompt(a notify.Answer) {
	c := core.Command{Name: "skip"} // closing it by hand is a skip without reproach
	switch {
	case a.Kind == notify.Expired:
		d.loop.post(core.Event{Prompt: "expired"})
		return
	case a.Kind != notify.Pressed && a.Kind != notify.Closed:
		return
	case a.Key == "start":
		d.stretch(d.accepted())
		return
	case a.Key == "snooze":
		c.Name = "snooze"
	case a.Key == "tomorrow":
		c = core.Command{Name: "pause", Tomorrow: true}
	case a.Key == "up":
		c.Name = "was_up"
	}
	d.loop.post(core.Event{Command: &c})
}

// plan composes a session from the request, the settings, the person and what was done before.
func (d *daemon) plan(s core.State, r api.StretchRequest) (routines.Plan, error) {
	want, err := d.wanted(s, r)
	if err != nil {
		return routines.Plan{}, err
	}
	return d.catalogue().Plan(want)
}

// wanted is the request to the planner, of this person at this moment.
func (d *daemon) wanted(s core.State, r api.StretchRequest) (routines.Request, error) {
	want, err := wanted(*d.cfg.Load(), r)
	want.At = clock.Now().Wall.In(s.Location())
	want.Profile, want.History = d.person(), d.past(s, want.At)
	return want, err
}

// accepted is the session that the prompt has named, unless something in it is not for the person any more.
func (d *daemon) accepted() (routines.Plan, error) {
	if offered := d.offered.Load(); offered != nil && d.catalogue().StillFor(d.person(), clock.Now().Wall, *offered) {
		return *offered, nil
	}
	return d.plan(d.loop.snapshot.Load().state, api.StretchRequest{})
}

// now is the newest state, its figures counted up to this moment.
func (d *daemon) now() api.State {
	return core.View(d.loop.snapshot.Load().state, clock.Now())
}
