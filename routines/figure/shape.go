package figure

import "math"

// A tone is what a shape is painted with. The page gives tones their colours.
type tone int

const (
	ground tone = iota // the floor's line
	thing              // props
	far                // limbs of the far side
	trunk              // head and trunk
	nearby             // limbs of the near side
	glow               // what works or is stretched
	paper              // what shows the ground through
	sign               // arrows
	tones
)

var toneNames = [tones]string{"ground", "prop", "far", "body", "near", "accent", "paper", "arrow"}

// A shape is a stroke with round ends along points, or a closed area with a round rim.
type shape struct {
	tone   tone
	width  float64
	filled bool
	curved bool // the points between the ends pull the line towards them
	points []Point
}

// draw is the picture of a skeleton drawn for the right side, from the bottom up. Every frame of a figure has the same shapes.
func (f Figure) draw(k Skeleton) (all []shape) {
	all = append(all, f.scene()...)
	if f.facing == Side {
		all = append(all, f.fromSide(k)...)
	} else {
		all = append(all, f.fromFront(k)...)
	}
	for _, a := range f.arrows {
		all = append(all, arrow(a)...)
	}
	return all
}

// scene is what does not move.
func (f Figure) scene() (all []shape) {
	for _, p := range f.props {
		s, _ := p.shapes(f.facing) // checked when it was read
		all = append(all, s...)
	}
	return all
}

func (f Figure) fromSide(k Skeleton) (all []shape) {
	add := func(s ...shape) { all = append(all, s...) }
	add(limb(far, k.Limbs[leftArm], armR), limb(far, k.Limbs[leftLeg], legR))
	add(f.accents(k, leftArm)...)
	add(f.accents(k, leftLeg)...)
	add(shape{tone: trunk, width: 2 * trunkR, curved: true, points: k.Spine[:]})
	add(shape{tone: trunk, width: 9, points: []Point{k.Spine[3], k.Head}})
	add(dot(trunk, k.Head, skull))
	add(f.accents(k, -1)...)
	add(limb(nearby, k.Limbs[rightLeg], legR))
	add(f.accents(k, rightLeg)...)
	add(limb(nearby, k.Limbs[rightArm], armR))
	add(f.accents(k, rightArm)...)
	return all
}

func (f Figure) fromFront(k Skeleton) (all []shape) {
	add := func(s ...shape) { all = append(all, s...) }
	for _, l := range []int{rightLeg, leftLeg} {
		add(limb(nearby, k.Limbs[l], legR))
		add(f.accents(k, l)...)
	}
	add(torso(k))
	add(shape{tone: trunk, width: 9.5, points: []Point{k.Spine[3], k.Head}})
	add(dot(trunk, k.Head, skull))
	add(face(k)...)
	add(f.accents(k, -1)...)
	for _, l := range []int{rightArm, leftArm} {
		add(limb(nearby, k.Limbs[l], armR))
		add(f.accents(k, l)...)
	}
	return all
}

func limb(t tone, joints [4]Point, radius float64) shape {
	return shape{tone: t, width: 2 * radius, points: joints[:]}
}

func dot(t tone, at Point, radius float64) shape {
	return shape{tone: t, width: 2 * radius, points: []Point{at}}
}

// torso is the trunk from the front: from shoulder to shoulder, in at the waist, from hip to hip.
func torso(k Skeleton) shape {
	const rim, waist = 13.0, 8.0
	across := func(i int, half float64) (Point, Point) {
		dir := k.spine[min(i, 2)]
		if i == 1 || i == 2 {
			dir = (k.spine[i-1] + k.spine[i]) / 2
		}
		side := heading(dir).left().times(half)
		return k.Spine[i].plus(side), k.Spine[i].minus(side)
	}
	down := heading(k.spine[2]).times(-shoulderDrop)
	inward := func(p, q Point) Point { return p.plus(q.minus(p).times(4 / max(1, q.minus(p).length()))) }
	rs, ls := k.Limbs[rightArm][0], k.Limbs[leftArm][0]
	rw, lw := across(1, waist)
	rc, lc := across(2, waist+2)
	rh, lh := k.Limbs[rightLeg][0], k.Limbs[leftLeg][0]
	return shape{tone: trunk, width: rim, filled: true, points: []Point{
		inward(rs, ls), k.Spine[3].plus(down.times(0.5)), inward(ls, rs), lc, lw, lh, rh, rw, rc,
	}}
}

