package menu

import (
	"fmt"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

const (
	// snoozes is how many lengths of snooze the settings may have.
	snoozes = 6
	// longestSnooze is what the daemon grants at most.
	longestSnooze = time.Hour
	// oneStretch is long enough for one movement on both sides.
	oneStretch = "30s"
)

// now is what there is to do at this moment: a stretch, the hands on the running one, an answer to a break that is
// waiting, or the start of the daemon.
func (m moment) now() []Entry {
	all := []Entry{
		m.silence(),
		item("start", words.TrayStart, Click{Start: true}).only(!m.running).when(!m.Starting),
		stretch("stretch", words.TrayStretch, api.StretchRequest{}).only(m.running && !m.stretching),
		Entry{ID: "another", Title: words.TrayAnother, Children: []Entry{
			stretch("another-chair", words.TrayChair, api.StretchRequest{Place: "chair"}),
			stretch("another-standing", words.TrayStanding, api.StretchRequest{Place: "standing"}),
			stretch("another-walk", words.TrayWalk, api.StretchRequest{Routine: "walk"}),
			stretch("another-one", words.TrayOne, api.StretchRequest{Length: oneStretch}),
		}}.only(m.running && !m.stretching),
	}
	return append(append(all, m.session()...), m.answers()...)
}

// stretch begins a session, guided by what the settings say, or else suits the desktop.
func stretch(id, title string, r api.StretchRequest) Entry {
	return do(id, title, "stretch", r)
}

// silence asks what a silence was that nobody could explain. While one still goes on there is nothing to ask.
func (m moment) silence() Entry {
	length := 0.0
	open := m.running && m.s.Sitting.Silence != nil && m.s.Sitting.Silence.CountedAs == "undecided" &&
		m.s.Posture != "undecided"
	if open {
		length = m.s.Sitting.Silence.S
	}
	return Entry{ID: "silence", Title: words.TraySilence(length), Children: []Entry{
		do("silence-sitting", words.TrayIWasSitting, "was", api.WasRequest{Posture: "sitting"}),
		do("silence-up", words.TrayIWasUp, "was", api.WasRequest{Posture: "away"}),
	}}.only(open)
}

// session is the hands on the running session. After “that hurt” there are only two ways on.
func (m moment) session() []Entry {
	hurt, paused := false, false
	if m.stretching {
		hurt, paused = m.s.Session.Hurt, m.s.Session.Phase == "paused"
	}
	going := m.stretching && !hurt
	halt := do("session-pause", words.GuidePause, "session/pause", nil)
	if paused {
		halt = do("session-pause", words.GuideResume, "session/resume", nil)
	}
	return []Entry{
		do("session-stop-here", words.GuideStopHere, "session/stop", nil).only(m.stretching && hurt),
		do("session-gently", words.GuideGently, "session/resume", nil).only(m.stretching && hurt),
		halt.only(going),
		do("session-next", words.GuideNext, "session/next", nil).only(going),
		do("session-back", words.GuideBack, "session/back", nil).only(going),
		do("session-hurt", words.GuideHurt, "session/hurt", nil).only(going),
		do("session-stop", words.GuideStop, "session/stop", nil).only(going),
	}
}

// answers are what to say to a break that is waiting. They stay in sight when none is, so that they are found where
// they are looked for.
func (m moment) answers() []Entry {
	shown := m.running && !m.stretching
	usedUp := m.waiting && m.s.Reminder.SnoozesLeft <= 0
	return []Entry{
		m.snooze().only(shown && !usedUp),
		do("off-until-tomorrow", words.TrayOffUntilTomorrow, "pause", api.DurationRequest{Duration: "tomorrow"}).
			only(shown && usedUp),
		do("skip", words.TraySkip, "skip", nil).only(shown).when(m.waiting),
	}
}

func (m moment) snooze() Entry {
	e := Entry{ID: "snooze", Title: words.TraySnooze}
	some := false
	for i := range snoozes {
		d := time.Duration(0)
		if m.running && i < len(m.s.Reminder.SnoozeS) {
			d = seconds(m.s.Reminder.SnoozeS[i])
		}
		possible := d > 0 && d <= longestSnooze
		some = some || possible
		e.Children = append(e.Children, do(fmt.Sprintf("snooze-%d", i+1), words.TraySpan(d), "snooze",
			api.DurationRequest{Duration: d.String()}).only(possible))
	}
	return e.when(m.waiting && some)
}

// seconds keeps the milliseconds that the state has.
func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second)).Round(time.Millisecond)
}
