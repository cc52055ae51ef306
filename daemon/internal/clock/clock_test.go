package clock

import (
	"testing"
	"time"
)

func TestSince(t *testing.T) {
	const s = time.Second
	at := func(boot, mono time.Duration) Reading { return Reading{Boot: boot, Mono: mono} }
	for _, c := range []struct {
		name           string
		earlier, later Reading
		awake, asleep  time.Duration
	}{
		{"awake", at(10*s, 10*s), at(15*s, 15*s), 5 * s, 0},
		{"asleep all along", at(10*s, 10*s), at(70*s, 10*s), 0, 60 * s},
		{"awake and asleep", at(10*s, 10*s), at(75*s, 15*s), 5 * s, 60 * s},
		{"earlier sleep is not counted again", at(100*s, 10*s), at(105*s, 15*s), 5 * s, 0},
		{"noise is awake", at(10*s, 10*s), at(15*s, 15*s-400*time.Millisecond), 5 * s, 0},
		{"just sleep", at(10*s, 10*s), at(15*s, 15*s-sleepNoise), 5*s - sleepNoise, sleepNoise},
		{"monotonic ahead", at(10*s, 10*s), at(15*s, 16*s), 5 * s, 0},
		{"monotonic backwards", at(10*s, 10*s), at(15*s, 3*s), 0, 5 * s},
		{"the same moment", at(10*s, 10*s), at(10*s, 10*s), 0, 0},
		{"the wrong way round", at(15*s, 15*s), at(10*s, 10*s), 0, 0},
	} {
		awake, asleep := c.later.Since(c.earlier)
		if awake != c.awake || asleep != c.asleep {
			t.Errorf("%s: awake %v, asleep %v; want %v, %v", c.name, awake, asleep, c.awake, c.asleep)
		}
	}
}

func TestRuleZone(t *testing.T) {
	for _, c := range []struct {
		rule           string
		winter, summer string
	}{
		{"CET-1CEST,M3.5.0,M10.5.0/3", "12:00 CET", "13:00 CEST"},
		{"<+0530>-5:30", "16:30 +0530", "16:30 +0530"},
		{"<-0500>+5:00<-0400>+4:00,M3.2.0/2:00,M11.1.0/2:00", "06:00 -0500", "07:00 -0400"},
		{"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "22:00 +11", "21:30 +1030"},
	} {
		z, err := ruleZone("test", c.rule)
		if err != nil {
			t.Errorf("%s: %v", c.rule, err)
			continue
		}
		location, err := time.LoadLocationFromTZData(z.Name, z.TZif)
		if err != nil {
			t.Fatal(err)
		}
		winter := time.Date(2026, 1, 15, 11, 0, 0, 0, time.UTC).In(location).Format("15:04 MST")
		summer := time.Date(2026, 7, 15, 11, 0, 0, 0, time.UTC).In(location).Format("15:04 MST")
		if winter != c.winter || summer != c.summer {
			t.Errorf("%s: %s and %s, want %s and %s", c.rule, winter, summer, c.winter, c.summer)
		}
	}
}

func FuzzRuleZone(f *testing.F) {
	f.Add("CET-1CEST,M3.5.0,M10.5.0/3")
	f.Add("X5")
	f.Add("<+0530>-5:30\n\x00")
	f.Fuzz(func(t *testing.T, rule string) {
		z, err := ruleZone("fuzz", rule)
		if err != nil {
			return
		}
		location, err := time.LoadLocationFromTZData("fuzz", z.TZif)
		if err != nil {
			t.Fatalf("%q: %v", rule, err)
		}
		if _, offset := time.Date(2026, 1, 15, 0, 0, 0, 0, location).Zone(); offset < -200*3600 || offset > 200*3600 {
			t.Errorf("%q is %d s off UTC", rule, offset)
		}
	})
}
