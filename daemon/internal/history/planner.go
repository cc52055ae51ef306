package history

import (
	"context"
	"time"
)

// Practice is how an exercise has been done.
type Practice struct {
	Last  time.Time // when a session last held it, UTC
	Today int       // sessions that held it today
	Week  int       // sessions that held it in the last seven days, today included
}

// longAgo is how far back a planner need look: what was last done before that comes first in any case.
const longAgo = 400 * 24 * time.Hour

// Practised tells of every exercise that was done, if only for a moment, in the 400 days before now.
func (s *Store) Practised(ctx context.Context, now time.Time) (map[string]Practice, error) {
	s.mu.Lock()
	days := *s.days
	s.mu.Unlock()
	today := int(days.Of(now))
	return read(ctx, s, func(d *database) (map[string]Practice, error) {
		all := map[string]Practice{}
		err := d.each(`SELECT exercise, max(at_ms), count(DISTINCT CASE WHEN day = ?1 THEN at_ms END),
				count(DISTINCT CASE WHEN day > ?1 - 7 THEN at_ms END)
			FROM sessions JOIN steps USING (at_ms) WHERE at_ms BETWEEN ?2 AND ?3 AND ms > 0 GROUP BY exercise`,
			[]any{today, now.Add(-longAgo).UnixMilli(), now.UnixMilli()}, func(scan func(...any) error) error {
				var exercise string
				var last int64
				var p Practice
				err := scan(&exercise, &last, &p.Today, &p.Week)
				p.Last = time.UnixMilli(last).UTC()
				all[exercise] = p
				return err
			})
		return all, err
	})
}

// Sessions are those that began from one moment up to another, oldest first: for progress, and for hurts.
func (s *Store) Sessions(ctx context.Context, from, to time.Time) ([]Session, error) {
	return read(ctx, s, func(d *database) ([]Session, error) {
		var all []Session
		err := d.each(`SELECT at_ms, routine, place, outcome, feeling, coalesce(exercise, ''), coalesce(side, ''),
				coalesce(ms, 0), coalesce(hurt, 0)
			FROM sessions LEFT JOIN steps USING (at_ms) WHERE at_ms >= ? AND at_ms < ? ORDER BY at_ms, n`,
			[]any{from.UnixMilli(), to.UnixMilli()}, func(scan func(...any) error) error {
				var at, ms int64
				var outcome, feeling int
				var session Session
				var step Step
				err := scan(&at, &session.Routine, &session.Place, &outcome, &feeling, &step.Exercise, &step.Side, &ms, &step.Hurt)
				session.At, step.Done = time.UnixMilli(at).UTC(), time.Duration(ms)*time.Millisecond
				session.Outcome, session.Feeling = code(outcomes, outcome), code(feelings, feeling)
				if n := len(all); n == 0 || !all[n-1].At.Equal(session.At) {
					all = append(all, session)
				}
				if step.Exercise != "" {
					last := &all[len(all)-1]
					last.Steps = append(last.Steps, step)
				}
				return err
			})
		return all, err
	})
}

// night is an absence after which a new day begins for the body, whatever the clock says.
const night = 4 * time.Hour

// FirstActivity is when the person last came back from four hours or more away, or without a record, before now. It is
// zero where nothing is known of the two days before.
func (s *Store) FirstActivity(ctx context.Context, now time.Time) (time.Time, error) {
	return read(ctx, s, func(d *database) (time.Time, error) {
		var first, last time.Time // last is when the person was last there
		err := d.spans("SELECT from_ms, ms, posture, offset_s, day FROM spans WHERE from_ms >= ? AND from_ms < ? ORDER BY from_ms",
			[]any{now.Add(-48 * time.Hour).UnixMilli(), now.UnixMilli()}, func(p piece) error {
				if p.posture == Away || p.posture == Asleep || p.posture == Undecided {
					return nil
				}
				from := time.UnixMilli(p.from).UTC()
				if from.Sub(last) >= night {
					first = from
				}
				last = time.UnixMilli(p.end()).UTC()
				return nil
			})
		return first, err
	})
}
