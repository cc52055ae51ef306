package sitting

import (
	"testing"
	"time"
)

const s = time.Second

// quick are the settings with which a test person lives a minute in a second.
var quick = Settings{Limit: 20 * s, Rest: 4 * s, AwayAfter: 2 * s, SureAfter: 4 * s, StandLimit: 40 * s, InhibitAtMost: 15 * s}

// A desk drives a machine the way the core does: every deadline at its own time.
type desk struct {
	*testing.T
	State
	now time.Duration
}

func newDesk(t *testing.T) *desk {
	d := &desk{T: t, State: New(quick, 1), now: 1}
	d.Active(d.now)
	d.Settle(d.now)
	return d
}

func (d *desk) pass(dt time.Duration) {
	d.Settle(d.now)
	end := d.now + dt
	for {
		next, ok := d.NextWake(d.now)
		if !ok || next > end {
			break
		}
		d.now = next
		d.Settle(d.now)
	}
	d.now = end
	d.Settle(d.now)
}

// types is input without pause; silent is none, which the sensor tells of after pause.
func (d *desk) types(dt time.Duration) {
	d.Active(d.now)
	d.pass(dt)
}

func (d *desk) silent(dt time.Duration) {
	const pause = s
	from := d.now
	d.pass(min(dt, pause))
	if dt > pause {
		d.Idle(d.now, from)
		d.pass(dt - pause)
	}
}

func (d *desk) lock(locked bool) {
	d.Desk(d.now, locked, false, false, true)
	d.Settle(d.now)
}

func (d *desk) sleep(dt time.Duration) {
	from := d.now
	d.now += dt
	d.Slept(from, d.now)
	d.Settle(d.now)
}

func (d *desk) is(load time.Duration, posture Posture) {
	d.Helper()
	v := d.View(d.now)
	if diff := v.Load - load; diff < -10 || diff > 10 || v.Posture != posture {
		d.Errorf("at %v: load %v %s, want %v %s", d.now, v.Load, v.Posture, load, posture)
	}
}

func (d *desk) was(as Posture, dt time.Duration) {
	d.Helper()
	if r := d.State.Was(d.now, as, dt); r != "" {
		d.Errorf("was %s %v: refused: %s", as, dt, r)
	}
	d.Settle(d.now)
}

func TestSilence(t *testing.T) {
	for _, tt := range []struct {
		name    string
		silence time.Duration
		want    time.Duration // load when input returns
		as      Posture       // how the silence was counted, empty for not at all
		sat     time.Duration // load after `was sitting`
		up      time.Duration // load after `was away`
	}{
		{"reading is sitting", 1900 * time.Millisecond, 11900 * time.Millisecond, "", 0, 0},
		{"undecided stays uncounted", 3 * s, 10 * s, Undecided, 13 * s, 0},
		{"long is away, all of it", 4500 * time.Millisecond, 0, Away, 14500 * time.Millisecond, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			d.types(10 * s)
			d.silent(tt.silence)
			d.Active(d.now)
			d.Settle(d.now)
			d.is(tt.want, Sitting)
			if tt.as == "" {
				if d.Last != nil {
					t.Errorf("a pause in typing was kept as a silence: %+v", *d.Last)
				}
				return
			}
			if d.Last == nil || d.Last.As != tt.as || d.Last.To-d.Last.From != tt.silence {
				t.Fatalf("silence %+v, want %v counted as %s", d.Last, tt.silence, tt.as)
			}
			d.was(Sitting, 0)
			d.is(tt.sat, Sitting)
			d.was(Away, 0)
			d.is(tt.up, Sitting)
		})
	}
}

func TestWhileSilent(t *testing.T) {
	d := newDesk(t)
	d.types(10 * s)
	d.silent(1900 * time.Millisecond)
	d.is(11900*time.Millisecond, Sitting)
	d.pass(200 * time.Millisecond)
	d.is(10*s, Undecided) // taken back in one step
	d.pass(1800 * time.Millisecond)
	d.is(10*s, Undecided)
	d.pass(200 * time.Millisecond)
	d.is(0, Away)
}

