package history

import (
	"errors"
	"time"
)

// Figures are what a day, or several, add up to.
type Figures struct {
	Sitting   time.Duration
	Standing  time.Duration
	Away      time.Duration // suspended time too
	Undecided time.Duration // silences that nothing explains
	InSession time.Duration // guided, in the chair or out of it
	Longest   time.Duration // the longest stretch in the chair: see tally

	Prompts, Taken, Snoozed, Skipped, Ignored int
	Natural                                   int // breaks
	Sessions                                  int // finished
	Stopped                                   int // sessions that were not
	Hurts                                     int // steps that hurt
}

// A Day is the figures of one. The zero Figures are those of a day of which nothing is known.
type Day struct {
	Date Date
	Figures
	LongestFrom time.Time // when the longest stretch in the chair began, UTC; zero if there was none
}

// add adds another day's figures.
func (f *Figures) add(o Figures) {
	f.Sitting += o.Sitting
	f.Standing += o.Standing
	f.Away += o.Away
	f.Undecided += o.Undecided
	f.InSession += o.InSession
	f.Longest = max(f.Longest, o.Longest)
	f.Prompts += o.Prompts
	f.Taken += o.Taken
	f.Snoozed += o.Snoozed
	f.Skipped += o.Skipped
	f.Ignored += o.Ignored
	f.Natural += o.Natural
	f.Sessions += o.Sessions
	f.Stopped += o.Stopped
	f.Hurts += o.Hurts
}

// outOfChair ends a stretch in the chair: a minute is a walk to the printer, less is reaching for a pen.
const outOfChair = time.Minute

// A tally adds up one day. Spans come in the order they were lived in.
//
// A stretch in the chair goes on through sessions in the chair, through silences and through less than a minute out of
// it. It begins and ends with time that is known to have been in the chair.
type tally struct {
	Day
	end     int64 // of the last span
	from    int64 // when the stretch that goes on began
	stretch time.Duration
	maybe   time.Duration // after it, and part of it if the person sits on
	out     time.Duration // of that, out of the chair and not yet back
}

func (t *tally) span(p piece) {
	d := time.Duration(p.ms) * time.Millisecond
	if t.end != 0 && p.from > t.end { // time without a record
		t.leave(time.Duration(p.from-t.end) * time.Millisecond)
	}
	t.end = p.end()
	switch p.posture {
	case Sitting:
		t.Sitting += d
		t.sit(p.from, d)
	case InChair:
		t.InSession += d
		t.sit(p.from, d)
	case Undecided:
		t.Undecided += d
		t.maybe += d
		t.out = 0
	case Standing:
		t.Standing += d
		t.leave(d)
	case InSession:
		t.InSession += d
		t.leave(d)
	case Away, Asleep:
		t.Away += d
		t.leave(d)
	}
}

func (t *tally) sit(from int64, d time.Duration) {
	if t.stretch == 0 {
		t.from, t.maybe = from, 0
	}
	t.stretch += t.maybe + d
	t.maybe, t.out = 0, 0
	if t.stretch > t.Longest {
		t.Longest, t.LongestFrom = t.stretch, time.UnixMilli(t.from).UTC()
	}
}

func (t *tally) leave(d time.Duration) {
	t.maybe += d
	t.out += d
	if t.out >= outOfChair {
		t.stretch = 0
	}
}

// errEnough stops a query: what was looked for has been found.
var errEnough = errors.New("enough")

