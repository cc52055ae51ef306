package routines

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

const (
	// abandonAfter is how long a pause may last: after that the person is doing something else.
	abandonAfter = 15 * time.Minute
	// doneFor is how long a finished session stays on screen.
	doneFor = time.Minute
	// unseenAtMost is how long a session waits for its guide to be seen: a desktop shows a note within a fraction of
	// a second, and one whose notifications hang may never do so, while the tray and the status still guide.
	unseenAtMost = 3 * time.Second
)

// Phases of a session.
const (
	PhaseReady  = "ready"
	PhaseWork   = "work"
	PhasePaused = "paused"
	PhaseDone   = "done"
)

// Outcomes of a session.
const (
	Finished    = "finished"
	Abandoned   = "abandoned"
	Interrupted = "interrupted"
)

// A Player is a session being done: a pure machine and a plain value. The zero Player is no session. Times are on
// a timeline of the caller's that only grows. No method changes its receiver: those that do something return the
// player as it is afterwards. All but ID, Plan, Guide and Hurting are there to be stored; ask the methods instead.
type Player struct {
	ID    string `json:"id"`
	Plan  Plan   `json:"plan"`
	Guide string `json:"guide"` // who shows it: page terminal background

	Index   int             `json:"index"`   // of the current step
	Stage   string          `json:"stage"`   // ready work done, or empty when nothing runs
	Paused  bool            `json:"paused"`  // the clock of the stage stands still
	Unseen  bool            `json:"unseen"`  // so it does because the guide is not on the screen yet
	Since   time.Duration   `json:"since"`   // when the stage began, or was last paused or resumed
	Spent   time.Duration   `json:"spent"`   // of the stage, before Since
	Said    int             `json:"said"`    // index of the instruction shown in this stage
	Hurting string          `json:"hurting"` // id of the exercise that hurt, until stopped or resumed
	Result  string          `json:"result"`
	Did     []time.Duration `json:"did"`    // per step, work done; never more than its work
	Barred  []bool          `json:"barred"` // per step, not to be done since something hurt
}

// Begin starts the plan with the time to get ready for its first step. A plan without steps is no session.
func Begin(id string, p Plan, guide string, now time.Duration) Player {
	if len(p.Steps) == 0 {
		return Player{}
	}
	return Player{
		ID: id, Plan: p, Guide: guide, Stage: PhaseReady, Since: now,
		Did: make([]time.Duration, len(p.Steps)), Barred: make([]bool, len(p.Steps)),
	}
}

// Await says of a session that has just begun that its guide is yet to come up. Its clock stands until it is Seen, or
// for 3 seconds.
func (p Player) Await() Player {
	p.Unseen = p.Stage == PhaseReady
	return p
}

// Seen is that the guide is on the screen: from here on the clock runs.
func (p Player) Seen(now time.Duration) Player {
	p = p.Advance(now)
	if p.Unseen {
		p.Unseen, p.Since = false, now
	}
	return p
}

// UnmarshalJSON refuses a state that no player was ever in, so that a damaged file cannot crash the daemon.
func (p *Player) UnmarshalJSON(data []byte) error {
	type plain Player
	var q plain
	if err := json.Unmarshal(data, &q); err != nil {
		return err
	}
	steps := len(q.Plan.Steps)
	if len(q.Did) != steps || len(q.Barred) != steps || q.Index < 0 || q.Index >= max(1, steps) {
		return fmt.Errorf("session %q: step %d, %d records of work and %d of barred steps do not match its %d steps",
			q.ID, q.Index, len(q.Did), len(q.Barred), steps)
	}
	if q.Unseen && (q.Stage != PhaseReady || q.Paused) {
		return fmt.Errorf("session %q: a guide yet to be seen is impossible at stage %q", q.ID, q.Stage)
	}
	if !slices.Contains([]string{"", PhaseReady, PhaseWork, PhaseDone}, q.Stage) || steps == 0 && q.Stage != "" {
		return fmt.Errorf("session %q: stage %q is impossible with %d steps", q.ID, q.Stage, steps)
	}
	*p = Player(q)
	return nil
}

// Running tells whether there is still something to do: ready, at work or paused.
func (p Player) Running() bool { return p.Stage == PhaseReady || p.Stage == PhaseWork }

// Phase is ready, work, paused or done; empty before and after.
func (p Player) Phase() string {
	if p.Running() && p.Paused {
		return PhasePaused
	}
	return p.Stage
}

// Outcome is finished, abandoned or interrupted, from the moment that is known; empty until then.
func (p Player) Outcome() string { return p.Result }

