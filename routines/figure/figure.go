package figure

import (
	"embed"
	"math"
	"path"
	"strings"
	"time"
)

// How a figure is seen.
const (
	Side  = "side"  // from the person's right, facing the right of the picture
	Front = "front" // facing us
	Above = "above" // lying on the back on a mat, seen from above, the head up
)

// Sides of an exercise that has two; the empty string is an exercise that has one.
const (
	Left  = "left"
	Right = "right"
)

//go:embed poses/*.toml stances.toml
var embedded embed.FS

// A Figure is the drawn form of one exercise. It is read anew each time it is asked for and holds a few kilobytes.
type Figure struct {
	ID    string // of the exercise
	Shows string // a sentence for those who cannot see it

	facing string
	build  build
	accent []string
	arrows [][]Point
	props  []prop
	keys   []keyframe // the start, then the work
}

// A keyframe is a stance, how long it takes to come to it and how long it stays, in seconds.
type keyframe struct {
	stance
	hip        Point // where solving it has put the hip
	move, stay float64
}

// Of is the figure of an exercise, if it is drawn.
func Of(exercise string) (Figure, bool) {
	data, err := embedded.ReadFile("poses/" + exercise + ".toml")
	if err != nil {
		return Figure{}, false
	}
	f, err := parse(exercise, data, stances())
	return f, err == nil // a test parses every pose
}

// IDs are the exercises that are drawn, in the order of their names.
func IDs() []string {
	entries, _ := embedded.ReadDir("poses") // embedded: it is there
	var ids []string
	for _, e := range entries {
		ids = append(ids, strings.TrimSuffix(e.Name(), path.Ext(e.Name())))
	}
	return ids
}

// stances are the postures that keyframes begin from.
func stances() map[string]frameFile {
	data, err := embedded.ReadFile("stances.toml")
	if err != nil {
		panic(err)
	}
	all := map[string]frameFile{}
	if err := strict(data, &all); err != nil {
		panic(err) // a test reads it
	}
	return all
}

// A leg of the loop goes from one keyframe to another and stays there.
type leg struct {
	from, to   int
	move, stay float64
}

// legs are the loop. One keyframe of work goes there from the start and back; of several the work goes round and the
// start is only where it began.
func (f Figure) legs() (all []leg) {
	if len(f.keys) == 2 {
		start, work := f.keys[0], f.keys[1]
		return []leg{{0, 1, work.move, work.stay}, {1, 0, work.move, start.stay}}
	}
	for to := 1; to < len(f.keys); to++ {
		from := to - 1
		if from == 0 {
			from = len(f.keys) - 1
		}
		all = append(all, leg{from, to, f.keys[to].move, f.keys[to].stay})
	}
	return all
}

// Period is how long the loop takes.
func (f Figure) Period() time.Duration {
	var s float64
	for _, l := range f.legs() {
		s += l.move + l.stay
	}
	return time.Duration(s * float64(time.Second))
}

// Frame is the skeleton at a time of the loop, of the given side. The loop begins on the way to the work.
func (f Figure) Frame(side string, at time.Duration) Skeleton {
	k := f.frame(math.Mod(at.Seconds(), f.Period().Seconds()))
	if side == Left {
		k = k.mirrored()
	}
	return k
}

// Work is the skeleton that pictures without movement show.
func (f Figure) Work(side string) Skeleton {
	k := f.build.solve(f.keys[1].stance)
	if side == Left {
		k = k.mirrored()
	}
	return k
}

func (f Figure) frame(s float64) Skeleton {
	all := f.legs()
	for _, l := range all {
		if s < l.move {
			return f.blend(f.keys[l.from], f.keys[l.to], s/l.move)
		}
		if s -= l.move; s < l.stay {
			return f.blend(f.keys[l.from], f.keys[l.to], 1)
		}
		s -= l.stay
	}
	last := all[len(all)-1]
	return f.blend(f.keys[last.from], f.keys[last.to], 1)
}

// blend is a frame between two keyframes: directions are interpolated, so that bones keep their lengths; what both
// hold to its place stays there.
func (f Figure) blend(a, b keyframe, t float64) Skeleton {
	t = (1 - math.Cos(math.Pi*t)) / 2 // gathers way and loses it, as a body does
	mix := func(x, y float64) float64 { return x + (y-x)*t }
	var s stance
	for i := range s.spine {
		s.spine[i] = mix(a.spine[i], b.spine[i])
	}
	s.head, s.turn = mix(a.head, b.head), mix(a.turn, b.turn)
	s.shoulders = between(a.shoulders, b.shoulders, t)
	for limb := range s.limbs {
		for i := range s.limbs[limb] {
			s.limbs[limb][i] = mix(a.limbs[limb][i], b.limbs[limb][i])
		}
		if a.reach[limb] != nil && b.reach[limb] != nil {
			to := between(*a.reach[limb], *b.reach[limb], t)
			s.reach[limb] = &to
		}
	}
	if a.pinned == b.pinned {
		s.pinned, s.pin = b.pinned, between(a.pin, b.pin, t)
		return f.build.solve(s)
	}
	// One place is let go and another taken: the hip goes from where the one put it to where the other does.
	s.pinned, s.pin = "hip", between(a.hip, b.hip, t)
	if f.build.above {
		return f.build.solve(s)
	}
	s.pin.Y -= trunkR
	k := f.build.solve(s)
	if low := k.low(); low < 0 {
		s.pin.Y -= low // on the way a foot would go through the floor
		k = f.build.solve(s)
	}
	return k
}

// mirrored is the other side, seen from there: what was done with the right is done with the left.
func (k Skeleton) mirrored() Skeleton {
	flip := func(p *Point) { p.X = -p.X }
	for i := range k.Spine {
		flip(&k.Spine[i])
	}
	flip(&k.Head)
	for limb := range k.Limbs {
		for i := range k.Limbs[limb] {
			flip(&k.Limbs[limb][i])
		}
		for i := range k.limbs[limb] {
			k.limbs[limb][i] = 180 - k.limbs[limb][i]
		}
	}
	for i := range k.spine {
		k.spine[i] = 180 - k.spine[i]
	}
	k.head, k.turn = 180-k.head, -k.turn
	k.Limbs[rightArm], k.Limbs[leftArm] = k.Limbs[leftArm], k.Limbs[rightArm]
	k.Limbs[rightLeg], k.Limbs[leftLeg] = k.Limbs[leftLeg], k.Limbs[rightLeg]
	k.limbs[rightArm], k.limbs[leftArm] = k.limbs[leftArm], k.limbs[rightArm]
	k.limbs[rightLeg], k.limbs[leftLeg] = k.limbs[leftLeg], k.limbs[rightLeg]
	return k
}
