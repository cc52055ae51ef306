package presence

import (
	"context"
	"fmt"
	"time"

	"github.com/jezek/xgb"
)

// An extension is where the server has put one. The zero extension is missing.
type extension struct{ major, firstEvent byte }

func (e extension) present() bool { return e.major != 0 }

// extension asks for an extension by name.
func (s *server) extension(ctx context.Context, name string) (extension, error) {
	const queryExtension = 98
	body := append([]byte{byte(len(name)), 0, 0, 0}, name...)
	reply, err := s.ask(ctx, queryExtension, 0, body...)
	if err != nil || reply[8] == 0 {
		return extension{}, err
	}
	return extension{major: reply[9], firstEvent: reply[10]}, nil
}

// alarms is the SYNC extension (protocol 3.1) as far as this sensor needs it: one system counter and two alarms on it.
type alarms struct {
	extension
	idletime    uint32 // the counter of milliseconds without input; 0 when the server has none
	quiet, back uint32 // the alarms; 0 until first armed
}

// Requests of SYNC.
const (
	syncInitialize = 0
	syncCounters   = 1
	syncQuery      = 5
	syncCreate     = 8
	syncChange     = 9
)

// Tests of an alarm. They compare levels: of a transition the server would only know if it had happened to read the
// counter on both sides of it, and any other client's question about the counter can spoil that.
const (
	atLeast = 2
	atMost  = 3
)

// findSync starts SYNC and looks for its IDLETIME counter.
func (s *server) findSync(ctx context.Context) (alarms, error) {
	e, err := s.extension(ctx, "SYNC")
	if err != nil || !e.present() {
		return alarms{}, err
	}
	if _, err := s.ask(ctx, e.major, syncInitialize, 3, 1); err != nil {
		return alarms{}, err
	}
	reply, err := s.ask(ctx, e.major, syncCounters)
	if err != nil {
		return alarms{}, err
	}
	return alarms{extension: e, idletime: findCounter(reply, "IDLETIME")}, nil
}

// findCounter looks for a counter in the reply to ListSystemCounters and returns 0 when there is none of that name.
func findCounter(reply []byte, name string) uint32 {
	const fixed = 14 // id, resolution and the length of the name
	if len(reply) < 32 {
		return 0
	}
	count := xgb.Get32(reply[8:])
	for list := reply[32:]; count > 0 && len(list) >= fixed; count-- {
		end := fixed + int(xgb.Get16(list[12:]))
		if end > len(list) {
			return 0
		}
		if string(list[fixed:end]) == name {
			return xgb.Get32(list)
		}
		list = list[min(xgb.Pad(end), len(list)):]
	}
	return 0
}

func (s *server) hasAlarms() bool { return s.alarms.idletime != 0 }

// how names what tells of the idle time, for the doctor.
func (s *server) how() string {
	if s.hasAlarms() {
		return "SYNC alarms"
	}
	return "MIT-SCREEN-SAVER, asked now and again"
}

// idleCounter reads the IDLETIME counter.
func (s *server) idleCounter(ctx context.Context) (time.Duration, error) {
	reply, err := s.ask(ctx, s.alarms.major, syncQuery, words(s.alarms.idletime)...)
	if err != nil {
		return 0, err
	}
	ms := int64(xgb.Get32(reply[8:]))<<32 | int64(xgb.Get32(reply[12:]))
	return time.Duration(max(ms, 0)) * time.Millisecond, nil
}

// alarmAt asks for one notice when there has been no input for that long.
func (s *server) alarmAt(_ context.Context, idle time.Duration) error {
	return s.alarm(&s.alarms.quiet, atLeast, idle.Milliseconds())
}

// alarmBelow asks for one notice when the idle time falls below what it is now: when input is back.
func (s *server) alarmBelow(_ context.Context, idle time.Duration) error {
	return s.alarm(&s.alarms.back, atMost, idle.Milliseconds()-1)
}

// alarm arms the alarm with that id, which is made on first use. A step of zero lets it fire once per arming.
func (s *server) alarm(id *uint32, test uint32, ms int64) error {
	const everything = 1<<6 - 1 // counter, value type, value, test, step and events are given
	minor := byte(syncChange)
	if *id == 0 {
		var err error
		if *id, err = s.conn.NewId(); err != nil {
			return errGone
		}
		minor = syncCreate
	}
	const absolute, step, notify = 0, 0, 1
	s.tell(s.alarms.major, minor, words(*id, everything,
		s.alarms.idletime, absolute, uint32(ms>>32), uint32(ms), test, step, step, notify)...)
	return nil
}

// isAlarm tells whether n is one of our alarms going off.
func (s *server) isAlarm(n notice) bool {
	const alarmNotify = 1
	return s.hasAlarms() && n.number() == s.alarms.firstEvent+alarmNotify
}

// isReturn tells which one: input is back.
func (s *server) isReturn(n notice) bool { return xgb.Get32(n[4:]) == s.alarms.back }

// Requests of MIT-SCREEN-SAVER.
const (
	saverVersion = 0
	saverQuery   = 1
	saverSelect  = 2
)

// watchSaver asks for a notice whenever the screen goes dark or light, and returns which it is.
func (s *server) watchSaver(ctx context.Context) (dark bool, err error) {
	const notifyMask = 1
	if _, err := s.ask(ctx, s.saver.major, saverVersion, 1, 1); err != nil {
		return false, fmt.Errorf("MIT-SCREEN-SAVER: %w", err)
	}
	s.tell(s.saver.major, saverSelect, words(s.root, notifyMask)...)
	reply, err := s.ask(ctx, s.saver.major, saverQuery, words(s.root)...)
	if err != nil {
		return false, err
	}
	return saverDark(reply), nil
}

// idleSaver asks MIT-SCREEN-SAVER how long there has been no input.
func (s *server) idleSaver(ctx context.Context) (time.Duration, error) {
	reply, err := s.ask(ctx, s.saver.major, saverQuery, words(s.root)...)
	if err != nil {
		return 0, err
	}
	return time.Duration(xgb.Get32(reply[16:])) * time.Millisecond, nil
}

// shines is what is said of the screen, and by what.
func (s *server) shines(dark bool) Screen {
	if !s.saver.present() {
		return Screen{}
	}
	return Screen{Dark: dark, How: "MIT-SCREEN-SAVER"}
}

// isSaver tells whether n is about the screen.
func (s *server) isSaver(n notice) bool { return s.saver.present() && n.number() == s.saver.firstEvent }

// saverDark reads the state out of a notice or a reply, which both have it in the second byte.
func saverDark(b []byte) bool {
	const on, cycle = 1, 2
	return b[1] == on || b[1] == cycle
}