// spans calls f for the pieces that query finds, until it returns errEnough.
func (d *database) spans(query string, args []any, f func(piece) error) error {
	err := d.each(query, args, func(scan func(...any) error) error {
		var p piece
		var posture, day int
		if err := scan(&p.from, &p.ms, &posture, &p.offset, &day); err != nil {
			return err
		}
		p.posture, p.day = code(postures, posture), Date(day)
		return f(p)
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// ofDay calls f for the pieces of one day, in order. There is no index on the day: wherever the person is on Earth, a
// day lies within fourteen hours of its own date in UTC, or a day more, as it may begin late.
func (d *database) ofDay(day Date, f func(piece) error) error {
	const hour = 60 * 60 * 1000
	from := int64(day)*24*hour - 14*hour
	return d.spans(`SELECT from_ms, ms, posture, offset_s, day FROM spans
		WHERE from_ms >= ? AND from_ms < ? AND day = ? ORDER BY from_ms`, []any{from, from + 3*24*hour + 2*hour, int(day)}, f)
}

// The figures of one day that are counted, not timed.
const (
	countPrompts = `SELECT coalesce(sum(shown), 0), coalesce(sum(shown AND outcome = ?), 0), coalesce(sum(outcome = ?), 0),
		coalesce(sum(outcome = ?), 0), coalesce(sum(outcome = ?), 0) FROM prompts WHERE day = ?`
	countNatural  = `SELECT count(*) FROM natural_breaks WHERE day = ?`
	countSessions = `SELECT coalesce(sum(outcome = ?), 0), coalesce(sum(outcome <> ?), 0) FROM sessions WHERE day = ?`
	countHurts    = `SELECT count(*) FROM steps JOIN sessions USING (at_ms) WHERE day = ? AND hurt`
)

// sumUp writes what the rows of a day add up to.
func (d *database) sumUp(day Date) error {
	t := tally{Day: Day{Date: day}}
	if err := d.ofDay(day, func(p piece) error { t.span(p); return nil }); err != nil {
		return err
	}
	return d.saveDay(&t.Day)
}

// saveDay counts what is counted of a day whose times are known, and writes its row.
func (d *database) saveDay(day *Day) error {
	n := int(day.Date)
	out := func(o Outcome) int { return number(outcomes, o) }
	err := errors.Join(
		d.get(countPrompts, []any{out(Taken), out(Snoozed), out(Skipped), out(Ignored), n},
			&day.Prompts, &day.Taken, &day.Snoozed, &day.Skipped, &day.Ignored),
		d.get(countNatural, []any{n}, &day.Natural),
		d.get(countSessions, []any{out(Finished), out(Finished), n}, &day.Sessions, &day.Stopped),
		d.get(countHurts, []any{n}, &day.Hurts))
	if err != nil {
		return err
	}
	if day.Figures == (Figures{}) {
		return d.exec("DELETE FROM days WHERE day = ?", n)
	}
	var longestFrom int64
	if !day.LongestFrom.IsZero() {
		longestFrom = day.LongestFrom.UnixMilli()
	}
	return d.exec("INSERT OR REPLACE INTO days VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", n,
		day.Sitting.Milliseconds(), day.Standing.Milliseconds(), day.Away.Milliseconds(), day.Undecided.Milliseconds(),
		day.InSession.Milliseconds(), day.Longest.Milliseconds(), longestFrom,
		day.Prompts, day.Taken, day.Snoozed, day.Skipped, day.Ignored, day.Natural, day.Sessions, day.Stopped, day.Hurts)
}

// rebuild makes all sums anew, reading the spans once. It is to run in a transaction.
func (d *database) rebuild() error {
	if err := d.exec("DELETE FROM days"); err != nil {
		return err
	}
	all := map[Date]*tally{}
	of := func(day Date) *tally {
		if all[day] == nil {
			all[day] = &tally{Day: Day{Date: day}}
		}
		return all[day]
	}
	err := errors.Join(
		d.spans("SELECT from_ms, ms, posture, offset_s, day FROM spans ORDER BY from_ms", nil,
			func(p piece) error { of(p.day).span(p); return nil }),
		d.each("SELECT day FROM prompts UNION SELECT day FROM natural_breaks UNION SELECT day FROM sessions", nil,
			func(scan func(...any) error) error {
				var day int
				err := scan(&day)
				of(Date(day))
				return err
			}))
	for _, t := range all {
		err = errors.Join(err, d.saveDay(&t.Day))
	}
	return err
}

const dayColumns = `day, sitting_ms, standing_ms, away_ms, undecided_ms, session_ms, longest_ms, longest_from_ms,
	prompts, taken, snoozed, skipped, ignored, natural, sessions, stopped, hurts`

// days calls f for the days from one to another, both included, that have a row.
func (d *database) days(from, to Date, f func(Day)) error {
	return d.each("SELECT "+dayColumns+" FROM days WHERE day BETWEEN ? AND ? ORDER BY day", []any{int(from), int(to)},
		func(scan func(...any) error) error {
			day, err := scanDay(scan)
			f(day)
			return err
		})
}

// first is the first day with a row.
func (d *database) first() (day Date, ok bool, err error) {
	var n int
	err = d.get("SELECT day FROM days ORDER BY day LIMIT 1", nil, &n)
	if errors.Is(err, errNoRow) {
		return 0, false, nil
	}
	return Date(n), err == nil, err
}

func scanDay(scan func(...any) error) (Day, error) {
	var d Day
	var n int
	var ms [7]int64
	err := scan(&n, &ms[0], &ms[1], &ms[2], &ms[3], &ms[4], &ms[5], &ms[6],
		&d.Prompts, &d.Taken, &d.Snoozed, &d.Skipped, &d.Ignored, &d.Natural, &d.Sessions, &d.Stopped, &d.Hurts)
	d.Date = Date(n)
	for i, to := range []*time.Duration{&d.Sitting, &d.Standing, &d.Away, &d.Undecided, &d.InSession, &d.Longest} {
		*to = time.Duration(ms[i]) * time.Millisecond
	}
	if ms[6] != 0 {
		d.LongestFrom = time.UnixMilli(ms[6]).UTC()
	}
	return d, err
}
