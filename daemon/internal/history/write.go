package history

import (
	"slices"
	"time"
)

// A waiting row is one that is not on disk yet, with what was in force when it was added.
type waiting struct {
	row   Row
	days  *Days
	floor time.Time // nothing before it is recorded: the history was erased then
}

// write writes rows in one transaction, with the sums of the days they touch.
func (d *database) write(rows []waiting) error {
	durable := slices.ContainsFunc(rows, func(w waiting) bool {
		s, isSpan := w.row.(Span)
		return !isSpan || !s.Open
	})
	return d.change(durable, func() error {
		touched := map[Date]bool{}
		for _, w := range rows {
			if err := d.writeRow(w, touched); err != nil {
				return err
			}
		}
		for day := range touched {
			if err := d.sumUp(day); err != nil {
				return err
			}
		}
		return nil
	})
}

// writeRow writes one row and notes the days it touches.
func (d *database) writeRow(w waiting, touched map[Date]bool) error {
	switch r := w.row.(type) {
	case Span:
		for _, p := range w.days.cut(r, w.floor) {
			if err := d.paint(p, touched); err != nil {
				return err
			}
		}
		return nil
	case Prompt:
		return d.writePrompt(r, w, touched)
	case NaturalBreak:
		if r.At.Before(w.floor) {
			return nil
		}
		day := w.days.Of(r.At)
		touched[day] = true
		return d.exec("INSERT OR IGNORE INTO natural_breaks VALUES (?, ?, ?)", r.At.UnixMilli(), w.days.offset(r.At), int(day))
	case Unbroken:
		return d.unbreak(r.From.UnixMilli(), r.To.UnixMilli(), touched)
	case Session:
		return d.writeSession(r, w.days, touched)
	case Felt:
		return d.exec("UPDATE sessions SET feeling = ? WHERE at_ms = ?", number(feelings, r.Feeling), r.At.UnixMilli())
	}
	return nil
}

// paint records p in place of what was recorded for that time.
func (d *database) paint(p piece, touched map[Date]bool) error {
	if err := d.clear(p.from, p.end(), touched); err != nil {
		return err
	}
	if p.posture == Sitting || p.posture == Undecided || p.posture == InChair {
		if err := d.unbreak(p.from, p.end(), touched); err != nil {
			return err
		}
	}
	return d.insert(p, touched)
}

func (d *database) insert(p piece, touched map[Date]bool) error {
	touched[p.day] = true
	return d.exec("INSERT INTO spans VALUES (?, ?, ?, ?, ?)", p.from, p.ms, number(postures, p.posture), p.offset, int(p.day))
}

// clear leaves nothing recorded from one moment to another.
func (d *database) clear(from, to int64, touched map[Date]bool) error {
	over, err := d.overlapping(from, to)
	if err != nil {
		return err
	}
	for _, p := range over {
		touched[p.day] = true
		if err := d.exec("DELETE FROM spans WHERE from_ms = ?", p.from); err != nil {
			return err
		}
		before, after := p, p
		before.ms = from - p.from
		after.from, after.ms = to, p.end()-to
		for _, rest := range []piece{before, after} {
			if rest.ms <= 0 {
				continue
			}
			if err := d.insert(rest, touched); err != nil {
				return err
			}
		}
	}
	return nil
}

// overlapping are the recorded pieces that share time with what lies between from and to, the latest first.
func (d *database) overlapping(from, to int64) ([]piece, error) {
	var over []piece
	err := d.spans("SELECT from_ms, ms, posture, offset_s, day FROM spans WHERE from_ms < ? ORDER BY from_ms DESC",
		[]any{to}, func(p piece) error {
			if p.end() <= from {
				return errEnough
			}
			over = append(over, p)
			return nil
		})
	return over, err
}

// unbreak forgets the natural breaks that began from one moment to another.
func (d *database) unbreak(from, to int64, touched map[Date]bool) error {
	args := []any{from, to}
	var gone bool
	err := d.each("SELECT day FROM natural_breaks WHERE at_ms >= ? AND at_ms < ?", args, func(scan func(...any) error) error {
		var day int
		err := scan(&day)
		gone, touched[Date(day)] = true, true
		return err
	})
	if err != nil || !gone {
		return err
	}
	return d.exec("DELETE FROM natural_breaks WHERE at_ms >= ? AND at_ms < ?", args...)
}

func (d *database) writePrompt(p Prompt, w waiting, touched map[Date]bool) error {
	if p.At.Before(w.floor) {
		return nil
	}
	var answered any
	if !p.Answered.IsZero() {
		answered = p.Answered.UnixMilli()
	}
	// What has come of a prompt is not forgotten when it is told of again without.
	if err := d.exec(`INSERT INTO prompts VALUES (?1, ?2, ?3, ?4, ?5, ?6)
		ON CONFLICT (at_ms) DO UPDATE SET outcome = ?3, answered_ms = ?4 WHERE ?3 <> 0`,
		p.At.UnixMilli(), !p.Unasked, number(outcomes, p.Outcome), answered, w.days.offset(p.At), int(w.days.Of(p.At)),
	); err != nil {
		return err
	}
	return d.touch("SELECT day FROM prompts WHERE at_ms = ?", p.At, touched)
}

// touch notes the day of what is on record at a time. It keeps the day it was first recorded on, whatever the zone is
// now.
func (d *database) touch(query string, at time.Time, touched map[Date]bool) error {
	var day int
	err := d.get(query, []any{at.UnixMilli()}, &day)
	touched[Date(day)] = true
	return err
}

func (d *database) writeSession(s Session, days *Days, touched map[Date]bool) error {
	at := s.At.UnixMilli()
	if err := d.exec(`INSERT INTO sessions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
		ON CONFLICT (at_ms) DO UPDATE SET routine = ?2, place = ?3, outcome = ?4, feeling = max(feeling, ?5)`,
		at, s.Routine, s.Place, number(outcomes, s.Outcome), number(feelings, s.Feeling), days.offset(s.At), int(days.Of(s.At)),
	); err != nil {
		return err
	}
	if err := d.exec("DELETE FROM steps WHERE at_ms = ?", at); err != nil {
		return err
	}
	for i, step := range s.Steps {
		if err := d.exec("INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?)",
			at, i+1, step.Exercise, step.Side, step.Done.Milliseconds(), step.Hurt); err != nil {
			return err
		}
	}
	return d.touch("SELECT day FROM sessions WHERE at_ms = ?", s.At, touched)
}