// face is two eyes: they tell that it faces us, and how the head is tilted and turned.
func face(k Skeleton) []shape {
	const apart, outward = 4.0, 0.72 // of the skull's radius, on a head that is turned by a quarter
	up := heading(k.head)
	sin, cos := math.Sincos(k.turn * math.Pi / 180)
	at := k.Head.plus(up.times(1.5)).plus(up.left().times(skull * outward * sin))
	return []shape{dot(paper, at.plus(up.left().times(apart*cos)), 1.3), dot(paper, at.minus(up.left().times(apart*cos)), 1.3)}
}

// accents are the parts that the pose marks, on one limb, or with -1 on head and trunk.
func (f Figure) accents(k Skeleton, on int) (all []shape) {
	for _, name := range f.accent {
		if on >= 0 {
			for i, bone := range boneNames[on] {
				if name == bone || name == plural(bone) {
					a, b := k.Limbs[on][i], k.Limbs[on][i+1]
					all = append(all, shape{tone: glow, width: endRadius(on), points: []Point{between(a, b, 0.12), between(a, b, 0.88)}})
				}
			}
			continue
		}
		if line := trunkAccent(k, name, f.facing); line != nil {
			all = append(all, shape{tone: glow, width: 5, curved: true, points: line})
		}
	}
	return all
}

var trunkAccents = []string{
	"back", "lower_back", "upper_back", "hips", "front", "neck", "right_neck", "left_neck", "right_flank", "left_flank", "shoulders",
}

func accents() []string { return append(bones(), trunkAccents...) }

// trunkAccent is a line along a part of the trunk.
func trunkAccent(k Skeleton, name, facing string) []Point {
	const under = 4.5 // beside the middle of the trunk, within its rim
	line := func(from, to int, aside float64) (all []Point) {
		for i := from; i <= to; i++ {
			dir := (k.spine[max(0, i-1)] + k.spine[min(2, i)]) / 2
			all = append(all, k.Spine[i].plus(heading(dir).left().times(aside)))
		}
		return all
	}
	shoulder := between(k.Limbs[rightArm][0], k.Spine[3], 0.35)
	other := between(k.Limbs[leftArm][0], k.Spine[3], 0.35)
	ear := heading(k.head).left().times(skull * 0.35)
	if facing != Side && (name == "back" || name == "lower_back" || name == "upper_back" || name == "hips" || name == "front") {
		return nil
	}
	switch name {
	case "back":
		return line(0, 3, under)
	case "lower_back":
		return line(0, 1, under)
	case "upper_back":
		return line(2, 3, under)
	case "hips":
		return []Point{k.Spine[0].plus(heading(k.spine[0]).left().times(under)), k.Spine[0].along(k.spine[0]+110, 5).minus(heading(k.spine[0]).times(4))}
	case "front":
		return line(0, 3, -under)
	case "neck":
		return []Point{k.Spine[3], between(k.Spine[3], k.Head, 0.6)}
	case "right_neck":
		return []Point{shoulder, between(k.Spine[3], k.Head, 0.2).plus(ear), between(k.Spine[3], k.Head, 0.6).plus(ear)}
	case "left_neck":
		return []Point{other, between(k.Spine[3], k.Head, 0.2).minus(ear), between(k.Spine[3], k.Head, 0.6).minus(ear)}
	case "right_flank":
		return line(0, 3, 9)
	case "left_flank":
		return line(0, 3, -9)
	case "shoulders":
		return []Point{k.Limbs[rightArm][0], k.Limbs[leftArm][0]}
	}
	return nil
}