func TestLockIsAwayFromItsInstant(t *testing.T) {
	d := newDesk(t)
	d.types(10 * s)
	d.lock(true)
	d.pass(s)
	d.is(5*s, Away)
	d.lock(false)
	d.is(5*s, Sitting)
	d.types(s)
	d.is(6*s, Sitting)
}

func TestLockExplainsTheSilenceBeforeIt(t *testing.T) {
	d := newDesk(t)
	d.types(18 * s)
	d.silent(2500 * time.Millisecond)
	d.is(18*s, Undecided)
	d.lock(true)
	d.is(5500*time.Millisecond, Away)
}

func TestUnlockedButUnseenIsSittingThenUndecided(t *testing.T) {
	d := newDesk(t)
	d.types(10 * s)
	d.silent(1500 * time.Millisecond)
	d.lock(true)
	d.pass(s)
	d.lock(false) // no input follows
	d.pass(1900 * time.Millisecond)
	d.is(8400*time.Millisecond, Sitting) // 11.5 − 5 + 1.9
	d.pass(200 * time.Millisecond)
	d.is(6500*time.Millisecond, Undecided)
}

func TestSilenceAfterAPromptIsAnAnswer(t *testing.T) {
	d := newDesk(t)
	d.types(23 * s)
	d.Asked(20 * s)
	d.Prompted(d.now)
	d.silent(3 * s)
	d.is(8*s, Away)
	if n := d.View(d.now).NaturalBreaks; n != 1 {
		t.Errorf("natural breaks %d, want 1", n)
	}
}

func TestSilenceThatWasPrompted(t *testing.T) {
	d := newDesk(t)
	d.types(20*s - 500*time.Millisecond)
	d.silent(s + 1) // due in the middle of it, and prompted at its end
	d.Asked(20 * s)
	d.Prompted(d.now)
	d.pass(3 * s)
	d.is(20500*time.Millisecond-15*s, Away)
}

