package sitting

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// vouch tells the machine what vouches for the person, as a look does.
func (d *desk) vouch(by ...int) {
	d.Vouch(d.now, by)
	d.Settle(d.now)
}

// watches is silence with something that vouches for the person, which is seen as soon as it matters.
func (d *desk) watches(dt time.Duration, by ...int) {
	d.Helper()
	d.silent(quick.AwayAfter)
	if !d.WantsVouch(d.now) {
		d.Fatal("nobody asks who vouches for a silence that has become undecided")
	}
	d.vouch(by...)
	d.pass(dt - quick.AwayAfter)
}

func TestVouchedSilenceIsSitting(t *testing.T) {
	d := newDesk(t)
	d.types(5 * s)
	if d.WantsVouch(d.now) {
		t.Error("it is asked who vouches for somebody who types")
	}
	d.silent(1900 * time.Millisecond)
	if d.WantsVouch(d.now) {
		t.Error("it is asked who vouches for somebody who reads")
	}
	d.Active(d.now)
	d.watches(10*s, 1)
	d.is(16900*time.Millisecond, Sitting)
	d.Active(d.now)
	if d.WantsVouch(d.now) {
		t.Error("it is still asked who vouches for somebody who is back")
	}
	d.pass(s)
	d.is(17900*time.Millisecond, Sitting)
	if d.Last == nil || d.Last.As != Sitting {
		t.Errorf("the silence is not offered for correction: %+v", d.Last)
	}
	d.was(Away, 0)
	d.is(s, Sitting)
}

func TestVouchingIsSeenLate(t *testing.T) {
	d := newDesk(t)
	d.types(5 * s)
	d.silent(3 * s)
	d.is(5*s, Undecided)
	d.vouch(1)
	d.is(8*s, Sitting)
	d.pass(5 * s)
	d.is(13*s, Sitting)
}

// The film ends, and with it what is known.
func TestVouchingEnds(t *testing.T) {
	d := newDesk(t)
	d.types(5 * s)
	d.watches(6*s, 1, 2)
	d.vouch(2)
	d.pass(s)
	d.vouch()
	d.pass(1900 * time.Millisecond)
	d.is(13900*time.Millisecond, Sitting)
	d.pass(200 * time.Millisecond)
	d.is(12*s, Undecided)
	d.vouch(3) // the next one begins
	d.is(14100*time.Millisecond, Sitting)
	d.vouch()
	d.pass(4*s + 1)
	d.is(0, Away) // 14.1 less 4 s of absence
}

func TestVouchingHasAnEnd(t *testing.T) {
	d := newDesk(t)
	d.watches(17*s+1, 1) // 15 at most, and 2 that are reading
	d.is(15*s, Undecided)
	if d.WantsVouch(d.now) {
		t.Error("it is asked on and on")
	}
	d.vouch(2)
	d.is(15*s, Undecided)
	d.pass(2 * s)
	d.is(0, Away)
	d.Active(d.now)
	d.pass(s)
	d.watches(4*s, 2) // the next silence is another one
	d.is(5*s, Sitting)
}

func TestAbsenceBeatsVouching(t *testing.T) {
	for name, leave := range map[string]func(d *desk){
		"lock":           func(d *desk) { d.lock(true); d.pass(s) },
		"session switch": func(d *desk) { d.Desk(d.now, false, true, false, true); d.pass(s) },
		"dark screen":    func(d *desk) { d.Screen(d.now, true); d.pass(s) },
		"suspend":        func(d *desk) { d.sleep(s) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.types(4 * s)
			d.watches(8*s, 1)
			leave(d)
			d.is(7*s, Away) // what was before stays
			d.vouch(1)
			d.is(7*s, Away)
		})
	}
}

// Who was asked for the break and then gives no input has got up, and may have left a video running.
func TestNothingVouchesForABreak(t *testing.T) {
	d := newDesk(t)
	d.types(20 * s)
	d.Asked(20 * s)
	d.Prompted(d.now)
	d.vouch(1)
	d.silent(3 * s)
	if d.WantsVouch(d.now) {
		t.Error("it is asked who vouches for somebody who has got up")
	}
	d.vouch(1)
	d.is(5*s, Away)

	d = newDesk(t)
	d.types(10 * s)
	d.watches(10*s, 1)
	d.Asked(d.now)
	d.Prompted(d.now)
	d.pass(3 * s) // they do not come back from it
	if d.WantsVouch(d.now) {
		t.Error("it is asked who vouches for somebody who has left their video")
	}
	d.is(5*s, Away)

	d = newDesk(t)
	d.types(s)
	d.silent(5 * s)
	d.is(0, Away)
	d.vouch(1) // a video that begins in an empty room
	d.is(0, Away)

	d = newDesk(t)
	d.types(8 * s)
	d.BeginSession(d.now, true)
	d.silent(6 * s)
	if d.WantsVouch(d.now) {
		t.Error("it is asked who vouches for somebody in a session")
	}
	d.vouch(1)
	d.EndSession(d.now, 1, 1)
	d.Settle(d.now)
	d.is(0, Sitting)
}

// What vouches through a lock vouches for an empty chair, too.
func TestFixtureByLock(t *testing.T) {
	d := newDesk(t)
	d.types(2 * s)
	d.lock(true)
	d.vouch(1, 2)
	d.pass(s)
	d.lock(false)
	d.vouch(1, 3) // 2 has ended, 3 is new
	if f := d.Fixtures(); len(f) != 1 || f[0] != 1 {
		t.Fatalf("fixtures %v, want 1 alone", f)
	}
	d.Active(d.now)
	d.pass(0)
	load := d.View(d.now).Load
	d.watches(3*s, 1)
	d.is(load, Undecided)
	d.vouch(1, 3)
	d.is(load+3*s, Sitting)
	d.vouch(1)
	d.Active(d.now)
	d.vouch() // the fixture ends: whatever comes next is something else
	d.watches(3*s, 1)
	d.is(load+6*s, Sitting)
}