// arrow is a curve with a head at its end.
func arrow(line []Point) []shape {
	const width, head = 3, 8.0
	end, before := line[len(line)-1], line[max(0, len(line)-2)]
	back := math.Atan2(before.Y-end.Y, before.X-end.X) * 180 / math.Pi
	return []shape{
		{tone: sign, width: width, curved: true, points: line},
		{tone: sign, width: width, points: []Point{end.along(back-38, head), end, end.along(back+38, head)}},
	}
}

// flat is the shape as straight lines: curves cut into pieces too short to see.
func (s shape) flat() []Point {
	if !s.curved || len(s.points) < 3 {
		return s.points
	}
	const pieces = 8
	all := []Point{s.points[0]}
	for _, q := range s.arcs() {
		for i := 1; i <= pieces; i++ {
			t := float64(i) / pieces
			all = append(all, between(between(q[0], q[1], t), between(q[1], q[2], t), t))
		}
	}
	return all
}

// arcs are the quadratic curves of a curved shape: each point between the ends pulls one, and they meet half way.
func (s shape) arcs() (all [][3]Point) {
	from := s.points[0]
	for i := 1; i < len(s.points)-1; i++ {
		to := s.points[i+1]
		if i+1 < len(s.points)-1 {
			to = between(s.points[i], s.points[i+1], 0.5)
		}
		all = append(all, [3]Point{from, s.points[i], to})
		from = to
	}
	return all
}

// A box is what a picture shows.
type box struct{ min, max Point }

func (b box) width() float64  { return b.max.X - b.min.X }
func (b box) height() float64 { return b.max.Y - b.min.Y }

// bounds hold everything the figure ever shows.
func (f Figure) bounds() box {
	const moments = 16
	b := box{Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}}
	period := f.Period().Seconds()
	for i := range moments {
		for _, s := range f.draw(f.frame(period * float64(i) / moments)) {
			b.hold(s)
		}
	}
	for _, key := range f.keys[1:] {
		for _, s := range f.draw(f.build.solve(key.stance)) {
			b.hold(s)
		}
	}
	if f.facing != Above {
		b.min.Y = min(b.min.Y, -2)
	}
	return b
}

func (b *box) hold(s shape) {
	for _, p := range s.flat() {
		r := s.width / 2
		b.min = Point{min(b.min.X, p.X-r), min(b.min.Y, p.Y-r)}
		b.max = Point{max(b.max.X, p.X+r), max(b.max.Y, p.Y+r)}
	}
}

// smallest is how little a picture may show, in centimetres: nearer, a curled-up figure would look like a giant.
const smallest = 150.0

// square is the box that pictures show: as wide as high, with a margin.
func (f Figure) square() box {
	const margin = 8
	b := f.bounds()
	side := max(smallest, b.width()+2*margin, b.height()+2*margin)
	mid := between(b.min, b.max, 0.5)
	return box{Point{mid.X - side/2, mid.Y - side/2}, Point{mid.X + side/2, mid.Y + side/2}}
}

// floor is the line of the floor across a box; from above there is none.
func (f Figure) floor(b box) []shape {
	if f.facing == Above {
		return nil
	}
	const width, inset = 2, 6
	return []shape{{tone: ground, width: width, points: []Point{{b.min.X + inset, -width / 2}, {b.max.X - inset, -width / 2}}}}
}

// picture is all shapes of a skeleton in a box, of the given side.
func (f Figure) picture(k Skeleton, b box) []shape { return append(f.floor(b), f.draw(k)...) }

// flip mirrors shapes about the middle of a box.
func flip(all []shape, b box) []shape {
	for i, s := range all {
		points := make([]Point, len(s.points))
		for j, p := range s.points {
			points[j] = Point{b.min.X + b.max.X - p.X, p.Y}
		}
		all[i].points = points
	}
	return all
}
