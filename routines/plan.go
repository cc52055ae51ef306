package routines

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// The shortest and the longest session that can be asked for.
const (
	MinLength = 30 * time.Second // one exercise
	MaxLength = 15 * time.Minute
)

// Paces of a session.
const (
	PaceNormal = "normal"
	PaceSlow   = "slow" // twice the time to get ready
	PaceWait   = "wait" // each step begins when the person says so
)

// What [Catalogue.Plan] refuses. All but ErrNothingFits are faults of the request.
var (
	ErrLength         = errors.New("a session takes from 30s to 15m")
	ErrUnknownPlace   = errors.New("unknown place")
	ErrUnknownRoutine = errors.New("unknown routine")
	ErrNothingFits    = errors.New("no session can be made of what is left")
)

// A Request says what session is wanted. It is composed unless it names a routine.
type Request struct {
	Routine string        // the id of a named routine, or empty
	Length  time.Duration // 0 only with a routine: as long as the routine says
	Place   string        // empty: standing. A named routine has its own place
	Retired []string      // ids of exercises not to be planned
	Recent  []string      // ids of exercises done, least recent first
	Pace    string        // empty: normal
}

// A Plan is one session on paper. It is a plain value, kept in event logs and state files.
type Plan struct {
	Routine string `json:"routine"` // the id of the named routine, empty if composed
	Place   string `json:"place"`
	Pace    string `json:"pace"`
	Steps   []Step `json:"steps"`
}

// A Step is one exercise on one side: time to get ready, then time at work.
type Step struct {
	Exercise  string        `json:"exercise"` // its id
	Name      string        `json:"name"`
	Spoken    string        `json:"spoken"` // the short form, lower case
	Side      string        `json:"side"`   // left right or empty
	Direction []string      `json:"direction"`
	Level     string        `json:"level"`
	Ready     time.Duration `json:"ready"`
	Work      time.Duration `json:"work"`
	Setup     []string      `json:"setup"` // shown one at a time while getting ready
	Cues      []string      `json:"cues"`  // shown one at a time during work
	Why       string        `json:"why"`
}

// Length is the time the plan takes without pauses.
func (p Plan) Length() time.Duration {
	var total time.Duration
	for _, s := range p.Steps {
		total += s.Ready + s.Work
	}
	return total
}

// Moves names the exercises of the plan in order, each once, in their spoken form.
func (p Plan) Moves() []string {
	var moves []string
	for _, s := range p.Steps {
		if !slices.Contains(moves, s.Spoken) {
			moves = append(moves, s.Spoken)
		}
	}
	return moves
}

// Plan composes a session, or fits a named routine to the length. The same request gives the same plan. The plan
// is within 5 % of the length. Only gentle exercises are planned: they are safe without screening.
func (c *Catalogue) Plan(r Request) (Plan, error) {
	if r.Place == "" {
		r.Place = Standing
	}
	if r.Pace == "" {
		r.Pace = PaceNormal
	}
	if !slices.Contains([]string{Chair, Standing, Floor}, r.Place) {
		return Plan{}, fmt.Errorf("%w %q; it is one of chair, standing, floor", ErrUnknownPlace, r.Place)
	}
	if r.Routine != "" {
		return c.planRoutine(r)
	}
	if err := checkLength(r.Length); err != nil {
		return Plan{}, err
	}
	d := draft{want: wholeSeconds(r.Length), place: r.Place, pace: r.Pace}
	eligible := d.oldestFirst(c.eligible(r), r.Recent)
	if len(eligible) == 0 {
		return Plan{}, fmt.Errorf("%w: there is no exercise for the place %s", ErrNothingFits, r.Place)
	}
	d.lead(eligible)
	for d.least() <= d.most() {
		d.blocks = arrange(d.blocks, eligible)
	}
	return d.plan("", len(eligible))
}

