package history

import (
	"context"
	"time"
)

// A Period is what a report is about: that many days, the last of them today.
type Period int

// The periods of reports.
const (
	Today Period = 1
	Week  Period = 7
	Month Period = 30
	Year  Period = 365
)

// A Report is what happened in a period. It holds what is on disk.
type Report struct {
	Period  Period
	Days    []Day  // all days of the period, oldest first, also those of which nothing is known
	Sum     Totals // of Days
	Before  Totals // what to compare Sum with: see Store.Report
	Since   Date   // the first day on record; today if there is none
	Ribbon  []Slot // of Today alone
	Waiting int    // rows that are not on disk yet
}

// Totals are figures of several days. Divide by There for those of an ordinary day.
type Totals struct {
	Days     int           // of which something is known
	There    int           // of them, with time at the desk
	Longests time.Duration // their longest stretches in the chair, added up
	Figures
}

func (t *Totals) add(d Day) {
	if d.Figures == (Figures{}) {
		return
	}
	t.Days++
	if d.Sitting+d.Standing+d.InSession > 0 {
		t.There++
		t.Longests += d.Longest
	}
	t.Figures.add(d.Figures)
}

// compareWith is what comes before a day or a week to compare it with: four weeks, so that every weekday counts alike.
const compareWith = 28

// Report sums up the period that now is in. A day or a week is compared with the four weeks before it, a month or a year
// with the month or year before.
func (s *Store) Report(ctx context.Context, p Period, now time.Time) (Report, error) {
	s.mu.Lock()
	days := *s.days
	s.mu.Unlock()
	today := days.Of(now)
	first := today - Date(p) + 1
	r, err := read(ctx, s, func(d *database) (Report, error) {
		r := Report{Period: p, Since: today, Days: make([]Day, p)}
		for i := range r.Days {
			r.Days[i].Date = first + Date(i)
		}
		since, some, err := d.first()
		if err != nil {
			return r, err
		}
		if some {
			r.Since = min(since, today)
		}
		err = d.days(first-Date(max(p, compareWith)), today, func(day Day) {
			if day.Date < first {
				r.Before.add(day)
				return
			}
			r.Days[day.Date-first] = day
			r.Sum.add(day)
		})
		if err == nil && p == Today {
			r.Ribbon, err = d.ribbon(days, today)
		}
		return r, err
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Waiting = len(s.rows.list)
	return r, err
}

// Day is a single day with its ribbon, however long ago.
func (s *Store) Day(ctx context.Context, date Date) (Day, []Slot, error) {
	s.mu.Lock()
	days := *s.days
	s.mu.Unlock()
	type whole struct {
		day    Day
		ribbon []Slot
	}
	w, err := read(ctx, s, func(d *database) (whole, error) {
		w := whole{day: Day{Date: date}}
		if err := d.days(date, date, func(found Day) { w.day = found }); err != nil {
			return w, err
		}
		var err error
		w.ribbon, err = d.ribbon(days, date)
		return w, err
	})
	return w.day, w.ribbon, err
}

// A Slot is a quarter of an hour of a ribbon. What is missing of it is not on record.
type Slot struct {
	At        time.Time // when it begins, UTC
	OffsetS   int       // how far local time was ahead of UTC then, as it was lived
	Sitting   time.Duration
	Standing  time.Duration
	Away      time.Duration
	Undecided time.Duration
	InSession time.Duration
}

// Local is the local time at which the slot begins, as the clock on the wall showed it.
func (s Slot) Local() time.Time { return s.At.In(time.FixedZone("", s.OffsetS)) }

const slotLength = 15 * time.Minute

// ribbon divides a day into slots. It has as many as the day is long: 92 or 100 when the clocks change, and more when
// the person travelled west.
func (d *database) ribbon(days Days, day Date) ([]Slot, error) {
	var pieces []piece
	if err := d.ofDay(day, func(p piece) error { pieces = append(pieces, p); return nil }); err != nil {
		return nil, err
	}
	begin, end := days.Begin(day), days.Begin(day+1)
	if len(pieces) > 0 { // lived in another zone, or when days began at another time
		begin = stepTo(begin, time.UnixMilli(pieces[0].from))
		if last := time.UnixMilli(pieces[len(pieces)-1].end()); last.After(end) {
			end = last
		}
	}
	var slots []Slot
	for at := begin; at.Before(end); at = at.Add(slotLength) {
		slots = append(slots, Slot{At: at.UTC(), OffsetS: days.offset(at)})
	}
	for _, p := range pieces {
		fill(slots, begin.UnixMilli(), p)
	}
	return slots, nil
}

// stepTo goes back from t, slot by slot, until it is not after first.
func stepTo(t, first time.Time) time.Time {
	for t.After(first) {
		t = t.Add(-slotLength)
	}
	return t
}

// fill adds p to the slots it lies in. They begin at begin.
func fill(slots []Slot, begin int64, p piece) {
	const length = int64(slotLength / time.Millisecond)
	for from := p.from; from < p.end(); {
		i := (from - begin) / length
		to := min(p.end(), begin+(i+1)*length)
		s, d := &slots[i], time.Duration(to-from)*time.Millisecond
		s.OffsetS = p.offset
		switch p.posture {
		case Sitting:
			s.Sitting += d
		case Standing:
			s.Standing += d
		case Away, Asleep:
			s.Away += d
		case Undecided:
			s.Undecided += d
		case InSession, InChair:
			s.InSession += d
		}
		from = to
	}
}
