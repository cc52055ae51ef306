package presence

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A machine is a system that somebody sits at.
type machine struct {
	mu      sync.Mutex
	last    time.Time // the last input
	session Session
	err     error
	hangs   bool
	asked   int
}

func (m *machine) ask(ctx context.Context) (answer, error) {
	m.mu.Lock()
	m.asked++
	now, err, hangs := answer{idle: time.Since(m.last), session: m.session}, m.err, m.hangs
	m.mu.Unlock()
	if hangs {
		<-ctx.Done()
		return answer{}, ctx.Err()
	}
	return now, err
}

// is changes the machine.
func (m *machine) is(change func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change()
}

// touched is that there is input.
func (m *machine) touched() { m.is(func() { m.last = time.Now() }) }

func (m *machine) looks() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.asked
}

// asking runs a sensor of m in a bubble, and returns what it tells of.
func asking(t *testing.T, soon, late time.Duration, life func(m *machine, a *Asked, told func() []string)) {
	synctest.Test(t, func(t *testing.T) {
		m := &machine{last: time.Now(), session: Session{Known: true}}
		start := time.Now()
		var news []string
		say := func(format string, args ...any) {
			at := time.Since(start).Round(100 * time.Millisecond)
			news = append(news, fmt.Sprintf("%v %s", at, fmt.Sprintf(format, args...)))
		}
		a := newAsked("test", "asking", system{m.ask, soon, late}, func(in Input) {
			if in.Source != "test" || (in.How == "asking") != (in.State != Unknown) {
				t.Errorf("source %q, how %q", in.Source, in.How)
			}
			say("%s %v %s", in.State, in.Idle.Round(100*time.Millisecond), in.Why)
		}, func(s Session) {
			say("known %v locked %v inactive %v %s", s.Known, s.Locked, s.Inactive, s.Why)
		}, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- a.Run(ctx) }()
		life(m, a, func() []string {
			synctest.Wait()
			all := news
			news = nil
			return all
		})
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func tells(t *testing.T, got []string, want ...string) {
	t.Helper()
	for i := range got {
		got[i] = strings.TrimSpace(got[i])
	}
	if !slices.Equal(got, want) {
		t.Errorf("told\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func TestAsked(t *testing.T) {
	asking(t, time.Second, 5*time.Second, func(m *machine, a *Asked, told func() []string) {
		a.Watch(time.Minute)
		tells(t, told(), "0s known true locked false inactive false", "0s active 0s")
		for range 600 { // typing for a minute
			time.Sleep(100 * time.Millisecond)
			m.touched()
		}
		if told := told(); len(told) != 0 {
			t.Errorf("typing is no news: %q", told)
		}
		if n := m.looks(); n > 15 {
			t.Errorf("asked %d times in a minute of typing", n)
		}
		time.Sleep(62 * time.Second)
		tells(t, told(), "2m0s idle 1m0s")
		a.Watch(90 * time.Second)
		time.Sleep(30 * time.Second)
		tells(t, told(), "2m30s idle 1m30s")
		a.Watch(15 * time.Second) // it has long passed
		tells(t, told(), "2m32s idle 1m32s")
		a.Watch(15 * time.Second)
		tells(t, told())
		m.touched()
		time.Sleep(5 * time.Second)
		back := told()
		if len(back) != 1 || !strings.Contains(back[0], "active") {
			t.Errorf("told %q of a person who is back", back)
		}
		asked := m.looks()
		time.Sleep(8 * time.Hour)
		if looks := m.looks() - asked; looks > 8*3600/5+60 {
			t.Errorf("asked %d times in a night", looks)
		}
	})
}

// A key between two looks is no silence that went on.
func TestAskedSeesWhatWasBetween(t *testing.T) {
	asking(t, 5*time.Second, 30*time.Second, func(m *machine, a *Asked, told func() []string) {
		a.Watch(2 * time.Second)
		time.Sleep(20 * time.Second)
		told()
		m.touched()
		time.Sleep(5 * time.Second)
		got := told()
		if len(got) != 2 || !strings.Contains(got[0], "active") || !strings.Contains(got[1], "idle") {
			t.Errorf("told %q", got)
		}
	})
}

func TestAskedFails(t *testing.T) {
	asking(t, time.Second, 5*time.Second, func(m *machine, a *Asked, told func() []string) {
		told()
		m.is(func() { m.err = errors.New("it is broken") })
		time.Sleep(2 * time.Minute)
		tells(t, told(), "5s unknown 0s it is broken", "5s known false locked false inactive false it is broken")
		m.is(func() { m.err, m.hangs = nil, true })
		time.Sleep(time.Minute)
		tells(t, told(), "2m10s unknown 0s no answer within 5s")
		m.is(func() { m.hangs, m.last, m.session.Locked = false, time.Now(), true })
		time.Sleep(time.Minute)
		got := told()
		if len(got) != 2 || !strings.Contains(got[0], "known true locked true") || !strings.Contains(got[1], "active") {
			t.Errorf("told %q once it is whole again", got)
		}
	})
}

func TestSinceTick(t *testing.T) {
	for _, tt := range []struct {
		now, last uint32
		want      time.Duration
	}{
		{1000, 1000, 0},
		{1500, 1000, 500 * time.Millisecond},
		{400, 0xffffff00, 656 * time.Millisecond}, // the clock began anew between them
		{999, 1000, 0},                            // read in the wrong order
		{0x7fffffff, 0, 0x7fffffff * time.Millisecond},
	} {
		if got := sinceTick(tt.now, tt.last); got != tt.want {
			t.Errorf("sinceTick(%#x, %#x) = %v, want %v", tt.now, tt.last, got, tt.want)
		}
	}
}

// info is a WTSINFOEXW as documented: level and gap, then session 2, state, flags and the beginning of a name.
func info(level, state, flags uint32) []byte {
	var b []byte
	for _, w := range []uint32{level, 0, 2, state, flags, 'C' | 'o'<<16} {
		b = append(b, byte(w), byte(w>>8), byte(w>>16), byte(w>>24))
	}
	return b
}

func TestParseSessionInfo(t *testing.T) {
	for _, tt := range []struct {
		name string
		info []byte
		want Session
		err  string
	}{
		{"at work", info(1, 0, 1), Session{Known: true}, ""},
		{"locked", info(1, 0, 0), Session{Known: true, Locked: true}, ""},
		{"behind another user's", info(1, 4, 0), Session{Known: true, Locked: true, Inactive: true}, ""},
		{"nobody knows", info(1, 0, 0xffffffff), Session{}, "the session is neither locked nor unlocked: 0xffffffff"},
		{"another level", info(2, 0, 1), Session{}, "the state of the session is of level 2, not 1"},
		{"cut short", info(1, 0, 1)[:18], Session{}, "the state of the session is 2 bytes short"},
		{"nothing", nil, Session{}, "the state of the session is 20 bytes short"},
	} {
		got, err := parseSessionInfo(tt.info)
		if got != tt.want || said(err) != tt.err {
			t.Errorf("%s: %+v, %v", tt.name, got, err)
		}
	}
}

func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// What ioreg prints, cut to what is near to what is read.
const (
	hidPrinted = `+-o IOHIDSystem  <class IOHIDSystem, id 0x100000282, registered, matched, active, busy 0 (0 ms), retain 21>
    {
      "IOClass" = "IOHIDSystem"
      "HIDIdleTime" = 125000000000
      "HIDParameters" = {"HIDClickTime"=500000000,"HIDIdleTimeDelta"=1}
    }
    
`
	rootPrinted = `+-o Root  <class IORegistryEntry, id 0x100000100, retain 14>
    {
      "IOConsoleLocked" = No
      "IOConsoleUsers" = ({"kCGSSessionOnConsoleKey"=No,"kCGSSessionUserIDKey"=502,"CGSSessionScreenIsLocked"=Yes,"kCGSSessionUserNameKey"="alex"},{"kCGSSessionOnConsoleKey"=Yes,"kCGSSessionUserIDKey"=501,"kCGSessionLongUserNameKey"="Kim E.","kCGSSessionUserNameKey"="kim","kCGSSessionGroupIDKey"=20})
      "OS Build Version" = "24A335"
    }
`
)

func TestParseIdle(t *testing.T) {
	for _, tt := range []struct {
		name, printed string
		want          time.Duration
		err           string
	}{
		{"one", hidPrinted, 125 * time.Second, ""},
		{"the least of two", hidPrinted + strings.Replace(hidPrinted, "125000000000", "21858429", 1), 21858429, ""},
		{"none", "+-o Root\n", 0, "ioreg names no time since the last input"},
		{"below nothing", `"HIDIdleTime" = -1`, 0, `ioreg's time since the last input is "-1"`},
		{"too much", `"HIDIdleTime" = 99999999999999999999`, 0, `ioreg's time since the last input is "99999999999999999999"`},
		{"something else", `"HIDIdleTime" = <00ff>`, 0, `ioreg's time since the last input is "<00ff>"`},
		{"empty", "", 0, "ioreg names no time since the last input"},
	} {
		got, err := parseIdle(tt.printed)
		if got != tt.want || said(err) != tt.err {
			t.Errorf("%s: %v, %v", tt.name, got, err)
		}
	}
}

func TestParseConsole(t *testing.T) {
	locked := strings.Replace(rootPrinted, `"kCGSSessionUserIDKey"=501,`, `"kCGSSessionUserIDKey"=501,"CGSSessionScreenIsLocked"=Yes,`, 1)
	for _, tt := range []struct {
		name, printed string
		uid           int
		user          string
		want          Session
		err           string
	}{
		{"at work", rootPrinted, 501, "kim", Session{Known: true}, ""},
		{"locked", locked, 501, "kim", Session{Known: true, Locked: true}, ""},
		{"behind another user's", rootPrinted, 502, "alex", Session{Known: true, Locked: true, Inactive: true}, ""},
		{"by name", strings.ReplaceAll(rootPrinted, "UserIDKey", "Other"), 501, "kim", Session{Known: true}, ""},
		{"not logged in", rootPrinted, 503, "root", Session{}, "nobody is logged in at the screen as this user"},
		{"nobody is", `"IOConsoleUsers" = ()`, 501, "kim", Session{}, "nobody is logged in at the screen as this user"},
		{"nothing", "", 501, "kim", Session{}, "ioreg names no sessions"},
		{"cut short", rootPrinted[:200], 501, "", Session{}, "nobody is logged in at the screen as this user"},
	} {
		got, err := parseConsole(tt.printed, tt.uid, tt.user)
		if got != tt.want || said(err) != tt.err {
			t.Errorf("%s: %+v, %v", tt.name, got, err)
		}
	}
}

// Nothing that a system says makes a sensor fall over, or a person present who was not seen.
func FuzzParse(f *testing.F) {
	f.Add([]byte(hidPrinted))
	f.Add([]byte(rootPrinted))
	f.Add(info(1, 0, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		if idle, err := parseIdle(string(b)); idle < 0 || err != nil && idle != 0 {
			t.Errorf("idle %v, %v", idle, err)
		}
		for _, parse := range []func() (Session, error){
			func() (Session, error) { return parseConsole(string(b), 501, "kim") },
			func() (Session, error) { return parseSessionInfo(b) },
		} {
			if s, err := parse(); s.Known != (err == nil) {
				t.Errorf("%+v, %v", s, err)
			}
		}
	})
}
