package menu

import (
	"fmt"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// onward is how things are to go on. Hiding the icon is always offered.
func (m moment) onward() []Entry {
	return []Entry{
		item("page", words.TrayPage, Click{Page: true}).only(m.running),
		Entry{ID: "pause", Title: words.TrayPause, Children: []Entry{
			pause("pause-30m", words.TrayPause30, "30m"),
			pause("pause-1h", words.TrayPause60, "1h"),
			pause("pause-2h", words.TrayPause120, "2h"),
			pause("pause-tomorrow", words.TrayPauseTomorrow, "tomorrow"),
			pause("pause-open", words.TrayPauseOpen, ""),
		}}.only(m.running && !m.paused),
		do("resume", words.TrayResume, "resume", nil).only(m.running && m.paused),
		m.standing(),
		m.meeting(),
		m.every(),
		item("hide", words.TrayHide, Click{Hide: true}),
		item("stop", words.TrayStop, Click{Stop: true}).only(m.running),
	}
}

func pause(id, title, d string) Entry {
	return do(id, title, "pause", api.DurationRequest{Duration: d})
}

// standing is the person's word that the desk is up. A session has a posture of its own, so there the state does not
// tell what was declared; and where nothing is counted the word would change nothing to be seen.
func (m moment) standing() Entry {
	on := m.s.Posture == "standing"
	body := api.DurationRequest{}
	if on {
		body.Duration = "off"
	}
	return do("standing", words.TrayIStand, "stand", body).tick(on).only(m.running && m.s.Session == nil).when(m.s.Posture != "unknown")
}

func (m moment) meeting() Entry {
	on := m.running && (m.s.MeetingUntil != nil || m.s.Reminder.Phase == "held" && m.s.Reminder.Reason == "meeting")
	length := ""
	if on {
		length = "off"
	}
	title := words.TrayMeeting(m.s.MeetingUntil, m.Now, m.Zone)
	return do("meeting", title, "meeting", api.DurationRequest{Duration: length}).tick(on).only(m.running)
}

// every is how long to sit at most. The title names what is in force, which may be none of the choices.
func (m moment) every() Entry {
	e := Entry{ID: "every", Title: words.TrayEvery(m.s.Sitting.LimitS)}
	for _, minutes := range []int{30, 45, 60} {
		set := item(fmt.Sprintf("every-%dm", minutes), words.TrayEveryMinutes(minutes),
			Click{Key: "sitting.limit", Value: fmt.Sprintf("%dm", minutes)})
		e.Children = append(e.Children, set.tick(m.s.Sitting.LimitS == float64(60*minutes)))
	}
	return e.only(m.running)
}
