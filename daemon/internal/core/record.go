package core

import (
	"slices"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
	"github.com/unhunch/unhunch/routines"
)

// A Record is something for the history: exactly one of Lived, Asked, Trained and Felt is set. Times are UTC.
type Record struct {
	Lived   []Lived     `json:"lived,omitempty"`   // without gaps; of the time they cover it replaces what was recorded
	Natural []time.Time `json:"natural,omitempty"` // with Lived: when absences began in that time that count as breaks
	Asked   *Asked      `json:"asked,omitempty"`   // when a break is asked for, and again when something has come of it
	Trained *Trained    `json:"trained,omitempty"` // when a session is over
	Felt    *Felt       `json:"felt,omitempty"`    // when the person has said how it left them
}

// Lived is a time of one posture, or what else a sitting.Span can be.
type Lived struct {
	From   time.Time       `json:"from"`
	For    time.Duration   `json:"for"`
	Kind   sitting.Posture `json:"kind"`
	OnFeet bool            `json:"on_feet,omitempty"`
	Open   bool            `json:"open,omitempty"` // it goes on
}

// Outcomes of a prompt.
const (
	OutcomeTaken     = "taken"
	OutcomeSnoozed   = "snoozed"
	OutcomeSkipped   = "skipped"
	OutcomeIgnored   = "ignored"
	OutcomeWithdrawn = "withdrawn" // the person left, or something kept it from being shown on
	OutcomeWasUp     = "was_up"
)

// Asked is a prompt.
type Asked struct {
	At      time.Time `json:"at"` // names the prompt
	Unasked bool      `json:"unasked,omitempty"`
	Outcome string    `json:"outcome,omitempty"` // empty: none yet
	Done    time.Time `json:"done,omitzero"`     // when the outcome came
}

// Trained is a session that is over.
type Trained struct {
	At      time.Time     `json:"at"` // when it began
	Routine string        `json:"routine"`
	Place   string        `json:"place"`
	Outcome string        `json:"outcome"` // as of routines.Player
	Steps   []TrainedStep `json:"steps"`
}

// TrainedStep is one exercise on one side.
type TrainedStep struct {
	Exercise string        `json:"exercise"`
	Side     string        `json:"side,omitempty"`
	Did      time.Duration `json:"did"`
	Hurt     bool          `json:"hurt,omitempty"`
}

// Felt is how a session that was recorded before has left the person.
type Felt struct {
	At      time.Time `json:"at"` // when the session began
	Feeling string    `json:"feeling"`
}

// Recalled is what the history knows of today, of the time before a state that knows nothing.
type Recalled struct {
	Sat           time.Duration `json:"sat"`
	Stood         time.Duration `json:"stood"`
	Gone          time.Duration `json:"gone"`
	NaturalBreaks int           `json:"natural_breaks"`
	Prompts       int           `json:"prompts"`
	Snoozes       int           `json:"snoozes"`
	Skips         int           `json:"skips"`
	Sessions      int           `json:"sessions"`
}

// recall adds what was before to today's figures.
func (m *machine) recall(r Recalled) {
	m.Sit.Recall(r.Sat, r.Stood, r.Gone, r.NaturalBreaks)
	m.was = m.Sit.Log // nothing new has happened
	m.Rem.Today.Prompts += r.Prompts
	m.Rem.Today.Snoozes += r.Snoozes
	m.Rem.Today.Skips += r.Skips
	m.Sessions += r.Sessions
	m.news = true
}

// erase forgets what the day's figures come from, and what was done when. What hurt is not forgotten: that is no
// history, but care.
func (m *machine) erase() {
	m.Sit.Erase(m.T)
	m.was, m.then, m.Told = m.Sit.Log, m.T, m.T
	m.Prompt, m.Recent, m.RecentAt = time.Time{}, nil, nil
	m.CheckIn, m.Worse = false, 0 // what an answer would be about is gone
	m.Rem.Today, m.Sessions = reminder.Figures{Accepted: m.Rem.Today.Accepted}, 0
}

// wallAt is the wall clock's time at t, as it is set now.
func (s *State) wallAt(t time.Duration) time.Time { return s.At.Wall.Add(t - s.T).UTC() }

// remark notes from where on what was recorded no longer holds. It is called whenever the log may have changed. An
// absence counts as a break only after a while; then it is recorded anew from its beginning.
func (m *machine) remark() {
	log, was, then := &m.Sit.Log, m.was, m.then
	m.was, m.then = *log, m.T
	from, differs := log.Differs(&was, m.T)
	if differs {
		m.Told = min(m.Told, from)
	}
	if !differs && log.At(m.T).NaturalBreaks == was.At(then).NaturalBreaks {
		return
	}
	old, now := was.Breaks(then), log.Breaks(m.T)
	for _, began := range slices.Concat(old, now) {
		if !slices.Contains(old, began) || !slices.Contains(now, began) && began >= log.Entries[0].From {
			m.Told = min(m.Told, began)
		}
	}
}

// tell records what was lived since the record was last up to date.
func (m *machine) tell() {
	var r Record
	gone := false
	for _, s := range m.Sit.Log.Spans(m.Told, m.T) {
		gone = gone || s.Kind == sitting.Away || s.Kind == sitting.Asleep
		r.Lived = append(r.Lived, Lived{m.wallAt(s.From), s.To - s.From, s.Kind, s.OnFeet, s.Open})
	}
	if r.Lived == nil {
		return
	}
	if gone {
		for _, began := range m.Sit.Log.Breaks(m.T) {
			if began >= m.Told {
				r.Natural = append(r.Natural, m.wallAt(began))
			}
		}
	}
	m.Told = m.T
	m.emit(Effect{Record: &r})
}

// asked records that a break is asked for.
func (m *machine) asked() {
	m.Prompt = m.At.Wall.UTC()
	m.emit(Effect{Record: &Record{Asked: &Asked{At: m.Prompt}}})
}

// answered records what has come of the prompt; without one, only what the person has said by themselves.
func (m *machine) answered(outcome string) {
	now := m.At.Wall.UTC()
	a := Asked{At: m.Prompt, Outcome: outcome, Done: now}
	if m.Prompt.IsZero() {
		if outcome != OutcomeSnoozed && outcome != OutcomeSkipped {
			return
		}
		a.At, a.Unasked = now, true
	}
	m.Prompt = time.Time{}
	m.emit(Effect{Record: &Record{Asked: &a}})
}

// withdrawn is that the prompt has left without an answer of the person's.
func (m *machine) withdrawn() {
	if m.Rem.SnoozedBy == reminder.ReasonIgnored {
		m.answered(OutcomeIgnored)
		return
	}
	m.answered(OutcomeWithdrawn)
}

// trained records the session.
func (m *machine) trained() {
	p := &m.Player
	t := Trained{At: m.BeganAt, Routine: p.Plan.Routine, Place: p.Plan.Place, Outcome: p.Outcome()}
	if t.Outcome == "" {
		t.Outcome = routines.Abandoned
	}
	for i, s := range p.Plan.Steps {
		t.Steps = append(t.Steps, TrainedStep{s.Exercise, s.Side, p.Did[i], slices.Contains(m.Hurts, i)})
	}
	m.emit(Effect{Record: &Record{Trained: &t}})
}
