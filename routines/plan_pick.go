package routines

import (
	"cmp"
	"slices"
)

// Reasons why a step is in the session.
const (
	StepWarmup    = "warmup"    // it warms up
	StepDirection = "direction" // this way of moving was missed longest
	StepOldest    = "oldest"    // of those that move this way it was done longest ago
	StepNew       = "new"       // it was not done lately
	StepAgain     = "again"     // everything else was done once already
	StepFits      = "fits"      // it fits into the time, and between its neighbours
	StepRoutine   = "routine"   // the routine says so
	StepSide      = "side"      // the other side
)

// moves is a set of directions, as bits.
func moves(names []string) uint64 {
	var set uint64
	for _, name := range names {
		if i := slices.Index(directions, name); i >= 0 {
			set |= 1 << i
		}
	}
	return set
}

// A memory says of each direction how the body was moved that way.
type memory struct {
	last   [64]int64 // when before the session, as [block.last]
	uses   [64]int   // in the session so far
	latest int64     // when anything was done, as [block.last]
}

func newMemory(c *Catalogue, h History) *memory {
	var m memory
	if h == nil {
		return &m
	}
	for i := range c.Exercises {
		e := &c.Exercises[i]
		last := h.Done(e.ID).Last
		if last.IsZero() {
			continue
		}
		set, at := moves(e.Direction), last.UnixNano()
		m.latest = max(m.latest, at)
		for d := range directions {
			if set>>d&1 == 1 {
				m.last[d] = max(m.last[d], at)
			}
		}
	}
	return &m
}

func (m *memory) use(b *block) {
	for d := range directions {
		m.uses[d] += int(b.moves >> d & 1)
	}
}

// used is how often the directions of a block were used in the session, and missed is when the one of them was last
// used that has been missed longest.
func (m *memory) of(b *block) (used int, missed int64) {
	first := true
	for d := range directions {
		if b.moves>>d&1 == 0 {
			continue
		}
		used += m.uses[d]
		if first || m.last[d] < missed {
			missed, first = m.last[d], false
		}
	}
	return used, missed
}

// A merit is what speaks for a block; the smallest wins.
type merit struct {
	late   int // what is not done in the place itself comes when that is used up
	used   int
	missed int64
	last   int64
}

func (m *memory) merit(b *block, late bool) merit {
	c := merit{last: b.last}
	if late {
		c.late = 1
	}
	c.used, c.missed = m.of(b)
	return c
}

func (c merit) compare(d merit) int {
	return cmp.Or(cmp.Compare(c.late, d.late), cmp.Compare(c.used, d.used), cmp.Compare(c.missed, d.missed), cmp.Compare(c.last, d.last))
}

// rivals tells whether only the exercises themselves tell the two apart.
func (c merit) rivals(d merit) bool {
	return c.late == d.late && c.used == d.used && c.missed == d.missed
}

// pick puts what is open into the order in which it is wanted: the front, then by the directions that the session has
// had least, of those the ones missed longest, and of those the exercise done longest ago. Where that does not fill the
// session, rounds of what may come again follow.
func (d *draft) pick(front *block, open []*block, m *memory) {
	d.latest = m.latest
	left := slices.Clone(open)
	if front != nil {
		d.blocks = append(d.blocks, front)
		m.use(front)
		left = slices.DeleteFunc(left, front.same)
	}
	d.round(left, m)
	end := 0
	for _, b := range open {
		end = max(end, rank(b.position))
	}
	repeatable := slices.DeleteFunc(slices.Clone(open), func(b *block) bool { return b.once || rank(b.position) != end })
	for round := 1; len(repeatable) > 0 && d.total(d.blocks, (*block).leastWork) <= d.most(); round++ {
		left = left[:0]
		for _, b := range repeatable {
			again := *b
			again.round = round
			left = append(left, &again)
		}
		d.round(left, m)
	}
}

// round picks all of left, one after the other.
func (d *draft) round(left []*block, m *memory) {
	for len(left) > 0 {
		best, bestMerit, rivals := 0, merit{}, 0
		for i, b := range left {
			c := m.merit(b, d.late(b))
			if i == 0 || !c.rivals(bestMerit) && c.compare(bestMerit) < 0 {
				best, bestMerit, rivals = i, c, 1
			} else if c.rivals(bestMerit) {
				rivals++
				if c.last < bestMerit.last {
					best, bestMerit = i, c
				}
			}
		}
		b := left[best]
		b.why = reason(b, rivals)
		d.blocks = append(d.blocks, b)
		m.use(b)
		left = slices.Delete(left, best, best+1)
	}
}

// late tells of what comes when all else is used up: what only warms up for the floor, and any warm-up where there is
// time for one exercise.
func (d *draft) late(b *block) bool {
	return rank(b.position) < rank(d.Place) || b.warmsUp() && d.fewest() <= 1
}

// reason is why the block was picked, when so many had directions missed as long, itself included.
func reason(b *block, rivals int) string {
	switch {
	case b.round > 0:
		return StepAgain
	case b.last == 0:
		return StepNew
	case rivals > 1:
		return StepOldest
	}
	return StepDirection
}
