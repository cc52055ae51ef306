package sitting

import (
	"slices"
	"testing"
	"time"
)

// A tape is a record kept by rewriting it from where the log differs.
type tape struct {
	spans []Span
	log   Log
	told  time.Duration // up to here it is up to date
}

func (p *tape) note(t *testing.T, l Log, now time.Duration) (from time.Duration) {
	t.Helper()
	from = p.told
	if rewritten, ok := l.Differs(&p.log, now); ok {
		from = min(from, rewritten)
	}
	p.log, p.told = l, now
	var kept []Span
	for _, s := range p.spans {
		if s.From < from {
			s.To, s.Open = min(s.To, from), false
			kept = append(kept, s)
		}
	}
	for _, s := range l.Spans(from, now) {
		if n := len(kept); n > 0 && kept[n-1].To == s.From && kept[n-1].like(s) {
			kept[n-1].To, kept[n-1].Open = s.To, s.Open
			continue
		}
		kept = append(kept, s)
	}
	p.spans = kept
	return from
}

func TestRecordIsRewrittenFromWhereASilenceIsExplained(t *testing.T) {
	d := newDesk(t)
	p := tape{log: d.Log, told: d.now}
	wrote := func(want time.Duration) {
		t.Helper()
		if got := p.note(t, d.Log, d.now); got != want {
			t.Errorf("at %v the record was rewritten from %v, want %v", d.now, got, want)
		}
	}
	d.types(10 * s)
	wrote(1)
	d.silent(1500 * time.Millisecond)
	wrote(10*s + 1) // still sitting: the same span, longer
	d.pass(s)
	wrote(10*s + 1) // undecided since the last input
	d.pass(2 * s)
	wrote(10*s + 1) // away since then
	d.types(3 * s)
	wrote(14500*time.Millisecond + 1) // back
	if r := d.Was(d.now, Sitting, 0); r != "" {
		t.Fatal(r)
	}
	d.Settle(d.now)
	wrote(10*s + 1)
	if want := d.Log.Spans(1, d.now); !slices.Equal(p.spans, want) || len(want) != 1 {
		t.Errorf("got  %+v\nwant %+v", p.spans, want)
	}
}

func TestSpansTellSessionsAndSleep(t *testing.T) {
	d := newDesk(t)
	d.types(5 * s)
	d.BeginSession(d.now, true)
	d.now += 3 * s
	d.EndSession(d.now, 1, 1)
	d.Settle(d.now)
	d.types(2 * s)
	d.sleep(4 * s)
	d.types(s)
	want := []Span{
		{1, 5*s + 1, Sitting, false, false},
		{5*s + 1, 8*s + 1, InSession, true, false},
		{8*s + 1, 10*s + 1, Sitting, false, false},
		{10*s + 1, 14*s + 1, Asleep, false, false},
		{14*s + 1, 15*s + 1, Sitting, false, true},
	}
	if got := d.Log.Spans(0, d.now); !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := d.Log.Spans(9*s, 12*s); !slices.Equal(got, []Span{
		{9 * s, 10*s + 1, Sitting, false, false}, {10*s + 1, 12 * s, Asleep, false, false},
	}) {
		t.Errorf("a part: got %+v", got)
	}
}

// TestABreakBeganWhereItBegan: also when the log has forgotten how the absence began, which would make it another one.
func TestABreakBeganWhereItBegan(t *testing.T) {
	d := newDesk(t)
	d.types(20 * s)
	d.Desk(d.now, true, false, false, true)
	d.Settle(d.now)
	locked := d.now
	d.pass(s)
	slept := d.now
	d.sleep(20 * s)
	d.Desk(d.now, false, false, false, true)
	d.types(s)
	want := []time.Duration{locked}
	if got := d.Log.Breaks(d.now); !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	d.types(time.Hour)
	d.silent(10 * s) // now this one is what may be corrected
	d.types(slept + keepLog + s - d.now)
	if d.Log.Entries[0].From <= locked {
		t.Fatal("nothing is forgotten: the test proves nothing")
	}
	if got := d.Log.Breaks(d.now); len(got) == 0 || got[0] != locked {
		t.Errorf("later: got %v, want the first to be %v", got, locked)
	}
}
