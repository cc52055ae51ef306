package routines

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
)

// An option is a session that the draft could become.
type option struct {
	blocks  []*block // in order
	off     int      // seconds that the usual doses miss the length by
	few     int      // exercises that are missing to make it varied
	clashes int      // neighbours that move the same way
	again   int      // blocks that repeat others: once for longer beats the same again
}

// compare orders options by how good they are, the best first.
func (o option) compare(with option) int {
	return cmp.Or(
		cmp.Compare(o.few, with.few), cmp.Compare(o.clashes, with.clashes), cmp.Compare(o.again, with.again), cmp.Compare(o.off, with.off),
	)
}

func (o option) better(than option) bool { return o.compare(than) < 0 }

// spans tells whether the length lies between the shortest and the longest that the blocks can be.
func (d *draft) spans(blocks []*block) bool {
	return d.total(blocks, (*block).leastWork) <= d.most() && d.total(blocks, (*block).mostWork)*20 >= d.want*19
}

// settle makes the plan of as many blocks as come nearest to the length at their usual doses. Where no number of them
// makes a varied session without neighbours that move the same way, one of the last round changes places with another.
func (d *draft) settle() (Plan, error) {
	best, found := d.best(d.firsts, 1)
	if !found || best.clashes > 0 || best.few > 0 {
		from := 1
		if found && best.few > 0 && best.clashes == 0 {
			from = d.fewest() // only more of them would be better
		}
		if other, ok := d.best(d.swaps, from); ok && (!found || other.better(best)) {
			best, found = other, true
		}
	}
	if !found {
		return d.shorter()
	}
	work, _ := d.fit(best.blocks)
	return d.note(d.write(best.blocks, work), best.blocks, false), nil
}

// best is the best of the options that so many blocks allow, or any number above that.
func (d *draft) best(options func(n int, try func([]*block)), from int) (best option, found bool) {
	var all []option
	for n := from; n <= d.atMost(); n++ {
		options(n, func(blocks []*block) {
			blocks = d.byPosition(blocks)
			if d.spans(blocks) {
				all = append(all, d.option(blocks))
			}
		})
	}
	slices.SortStableFunc(all, option.compare)
	tried := 0
	for _, o := range all {
		if found && (best.clashes == 0 || tried >= orders) {
			break
		}
		if _, missing := d.fit(o.blocks); !d.near(missing) {
			continue // two sides count double, so that not every second between can be reached
		}
		o.blocks, o.clashes = d.order(o.blocks)
		if tried++; !found || o.better(best) {
			best, found = o, true
		}
	}
	return best, found
}

// atMost is how many of the blocks there is time for, even of the shortest.
func (d *draft) atMost() int {
	short := make([]int, len(d.blocks))
	for i, b := range d.blocks {
		short[i] = b.exercise.Sides * (b.least + d.ready(b.position, b.position))
	}
	slices.Sort(short)
	left := d.most()
	for n, s := range short {
		if left -= s; left < 0 {
			return n
		}
	}
	return len(short)
}

// option is what the blocks would make. What comes again adds no variety, and a named routine is what it is.
func (d *draft) option(blocks []*block) option {
	usual := d.total(blocks, (*block).usualWork)
	o := option{blocks: blocks, off: max(d.want-usual, usual-d.want)}
	if d.fixed {
		return o
	}
	for _, b := range blocks {
		if b.round > 0 {
			o.again++
		}
	}
	o.few = max(0, d.fewest()-(len(blocks)-o.again))
	return o
}

// orders is how many options are put into order before the best of them is taken; nearly always the first will do.
const orders = 24

// firsts is the first n blocks.
func (d *draft) firsts(n int, try func([]*block)) { try(d.blocks[:n]) }

// swaps are the first n blocks with one of the last round changed for a later one of the same round.
func (d *draft) swaps(n int, try func([]*block)) {
	if d.fixed {
		return
	}
	last := d.blocks[n-1]
	for i := n - 1; i >= 0 && d.blocks[i].round == last.round && d.blocks[i].why != StepWarmup; i-- {
		for _, other := range d.blocks[n:] {
			if other.round != last.round {
				break
			}
			swapped := slices.Clone(d.blocks[:n])
			in := *other
			in.why = StepFits
			swapped[i] = &in
			try(swapped)
		}
	}
}

// byPosition brings each round into the order of its positions. A named routine stays as it is.
func (d *draft) byPosition(blocks []*block) []*block {
	if d.fixed || d.Place == Chair {
		return blocks
	}
	blocks = slices.Clone(blocks)
	slices.SortStableFunc(blocks, func(a, b *block) int {
		if a.round != b.round {
			return a.round - b.round
		}
		return rank(a.position) - rank(b.position)
	})
	return blocks
}