func (c *Catalogue) planRoutine(r Request) (Plan, error) {
	routine, ok := c.Routine(r.Routine)
	if !ok {
		return Plan{}, fmt.Errorf("%w %q", ErrUnknownRoutine, r.Routine)
	}
	own := draft{want: wholeSeconds(r.Length), place: routine.Place, pace: r.Pace}
	for _, m := range routine.Moves {
		e, ok := c.Exercise(m.Exercise)
		if !ok || !plannable(e, r.Retired) {
			continue
		}
		own.blocks = append(own.blocks, block{
			exercise: &e, least: e.WorkS.Min, most: e.WorkS.Max, usual: m.WorkS,
			why: fmt.Sprintf("part of “%s”", routine.Name),
		})
	}
	if len(own.blocks) == 0 {
		return Plan{}, fmt.Errorf("%w: every exercise of %s is retired", ErrNothingFits, routine.ID)
	}
	if r.Length == 0 {
		own.want = own.total(own.blocks, block.usualWork)
	}
	if err := checkLength(seconds(own.want)); err != nil {
		return Plan{}, err
	}
	if len(own.blocks) == 1 {
		own.stretch(&own.blocks[0])
	}
	d := own
	for d.least() <= d.most() {
		d.blocks = slices.Concat(d.blocks, own.blocks)
	}
	return d.plan(routine.ID, 1)
}

// stretch makes the usual dose of the only block as long as the session: once for longer beats the same again.
func (d draft) stretch(b *block) {
	b.usual = 0
	free := d.want - d.total(d.blocks, block.usualWork)
	b.usual = b.exercise.WorkS.clamp(free / b.exercise.Sides)
}

func checkLength(length time.Duration) error {
	if length < MinLength || length > MaxLength {
		return fmt.Errorf("%w, not %s", ErrLength, length)
	}
	return nil
}

func wholeSeconds(d time.Duration) int { return int(d.Round(time.Second) / time.Second) }

func (c *Catalogue) eligible(r Request) []Exercise {
	var list []Exercise
	for _, e := range c.Exercises {
		if e.in(r.Place) && plannable(e, r.Retired) {
			list = append(list, e)
		}
	}
	return list
}

func plannable(e Exercise, retired []string) bool {
	return e.Level == gentle && len(e.AvoidWith) == 0 && !slices.Contains(retired, e.ID)
}

// A block is an exercise with all its sides. Its seconds are of work, on each side.
type block struct {
	exercise    *Exercise
	least, most int
	usual       int // what it gets where nothing presses
	why         string
}

func (b block) leastWork() int { return b.least }
func (b block) usualWork() int { return b.usual }

func (b block) clashes(with block) bool {
	return slices.ContainsFunc(b.exercise.Direction, func(d string) bool {
		return slices.Contains(with.exercise.Direction, d)
	})
}

// Doses. Under five minutes a warm-up takes half a minute in all, where the article asks for minutes.
const (
	longSession = 300 // seconds
	shortWarmup = 30
	longWarmup  = 60
	shortWork   = 20
	longWork    = 40
)

// A draft is a plan in the making: more than enough blocks, of which the first few become the session.
type draft struct {
	want        int // seconds
	place, pace string
	blocks      []block
}

// most is the longest the session may be: 5 % over.
func (d draft) most() int { return d.want + d.want/20 }

// least is the shortest that all blocks can be.
func (d draft) least() int { return d.total(d.blocks, block.leastWork) }

// oldestFirst makes blocks of the exercises, those done least recently first.
func (d draft) oldestFirst(exercises []Exercise, recent []string) []block {
	lastDone := make(map[string]int, len(recent)) // 0: not lately
	for i, id := range recent {
		lastDone[id] = i + 1
	}
	blocks := make([]block, 0, len(exercises))
	for _, e := range exercises {
		b := d.dose(e)
		b.why = "not done lately"
		if lastDone[e.ID] > 0 {
			b.why = "longest ago of those that fit here"
		}
		blocks = append(blocks, b)
	}
	slices.SortStableFunc(blocks, func(a, b block) int { return lastDone[a.exercise.ID] - lastDone[b.exercise.ID] })
	return blocks
}