func TestFixtureByAge(t *testing.T) {
	d := newDesk(t)
	set := quick
	set.InhibitAtMost = 10 * time.Hour
	d.Configure(d.now, set)
	d.watches(fixtureAfter, 1)
	d.is(fixtureAfter, Sitting)
	d.pass(2*s + 1)
	if len(d.Fixtures()) == 0 {
		t.Error("what has lasted for three hours is no fixture")
	}
	d.is(fixtureAfter+2*s, Sitting) // it was seen after the first 2 s
	d.pass(2 * s)
	d.is(fixtureAfter+2*s, Undecided)
	d.Active(d.now)
	d.watches(3*s, 1)
	d.is(fixtureAfter+2*s, Undecided)
}

// A state from before there was anything to vouch is as good as it was.
func TestOldSettingsVouchForNothing(t *testing.T) {
	d := newDesk(t)
	set := quick
	set.InhibitAtMost = 0
	d.Configure(d.now, set)
	if err := d.Check(); err != nil {
		t.Fatal(err)
	}
	d.types(s)
	d.silent(3 * s)
	d.vouch(1)
	d.is(s, Undecided)
}

// checkVouching lives a random desk and holds what vouching must never do. It knows only what it has done itself.
func checkVouching(t *rapid.T) {
	now := time.Duration(1)
	m := New(quick, now)
	twin := m
	var sign time.Duration // the last sign that the person is there, or has come back
	var satAt time.Duration
	idle, locked, inSession := false, false, false
	step := func(do func(*State)) {
		for _, of := range []*State{&m, &twin} {
			do(of)
			of.Settle(now)
		}
	}
	sat := func() time.Duration { return m.View(now).Sat }
	seen := func() { sign, satAt = now, sat() }
	pass := func(dt time.Duration) {
		for end := now + dt; now < end; {
			before := sat()
			next, ok := m.NextWake(now)
			if !ok || next > end {
				next = end
			}
			if tick := now + time.Duration(rapid.Int64Range(0, int64(next-now)).Draw(t, "tick")); tick < next {
				twin.Settle(tick)
			}
			now = next
			step(func(*State) {})
			if m.Phantom { // eight hours of input: silence is not believed at once
				satAt = sat()
			}
			if got := sat(); locked && got > before {
				t.Fatalf("sat %v behind the lock", got-before)
			}
			if most := quick.InhibitAtMost + quick.AwayAfter; idle && !inSession && sat()-satAt > most {
				t.Fatalf("%v without a sign of life, of which %v were sitting, want %v at most", now-sign, sat()-satAt, most)
			}
			if a, b := m.View(now), twin.View(now); a.Load != b.Load || a.Posture != b.Posture || a.Sat != b.Sat {
				t.Fatalf("extra ticks have changed the count: %+v\nwithout: %+v", b, a)
			}
		}
	}
	step(func(s *State) { s.Desk(now, false, false, false, true); s.Active(now) })
	seen()
	t.Repeat(map[string]func(*rapid.T){
		"key": func(*rapid.T) {
			step(func(s *State) { s.Active(now) })
			seen()
			idle = false
		},
		"stop": func(t *rapid.T) {
			step(func(s *State) { s.Active(now) })
			seen()
			from := now
			pass(s)
			step(func(s *State) { s.Idle(now, from) })
			idle = true
		},
		"pass": func(t *rapid.T) {
			pass(time.Duration(rapid.SampledFrom([]int64{1, 500, 1999, 2000, 2001, 4000, 9000, 30000, 4 * 3600 * 1000}).Draw(t, "ms")) * time.Millisecond)
		},
		"vouch": func(t *rapid.T) {
			by := rapid.SliceOfN(rapid.IntRange(1, 4), 0, 4).Draw(t, "by")
			step(func(s *State) { s.Vouch(now, by) })
		},
		"lock": func(t *rapid.T) {
			locked = rapid.Bool().Draw(t, "locked")
			step(func(s *State) { s.Desk(now, locked, false, false, true) })
			seen()
		},
		"sleep": func(t *rapid.T) {
			from := now
			now += 3 * s
			for _, of := range []*State{&m, &twin} {
				of.Slept(from, now)
				of.Settle(now)
			}
			seen()
		},
		"asked": func(t *rapid.T) {
			at := now * time.Duration(rapid.IntRange(0, 1).Draw(t, "asked"))
			step(func(s *State) { s.Asked(at) })
		},
		"session": func(t *rapid.T) {
			if inSession = !inSession; inSession {
				step(func(s *State) { s.BeginSession(now, true) })
			} else {
				step(func(s *State) { s.EndSession(now, 0, 1) })
			}
			seen()
		},
		"": func(t *rapid.T) {
			if m.WantsVouch(now) && (locked || inSession) {
				t.Fatal("it is asked who vouches for an empty chair")
			}
			if err := m.Check(); err != nil {
				t.Fatal(err)
			}
		},
	})
}

func TestVouching(t *testing.T) { rapid.Check(t, checkVouching) }

func FuzzVouching(f *testing.F) { f.Fuzz(rapid.MakeFuzz(checkVouching)) }
