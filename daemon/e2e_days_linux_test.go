package daemon_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
)

// zoneAt writes a time zone in which the clock on the wall reaches a time of day at that moment, and is set by so much then.
func zoneAt(t *testing.T, desk *desktest.Desk, moment time.Time, local, by time.Duration) (path string) {
	t.Helper()
	offset := local - moment.Sub(moment.UTC().Truncate(24*time.Hour))
	for offset > 14*time.Hour {
		offset -= 24 * time.Hour
	}
	for offset < -12*time.Hour {
		offset += 24 * time.Hour
	}
	data := append([]byte("TZif"), make([]byte, 16)...)
	for _, count := range []uint32{0, 0, 0, 1, 2, 4} { // one change between two kinds of local time of one name
		data = binary.BigEndian.AppendUint32(data, count)
	}
	data = binary.BigEndian.AppendUint32(data, uint32(moment.Unix()))
	data = append(data, 1)
	for _, offset := range []time.Duration{offset, offset + by} {
		data = binary.BigEndian.AppendUint32(data, uint32(int32(offset/time.Second)))
		data = append(data, 0, 0)
	}
	path = filepath.Join(desk.Dir, "zone")
	if err := os.WriteFile(path, append(data, "HERE"...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestDays lives, by the real clocks, through the moment at which days begin, through a change of the clocks by an hour, and
// by the half of one that Lord Howe has, and in Kathmandu: the status says what is on record, and the hours add up, before
// and after a restart.
func TestDays(t *testing.T) {
	t.Parallel()
	zone := func(local, by time.Duration) func(*testing.T, *desktest.Desk, time.Time) string {
		return func(t *testing.T, desk *desktest.Desk, moment time.Time) string {
			return zoneAt(t, desk, moment, local, by)
		}
	}
	together(t, map[string]func(*testing.T){
		"a day begins": func(t *testing.T) {
			livesADay(t, zone(4*time.Hour, 0), true, 24*time.Hour)
		},
		"an hour is left out": func(t *testing.T) { livesADay(t, zone(12*time.Hour, time.Hour), false, 23*time.Hour) },
		"half an hour comes twice": func(t *testing.T) {
			livesADay(t, zone(12*time.Hour, -30*time.Minute), false, 24*time.Hour+30*time.Minute)
		},
		"Kathmandu": func(t *testing.T) {
			kathmandu := func(*testing.T, *desktest.Desk, time.Time) string { return "Asia/Kathmandu" }
			livesADay(t, kathmandu, false, 24*time.Hour)
		},
	})
}

// livesADay sits before and after a moment in a zone. anew says that a day begins then, long how long the one after is.
func livesADay(t *testing.T, zone func(*testing.T, *desktest.Desk, time.Time) string, anew bool, long time.Duration) {
	const before, after = 15 * time.Second, 5 * time.Second // a busy machine takes seconds to start a daemon
	desk := desktest.New(t, desktest.Options{})
	person, program := desk.Person(), desktest.Build(t)
	began := time.Now()
	moment := began.Add(before)
	desk.Env = append(desk.Env, "TZ="+zone(t, desk, moment))
	d := desk.Start(program, guideSettings)
	person.Type(3*time.Second, keystroke)
	first := agree(t, d, "at first")
	if time.Now().After(moment) {
		t.Fatal("too late")
	}
	person.Type(time.Until(moment)+after, keystroke)
	sat := func(when string) {
		t.Helper()
		today := agree(t, d, when)
		h := history(t, d, "today")
		if got := time.Duration(len(h.Ribbon)) * 15 * time.Minute; got != long {
			t.Errorf("%s: a day of %v, want %v", when, got, long)
		}
		all := today.SittingS
		if anew {
			days := history(t, d, "week").Days
			before := days[len(days)-2]
			t.Logf("%s: the day before has %d s of sitting, this one %d", when, before.SittingS, today.SittingS)
			if before.SittingS < first.SittingS || today.SittingS == 0 {
				t.Errorf("%s: the day before has %+v, this one %+v; before it began it was %+v", when, before, today, first)
			}
			all += before.SittingS
		}
		lived := int64(time.Since(began) / time.Second)
		if all < int64(after/time.Second) || all > lived {
			t.Errorf("%s: %d s of sitting in %d s", when, all, lived)
		}
	}
	sat("afterwards")
	d.Restart()
	d.WaitState(soon, "the sensor", func(s api.State) bool { return s.Presence.Source == "x11" })
	person.Type(time.Second, keystroke)
	sat("after a restart")
}
