package daemon

import (
	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/presence"
	"github.com/unhunch/unhunch/daemon/words"
)

// logindCheck says whether locks, session switches and suspends are seen.
func (d *daemon) logindCheck() api.Check {
	s := d.session.Load()
	if s == nil {
		s = new(presence.Session)
	}
	code := words.DoctorSessionUnseen
	switch {
	case s.Known && s.Remote:
		code = words.DoctorSessionRemote
	case s.Known:
		code = words.DoctorSession
	case s.Why == presence.NoLogind:
		code = words.DoctorNoLogind
	}
	return found("session", code, words.DoctorFacts{Name: sessionSource, Detail: s.Why})
}
