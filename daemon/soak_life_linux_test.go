package daemon

import (
	"time"

	"github.com/unhunch/unhunch/daemon/internal/presence"
)

// A weighted thing to do.
type chance struct {
	weight int
	do     func()
}

func (s *soak) oneOf(all ...chance) {
	sum := 0
	for _, c := range all {
		sum += c.weight
	}
	n := s.rand.IntN(sum)
	for _, c := range all {
		if n -= c.weight; n < 0 {
			c.do()
			return
		}
	}
}

// between is a length of time from a to b, short ones more often.
func (s *soak) between(a, b time.Duration) time.Duration {
	f := s.rand.Float64()
	return a + time.Duration(f*f*float64(b-a))
}

func (s *soak) maybe(percent float64) bool { return s.rand.Float64()*100 < percent }

// live lives until the end: working days, evenings, nights and free days.
func (s *soak) live(days int) {
	for day := range days {
		s.day = day
		local := s.local()
		if weekday := local.Weekday(); weekday == time.Saturday || weekday == time.Sunday {
			if s.maybe(70) { // a free day
				s.night()
				continue
			}
		}
		hours := s.between(4*time.Hour, 12*time.Hour)
		s.work(hours)
		s.night()
		s.flat()
	}
}

// local is the time on the person's wall.
func (s *soak) local() time.Time {
	loc, err := time.LoadLocationFromTZData(s.machine.LocalZone().Name, s.machine.LocalZone().TZif)
	if err != nil {
		return s.machine.Now().Wall
	}
	return s.machine.Now().Wall.In(loc)
}

// work is a day at the desk.
func (s *soak) work(length time.Duration) {
	ends := s.machine.Now().Boot + length
	boot := s.machine.BootID()
	for s.machine.BootID() == boot && s.machine.Now().Boot < ends {
		s.oneOf(
			chance{40, func() { s.types(s.between(time.Minute, 50*time.Minute)) }},
			chance{14, func() { s.silence(s.between(20*time.Second, 25*time.Minute)) }}, // reads, or thinks
			chance{8, func() { s.silence(s.between(2*time.Minute, 15*time.Minute)) }},   // fetches coffee
			chance{4, func() { s.silence(s.between(20*time.Minute, 90*time.Minute)) }},  // lunch
			chance{9, func() { s.lock(s.between(time.Second, 45*time.Minute)) }},
			chance{6, func() { s.lid(s.between(time.Second, 2*time.Hour)) }},
			chance{2, func() { s.otherUser(s.between(10*time.Second, time.Hour)) }},
			chance{4, func() { s.darkness(s.between(10*time.Second, 30*time.Minute)) }},
			chance{3, func() { s.meeting(s.between(10*time.Minute, 80*time.Minute)) }},
			chance{6, s.hushes},
			chance{5, func() { s.film(s.between(10*time.Minute, 3*time.Hour)) }},
			chance{5, func() { s.call(s.between(5*time.Minute, 3*time.Hour)) }},
			chance{4, s.leaves},
			chance{2, func() { s.forgets(s.between(time.Hour, 5*time.Hour)) }},
			chance{2, func() { s.stands(s.between(5*time.Minute, 90*time.Minute)) }},
			chance{2, func() { s.says("sit", duration(s.between(time.Minute, time.Hour))) }},
			chance{3, s.pauses},
			chance{5, s.corrects},
			chance{3, s.stretchesUnasked},
			chance{6, s.changesSomething},
			chance{12, s.nemesis},
		)
		s.check()
	}
}

// types works at the keyboard, with the pauses of somebody who thinks, and answers when asked for a break.
func (s *soak) types(length time.Duration) {
	for ends := time.Now().Add(length); time.Now().Before(ends); {
		s.desk.key()
		pause := s.between(500*time.Millisecond, 40*time.Second)
		if s.maybe(2) {
			pause = s.between(30*time.Second, 3*time.Minute)
		}
		time.Sleep(pause)
		if s.desk.notes.onScreen(slotPrompt) != nil && s.maybe(25) {
			s.answer()
		}
		if s.desk.notes.onScreen(slotWelcome) != nil && s.maybe(5) {
			s.desk.notes.press(slotWelcome, "")
		}
	}
}

// answer is what the person does about a prompt.
func (s *soak) answer() {
	press := func(n int) func() {
		return func() {
			if note := s.desk.notes.onScreen(slotPrompt); note != nil {
				s.press(slotPrompt, note.Actions[n].Key)
			}
		}
	}
	s.oneOf(
		chance{30, func() { press(0)(); s.follow() }},
		chance{20, press(1)},
		chance{15, press(2)},
		chance{10, func() { s.press(slotPrompt, "") }},
		chance{15, func() { s.silence(s.between(2*time.Minute, 12*time.Minute)) }}, // gets up without a word
		chance{5, func() { s.says("snooze", duration(s.between(time.Second, time.Hour))) }},
		chance{5, func() { s.says("skip", nil) }},
	)
}

