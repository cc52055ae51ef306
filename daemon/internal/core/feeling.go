package core

import "slices"

// Feelings after a session.
const (
	FeelingBetter = "better"
	FeelingSame   = "same"
	FeelingWorse  = "worse"
)

// checkIn asks how the session that is done has left the person. That it was asked is what counts: somebody who does
// not answer is not asked again on that day.
func (m *machine) checkIn() {
	m.CheckIn, m.CheckedIn = !m.CheckedIn, true
}

// feels takes the answer, which nothing needs and which closes the session that is done. It may come late, until another
// session begins.
func (m *machine) feels(feeling string) (refusal string) {
	if !m.CheckIn || !slices.Contains([]string{FeelingBetter, FeelingSame, FeelingWorse}, feeling) {
		return NothingAsked
	}
	m.CheckIn = false
	m.emit(Effect{Record: &Record{Felt: &Felt{At: m.BeganAt, Feeling: feeling}}})
	if feeling != FeelingWorse {
		m.Worse = 0
	} else if m.Worse++; m.Worse > 1 {
		m.emit(Effect{Notice: NoticeWorse})
	}
	m.Player = m.Player.Stop(m.T)
	return ""
}
