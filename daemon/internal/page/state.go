package page

import (
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// A stateView is the state as the page shows it: figures to count on with, and the words for everything else.
type stateView struct {
	Rev      uint64        `json:"rev"`
	Boot     string        `json:"boot"`
	Posture  string        `json:"posture"`
	LoadS    float64       `json:"load_s"` // of sitting, or of standing where that counts
	LimitS   float64       `json:"limit_s"`
	Rate     float64       `json:"rate"` // seconds of load per second
	Of       string        `json:"of"`   // what the figure is out of
	Head     string        `json:"head"`
	Next     string        `json:"next"`
	Waiting  bool          `json:"waiting"` // a break is, and may be put off or let go
	Paused   bool          `json:"paused"`
	Snooze   string        `json:"snooze"`  // its label, empty when none is left
	SnoozeBy string        `json:"-"`       // how far it goes
	Silence  string        `json:"silence"` // what was not counted, to be explained; empty when nothing
	Problems []api.Problem `json:"problems"`
	Session  *sessionView  `json:"session"`
	Running  bool          `json:"running"` // a session is, and is not done
}

// stateView is s in words.
func (l *live) stateView(s api.State) stateView {
	zone := l.backend.Zone()
	v := stateView{
		Rev: s.Rev, Boot: s.Boot, Posture: s.Posture, LoadS: s.Sitting.LoadS, LimitS: s.Sitting.LimitS, Rate: s.Sitting.Rate,
		Head: words.TrayHead(s), Next: words.TrayNext(s, s.At, zone), Problems: s.Problems,
		Paused:  s.Reminder.Phase == "paused" || s.PausedUntil != nil,
		Session: newSessionView(s.Session),
	}
	if s.Posture == "standing" && s.Session == nil {
		v.LoadS, v.LimitS, v.Rate = s.Standing.LoadS, s.Standing.LimitS, s.Standing.Rate
	}
	v.Running = s.Session != nil && s.Session.Phase != "done"
	v.Of = words.PageOf(v.LimitS)
	switch s.Reminder.Phase {
	case "due", "prompted", "held", "snoozed":
		v.Waiting = s.Session == nil
	}
	if v.Waiting && s.Reminder.SnoozesLeft > 0 && len(s.Reminder.SnoozeS) > 0 {
		d := time.Duration(s.Reminder.SnoozeS[0] * float64(time.Second))
		v.Snooze, v.SnoozeBy = words.PageSnooze(d), d.String()
	}
	if silence := s.Sitting.Silence; silence != nil && silence.CountedAs == "undecided" && s.Posture != "undecided" {
		v.Silence = words.TraySilence(silence.S)
	}
	return v
}

// A sessionView is the moment of a session. Its times hold for the moment at which it is sent.
type sessionView struct {
	ID        string  `json:"id"`
	Phase     string  `json:"phase"` // ready work paused done, and hurt
	Exercise  string  `json:"exercise"`
	Side      string  `json:"side"`
	Above     string  `json:"above"` // the words above the name
	Name      string  `json:"name"`
	SideWords string  `json:"side_words"`
	Cue       string  `json:"cue"`
	Next      string  `json:"next"`
	Progress  string  `json:"progress"`
	Say       string  `json:"say"` // read out when it changes
	Done      string  `json:"done"`
	Step      int     `json:"step"`
	Steps     int     `json:"steps"`
	StepLeftS float64 `json:"step_left_s"`
	StepS     float64 `json:"step_s"`
	LeftS     float64 `json:"left_s"`
	LengthS   float64 `json:"length_s"`
	Counting  bool    `json:"counting"` // the time left grows less
	CheckIn   bool    `json:"check_in"`
}

func newSessionView(p *api.Session) *sessionView {
	if p == nil {
		return nil
	}
	v := &sessionView{
		ID: p.ID, Phase: p.Phase, Exercise: p.Exercise, Side: p.Side, Above: words.PagePhase(*p), Name: p.Name,
		SideWords: words.PageSide(*p), Cue: p.Cue, Next: words.PageNext(*p), Progress: words.PageStep(*p),
		Say: words.PageSay(*p), Done: words.PageDone(*p), Step: p.Step, Steps: p.Steps,
		StepLeftS: p.StepLeftS, StepS: p.StepS, LeftS: p.LeftS, LengthS: p.LengthS, CheckIn: p.CheckIn,
		Counting: (p.Phase == "ready" || p.Phase == "work") && !p.Waiting,
	}
	if p.Hurt {
		v.Phase = "hurt"
	}
	return v
}
