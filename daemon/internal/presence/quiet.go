package presence

import (
	"context"
	"time"
)

// A counter knows how long there has been no input. It can be asked to tell when that reaches a length, and when it
// falls; what it tells comes as a reason to look.
type counter interface {
	idle(ctx context.Context) (time.Duration, error)
	hasAlarms() bool // else it has to be asked again and again
	alarmAt(ctx context.Context, idle time.Duration) error
	alarmBelow(ctx context.Context, idle time.Duration) error
}

// returnPoll is how often a counter without alarms is asked whether the person is back.
const returnPoll = time.Second

// quiet is what was reported of the current silence.
type quiet struct {
	source    string
	how       string
	input     func(Input)
	threshold func() time.Duration
	counter   counter
	recheck   *time.Timer // looks again where the counter has no alarms; nil where it surely has

	state string        // Active or Idle, as last reported; empty before
	told  bool          // Idle was reported for the threshold in force
	back  bool          // an alarm told of input after Idle was reported
	idle  time.Duration // the idle time at the last look
	at    time.Time     // when that was
}

// slack is how far two looks may disagree on the time between them without any input.
const slack = 100 * time.Millisecond

// look asks for the idle time, reports what is new and sees to it that the next change causes a look. It waits no
// longer than answerTimeout.
//
// An alarm is only a reason to look: it may have been overtaken by input, or by a new threshold. What it waits for is
// a level and not a transition, so it goes off even when that came true between the question and the arming.
func (q *quiet) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	idle, err := q.counter.idle(ctx)
	if err != nil {
		return err
	}
	threshold := q.threshold()
	since := q.idle
	if !q.counter.hasAlarms() { // a look may come so late that as much time has passed again
		since = max(since, since+time.Since(q.at)-slack)
	}
	returned := q.state == Idle && (q.back || idle < since)
	if returned || q.state == "" && idle < threshold {
		q.report(Input{State: Active})
		q.told, q.back = false, false
	}
	if idle >= threshold && !q.told {
		q.report(Input{State: Idle, Idle: idle})
		q.told = true
	}
	q.idle, q.at = idle, time.Now()
	return q.wake(ctx, idle, threshold)
}

func (q *quiet) report(i Input) {
	q.state, i.Source, i.How = i.State, q.source, q.how
	q.input(i)
}

// wake asks for a look when idle reaches the threshold, if it has yet to, and when a silence reported as Idle ends.
func (q *quiet) wake(ctx context.Context, idle, threshold time.Duration) error {
	if !q.counter.hasAlarms() {
		rest := returnPoll
		if q.state == Active {
			rest = threshold - idle
		} else if !q.told {
			rest = min(threshold-idle, returnPoll)
		}
		q.recheck.Reset(rest)
		return nil
	}
	if !q.told {
		if err := q.counter.alarmAt(ctx, threshold); err != nil {
			return err
		}
	}
	if q.state == Idle {
		return q.counter.alarmBelow(ctx, idle)
	}
	return nil
}
