package daemon

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/presence"
)

// nemesis lets something go wrong: for a moment, or for hours during which life goes on.
func (s *soak) nemesis() {
	s.faults++
	s.oneOf(
		chance{10, func() { s.die(false, s.between(time.Millisecond, 2*time.Minute)) }},
		chance{3, func() { s.die(false, s.between(time.Minute, 4*time.Hour)) }},
		chance{2, func() { s.die(true, s.between(20*time.Second, 2*time.Hour)) }},
		chance{6, func() { s.restart(false, s.between(time.Millisecond, time.Minute)) }},
		chance{2, func() { s.restart(true, s.between(20*time.Second, time.Hour)) }},
		chance{8, func() { s.during(s.noBus, s.between(time.Second, time.Hour)) }},
		chance{8, func() { s.during(s.frozenNotes, s.between(time.Second, 20*time.Minute)) }},
		chance{6, func() { s.desk.notes.set(false, false); s.desk.notes.set(true, false) }},
		chance{8, func() { s.during(s.noSensor, s.between(time.Second, 2*time.Hour)) }},
		chance{8, func() { s.during(s.badLooks, s.between(time.Second, 2*time.Hour)) }},
		chance{3, func() { s.during(s.noLogind, s.between(time.Second, time.Hour)) }},
		chance{8, func() { s.during(s.noDisk, s.between(time.Second, 2*time.Hour)) }},
		chance{6, func() { s.during(s.fullDisk, s.between(time.Second, 2*time.Hour)) }},
		chance{6, s.slowClients},
		chance{6, s.stepsClock},
		chance{4, s.travels},
		chance{4, func() { s.machine.stop(s.between(time.Second, 10*time.Minute)) }},
		chance{3, s.second},
	)
}

// during lets life go on while a fault lasts, and another one may come on top of it.
func (s *soak) during(fault func() (end func()), d time.Duration) {
	end := fault()
	s.settle()
	s.check()
	for ends := time.Now().Add(d); time.Now().Before(ends); {
		s.oneOf(
			chance{60, func() { s.types(min(time.Until(ends), s.between(time.Second, 20*time.Minute))) }},
			chance{10, func() { s.silence(min(time.Until(ends), s.between(time.Second, 20*time.Minute))) }},
			chance{10, func() { s.lock(s.between(time.Second, 10*time.Minute)) }},
			chance{5, func() { s.lid(s.between(time.Second, 10*time.Minute)) }},
			chance{10, s.stretchesUnasked},
			chance{5, s.corrects},
			chance{5, func() {
				if s.depth < 2 {
					s.depth++
					s.nemesis()
					s.depth--
				}
			}},
		)
		s.check()
	}
	end()
	s.settle()
	s.check()
}

func (s *soak) noBus() (end func()) {
	s.desk.notes.set(false, false)
	return func() { s.desk.notes.set(true, false) }
}

func (s *soak) frozenNotes() (end func()) {
	s.desk.notes.set(true, true)
	return func() { s.desk.notes.set(true, false) }
}

func (s *soak) noSensor() (end func()) {
	s.desk.die()
	return func() {
		if s.desk.dead {
			s.desk.revive()
		}
	}
}

// badLooks has something that is looked at fail, be late, or not answer at all.
func (s *soak) badLooks() (end func()) {
	name := sourceNames[s.rand.IntN(len(sourceNames))]
	s.around.set(name, []string{lazy, fails, slow, hangs}[s.rand.IntN(4)])
	return func() { s.around.set(name, well) }
}

func (s *soak) noLogind() (end func()) {
	s.desk.tell(presence.Session{Why: "logind is gone"})
	return func() { s.desk.tell(presence.Session{Known: true}) }
}

// noDisk takes the directory of the state away, as a network disk goes.
func (s *soak) noDisk() (end func()) {
	if s.gone || os.Rename(s.dir, s.dir+".gone") != nil {
		return func() {}
	}
	s.gone = true
	return func() {
		if s.gone { // a restart has not cured it
			s.cure()
		}
	}
}

// fullDisk fills the disk, where it is a small one of our own.
func (s *soak) fullDisk() (end func()) {
	if !smallDisk() {
		return s.noDisk()
	}
	if s.full {
		return func() {}
	}
	s.full = true
	if f, err := os.Create(s.ballast()); err == nil {
		for size := 64 << 10; size > 0; {
			if _, err := f.Write(make([]byte, size)); err != nil {
				size /= 2
			}
		}
		f.Close()
	}
	return func() {
		if s.full {
			s.cure()
		}
	}
}

func (s *soak) ballast() string { return filepath.Join(s.base, "ballast") }

// slowClients connect and read nothing, or say nothing, or half a word.
func (s *soak) slowClients() {
	for range 1 + s.rand.IntN(40) {
		c, err := s.door.dial(context.Background())
		if err != nil {
			return
		}
		_ = c.SetDeadline(time.Now().Add(s.between(time.Second, time.Minute)))
		word := []string{
			"GET " + api.PathEvents + " HTTP/1.1\r\nHost: unhunch\r\n\r\n",
			"",
			"GET /v1/sta",
			"POST /v1/actions/snooze HTTP/1.1\r\nHost: unhunch\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{",
		}[s.rand.IntN(4)]
		hold := s.between(time.Second, 10*time.Minute)
		go func(c net.Conn) {
			_, _ = c.Write([]byte(word))
			time.Sleep(hold)
			c.Close()
		}(c)
	}
	s.types(s.between(time.Second, 10*time.Minute))
	time.Sleep(10 * time.Minute) // they have gone
}

// stepsClock is somebody, or NTP, who sets the clock.
func (s *soak) stepsClock() {
	d := s.between(time.Millisecond, 3*time.Hour)
	if s.maybe(50) {
		d = -d
	}
	s.machine.step(d)
	s.settle()
	if s.maybe(70) {
		s.types(s.between(time.Second, 10*time.Minute))
		s.machine.step(-d)
	}
}

// travels takes the computer to another time zone.
func (s *soak) travels() {
	zone := s.zones[s.rand.IntN(len(s.zones))]
	s.machine.mu.Lock()
	s.machine.zone = zone
	s.machine.mu.Unlock()
	s.d.zoneChanged(zone)
}

// second is another daemon of the same person. It must not run.
func (s *soak) second() {
	err := runIn(context.Background(), s.dir, func() (net.Listener, error) {
		s.t.Error("promise 11: a second daemon opens a socket")
		return nil, net.ErrClosed
	}, Options{})
	if err == nil {
		s.fail("promise 11: a second daemon runs")
	}
}
