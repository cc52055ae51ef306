package daemon

import (
	"strings"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/words"
)

// findVouchers has it found out what vouches for the person, as the core orders. It does not wait.
func (d *daemon) findVouchers(order string) {
	switch order {
	case core.VouchLook:
		d.rooms.vouch.Look()
	case core.VouchWatch:
		d.rooms.vouch.Watch()
	case core.VouchRest:
		d.rooms.vouch.Rest()
	}
}

// vouched passes on what was found.
func (d *daemon) vouched(by []int) { d.loop.post(core.Event{Vouch: &core.Vouch{By: by}}) }

// vouchChecks name what makes a silence count as sitting, and what is no longer believed.
func (d *daemon) vouchChecks() (checks []api.Check) {
	s := d.loop.snapshot.Load().state
	now := s.T + max(0, clock.Now().Boot-s.At.Boot)
	if fixtures := d.vouchNames(s.Sit.Fixtures()); fixtures != "" {
		checks = append(checks, found("vouch", words.DoctorVouchFixture, words.DoctorFacts{Name: fixtures}))
	}
	switch speaks := d.vouchNames(s.Sit.SpokenFor(now)); {
	case speaks != "":
		checks = append(checks, found("vouch", words.DoctorVouched, words.DoctorFacts{Name: speaks}))
	case checks == nil:
		checks = append(checks, found("vouch", words.DoctorVouchNone, words.DoctorFacts{}))
	}
	return checks
}

func (d *daemon) vouchNames(ids []int) string {
	var names []string
	for _, id := range ids {
		if name := d.rooms.vouch.Name(id); name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
