package routines

import (
	"slices"
	"time"
)

// Doses, in seconds. Under five minutes a warm-up takes half a minute in all, where the article asks for minutes; from
// five minutes on it is a fifth of the session, which is three of the article's minutes in the longest.
const (
	shortWarmup  = 30
	longWarmup   = 60
	warmupShare  = 5
	shortWork    = 20
	longWork     = 40
	varietyEvery = 30 // seconds for each exercise of a varied session
	varied       = 4  // exercises that are enough
)

// dose sets the seconds of work in a session of so many seconds.
func (b *block) dose(want int) {
	e := b.exercise
	b.least, b.most = e.WorkS.Min, e.WorkS.Max
	short := seconds(want) < longSession
	switch {
	case e.Kind == warmup && short:
		b.most = e.WorkS.clamp(shortWarmup / e.Sides)
		b.usual = b.most
	case e.Kind == warmup:
		b.usual = e.WorkS.clamp(max(longWarmup, want/warmupShare) / e.Sides)
	case short:
		b.usual = e.WorkS.clamp(shortWork)
	default:
		b.usual = e.WorkS.clamp(longWork)
	}
}

// most is the longest the session may be: 5 % over.
func (d *draft) most() int { return d.want + d.want/20 }

// near tells whether so many seconds too few or too many are within the 5 %.
func (d *draft) near(missing int) bool { return max(missing, -missing)*20 <= d.want }

// fewest is how many exercises make a session varied: four in two minutes, fewer in a shorter one.
func (d *draft) fewest() int { return min(d.want/varietyEvery, varied) }

// fit gives every block its seconds of work so that the session comes as near as it can to what is wanted, and says how
// many seconds are missing. Warm-ups change last.
func (d *draft) fit(blocks []*block) (work []int, missing int) {
	work = make([]int, len(blocks))
	for i, b := range blocks {
		work[i] = b.usual
	}
	missing = d.want - d.total(blocks, (*block).usualWork)
	for _, warm := range []bool{false, true} {
		for changed := true; changed; {
			changed = false
			for i, b := range blocks {
				by := b.exercise.Sides
				switch {
				case b.warmsUp() != warm:
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
	return work, missing
}

// total is the seconds the blocks take in this order when each side works for as long as given.
func (d *draft) total(blocks []*block, work func(*block) int) int {
	total := 0
	from := Chair
	for _, b := range blocks {
		total += d.ready(from, b.position) + work(b)
		if b.exercise.Sides == 2 {
			total += d.ready(b.position, b.position) + work(b)
		}
		from = b.position
	}
	return total
}

// Times to get ready.
const (
	readySame  = 5 * time.Second  // in the position of the step before
	readyStand = 10 * time.Second // between sitting and standing
	readyFloor = 20 * time.Second // to the floor or up from it, and so with a table to lie on
)

// ready is how many seconds it takes to get ready for a step in one position after one in another. A session begins in
// the chair.
func (d *draft) ready(from, to string) int {
	ready := wholeSeconds(toGetReady(from, to))
	if d.Pace == PaceSlow {
		return 2 * ready
	}
	return ready
}

func toGetReady(from, to string) time.Duration {
	switch {
	case from == to:
		return readySame
	case rank(from) == rankDown || rank(to) == rankDown:
		return readyFloor
	}
	return readyStand
}

// position is what the body is in for the exercise in a session of the place. At a bar one stands.
func (e *Exercise) position(place string) string {
	switch {
	case e.in(place):
		return place
	case e.in(table) && !e.in(Standing) && !e.in(bar):
		return table
	}
	return Standing
}

// Ranks of positions: a composed session goes through them upwards, so that nobody gets down twice.
const (
	rankChair = iota
	rankStanding
	rankDown
)

func rank(position string) int {
	switch position {
	case Chair:
		return rankChair
	case Floor, table:
		return rankDown
	}
	return rankStanding
}

// write puts the draft's first blocks on paper.
func (d *draft) write(blocks []*block, work []int) Plan {
	p := Plan{Routine: d.Routine, Place: d.Place, Pace: d.Pace}
	from := Chair
	for i, b := range blocks {
		for j, side := range b.exercise.sides() {
			s := Step{
				Exercise: b.exercise.ID, Name: b.exercise.Name, Spoken: b.exercise.Spoken, Side: side,
				Direction: b.exercise.Direction, Level: b.exercise.Level,
				Ready: seconds(d.ready(from, b.position)), Work: seconds(work[i]),
				Setup: setup(from, b), Cues: b.exercise.Cues.of(side), Why: b.why,
			}
			if j > 0 {
				s.Setup, s.Why = []string{"Now the other side."}, StepSide
			}
			p.Steps = append(p.Steps, s)
			from = b.position
		}
	}
	if slices.ContainsFunc(blocks, func(b *block) bool { return b.position == Floor }) {
		p.Steps[0].Setup = append([]string{makeRoom}, p.Steps[0].Setup...)
	}
	return p
}

// makeRoom is said before a session that goes down to the floor: nobody looks for a mat when already on the way there.
const makeRoom = "A quiet corner, a mat, and room to stretch out."

// setup is what to do before the block. Getting up and down is done slowly, and said.
func setup(from string, b *block) []string {
	switch {
	case rank(from) == rank(b.position):
		return []string{b.exercise.Setup}
	case rank(from) == rankDown:
		return []string{"Come up slowly, by way of your hands and knees.", b.exercise.Setup}
	case b.position == Floor:
		return []string{"Get down to the mat slowly, one knee after the other.", b.exercise.Setup}
	case b.position == Standing && from == Chair:
		return []string{"Stand up slowly.", b.exercise.Setup}
	}
	return []string{b.exercise.Setup}
}
