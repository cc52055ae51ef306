package routines

import (
	"fmt"
	"slices"
	"time"
)

// A draft is a plan in the making: more than enough blocks, of which the first few become the session. They come in
// rounds; in a round each exercise comes once.
type draft struct {
	Request
	want    int // seconds
	blocks  []*block
	fixed   bool  // the order is a named routine's
	leftOut bool  // of the named routine, what the rules do not allow
	noFloor bool  // it was to be there
	latest  int64 // when anything was last done, as [block.last]
}

// A block is an exercise with all its sides. Its seconds are of work, on each side.
type block struct {
	exercise    *Exercise
	position    string // chair standing floor table
	least, most int
	usual       int // what it gets where nothing presses
	round       int
	once        bool  // not twice in a session
	last        int64 // when it was last done, in nanoseconds since 1970; 0: never
	moves       uint64
	why         string
}

func (b *block) leastWork() int  { return b.least }
func (b *block) usualWork() int  { return b.usual }
func (b *block) mostWork() int   { return b.most }
func (b *block) warmsUp() bool   { return b.exercise.Kind == warmup }
func (b *block) strenuous() bool { return b.exercise.Level != gentle }
func (b *block) counts() bool    { return !b.warmsUp() }
func (b *block) onFloor() bool   { return b.position == Floor }

// clashes tells whether both move the body the same way.
func (b *block) clashes(with *block) bool { return b.moves&with.moves != 0 }

// draft collects what a session can be made of.
func (c *Catalogue) draft(r Request) (draft, error) {
	if r.Place == "" {
		r.Place = r.Profile.usualPlace(r.Length)
	}
	if !slices.Contains([]string{Chair, Standing, Floor}, r.Place) {
		return draft{}, fmt.Errorf("%w %q; it is one of chair, standing, floor", ErrUnknownPlace, r.Place)
	}
	if r.Pace == "" {
		r.Pace = PaceNormal
	}
	if r.Routine != "" {
		return c.draftRoutine(r)
	}
	if err := checkLength(r.Length); err != nil {
		return draft{}, err
	}
	return c.compose(r)
}

// usualPlace is where a session takes place that names no place: on the feet, for those who stand. Who has ticked the
// floor is taken there when there is time for it.
func (p Profile) usualPlace(length time.Duration) string {
	switch {
	case !p.CanUse(Standing):
		return Chair
	case length >= FloorLength && slices.Contains(p.Places, Floor):
		return Floor
	}
	return Standing
}

func checkLength(length time.Duration) error {
	if length < MinLength || length > MaxLength {
		return fmt.Errorf("%w, not %s", ErrLength, length)
	}
	return nil
}

func wholeSeconds(d time.Duration) int { return int(d.Round(time.Second) / time.Second) }

// compose makes a draft of all that the rules allow.
func (c *Catalogue) compose(r Request) (draft, error) {
	d := draft{Request: r, want: wholeSeconds(r.Length)}
	rules := newRules(r, d.want)
	open := d.open(c, rules)
	front := d.front(open)
	if front == nil {
		open = slices.DeleteFunc(open, (*block).strenuous)
	}
	if len(open) == 0 {
		return draft{}, c.nothingFits(rules)
	}
	if r.Place == Floor && !slices.ContainsFunc(open, (*block).onFloor) {
		r.Place = Standing // a warm-up for nothing would be a poor session
		d, err := c.compose(r)
		d.noFloor = true
		return d, err
	}
	d.pick(front, open, newMemory(c, r.History))
	return d, nil
}

// open are the exercises that the rules allow.
func (d *draft) open(c *Catalogue, r rules) []*block {
	var open []*block
	for i := range c.Exercises {
		if e := &c.Exercises[i]; r.refuse(e) == "" {
			open = append(open, d.block(e))
		}
	}
	return open
}

// block is the exercise with the seconds that suit the session.
func (d *draft) block(e *Exercise) *block {
	b := &block{exercise: e, position: e.position(d.Place), once: e.capped(), moves: moves(e.Direction)}
	b.dose(d.want)
	if last := done(d.History, e).Last; !last.IsZero() {
		b.last = last.UnixNano()
	}
	return b
}