// press presses a button and lets it be taken in.
func (s *soak) press(slot, key string) {
	s.pressed(slot, key)
	s.desk.notes.press(slot, key)
	s.settle()
}

// follow does the session that runs, more or less.
func (s *soak) follow() {
	for range 40 {
		s.settle()
		if s.state().Session == nil {
			return
		}
		time.Sleep(s.between(2*time.Second, 40*time.Second))
		s.oneOf(
			chance{75, func() {}},
			chance{6, func() { s.says("session/next", nil) }},
			chance{2, func() { s.says("session/back", nil) }},
			chance{4, func() {
				s.says("session/pause", nil)
				time.Sleep(s.between(time.Second, 20*time.Minute))
				s.says("session/resume", nil)
			}},
			chance{2, func() { s.says("session/hurt", nil) }},
			chance{1, func() { s.says("session/stop", nil) }},
			chance{1, func() { s.lock(s.between(time.Second, time.Minute)) }},
			chance{1, func() { s.lid(s.between(time.Second, time.Minute)) }},
			chance{1, s.nemesis},
			chance{7, s.feels},
		)
	}
}

func (s *soak) feels() {
	if state := s.state(); state.Session != nil && state.Session.CheckIn {
		s.says("session/feeling", map[string]string{"feeling": []string{"better", "same", "worse"}[s.rand.IntN(3)]})
	}
}

// silence is that there is no input.
func (s *soak) silence(d time.Duration) { time.Sleep(d) }

// lock locks the screen and comes back. What is told in the meantime may be told twice.
func (s *soak) lock(d time.Duration) {
	s.locked(true)
	time.Sleep(d)
	s.locked(false)
	if s.maybe(80) {
		s.desk.key()
	}
}

func (s *soak) locked(locked bool) {
	session := presence.Session{Known: true, Locked: locked}
	s.desk.tell(session)
	if s.maybe(10) {
		s.desk.tell(session)
	}
}

// lid closes the lid and opens it again. The session manager announces some suspends, and tells of some wakings.
func (s *soak) lid(d time.Duration) {
	asleep := presence.Session{Known: true, Sleeping: true, Locked: s.maybe(50)}
	announced := s.maybe(80)
	if announced {
		s.desk.tell(asleep)
		time.Sleep(s.between(10*time.Millisecond, 4*time.Second))
	}
	if !s.maybe(5) { // or the suspend is called off
		s.machine.sleep(d)
		time.Sleep(s.between(time.Millisecond, 3*time.Second))
	}
	told := announced && s.maybe(80) // else the signal of waking never comes, as after hibernation
	switch {
	case told && asleep.Locked:
		s.desk.tell(presence.Session{Known: true, Locked: true})
		time.Sleep(s.between(time.Second, time.Minute))
		s.desk.tell(presence.Session{Known: true})
	case told:
		s.desk.tell(presence.Session{Known: true})
		if s.maybe(10) {
			s.desk.tell(presence.Session{Known: true})
		}
	}
	if s.maybe(80) {
		s.desk.key()
	}
	if announced && !told { // the desktop comes to its senses when something else happens
		time.Sleep(s.between(time.Second, 10*time.Minute))
		s.desk.tell(presence.Session{Known: true})
	}
	time.Sleep(time.Millisecond)
}

func (s *soak) otherUser(d time.Duration) {
	s.desk.tell(presence.Session{Known: true, Inactive: true})
	time.Sleep(d)
	s.desk.tell(presence.Session{Known: true})
	s.desk.key()
}

func (s *soak) darkness(d time.Duration) {
	s.desk.screen(true)
	time.Sleep(d)
	s.desk.screen(false)
	s.desk.key()
}

// hushes switches do-not-disturb on or off. The desktop may tell of it.
func (s *soak) hushes() {
	s.around.hush(s.maybe(40))
	s.said(60)
}

// film watches one, which the person may leave behind running.
func (s *soak) film(d time.Duration) {
	film := s.around.begins("Films", uses{screen: true, wakeful: true})
	s.said(70)
	for ends := time.Now().Add(d); time.Now().Before(ends); {
		s.silence(s.between(time.Minute, 40*time.Minute))
		if s.maybe(60) {
			s.desk.key()
		}
		if s.desk.notes.onScreen(slotPrompt) != nil && s.maybe(50) {
			s.answer()
		}
	}
	if s.maybe(80) {
		s.desk.key()
		s.over(film)
	}
}