// order arranges blocks that are by position so that, where that can be, no neighbours move the same way. What belongs
// to one round and position stays together, and the front in front.
func (d *draft) order(blocks []*block) (ordered []*block, clashes int) {
	if d.fixed {
		return blocks, 0
	}
	ordered = make([]*block, 0, len(blocks))
	if blocks[0].why == StepWarmup {
		ordered, blocks = append(ordered, blocks[0]), blocks[1:]
	}
	for len(blocks) > 0 {
		n := 1
		for n < len(blocks) && blocks[n].round == blocks[0].round && rank(blocks[n].position) == rank(blocks[0].position) {
			n++
		}
		ordered = arrange(ordered, d.mix(blocks[:n]))
		blocks = blocks[n:]
	}
	for i := 1; i < len(ordered); i++ {
		if ordered[i].clashes(ordered[i-1]) {
			clashes++
		}
	}
	return ordered, clashes
}

// mix is the blocks in another order after each session, so that sessions of the same exercises differ, too.
func (d *draft) mix(blocks []*block) []*block {
	blocks = slices.Clone(blocks)
	slices.SortStableFunc(blocks, func(a, b *block) int { return cmp.Compare(d.lot(a), d.lot(b)) })
	return blocks
}

// lot is a number that is as good as drawn, and the same until something has been done.
func (d *draft) lot(b *block) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(strconv.AppendInt([]byte(b.exercise.ID), d.latest, 10)) // never fails
	return h.Sum64()
}

// arrange appends the blocks to the session, the first of them first where that gives no clash.
func arrange(session, blocks []*block) []*block {
	left := slices.Clone(blocks)
	for range 2 {
		s := search{left: left, budget: searchBudget}
		if s.extend(session) {
			return s.found
		}
		// What clashes with most of the others is hardest to place: begin with that.
		slices.SortStableFunc(left, func(a, b *block) int { return rivals(b, left) - rivals(a, left) })
	}
	return patch(session, blocks)
}

// rivals counts the blocks that b cannot be next to.
func rivals(b *block, among []*block) (n int) {
	for _, other := range among {
		if b.clashes(other) {
			n++
		}
	}
	return n
}

// searchBudget bounds the search for an order without clashes; the first order tried is nearly always one.
const searchBudget = 300

// A search looks for a continuation of a session in which no two neighbours move the same way.
type search struct {
	left   []*block // nil where used
	found  []*block
	budget int
}

// extend tells whether all of left can be added to the session without a clash; then that is what was found.
func (s *search) extend(session []*block) bool {
	s.budget--
	done := true
	for i, b := range s.left {
		if b == nil {
			continue
		}
		done = false
		if s.budget < 0 || len(session) > 0 && b.clashes(session[len(session)-1]) {
			continue
		}
		s.left[i] = nil
		if s.extend(append(session, b)) {
			return true
		}
		s.left[i] = b
	}
	if done {
		s.found = session
	}
	return done
}

// patch appends the blocks with as few clashes as taking the next best one gives.
func patch(session, blocks []*block) []*block {
	left := slices.Clone(blocks)
	for len(left) > 0 {
		next := 0
		if len(session) > 0 {
			last := session[len(session)-1]
			next = max(0, slices.IndexFunc(left, func(b *block) bool { return !b.clashes(last) }))
		}
		session = append(session, left[next])
		left = slices.Delete(left, next, next+1)
	}
	return session
}

// shorter is the longest session that the blocks allow within the length.
func (d *draft) shorter() (Plan, error) {
	var best []*block
	var work []int
	least := d.want + 1
	try := func(blocks []*block) {
		blocks = d.byPosition(blocks)
		if fitted, missing := d.fit(blocks); missing < least && (missing >= 0 || d.near(missing)) {
			best, work, least = blocks, fitted, missing
		}
	}
	for n := 1; n <= len(d.blocks); n++ {
		d.firsts(n, try)
		d.swaps(n, try)
	}
	if best == nil {
		return Plan{}, &NothingFits{WhyTooLong}
	}
	ordered, _ := d.order(best)
	work, _ = d.fit(ordered)
	return d.note(d.write(ordered, work), ordered, true), nil
}

// note says of the plan what is not as it was asked for.
func (d *draft) note(p Plan, blocks []*block, short bool) Plan {
	switch {
	case d.leftOut:
		p.Note = NoteLeftOut
	case d.noFloor || d.Place == Floor && !slices.ContainsFunc(blocks, (*block).onFloor):
		p.Note = NoteNoFloor
	case short:
		p.Note = NoteShorter
	}
	return p
}