// lead puts in front what the session is to begin with: of the warm-ups the one done longest ago, or where there is
// time for one exercise only, any but a warm-up.
func (d draft) lead(oldestFirst []block) {
	isWarmup := func(b block) bool { return b.exercise.Kind == warmup }
	if d.fewest() <= 1 {
		slices.SortStableFunc(oldestFirst, func(a, b block) int { return fewer(isWarmup(a), isWarmup(b)) })
		return
	}
	if i := slices.IndexFunc(oldestFirst, isWarmup); i > 0 {
		first := oldestFirst[i]
		copy(oldestFirst[1:], oldestFirst[:i])
		oldestFirst[0] = first
	}
}

// fewer orders what is not before what is.
func fewer(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func (d draft) dose(e Exercise) block {
	b := block{exercise: &e, least: e.WorkS.Min, most: e.WorkS.Max}
	short := d.want < longSession
	switch {
	case e.Kind == warmup && short:
		b.most = e.WorkS.clamp(shortWarmup / e.Sides)
		b.usual = b.most
	case e.Kind == warmup:
		b.usual = e.WorkS.clamp(longWarmup / e.Sides)
	case short:
		b.usual = e.WorkS.clamp(shortWork)
	default:
		b.usual = e.WorkS.clamp(longWork)
	}
	return b
}

// arrange appends one round of the eligible blocks, each once: first the directions the session has had least,
// among those the exercise done longest ago, and no two neighbours of one direction where that can be avoided.
func arrange(session, eligible []block) []block {
	left := slices.Clone(eligible)
	if len(session) > 0 {
		for i := range left {
			left[i].why = "everything else was done once already"
		}
	}
	for len(left) > 0 {
		s := newSearch(session)
		s.extend(session, left)
		if len(s.best) == len(session) {
			s.best = append(s.best, left[0]) // whatever comes next clashes
		}
		added := s.best[len(session):]
		left = slices.DeleteFunc(left, func(b block) bool { return slices.ContainsFunc(added, b.same) })
		session = s.best
	}
	return session
}

func (b block) same(as block) bool { return b.exercise.ID == as.exercise.ID }

// searchBudget bounds the search for an order without clashes; the first order tried is nearly always one.
const searchBudget = 200

// A search looks for the longest continuation of a session in which no two neighbours load one direction.
type search struct {
	best   []block
	uses   map[string]int // of each direction, in the session so far
	budget int
}

func newSearch(session []block) search {
	s := search{best: slices.Clone(session), uses: make(map[string]int), budget: searchBudget}
	for _, b := range session {
		s.count(b, 1)
	}
	return s
}

// extend tells whether to look no further: all of left could be added to the session, or the budget is spent.
func (s *search) extend(session, left []block) bool {
	if len(session) > len(s.best) {
		s.best = slices.Clone(session)
	}
	s.budget--
	if len(left) == 0 || s.budget < 0 {
		return true
	}
	for _, b := range s.leastUsedFirst(left) {
		if len(session) > 0 && b.clashes(session[len(session)-1]) {
			continue
		}
		s.count(b, 1)
		if s.extend(append(slices.Clip(session), b), slices.DeleteFunc(slices.Clone(left), b.same)) {
			return true
		}
		s.count(b, -1)
	}
	return false
}

func (s *search) count(b block, by int) {
	for _, direction := range b.exercise.Direction {
		s.uses[direction] += by
	}
}

func (s *search) leastUsedFirst(left []block) []block {
	used := func(b block) (n int) {
		for _, direction := range b.exercise.Direction {
			n += s.uses[direction]
		}
		return n
	}
	sorted := slices.Clone(left)
	slices.SortStableFunc(sorted, func(a, b block) int { return used(a) - used(b) })
	return sorted
}

// plan takes as many of the blocks as come nearest to the length at their usual doses, then fits the doses. The
// blocks are rounds of the given size; where no number of them fits, the last may change places with a later one
// of its round.
func (d draft) plan(routine string, round int) (Plan, error) {
	var best []block
	bestOff := 0
	for _, swap := range []bool{false, true} {
		for k := 1; k <= len(d.blocks); k++ {
			for _, chosen := range d.choices(k, round, swap) {
				usual := d.total(chosen, block.usualWork)
				off := max(d.want-usual, usual-d.want)
				if k < d.fewest() {
					off += d.want
				}
				if (best == nil || off < bestOff) && d.fit(chosen) != nil {
					best, bestOff = chosen, off
				}
			}
		}
		if best != nil {
			return d.write(routine, best, d.fit(best)), nil
		}
	}
	return Plan{}, fmt.Errorf("%w: the exercises there are do not add up to %s; another length may do",
		ErrNothingFits, seconds(d.want))
}

// fewest is how many exercises make a session varied: four in two minutes, fewer in a shorter one.
func (d draft) fewest() int { return min(d.want/30, 4) }

// choices are the first k blocks, or with swap those with another last one of the same round. Where it can, a
// swap makes no new clash.
func (d draft) choices(k, round int, swap bool) [][]block {
	if !swap {
		return [][]block{d.blocks[:k]}
	}
	var clean, clashing [][]block
	end := min((k+round-1)/round*round, len(d.blocks))
	for _, other := range d.blocks[k:end] {
		chosen := append(slices.Clone(d.blocks[:k-1]), other)
		if k > 1 && other.clashes(d.blocks[k-2]) {
			clashing = append(clashing, chosen)
		} else {
			clean = append(clean, chosen)
		}
	}
	if len(clean) > 0 {
		return clean
	}
	return clashing
}

// fit gives every block its seconds of work so that the session takes what is wanted, or nil if they cannot.
// Warm-ups change last.
func (d draft) fit(blocks []block) []int {
	work := make([]int, len(blocks))
	for i, b := range blocks {
		work[i] = b.usual
	}
	missing := d.want - d.total(blocks, block.usualWork)
	for _, warm := range []bool{false, true} {
		for changed := true; changed; {
			changed = false
			for i, b := range blocks {
				by := b.exercise.Sides
				switch {
				case (b.exercise.Kind == warmup) != warm:
				case missing >= by && work[i] < b.most:
					work[i]++
					missing -= by
					changed = true
				case missing <= -by && work[i] > b.least:
					work[i]--
					missing += by
					changed = true
				}
			}
		}
	}
	if missing*20 > d.want || -missing*20 > d.want {
		return nil
	}
	return work
}

// total is the seconds the blocks take when each side works for as long as given.
func (d draft) total(blocks []block, work func(block) int) int {
	if len(blocks) == 0 {
		return 0
	}
	total := wholeSeconds(d.ready(true) - d.ready(false))
	for _, b := range blocks {
		total += b.exercise.Sides * (wholeSeconds(d.ready(false)) + work(b))
	}
	return total
}

// Times to get ready.
const (
	readySame  = 5 * time.Second  // in the position of the step before
	readyStand = 10 * time.Second // sitting to standing
	readyFloor = 20 * time.Second // to the floor
)

// ready is the time to get ready for a step. The first step begins in the chair.
func (d draft) ready(first bool) time.Duration {
	ready := readySame
	switch {
	case first && d.place == Standing:
		ready = readyStand
	case first && d.place == Floor:
		ready = readyFloor
	}
	if d.pace == PaceSlow {
		return 2 * ready
	}
	return ready
}

func (d draft) write(routine string, blocks []block, work []int) Plan {
	p := Plan{Routine: routine, Place: d.place, Pace: d.pace}
	for i, b := range blocks {
		for j, side := range b.exercise.sides() {
			s := Step{
				Exercise: b.exercise.ID, Name: b.exercise.Name, Spoken: b.exercise.Spoken, Side: side,
				Direction: b.exercise.Direction, Level: b.exercise.Level,
				Ready: d.ready(len(p.Steps) == 0), Work: seconds(work[i]),
				Setup: []string{b.exercise.Setup}, Cues: b.exercise.Cues.of(side), Why: b.why,
			}
			switch {
			case j > 0:
				s.Setup, s.Why = []string{"Now the other side."}, "the other side of the step before"
			case i == 0 && d.place == Standing:
				s.Setup = []string{"Stand up slowly.", b.exercise.Setup}
			}
			p.Steps = append(p.Steps, s)
		}
	}
	return p
}