// NextWake is when the player next changes by itself: an instruction or a phase ends, a pause becomes too long, a
// finished session leaves the screen.
func (p Player) NextWake() (at time.Duration, ok bool) {
	switch {
	case p.Stage == "":
		return 0, false
	case p.Stage == PhaseDone:
		return p.Since + doneFor, true
	case p.Paused:
		return p.Since + abandonAfter, true
	case p.Unseen:
		return p.Since + unseenAtMost, true
	}
	return p.Since + p.instructionEnd() - p.Spent, true
}

// Advance lets time pass. Passing several wake-ups at once is the same as passing them one by one.
func (p Player) Advance(now time.Duration) Player {
	for {
		at, ok := p.NextWake()
		if !ok || at > now {
			return p
		}
		p = p.wake(at)
	}
}

func (p Player) wake(at time.Duration) Player {
	switch {
	case p.Stage == PhaseDone:
		p.Stage = ""
		return p
	case p.Paused:
		return p.end(Abandoned, at)
	case p.Unseen:
		p.Unseen, p.Since = false, at
		return p
	case p.Said+1 < len(p.instructions()):
		p.Said++
		return p
	case p.Stage == PhaseReady:
		p = p.enter(PhaseWork, at)
		p.Paused = p.Plan.Pace == PaceWait
		return p
	}
	return p.record(at).onward(at)
}

// Next goes to the next step, and from the last one to the end. After something hurt it is Resume.
func (p Player) Next(now time.Duration) Player {
	p = p.Advance(now)
	switch {
	case !p.Running():
		return p
	case p.Hurting != "":
		return p.Resume(now)
	}
	return p.record(now).onward(now)
}

// Back goes to the step before; it restarts the first. After something hurt it does nothing.
func (p Player) Back(now time.Duration) Player {
	p = p.Advance(now)
	if !p.Running() || p.Hurting != "" {
		return p
	}
	p = p.record(now)
	for i := p.Index - 1; i >= 0; i-- {
		if !p.Barred[i] {
			p.Index = i
			break
		}
	}
	return p.enter(PhaseReady, now)
}

// Pause stops the countdown. A pause of 15 minutes abandons the session.
func (p Player) Pause(now time.Duration) Player {
	p = p.Advance(now)
	if !p.Running() || p.Paused {
		return p
	}
	p.Spent = p.elapsed(now)
	p.Since = now
	p.Paused, p.Unseen = true, false
	return p
}

// Resume goes on. After something hurt it goes on gently: without that exercise, without any other that loads the
// same direction, without anything above gentle. If nothing is left, the session is over, abandoned.
func (p Player) Resume(now time.Duration) Player {
	p = p.Advance(now)
	switch {
	case !p.Running() || !p.Paused:
		return p
	case p.Hurting == "":
		p.Paused = false
		p.Since = now
		return p
	}
	p = p.bar()
	if _, ok := p.following(); !ok {
		return p.end(Abandoned, now)
	}
	return p.record(now).onward(now)
}

// Hurt pauses at once and remembers the exercise. The person then stops, or resumes gently.
func (p Player) Hurt(now time.Duration) Player {
	p = p.Pause(now)
	if !p.Running() {
		return p
	}
	p.Since = now // the 15 minutes begin anew if it was paused before
	p.Hurting = p.Plan.Steps[p.Index].Exercise
	return p
}

// Stop abandons a running session and closes a done one.
func (p Player) Stop(now time.Duration) Player { return p.Advance(now).end(Abandoned, now) }

// Interrupt ends a session because the computer went to sleep. What was finished stays finished.
func (p Player) Interrupt(now time.Duration) Player { return p.Advance(now).end(Interrupted, now) }

// Worked is the work done and the work planned. Done counts up to the last call that did something; it is exact
// once the session is over, and never more than planned.
func (p Player) Worked() (done, planned time.Duration) {
	if p.Running() {
		p = p.record(p.Since)
	}
	for i, s := range p.Plan.Steps {
		done += p.Did[i]
		planned += s.Work
	}
	return done, planned
}

// Step is the current step and its index from 0; after the end the last one, as long as that is on screen.
func (p Player) Step() (index int, s Step, ok bool) {
	if p.Stage == "" {
		return 0, Step{}, false
	}
	return p.Index, p.Plan.Steps[p.Index], true
}

// Following is the step after the current one, if there is one.
func (p Player) Following() (s Step, ok bool) {
	i, ok := p.following()
	if !ok || !p.Running() {
		return Step{}, false
	}
	return p.Plan.Steps[i], true
}