// front is the warm-up to begin with: the one done longest ago. There is none where there is time for one exercise
// only. On the way to the floor it is done on the feet.
func (d *draft) front(open []*block) *block {
	if d.fewest() <= 1 {
		return nil
	}
	var front *block
	for _, b := range open {
		if b.warmsUp() && (front == nil || b.before(front)) {
			front = b
		}
	}
	if front != nil {
		front.why = StepWarmup
	}
	return front
}

// before orders warm-ups: what is done on the feet first, then what was done longest ago.
func (b *block) before(other *block) bool {
	if rank(b.position) != rank(other.position) {
		return rank(b.position) < rank(other.position)
	}
	return b.last < other.last
}

// draftRoutine makes a draft of a named routine, without what the rules do not allow. Its order is its own.
func (c *Catalogue) draftRoutine(r Request) (draft, error) {
	routine, ok := c.Routine(r.Routine)
	if !ok {
		return draft{}, fmt.Errorf("%w %q", ErrUnknownRoutine, r.Routine)
	}
	if r.Length != 0 {
		if err := checkLength(r.Length); err != nil {
			return draft{}, err
		}
	}
	r.Place = routine.Place
	d := c.written(routine, r)
	rules := newRules(r, d.want)
	asWritten := slices.Clone(d.blocks)
	if d.allow(c, rules); d.leftOut && !slices.ContainsFunc(d.blocks, (*block).counts) { // a warm-up for nothing
		return draft{}, rules.nothingFits(asWritten)
	}
	if r.Length == 0 {
		d.want = d.total(d.blocks, (*block).usualWork)
		d.want = min(max(d.want, wholeSeconds(MinLength)), wholeSeconds(MaxLength))
	}
	d.repeat()
	return d, nil
}

// written is the routine as it stands in the catalogue.
func (c *Catalogue) written(routine Routine, r Request) draft {
	d := draft{Request: r, want: wholeSeconds(r.Length), fixed: true}
	for _, m := range routine.Moves {
		if e := c.find(m.Exercise); e != nil {
			b := d.block(e)
			b.least, b.most, b.usual, b.why = e.WorkS.Min, e.WorkS.Max, m.WorkS, StepRoutine
			d.blocks = append(d.blocks, b)
		}
	}
	if d.want == 0 {
		d.want = d.total(d.blocks, (*block).usualWork)
	}
	return d
}

// allow takes out of a routine what the rules do not allow. Where its warm-up is among that, another takes its place;
// where there is none, nothing that needs one stays.
func (d *draft) allow(c *Catalogue, r rules) {
	all := len(d.blocks)
	d.blocks = slices.DeleteFunc(d.blocks, func(b *block) bool { return r.refuse(b.exercise) != "" })
	i := slices.IndexFunc(d.blocks, (*block).strenuous)
	if i >= 0 && !slices.ContainsFunc(d.blocks[:i], (*block).warmsUp) {
		r.Routine = "" // what is not the routine's own keeps to the place
		others := slices.DeleteFunc(d.open(c, r), func(b *block) bool { return slices.ContainsFunc(d.blocks, b.same) })
		if front := d.front(others); front != nil {
			d.blocks = slices.Insert(d.blocks, 0, front)
			all++
		} else {
			d.blocks = slices.DeleteFunc(d.blocks, (*block).strenuous)
		}
	}
	d.leftOut = len(d.blocks) < all
}

func (b *block) same(as *block) bool { return b.exercise == as.exercise }

// repeat adds rounds of the routine until they last longer than the session can. Nobody gets up and down again for
// that: what was done before the position of the end is not repeated.
func (d *draft) repeat() {
	first := slices.Clone(d.blocks)
	if len(first) == 1 { // once for longer beats the same again
		only := first[0]
		free := d.want - d.total(first, (*block).leastWork)
		only.usual = min(only.most, only.least+max(0, free/only.exercise.Sides))
	}
	end := first[len(first)-1].position
	for round := 1; d.total(d.blocks, (*block).leastWork) <= d.most(); round++ {
		before := len(d.blocks)
		for _, b := range first {
			if !b.once && b.position == end {
				again := *b
				again.round, again.why = round, StepAgain
				d.blocks = append(d.blocks, &again)
			}
		}
		if len(d.blocks) == before {
			return
		}
	}
}