func TestNaturalBreakIsCountedOnce(t *testing.T) {
	for _, tt := range []struct {
		name string
		away time.Duration
		want int
	}{
		{"clears less than half a limit", 1900 * time.Millisecond, 0},
		{"clears half a limit", 2 * s, 1},
		{"clears everything", time.Hour, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			d.types(20 * s)
			d.lock(true)
			d.pass(tt.away + 1)
			d.lock(false)
			d.types(s)
			if got := d.View(d.now).NaturalBreaks; got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestSuspendIsAway(t *testing.T) {
	d := newDesk(t)
	d.types(10 * s)
	d.sleep(s)
	d.is(5*s, Sitting)
	d.types(s)
	d.is(6*s, Sitting)
	if v := d.View(d.now); v.Sat != 11*s || v.Gone != s {
		t.Errorf("sat %v gone %v, want 11s 1s", v.Sat, v.Gone)
	}
}

func TestNobodySeenSinceWakingIsStillAway(t *testing.T) {
	d := newDesk(t)
	d.types(20 * s)
	d.silent(1500 * time.Millisecond)
	d.sleep(s)
	d.pass(s)
	d.is(21500*time.Millisecond-10*s, Away)
}

func TestHibernationWithoutResumeSignal(t *testing.T) {
	d := newDesk(t)
	d.types(10 * s)
	d.Desk(d.now, false, false, true, true) // going to sleep, and never a word again
	d.Settle(d.now)
	d.sleep(2 * s)
	d.types(s)
	d.is(s, Sitting)
}

// A machine that wakes by itself in an empty room, wants to sleep again and cannot: nobody has come back by that.
func TestAbortedSuspendOfAnEmptyRoom(t *testing.T) {
	d := newDesk(t)
	d.types(4 * s)
	d.silent(s * 3 / 2)
	d.sleep(s / 10)
	d.Desk(d.now, false, false, true, true)
	d.pass(sleepAborted + s)
	d.is(0, Away)

	d.Active(d.now)
	d.pass(s)
	d.lock(true)
	d.sleep(s / 10)
	d.Idle(d.now, d.now)
	d.Desk(d.now, false, false, true, true) // unlocked, by somebody, and put to sleep in one word
	d.pass(sleepAborted + s)
	if got := d.View(d.now).Posture; got != Sitting {
		t.Errorf("unlocked and still awake: %s", got)
	}
}

func TestAbortedSuspend(t *testing.T) {
	d := newDesk(t)
	d.types(20 * s)
	d.Desk(d.now, false, false, true, true)
	d.pass(sleepAborted)
	d.types(s)
	d.is(s, Sitting)
}

func TestNobodysWordMakesSleepSitting(t *testing.T) {
	d := newDesk(t)
	d.types(5 * s)
	d.sleep(10 * s)
	d.types(5 * s)
	d.was(Sitting, 18*s)
	if v := d.View(d.now); v.Sat > 10*s {
		t.Errorf("sat %v of 10s awake", v.Sat)
	}
}

func TestWasDuration(t *testing.T) {
	d := newDesk(t)
	d.types(20 * s)
	d.was(Away, 2*s)
	d.is(8*s, Sitting) // 18 − 10
	d.was(Sitting, 2*s)
	d.is(20*s, Sitting)
	if r := d.State.Was(d.now, Away, 5*time.Hour); r != TooFarBack {
		t.Errorf("five hours back: %q, want %q", r, TooFarBack)
	}
	if r := d.State.Was(d.now, Away, 0); r != NothingToCorrect {
		t.Errorf("no silence: %q, want %q", r, NothingToCorrect)
	}
}

func TestDeclaredSitting(t *testing.T) {
	d := newDesk(t)
	d.types(5 * s)
	d.Sit(d.now, 10*s)
	d.silent(8 * s)
	d.is(13*s, Sitting)
	d.pass(3 * s) // the word has run out 1 s ago
	d.is(16*s, Sitting)
	d.pass(1100 * time.Millisecond)
	d.is(15*s, Undecided)
}

func TestLockBeatsDeclaredSitting(t *testing.T) {
	d := newDesk(t)
	d.types(10 * s)
	d.Sit(d.now, time.Hour)
	d.lock(true)
	d.pass(s)
	d.is(5*s, Away)
}

func TestStanding(t *testing.T) {
	d := newDesk(t)
	d.types(20 * s)
	d.Stand(true)
	d.types(2 * s)
	d.is(10*s, Standing)
	if got := d.View(d.now).StandLoad; got != 2*s {
		t.Errorf("standing load %v, want 2s", got)
	}
	d.Stand(false)
	d.types(s)
	d.is(11*s, Sitting)
	d.Stand(true)
	d.lock(true)
	d.pass(quick.Rest)
	d.lock(false)
	d.is(0, Sitting) // away for a rest ends it
}

func TestLostSensorFreezesTheLoadThenTimerMode(t *testing.T) {
	d := newDesk(t)
	d.types(10 * s)
	d.Lost(d.now)
	d.pass(30 * s)
	d.is(10*s, Unknown)
	d.pass(time.Hour)
	d.is(10*s, Unknown) // no session to sit at is known
	d.lock(false)
	d.is(10*s, Sitting)
	d.pass(5 * s)
	d.is(15*s, Sitting)
	d.lock(true)
	d.pass(s)
	d.is(10*s, Away)
}

func TestPhantomInput(t *testing.T) {
	d := newDesk(t)
	d.types(phantomAfter)
	if !d.Phantom {
		t.Fatal("eight hours without a pause were believed")
	}
	if p := d.Presence(); p != InputUnknown {
		t.Errorf("presence %s, want unknown", p)
	}
	d.silent(quietPause + s)
	if d.Phantom {
		t.Error("a sensor that goes quiet is still distrusted")
	}
}

// A suspend is a pause, too: who has given no input since is not there, however the sensor was before.
func TestSuspendEndsPhantomInput(t *testing.T) {
	d := newDesk(t)
	d.types(phantomAfter)
	d.silent(3 * s / 2)
	d.sleep(3 * s)
	before := d.View(d.now).Sat
	d.pass(quietPause / 2)
	if v := d.View(d.now); d.Phantom || v.Posture != Away || v.Sat != before {
		t.Errorf("half a minute after a suspend: %s, %v more sitting, distrusted: %t", v.Posture, v.Sat-before, d.Phantom)
	}
}

func TestStreak(t *testing.T) {
	d := newDesk(t)
	d.types(100 * s)
	d.lock(true)
	d.pass(59 * s)
	d.lock(false)
	d.types(s)
	if got := d.View(d.now).Streak; got != 160*s {
		t.Errorf("streak %v after 59 s away, want 160s", got)
	}
	d.lock(true)
	d.pass(60 * s)
	if got := d.View(d.now).Streak; got != 0 {
		t.Errorf("streak %v after a minute away, want 0", got)
	}
	d.lock(false)
	d.types(7 * s)
	if got := d.View(d.now).Streak; got != 7*s {
		t.Errorf("streak %v, want 7s", got)
	}
}

func TestSession(t *testing.T) {
	d := newDesk(t)
	d.types(16 * s)
	d.BeginSession(d.now, true)
	d.lock(true) // presence changes nothing
	d.pass(30 * s)
	if got := d.View(d.now).Load; got != 16*s {
		t.Errorf("load %v during the session, want it frozen at 16s", got)
	}
	d.lock(false)
	d.EndSession(d.now, 1, 4)
	d.Settle(d.now)
	d.is(12*s, Sitting)
}

func TestThreeEqualCorrectionsSuggest(t *testing.T) {
	d := newDesk(t)
	for i := range 4 {
		d.types(s)
		d.silent(3 * s)
		d.Active(d.now)
		d.Settle(d.now)
		d.was(Sitting, 0)
		if got, want := d.Suggestion == Sitting, i >= 2; got != want {
			t.Errorf("after %d corrections: suggestion %q", i+1, d.Suggestion)
		}
	}
	d.NewDay(d.now)
	d.types(s)
	d.silent(3 * s)
	d.Active(d.now)
	d.was(Sitting, 0)
	if d.Suggestion != "" {
		t.Error("suggested twice")
	}
}

func TestNewSettingsKeepTheCount(t *testing.T) {
	d := newDesk(t)
	d.types(10 * s)
	d.lock(true)
	d.pass(s)
	d.lock(false)
	set := quick
	set.Limit = 40 * s
	d.Configure(d.now, set)
	d.Settle(d.now)
	d.is(5*s, Sitting)
	d.lock(true)
	d.pass(s / 5)
	d.lock(false)
	d.is(3*s, Sitting) // ten a second now
	d.was(Sitting, s/5)
	d.is(5200*time.Millisecond, Sitting)
}

func TestMulDiv(t *testing.T) {
	const most = time.Duration(1<<63 - 1)
	for _, tt := range []struct{ a, b, c, want time.Duration }{
		{10, 6, 4, 15},
		{0, 6, 4, 0},
		{-3, 6, 4, 0},
		{1, 1, 3, 0},
		{most, 6, 6, most},
		{most, 7, 6, most},
	} {
		if got := mulDiv(tt.a, tt.b, tt.c); got != tt.want {
			t.Errorf("mulDiv(%d, %d, %d) = %d, want %d", tt.a, tt.b, tt.c, got, tt.want)
		}
	}
}

func TestTimeToClearIsTheLeastThereIs(t *testing.T) {
	for _, tt := range []struct{ amount, limit, rest, want time.Duration }{
		{10 * s, 20 * s, 4 * s, 2 * s},
		{10*s + 1, 20 * s, 4 * s, 2*s + 1},
		{1, 20 * s, 4 * s, 1},
		{0, 20 * s, 4 * s, 0},
	} {
		if got := timeToClear(tt.amount, tt.limit, tt.rest); got != tt.want {
			t.Errorf("timeToClear(%v, %v, %v) = %v, want %v", tt.amount, tt.limit, tt.rest, got, tt.want)
		}
	}
}

// TestBreakByNewSettings: an absence that new settings make a break is one from then on, not from when somebody looks.
func TestBreakByNewSettings(t *testing.T) {
	d := newDesk(t)
	d.types(9 * s) // less than half of the limit
	d.lock(true)
	d.pass(10 * s)
	if got := d.View(d.now).NaturalBreaks; got != 0 {
		t.Fatalf("%d breaks: the test proves nothing", got)
	}
	set := d.Settings
	set.Limit = 16 * s
	d.Configure(d.now, set)
	d.Settle(d.now)
	if got := d.View(d.now).NaturalBreaks; got != 1 {
		t.Errorf("%d breaks when the settings change", got)
	}
	d.pass(s)
	if got := d.View(d.now).NaturalBreaks; got != 1 {
		t.Errorf("%d breaks a second later", got)
	}
}