// Cue is the instruction to show, empty when nothing runs.
func (p Player) Cue(now time.Duration) string {
	p = p.Advance(now)
	if lines := p.instructions(); p.Said < len(lines) {
		return lines[p.Said]
	}
	return ""
}

// Instructions are all that are shown one at a time in the current ready or work phase.
func (p Player) Instructions() []string { return slices.Clone(p.instructions()) }

// StepLength is the length of the current ready or work phase, 0 when nothing runs.
func (p Player) StepLength() time.Duration {
	switch p.Stage {
	case PhaseReady:
		return p.Plan.Steps[p.Index].Ready
	case PhaseWork:
		return p.Plan.Steps[p.Index].Work
	}
	return 0
}

// StepLeft is what is left of the current ready or work phase.
func (p Player) StepLeft(now time.Duration) time.Duration {
	p = p.Advance(now)
	return p.StepLength() - p.elapsed(now)
}

// WorkEnds is when the work under way ends if nothing comes between, and what of it was left when it was begun or taken
// up again. ok is false where none is under way.
func (p Player) WorkEnds() (at, left time.Duration, ok bool) {
	if p.Phase() != PhaseWork {
		return 0, 0, false
	}
	left = p.StepLength() - p.Spent
	return p.Since + left, left, true
}

// Left is what is left of the session, without pauses.
func (p Player) Left(now time.Duration) time.Duration {
	p = p.Advance(now)
	if !p.Running() {
		return 0
	}
	left := p.StepLeft(now)
	if p.Stage == PhaseReady {
		left += p.Plan.Steps[p.Index].Work
	}
	for i := p.Index + 1; i < len(p.Plan.Steps); i++ {
		if !p.Barred[i] {
			left += p.Plan.Steps[i].Ready + p.Plan.Steps[i].Work
		}
	}
	return left
}

func (p Player) instructions() []string {
	switch p.Stage {
	case PhaseReady:
		return p.Plan.Steps[p.Index].Setup
	case PhaseWork:
		return p.Plan.Steps[p.Index].Cues
	}
	return nil
}

// instructionEnd is how far into the stage the instruction shown ends. They share the stage equally.
func (p Player) instructionEnd() time.Duration {
	n := max(1, len(p.instructions()))
	return p.StepLength() * time.Duration(min(p.Said+1, n)) / time.Duration(n)
}

// elapsed is how much of the stage has passed.
func (p Player) elapsed(now time.Duration) time.Duration {
	if p.Paused || p.Unseen {
		return p.Spent
	}
	return min(p.Spent+max(0, now-p.Since), p.StepLength())
}

// record adds the work of the current stage to what was done.
func (p Player) record(now time.Duration) Player {
	if p.Stage != PhaseWork {
		return p
	}
	p.Did = slices.Clone(p.Did)
	p.Did[p.Index] = min(p.Did[p.Index]+p.elapsed(now), p.Plan.Steps[p.Index].Work)
	return p
}

func (p Player) enter(stage string, now time.Duration) Player {
	p.Stage, p.Since, p.Spent, p.Said = stage, now, 0, 0
	p.Paused, p.Unseen, p.Hurting = false, false, ""
	return p
}

func (p Player) following() (index int, ok bool) {
	for i := p.Index + 1; i < len(p.Plan.Steps); i++ {
		if !p.Barred[i] {
			return i, true
		}
	}
	return 0, false
}

func (p Player) onward(now time.Duration) Player {
	i, ok := p.following()
	if !ok {
		p.Result = Finished
		return p.enter(PhaseDone, now)
	}
	p.Index = i
	return p.enter(PhaseReady, now)
}

// bar rules out what could hurt the same way, before and after the current step.
func (p Player) bar() Player {
	p.Barred = slices.Clone(p.Barred)
	hurt := p.Plan.Steps[p.Index]
	for i, s := range p.Plan.Steps {
		same := s.Exercise == hurt.Exercise || slices.ContainsFunc(s.Direction, func(d string) bool {
			return slices.Contains(hurt.Direction, d)
		})
		p.Barred[i] = p.Barred[i] || same || s.Level != gentle
	}
	return p
}

// end closes the session. One that is done keeps its outcome.
func (p Player) end(result string, now time.Duration) Player {
	if p.Stage == "" {
		return p
	}
	if p.Running() {
		p = p.record(now)
		p.Result = result
	}
	return p.enter("", now)
}
