package presence

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// sinceTick is the time between two readings of a clock of 32 bits of milliseconds, which begins anew every 49.7 days:
// only as a difference of that width is it right across that moment. A reading that is a little older than last is of the
// same moment.
func sinceTick(now, last uint32) time.Duration {
	if d := now - last; d <= math.MaxInt32 {
		return time.Duration(d) * time.Millisecond
	}
	return 0
}

// Where parseSessionInfo finds what it reads of a WTSINFOEXW of level 1: after the level, and the gap before a structure
// with 64-bit times in it, come session id, state and flags.
const (
	infoLevel, infoState, infoFlags, infoEnd = 0, 12, 16, 20

	stateActive        = 0 // WTSActive. All others are without a person: disconnected is a session behind another's
	flagLocked  uint32 = 0 // WTS_SESSIONSTATE_LOCK, since Windows 8
	flagOpen    uint32 = 1 // WTS_SESSIONSTATE_UNLOCK
)

// parseSessionInfo reads what Windows says of a session.
func parseSessionInfo(info []byte) (Session, error) {
	if len(info) < infoEnd {
		return Session{}, fmt.Errorf("the state of the session is %d bytes short", infoEnd-len(info))
	}
	word := func(at int) uint32 { return binary.LittleEndian.Uint32(info[at:]) }
	if level := word(infoLevel); level != 1 {
		return Session{}, fmt.Errorf("the state of the session is of level %d, not 1", level)
	}
	s := Session{Known: true, Inactive: word(infoState) != stateActive}
	switch flags := word(infoFlags); flags {
	case flagLocked:
		s.Locked = true
	case flagOpen:
	default:
		return Session{}, fmt.Errorf("the session is neither locked nor unlocked: %#x", flags)
	}
	return s, nil
}

var errNoIdle = errors.New("ioreg names no time since the last input")

// parseIdle finds the least of all times since the last input, in nanoseconds, in what ioreg prints of IOHIDSystem.
func parseIdle(printed string) (time.Duration, error) {
	found := time.Duration(-1)
	for line := range strings.Lines(printed) {
		_, value, ok := strings.Cut(line, `"HIDIdleTime" = `)
		if !ok {
			continue
		}
		ns, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		if err != nil || ns < 0 {
			return 0, fmt.Errorf("ioreg's time since the last input is %q", strings.TrimSpace(value))
		}
		if found < 0 || time.Duration(ns) < found {
			found = time.Duration(ns)
		}
	}
	if found < 0 {
		return 0, errNoIdle
	}
	return found, nil
}

// parseConsole finds the person's session among those in IOConsoleUsers, in what ioreg prints of the registry's root.
func parseConsole(printed string, uid int, name string) (Session, error) {
	_, list, ok := strings.Cut(printed, `"IOConsoleUsers" = (`)
	if !ok {
		return Session{}, errors.New("ioreg names no sessions")
	}
	list, _, _ = strings.Cut(list, "})")
	for _, one := range strings.Split(list, "},") {
		has := func(key, value string) bool {
			for field := range strings.SplitSeq(strings.Trim(one, "({}) \n"), ",") {
				if strings.TrimSpace(field) == `"`+key+`"=`+value {
					return true
				}
			}
			return false
		}
		if has("kCGSSessionUserIDKey", strconv.Itoa(uid)) || name != "" && has("kCGSSessionUserNameKey", `"`+name+`"`) {
			return Session{
				Known: true, Locked: has("CGSSessionScreenIsLocked", "Yes"), Inactive: !has("kCGSSessionOnConsoleKey", "Yes"),
			}, nil
		}
	}
	return Session{}, errors.New("nobody is logged in at the screen as this user")
}