// forgets leaves a video behind in a window that fills no screen, and the desk unlocked.
func (s *soak) forgets(d time.Duration) {
	video := s.around.begins("Clips", uses{wakeful: true})
	s.desk.key()
	s.silence(d)
	s.desk.key()
	s.over(video)
}

// call talks to somebody, now and then typing.
func (s *soak) call(d time.Duration) {
	call := s.around.begins("Talk", uses{microphone: true, camera: s.maybe(50), wakeful: s.maybe(50), screen: s.maybe(20)})
	s.said(70)
	for ends := time.Now().Add(d); time.Now().Before(ends); {
		s.oneOf(
			chance{3, func() { s.types(s.between(time.Minute, 20*time.Minute)) }},
			chance{3, func() { s.silence(s.between(time.Minute, 20*time.Minute)) }},
			chance{1, func() { s.lock(s.between(time.Second, time.Minute)) }},
		)
	}
	s.over(call)
}

// leaves has something begin that lasts, or end.
func (s *soak) leaves() {
	s.around.mu.Lock()
	things := s.around.things
	s.around.mu.Unlock()
	if n := len(things); n > 0 && s.maybe(50) {
		s.over(things[s.rand.IntN(n)])
		return
	}
	s.oneOf(
		chance{3, func() { s.around.begins("Noise Filter", uses{microphone: true}) }},
		chance{2, func() { s.around.begins("Coffee", uses{wakeful: true}) }},
		chance{2, func() { s.around.begins("Mirror", uses{camera: true}) }},
		chance{1, func() { s.around.begins("Slides", uses{screen: true}) }},
	)
	s.said(50)
}

// over is that something ends.
func (s *soak) over(t *thing) {
	s.around.ends(t)
	s.said(70)
}

// said has the desktop tell of a change, or not.
func (s *soak) said(percent float64) {
	if s.maybe(percent) {
		s.desk.vouch.Changed()
		s.around.tells()
	}
}

func (s *soak) meeting(d time.Duration) {
	s.says("meeting", duration(d))
	if s.maybe(50) {
		s.types(d / 2)
	} else {
		s.silence(d)
	}
	if s.maybe(50) {
		s.says("meeting", map[string]string{"duration": "off"})
	}
}

func (s *soak) stands(d time.Duration) {
	s.says("stand", nil)
	s.types(d)
	if s.maybe(70) {
		s.says("stand", map[string]string{"duration": "off"})
	}
}

func (s *soak) pauses() {
	s.oneOf(
		chance{5, func() { s.says("pause", duration(s.between(time.Minute, 3*time.Hour))) }},
		chance{2, func() { s.says("pause", map[string]string{"duration": "tomorrow"}) }},
		chance{1, func() { s.says("pause", nil) }},
		chance{6, func() { s.says("resume", nil) }},
	)
}

func (s *soak) corrects() {
	body := map[string]string{"posture": []string{"sitting", "standing", "away"}[s.rand.IntN(3)]}
	if s.maybe(30) {
		body["duration"] = duration(s.between(time.Minute, 5*time.Hour))["duration"]
	}
	s.says("was", body)
}

func (s *soak) stretchesUnasked() {
	// The page would be a browser of the real desktop.
	body := map[string]string{"place": []string{"standing", "chair", "floor"}[s.rand.IntN(3)], "guide": guideBackground}
	if s.maybe(30) {
		body["length"] = "5m"
	}
	if s.maybe(50) {
		body["guide"] = "terminal"
	}
	if s.says("stretch", body) {
		s.follow()
	}
}

// night is the time until the next morning, spent in one of the ways that computers spend nights.
func (s *soak) night() {
	local := s.local()
	morning := time.Date(local.Year(), local.Month(), local.Day()+1, 6, 0, 0, 0, local.Location())
	morning = morning.Add(s.between(0, 5*time.Hour))
	d := max(time.Minute, morning.Sub(s.machine.Now().Wall))
	s.oneOf(
		chance{40, func() { s.lid(d) }},
		chance{15, func() { s.locked(true); s.desk.screen(true); time.Sleep(d); s.desk.screen(false); s.locked(false) }},
		chance{10, func() { s.silence(d) }}, // left on as it is
		chance{20, func() { s.restart(true, d) }},
		chance{5, func() { s.die(true, d) }},
		chance{10, func() { s.locked(true); time.Sleep(d / 2); s.machine.sleep(d / 2); s.locked(false) }},
	)
	s.desk.key()
	s.check()
}
